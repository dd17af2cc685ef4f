/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "crypto/digest.h"
#include "event/audit.h"
#include "event/event_priv.h"

#define LABEL "heads"
#define HEADS_MAX ((size_t)64 << 20)

/* The last entry has them, that of a change to nothing as well
 * (event_heads_keep).  In a log that is older than the heads there are none,
 * and that is no fault. */
static enum deed_status of_log(struct tlog *log, uint8_t hash[32], bool *has,
			       struct deed_error *err)
{
	uint64_t size = tlog_checkpoint(log)->size;
	struct buf bytes = BUF_INIT;
	struct entry e = ENTRY_INIT;
	enum deed_status status;

	*has = false;
	if (size == 0)
		return DEED_OK;
	status = tlog_entry(log, size - 1, &bytes, err);
	if (status == DEED_OK)
		status = entry_parse(buf_get(&bytes), &e, err);
	if (status == DEED_MALFORMED)
		status = deed_error_set(err, DEED_INCONSISTENT,
					"the last entry of the log is not one "
					"that deed writes");
	if (status == DEED_OK)
		*has = entry_get_hash(&e, LABEL, hash);
	entry_clear(&e);
	buf_clear(&bytes);
	return status;
}

enum deed_status event_heads_last(const struct event_home *home,
				  struct event_heads *out,
				  struct deed_error *err)
{
	struct note_verifier v;
	struct tlog *log = NULL;
	enum deed_status status = audit_key(home, &v, err);

	memset(out, 0, sizeof(*out));
	if (status == DEED_OK)
		status = tlog_open(home->audit, &v, &log, err);
	if (status == DEED_OK) {
		out->size = tlog_checkpoint(log)->size;
		status = of_log(log, out->sha256, &out->has, err);
	}
	out->pending = event_pending_exists(home);
	tlog_close(log);
	return status;
}

/* The file, where it is what the hash says. */
static enum deed_status read_file(const struct event_home *home,
				  const uint8_t hash[32], struct buf *out,
				  bool *same, struct deed_error *err)
{
	uint8_t seen[SHA256_SIZE];
	enum deed_status status;

	*same = false;
	if (!file_exists(home->heads_path))
		return DEED_OK;
	status = file_read(home->heads_path, HEADS_MAX, out, err);
	if (status == DEED_OK) {
		sha256(buf_get(out), seen);
		*same = memcmp(seen, hash, sizeof(seen)) == 0;
	}
	if (!*same)
		buf_reset(out);
	return status;
}

/* out keeps what it has unless the earlier form is the one that is looked
 * for. */
static enum deed_status try_older(const struct event_home *home,
				  const uint8_t like[32], struct buf *out,
				  uint8_t hash[32], struct deed_error *err)
{
	struct buf text = BUF_INIT;
	uint8_t seen[SHA256_SIZE];
	enum deed_status status;

	status = home->heads_older(home->heads_arg, &text, err);
	sha256(buf_get(&text), seen);
	if (status == DEED_OK && memcmp(seen, like, sizeof(seen)) == 0) {
		memcpy(hash, seen, sizeof(seen));
		buf_reset(out);
		buf_slice(out, buf_get(&text));
		status = buf_status(out, err);
	}
	buf_clear(&text);
	return status;
}

/* Out of all the files of the home, which takes its time: only where the file
 * of the heads does not serve, and for the recovery. */
enum deed_status event_heads_home(const struct event_home *home,
				  const uint8_t *like, struct buf *out,
				  uint8_t hash[32], struct deed_error *err)
{
	enum deed_status status;

	status = home->heads(home->heads_arg, SLICE_NONE, NULL, 0, out, err);
	if (status != DEED_OK)
		return status;
	sha256(buf_get(out), hash);
	if (like == NULL || home->heads_older == NULL ||
	    memcmp(hash, like, SHA256_SIZE) == 0)
		return DEED_OK;
	return try_older(home, like, out, hash, err);
}

/*
 * What the heads were before: by the file; where that is gone by the home
 * itself, as long as it still is what the last entry says.  What has changed
 * since is not taken over in silence.
 */
static enum deed_status before(struct event_lock *l, const uint8_t hash[32],
			       struct buf *out, bool *kept,
			       struct deed_error *err)
{
	uint8_t seen[SHA256_SIZE];
	enum deed_status status = read_file(l->home, hash, out, kept, err);

	if (status != DEED_OK || *kept)
		return status;
	status = event_heads_home(l->home, hash, out, seen, err);
	if (status != DEED_OK || memcmp(seen, hash, sizeof(seen)) == 0)
		return status;
	deed_error_set(err, DEED_INCONSISTENT,
		       "'%s' is not what the last entry of the log says, nor "
		       "is the home",
		       l->home->heads_path);
	deed_error_hint(err, "deed audit verify");
	deed_error_hint(err, "deed audit recover");
	return DEED_INCONSISTENT;
}

/* What a transaction changes.  An output has no name yet: it is read by its
 * descriptor. */
struct changes {
	struct event_change *list;
	char (*path)[sizeof("/proc/self/fd/-2147483648")];
	size_t count;
};

static void changes_clear(struct changes *c)
{
	free(c->list);
	free(c->path);
}

/* What is published lies in the archive and has no bearing on the heads.
 * There is one more than is needed, as calloc may answer NULL for none. */
static enum deed_status list_changes(const struct event *ev, struct changes *c,
				     struct deed_error *err)
{
	c->list = calloc(ev->outs + ev->gones + 1, sizeof(*c->list));
	c->path = calloc(ev->outs + 1, sizeof(*c->path));
	if (c->list == NULL || c->path == NULL)
		return deed_error_memory(err);
	for (size_t i = 0; i < ev->outs; i++) {
		if (ev->out[i].publish)
			continue;
		(void)snprintf(c->path[i], sizeof(c->path[i]),
			       "/proc/self/fd/%d", outfile_fd(ev->out[i].file));
		c->list[c->count].target = ev->out[i].target;
		c->list[c->count++].path = c->path[i];
	}
	for (size_t i = 0; i < ev->gones; i++)
		c->list[c->count++].target = ev->gone[i];
	return DEED_OK;
}

enum deed_status event_heads_add(struct event *ev, struct event_lock *l,
				 struct deed_error *err)
{
	const struct event_home *home = ev->home;
	struct buf old = BUF_INIT, text = BUF_INIT;
	struct changes c = { NULL, NULL, 0 };
	uint8_t hash[SHA256_SIZE];
	bool has = false, kept = false;
	enum deed_status status;

	if (home->heads == NULL)
		return DEED_OK;
	status = of_log(l->log, hash, &has, err);
	if (status == DEED_OK && has)
		status = before(l, hash, &old, &kept, err);
	if (status == DEED_OK)
		status = list_changes(ev, &c, err);
	if (status == DEED_OK)
		status = home->heads(home->heads_arg,
				     has ? buf_get(&old) : SLICE_NONE, c.list,
				     c.count, &text, err);
	if (status == DEED_OK)
		sha256(buf_get(&text), hash);
	for (size_t i = 0; status == DEED_OK && i < ev->entries; i++)
		status = entry_add_hash(&ev->entry[i], LABEL, hash, err);
	if (status == DEED_OK &&
	    !(kept && slice_equal(buf_get(&old), buf_get(&text))))
		status = event_output_bytes(ev, 0, home->heads_path,
					    OUTFILE_REPLACE, buf_get(&text),
					    err);
	changes_clear(&c);
	buf_clear(&old);
	buf_clear(&text);
	return status;
}

enum deed_status event_heads_keep(struct event_lock *l, struct entry *e,
				  struct deed_error *err)
{
	uint8_t hash[SHA256_SIZE];
	bool has = false;
	enum deed_status status;

	if (l->home->heads == NULL || entry_get_hash(e, LABEL, hash))
		return DEED_OK;
	status = of_log(l->log, hash, &has, err);
	if (status == DEED_OK && has)
		status = entry_add_hash(e, LABEL, hash, err);
	return status;
}

enum deed_status event_heads_take(struct event_lock *l, bool write,
				  uint8_t hash[32], bool *changed,
				  struct deed_error *err)
{
	struct buf text = BUF_INIT;
	uint8_t last[SHA256_SIZE];
	bool has = false;
	enum deed_status status;

	*changed = false;
	if (l->home->heads == NULL)
		return DEED_OK;
	status = of_log(l->log, last, &has, err);
	if (status == DEED_OK)
		status = event_heads_home(l->home, has ? last : NULL, &text,
					  hash, err);
	*changed = status == DEED_OK && has &&
		   memcmp(hash, last, sizeof(last)) != 0;
	if (status == DEED_OK && write)
		status = file_write(l->home->heads_path, 0600, buf_get(&text),
				    OUTFILE_REPLACE, err);
	buf_clear(&text);
	return status;
}
