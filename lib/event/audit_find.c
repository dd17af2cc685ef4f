/* SPDX-License-Identifier: Apache-2.0 */
#include "event/audit_find.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "crypto/digest.h"
#include "event/acts.h"
#include "event/event_priv.h"
#include "event/openings.h"
#include "tlog/tlog.h"

/* How often progress is told. */
#define STEP 256

struct search {
	const struct event_home *home;
	const struct audit_query *q;
	struct audit_search *out;
	audit_found_fn *fn;
	void *arg;

	struct acts block;  /* of the thousand that is walked */
	struct buf next;    /* what is to take its place */
	bool changed;	    /* it is another */
	bool whole;	    /* every entry of it was looked at */
	struct buf scratch; /* what the records said of one entry */
	struct openings_cache cache;
	uint8_t (*erased)[ENTRY_HASH]; /* records that were, by the log */
	size_t erasures;
	uint64_t *unopened;
	size_t unopened_count;
};

/* All of a file (bytes 0) comes before its beginnings, so that it is found
 * first where both have one digest. */
static int compare_digests(const void *left, const void *right)
{
	const struct audit_digest *a = left, *b = right;
	int order = memcmp(a->sha256, b->sha256, sizeof(a->sha256));

	return order != 0 ? order
			  : (a->bytes > b->bytes) - (a->bytes < b->bytes);
}

void audit_digests_sort(struct audit_digest *list, size_t count)
{
	if (count > 0)
		qsort(list, count, sizeof(*list), compare_digests);
}

/* ---- what an entry's commitments hold ---- */

/*
 * Does each opening hold, and is each commitment opened?  held has the first,
 * the answer is both.
 */
static bool is_opened(const struct entry *e, struct slice openings, bool *held)
{
	bool opened[ENTRY_LIST_MAX] = { false };
	struct acts_opening o;
	uint8_t mac[ENTRY_HASH];
	size_t i, count = 0;

	*held = true;
	while (*held && acts_next(&openings, &o)) {
		entry_commit(o.salt, o.label, o.value, mac);
		for (i = 0; i < e->commitments; i++)
			if (!opened[i] &&
			    memcmp(e->commitment[i].mac, mac, sizeof(mac)) ==
				    0 &&
			    strcmp(e->commitment[i].label, o.label) == 0)
				break;
		*held = i < e->commitments;
		if (*held) {
			opened[i] = true;
			count++;
		}
	}
	return *held && count == e->commitments;
}

/* The openings of a record, as the index has them. */
static enum deed_status take_json(const json_t *list, struct buf *out,
				  struct deed_error *err)
{
	uint8_t salt[32];
	struct buf value = BUF_INIT;
	const json_t *item;
	size_t i;

	acts_begin_entry(out);
	json_array_foreach(list, i, item)
	{
		const char *hex = json_get_string(item, "salt");
		struct acts_opening o;

		buf_reset(&value);
		o.label = json_get_string(item, "label");
		if (hex == NULL || o.label == NULL ||
		    !hex_read(slice_str(hex), salt, sizeof(salt)) ||
		    !event_json_get(item, "value", &value))
			continue;
		o.salt = salt;
		o.value = buf_get(&value);
		if (o.value.len <= EVENT_VALUE_MAX)
			acts_put(out, &o);
	}
	if (value.data != NULL)
		secret_wipe(value.data, value.len);
	buf_clear(&value);
	return buf_status(out, err);
}

/* Whether a record lacks or was erased is known at the end of the log only, as
 * an erasure comes behind what it erases. */
static enum deed_status remember_unopened(struct search *s, uint64_t index,
					  struct deed_error *err)
{
	uint64_t *more =
		reallocarray(s->unopened, s->unopened_count + 1, sizeof(*more));

	if (more == NULL)
		return deed_error_memory(err);
	s->unopened = more;
	more[s->unopened_count++] = index;
	return DEED_OK;
}

/* By the index, or where it lacks or lies by the drop box.  *openings is
 * without the two bytes of the count. */
static enum deed_status open_entry(struct search *s, uint64_t index,
				   const struct entry *e,
				   struct slice *openings,
				   struct deed_error *err)
{
	struct slice known = acts_entry(&s->block, index % ACTS_BLOCK);
	enum deed_status status;
	json_t *list = NULL;
	bool held = true;

	*openings = known;
	if (known.data != NULL && is_opened(e, known, &held))
		return DEED_OK;
	s->out->wrong += held ? 0 : 1;
	status = openings_read(s->home, index, e, s->q->reader, &s->cache,
			       &list, err);
	if (status == DEED_OK)
		status = take_json(list, &s->scratch, err);
	json_decref(list);
	if (status != DEED_OK)
		return status;
	if (e->commitments > 0)
		s->out->read++;
	*openings = slice_of(s->scratch.data + 2, s->scratch.len - 2);
	/* Of what was erased nothing more is ever found. */
	if (known.data == NULL || !slice_equal(known, *openings))
		s->changed = true;
	if (s->q->reader_is_register && !is_opened(e, *openings, &held))
		status = remember_unopened(s, index, err);
	return status;
}

/* ---- the question ---- */

static bool has_label(const struct entry *e, const char *label)
{
	size_t i;

	for (i = 0; i < e->commitments; i++)
		if (strcmp(e->commitment[i].label, label) == 0)
			return true;
	return false;
}

/* What the document of an entry is depends on its format; the other has a
 * label of its own. */
static enum audit_role role_of(const struct entry *e, const char *label)
{
	if (strcmp(label, "input") == 0)
		return AUDIT_INPUT;
	if (strcmp(label, "output") == 0)
		return AUDIT_OUTPUT;
	if (has_label(e, "input"))
		return AUDIT_OUTPUT;
	return has_label(e, "output") ? AUDIT_INPUT : AUDIT_DOCUMENT;
}

static bool is_document(const char *label)
{
	return strcmp(label, "document") == 0 || strcmp(label, "input") == 0 ||
	       strcmp(label, "output") == 0;
}

/* The value is a digest in hexadecimal, as event_commit was given it; what is
 * anything else matches no file.  The list is sorted (audit_digests_sort) and
 * may have thousands of revisions. */
static void match_digest(const struct audit_query *q,
			 const struct acts_opening *o, struct audit_found *f)
{
	struct audit_digest wanted = { .bytes = 0 };
	const struct audit_digest *end = q->digest + q->digests, *d;
	size_t low = 0, high = q->digests;

	if (!is_document(o->label) ||
	    !hex_read(o->value, wanted.sha256, SHA256_SIZE))
		return;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_digests(&q->digest[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	d = q->digest + low;
	if (d < end && memcmp(d->sha256, wanted.sha256, SHA256_SIZE) == 0 &&
	    f->matches < AUDIT_MATCHES) {
		f->match[f->matches].role = role_of(f->entry, o->label);
		f->match[f->matches++].bytes = d->bytes;
	}
}

/* Do the commitments hold what is asked for? */
static bool matches(struct search *s, struct slice openings,
		    struct audit_found *f)
{
	const struct audit_query *q = s->q;
	struct slice old = SLICE_NONE;
	struct acts_opening o;
	bool party = q->party == NULL;

	while (acts_next(&openings, &o)) {
		if (strcmp(o.label, "party") == 0)
			old = o.value;
		if (q->party != NULL && slice_equal_str(o.value, q->party)) {
			bool new = strcmp(o.label, "new-party") == 0;

			party |= new || strcmp(o.label, "party") == 0;
			if (new &&old.len < sizeof(s->out->former)) {
				memcpy(s->out->former, old.data, old.len);
				s->out->former[old.len] = '\0';
				s->out->renamed = f->index;
			}
		}
		match_digest(q, &o, f);
	}
	return party && (q->digests == 0 || f->matches > 0);
}

/* What is in clear says already that it is none. */
static bool is_out(const struct audit_query *q, uint64_t index,
		   const struct entry *e)
{
	return index < q->from || index >= q->to ||
	       (q->has_since && e->time < q->since) ||
	       (q->has_until && e->time >= q->until);
}

/* An opening in the form in which records have it, so that the callers of
 * audit_find and of audit_walk read the same. */
static json_t *to_json(const struct acts_opening *o)
{
	struct buf text = BUF_INIT;
	char salt[65];
	json_t *json = NULL;

	buf_byte(&text, '{');
	event_json_put(&text, "value", o->value);
	buf_byte(&text, '}');
	hex_text(slice_of(o->salt, 32), salt);
	if (!text.failed &&
	    json_load_bounded(buf_get(&text), &json, NULL) == DEED_OK &&
	    (json_object_set_new(json, "label", json_string(o->label)) != 0 ||
	     json_object_set_new(json, "salt", json_string(salt)) != 0)) {
		json_decref(json);
		json = NULL;
	}
	if (text.data != NULL)
		secret_wipe(text.data, text.len);
	buf_clear(&text);
	return json;
}

/* The list is the caller's for the length of the call alone. */
static enum deed_status tell(struct search *s, struct slice openings,
			     struct audit_found *f, struct deed_error *err)
{
	json_t *list = json_array();
	struct acts_opening o;
	enum deed_status status = DEED_OK;

	while (status == DEED_OK && acts_next(&openings, &o))
		if (json_array_append_new(list, to_json(&o)) != 0)
			status = deed_error_memory(err);
	f->openings = list;
	if (status == DEED_OK && list == NULL)
		status = deed_error_memory(err);
	if (status == DEED_OK) {
		s->out->found++;
		status = s->fn(s->arg, f, err);
	}
	json_decref(list);
	return status;
}

/* ---- the walk ---- */

/* By the hashes that the erasure names: only those count as erased, whatever
 * else lacks. */
static enum deed_status remember_erased(struct search *s, const struct entry *e,
					struct deed_error *err)
{
	void *more;
	size_t i;

	if (strcmp(e->event, "erase") != 0 || e->records == 0)
		return DEED_OK;
	more = reallocarray(s->erased, s->erasures + e->records,
			    sizeof(*s->erased));
	if (more == NULL)
		return deed_error_memory(err);
	s->erased = more;
	for (i = 0; i < e->records; i++)
		memcpy(s->erased[s->erasures++], e->record[i].hash, ENTRY_HASH);
	return DEED_OK;
}

/* What the query leaves out in clear is not opened, so that its block is not
 * whole and is not written.  Everything else is taken into the block, asked
 * for or not. */
static enum deed_status see(struct search *s, uint64_t index,
			    const struct entry *e, struct deed_error *err)
{
	struct audit_found f = { .index = index, .entry = e };
	struct slice openings = SLICE_NONE;
	enum deed_status status = remember_erased(s, e, err);

	if (is_out(s->q, index, e)) {
		s->whole = false;
		return status;
	}
	if (status == DEED_OK)
		status = open_entry(s, index, e, &openings, err);
	if (status != DEED_OK)
		return status;
	if (openings.data != NULL)
		acts_add(&s->next,
			 slice_of(openings.data - 2, openings.len + 2));
	else
		acts_add(&s->next, SLICE_NONE);
	/* A change of handle is looked for in all. */
	if (matches(s, openings, &f) &&
	    (s->q->event == NULL || strcmp(s->q->event, e->event) == 0))
		status = tell(s, openings, &f, err);
	return status;
}

/* A party has no index: it is for the register's key, and a party's own
 * openings are in the drop box.  Whatever is wrong with a block costs time
 * alone. */
static enum deed_status begin_block(struct search *s, uint64_t number,
				    struct deed_error *err)
{
	enum deed_status status = DEED_NOT_FOUND;

	acts_clear(&s->block);
	acts_begin(number, &s->next);
	s->changed = false;
	s->whole = true;
	if (s->q->reader_is_register && s->home->index != NULL)
		status = acts_read(s->home->index, number, s->q->reader->key,
				   s->q->reader->count, &s->block, err);
	if (status == DEED_DAMAGED)
		log_say(LOG_WARNING,
			"block %" PRIu64 " of the index is "
			"damaged, or not for this key: it is made "
			"anew",
			number);
	return status == DEED_NO_MEMORY ? status : DEED_OK;
}

/* A block that could not be kept makes the next search slower, no more. */
static enum deed_status end_block(struct search *s, uint64_t number,
				  struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = buf_status(&s->next, err);

	if (status != DEED_OK || !s->changed || !s->whole ||
	    !s->q->reader_is_register || s->home->index == NULL ||
	    !s->out->kept)
		return status;
	status = acts_write(s->home->index, number, &s->home->register_reader,
			    buf_get(&s->next), &why);
	if (status == DEED_OK)
		return DEED_OK;
	log_say(LOG_WARNING, "the index is not extended: %s", why.message);
	s->out->kept = false;
	return DEED_OK;
}

/* Each entry is read once and in order, however few are asked for: erasures
 * come late, and a block is written only after its last entry was seen. */
static enum deed_status walk(struct search *s, struct tlog *log,
			     struct deed_error *err)
{
	uint64_t size = tlog_checkpoint(log)->size, i;
	struct entry e = ENTRY_INIT;
	struct buf text = BUF_INIT;
	enum deed_status status = DEED_OK;

	for (i = 0; i < size && status == DEED_OK; i++) {
		if (i % ACTS_BLOCK == 0)
			status = begin_block(s, i / ACTS_BLOCK, err);
		buf_reset(&text);
		if (status == DEED_OK)
			status = tlog_entry(log, i, &text, err);
		if (status == DEED_OK)
			status = entry_parse(buf_get(&text), &e, err);
		if (status == DEED_MALFORMED || status == DEED_LIMIT)
			status = deed_error_set(err, DEED_INCONSISTENT,
						"entry %" PRIu64 " is not one "
						"that deed writes",
						i);
		if (status == DEED_OK)
			status = see(s, i, &e, err);
		entry_clear(&e);
		if (status == DEED_OK &&
		    (i + 1 == size || (i + 1) % ACTS_BLOCK == 0))
			status = end_block(s, i / ACTS_BLOCK, err);
		if (s->q->progress != NULL && i % STEP == 0)
			s->q->progress(i);
	}
	buf_clear(&text);
	return status;
}

static int compare_hashes(const void *left, const void *right)
{
	return memcmp(left, right, ENTRY_HASH);
}

static bool was_erased(const struct search *s, const uint8_t hash[ENTRY_HASH])
{
	return s->erasures > 0 && bsearch(hash, s->erased, s->erasures,
					  ENTRY_HASH, compare_hashes) != NULL;
}

/* What was erased, as the log says, lacks nothing. */
static enum deed_status count_unopened(struct search *s, struct tlog *log,
				       struct deed_error *err)
{
	struct entry e = ENTRY_INIT;
	struct buf text = BUF_INIT;
	enum deed_status status = DEED_OK;
	size_t i, k;
	bool erased;

	if (s->erasures > 0)
		qsort(s->erased, s->erasures, ENTRY_HASH, compare_hashes);
	for (i = 0; i < s->unopened_count && status == DEED_OK; i++) {
		buf_reset(&text);
		erased = false;
		status = tlog_entry(log, s->unopened[i], &text, err);
		if (status == DEED_OK)
			status = entry_parse(buf_get(&text), &e, err);
		for (k = 0; status == DEED_OK && k < e.records; k++)
			erased |= was_erased(s, e.record[k].hash);
		entry_clear(&e);
		if (status == DEED_OK && !erased && s->out->unopened++ == 0)
			s->out->first_unopened = s->unopened[i];
	}
	buf_clear(&text);
	return status;
}

/* Blocks and records hold names and salts: all that was decrypted is wiped. */
static void search_clear(struct search *s)
{
	acts_clear(&s->block);
	if (s->next.data != NULL)
		secret_wipe(s->next.data, s->next.len);
	if (s->scratch.data != NULL)
		secret_wipe(s->scratch.data, s->scratch.len);
	buf_clear(&s->next);
	buf_clear(&s->scratch);
	openings_cache_clear(&s->cache);
	free(s->erased);
	free(s->unopened);
	free(s);
}

enum deed_status audit_find(const struct event_home *home,
			    const struct audit_query *query, audit_found_fn *fn,
			    void *arg, struct audit_search *out,
			    struct deed_error *err)
{
	struct search *s = calloc(1, sizeof(*s));
	struct note_verifier v;
	struct tlog *log = NULL;
	enum deed_status status;
	bool pending;

	memset(out, 0, sizeof(*out));
	out->kept = true;
	if (s == NULL)
		return deed_error_memory(err);
	s->home = home;
	s->q = query;
	s->out = out;
	s->fn = fn;
	s->arg = arg;
	status = event_check(home, &pending, err);
	if (status == DEED_OK)
		status = audit_key(home, &v, err);
	if (status == DEED_OK)
		status = tlog_open(home->audit, &v, &log, err);
	if (status == DEED_OK)
		status = tlog_verify(log, NULL, NULL, err);
	if (status == DEED_OK) {
		out->size = tlog_checkpoint(log)->size;
		status = walk(s, log, err);
	}
	if (status == DEED_OK)
		status = count_unopened(s, log, err);
	tlog_close(log);
	search_clear(s);
	return status;
}
