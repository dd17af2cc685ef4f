/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/tar_wire.h"

#include "codec/utf8.h"

#define FIXED 24

static void put64(struct buf *out, uint64_t v)
{
	int shift;

	for (shift = 56; shift >= 0; shift -= 8)
		buf_byte(out, (uint8_t)(v >> shift));
}

static uint64_t get64(const uint8_t *p)
{
	uint64_t v = 0;
	int i;

	for (i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

void tar_put_entry(const struct tar_entry *e, struct buf *out)
{
	put64(out, e->size);
	put64(out, (uint64_t)e->mtime);
	put64(out, e->mode);
	buf_str(out, e->name);
}

bool tar_get_entry(struct slice body, struct tar_entry *e)
{
	struct slice name;

	if (body.len < FIXED)
		return false;
	name = slice_of(body.data + FIXED, body.len - FIXED);
	if (!tar_name_valid(name))
		return false;
	e->size = get64(body.data);
	e->mtime = (int64_t)get64(body.data + 8);
	e->mode = (unsigned)get64(body.data + 16) & 0777;
	memcpy(e->name, name.data, name.len);
	e->name[name.len] = '\0';
	return true;
}

/* Neither empty, which is a leading or doubled slash, nor one that leads to
 * the folder itself or out of it. */
static bool part_valid(const uint8_t *part, size_t len)
{
	return len > 0 && !(len == 1 && part[0] == '.') &&
	       !(len == 2 && part[0] == '.' && part[1] == '.');
}

bool tar_name_valid(struct slice name)
{
	size_t i, start = 0;

	if (name.len == 0 || name.len > TAR_NAME || !utf8_valid(name))
		return false;
	for (i = 0; i < name.len; i++) {
		uint8_t c = name.data[i];

		if (c < 0x20 || c == 0x7f || c == '\\')
			return false;
		if (c != '/')
			continue;
		if (!part_valid(name.data + start, i - start))
			return false;
		start = i + 1;
	}
	return part_valid(name.data + start, name.len - start);
}
