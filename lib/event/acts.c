/* SPDX-License-Identifier: Apache-2.0 */
#include "event/acts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cms/envelope.h"
#include "key/deposit_key.h"
#include "key/pubkey.h"

#define MAGIC "deed.acts/1\n"
#define MAGIC_SIZE (sizeof(MAGIC) - 1)
#define COUNT_AT (MAGIC_SIZE + 8)
#define HEAD (COUNT_AT + 2)
#define SALT 32

static void put_number(struct buf *out, uint64_t value, unsigned bytes)
{
	while (bytes-- > 0)
		buf_byte(out, (uint8_t)(value >> (8 * bytes)));
}

static uint64_t get_number(const uint8_t *at, unsigned bytes)
{
	uint64_t value = 0;

	while (bytes-- > 0)
		value = value << 8 | *at++;
	return value;
}

void acts_clear(struct acts *a)
{
	if (a->text.data != NULL)
		secret_wipe(a->text.data, a->text.len);
	buf_clear(&a->text);
	a->count = 0;
}

/* ---- making one ---- */

void acts_begin(uint64_t number, struct buf *text)
{
	buf_reset(text);
	buf_append(text, MAGIC, MAGIC_SIZE);
	put_number(text, number, 8);
	put_number(text, 0, 2);
}

/* The number of entries, and that of openings, are counted up where they
 * stand: how many there will be is not known before. */
static void add_one(uint8_t *at)
{
	uint64_t value = get_number(at, 2) + 1;

	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

void acts_add(struct buf *text, struct slice entry)
{
	if (entry.len >= 2 && text->len + entry.len <= ACTS_MAX - 2)
		buf_slice(text, entry);
	else
		put_number(text, 0, 2);
	if (!text->failed)
		add_one(text->data + COUNT_AT);
}

void acts_begin_entry(struct buf *entry)
{
	buf_reset(entry);
	put_number(entry, 0, 2);
}

void acts_put(struct buf *entry, const struct acts_opening *o)
{
	put_number(entry, strlen(o->label), 1);
	buf_append(entry, o->label, strlen(o->label) + 1);
	buf_append(entry, o->salt, SALT);
	put_number(entry, o->value.len, 2);
	buf_slice(entry, o->value);
	if (!entry->failed)
		add_one(entry->data);
}

/* ---- reading one ---- */

/* Take so many bytes off the front. */
static bool take(struct slice *s, size_t len, const uint8_t **out)
{
	if (s->len < len)
		return false;
	*out = s->data;
	s->data += len;
	s->len -= len;
	return true;
}

bool acts_next(struct slice *entry, struct acts_opening *out)
{
	struct slice s = *entry;
	const uint8_t *at, *label;
	size_t len;

	if (!take(&s, 1, &at))
		return false;
	len = *at;
	if (!take(&s, len + 1, &label) || label[len] != '\0' ||
	    !entry_word_valid((const char *)label) ||
	    strlen((const char *)label) != len || !take(&s, SALT, &out->salt) ||
	    !take(&s, 2, &at))
		return false;
	out->label = (const char *)label;
	out->value.len = (size_t)get_number(at, 2);
	if (!take(&s, out->value.len, &out->value.data))
		return false;
	*entry = s;
	return true;
}

/* Pass one entry; false where it is none. */
static bool pass_entry(struct slice *s)
{
	struct acts_opening o;
	const uint8_t *at;
	size_t i, count;

	if (!take(s, 2, &at))
		return false;
	count = (size_t)get_number(at, 2);
	for (i = 0; i < count; i++)
		if (!acts_next(s, &o))
			return false;
	return count <= ENTRY_LIST_MAX;
}

/* Every offset is found by going through all that is there once, so that
 * acts_entry and acts_next need not look at lengths again.  The number keeps a
 * block from being put in the place of another. */
static bool parse(struct acts *a, uint64_t number)
{
	struct slice s = buf_get(&a->text);
	const uint8_t *at;
	size_t i, count;

	if (s.len > ACTS_MAX || !take(&s, HEAD, &at) ||
	    memcmp(at, MAGIC, MAGIC_SIZE) != 0 ||
	    get_number(at + MAGIC_SIZE, 8) != number)
		return false;
	count = (size_t)get_number(at + COUNT_AT, 2);
	if (count == 0 || count > ACTS_BLOCK)
		return false;
	for (i = 0; i < count; i++) {
		a->at[i] = (uint32_t)(s.data - a->text.data);
		if (!pass_entry(&s))
			return false;
	}
	a->at[count] = (uint32_t)(s.data - a->text.data);
	a->count = count;
	return s.len == 0;
}

enum deed_status acts_parse(struct buf *text, uint64_t number, struct acts *a,
			    struct deed_error *err)
{
	a->text = *text;
	a->count = 0;
	*text = (struct buf)BUF_INIT;
	if (parse(a, number))
		return DEED_OK;
	acts_clear(a);
	return deed_error_set(err, DEED_MALFORMED,
			      "it is no block of the index");
}

struct slice acts_entry(const struct acts *a, size_t i)
{
	if (i >= a->count)
		return SLICE_NONE;
	return slice_of(a->text.data + a->at[i] + 2,
			a->at[i + 1] - a->at[i] - 2);
}

/* ---- its file ---- */

static char *block_path(const char *dir, uint64_t number)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "%06llu.cms",
		       (unsigned long long)number);
	return path_join(dir, name);
}

/* The keys newest first: a block that was written before the register changed
 * its key opens with an older one, and is made anew for the newest only when
 * it changes. */
static enum deed_status decrypt(struct slice cms,
				const struct deposit_key *const *keys,
				size_t count, struct buf *out,
				struct deed_error *err)
{
	struct envelope *e = calloc(1, sizeof(*e));
	enum deed_status status;
	struct secret *cek = NULL;
	size_t i;

	if (e == NULL)
		return deed_error_memory(err);
	status = envelope_parse(cms, e, err);
	if (status == DEED_OK)
		status = DEED_NOT_RECIPIENT;
	for (i = 0; i < count && status == DEED_NOT_RECIPIENT; i++)
		status = envelope_unwrap_key(
			e, slice_of(deposit_key_id(keys[i]), KEY_ID_SIZE),
			keys[i], &cek, err);
	if (status == DEED_OK)
		status = envelope_decrypt(e, cek, out, err);
	secret_free(cek);
	free(e);
	return status;
}

enum deed_status acts_read(const char *dir, uint64_t number,
			   const struct deposit_key *const *keys, size_t count,
			   struct acts *a, struct deed_error *err)
{
	struct buf cms = BUF_INIT, text = BUF_INIT;
	char *path = block_path(dir, number);
	enum deed_status status;

	*a = (struct acts)ACTS_INIT;
	if (path == NULL)
		return deed_error_memory(err);
	if (!file_exists(path)) {
		status = deed_error_set(err, DEED_NOT_FOUND, "there is no '%s'",
					path);
		goto out;
	}
	status = file_read(path, ACTS_MAX + (1 << 16), &cms, err);
	if (status == DEED_OK)
		status = decrypt(buf_get(&cms), keys, count, &text, err);
	if (status == DEED_OK)
		status = acts_parse(&text, number, a, err);
	/* Whatever is wrong with it, it is no block. */
	if (status != DEED_OK && status != DEED_NO_MEMORY)
		status = deed_error_set(err, DEED_DAMAGED,
					"'%s' is no block of the index", path);
out:
	if (text.data != NULL)
		secret_wipe(text.data, text.len);
	buf_clear(&text);
	buf_clear(&cms);
	free(path);
	return status;
}

enum deed_status acts_write(const char *dir, uint64_t number,
			    const struct dropbox_reader *to, struct slice text,
			    struct deed_error *err)
{
	char *path = block_path(dir, number);
	struct buf cms = BUF_INIT;
	struct envelope_to recipient;
	uint8_t id[KEY_ID_SIZE];
	struct slice ski = to->ski;
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	if (ski.len == 0 && spki_key_id(to->spki, id))
		ski = slice_of(id, sizeof(id));
	status = envelope_to_spki(ski, to->spki, &recipient, err);
	if (status == DEED_OK)
		status = envelope_write(&recipient, 1, NULL, text, &cms, err);
	if (status == DEED_OK)
		status = file_mkdirs(dir, 0700, err);
	if (status == DEED_OK)
		status = file_write(path, 0600, buf_get(&cms), OUTFILE_REPLACE,
				    err);
	buf_clear(&cms);
	free(path);
	return status;
}
