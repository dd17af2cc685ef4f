/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/der.h"

#define CONSTRUCTED 0x20
#define HIGH_TAG 0x1f
#define VALID_DEPTH 64

void der_init(struct der_reader *r, struct slice in)
{
	r->p = in.data;
	r->end = in.len == 0 ? in.data : in.data + in.len;
}

bool der_at_end(const struct der_reader *r)
{
	return r->p == r->end;
}

struct slice der_rest(const struct der_reader *r)
{
	return slice_of(r->p, (size_t)(r->end - r->p));
}

bool der_peek(const struct der_reader *r, uint8_t tag)
{
	return r->p != r->end && *r->p == tag;
}

/* X.690 10.1: the definite form in the fewest octets.  *at moves behind. */
static bool read_length(const uint8_t **at, const uint8_t *end, size_t *out)
{
	const uint8_t *p = *at;
	size_t len, count;

	if (p == end)
		return false;
	len = *p++;
	if (len >= 0x80) {
		count = len & 0x7f;
		if (count == 0 || count > sizeof(size_t) ||
		    count > (size_t)(end - p) || *p == 0)
			return false;
		for (len = 0; count > 0; count--)
			len = len << 8 | *p++;
		if (len < 0x80)
			return false;
	}
	if (len > (size_t)(end - p))
		return false;
	*at = p;
	*out = len;
	return true;
}

bool der_get_any(struct der_reader *r, uint8_t *tag, struct slice *content,
		 struct slice *whole)
{
	const uint8_t *p = r->p;
	size_t len;

	if (p == r->end || (*p & HIGH_TAG) == HIGH_TAG || *p == 0)
		return false;
	p++;
	if (!read_length(&p, r->end, &len))
		return false;
	if (tag != NULL)
		*tag = *r->p;
	if (content != NULL)
		*content = slice_of(p, len);
	if (whole != NULL)
		*whole = slice_of(r->p, (size_t)(p - r->p) + len);
	r->p = p + len;
	return true;
}

bool der_skip(struct der_reader *r)
{
	return der_get_any(r, NULL, NULL, NULL);
}

bool der_get(struct der_reader *r, uint8_t tag, struct slice *content)
{
	return der_peek(r, tag) && der_get_any(r, NULL, content, NULL);
}

bool der_get_element(struct der_reader *r, uint8_t tag, struct slice *whole)
{
	return der_peek(r, tag) && der_get_any(r, NULL, NULL, whole);
}

bool der_enter(struct der_reader *r, uint8_t tag, struct der_reader *inner)
{
	struct slice content;

	if (!der_get(r, tag, &content))
		return false;
	der_init(inner, content);
	return true;
}

bool der_get_optional(struct der_reader *r, uint8_t tag, bool *present,
		      struct slice *content)
{
	if (!der_peek(r, tag)) {
		*present = false;
		*content = SLICE_NONE;
		return true;
	}
	if (!der_get(r, tag, content))
		return false;
	*present = true;
	return true;
}

bool der_open(struct slice in, uint8_t tag, struct der_reader *inner)
{
	struct der_reader r;
	struct slice content;

	der_init(&r, in);
	if (!der_get(&r, tag, &content) || !der_at_end(&r))
		return false;
	der_init(inner, content);
	return true;
}

/* X.690 8.3.2: the first nine bits are neither all ones nor all zeros. */
static bool integer_minimal(struct slice s)
{
	if (s.len == 0)
		return false;
	if (s.len == 1)
		return true;
	return !(s.data[0] == 0 && s.data[1] < 0x80) &&
	       !(s.data[0] == 0xff && s.data[1] >= 0x80);
}

bool der_get_integer(struct der_reader *r, struct slice *out)
{
	struct der_reader at = *r;
	struct slice s;

	if (!der_get(&at, DER_INTEGER, &s) || !integer_minimal(s))
		return false;
	*r = at;
	*out = s;
	return true;
}

bool der_get_unsigned(struct der_reader *r, struct slice *out)
{
	struct der_reader at = *r;
	struct slice s;

	if (!der_get_integer(&at, &s) || s.data[0] >= 0x80)
		return false;
	if (s.len > 1 && s.data[0] == 0)
		s = slice_of(s.data + 1, s.len - 1);
	*r = at;
	*out = s;
	return true;
}

bool der_get_uint64(struct der_reader *r, uint64_t *out)
{
	struct der_reader at = *r;
	struct slice s;
	uint64_t value = 0;
	size_t i;

	if (!der_get_unsigned(&at, &s) || s.len > sizeof(value))
		return false;
	for (i = 0; i < s.len; i++)
		value = value << 8 | s.data[i];
	*r = at;
	*out = value;
	return true;
}

bool der_get_bool(struct der_reader *r, bool *out)
{
	struct der_reader at = *r;
	struct slice s;

	if (!der_get(&at, DER_BOOLEAN, &s) || s.len != 1 ||
	    (s.data[0] != 0 && s.data[0] != 0xff))
		return false;
	*r = at;
	*out = s.data[0] != 0;
	return true;
}

bool der_get_default_false(struct der_reader *r, bool *out)
{
	struct der_reader at = *r;
	bool value;

	if (!der_peek(r, DER_BOOLEAN)) {
		*out = false;
		return true;
	}
	/* X.690 11.5: a default value is not encoded. */
	if (!der_get_bool(&at, &value) || !value)
		return false;
	*r = at;
	*out = true;
	return true;
}

bool der_get_null(struct der_reader *r)
{
	struct der_reader at = *r;
	struct slice s;

	if (!der_get(&at, DER_NULL, &s) || s.len != 0)
		return false;
	*r = at;
	return true;
}

bool der_get_bits(struct der_reader *r, struct slice *out, unsigned *unused)
{
	struct der_reader at = *r;
	struct slice s;
	unsigned count;

	if (!der_get(&at, DER_BIT_STRING, &s) || s.len == 0)
		return false;
	count = s.data[0];
	if (count > 7 || (count > 0 && (s.len == 1 || unused == NULL)))
		return false;
	/* X.690 11.2.1: unused bits are zero. */
	if (count > 0 && (s.data[s.len - 1] & ((1u << count) - 1)) != 0)
		return false;
	if (unused != NULL)
		*unused = count;
	*out = slice_of(s.data + 1, s.len - 1);
	*r = at;
	return true;
}

bool der_get_oid(struct der_reader *r, struct slice *out)
{
	struct der_reader at = *r;
	struct slice s;

	if (!der_get(&at, DER_OID, &s) || !oid_valid(s))
		return false;
	*r = at;
	*out = s;
	return true;
}

bool der_get_known_oid(struct der_reader *r, enum oid *out)
{
	struct slice s;

	if (!der_get_oid(r, &s))
		return false;
	*out = oid_find(s);
	return true;
}

/*
 * One step of der_valid: the element at r is strict as far as its own octets
 * tell.  What is primitive and universal is checked by type.
 */
static bool element_valid(const struct der_reader *r, uint8_t tag)
{
	struct der_reader at = *r;
	struct slice s;
	unsigned unused;
	bool truth;

	switch (tag) {
	case DER_BOOLEAN:
		return der_get_bool(&at, &truth);
	case DER_INTEGER:
		return der_get_integer(&at, &s);
	case DER_BIT_STRING:
		return der_get_bits(&at, &s, &unused);
	case DER_NULL:
		return der_get_null(&at);
	case DER_OID:
		return der_get_oid(&at, &s);
	default:
		/* Of the universal types only SEQUENCE, SET, EXTERNAL and the
		 * like are constructed in DER (X.690 10.2). */
		if (tag >= 0x40 || (tag & CONSTRUCTED) == 0)
			return true;
		return tag == DER_SEQUENCE || tag == DER_SET || tag == 0x28 ||
		       tag == 0x2b || tag == 0x3d;
	}
}

/* Without recursion: the ends of what is open lie in an array, which max_depth
 * bounds. */
bool der_valid(struct slice in, unsigned max_depth, size_t *used)
{
	const uint8_t *ends[VALID_DEPTH];
	unsigned depth = 0;
	struct der_reader r, before;
	struct slice content, whole;
	uint8_t tag;

	if (max_depth > VALID_DEPTH)
		max_depth = VALID_DEPTH;
	der_init(&r, in);
	do {
		before = r;
		if (!der_get_any(&r, &tag, &content, &whole) ||
		    !element_valid(&before, tag))
			return false;
		if (depth == 0 && used != NULL)
			*used = whole.len;
		if ((tag & CONSTRUCTED) != 0) {
			if (depth == max_depth)
				return false;
			ends[depth++] = r.end;
			der_init(&r, content);
		}
		while (depth > 0 && der_at_end(&r))
			r.end = ends[--depth];
	} while (depth > 0);
	return true;
}
