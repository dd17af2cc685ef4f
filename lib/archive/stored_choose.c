/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/stored_load_priv.h"

#include <inttypes.h>
#include <stdlib.h>

#include "archive/place/place.h"
#include "codec/hex.h"

bool stored_is_expected(const struct stored_loading *l,
			const struct generation *g)
{
	return l->log != NULL && l->log->expected != NULL &&
	       !memcmp(l->log->expected, g->cms, SHA256_SIZE);
}

/* UNKNOWN was read as well: it is of a kind that this version does not know,
 * and may be the one in force. */
static bool was_read(const struct generation *g)
{
	return g->state == GENERATION_GOOD || g->state == GENERATION_AGAIN ||
	       g->state == GENERATION_UNKNOWN;
}

/* Is there one beside the chain, ahead of it, or another than expected? */
static bool doubtful(const struct stored_loading *l,
		     const struct generations_choice *c)
{
	if (l->log == NULL)
		return false;
	if (l->log->expected != NULL &&
	    !stored_is_expected(l, &l->g.item[c->chosen]))
		return true;
	for (size_t i = 0; i < l->g.count; i++)
		if (was_read(&l->g.item[i]) &&
		    !generations_in_chain(&l->g, c->chosen, i))
			return true;
	return false;
}

/* After every change of what the log says: which of several wrappings of one
 * manifest counts may be another then. */
static void settle_chain(struct stored_loading *l, struct generations_choice *c)
{
	if (l->again) {
		generations_settle(&l->g);
		l->first_at = generations_find(&l->g, 1, l->first->id);
	}
	generations_choose(&l->g, l->first_at, c);
}

/* The log, about all that were read. */
static enum deed_status ask_about_all(struct stored_loading *l,
				      uint8_t (*cms)[SHA256_SIZE], bool *named,
				      bool *ahead)
{
	uint8_t newest[SHA256_SIZE];
	enum deed_status status;
	size_t i, n = 0;

	for (i = 0; i < l->g.count; i++)
		if (was_read(&l->g.item[i]))
			memcpy(cms[n++], l->g.item[i].cms, SHA256_SIZE);
	status = l->log->ask(l->log->arg, (const uint8_t(*)[SHA256_SIZE])cms, n,
			     named, ahead, newest, NULL);
	for (i = n = 0; i < l->g.count && status == DEED_OK; i++)
		if (was_read(&l->g.item[i]))
			l->g.item[i].logged = named[n++];
	return status;
}

/* ... and choose again.  A log that cannot be read is no reason to keep a
 * deposit from its parties. */
static enum deed_status ask_log(struct stored_loading *l,
				struct generations_choice *c,
				struct deed_error *err)
{
	uint8_t(*cms)[SHA256_SIZE] = calloc(l->g.count, sizeof(*cms));
	bool *named = calloc(l->g.count, sizeof(*named)), ahead = false;
	enum deed_status status = DEED_NO_MEMORY;

	if (cms != NULL && named != NULL)
		status = ask_about_all(l, cms, named, &ahead);
	free(cms);
	free(named);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	settle_chain(l, c);
	if (status != DEED_OK)
		l->word = STORED_SILENT;
	else if (ahead)
		l->word = STORED_BEHIND;
	else
		l->word = l->g.item[c->chosen].logged ? STORED_LOGGED
						      : STORED_UNLOGGED;
	return DEED_OK;
}

/* Their names in the order of the archive, with commas between. */
static void write_places(const struct archive *a, uint64_t places,
			 struct buf *out)
{
	const char *before = "";

	for (size_t i = 0; i < a->count; i++)
		if (places >> i & 1) {
			buf_printf(out, "%s%s", before,
				   place_name(a->place[i]));
			before = ", ";
		}
}

/* With hashes and places, for whoever has to find out by what each was signed;
 * the names of places are cut, and the hashes are not. */
static enum deed_status tell_fork(const struct stored_loading *l,
				  const struct generations_choice *c,
				  struct deed_error *err)
{
	const struct generation *one = &l->g.item[c->one],
				*other = &l->g.item[c->other];
	char hex[2][2 * SHA256_SIZE + 1];
	struct buf at = BUF_INIT, beside = BUF_INIT;
	enum deed_status status;

	hex_text(slice_of(one->cms, SHA256_SIZE), hex[0]);
	hex_text(slice_of(other->cms, SHA256_SIZE), hex[1]);
	write_places(l->archive, one->places, &at);
	write_places(l->archive, other->places, &beside);
	buf_byte(&at, 0);
	buf_byte(&beside, 0);
	if (at.failed || beside.failed)
		status = deed_error_memory(err);
	else
		status = deed_error_set(
			err, DEED_INDETERMINATE,
			"there are two manifests of generation %" PRIu64
			", sha256:%s at place %.200s and sha256:%s at place "
			"%.200s, and %s which one stands",
			one->number, hex[0], (const char *)at.data, hex[1],
			(const char *)beside.data,
			l->log != NULL ? "the log does not say"
				       : "there is no log here that says");
	buf_clear(&at);
	buf_clear(&beside);
	return status;
}

/* One that this version cannot read may forbid what it would do. */
static enum deed_status check_unknown(struct stored_loading *l, size_t chosen,
				      struct deed_error *err)
{
	for (size_t i = 0; i < l->g.count; i++) {
		struct generation *g = &l->g.item[i];
		enum deed_status status;
		struct stored *d;

		if (g->state != GENERATION_UNKNOWN ||
		    g->number < l->g.item[chosen].number ||
		    !(g->logged ||
		      generations_places(g->places) >= l->first->m->k))
			continue;
		status = stored_load_one(l, g, &d, err);
		if (status != DEED_OK)
			return status;
		stored_free(d);
	}
	return DEED_OK;
}

enum deed_status stored_choose(struct stored_loading *l, size_t *chosen,
			       struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct generations_choice c;

	settle_chain(l, &c);
	if (doubtful(l, &c))
		status = ask_log(l, &c, err);
	if (status == DEED_OK && c.fork)
		status = tell_fork(l, &c, err);
	if (status == DEED_OK)
		status = check_unknown(l, c.chosen, err);
	*chosen = c.chosen;
	return status;
}
