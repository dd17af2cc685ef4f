/* SPDX-License-Identifier: Apache-2.0 */
#include "event/acts.h"

#include "base/secret.h"

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
