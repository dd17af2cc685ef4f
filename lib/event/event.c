/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/base64.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "event/event_priv.h"

#define TOOL PACKAGE_NAME " " PACKAGE_VERSION

enum deed_status event_begin(const struct event_home *home, int64_t time,
			     struct event **out, struct deed_error *err)
{
	struct event *ev;

	*out = NULL;
	ev = calloc(1, sizeof(*ev));
	if (ev == NULL)
		return deed_error_memory(err);
	ev->home = home;
	ev->time = time;
	*out = ev;
	return DEED_OK;
}

void event_out_clear(struct event_out *out)
{
	outfile_free(out->file);
	free(out->temporary);
	free(out->target);
	free(out->what);
	memset(out, 0, sizeof(*out));
}

static void wipe(struct buf *b)
{
	if (b->data != NULL)
		secret_wipe(b->data, b->len);
	buf_clear(b);
}

void event_free(struct event *ev)
{
	size_t i;

	if (ev == NULL)
		return;
	for (i = 0; i < ev->entries; i++)
		entry_clear(&ev->entry[i]);
	for (i = 0; i < ev->parties; i++) {
		buf_clear(&ev->party[i].spki);
		buf_clear(&ev->party[i].ski);
	}
	for (i = 0; i < ev->openings; i++)
		wipe(&ev->opening[i].value);
	for (i = 0; i < ev->records; i++)
		wipe(&ev->record[i].plain);
	for (i = 0; i < ev->outs; i++)
		event_out_clear(&ev->out[i]);
	free(ev->entry);
	free(ev->party);
	if (ev->opening != NULL)
		secret_wipe(ev->opening, ev->openings * sizeof(*ev->opening));
	free(ev->opening);
	free(ev->record);
	free(ev->out);
	free(ev->put);
	free(ev->folder);
	free(ev->real);
	for (i = 0; i < ev->gones; i++)
		free(ev->gone[i]);
	free(ev->gone);
	secret_wipe(ev->salt, sizeof(ev->salt));
	free(ev);
}

/* Room for one more, all zero, in a list of count items: it doubles. */
static void *one_more(void *list, size_t count, size_t size)
{
	uint8_t *more = list;

	if ((count & (count - 1)) == 0)
		more = reallocarray(list, count == 0 ? 1 : 2 * count, size);
	if (more != NULL)
		memset(more + count * size, 0, size);
	return more;
}

enum deed_status event_party(struct event *ev,
			     const struct dropbox_reader *reader, int *party,
			     struct deed_error *err)
{
	struct event_party *list, *p;
	size_t i;

	/* A party named twice is one party. */
	for (i = 0; i < ev->parties; i++)
		if (slice_equal(buf_get(&ev->party[i].spki), reader->spki)) {
			*party = (int)i;
			return DEED_OK;
		}
	if (ev->parties == EVENT_PARTIES_MAX)
		return deed_error_set(err, DEED_LIMIT, "more than %d parties",
				      EVENT_PARTIES_MAX);
	list = one_more(ev->party, ev->parties, sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	ev->party = list;
	p = &list[ev->parties];
	buf_slice(&p->spki, reader->spki);
	buf_slice(&p->ski, reader->ski);
	*party = (int)ev->parties++;
	return p->spki.failed || p->ski.failed ? deed_error_memory(err)
					       : DEED_OK;
}

enum deed_status event_entry_init(struct entry *e, const char *type,
				  int64_t time, struct deed_error *err)
{
	*e = (struct entry)ENTRY_INIT;
	if (!entry_word_valid(type))
		return deed_error_set(err, DEED_MALFORMED,
				      "'%s' is no type of an event", type);
	(void)snprintf(e->event, sizeof(e->event), "%s", type);
	(void)snprintf(e->tool, sizeof(e->tool), "%s", TOOL);
	e->time = time;
	return DEED_OK;
}

enum deed_status event_entry(struct event *ev, const char *type, int *entry,
			     struct deed_error *err)
{
	struct entry *list;
	enum deed_status status;

	if (ev->entries == EVENT_ENTRIES_MAX)
		return deed_error_set(err, DEED_LIMIT, "more than %d entries",
				      EVENT_ENTRIES_MAX);
	if (ev->locked)
		return deed_error_set(err, DEED_USAGE,
				      "the entries are counted already");
	list = one_more(ev->entry, ev->entries, sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	ev->entry = list;
	status = event_entry_init(&list[ev->entries], type, ev->time, err);
	if (status == DEED_OK)
		*entry = (int)ev->entries++;
	return status;
}

/* Is there such an entry, and such a party? */
static enum deed_status check_entry(const struct event *ev, int entry,
				    int party, struct deed_error *err)
{
	if (entry < 0 || (size_t)entry >= ev->entries ||
	    (party != EVENT_ALL && (party < 0 || (size_t)party >= ev->parties)))
		return deed_error_set(err, DEED_USAGE,
				      "the transaction has no such entry or "
				      "party");
	return DEED_OK;
}

/* 32 bytes that were drawn for nobody else. */
static enum deed_status draw_salt(struct event *ev, uint8_t salt[32],
				  struct deed_error *err)
{
	enum deed_status status;

	if (ev->salts == 0) {
		status = random_bytes(ev->salt, sizeof(ev->salt), err);
		if (status != DEED_OK)
			return status;
		ev->salts = EVENT_SALTS;
	}
	ev->salts--;
	memcpy(salt, ev->salt[ev->salts], sizeof(ev->salt[0]));
	secret_wipe(ev->salt[ev->salts], sizeof(ev->salt[0]));
	return DEED_OK;
}

enum deed_status event_commit(struct event *ev, int entry, int party,
			      const char *label, struct slice value,
			      struct deed_error *err)
{
	struct event_opening *list, *o;
	uint8_t mac[ENTRY_HASH];
	enum deed_status status = check_entry(ev, entry, party, err);

	if (status != DEED_OK)
		return status;
	if (value.len > EVENT_VALUE_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "a value has at most %d bytes",
				      EVENT_VALUE_MAX);
	list = one_more(ev->opening, ev->openings, sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	ev->opening = list;
	o = &list[ev->openings];
	status = draw_salt(ev, o->salt, err);
	if (status != DEED_OK)
		return status;
	entry_commit(o->salt, label, value, mac);
	status = entry_add_commitment(&ev->entry[entry], label, mac, err);
	if (status != DEED_OK)
		return status;
	o->entry = entry;
	o->party = party;
	(void)snprintf(o->label, sizeof(o->label), "%s", label);
	buf_slice(&o->value, value);
	ev->openings++;
	return buf_status(&o->value, err);
}

enum deed_status event_hash(struct event *ev, int entry, const char *label,
			    const uint8_t hash[32], struct deed_error *err)
{
	enum deed_status status = check_entry(ev, entry, EVENT_ALL, err);

	return status != DEED_OK
		       ? status
		       : entry_add_hash(&ev->entry[entry], label, hash, err);
}

enum deed_status event_number(struct event *ev, int entry, const char *label,
			      uint64_t value, struct deed_error *err)
{
	enum deed_status status = check_entry(ev, entry, EVENT_ALL, err);

	return status != DEED_OK
		       ? status
		       : entry_add_number(&ev->entry[entry], label, value, err);
}

enum deed_status event_record(struct event *ev, int entry, int party,
			      struct slice plain, uint8_t *hash,
			      struct deed_error *err)
{
	struct event_own_record *list, *r;
	enum deed_status status = check_entry(ev, entry, party, err);

	if (status != DEED_OK)
		return status;
	list = one_more(ev->record, ev->records, sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	ev->record = list;
	r = &list[ev->records++];
	r->entry = entry;
	r->party = party;
	r->hash = hash;
	buf_slice(&r->plain, plain);
	return buf_status(&r->plain, err);
}

/* path with its directory resolved: recovery runs somewhere else.  Those of
 * a group are mostly in one. */
static enum deed_status absolute(struct event *ev, const char *path, char **out,
				 struct deed_error *err)
{
	char *dir = path_dir(path);

	*out = NULL;
	if (dir == NULL)
		return deed_error_memory(err);
	if (ev->folder == NULL || strcmp(ev->folder, dir) != 0) {
		free(ev->folder);
		free(ev->real);
		ev->folder = dir;
		ev->real = realpath(dir, NULL);
		dir = NULL;
	}
	free(dir);
	if (ev->real == NULL) {
		free(ev->folder);
		ev->folder = NULL;
		return deed_error_errno(err, errno, "cannot find '%s'", path);
	}
	*out = path_join(ev->real, path_base(path));
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

/* The caller counts it when it is filled in: one that fails half way is not in
 * the list that undo and event_free go through. */
static enum deed_status new_out(struct event *ev, struct event_out **out,
				struct deed_error *err)
{
	struct event_out *list = one_more(ev->out, ev->outs, sizeof(*list));

	*out = NULL;
	if (list == NULL)
		return deed_error_memory(err);
	ev->out = list;
	*out = &list[ev->outs];
	return DEED_OK;
}

enum deed_status event_output(struct event *ev, int entry,
			      struct outfile **file, enum outfile_mode mode,
			      const uint8_t *hash, struct deed_error *err)
{
	struct event_out *o = NULL;
	enum deed_status status = check_entry(ev, entry, EVENT_ALL, err);

	if (status == DEED_OK)
		status = new_out(ev, &o, err);
	if (status != DEED_OK)
		return status;
	o->entry = entry;
	o->mode = mode;
	status = absolute(ev, outfile_temporary(*file), &o->temporary, err);
	if (status == DEED_OK)
		status = absolute(ev, outfile_target(*file), &o->target, err);
	if (status == DEED_OK)
		status = outfile_sync(*file, err);
	if (status == DEED_OK && hash != NULL)
		memcpy(o->sha256, hash, sizeof(o->sha256));
	else if (status == DEED_OK)
		status = digest_fd(DIGEST_SHA256, outfile_fd(*file),
				   outfile_target(*file), o->sha256, err);
	if (status != DEED_OK) {
		event_out_clear(o);
		return status;
	}
	o->file = *file;
	*file = NULL;
	ev->outs++;
	return DEED_OK;
}

enum deed_status event_gone(struct event *ev, const char *path,
			    struct deed_error *err)
{
	char **more = reallocarray(ev->gone, ev->gones + 1, sizeof(*more));
	enum deed_status status;

	if (more == NULL)
		return deed_error_memory(err);
	ev->gone = more;
	status = absolute(ev, path, &more[ev->gones], err);
	if (status == DEED_OK)
		ev->gones++;
	return status;
}

enum deed_status event_publish(struct event *ev, int entry, const char *what,
			       struct slice bytes, struct deed_error *err)
{
	struct event_out *o = NULL;
	char *path = NULL;
	enum deed_status status = check_entry(ev, entry, EVENT_ALL, err);

	if (status == DEED_OK &&
	    (strlen(what) > EVENT_VALUE_MAX || !utf8_valid(slice_str(what))))
		status = deed_error_set(err, DEED_USAGE,
					"no text that says where to publish");
	if (status == DEED_OK)
		status = new_out(ev, &o, err);
	if (status != DEED_OK)
		return status;
	o->entry = entry;
	o->publish = true;
	o->what = strdup(what);
	path = path_join(ev->home->audit, "publish");
	if (o->what == NULL || path == NULL)
		status = deed_error_memory(err);
	if (status == DEED_OK)
		status = outfile_open(&o->file, path, 0600, err);
	if (status == DEED_OK)
		status = outfile_write(o->file, bytes.data, bytes.len, err);
	if (status == DEED_OK)
		status = absolute(ev, outfile_temporary(o->file), &o->temporary,
				  err);
	free(path);
	if (status != DEED_OK) {
		event_out_clear(o);
		return status;
	}
	sha256(bytes, o->sha256);
	ev->outs++;
	return DEED_OK;
}

enum deed_status event_output_why(const struct event *ev, int entry,
				  struct deed_error *why)
{
	size_t i;

	for (i = 0; i < ev->outs; i++) {
		const struct event_out *o = &ev->out[i];

		if (o->entry != entry || o->status == DEED_OK)
			continue;
		if (why != NULL)
			*why = o->why;
		return o->status;
	}
	return DEED_OK;
}

enum deed_status event_output_status(const struct event *ev, int entry)
{
	return event_output_why(ev, entry, NULL);
}

void event_json_put(struct buf *json, const char *key, struct slice bytes)
{
	bool plain =
		utf8_valid(bytes) &&
		(bytes.len == 0 || memchr(bytes.data, 0, bytes.len) == NULL);

	buf_printf(json, "\"%s%s\":", key, plain ? "" : "64");
	if (plain) {
		json_put_string(bytes, json);
		return;
	}
	buf_byte(json, '"');
	base64_encode(bytes, json);
	buf_byte(json, '"');
}

bool event_json_get(const json_t *object, const char *key, struct buf *out)
{
	const json_t *value = json_object_get(object, key);
	char key64[ENTRY_WORD_MAX + 3];

	if (json_is_string(value)) {
		buf_append(out, json_string_value(value),
			   json_string_length(value));
		return !out->failed;
	}
	(void)snprintf(key64, sizeof(key64), "%s64", key);
	value = json_object_get(object, key64);
	return json_is_string(value) &&
	       base64_decode(slice_of(json_string_value(value),
				      json_string_length(value)),
			     out);
}
