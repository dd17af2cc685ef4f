/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/oid.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct entry {
	const char *dotted;
	const char *text;
	uint8_t encoded[OID_MAX_ENCODED];
	uint8_t len;
};

static struct entry entries[OID_COUNT] = {
	[OID_NONE] = { .dotted = "", .text = "" },
#define OID(name, d, t) [OID_##name] = { .dotted = (d), .text = (t) },
#include "codec/oid.def"
#undef OID
};

/* Open addressing over a power of two at least twice the count. */
#define SLOTS 1024
static uint16_t slots[SLOTS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

_Static_assert(OID_COUNT < SLOTS / 2, "make SLOTS larger");

/* FNV-1a: short keys, and the table is fixed, so nobody can choose it. */
static unsigned hash(struct slice s)
{
	uint32_t h = 2166136261u;
	size_t i;

	for (i = 0; i < s.len; i++)
		h = (h ^ s.data[i]) * 16777619u;
	return h % SLOTS;
}

/* Base 128, high bit on all but the last octet (X.690 8.19.2). */
static size_t encode_arc(unsigned __int128 arc, uint8_t out[19])
{
	uint8_t reversed[19];
	size_t count = 0, i;

	do {
		reversed[count++] = (uint8_t)(arc & 0x7f);
		arc >>= 7;
	} while (arc > 0);
	for (i = 0; i < count; i++)
		out[i] = (uint8_t)(reversed[count - 1 - i] |
				   (i + 1 < count ? 0x80 : 0));
	return count;
}

/* A decimal arc without leading zero; *text moves behind it. */
static bool parse_arc(const char **text, unsigned __int128 *out)
{
	const unsigned __int128 most = ~(unsigned __int128)0;
	const char *p = *text;
	unsigned __int128 value = 0;

	if (*p < '0' || *p > '9' || (p[0] == '0' && p[1] >= '0' && p[1] <= '9'))
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		unsigned digit = (unsigned)(*p - '0');

		if (value >= most / 10 &&
		    (value > most / 10 || digit > most % 10))
			return false;
		value = value * 10 + digit;
	}
	*text = p;
	*out = value;
	return true;
}

/* Writes at most cap octets; 0 if it is no dotted identifier. */
static size_t encode(const char *dotted, uint8_t *out, size_t cap)
{
	unsigned __int128 first, arc;
	uint8_t octets[19];
	size_t len = 0, count;

	if (!parse_arc(&dotted, &first) || first > 2 || *dotted++ != '.' ||
	    !parse_arc(&dotted, &arc) || (first < 2 && arc > 39) ||
	    arc > ~(unsigned __int128)0 - 80)
		return 0;
	arc += first * 40;
	for (;;) {
		count = encode_arc(arc, octets);
		if (len + count > cap)
			return 0;
		memcpy(out + len, octets, count);
		len += count;
		if (*dotted == '\0')
			return len;
		if (*dotted++ != '.' || !parse_arc(&dotted, &arc))
			return 0;
	}
}

/* Once, for the table lists dotted text and what is looked up is encoded.  A
 * name in oid.def that is no identifier is a mistake of ours, and stops the
 * first run of any test. */
static void build(void)
{
	unsigned i, at;

	for (i = 1; i < OID_COUNT; i++) {
		struct entry *e = &entries[i];

		e->len = (uint8_t)encode(e->dotted, e->encoded,
					 sizeof(e->encoded));
		assert(e->len > 0);
		at = hash(slice_of(e->encoded, e->len));
		while (slots[at] != 0)
			at = (at + 1) % SLOTS;
		slots[at] = (uint16_t)i;
	}
}

enum oid oid_find(struct slice encoded)
{
	unsigned at;

	(void)pthread_once(&once, build);
	if (encoded.len == 0 || encoded.len > OID_MAX_ENCODED)
		return OID_NONE;
	for (at = hash(encoded); slots[at] != 0; at = (at + 1) % SLOTS) {
		const struct entry *e = &entries[slots[at]];

		if (slice_equal(slice_of(e->encoded, e->len), encoded))
			return (enum oid)slots[at];
	}
	return OID_NONE;
}

enum oid oid_find_text(const char *text)
{
	unsigned i;

	for (i = 1; i < OID_COUNT; i++) {
		if (!strcmp(entries[i].text, text))
			return (enum oid)i;
	}
	return OID_NONE;
}

struct slice oid_slice(enum oid oid)
{
	(void)pthread_once(&once, build);
	assert(oid >= 0 && oid < OID_COUNT);
	return slice_of(entries[oid].encoded, entries[oid].len);
}

const char *oid_text(enum oid oid)
{
	assert(oid >= 0 && oid < OID_COUNT);
	return entries[oid].text;
}

/* An arc has up to 128 bits here, for which printf has no format: those made
 * of UUIDs have 128. 39 digits are the most. */
static void put_decimal(unsigned __int128 value, struct buf *out)
{
	char digits[40];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + (unsigned)(value % 10));
		value /= 10;
	} while (value > 0);
	buf_append(out, digits + at, sizeof(digits) - at);
}

/* The first two arcs share a subidentifier (X.690 8.19.4).  An arc of more
 * than 128 bits is written as a question mark: it is for people. */
void oid_dotted(struct slice encoded, struct buf *out)
{
	unsigned __int128 arc = 0;
	bool over = false, first = true;
	size_t i;

	for (i = 0; i < encoded.len; i++) {
		over = over || arc >> 121 != 0;
		arc = arc << 7 | (encoded.data[i] & 0x7f);
		if ((encoded.data[i] & 0x80) != 0)
			continue;
		if (first) {
			unsigned top = over || arc >= 80 ? 2 : arc >= 40;

			buf_byte(out, (uint8_t)('0' + top));
			arc -= top * 40;
		}
		buf_byte(out, '.');
		if (over)
			buf_byte(out, '?');
		else
			put_decimal(arc, out);
		arc = 0;
		over = false;
		first = false;
	}
}

void oid_describe(struct slice encoded, struct buf *out)
{
	const size_t most = 128;
	enum oid oid = oid_find(encoded);

	if (oid != OID_NONE)
		buf_printf(out, "%s (", oid_text(oid));
	if (encoded.len > most)
		encoded.len = most;
	oid_dotted(encoded, out);
	if (oid != OID_NONE)
		buf_byte(out, ')');
}

enum deed_status oid_not_known(const char *what, struct slice encoded,
			       struct deed_error *err)
{
	struct buf b = BUF_INIT;

	oid_describe(encoded, &b);
	buf_byte(&b, 0);
	deed_error_set(err, DEED_UNSUPPORTED, "the %s %.300s is not known",
		       what, b.failed ? "?" : (const char *)b.data);
	buf_clear(&b);
	return DEED_UNSUPPORTED;
}

bool oid_encode(const char *dotted, struct buf *out)
{
	uint8_t encoded[256];
	size_t len = encode(dotted, encoded, sizeof(encoded));

	buf_append(out, encoded, len);
	return len > 0;
}

bool oid_valid(struct slice encoded)
{
	bool start = true;
	size_t i;

	for (i = 0; i < encoded.len; i++) {
		if (start && encoded.data[i] == 0x80)
			return false;
		start = (encoded.data[i] & 0x80) == 0;
	}
	return encoded.len > 0 && start;
}
