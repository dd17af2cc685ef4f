/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_log.h"

#include <inttypes.h>
#include <stdlib.h>

#include "archive/generations.h"
#include "archive/place/place.h"
#include "codec/hex.h"
#include "event/audit.h"
#include "office/party/home_events.h"

#define NOT_ASKED ((size_t)-1)

/* A manifest that was asked about, or that follows one of those. */
struct known {
	uint8_t cms[SHA256_SIZE];
	size_t asked; /* its number in the question, or NOT_ASKED */
	bool named;
	uint64_t index; /* of the entry that names it */
};

struct asking {
	struct known *known; /* by cms */
	size_t count, cap;
};

/* Where it is, or would be. */
static size_t search(const struct asking *a, const uint8_t cms[SHA256_SIZE],
		     bool *found)
{
	size_t from = 0, to = a->count;

	*found = false;
	while (from < to && !*found) {
		size_t i = from + (to - from) / 2;
		int order = memcmp(cms, a->known[i].cms, SHA256_SIZE);

		*found = order == 0;
		if (order <= 0)
			to = i;
		else
			from = i + 1;
	}
	return to;
}

/* Beyond the limit nothing is followed: no deposit has so many. */
static struct known *know(struct asking *a, const uint8_t cms[SHA256_SIZE])
{
	bool found;
	size_t i = search(a, cms, &found);
	struct known *k = &a->known[i];

	if (found)
		return k;
	if (a->count == a->cap)
		return NULL;
	memmove(k + 1, k, (a->count - i) * sizeof(*k));
	a->count++;
	*k = (struct known){ .asked = NOT_ASKED };
	memcpy(k->cms, cms, SHA256_SIZE);
	return k;
}

/* An entry that could not be published names nothing, though it stays in the
 * log. */
static void see_void(struct asking *a, uint64_t index)
{
	for (size_t i = 0; i < a->count; i++)
		if (a->known[i].named && a->known[i].index == index)
			a->known[i].named = false;
}

bool deposit_names_manifest(const struct entry *e, uint8_t cms[SHA256_SIZE])
{
	return (!strcmp(e->event, "deposit") ||
		!strcmp(e->event, "rebalance")) &&
	       entry_get_hash(e, "manifest", cms);
}

/* An audit_entry_fn. */
static enum deed_status see(void *arg, uint64_t index, const struct entry *e,
			    const json_t *openings, struct deed_error *err)
{
	uint8_t cms[SHA256_SIZE], previous[SHA256_SIZE];
	struct asking *a = arg;
	struct known *k = NULL;
	uint64_t voided;
	bool found = false, follows = false;

	(void)openings;
	(void)err;
	if (!strcmp(e->event, "void") && entry_get_number(e, "entry", &voided))
		see_void(a, voided);
	if (!deposit_names_manifest(e, cms))
		return DEED_OK;
	if (!strcmp(e->event, "rebalance") &&
	    entry_get_hash(e, "previous", previous))
		(void)search(a, previous, &follows);
	(void)search(a, cms, &found);
	if (found || follows)
		k = know(a, cms);
	if (k != NULL) {
		k->named = true;
		k->index = index;
	}
	return DEED_OK;
}

/* The newest named entry wins, by its index in the log.  One that nobody asked
 * about is ahead of the places: they show an older generation than was logged.
 */
static void answer(const struct asking *a, bool *named, bool *ahead,
		   uint8_t newest[SHA256_SIZE])
{
	const struct known *last = NULL;

	for (size_t i = 0; i < a->count; i++) {
		const struct known *k = &a->known[i];

		if (k->named && k->asked != NOT_ASKED)
			named[k->asked] = true;
		if (k->named && (last == NULL || k->index > last->index))
			last = k;
	}
	*ahead = last != NULL && last->asked == NOT_ASKED;
	if (*ahead)
		memcpy(newest, last->cms, SHA256_SIZE);
}

/* The log is read once for all manifests that are in question. */
static enum deed_status ask(void *arg, const uint8_t (*cms)[SHA256_SIZE],
			    size_t count, bool *named, bool *ahead,
			    uint8_t newest[SHA256_SIZE], struct deed_error *err)
{
	const struct home *h = arg;
	struct asking a = { .cap = count + GENERATIONS_MAX };
	struct event_home *log = NULL;
	enum deed_status status = DEED_OK;

	a.known = calloc(a.cap, sizeof(*a.known));
	if (a.known == NULL)
		return deed_error_memory(err);
	for (size_t i = 0; i < count; i++)
		know(&a, cms[i])->asked = i;
	status = home_events_open(h, 0, &log, err);
	if (status == DEED_OK)
		status = audit_walk(log, 0, UINT64_MAX, NULL, see, &a, err);
	if (status == DEED_OK)
		answer(&a, named, ahead, newest);
	home_events_close(log);
	free(a.known);
	return status;
}

void deposit_log(const struct home *h, const uint8_t *expected,
		 uint64_t generation, struct stored_log *out)
{
	*out = (struct stored_log){ .ask = ask,
				    .arg = (void *)(uintptr_t)h,
				    .expected = expected,
				    .generation = generation };
}

/* places is a bit for each place, in the order of the archive. */
static void write_places(const struct archive *a, uint64_t places,
			 struct buf *out)
{
	const char *before =
		generations_places(places) > 1 ? "places " : "place ";

	for (size_t i = 0; i < a->count; i++)
		if (places >> i & 1) {
			buf_printf(out, "%s%s", before,
				   place_name(a->place[i]));
			before = ", ";
		}
}

/* A place that shows nothing at all is not told here: that is a lack, which a
 * check finds, and no lag. */
static void tell_lag(struct archive *a, const struct stored *d, struct buf *out)
{
	uint64_t shows;

	for (unsigned i = 1; i <= d->m->n; i++)
		if (stored_lags(a, d, i, &shows) && shows > 0)
			buf_printf(out,
				   "place %s lags: it shows generation %" PRIu64
				   " of %" PRIu64 "\n",
				   d->m->place[i - 1], shows, d->m->generation);
}

/* Each of these leaves the deposit readable: they say how far its generation
 * can be relied on.  STORED_UNASKED, the rule, says nothing. */
static void tell_word(const struct stored *d, struct buf *out)
{
	if (d->word == STORED_UNLOGGED)
		buf_printf(out,
			   "the log does not name the manifest in force, of "
			   "generation %" PRIu64 "\n",
			   d->m->generation);
	if (d->word == STORED_BEHIND)
		buf_printf(out,
			   "the log names a later manifest than generation "
			   "%" PRIu64 ", which no place shows\n",
			   d->m->generation);
	if (d->word == STORED_SILENT)
		buf_printf(out,
			   "the log cannot be read: whether generation %" PRIu64
			   " of the manifest is the newest cannot be told\n",
			   d->m->generation);
}

/* A manifest that the log does not name is told, never followed: somebody else
 * may have signed it with a stolen key. */
static void tell_aside(const struct archive *a, const struct stored *d,
		       struct buf *out)
{
	for (size_t i = 0; i < d->aside_count; i++) {
		const struct stored_aside *one = &d->aside[i];
		char hex[2 * SHA256_SIZE + 1];

		hex_text(slice_of(one->cms, SHA256_SIZE), hex);
		buf_printf(out,
			   one->number > d->m->generation
				   ? "too few places show generation %" PRIu64
				     " of the manifest, sha256:%s, and %s: "
				   : "there is another manifest of generation "
				     "%" PRIu64 ", sha256:%s, and %s: ",
			   one->number, hex,
			   d->word == STORED_UNASKED
				   ? "no log was asked whether it names it"
				   : "the log does not name it");
		write_places(a, one->places, out);
		buf_byte(out, '\n');
	}
}

enum deed_status deposit_doubts(struct archive *a, const struct stored *d,
				struct buf *out, struct deed_error *err)
{
	tell_lag(a, d, out);
	tell_word(d, out);
	tell_aside(a, d, out);
	return buf_status(out, err);
}
