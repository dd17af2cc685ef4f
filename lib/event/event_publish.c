/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/log.h"
#include "crypto/digest.h"
#include "event/event_priv.h"

/* What is published in one call: so many outputs, and, but for one, no more
 * bytes than this. */
#define TOGETHER 128
#define TOGETHER_BYTES ((size_t)64 << 20)

/* Outputs that are ready to be published. */
struct ready {
	struct event_out *out[TOGETHER];
	const char *what[TOGETHER];
	struct buf bytes[TOGETHER];
	struct slice slice[TOGETHER];
	enum deed_status status[TOGETHER];
	size_t count, size;
};

/* It was hashed when it was handed over, by this run or by another. */
static enum deed_status read_out(const struct event_out *o, struct buf *out,
				 struct deed_error *err)
{
	enum deed_status status = file_read(o->temporary, SIZE_MAX, out, err);
	uint8_t hash[SHA256_SIZE];

	if (status != DEED_OK)
		return status;
	sha256(buf_get(out), hash);
	if (!memcmp(hash, o->sha256, sizeof(hash)))
		return DEED_OK;
	return deed_error_set(err, DEED_DAMAGED,
			      "what was to be published has changed");
}

static void note(struct event_out *o, enum deed_status status,
		 const struct deed_error *err)
{
	o->status = status;
	if (status != DEED_OK)
		o->why = *err;
}

/* The temporary is removed when its publication stands: a run that is killed
 * in between publishes it again, and that does nothing twice
 * (event_publish_fn). */
static void publish_ready(const struct event_home *home, struct ready *r)
{
	struct deed_error err = DEED_ERROR_INIT, why = DEED_ERROR_INIT;
	enum deed_status status;
	size_t i;

	for (i = 0; i < r->count; i++) {
		r->what[i] = r->out[i]->what;
		r->slice[i] = buf_get(&r->bytes[i]);
		r->status[i] = DEED_OK;
	}
	if (r->count > 0 && home->publish == NULL) {
		status = deed_error_set(&err, DEED_SYSTEM,
					"there is no archive to publish in");
		for (i = 0; i < r->count; i++)
			r->status[i] = status;
	} else if (r->count > 0) {
		home->publish(home->publish_arg, r->what, r->slice, r->status,
			      r->count, &err);
	}
	for (i = 0; i < r->count; i++) {
		/* What is published stands, whatever is left over. */
		if (r->status[i] == DEED_OK &&
		    file_remove(r->out[i]->temporary, &why) != DEED_OK)
			log_say(LOG_WARNING, "%s", why.message);
		note(r->out[i], r->status[i], &err);
		buf_clear(&r->bytes[i]);
	}
	r->count = r->size = 0;
}

/* One that cannot be read, or has changed, fails by itself; the others of its
 * group are published. */
static void add(struct ready *r, struct event_out *o)
{
	struct deed_error err = DEED_ERROR_INIT;
	struct buf *bytes = &r->bytes[r->count];
	enum deed_status status;

	*bytes = (struct buf)BUF_INIT;
	status = read_out(o, bytes, &err);
	if (status != DEED_OK) {
		buf_clear(bytes);
		note(o, status, &err);
		/* What could not be read is there for the next run. */
		o->open = status != DEED_DAMAGED;
		return;
	}
	r->size += bytes->len;
	r->out[r->count++] = o;
}

enum deed_status event_publish_outs(const struct event_home *home,
				    struct event_out *out, size_t count,
				    struct deed_error *err)
{
	struct ready *r = calloc(1, sizeof(*r));
	size_t i;

	if (r == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++) {
		/* It is removed when it is published. */
		if (!out[i].publish || !file_exists(out[i].temporary))
			continue;
		add(r, &out[i]);
		if (r->count == TOGETHER || r->size >= TOGETHER_BYTES)
			publish_ready(home, r);
	}
	publish_ready(home, r);
	free(r);
	return DEED_OK;
}

enum deed_status event_publish_sync(struct event *ev, struct deed_error *err)
{
	struct outfile **list = calloc(ev->outs + 1, sizeof(struct outfile *));
	enum deed_status status = DEED_OK;
	size_t i, n = 0;

	if (list == NULL)
		return deed_error_memory(err);
	for (i = 0; i < ev->outs; i++)
		if (ev->out[i].publish)
			list[n++] = ev->out[i].file;
	if (n > 0)
		status = outfile_sync_all(list, n, err);
	free(list);
	return status;
}
