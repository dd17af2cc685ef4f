/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/ber.h"

#include "codec/der.h"

#define CONSTRUCTED 0x20
#define HIGH_TAG 0x1f

/*
 * One constructed element that is open on the way.  A constructed string
 * becomes primitive: its segments' contents follow one another, and levels
 * within it write no header of their own.
 */
struct level {
	const uint8_t *end;   /* of a definite length; NULL: end-of-contents */
	const uint8_t *limit; /* of what may be read inside */
	size_t content;	      /* offset in out of the content */
	uint8_t string;	      /* tag of the string being joined; 0: none */
	bool header;	      /* write a length when it ends */
};

struct converter {
	const uint8_t *p;
	struct buf *out;
	struct level levels[BER_MAX_DEPTH];
	unsigned depth;
	bool too_deep;
	bool last_unused; /* a BIT STRING segment with unused bits was seen */
};

struct header {
	uint8_t tag;
	bool indefinite;
	size_t len;
};

/* Tag and length in BER (X.690 8.1); p moves behind them. */
static bool read_header(const uint8_t **at, const uint8_t *limit,
			struct header *h)
{
	const uint8_t *p = *at;
	size_t count;

	if (limit - p < 2 || (*p & HIGH_TAG) == HIGH_TAG)
		return false;
	h->tag = *p++;
	h->indefinite = *p == 0x80;
	h->len = *p++;
	if (h->indefinite) {
		h->len = 0;
		if ((h->tag & CONSTRUCTED) == 0)
			return false;
	} else if (h->len > 0x80) {
		count = h->len & 0x7f;
		if (count == 0x7f || count > (size_t)(limit - p))
			return false;
		for (h->len = 0; count > 0; count--) {
			if (h->len >> (8 * sizeof(h->len) - 8) != 0)
				return false;
			h->len = h->len << 8 | *p++;
		}
	}
	if (h->len > (size_t)(limit - p))
		return false;
	*at = p;
	return true;
}

/* Is the universal type a string, which BER may cut into segments? */
static bool is_string(uint8_t tag)
{
	switch (tag & ~CONSTRUCTED) {
	case DER_BIT_STRING:
	case DER_OCTET_STRING:
	case DER_UTF8_STRING:
	case DER_NUMERIC_STRING:
	case DER_PRINTABLE_STRING:
	case DER_T61_STRING:
	case 0x15: /* VideotexString */
	case DER_IA5_STRING:
	case DER_UTC_TIME:
	case DER_GENERALIZED_TIME:
	case 0x19: /* GraphicString */
	case DER_VISIBLE_STRING:
	case 0x1b: /* GeneralString */
	case DER_UNIVERSAL_STRING:
	case DER_BMP_STRING:
		return true;
	default:
		return false;
	}
}

/* Open a constructed element whose header was read. */
static bool push(struct converter *c, const struct header *h,
		 const uint8_t *limit, uint8_t joining)
{
	struct level *l;

	if (c->depth == BER_MAX_DEPTH) {
		c->too_deep = true;
		return false;
	}
	l = &c->levels[c->depth++];
	l->end = h->indefinite ? NULL : c->p + h->len;
	l->limit = h->indefinite ? limit : l->end;
	l->header = joining == 0;
	l->string = joining;
	if (!l->header)
		return true;
	if (is_string(h->tag)) {
		l->string = (uint8_t)(h->tag & ~CONSTRUCTED);
		c->last_unused = false;
	}
	buf_byte(c->out, l->string != 0 ? l->string : h->tag);
	buf_byte(c->out, 0);
	l->content = c->out->len;
	/* The count of unused bits; segments set it. */
	if (l->string == DER_BIT_STRING)
		buf_byte(c->out, 0);
	return true;
}

/* Put in the length of the element that ends here. */
static void pop(struct converter *c)
{
	struct level *l = &c->levels[--c->depth];
	size_t len = c->out->len - l->content, rest;
	uint8_t length[sizeof(size_t)];
	unsigned count = 0, i;

	if (!l->header || c->out->failed)
		return;
	if (len < 0x80) {
		c->out->data[l->content - 1] = (uint8_t)len;
		return;
	}
	for (rest = len; rest > 0; rest >>= 8)
		count++;
	for (i = 0; i < count; i++)
		length[i] = (uint8_t)(len >> 8 * (count - 1 - i));
	c->out->data[l->content - 1] = (uint8_t)(0x80 | count);
	buf_insert(c->out, l->content, length, count);
}

/* A segment of the string being joined. */
static bool put_segment(struct converter *c, const struct header *h,
			uint8_t string)
{
	const uint8_t *p = c->p;
	size_t len = h->len;
	struct level *l = &c->levels[c->depth - 1];

	/* X.690 8.14: segments of any string but a bit string are octet
	 * strings; some write the string's own tag. */
	if (h->tag != string &&
	    (string == DER_BIT_STRING || h->tag != DER_OCTET_STRING))
		return false;
	if (string == DER_BIT_STRING) {
		while (!l->header)
			l--;
		/* Only the last segment may have unused bits. */
		if (len == 0 || p[0] > 7 || c->last_unused ||
		    (p[0] > 0 && len == 1))
			return false;
		c->last_unused = p[0] > 0;
		if (!c->out->failed)
			c->out->data[l->content] = p[0];
		p++;
		len--;
		if (len > 0) {
			buf_append(c->out, p, len);
			if (c->last_unused && !c->out->failed)
				c->out->data[c->out->len - 1] &=
					(uint8_t)(0xff
						  << c->out->data[l->content]);
		}
		return true;
	}
	buf_append(c->out, p, len);
	return true;
}

/* A primitive element with its own header. */
static bool put_primitive(struct converter *c, const struct header *h)
{
	struct slice content = slice_of(c->p, h->len);
	struct der_writer w;

	der_writer_init(&w, c->out);
	if (h->tag == DER_BOOLEAN) {
		if (h->len != 1)
			return false;
		der_put_bool(&w, content.data[0] != 0);
		return true;
	}
	der_put(&w, h->tag, content);
	return true;
}

/* One element, or the end of one; false where the input is broken. */
static bool step(struct converter *c, const uint8_t *input_end)
{
	struct level *l = c->depth > 0 ? &c->levels[c->depth - 1] : NULL;
	const uint8_t *limit = l != NULL ? l->limit : input_end;
	uint8_t joining = l != NULL ? l->string : 0;
	struct header h;

	if (l != NULL && l->end == c->p && l->end != NULL) {
		pop(c);
		return true;
	}
	if (!read_header(&c->p, limit, &h))
		return false;
	if (h.tag == 0) {
		/* End-of-contents. */
		if (l == NULL || l->end != NULL || h.len != 0 || c->p[-1] != 0)
			return false;
		pop(c);
		return true;
	}
	if ((h.tag & CONSTRUCTED) != 0) {
		if (joining != 0 && (h.tag & ~CONSTRUCTED) != joining &&
		    (h.tag & ~CONSTRUCTED) != DER_OCTET_STRING)
			return false;
		return push(c, &h, limit, joining);
	}
	if (joining != 0 ? !put_segment(c, &h, joining) : !put_primitive(c, &h))
		return false;
	c->p += h.len;
	return true;
}

enum deed_status ber_to_der(struct slice in, size_t *used, struct buf *out,
			    struct deed_error *err)
{
	struct converter c = { .p = in.data, .out = out };
	const uint8_t *end = in.len > 0 ? in.data + in.len : in.data;
	size_t before = out->len;

	do {
		if (step(&c, end))
			continue;
		out->len = before;
		if (c.too_deep)
			return deed_error_set(err, DEED_LIMIT,
					      "BER is more than %d levels deep",
					      BER_MAX_DEPTH);
		return deed_error_set(err, DEED_MALFORMED,
				      "the data is not well-formed BER");
	} while (c.depth > 0);
	if (used != NULL)
		*used = (size_t)(c.p - in.data);
	return buf_status(out, err);
}
