/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/roll.h"

#include <inttypes.h>
#include <stdlib.h>

#include "codec/hex.h"
#include "event/audit.h"
#include "office/party/roll_index.h"

/* A record that cannot be read. */
struct broken {
	uint64_t index;
	uint8_t record[32];
	char *why;
};

struct roll {
	struct roll_item *item;
	size_t count;
	struct broken *broken;
	size_t broken_count;
	struct roll_index index; /* made when all are read */
};

/* While it is read. */
struct reading {
	struct roll *roll;
	const struct event_home *log;
	const struct deposit_key *key;
};

void roll_free(struct roll *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++)
		enrolled_clear(&r->item[i].enrolled);
	for (size_t i = 0; i < r->broken_count; i++)
		free(r->broken[i].why);
	roll_index_clear(&r->index);
	free(r->item);
	free(r->broken);
	free(r);
}

/* Room for one more: it doubles. */
static void *one_more(void *list, size_t count, size_t size)
{
	if ((count & (count - 1)) != 0)
		return list;
	return reallocarray(list, count == 0 ? 1 : 2 * count, size);
}

/* The enrolment moves into the list, and the caller's is left empty, to be
 * cleared as always. */
static enum deed_status add(struct roll *r, uint64_t index,
			    const uint8_t record[32], struct enrolled *e,
			    struct deed_error *err)
{
	struct roll_item *list = one_more(r->item, r->count, sizeof(*list));

	if (list == NULL)
		return deed_error_memory(err);
	r->item = list;
	list[r->count].index = index;
	memcpy(list[r->count].record, record, 32);
	list[r->count++].enrolled = *e;
	*e = (struct enrolled){ .spki = BUF_INIT };
	return DEED_OK;
}

/* It is counted even where its text could not be copied: roll_free frees NULL.
 */
static enum deed_status add_broken(struct roll *r, uint64_t index,
				   const uint8_t record[32], const char *why,
				   struct deed_error *err)
{
	struct broken *list =
		one_more(r->broken, r->broken_count, sizeof(*list));

	if (list == NULL)
		return deed_error_memory(err);
	r->broken = list;
	list[r->broken_count].index = index;
	memcpy(list[r->broken_count].record, record, 32);
	list[r->broken_count].why = strdup(why);
	return list[r->broken_count++].why == NULL ? deed_error_memory(err)
						   : DEED_OK;
}

/* A record that cannot be opened, or is damaged, is kept in the roll as
 * broken: to leave it out would make the one before it look like the last. */
static enum deed_status see_record(struct reading *in, uint64_t index,
				   const uint8_t hash[32],
				   struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct enrolled e = { .spki = BUF_INIT };
	struct buf plain = BUF_INIT;
	enum deed_status status;

	status = dropbox_open(in->log->identity, hash,
			      slice_of(deposit_key_id(in->key), KEY_ID_SIZE),
			      in->key, &plain, &why);
	if (status == DEED_OK && enrolled_is(buf_get(&plain))) {
		status = enrolled_read(buf_get(&plain), &e, &why);
		if (status == DEED_OK)
			status = add(in->roll, index, hash, &e, &why);
	}
	if (status == DEED_NO_MEMORY)
		status = deed_error_memory(err);
	else if (status != DEED_OK)
		status = add_broken(in->roll, index, hash, why.message, err);
	if (plain.data != NULL)
		secret_wipe(plain.data, plain.len);
	buf_clear(&plain);
	enrolled_clear(&e);
	return status;
}

/* By the event's name alone, as enrolments come with these; what other records
 * such an entry may have is passed over in see_record. */
static enum deed_status see_entry(void *arg, uint64_t index,
				  const struct entry *e, const json_t *openings,
				  struct deed_error *err)
{
	static const char *const events[] = { "enroll", "amend", "rekey",
					      NULL };
	enum deed_status status = DEED_OK;
	size_t k = 0;

	(void)openings;
	while (events[k] != NULL && strcmp(e->event, events[k]) != 0)
		k++;
	if (events[k] == NULL)
		return DEED_OK;
	for (size_t i = 0; status == DEED_OK && i < e->records; i++)
		status = see_record(arg, index, e->record[i].hash, err);
	return status;
}

enum deed_status roll_open(const struct event_home *log,
			   const struct deposit_key *key, struct roll **out,
			   struct deed_error *err)
{
	struct reading in = { .log = log, .key = key };
	enum deed_status status;

	*out = NULL;
	in.roll = calloc(1, sizeof(*in.roll));
	if (in.roll == NULL)
		return deed_error_memory(err);
	status = audit_walk(log, 0, UINT64_MAX, NULL, see_entry, &in, err);
	if (status == DEED_OK)
		status = roll_index_make(&in.roll->index, in.roll->item,
					 in.roll->count, err);
	if (status == DEED_OK)
		*out = in.roll;
	else
		roll_free(in.roll);
	return status;
}

/* The enrolment that counts: the one that the notary proved, which after a
 * change of handle bears another; else the first under this handle. */
static enum deed_status find_mine(const struct roll *r, const char *party,
				  const uint8_t *proven,
				  const struct roll_item **out,
				  struct deed_error *err)
{
	size_t found = 0, count;
	const struct roll_slot *slot = roll_index_find(
		&r->index, proven != NULL ? ROLL_BY_RECORD : ROLL_BY_PARTY,
		proven != NULL ? slice_of(proven, 32) : slice_str(party),
		&count);

	for (size_t i = 0; i < count; i++) {
		if (proven == NULL &&
		    !enrolment_is_first(&slot[i].item->enrolled.enrolment))
			continue;
		*out = slot[i].item;
		found++;
	}
	if (found == 0)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "no record that the log names enrolls "
				      "party '%s'",
				      party);
	if (found > 1)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "%zu records that the log names enroll "
				      "party '%s'",
				      found, party);
	return DEED_OK;
}

/* Only an earlier entry can be meant: so a chain cannot be made into a ring.
 */
static const struct roll_item *before(const struct roll *r,
				      const struct roll_item *of)
{
	const uint8_t *id = of->enrolled.enrolment.previous;
	size_t count;
	const struct roll_slot *slot = roll_index_find(
		&r->index, ROLL_BY_ID, slice_of(id, 32), &count);

	for (size_t i = 0; i < count; i++)
		if (slot[i].item->index < of->index)
			return slot[i].item;
	return NULL;
}

/* Who names it as the one before; *count is how many do. */
static const struct roll_item *after(const struct roll *r,
				     const struct roll_item *of, size_t *count)
{
	const struct roll_slot *slot =
		roll_index_find(&r->index, ROLL_BY_PREVIOUS,
				slice_of(of->enrolled.id, 32), count);

	return *count == 0 ? NULL : slot[*count - 1].item;
}

/* Bounded, although indices fall: a chain of that length is no party's. */
static enum deed_status find_first(const struct roll *r,
				   const struct roll_item **at,
				   struct deed_error *err)
{
	for (size_t i = 0; i < ROLL_CHAIN_MAX; i++) {
		const struct roll_item *it = *at;

		if (enrolment_is_first(&it->enrolled.enrolment))
			return DEED_OK;
		*at = before(r, it);
		if (*at == NULL)
			return deed_error_set(
				err, DEED_INCONSISTENT,
				"the enrolment of log entry %" PRIu64 " names "
				"one before it that the log does not name",
				it->index);
	}
	return deed_error_set(err, DEED_LIMIT,
			      "over %d enrolments of one party",
			      ROLL_CHAIN_MAX);
}

/* Two records that follow the same one are a fork: somebody wrote to the
 * register past the log. */
static enum deed_status follow(const struct roll *r, const char *party,
			       const struct roll_item *at,
			       struct roll_chain *out, struct deed_error *err)
{
	size_t count;

	out->count = 0;
	for (; at != NULL; at = after(r, at, &count)) {
		const struct roll_item *next = after(r, at, &count);

		if (count > 1)
			return deed_error_set(
				err, DEED_INCONSISTENT,
				"the enrolments of party '%s' have two ends: "
				"%zu follow that of log entry %" PRIu64,
				party, count, at->index);
		if (next != NULL && next->index <= at->index)
			return deed_error_set(
				err, DEED_INCONSISTENT,
				"the enrolment of log entry %" PRIu64 " names "
				"a later one as the one before",
				next->index);
		if (out->count == ROLL_CHAIN_MAX)
			return deed_error_set(err, DEED_LIMIT,
					      "over %d enrolments of one "
					      "party",
					      ROLL_CHAIN_MAX);
		out->item[out->count++] = at;
	}
	return DEED_OK;
}

/* What cannot be read is an answer where the register points to it. */
static enum deed_status check_broken(const struct roll *r, const char *party,
				     const uint8_t *proven, uint64_t signpost,
				     struct deed_error *err)
{
	char name[65];

	for (size_t i = 0; i < r->broken_count; i++) {
		const struct broken *b = &r->broken[i];

		if (b->index != signpost &&
		    (proven == NULL || memcmp(b->record, proven, 32) != 0))
			continue;
		hex_text(slice_of(b->record, 32), name);
		return deed_error_set(err, DEED_INCONSISTENT,
				      "the enrolment of party '%s' is not as "
				      "log entry %" PRIu64 " says (record "
				      "%.16s...): %s",
				      party, b->index, name, b->why);
	}
	return DEED_OK;
}

enum deed_status roll_chain(const struct roll *r, const char *party,
			    const uint8_t *proven, uint64_t signpost,
			    struct roll_chain *out, struct deed_error *err)
{
	const struct roll_item *at = NULL;
	enum deed_status status;

	out->count = 0;
	status = check_broken(r, party, proven, signpost, err);
	if (status == DEED_OK)
		status = find_mine(r, party, proven, &at, err);
	if (status == DEED_OK)
		status = find_first(r, &at, err);
	if (status == DEED_OK)
		status = follow(r, party, at, out, err);
	if (status == DEED_OK && roll_newest(out)->index != signpost)
		status = deed_error_set(
			err, DEED_INCONSISTENT,
			"party '%s' was enrolled by log entry "
			"%" PRIu64 ", but the register points to "
			"%" PRIu64,
			party, roll_newest(out)->index, signpost);
	return status;
}

const struct roll_item *roll_newest(const struct roll_chain *c)
{
	return c->item[c->count - 1];
}

const struct roll_item *roll_of_record(const struct roll_chain *c,
				       const uint8_t record[32])
{
	for (size_t i = 0; i < c->count; i++)
		if (memcmp(c->item[i]->record, record, 32) == 0)
			return c->item[i];
	return NULL;
}

enum roll_link roll_link(const struct roll_chain *c, size_t i)
{
	const struct enrolled *at = &c->item[i]->enrolled, *last;

	if (i == 0)
		return ROLL_FIRST;
	last = &c->item[i - 1]->enrolled;
	if (memcmp(at->enrolment.key, last->enrolment.key, 32) == 0)
		return ROLL_SAME_KEY;
	return at->succeeds && memcmp(at->old_key, last->enrolment.key, 32) == 0
		       ? ROLL_SUCCEEDS
		       : ROLL_UNSIGNED;
}

/* By address: both point into the same list. */
static bool in_chain(const struct roll_chain *c, const struct roll_item *it)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->item[i] == it)
			return true;
	return false;
}

enum deed_status roll_same_number(const struct roll *r,
				  const struct roll_chain *of, roll_fn *fn,
				  void *arg, struct deed_error *err)
{
	const char *id = roll_newest(of)->enrolled.enrolment.id;
	enum deed_status status = DEED_OK;
	size_t count, followed;
	const struct roll_slot *slot = roll_index_find(
		&r->index, ROLL_BY_NUMBER, slice_str(id), &count);

	for (size_t i = 0; status == DEED_OK && i < count; i++) {
		const struct roll_item *it = slot[i].item;

		/* What somebody was enrolled with before is history. */
		if (in_chain(of, it) || after(r, it, &followed) != NULL)
			continue;
		status = fn(arg, &it->enrolled.enrolment, err);
	}
	return status;
}
