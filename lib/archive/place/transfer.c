/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/backend.h"

#include <stdlib.h>

/* Transfers, begun. */

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
