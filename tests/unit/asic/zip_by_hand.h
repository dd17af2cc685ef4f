/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_ASIC_ZIP_BY_HAND_H
#define DEED_TESTS_ASIC_ZIP_BY_HAND_H

#include "test.h"

#include <stdio.h>
#include <zlib.h>

#include "asic/zip_format.h"
#include "asic/zip_read.h"

/* A ZIP whose every field is said: what zip_write.h never writes. */
struct hand {
	const char *name, *content;
	unsigned flags;	      /* of both headers */
	unsigned local_flags; /* and of the local one */
	unsigned central_flags;
	uint32_t attributes;
	struct slice local, central; /* extra fields */
	bool bare;		     /* no descriptor, whatever is announced */
};

static inline void hand_16(struct buf *b, uint32_t value)
{
	buf_byte(b, (uint8_t)value);
	buf_byte(b, (uint8_t)(value >> 8));
}

static inline void hand_32(struct buf *b, uint32_t value)
{
	hand_16(b, value);
	hand_16(b, value >> 16);
}

/* From the flags to the length of the extra field. */
static inline void hand_common(const struct hand *h, unsigned flags, bool later,
			       size_t extra, struct buf *b)
{
	uint32_t size = (uint32_t)strlen(h->content);
	uint32_t crc = (uint32_t)crc32(0, (const Bytef *)h->content, size);

	hand_16(b, flags);
	hand_16(b, 0);
	hand_32(b, 0);
	hand_32(b, later ? 0 : crc);
	hand_32(b, later ? 0 : size);
	hand_32(b, later ? 0 : size);
	hand_16(b, (uint32_t)strlen(h->name));
	hand_16(b, (uint32_t)extra);
}

static inline void hand_local(const struct hand *h, struct buf *b)
{
	unsigned flags = h->flags | h->local_flags;
	uint32_t size = (uint32_t)strlen(h->content);
	bool later = (flags & ZIP_FLAG_DESCRIPTOR) != 0 && !h->bare;

	hand_32(b, ZIP_LOCAL);
	hand_16(b, 20);
	hand_common(h, flags, later, h->local.len, b);
	buf_str(b, h->name);
	buf_slice(b, h->local);
	buf_str(b, h->content);
	if (!later)
		return;
	hand_32(b, ZIP_DESCRIPTOR);
	hand_32(b, (uint32_t)crc32(0, (const Bytef *)h->content, size));
	hand_32(b, size);
	hand_32(b, size);
}

static inline void hand_central(const struct hand *h, uint32_t offset,
				struct buf *b)
{
	hand_32(b, ZIP_CENTRAL);
	hand_16(b, 0x0314);
	hand_16(b, 20);
	hand_common(h, h->flags | h->central_flags, false, h->central.len, b);
	hand_16(b, 0);
	hand_32(b, 0);
	hand_32(b, h->attributes);
	hand_32(b, offset);
	buf_str(b, h->name);
	buf_slice(b, h->central);
}

/* count entries, 4 at most; the comment has the length that is said. */
static inline void hand_zip(const struct hand *list, size_t count,
			    struct slice comment, size_t said, struct buf *b)
{
	uint32_t at[4], start;
	size_t i;

	for (i = 0; i < count; i++) {
		at[i] = (uint32_t)b->len;
		hand_local(&list[i], b);
	}
	start = (uint32_t)b->len;
	for (i = 0; i < count; i++)
		hand_central(&list[i], at[i], b);
	hand_32(b, ZIP_END);
	hand_32(b, 0);
	hand_16(b, (uint32_t)count);
	hand_16(b, (uint32_t)count);
	hand_32(b, (uint32_t)(b->len - 12 - start));
	hand_32(b, start);
	hand_16(b, (uint32_t)said);
	buf_slice(b, comment);
}

/* Open it: the fault's id, or "none" and *z, if that is wanted. */
static inline const char *hand_open(struct slice bytes, struct zip **z)
{
	static struct zip_fault fault;
	FILE *file = tmpfile();
	struct zip *own;

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.data, 1, bytes.len, file), bytes.len);
	assert_int_equal(fflush(file), 0);
	assert_ok(zip_open(fileno(file), "test", &own, &fault, err));
	(void)fclose(file);
	if (z != NULL)
		*z = own;
	else
		zip_close(own);
	return fault.found ? fault.id : "none";
}

#endif
