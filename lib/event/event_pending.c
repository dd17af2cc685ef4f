/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "tlog/tree.h"
#include "base/log.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "event/event_priv.h"

#define PENDING "pending"
#define PENDING_SCHEMA "deed.pending/1"

static const char *const modes[] = { "new", "replace", "publish" };

static char *pending_path(const struct event_home *home)
{
	return path_join(home->audit, PENDING);
}

bool event_pending_exists(const struct event_home *home)
{
	char *path = pending_path(home);
	bool there = path != NULL && file_exists(path);

	free(path);
	return there;
}

enum deed_status event_pending_remove(const struct event_home *home,
				      struct deed_error *err)
{
	char *path = pending_path(home);
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	status = file_remove(path, err);
	if (status == DEED_OK)
		status = file_sync_parent(path, err);
	free(path);
	return status;
}

static void put_sha256(const uint8_t hash[32], struct buf *text)
{
	buf_str(text, "\"sha256:");
	hex_encode(slice_of(hash, 32), text);
	buf_byte(text, '"');
}

/* Members in the order of their names (RFC 8785). */
static void put_out(const struct event_out *o, struct buf *text)
{
	buf_printf(text, "{\"entry\":%d,\"mode\":\"%s\",\"sha256\":", o->entry,
		   modes[o->publish ? 2 : (int)o->mode]);
	put_sha256(o->sha256, text);
	buf_byte(text, ',');
	if (!o->publish) {
		event_json_put(text, "target", slice_str(o->target));
		buf_byte(text, ',');
	}
	event_json_put(text, "temporary", slice_str(o->temporary));
	if (o->publish) {
		buf_byte(text, ',');
		event_json_put(text, "what", slice_str(o->what));
	}
	buf_byte(text, '}');
}

enum deed_status event_pending_write(const struct event *ev, uint64_t first,
				     const uint8_t leaf[32],
				     struct deed_error *err)
{
	struct buf text = BUF_INIT;
	char *path = pending_path(ev->home);
	enum deed_status status;
	size_t i;

	buf_printf(&text, "{\"count\":%zu,\"first\":%" PRIu64 ",\"leaf\":",
		   ev->entries, first);
	put_sha256(leaf, &text);
	buf_str(&text, ",\"outputs\":[");
	for (i = 0; i < ev->outs; i++) {
		if (i > 0)
			buf_byte(&text, ',');
		put_out(&ev->out[i], &text);
	}
	buf_str(&text, "],\"records\":[");
	for (i = 0; i < ev->puts; i++) {
		if (i > 0)
			buf_byte(&text, ',');
		put_sha256(ev->put[i], &text);
	}
	buf_str(&text, "],\"schema\":\"" PENDING_SCHEMA "\"}");
	status = path == NULL ? deed_error_memory(err) : buf_status(&text, err);
	/* What the recovery would not read is not begun. */
	if (status == DEED_OK && text.len > JSON_MAX_SIZE)
		status = deed_error_set(err, DEED_LIMIT,
					"a transaction of %zu outputs is too "
					"large",
					ev->outs);
	if (status == DEED_OK)
		status = file_write(path, 0600, buf_get(&text), OUTFILE_NEW,
				    err);
	buf_clear(&text);
	free(path);
	return status;
}

/* What was read of a pending file. */
struct pending {
	uint64_t first, count;
	uint8_t leaf[32];
	struct event_out *out;
	size_t outs;
	json_t *json;
};

/* The temporaries stay on the disk: outputs that were read from a pending file
 * have no file open, and it is not for memory that is freed to remove them. */
static void pending_clear(struct pending *p)
{
	size_t i;

	for (i = 0; i < p->outs; i++)
		event_out_clear(&p->out[i]);
	free(p->out);
	json_decref(p->json);
	memset(p, 0, sizeof(*p));
}

/* A path is bytes; one that is not UTF-8 stands in base64 (event_json_get).
 * The string is the caller's. */
static bool read_text(const json_t *json, const char *key, char **out)
{
	struct buf text = BUF_INIT;

	*out = NULL;
	if (event_json_get(json, key, &text)) {
		buf_byte(&text, 0);
		*out = buf_take(&text, NULL);
	}
	buf_clear(&text);
	return *out != NULL;
}

/* A mode that is not known is taken for "new", which overwrites nothing. */
static bool read_out(const json_t *json, uint64_t count, struct event_out *o)
{
	const char *mode = json_get_string(json, "mode");
	int64_t entry;

	if (mode == NULL || !json_get_integer(json, "entry", &entry) ||
	    entry < 0 || (uint64_t)entry >= count || entry > INT32_MAX ||
	    !json_get_sha256(json, "sha256", o->sha256) ||
	    !read_text(json, "temporary", &o->temporary))
		return false;
	o->entry = (int)entry;
	o->publish = !strcmp(mode, modes[2]);
	o->mode = strcmp(mode, modes[1]) == 0 ? OUTFILE_REPLACE : OUTFILE_NEW;
	return o->publish ? read_text(json, "what", &o->what)
			  : read_text(json, "target", &o->target);
}

/* It is canonical JSON, as event_pending_write makes it: what deviates was not
 * written here, and nothing is finished or removed on its word. */
static enum deed_status read_pending(const struct event_home *home,
				     struct pending *p, struct deed_error *err)
{
	char *path = pending_path(home);
	struct buf text = BUF_INIT;
	const json_t *outs;
	int64_t first, count;
	bool good;
	enum deed_status status;
	size_t i;

	memset(p, 0, sizeof(*p));
	if (path == NULL)
		return deed_error_memory(err);
	status = file_read(path, JSON_MAX_SIZE, &text, err);
	if (status == DEED_OK)
		status = json_load_canonical(buf_get(&text), &p->json, err);
	if (status != DEED_OK)
		goto out;
	good = json_get_string(p->json, "schema") != NULL &&
	       !strcmp(json_get_string(p->json, "schema"), PENDING_SCHEMA) &&
	       json_get_integer(p->json, "first", &first) && first >= 0 &&
	       json_get_integer(p->json, "count", &count) && count > 0 &&
	       json_get_sha256(p->json, "leaf", p->leaf);
	outs = json_object_get(p->json, "outputs");
	if (good && json_array_size(outs) > 0) {
		p->out = calloc(json_array_size(outs), sizeof(*p->out));
		good = p->out != NULL;
	}
	if (good) {
		p->first = (uint64_t)first;
		p->count = (uint64_t)count;
		for (i = 0; i < json_array_size(outs) && good; i++) {
			p->outs++;
			good = read_out(json_array_get(outs, i), p->count,
					&p->out[i]);
		}
	}
	if (!good)
		status = deed_error_set(err, DEED_MALFORMED,
					"it is no pending file of deed");
out:
	if (status != DEED_OK) {
		deed_error_prefix(err, "cannot read '%s'", path);
		pending_clear(p);
	}
	buf_clear(&text);
	free(path);
	return status;
}

/* Did the log take the entries of the pending file? */
static enum deed_status is_logged(struct event_lock *l, const struct pending *p,
				  bool *logged, struct deed_error *err)
{
	uint64_t last = p->first + p->count - 1;
	struct buf bytes = BUF_INIT;
	struct tree_hash leaf;
	enum deed_status status;

	*logged = false;
	if (last >= tlog_checkpoint(l->log)->size)
		return DEED_OK;
	status = tlog_entry(l->log, last, &bytes, err);
	if (status == DEED_OK) {
		tree_leaf(buf_get(&bytes), &leaf);
		*logged = !memcmp(leaf.bytes, p->leaf, sizeof(p->leaf));
	}
	buf_clear(&bytes);
	return status;
}

/* Nothing of it is in the log: nothing of it remains. */
static enum deed_status discard(const struct event_home *home,
				const struct pending *p, struct deed_error *err)
{
	const json_t *records = json_object_get(p->json, "records"), *item;
	enum deed_status status = DEED_OK;
	uint8_t hash[32];
	json_t *holder;
	size_t i;

	for (i = 0; i < p->outs && status == DEED_OK; i++)
		status = file_remove(p->out[i].temporary, err);
	json_array_foreach(records, i, item)
	{
		holder = json_pack("{s:O}", "sha256", item);
		if (holder != NULL && status == DEED_OK &&
		    json_get_sha256(holder, "sha256", hash) &&
		    dropbox_has(home->identity, hash))
			status = dropbox_remove(home->identity, hash, err);
		json_decref(holder);
	}
	return status;
}

enum deed_status event_finish_pending(struct event_lock *l,
				      struct deed_error *err)
{
	struct pending p;
	bool logged;
	enum deed_status status;

	if (!event_pending_exists(l->home))
		return DEED_OK;
	status = read_pending(l->home, &p, err);
	if (status != DEED_OK)
		return status;
	status = is_logged(l, &p, &logged, err);
	if (status == DEED_OK && logged) {
		log_say(LOG_STEP, "finishing what was interrupted");
		status = event_bring_about(l, p.out, p.outs, p.first, err);
	} else if (status == DEED_OK) {
		log_say(LOG_STEP, "removing what was interrupted");
		status = discard(l->home, &p, err);
	}
	if (status == DEED_OK)
		status = event_pending_remove(l->home, err);
	pending_clear(&p);
	return status;
}
