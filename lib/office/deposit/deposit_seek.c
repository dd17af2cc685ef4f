/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_seek.h"

#include <stdlib.h>

#include "archive/catalogue.h"
#include "archive/manifests.h"
#include "archive/answering.h"
#include "archive/place/place.h"
#include "codec/hex.h"
#include "pki/path.h"

/*
 * The manifests that were seen, each of which lies at every place: a table of
 * fixed size.  One that finds no slot is not noted, and is read again where it
 * lies next.
 */
#define SEEN_SLOTS ((size_t)1 << 20)
#define SEEN_KEY 16
#define SEEN_TRIES 16

struct seeking {
	const struct deposit_seek *where;
	const char *id;
	size_t digits;
	struct pki_params trust;
	uint8_t (*seen)[SEEN_KEY];
	uint64_t read;
	struct stored *found;
	char found_id[CATALOGUE_ID + 1];
	bool done, several;
	struct deed_error why; /* of the last that does not hold */
};

/* The slot where it is, or a free one, or NULL. */
static uint8_t *slot_of(const struct seeking *s, const uint8_t cms[SHA256_SIZE],
			bool *there)
{
	static const uint8_t none[SEEN_KEY];
	size_t at = 0;

	*there = false;
	memcpy(&at, cms, sizeof(at));
	for (size_t i = 0; i < SEEN_TRIES; i++) {
		uint8_t *slot = s->seen[(at + i) & (SEEN_SLOTS - 1)];

		if (!memcmp(slot, none, SEEN_KEY))
			return slot;
		*there = !memcmp(slot, cms, SEEN_KEY);
		if (*there)
			return slot;
	}
	return NULL;
}

/* Where no slot is free nothing is noted, which costs reading it again. */
static void note(struct seeking *s, const uint8_t cms[SHA256_SIZE])
{
	bool there;
	uint8_t *slot = slot_of(s, cms, &there);

	if (slot != NULL)
		memcpy(slot, cms, SEEN_KEY);
}

/* A manifests_known_fn. */
static bool on_name(void *arg, const char *folder,
		    const uint8_t cms[SHA256_SIZE])
{
	struct seeking *s = arg;
	bool there;

	(void)folder;
	(void)slot_of(s, cms, &there);
	return there;
}

/* One whose id is that, or begins so: does it hold? */
static enum deed_status judge(struct seeking *s, const struct manifest *m,
			      const char *id, struct deed_error *err)
{
	char folder[2 * ARCHIVE_DEPOSIT + 1];
	struct stored *d = NULL;
	enum deed_status status;

	manifest_folder(m, folder);
	status = stored_load(s->where->archive, folder, id, &s->trust, &d,
			     &s->why);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	s->done = s->digits == CATALOGUE_ID;
	if (status != DEED_OK)
		return DEED_OK;
	s->several = s->found != NULL;
	s->done |= s->several;
	if (s->several) {
		stored_free(d);
	} else {
		s->found = d;
		memcpy(s->found_id, id, sizeof(s->found_id));
	}
	return DEED_OK;
}

/* A manifests_fn: DEED_NO ends the walk. */
static enum deed_status on_manifest(void *arg,
				    const struct manifests_item *item,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char id[CATALOGUE_ID + 1];
	struct seeking *s = arg;

	note(s, item->cms);
	for (size_t i = 0; i < item->past_count; i++)
		note(s, item->past[i].cms);
	if (s->where->progress != NULL)
		s->where->progress(s->where->arg, ++s->read);
	hex_text(slice_of(item->id, SHA256_SIZE), id);
	if (!strncmp(id, s->id, s->digits) &&
	    (s->found == NULL || strcmp(id, s->found_id) != 0))
		status = judge(s, item->m, id, err);
	return status == DEED_OK && s->done ? DEED_NO : status;
}

/* It was not among what could be read: is that all there is? */
static enum deed_status tell_none(const struct seeking *s, bool unread,
				  struct deed_error *err)
{
	enum deed_status there[ARCHIVE_PLACES_MAX];
	const struct archive *a = s->where->archive;

	if (s->why.status != DEED_OK) {
		if (err != NULL)
			*err = s->why;
		return s->why.status;
	}
	answering_probe(a, there, NULL);
	for (size_t i = 0; i < a->count; i++) {
		if (there[i] == DEED_OK)
			continue;
		there[i] = place_probe(a->place[i], err);
		if (there[i] == DEED_OK)
			continue;
		deed_error_prefix(err,
				  "no place that answers has a deposit "
				  "'%s'",
				  s->id);
		return there[i];
	}
	if (unread)
		return deed_error_set(err, DEED_REMOTE,
				      "there is no deposit '%s' in what could "
				      "be read of the places, which is not all",
				      s->id);
	return deed_error_set(err, DEED_NOT_FOUND,
			      "there is no deposit '%s' at these places",
			      s->id);
}

/* The table of what was seen is the only memory, and of fixed size.  DEED_NO
 * from the walk is how it was ended, and no failure. */
static enum deed_status walk(struct seeking *s, struct deed_error *err)
{
	enum deed_status status;
	bool unread = false;

	s->seen = calloc(SEEN_SLOTS, sizeof(*s->seen));
	if (s->seen == NULL)
		return deed_error_memory(err);
	status = manifests_walk(s->where->archive, on_name, on_manifest, s,
				&unread, err);
	free(s->seen);
	if (status != DEED_OK && !s->done)
		return status;
	if (s->several)
		return deed_error_set(err, DEED_USAGE,
				      "'%s' begins the ids of several deposits",
				      s->id);
	return s->found != NULL ? DEED_OK : tell_none(s, unread, err);
}

enum deed_status deposit_seek(const struct deposit_seek *where, const char *id,
			      struct stored **d, struct deed_error *err)
{
	struct seeking s = { .where = where,
			     .id = id,
			     .digits = strspn(id, "0123456789abcdef"),
			     .trust = { .source = where->trust },
			     .why = DEED_ERROR_INIT };
	enum deed_status status = DEED_NOT_FOUND;

	*d = NULL;
	if (s.digits < CATALOGUE_ID_MIN || s.digits > CATALOGUE_ID ||
	    id[s.digits] != '\0')
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is no id of a deposit", id);
	if (s.digits == 2 * ARCHIVE_DEPOSIT)
		status = stored_load(where->archive, id, NULL, &s.trust,
				     &s.found, &s.why);
	if (status == DEED_NOT_FOUND)
		s.why = (struct deed_error)DEED_ERROR_INIT;
	/* What lies in a folder of that name and does not hold hides none. */
	if (status != DEED_OK)
		status = walk(&s, err);
	if (status == DEED_OK)
		*d = s.found;
	else
		stored_free(s.found);
	return status;
}
