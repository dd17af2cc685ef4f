/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/glance.h"

#include <stdlib.h>

#include "archive/each.h"
#include "archive/layout.h"
#include "archive/object.h"
#include "base/array.h"
#include "codec/hex.h"

/* What one place lists of a deposit. */
struct listed {
	char name[PLACE_NAME + 1];
	uint64_t size;
};

struct shelf {
	struct place *place;
	struct listed *item;
	size_t count, cap;
	enum deed_status status;
};

struct shelves {
	struct archive *a;
	const char *folder;
	struct shelf shelf[ARCHIVE_PLACES_MAX]; /* by the names of places */
	size_t count;
};

/* ---- what is listed ---- */

/* A place_walk_fn.  What somebody is writing is not there yet. */
static enum deed_status on_object(void *arg, const char *folder,
				  const char *name, uint64_t size,
				  struct deed_error *err)
{
	struct shelf *s = arg;
	struct object_name o;

	(void)folder;
	if (name[0] == '.' && object_parse(name + 1, &o))
		return DEED_OK;
	if (s->count == GLANCE_OBJECTS || strlen(name) > PLACE_NAME)
		return deed_error_set(err, DEED_LIMIT, "too much is there");
	if (!array_room(&s->item, &s->cap, s->count + 1))
		return deed_error_memory(err);
	memcpy(s->item[s->count].name, name, strlen(name) + 1);
	s->item[s->count++].size = size;
	return DEED_OK;
}

/* The digest must not depend on the order in which a place lists. */
static int by_name(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* By name and not by their order in the list of places, which may be changed.
 */
static int by_place(const void *a, const void *b)
{
	const struct shelf *x = a, *y = b;

	return strcmp(place_name(x->place), place_name(y->place));
}

/* A pool_fn. */
static void list_one(void *arg, size_t i)
{
	struct shelves *all = arg;
	struct shelf *s = &all->shelf[i];

	s->status = place_sizes(s->place, all->folder, on_object, s, NULL);
	if (s->count > 0)
		qsort(s->item, s->count, sizeof(*s->item), by_name);
}

/* Also for one that was never made. */
static void clear(struct shelves *all)
{
	if (all == NULL)
		return;
	for (size_t i = 0; i < all->count; i++)
		free(all->shelf[i].item);
	free(all);
}

/* NULL also where a place cannot be listed. */
static enum deed_status look(struct archive *a, const char *folder,
			     struct shelves **out, struct deed_error *err)
{
	struct shelves *all = calloc(1, sizeof(*all));
	enum deed_status status = DEED_OK;
	bool all_listed = true;
	size_t i;

	*out = NULL;
	if (all == NULL)
		return deed_error_memory(err);
	all->a = a;
	all->folder = folder;
	all->count = a->count;
	for (i = 0; i < a->count; i++)
		all->shelf[i].place = a->place[i];
	qsort(all->shelf, all->count, sizeof(*all->shelf), by_place);
	each_run(a, all->count, list_one, all);
	for (i = 0; i < all->count; i++) {
		enum deed_status one = all->shelf[i].status;

		if (one == DEED_NO_MEMORY)
			status = deed_error_memory(err);
		if (one != DEED_OK && one != DEED_NOT_FOUND)
			all_listed = false;
	}
	if (status == DEED_OK && all_listed)
		*out = all;
	else
		clear(all);
	return status;
}

/* ---- the digest ---- */

/* Of fixed length, so that two lists cannot make the same octets. */
static void add_number(struct digest *d, uint64_t n)
{
	uint8_t bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(n >> (56 - 8 * i));
	digest_update(d, bytes, sizeof(bytes));
}

/* With its length before it, so that no two lists make the same bytes. */
static void add_text(struct digest *d, const char *text)
{
	size_t len = strlen(text);

	add_number(d, len);
	digest_update(d, text, len);
}

/* A place without anything is left out, so that one more in the archive
 * changes no digest. */
static void add_shelves(struct digest *d, const struct shelves *all)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct shelf *s = &all->shelf[i];

		if (s->count == 0)
			continue;
		add_text(d, place_name(s->place));
		add_number(d, s->count);
		for (size_t j = 0; j < s->count; j++) {
			add_text(d, s->item[j].name);
			add_number(d, s->item[j].size);
		}
	}
}

/* The layout is that of glance.h: it is kept in the catalogue, and a change
 * would have every manifest read again. */
static enum deed_status digest_of(const struct shelves *all, const char *id,
				  const uint8_t cms[SHA256_SIZE],
				  const struct check_texts *t,
				  uint8_t out[SHA256_SIZE],
				  struct deed_error *err)
{
	struct digest *d;
	enum deed_status status = digest_new(DIGEST_SHA256, &d, err);

	if (status != DEED_OK)
		return status;
	add_text(d, id);
	digest_update(d, cms, SHA256_SIZE);
	digest_update(d, t->readme, SHA256_SIZE);
	digest_update(d, t->script, SHA256_SIZE);
	add_shelves(d, all);
	digest_final(d, out);
	digest_free(d);
	return DEED_OK;
}

/* In the first edition they lie beside the rest, and are listed with it. */
static void texts_of(const struct stored *d, struct check_texts *out)
{
	memset(out, 0, sizeof(*out));
	if (layout_folder(d->m, OBJECT_README, d->folder) == d->folder)
		return;
	memcpy(out->readme, d->m->readme, SHA256_SIZE);
	memcpy(out->script, d->m->script, SHA256_SIZE);
}

/* What names no part, a manifest say, lies beside it. 0 is no part. */
static unsigned part_of(const struct shelf *s)
{
	struct object_name o;

	for (size_t i = 0; i < s->count; i++)
		if (object_parse(s->item[i].name, &o) && o.part > 0)
			return o.part;
	return 0;
}

/* What lies in the deposit's own folder, its manifest among it. */
static size_t objects_of(const struct stored *d, unsigned part)
{
	static const uint8_t any[SHA256_SIZE];
	size_t count = 1, i;
	struct object_name o;

	for (i = 0; i < layout_count(d->m); i++) {
		layout_object(d->m, part, any, i, &o);
		count += layout_folder(d->m, o.kind, d->folder) == d->folder;
	}
	return count;
}

/* A check reads what a list hides: a digest of such a list would never tell
 * that it is gone. */
static bool shows_all(const struct shelves *all, const struct stored *d)
{
	unsigned part;
	size_t i;

	for (part = 1; part <= d->m->n; part++) {
		for (i = 0; i < all->count && part_of(&all->shelf[i]) != part;)
			i++;
		if (i == all->count ||
		    all->shelf[i].count < objects_of(d, part))
			return false;
	}
	return true;
}

enum deed_status glance_digest(struct archive *a, const struct stored *d,
			       uint8_t out[SHA256_SIZE], bool *known,
			       struct deed_error *err)
{
	char id[2 * SHA256_SIZE + 1];
	struct shelves *all;
	struct check_texts t;
	enum deed_status status = look(a, d->folder, &all, err);

	*known = status == DEED_OK && all != NULL && shows_all(all, d);
	hex_text(slice_of(d->id, SHA256_SIZE), id);
	texts_of(d, &t);
	if (*known)
		status = digest_of(all, id, d->cms_sha256, &t, out, err);
	clear(all);
	return status;
}

/* ---- the report ---- */

/* Found right in this run, not in an earlier one: texts lie once at a place
 * for all deposits, and are not listed with any of them. */
static bool has(const struct check_about *about, size_t at,
		enum object_kind kind, const uint8_t sha256[SHA256_SIZE])
{
	for (size_t i = 0; i < about->count[at]; i++)
		if (about->known[at][i].kind == kind &&
		    !memcmp(about->known[at][i].sha256, sha256, SHA256_SIZE))
			return true;
	return false;
}

/* Were they found right at that place, in this run? */
static bool has_texts(const struct archive *a, const struct check_about *about,
		      const struct place *p, const struct check_texts *t)
{
	const struct check_texts none = { .readme = { 0 } };

	if (!memcmp(t, &none, sizeof(none)))
		return true;
	for (size_t i = 0; i < a->count; i++)
		if (a->place[i] == p)
			return has(about, i, OBJECT_README, t->readme) &&
			       has(about, i, OBJECT_SCRIPT, t->script);
	return false;
}

/* Each part at one place: false where it is not so. */
static bool fill_in(const struct shelves *all,
		    const struct catalogue_item *item,
		    const struct check_about *about,
		    const struct check_texts *t, struct check_report *out)
{
	const struct check_texts none = { .readme = { 0 } };
	size_t texts = memcmp(t, &none, sizeof(none)) != 0 ? 2 : 0;
	unsigned parts = 0;

	for (size_t i = 0; i < all->count; i++) {
		const struct shelf *s = &all->shelf[i];
		unsigned part = part_of(s);

		if (s->count == 0)
			continue;
		if (part == 0 || part > item->n ||
		    out->place[part - 1].name != NULL ||
		    !has_texts(all->a, about, s->place, t))
			return false;
		out->place[part - 1].name = place_name(s->place);
		out->place[part - 1].objects = s->count + texts;
		out->place[part - 1].good = s->count + texts;
		parts++;
	}
	out->n = item->n;
	out->whole = out->repairable = true;
	out->places_left = item->n;
	return parts == item->n;
}

/* A digest that cannot be made is as good as another: the deposit is then
 * read. */
static bool is_so(const struct shelves *all, const struct catalogue_item *item,
		  const uint8_t digest[SHA256_SIZE],
		  const struct check_texts *t)
{
	uint8_t now[SHA256_SIZE];

	return digest_of(all, item->id, item->cms, t, now, NULL) == DEED_OK &&
	       !memcmp(now, digest, SHA256_SIZE);
}

/* README and script: those that this run has seen, or none. */
static bool find_texts(const struct shelves *all,
		       const struct catalogue_item *item,
		       const uint8_t digest[SHA256_SIZE],
		       const struct check_about *about, struct check_texts *t)
{
	for (size_t i = about->pairs; i-- > 0;) {
		*t = about->pair[i];
		if (is_so(all, item, digest, t))
			return true;
	}
	memset(t, 0, sizeof(*t));
	return is_so(all, item, digest, t);
}

enum deed_status
glance_same(struct archive *a, const struct catalogue_item *item,
	    const uint8_t digest[SHA256_SIZE], const struct check_about *about,
	    struct check_report *out, bool *same, struct deed_error *err)
{
	struct shelves *all;
	struct check_texts t;
	enum deed_status status = look(a, item->folder, &all, err);

	memset(out, 0, sizeof(*out));
	*same = status == DEED_OK && all != NULL &&
		find_texts(all, item, digest, about, &t) &&
		fill_in(all, item, about, &t, out);
	if (!*same)
		memset(out, 0, sizeof(*out));
	clear(all);
	return status;
}
