/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/layout.h"

#include <assert.h>

#include "codec/hex.h"

struct other {
	enum object_kind kind;
	const uint8_t *hash;
};

/* After the segments: share, keys, README, script. */
#define OTHERS 4
/* A box, README, script. */
#define BOXED 3

size_t layout_count(const struct manifest *m)
{
	return manifest_boxed(m) ? BOXED : m->chunk_count + OTHERS;
}

/* One order for all who go through a part's objects: an index means the same
 * in check, repair and rebalance. */
void layout_object(const struct manifest *m, unsigned part,
		   const uint8_t share[SHA256_SIZE], size_t i,
		   struct object_name *o)
{
	const struct other plain[OTHERS] = {
		{ OBJECT_SHARE, share },
		{ OBJECT_KEYS, m->keys },
		{ OBJECT_README, m->readme },
		{ OBJECT_SCRIPT, m->script },
	};
	const struct other boxed[BOXED] = {
		{ OBJECT_BOX, m->box[part - 1] },
		{ OBJECT_README, m->readme },
		{ OBJECT_SCRIPT, m->script },
	};
	const struct other *other = manifest_boxed(m) ? boxed : plain;

	assert(part >= 1 && part <= m->n && i < layout_count(m));
	memset(o, 0, sizeof(*o));
	if (!manifest_boxed(m) && i < m->chunk_count) {
		o->kind = OBJECT_SEGMENT;
		o->number = i;
		o->part = part;
		memcpy(o->sha256, m->chunk[i].segment[part - 1], SHA256_SIZE);
		return;
	}
	if (!manifest_boxed(m))
		i -= m->chunk_count;
	o->kind = other[i].kind;
	if (o->kind == OBJECT_SHARE || o->kind == OBJECT_BOX)
		o->part = part;
	memcpy(o->sha256, other[i].hash, SHA256_SIZE);
}

const char *layout_folder(const struct manifest *m, enum object_kind kind,
			  const char *deposit)
{
	bool about = kind == OBJECT_README || kind == OBJECT_SCRIPT;

	return about && m->edition > 1 ? OBJECT_ABOUT : deposit;
}

void layout_sums(const struct manifest *m, unsigned part,
		 const uint8_t share[SHA256_SIZE], struct buf *out)
{
	char name[PLACE_NAME + 1];
	struct object_name o;
	size_t i;

	for (i = 0; i < layout_count(m); i++) {
		layout_object(m, part, share, i, &o);
		object_format(&o, name);
		hex_encode(slice_of(o.sha256, SHA256_SIZE), out);
		buf_printf(out, "  %s\n", name);
	}
}
