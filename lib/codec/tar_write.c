/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/tar_write.h"

#include <inttypes.h>
#include <stdio.h>

#include "codec/tar_wire.h"

/* Fields of a ustar header (POSIX.1-2017, pax, "ustar Interchange Format"):
 * offset and size. */
#define NAME_AT 0
#define NAME_SIZE 100
#define MODE_AT 100
#define OWNER_AT 108
#define GROUP_AT 116
#define SIZE_AT 124
#define MTIME_AT 136
#define CHECKSUM_AT 148
#define CHECKSUM_SIZE 8
#define TYPE_AT 156
#define MAGIC_AT 257

#define REGULAR '0'
#define EXTENDED 'x' /* records for the entry that follows */

/* What eleven octal digits cannot hold. */
#define NUMBER_END (UINT64_C(1) << 33)

/* The terminating NUL is not copied: the header was zeroed, and the field is
 * longer than its digits. */
static void octal(uint8_t *header, size_t at, int digits, uint64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%0*" PRIo64, digits, v);
	memcpy(header + at, text, (size_t)digits);
}

/* POSIX.1-2017, pax: the sum of all octets with the field itself taken as
 * spaces; six digits, NUL, and the space that is left of them. */
static void checksum(uint8_t header[TAR_BLOCK])
{
	unsigned sum = 0;
	size_t i;

	memset(header + CHECKSUM_AT, ' ', CHECKSUM_SIZE);
	for (i = 0; i < TAR_BLOCK; i++)
		sum += header[i];
	octal(header, CHECKSUM_AT, 6, sum);
	header[CHECKSUM_AT + 6] = '\0';
}

/* Owner and group are 0, and no names of them: the same content is the same
 * tar wherever it is written.  Name and numbers fit, or an extended header
 * before it has them. */
static void put_header(char type, struct slice name, unsigned mode,
		       uint64_t size, uint64_t mtime, struct buf *out)
{
	uint8_t header[TAR_BLOCK] = { 0 };

	memcpy(header + NAME_AT, name.data, name.len);
	octal(header, MODE_AT, 7, mode);
	octal(header, OWNER_AT, 7, 0);
	octal(header, GROUP_AT, 7, 0);
	octal(header, SIZE_AT, 11, size);
	octal(header, MTIME_AT, 11, mtime);
	header[TYPE_AT] = (uint8_t)type;
	memcpy(header + MAGIC_AT, "ustar\00000", 8);
	checksum(header);
	buf_append(out, header, sizeof(header));
}

/* Of a decimal number, for a record that counts its own length. */
static size_t digits(size_t v)
{
	size_t n = 1;

	for (; v >= 10; v /= 10)
		n++;
	return n;
}

/* "LENGTH KEY=VALUE\n", where the length counts itself. */
static void record(struct buf *out, const char *key, const char *value)
{
	size_t rest = strlen(key) + strlen(value) + 3;
	size_t len = rest + digits(rest);

	len = rest + digits(len);
	buf_printf(out, "%zu %s=%s\n", len, key, value);
}

/* Up to the field's size, and no part of a character of UTF-8. */
static struct slice short_name(const char *name)
{
	size_t len = strlen(name);

	if (len > NAME_SIZE)
		for (len = NAME_SIZE; ((uint8_t)name[len] & 0xc0) == 0x80;)
			len--;
	return slice_of(name, len);
}

/* A name beyond ASCII gets a record though it is short: the encoding of the
 * field is not defined, that of records is UTF-8. */
static bool fits(const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0'; i++)
		if ((uint8_t)name[i] >= 0x80)
			return false;
	return i <= NAME_SIZE;
}

/* Before 1970, or too large: neither fits the digits of the header. */
static bool is_number(int64_t v)
{
	return v >= 0 && (uint64_t)v < NUMBER_END;
}

/* What the header of the entry has no room for. */
static void put_extended(const struct tar_entry *e, struct buf *out)
{
	struct buf records = BUF_INIT;
	char number[24];

	if (!fits(e->name))
		record(&records, "path", e->name);
	if (e->size >= NUMBER_END) {
		snprintf(number, sizeof(number), "%" PRIu64, e->size);
		record(&records, "size", number);
	}
	if (!is_number(e->mtime)) {
		snprintf(number, sizeof(number), "%" PRId64, e->mtime);
		record(&records, "mtime", number);
	}
	if (records.len > 0) {
		put_header(EXTENDED, slice_str("PaxHeader"), 0644, records.len,
			   0, out);
		buf_slice(out, buf_get(&records));
		buf_fill(out, 0, tar_padding(records.len));
	}
	if (records.failed)
		out->failed = true;
	buf_clear(&records);
}

enum deed_status tar_header(const struct tar_entry *e, struct buf *out,
			    struct deed_error *err)
{
	if (!tar_name_valid(slice_str(e->name)))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' cannot be a name in a container",
				      e->name);
	put_extended(e, out);
	put_header(REGULAR, short_name(e->name), e->mode == 0 ? 0644 : e->mode,
		   e->size < NUMBER_END ? e->size : 0,
		   is_number(e->mtime) ? (uint64_t)e->mtime : 0, out);
	return buf_status(out, err);
}

/* Of eleven octal digits; anything else is none that we write. */
static int64_t read_time(const uint8_t *header)
{
	int64_t v = 0;
	size_t i;

	for (i = 0; i < 11; i++)
		v = 8 * v + (header[MTIME_AT + i] & 7);
	return v;
}

/* That of the last record, which has what the digits cannot hold. */
static bool read_record(struct slice header, int64_t *t)
{
	static const char key[] = " mtime=";
	const size_t len = sizeof(key) - 1;
	const size_t end = header.len - TAR_BLOCK; /* of the records */
	size_t i = end;
	bool negative;
	uint64_t v = 0;

	while (i > TAR_BLOCK && memcmp(header.data + i - len, key, len) != 0)
		i--;
	if (i <= TAR_BLOCK)
		return false;
	negative = i < end && header.data[i] == '-';
	for (i += negative;
	     i < end && header.data[i] >= '0' && header.data[i] <= '9'; i++)
		v = 10 * v + (uint64_t)(header.data[i] - '0');
	*t = (int64_t)(negative ? -v : v);
	return true;
}

/* Written anew and compared: whatever is not exactly what we write, down to
 * the padding, is none of ours. */
static bool is_header_at(struct slice header, struct tar_entry *e)
{
	struct buf again = BUF_INIT;
	bool same = tar_header(e, &again, NULL) == DEED_OK &&
		    slice_equal(buf_get(&again), header);

	buf_clear(&again);
	return same;
}

bool tar_header_is(struct slice header, const char *name, uint64_t size)
{
	struct tar_entry e = { .size = size };

	if (header.len < TAR_BLOCK || strlen(name) > TAR_NAME)
		return false;
	memcpy(e.name, name, strlen(name) + 1);
	e.mtime = read_time(header.data + header.len - TAR_BLOCK);
	return is_header_at(header, &e) ||
	       (read_record(header, &e.mtime) && is_header_at(header, &e));
}

void tar_end(struct buf *out)
{
	buf_fill(out, 0, TAR_END_SIZE);
}
