/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/object.h"

#include <inttypes.h>
#include <stdio.h>

#include "archive/erasure.h"
#include "codec/hex.h"

/* Prefix and suffix around what differs. */
static const struct {
	const char *before, *after;
	bool number, part;
	unsigned digits;
} form[] = {
	[OBJECT_SEGMENT] = { "segment-", "", true, true, 8 },
	[OBJECT_SHARE] = { "share-", ".txt", false, true, 0 },
	[OBJECT_KEYS] = { "keys-", ".cms", false, false, 0 },
	[OBJECT_README] = { "README-", ".txt", false, false, 0 },
	[OBJECT_SCRIPT] = { "deed-join-", ".py", false, false, 0 },
	[OBJECT_SUMS] = { "sha256sums-", ".txt", false, false, 0 },
	[OBJECT_MANIFEST] = { "manifest-", ".cms", true, false, 1 },
	[OBJECT_BOX] = { "box-", ".tar", false, true, 0 },
};
#define KINDS (sizeof(form) / sizeof(form[0]))

void object_format(const struct object_name *o, char out[PLACE_NAME + 1])
{
	char hex[2 * SHA256_SIZE + 1], number[24] = "", part[16] = "";

	hex_text(slice_of(o->sha256, SHA256_SIZE), hex);
	if (form[o->kind].number)
		snprintf(number, sizeof(number), "%0*" PRIu64 "-",
			 (int)form[o->kind].digits, o->number);
	if (form[o->kind].part)
		snprintf(part, sizeof(part), "%u-", o->part);
	snprintf(out, PLACE_NAME + 1, "%s%s%s%s%s", form[o->kind].before,
		 number, part, hex, form[o->kind].after);
}

/* Digits up to a '-', which is passed. */
static bool get_number(const char **p, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;
	const char *s = *p;

	for (; *s >= '0' && *s <= '9' && v <= max; s++)
		v = 10 * v + (uint64_t)(*s - '0');
	if (s == *p || *s != '-' || v > max)
		return false;
	*p = s + 1;
	*out = v;
	return true;
}

/* Loosely: object_parse formats it again and compares, so that a name has one
 * spelling. */
static bool parse_kind(const char *name, enum object_kind kind,
		       struct object_name *o)
{
	size_t len = strlen(form[kind].before);
	uint64_t part = 0;

	memset(o, 0, sizeof(*o));
	o->kind = kind;
	if (strncmp(name, form[kind].before, len))
		return false;
	name += len;
	if (form[kind].number && !get_number(&name, UINT32_MAX, &o->number))
		return false;
	if (form[kind].part && !get_number(&name, ERASURE_MAX, &part))
		return false;
	o->part = (unsigned)part;
	if (strlen(name) != 2 * SHA256_SIZE + strlen(form[kind].after) ||
	    strcmp(name + 2 * SHA256_SIZE, form[kind].after))
		return false;
	return hex_read(slice_of(name, 2 * SHA256_SIZE), o->sha256,
			SHA256_SIZE);
}

bool object_parse(const char *name, struct object_name *o)
{
	char again[PLACE_NAME + 1];
	size_t i;

	for (i = 0; i < KINDS; i++) {
		if (!parse_kind(name, (enum object_kind)i, o))
			continue;
		object_format(o, again);
		return !strcmp(name, again);
	}
	return false;
}

enum deed_status object_get_begin(struct place *p, const char *folder,
				  const struct object_name *o, size_t max,
				  struct buf *out, struct place_ticket **ticket,
				  struct deed_error *err)
{
	char name[PLACE_NAME + 1];

	object_format(o, name);
	return place_get_known_begin(p, folder, name, o->sha256, max, out,
				     ticket, err);
}

enum deed_status object_fill_begin(struct place *p, const char *folder,
				   const struct object_name *o, uint8_t *into,
				   size_t size, struct place_ticket **ticket,
				   struct deed_error *err)
{
	char name[PLACE_NAME + 1];

	object_format(o, name);
	return place_fill_begin(p, folder, name, o->sha256, into, size, ticket,
				err);
}

enum deed_status object_get_finish(struct place *p, const struct object_name *o,
				   struct place_ticket *ticket,
				   struct deed_error *err)
{
	char name[PLACE_NAME + 1];
	enum deed_status status = place_finish(ticket, err);

	if (status != DEED_LIMIT)
		return status;
	object_format(o, name);
	return deed_error_set(err, DEED_DAMAGED, "'%s' at place %s is too long",
			      name, place_name(p));
}

enum deed_status object_get(struct place *p, const char *folder,
			    const struct object_name *o, size_t max,
			    struct buf *out, struct deed_error *err)
{
	struct place_ticket *ticket;
	enum deed_status status =
		object_get_begin(p, folder, o, max, out, &ticket, err);

	return status == DEED_OK ? object_get_finish(p, o, ticket, err)
				 : status;
}
