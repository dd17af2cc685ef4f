/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_visit.h"

#include <stdlib.h>
#include <time.h>

#include "archive/health/deleted.h"
#include "archive/place/place.h"
#include "base/file.h"
#include "office/deposit/deposit_log.h"
#include "office/party/authority.h"

enum deed_status deposit_visit_open(const struct home *h,
				    struct deposit_visit **out,
				    struct deed_error *err)
{
	struct deposit_visit *v = calloc(1, sizeof(*v));
	enum deed_status status;

	*out = NULL;
	if (v == NULL)
		return deed_error_memory(err);
	v->home = h;
	status = archive_open(h->archive, h->places, &v->archive, err);
	if (status == DEED_OK)
		status = answering_look(v->archive, &v->places, err);
	if (status == DEED_OK)
		status = catalogue_open(v->archive, &v->catalogue, err);
	if (status == DEED_OK)
		status = authority_source(h, &v->source, err);
	if (status != DEED_OK) {
		deposit_visit_close(v);
		return status;
	}
	*out = v;
	return DEED_OK;
}

void deposit_visit_close(struct deposit_visit *v)
{
	if (v == NULL)
		return;
	pki_source_free(v->source);
	catalogue_close(v->catalogue);
	archive_close(v->archive);
	free(v);
}

/* Let places read ahead what there is, or ask them each time. */
static void read_ahead(struct deposit_visit *v, bool on)
{
	v->ahead = false;
	for (size_t i = 0; i < v->archive->count; i++) {
		place_ascending(v->archive->place[i], on);
		/* A folder of this machine says what there is now. */
		v->ahead |= on && !place_is_local(v->archive->place[i]);
	}
}

void deposit_visit_fresh(struct deposit_visit *v, bool on)
{
	v->ahead = !on;
	for (size_t i = 0; i < v->archive->count; i++)
		place_fresh(v->archive->place[i], on);
}

/* At no particular time: a manifest is judged by when it was signed. */
static enum deed_status load(struct deposit_visit *v,
			     const struct catalogue_item *item,
			     struct stored **d, struct deed_error *why)
{
	struct pki_params trust = { .source = v->source };
	struct stored_log log;

	deposit_log(v->home, item->cms, item->generation, &log);
	return stored_load_logged(v->archive, item->folder, item->id, &trust,
				  &log, d, why);
}

/* What places read ahead said may be old by now: before it is called damage it
 * is asked for afresh. */
static enum deed_status visit(struct deposit_visit *v,
			      const struct catalogue_item *item,
			      deposit_visit_fn *fn, void *arg,
			      struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct stored *d = NULL;
	enum deed_status status = load(v, item, &d, &why);

	/* It may have come since then. */
	if (status != DEED_OK && v->ahead) {
		deposit_visit_fresh(v, true);
		status = load(v, item, &d, &why);
		deposit_visit_fresh(v, false);
	}
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	/* The catalogue knows it: that its manifest is gone is damage. */
	if (status == DEED_NOT_FOUND)
		(void)deed_error_set(
			&why, DEED_DAMAGED,
			"no place has the manifest of '%s'%s", item->id,
			deleted_manifests(v->archive, item->folder, false) > 0
				? ": it was deleted, and an older version is "
				  "kept"
				: "");
	status = fn(arg, item, d, d == NULL ? &why : NULL, err);
	stored_free(d);
	return status;
}

enum deed_status deposit_visit_id(struct deposit_visit *v, const char *id,
				  deposit_visit_fn *fn, void *arg,
				  struct deed_error *err)
{
	struct catalogue_item item;
	enum deed_status status = catalogue_find(v->catalogue, id, &item, err);

	return status == DEED_OK ? visit(v, &item, fn, arg, err) : status;
}

/* "FOLDER/ID", or of an older deed the id alone. */
#define FOLDER (2 * (size_t)ARCHIVE_DEPOSIT)
#define CURSOR (FOLDER + 1 + CATALOGUE_ID)

/* A round on its way. */
struct going {
	struct deposit_visit *v;
	const struct deposit_round *round;
	char *path; /* of the cursor */
	deposit_visit_fn *fn;
	void *arg;
	uint64_t visited;
	time_t saved;
	char last[CURSOR + 1];
};

/* Not before the first visit: an empty cursor would begin the next round anew.
 * It is a file of one line, put in place whole. */
static enum deed_status save(struct going *g, struct deed_error *err)
{
	char line[CURSOR + 2];

	if (g->path == NULL || g->last[0] == '\0')
		return DEED_OK;
	snprintf(line, sizeof(line), "%s\n", g->last);
	g->saved = time(NULL);
	return file_write(g->path, 0600, slice_str(line), OUTFILE_REPLACE, err);
}

static bool is_hex(const char *text, size_t digits)
{
	return strspn(text, "0123456789abcdef") >= digits;
}

/* The deposit itself need not be known any more. */
static bool parse(const struct going *g, const char *text, size_t len,
		  struct catalogue_item *after)
{
	if (len == CATALOGUE_ID)
		return catalogue_find(g->v->catalogue, text, after, NULL) ==
		       DEED_OK;
	if (len != CURSOR || !is_hex(text, FOLDER) || text[FOLDER] != '/' ||
	    !is_hex(text + FOLDER + 1, CATALOGUE_ID))
		return false;
	memset(after, 0, sizeof(*after));
	memcpy(after->folder, text, FOLDER);
	memcpy(after->id, text + FOLDER + 1, CATALOGUE_ID);
	return true;
}

/* Where the last round came to; false where there was none. */
static bool load_cursor(const struct going *g, struct catalogue_item *after)
{
	struct buf text = BUF_INIT;
	bool ok;

	ok = file_read(g->path, CURSOR + 1, &text, NULL) == DEED_OK &&
	     text.len > 1 && text.data[text.len - 1] == '\n';
	if (ok) {
		text.data[text.len - 1] = '\0';
		ok = parse(g, (const char *)text.data, text.len - 1, after);
	}
	buf_clear(&text);
	return ok;
}

/* A catalogue_fn. */
static enum deed_status on_item(void *arg, const struct catalogue_item *item,
				struct deed_error *err)
{
	struct going *g = arg;
	enum deed_status status = DEED_OK;

	if (g->round->glance == NULL || !g->round->glance(g->arg, item))
		status = visit(g->v, item, g->fn, g->arg, err);
	if (status != DEED_OK)
		return status;
	g->visited++;
	snprintf(g->last, sizeof(g->last), "%s/%s", item->folder, item->id);
	return time(NULL) == g->saved ? DEED_OK : save(g, err);
}

/* In the order of the folders, from behind the cursor and then from the first:
 * a round sees no deposit twice, as it wants no more than there are.  A full
 * round leaves no cursor. */
static enum deed_status go(struct going *g, struct deed_error *err)
{
	struct catalogue_query query = { .by_folder = true };
	struct catalogue_item after;
	enum deed_status status;
	uint64_t count, wanted;

	status = catalogue_count(g->v->catalogue, &count, err);
	if (status != DEED_OK || count == 0)
		return status;
	wanted = (count * g->round->percent + 99) / 100;
	query.limit = wanted;
	if (g->path != NULL && load_cursor(g, &after))
		query.after = &after;
	status = catalogue_list(g->v->catalogue, &query, on_item, g, err);
	if (status == DEED_OK && query.after != NULL && g->visited < wanted) {
		query.after = NULL;
		query.limit = wanted - g->visited;
		status = catalogue_list(g->v->catalogue, &query, on_item, g,
					err);
	}
	if (status != DEED_OK)
		return status;
	if (g->round->percent < 100)
		return save(g, err);
	return g->path == NULL ? DEED_OK : file_remove(g->path, err);
}

/* Places read ahead only while the round goes, whatever ends it. */
enum deed_status deposit_visit_round(struct deposit_visit *v,
				     const struct deposit_round *round,
				     deposit_visit_fn *fn, void *arg,
				     struct deed_error *err)
{
	struct going g = { .v = v, .round = round, .fn = fn, .arg = arg };
	enum deed_status status;
	char name[32];

	if (round->name != NULL) {
		snprintf(name, sizeof(name), "%s-cursor", round->name);
		g.path = path_join(v->archive->dir, name);
		if (g.path == NULL)
			return deed_error_memory(err);
	}
	g.saved = time(NULL);
	if (round->ahead)
		read_ahead(v, true);
	status = go(&g, err);
	if (round->ahead)
		read_ahead(v, false);
	free(g.path);
	return status;
}
