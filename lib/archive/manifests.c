/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/manifests.h"

#include "archive/object.h"

struct walk {
	manifests_known_fn *known;
	manifests_fn *fn;
	void *arg;
	struct place *place;
	const char *folder;
	bool failed; /* fn did */
	bool unread;
};

/* It is gone, or is not what it should be: what is there was read. */
static bool was_read(enum deed_status status)
{
	return status == DEED_OK || status == DEED_NOT_FOUND ||
	       status == DEED_MALFORMED || status == DEED_DAMAGED;
}

/* A broken manifest here may be whole elsewhere; check reports it. */
static enum deed_status on_object(void *arg, const char *name,
				  struct deed_error *err)
{
	struct walk *w = arg;
	uint8_t payload[SHA256_SIZE];
	struct buf bytes = BUF_INIT;
	struct manifest *m = NULL;
	enum deed_status status;
	struct object_name o;

	if (!object_parse(name, &o) || o.kind != OBJECT_MANIFEST ||
	    o.number != 1)
		return DEED_OK;
	if (w->known != NULL && w->known(w->arg, w->folder, o.sha256))
		return DEED_OK;
	status = object_get(w->place, w->folder, &o, PLACE_OBJECT_MAX, &bytes,
			    NULL);
	w->unread |= !was_read(status);
	if (status == DEED_OK &&
	    manifest_peek(buf_get(&bytes), &m, payload, NULL) == DEED_OK)
		status = w->fn(w->arg, m, payload, o.sha256, err);
	else
		status = DEED_OK;
	w->failed = status != DEED_OK;
	manifest_free(m);
	buf_clear(&bytes);
	return status;
}

/* A folder or place that is not there, is none, or does not answer is passed
 * over: what it should have the others have, too. */
static enum deed_status list_place(struct walk *w, const char *folder,
				   place_fn *fn, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = place_list(w->place, folder, fn, w, &why);

	if (!w->failed && status != DEED_NO_MEMORY) {
		w->unread |= !was_read(status);
		return DEED_OK;
	}
	if (err != NULL)
		*err = why;
	return status;
}

static enum deed_status on_folder(void *arg, const char *name,
				  struct deed_error *err)
{
	struct walk *w = arg;

	if (name[0] == '.')
		return DEED_OK;
	w->folder = name;
	return list_place(w, name, on_object, err);
}

enum deed_status manifests_walk(struct archive *a, manifests_known_fn *known,
				manifests_fn *fn, void *arg, bool *unread,
				struct deed_error *err)
{
	struct walk w = { .known = known, .fn = fn, .arg = arg };
	enum deed_status status = DEED_OK;

	for (size_t i = 0; i < a->count && status == DEED_OK; i++) {
		w.place = a->place[i];
		status = list_place(&w, NULL, on_folder, err);
	}
	if (unread != NULL)
		*unread = w.unread;
	return status;
}

static void name_of(const uint8_t cms[SHA256_SIZE], char out[PLACE_NAME + 1])
{
	struct object_name o = { .kind = OBJECT_MANIFEST, .number = 1 };

	memcpy(o.sha256, cms, SHA256_SIZE);
	object_format(&o, out);
}

bool manifests_everywhere(struct archive *a, const struct manifest *m,
			  const uint8_t cms[SHA256_SIZE])
{
	char folder[2 * ARCHIVE_DEPOSIT + 1], name[PLACE_NAME + 1];
	bool has = true;

	manifest_folder(m, folder);
	name_of(cms, name);
	for (unsigned i = 0; i < m->n && has; i++) {
		struct place *p = archive_place(a, m->place[i]);

		has = p != NULL && place_has(p, folder, name);
	}
	return has;
}

bool manifests_anywhere(struct archive *a, const char *folder,
			const uint8_t cms[SHA256_SIZE])
{
	char name[PLACE_NAME + 1];

	name_of(cms, name);
	for (size_t i = 0; i < a->count; i++)
		if (place_has(a->place[i], folder, name))
			return true;
	return false;
}
