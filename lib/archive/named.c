/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/named.h"

#include "archive/manifest.h"
#include "archive/object.h"

/* Going through the folders of one place. */
struct walk {
	struct place *wanted; /* is it needed? */
	struct place *place;
	const char *folder;
	bool found; /* a manifest there: the newest is */
	struct object_name newest;
};

/* A place_fn. */
static enum deed_status on_object(void *arg, const char *name,
				  struct deed_error *err)
{
	struct walk *w = arg;
	struct object_name o;

	(void)err;
	if (object_parse(name, &o) && o.kind == OBJECT_MANIFEST &&
	    (!w->found || o.number > w->newest.number)) {
		w->found = true;
		w->newest = o;
	}
	return DEED_OK;
}

/* Refused rather than passed over: what cannot be read may name the place, and
 * removing it would take a part from a deposit. */
static enum deed_status unknown(const struct walk *w, struct deed_error *err)
{
	return deed_error_set(err, DEED_REFUSED,
			      "some manifests at place '%s' cannot be read: "
			      "what they name is unknown",
			      place_name(w->place));
}

/* Where the place itself shows a manifest that does not name it, the deposit
 * was moved away and something is left: it is to be removed by rebalance
 * first. */
static enum deed_status compare(const struct walk *w, const struct manifest *m,
				struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned i;

	for (i = 0; i < m->n; i++)
		if (!strcmp(m->place[i], place_name(w->wanted)))
			return deed_error_set(err, DEED_REFUSED,
					      "place '%s' is named by the "
					      "manifest of a deposit",
					      place_name(w->wanted));
	if (w->place == w->wanted) {
		status = deed_error_set(err, DEED_REFUSED,
					"place '%s' still has something of a "
					"deposit that was moved",
					place_name(w->wanted));
		deed_error_remedy(err, "rebalance", NULL);
	}
	return status;
}

/* One that is damaged is whole elsewhere, or nobody's any more. */
static enum deed_status read_newest(const struct walk *w,
				    struct deed_error *err)
{
	uint8_t payload[SHA256_SIZE];
	struct buf bytes = BUF_INIT;
	struct manifest *m = NULL;
	enum deed_status status;

	status = object_get(w->place, w->folder, &w->newest, PLACE_OBJECT_MAX,
			    &bytes, NULL);
	if (status == DEED_OK)
		status = manifest_peek(buf_get(&bytes), &m, payload, NULL);
	if (status == DEED_OK)
		status = compare(w, m, err);
	else if (status == DEED_NO_MEMORY)
		(void)deed_error_memory(err);
	else if (status == DEED_NOT_FOUND || status == DEED_DAMAGED ||
		 status == DEED_MALFORMED)
		status = DEED_OK;
	else
		status = unknown(w, err);
	manifest_free(m);
	buf_clear(&bytes);
	return status;
}

/* A place_fn. */
static enum deed_status on_folder(void *arg, const char *name,
				  struct deed_error *err)
{
	struct walk *w = arg;
	enum deed_status status;

	if (name[0] == '.')
		return DEED_OK;
	w->folder = name;
	w->found = false;
	status = place_list(w->place, name, on_object, w, err);
	if (status == DEED_NO_MEMORY)
		return status;
	if (status != DEED_OK)
		return status == DEED_NOT_FOUND ? DEED_OK : unknown(w, err);
	return w->found ? read_newest(w, err) : DEED_OK;
}

enum deed_status named_nowhere(struct archive *a, struct place *place,
			       struct deed_error *err)
{
	struct walk w = { .wanted = place };
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < a->count && status == DEED_OK; i++) {
		w.place = a->place[i];
		status = place_list(w.place, NULL, on_folder, &w, err);
		if (status != DEED_OK && status != DEED_REFUSED &&
		    status != DEED_NO_MEMORY)
			status = unknown(&w, err);
	}
	return status;
}
