/* SPDX-License-Identifier: Apache-2.0 */
#include "look/look.h"

#include <stdlib.h>

#include "base/worker.h"
#include "look/wire.h"

/* All pictures, then and now, and what is said besides. */
#define ANSWER_MAX ((size_t)LOOK_PICTURES * 2 * 3 * LOOK_SHOWN + (4u << 20))

struct look {
	struct workers *workers;
};

enum deed_status look_new(struct look **out, struct deed_error *err)
{
	/* One order a process: what a document did to it ends with it. */
	static const struct worker_limits limits = { LOOK_SECONDS, 1,
						     ANSWER_MAX };
	struct look *l = calloc(1, sizeof(*l));
	enum deed_status status;

	*out = NULL;
	if (l == NULL)
		return deed_error_memory(err);
	status = workers_new("deed-look", &limits, &l->workers, err);
	if (status != DEED_OK)
		free(l);
	else
		*out = l;
	return status;
}

void look_free(struct look *l)
{
	if (l == NULL)
		return;
	workers_free(l->workers);
	free(l);
}

void look_set_why(struct look_seen *seen, const char *text)
{
	size_t i;

	seen->painted = false;
	if (seen->why[0] != '\0')
		return;
	for (i = 0; text[i] != '\0' && i + 1 < sizeof(seen->why); i++)
		seen->why[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	seen->why[i] = '\0';
}

/* A password may be among it. */
static void forget(struct buf *body)
{
	if (body->data != NULL)
		secret_wipe(body->data, body->len);
	buf_clear(body);
}

#ifdef HAVE_LOOK
enum deed_status look_call(struct look *l, uint32_t order, int fd,
			   struct buf *body, struct buf *answer,
			   struct deed_error *err)
{
	enum deed_status status = buf_status(body, err);
	uint32_t type = 0;

	if (status == DEED_OK)
		status = workers_call(l->workers, order, buf_get(body), fd,
				      &type, answer, err);
	forget(body);
	if (status == DEED_OK && type != order)
		status = deed_error_set(err, DEED_INDETERMINATE,
					"'deed-look' answered what was not "
					"asked");
	return status;
}
#else
enum deed_status look_call(struct look *l, uint32_t order, int fd,
			   struct buf *body, struct buf *answer,
			   struct deed_error *err)
{
	forget(body);
	(void)l;
	(void)order;
	(void)fd;
	(void)answer;
	return deed_error_set(err, DEED_INDETERMINATE,
			      "this deed was built without poppler "
			      "(configure --without-look)");
}
#endif

enum deed_status look_at(struct look *l, int fd, const struct secret *password,
			 const struct look_state *states, size_t count,
			 bool pictures, struct look_seen **out,
			 struct deed_error *err)
{
	struct buf body = BUF_INIT, answer = BUF_INIT;
	enum deed_status status;
	size_t i;

	*out = NULL;
	if (count > LOOK_STATES)
		return deed_error_set(err, DEED_LIMIT,
				      "more than %d signed states",
				      LOOK_STATES);
	for (i = 0; i < count; i++) {
		if (states[i].place_count > LOOK_PLACES)
			return deed_error_set(err, DEED_LIMIT,
					      "more than %d places",
					      LOOK_PLACES);
	}
	look_order_write(password, states, count, pictures, &body);
	status = look_call(l, LOOK_ORDER, fd, &body, &answer, err);
	if (status == DEED_OK)
		status = look_seen_read(buf_get(&answer), count, out, err);
	if (status == DEED_MALFORMED)
		status = deed_error_set(err, DEED_INDETERMINATE,
					"'deed-look' answered nonsense");
	buf_clear(&answer);
	return status;
}
