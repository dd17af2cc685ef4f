/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/backend.h"

#include <stdlib.h>

/* Transfers: begun, settled and ended; those at once are both in one. */

/* Every name is looked at here, before a back end makes a path or a key of it.
 */
static enum deed_status
new_ticket(struct place *p, enum place_operation operation, const char *folder,
	   const char *name, struct place_ticket **out, struct deed_error *err)
{
	enum deed_status status = place_check_name(folder, name, err);
	struct place_ticket *t;

	*out = NULL;
	if (status != DEED_OK)
		return status;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return deed_error_memory(err);
	t->place = p;
	t->operation = operation;
	memcpy(t->folder, folder, strlen(folder) + 1);
	memcpy(t->name, name, strlen(name) + 1);
	*out = t;
	return DEED_OK;
}

/* The ticket is the caller's only where it was begun.  The bytes of a put are
 * lent for the beginning alone, so that the pointer is dropped. */
static enum deed_status begin_ticket(struct place_ticket *t,
				     struct place_ticket **out,
				     struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = t->place->backend->begin(t, &why);

	(void)!place_note(t->place, place_is_failure(status), status, &why,
			  err);
	t->bytes = SLICE_NONE;
	if (status == DEED_OK) {
		*out = t;
		return DEED_OK;
	}
	*out = NULL;
	free(t);
	return status;
}

enum deed_status place_put_begin(struct place *p, const char *folder,
				 const char *name, struct slice bytes,
				 struct place_ticket **out,
				 struct deed_error *err)
{
	enum deed_status status =
		new_ticket(p, PLACE_PUT, folder, name, out, err);
	struct place_ticket *t = *out;

	if (status != DEED_OK)
		return status;
	t->bytes = bytes;
	t->len = bytes.len;
	if (p->read_back)
		sha256(bytes, t->sha256);
	return begin_ticket(t, out, err);
}

/* The ticket `what` says which part is wanted and where it goes to, and
 * nothing else. */
static enum deed_status get_begin(struct place *p, const char *folder,
				  const char *name,
				  const struct place_ticket *what,
				  struct place_ticket **ticket,
				  struct deed_error *err)
{
	enum deed_status status =
		new_ticket(p, PLACE_GET, folder, name, ticket, err);
	struct place_ticket *t = *ticket;

	if (status != DEED_OK)
		return status;
	t->from = what->from;
	t->max = what->max;
	t->whole = what->whole;
	t->out = what->out;
	t->into = what->into;
	t->known = what->known;
	memcpy(t->sha256, what->sha256, SHA256_SIZE);
	return begin_ticket(t, ticket, err);
}

enum deed_status place_get_begin(struct place *p, const char *folder,
				 const char *name, uint64_t from, size_t max,
				 struct buf *out, struct place_ticket **ticket,
				 struct deed_error *err)
{
	const struct place_ticket what = {
		.from = from, .max = max, .whole = true, .out = out
	};

	return get_begin(p, folder, name, &what, ticket, err);
}

enum deed_status place_get_known_begin(struct place *p, const char *folder,
				       const char *name,
				       const uint8_t sha256[SHA256_SIZE],
				       size_t max, struct buf *out,
				       struct place_ticket **ticket,
				       struct deed_error *err)
{
	struct place_ticket what = {
		.max = max, .whole = true, .out = out, .known = true
	};

	memcpy(what.sha256, sha256, SHA256_SIZE);
	return get_begin(p, folder, name, &what, ticket, err);
}

enum deed_status
place_fill_begin(struct place *p, const char *folder, const char *name,
		 const uint8_t sha256[SHA256_SIZE], uint8_t *into, size_t size,
		 struct place_ticket **ticket, struct deed_error *err)
{
	struct place_ticket what = {
		.max = size, .whole = true, .into = into, .known = true
	};

	memcpy(what.sha256, sha256, SHA256_SIZE);
	return get_begin(p, folder, name, &what, ticket, err);
}

enum deed_status place_head_begin(struct place *p, const char *folder,
				  const char *name, uint64_t *size,
				  struct place_ticket **out,
				  struct deed_error *err)
{
	enum deed_status status =
		new_ticket(p, PLACE_HEAD, folder, name, out, err);

	if (status != DEED_OK)
		return status;
	(*out)->size = size;
	return begin_ticket(*out, out, err);
}

enum deed_status place_remove_begin(struct place *p, const char *folder,
				    const char *name, struct place_ticket **out,
				    struct deed_error *err)
{
	enum deed_status status =
		new_ticket(p, PLACE_REMOVE, folder, name, out, err);

	return status == DEED_OK ? begin_ticket(*out, out, err) : status;
}

/* ---- their end ---- */

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

/* ---- at once ---- */

enum deed_status place_put(struct place *p, const char *folder,
			   const char *name, struct slice bytes,
			   struct deed_error *err)
{
	struct place_ticket *t;
	enum deed_status status =
		place_put_begin(p, folder, name, bytes, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}

enum deed_status place_get(struct place *p, const char *folder,
			   const char *name, size_t max, struct buf *out,
			   struct deed_error *err)
{
	struct place_ticket *t;
	enum deed_status status =
		place_get_begin(p, folder, name, 0, max, out, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}

enum deed_status place_get_range(struct place *p, const char *folder,
				 const char *name, uint64_t from, size_t len,
				 struct buf *out, struct deed_error *err)
{
	const struct place_ticket what = { .from = from,
					   .max = len,
					   .out = out };
	struct place_ticket *t;
	enum deed_status status = get_begin(p, folder, name, &what, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}

enum deed_status place_head(struct place *p, const char *folder,
			    const char *name, uint64_t *size,
			    struct deed_error *err)
{
	struct place_ticket *t;
	enum deed_status status =
		place_head_begin(p, folder, name, size, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}

enum deed_status place_remove(struct place *p, const char *folder,
			      const char *name, struct deed_error *err)
{
	struct place_ticket *t;
	enum deed_status status = place_remove_begin(p, folder, name, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}
