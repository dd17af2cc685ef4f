/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/estimate.h"

#include "archive/texts.h"
#include "crypto/shamir.h"

/* Keys that a LIST tells; one that ends within a folder is read again from
 * that folder on. */
#define PAGE 1000

/* Bytes of the answer to a LIST, beside and for each key. */
#define LIST_BYTES 330
#define LIST_KEY 250

/* README, script and the mark of a place, which lie there once. */
#define SHARED 2
#define ABOUT 3

/* What encryption adds to a chunk. */
#define CHUNK_MORE 185

/* The keys' CMS, and what each party has of it. */
#define KEYS 100
#define KEYS_PARTY 220

/* Of a manifest: its signature and what each has, then what there is for each
 * party, part, chunk, and each part of a chunk. */
#define MANIFEST_BASE 2570
#define MANIFEST_PARTY 140
#define MANIFEST_PART 78
#define MANIFEST_BOX 74
#define MANIFEST_EACH 30
#define MANIFEST_SEGMENT 67
#define MANIFEST_LABEL 74
#define MANIFEST_LATER 84

#define TAR 512

static uint64_t divide_up(uint64_t a, uint64_t b)
{
	return b == 0 ? a : a / b + (a % b > 0);
}

static uint64_t tar_member(uint64_t size)
{
	return TAR + divide_up(size, TAR) * TAR;
}

uint64_t estimate_chunks(uint64_t size)
{
	const uint64_t small = MANIFEST_CHUNK + CHUNK_MORE;
	const uint64_t large = MANIFEST_CHUNK_LARGE + CHUNK_MORE;
	uint64_t most = MANIFEST_LARGE / MANIFEST_CHUNK * small;

	return size == 0 ? 1 : divide_up(size, size > most ? large : small);
}

static bool is_boxed(const struct catalogue_item *item)
{
	return estimate_chunks(item->size) == 1;
}

static uint64_t keys(const struct catalogue_item *item)
{
	return KEYS + (uint64_t)item->recipients * KEYS_PARTY;
}

uint64_t estimate_box(const struct catalogue_item *item)
{
	return tar_member(divide_up(item->size, item->k)) +
	       tar_member(SHAMIR_SHARE_SIZE) + tar_member(keys(item)) + 2 * TAR;
}

uint64_t estimate_manifest(const struct catalogue_item *item)
{
	uint64_t n = item->n, chunks = estimate_chunks(item->size);
	uint64_t bytes = MANIFEST_BASE + item->recipients * MANIFEST_PARTY +
			 n * MANIFEST_PART;

	bytes += chunks * (MANIFEST_EACH + n * MANIFEST_SEGMENT);
	bytes += is_boxed(item) ? n * MANIFEST_BOX : 0;
	bytes += item->has_label ? MANIFEST_LABEL : 0;
	return bytes + (item->generation > 1 ? MANIFEST_LATER : 0);
}

void estimate_add(struct estimate *e, const struct catalogue_item *item)
{
	uint64_t chunks = estimate_chunks(item->size);
	uint64_t manifests = item->generation * estimate_manifest(item);
	uint64_t objects = item->generation, bytes = manifests;

	if (is_boxed(item)) {
		objects++;
		bytes += estimate_box(item);
	} else {
		objects += chunks + 2;
		bytes += divide_up(item->size, item->k) + SHAMIR_SHARE_SIZE +
			 keys(item);
		e->shares += item->n;
	}
	e->deposits++;
	e->parts += item->n;
	e->objects += item->n * objects;
	e->bytes += item->n * bytes;
	e->manifests += item->generation;
	e->manifest_bytes += manifests;
	if (item->generation > 1 && e->places > item->n)
		e->former += e->places - item->n;
}

/* Add LISTs, and the keys that they tell. */
static void add_list(struct place_traffic *t, uint64_t lists, uint64_t told)
{
	t->list += lists;
	t->received += lists * LIST_BYTES + told * LIST_KEY;
}

/* All folders of so many places, a page after the other. */
static void add_pages(const struct estimate *e, uint64_t places,
		      struct place_traffic *t)
{
	uint64_t names = divide_up(e->objects, e->places) + ABOUT;

	add_list(t, places * divide_up(names, PAGE), places * names);
}

/* Where the catalogue is held against the places, one of those that have a
 * deposit is asked for its name. */
static void add_audit(const struct estimate *e, struct place_traffic *t)
{
	uint64_t each = divide_up(e->parts, e->deposits);

	if (e->deposits > 0)
		add_pages(e, e->places > each ? e->places - each + 1 : 1, t);
}

static uint64_t part_of(uint64_t count, unsigned percent)
{
	return count / 100 * percent + divide_up(count % 100 * percent, 100);
}

static void take_part(struct place_traffic *t, unsigned percent)
{
	t->get = part_of(t->get, percent);
	t->list = part_of(t->list, percent);
	t->received = part_of(t->received, percent);
}

/* Each deposit's folder is listed where its manifests are looked for, then for
 * its objects, then where a share is looked for by its part. */
static void add_folders(const struct estimate *e, bool presence,
			struct place_traffic *t)
{
	uint64_t shares = presence ? 0 : e->shares;
	uint64_t names = divide_up(e->objects, e->parts);

	add_list(t, e->deposits * e->places + e->parts + shares + e->former,
		 2 * e->objects + shares * names);
}

/* What lies at a place for all deposits. */
static void add_shared(const struct estimate *e, bool presence,
		       struct place_traffic *t)
{
	struct buf readme = BUF_INIT;

	if (presence) {
		t->head += SHARED * e->places;
		return;
	}
	texts_readme(ERASURE_MAX, ERASURE_MAX, &readme);
	t->get += SHARED * e->places;
	t->received += e->places * (readme.len + texts_script().len);
	buf_clear(&readme);
}

/* What falls to deposits whose manifest is read. */
static uint64_t unlisted(const struct estimate *e,
			 const struct estimate_how *how, uint64_t all)
{
	uint64_t left = e->deposits > e->listed ? e->deposits - e->listed : 0;

	if (how->single || e->deposits == 0)
		return all;
	return all / e->deposits * left +
	       all % e->deposits * left / e->deposits;
}

void estimate_check(const struct estimate *e, const struct estimate_how *how,
		    struct place_traffic *out)
{
	*out = (struct place_traffic){ .get = e->objects,
				       .received = e->bytes };
	if (how->presence) {
		out->get = unlisted(e, how, e->manifests);
		out->received = unlisted(e, how, e->manifest_bytes);
	}
	if (how->single)
		add_folders(e, how->presence, out);
	else if (e->deposits > 0)
		add_pages(e, e->places, out);
	take_part(out, how->percent);
	/* Does each place answer? */
	out->head += e->places;
	if (!how->single)
		add_audit(e, out);
	if (e->deposits > 0)
		add_shared(e, how->presence, out);
}
