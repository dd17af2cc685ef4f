/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/backend.h"

#include <stdlib.h>

/* Transfers, settled and finished. */

void place_settle(struct place_ticket *t)
{
	const struct place *p;
	uint8_t *into;

	if (t == NULL || t->settled)
		return;
	p = t->place;
	if (t->operation != PLACE_PUT || !p->read_back)
		return;
	t->settled = true;
	t->status = p->backend->finish(t, &t->why);
	if (t->status != DEED_OK)
		return;
	into = buf_reserve(&t->again, t->len);
	t->status = into == NULL ? deed_error_memory(&t->why)
				 : place_fill_begin(t->place, t->folder,
						    t->name, t->sha256, into,
						    t->len, &t->back, &t->why);
}

size_t place_settle_size(const struct place_ticket *t)
{
	return t->operation == PLACE_PUT && t->place->read_back ? t->len : 0;
}

/* What came back. */
static enum deed_status compare_read_back(const struct place_ticket *t,
					  enum deed_status status,
					  struct deed_error *err)
{
	if (status == DEED_NOT_FOUND)
		return deed_error_set(err, DEED_REMOTE,
				      "'%s' was written, and is not there",
				      t->name);
	if (status != DEED_DAMAGED && status != DEED_LIMIT)
		return status;
	return deed_error_set(err, DEED_DAMAGED,
			      "'%s' was written, and comes back changed",
			      t->name);
}

/* What was read back may hold a share: it is wiped.  Of a transfer that did
 * not get so far t->why has the reason. */
static enum deed_status finish_settled(struct place_ticket *t,
				       struct deed_error *err)
{
	enum deed_status status = t->status;

	if (t->back != NULL)
		status = compare_read_back(t, place_finish(t->back, err), err);
	else if (err != NULL)
		*err = t->why;
	if (t->again.data != NULL)
		secret_wipe(t->again.data, t->len);
	buf_clear(&t->again);
	return status;
}

/* Behind `before`, or where it was filled in. */
static bool is_known(const struct place_ticket *t, size_t before)
{
	uint8_t hash[SHA256_SIZE];

	if (t->into != NULL)
		sha256(slice_of(t->into, t->filled), hash);
	else
		sha256(slice_of(t->out->data + before, t->out->len - before),
		       hash);
	return memcmp(hash, t->sha256, SHA256_SIZE) == 0 &&
	       (t->into == NULL || t->filled == t->max);
}

/* As the back end's finish; nothing is left of what is not what it must be. */
static enum deed_status try_known(struct place_ticket *t, bool *good,
				  struct deed_error *err)
{
	size_t before = t->out != NULL ? t->out->len : 0;
	enum deed_status status = t->place->backend->finish(t, err);

	*good = status == DEED_OK && is_known(t, before);
	if (!*good && t->out != NULL)
		t->out->len = before;
	return status;
}

/* A store may have several copies, of which one is bad: it is asked once more,
 * and then has the ETag compared.  A directory has one. */
static enum deed_status finish_known(struct place_ticket *t,
				     struct deed_error *err)
{
	bool good;
	enum deed_status status = try_known(t, &good, err);

	if (status == DEED_OK && !good && !t->place->backend->local) {
		t->doubted = true;
		status = t->place->backend->begin(t, err);
		if (status == DEED_OK)
			status = try_known(t, &good, err);
	}
	if (status != DEED_OK || good)
		return status;
	return deed_error_set(err, DEED_DAMAGED,
			      "'%s' at place %s does not hold what its name "
			      "says",
			      t->name, t->place->name);
}

enum deed_status place_finish(struct place_ticket *t, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	if (t == NULL)
		return DEED_OK;
	place_settle(t);
	if (t->settled)
		status = finish_settled(t, &why);
	else if (t->known)
		status = finish_known(t, &why);
	else
		status = t->place->backend->finish(t, &why);
	(void)!place_note(t->place, place_is_failure(status), status, &why,
			  err);
	free(t);
	return status;
}
