/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "archive/catalogue.h"
#include "archive/draft.h"
#include "archive/each.h"
#include "archive/object.h"
#include "archive/place/place.h"

/* What is left of drafts whose process has ended. */

/* What the places show of a folder. */
struct seeing {
	struct archive *a;
	const char *folder;
	bool manifest[ARCHIVE_PLACES_MAX], away[ARCHIVE_PLACES_MAX];
};

/* A place_fn. */
static enum deed_status see_manifest(void *arg, const char *name,
				     struct deed_error *err)
{
	struct object_name o;
	bool *manifest = arg;

	(void)err;
	if (object_parse(name, &o) && o.kind == OBJECT_MANIFEST)
		*manifest = true;
	return DEED_OK;
}

/* A pool_fn.  Nothing but a list to its end says what is not there. */
static void see_place(void *arg, size_t i)
{
	struct seeing *s = arg;
	enum deed_status status = place_list(
		s->a->place[i], s->folder, see_manifest, &s->manifest[i], NULL);

	s->away[i] = status != DEED_OK && status != DEED_NOT_FOUND;
}

/* A catalogue_fn: the first that is not before it. */
static enum deed_status see_row(void *arg, const struct catalogue_item *item,
				struct deed_error *err)
{
	(void)err;
	*(struct catalogue_item *)arg = *item;
	return DEED_OK;
}

/*
 * What was published was entered then, too: a place elsewhere may list it
 * later than it has it.  Nothing but a catalogue that was asked to its end says
 * that it was not.
 */
static enum deed_status is_entered(struct archive *a, const char *folder,
				   bool *entered)
{
	struct catalogue_item before = { .generation = 1 }, row = before;
	const struct catalogue_query q = { .by_folder = true,
					   .limit = 1,
					   .after = &before };
	struct catalogue *c = NULL;
	enum deed_status status;

	memcpy(before.folder, folder, strlen(folder) + 1);
	memset(before.id, '0', CATALOGUE_ID);
	status = catalogue_open_as_is(a, &c, NULL);
	if (status == DEED_OK)
		status = catalogue_list(c, &q, see_row, &row, NULL);
	catalogue_close(c);
	*entered = status == DEED_OK && !strcmp(row.folder, folder);
	return status;
}

struct sweep {
	struct archive *archive;
	archive_recover_fn *recover;
	void *arg;
};

/*
 * A begun_fn: now that its process has ended it logs nothing more.  What was
 * published lies at more places than a deposit needs: if no more than that are
 * away, one that answers would show it.
 */
static enum deed_status sweep_one(void *arg, const char *folder, bool *keep,
				  struct deed_error *err)
{
	const struct sweep *s = arg;
	struct archive *a = s->archive;
	struct seeing seen = { .a = a, .folder = folder };
	enum deed_status status = s->recover(s->arg, err);
	size_t i, away = 0;
	bool entered;

	if (status != DEED_OK)
		return status;
	if (is_entered(a, folder, &entered) != DEED_OK) {
		/* Until it can be asked: whoever needs it makes it anew. */
		*keep = true;
		return DEED_OK;
	}
	if (entered)
		return DEED_OK;
	each_run(a, a->count, see_place, &seen);
	for (i = 0; i < a->count; i++) {
		/* A deposit is one when its manifest lies anywhere. */
		if (seen.manifest[i])
			return DEED_OK;
		away += seen.away[i];
	}
	if (away > a->needed || !draft_remove(a, folder, NULL))
		*keep = true;
	return DEED_OK;
}

enum deed_status archive_sweep(struct archive *a, archive_recover_fn *recover,
			       void *arg, struct deed_error *err)
{
	struct sweep s = { .archive = a, .recover = recover, .arg = arg };

	return begun_left(a, sweep_one, &s, err);
}
