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

/* Nothing to divide by is a single one, so that an empty catalogue needs no
 * case of its own. */
static uint64_t divide_up(uint64_t a, uint64_t b)
{
	return b == 0 ? a : a / b + (a % b > 0);
}

/* A header, and the content filled up to whole blocks. */
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

/* As manifest_boxed says it of a manifest, here by the size alone, for the
 * manifest is not read. */
static bool is_boxed(const struct catalogue_item *item)
{
	return estimate_chunks(item->size) == 1;
}

/* Roughly, as keys have many sizes: an estimate, from what the catalogue has.
 */
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

/* Of each part objects and bytes lie at its place, beside the manifests. */
static void add_moved(struct estimate *e, const struct catalogue_item *item,
		      uint64_t objects, uint64_t bytes)
{
	uint64_t manifest = estimate_manifest(item);
	uint64_t moved = e->leaving < item->n ? e->leaving : item->n;

	if (moved == 0)
		return;
	e->moving++;
	e->moved += moved;
	e->moved_shares += is_boxed(item) ? 0 : moved;
	e->moved_objects += moved * objects;
	e->moved_bytes += moved * bytes;
	e->moved_manifests += moved * item->generation;
	e->moved_manifest_bytes += moved * item->generation * manifest;
	e->next_bytes += (item->n + moved) * (manifest + MANIFEST_LATER);
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
	e->objects_past += item->n * (item->generation - 1);
	e->manifests += item->generation;
	e->manifest_bytes += manifests;
	if (item->generation > 1 && e->places > item->n)
		e->former += e->places - item->n;
	add_moved(e, item, objects - item->generation, bytes - manifests);
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

/* In two steps, so that a large count does not overflow. */
static uint64_t part_of(uint64_t count, unsigned percent)
{
	return count / 100 * percent + divide_up(count % 100 * percent, 100);
}

/* A check writes nothing, and heads are counted when the part was taken
 * (estimate_check): this is all there is by then. */
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

/* Bytes of what lies at a place for all deposits. */
static uint64_t shared_bytes(void)
{
	struct buf readme = BUF_INIT;
	uint64_t bytes;

	texts_readme(ERASURE_MAX, ERASURE_MAX, &readme);
	bytes = readme.len + texts_script().len;
	buf_clear(&readme);
	return bytes;
}

/* Read once a place, however many deposits there are. */
static void add_shared(uint64_t places, struct place_traffic *t)
{
	t->get += SHARED * places;
	t->received += places * shared_bytes();
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
	if (e->deposits > 0 && how->presence)
		out->head += SHARED * e->places;
	else if (e->deposits > 0)
		add_shared(e->places, out);
}

/* ---- repair ---- */

/* So much of it is at some of the places. */
static uint64_t at_some(const struct estimate *e, uint64_t all, uint64_t some)
{
	return e->places == 0 ? 0
			      : all / e->places * some +
					all % e->places * some / e->places;
}

/* What is lost is made, written and read back; of what all places have alike a
 * copy is fetched. */
static void add_made(const struct estimate *e, uint64_t lost,
		     struct place_traffic *t)
{
	uint64_t past = e->objects_past + e->shares, bytes;

	bytes = at_some(e, e->bytes, lost) + lost * shared_bytes();
	t->put += at_some(e, e->objects, lost) + lost * ABOUT;
	t->sent += bytes;
	t->get += at_some(e, e->objects + past, lost) + 3 * SHARED * lost;
	t->received += bytes + lost * shared_bytes();
	/* Is it there?  No; is it now? */
	t->head += 4 * lost;
	t->list += 2 * lost;
}

/* By its id each deposit is looked for at all places, in the order of folders
 * a page serves many; before anything is written the places that are left are
 * listed once more (stored_stands). */
static void add_repair_lists(const struct estimate *e,
			     const struct estimate_loss *how, uint64_t left,
			     struct place_traffic *t)
{
	uint64_t names = divide_up(e->objects, e->parts);

	if (how->single) {
		add_list(t,
			 e->deposits * e->places + e->parts +
				 at_some(e, e->shares, left) + left,
			 2 * e->objects + at_some(e, e->shares, left) * names);
		return;
	}
	add_pages(e, left, t);
	t->list += how->lost;
	/* Uploads that were lost are looked for where all answer. */
	if (how->away == 0)
		add_pages(e, left, t);
	/* Before something is written. */
	add_list(t, at_some(e, e->parts, how->lost) * left,
		 at_some(e, e->parts, how->lost) * left * names);
}

void estimate_repair(const struct estimate *e, const struct estimate_loss *how,
		     struct place_traffic *out)
{
	uint64_t gone = how->lost + how->away;
	uint64_t left = e->places > gone ? e->places - gone : 0;

	*out = (struct place_traffic){ .head = e->places };
	if (e->deposits == 0)
		return;
	out->get = at_some(e, e->objects, left);
	out->received = at_some(e, e->bytes, left);
	add_shared(left, out);
	if (how->lost > 0)
		add_made(e, how->lost, out);
	add_repair_lists(e, how, left, out);
}

/* ---- rebalance ---- */

/* Each is loaded before and after, and looked for at all places then. */
static void add_looks(const struct estimate *e, struct place_traffic *t)
{
	uint64_t names = divide_up(e->objects, e->parts);

	t->get += 2 * e->manifests;
	t->received += 2 * e->manifest_bytes;
	add_list(t, 2 * e->deposits * e->places, 2 * e->parts * names);
}

/* Copied, then all that there is read; the next manifest, everywhere. */
static void add_moves(const struct estimate *e, struct place_traffic *t)
{
	uint64_t names = divide_up(e->objects, e->parts);
	uint64_t copies =
		e->moved_objects + SHARED * e->moved + e->moved_manifests;

	t->put += copies + e->parts + e->moved;
	t->sent += e->moved_bytes + e->moved * shared_bytes() +
		   e->moved_manifest_bytes + e->next_bytes;
	t->get += e->moved_shares + copies + e->objects + 2 * e->moving +
		  e->shares;
	t->received +=
		e->moved_bytes + e->moved * shared_bytes() +
		e->moved_manifest_bytes + e->bytes +
		divide_up(2 * e->next_bytes, e->parts + e->moved) * e->moving;
	add_shared(e->places - e->leaving, t);
	add_list(t,
		 2 * e->moving * e->places + e->parts + e->moved_shares +
			 2 * e->shares + e->places - e->leaving,
		 (3 * e->parts + e->moved_shares + 2 * e->shares) * names);
}

/* ... and all read once more before something goes. */
static void add_removal(const struct estimate *e, struct place_traffic *t)
{
	uint64_t names = divide_up(e->objects, e->parts) + 1;
	uint64_t manifests = e->moved_manifests + e->moved;

	t->remove += e->moved_objects + manifests;
	t->get += e->objects + e->parts - e->manifests - e->moving;
	t->received += e->bytes;
	add_list(t, e->shares + e->parts + e->leaving * e->moving,
		 (e->shares + e->parts) * names);
}

void estimate_rebalance(const struct estimate *e, bool remove,
			struct place_traffic *out)
{
	*out = (struct place_traffic){ .head = e->places };
	if (e->deposits == 0)
		return;
	add_looks(e, out);
	if (e->moving == 0)
		return;
	add_moves(e, out);
	if (remove)
		add_removal(e, out);
}
