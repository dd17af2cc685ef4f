/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/dist_point.h"

#include "key/x509_name.h"

#define DIRECTORY_NAME DER_CONTEXT_CONS(4)
#define URI DER_CONTEXT(6)

bool reasons_parse(struct slice bits, uint32_t *out)
{
	size_t i;

	*out = 0;
	if (bits.len < 1 || bits.data[0] > 7)
		return false;
	for (i = 0; i < (bits.len - 1) * 8 && i < 16; i++) {
		if ((bits.data[1 + i / 8] & (0x80 >> i % 8)) != 0)
			*out |= 1u << i;
	}
	*out &= REASONS_ALL;
	return true;
}

bool dist_point_name_parse(struct slice content, struct dist_point_name *out)
{
	struct slice value;
	struct der_reader r;

	*out = (struct dist_point_name){ 0 };
	der_init(&r, content);
	if (der_get(&r, DER_CONTEXT_CONS(0), &value))
		out->full = value;
	else if (der_get(&r, DER_CONTEXT_CONS(1), &value))
		out->relative = value;
	else
		return false;
	return der_at_end(&r);
}

bool dist_point_next(struct der_reader *r, struct dist_point *out)
{
	struct slice name, reasons;
	struct der_reader in;
	bool named, has_reasons, has_issuer;

	*out = (struct dist_point){ .reasons = REASONS_ALL };
	if (!der_enter(r, DER_SEQUENCE, &in) ||
	    !der_get_optional(&in, DER_CONTEXT_CONS(0), &named, &name) ||
	    !der_get_optional(&in, DER_CONTEXT(1), &has_reasons, &reasons) ||
	    !der_get_optional(&in, DER_CONTEXT_CONS(2), &has_issuer,
			      &out->crl_issuer) ||
	    !der_at_end(&in) || (!named && !has_issuer))
		return false;
	return (!named || dist_point_name_parse(name, &out->name)) &&
	       (!has_reasons || reasons_parse(reasons, &out->reasons));
}

/* directoryName is tagged explicitly, as Name is a CHOICE: its content is a
 * whole Name and is compared as one.  All other forms are compared octet by
 * octet. */
static bool same_general_name(uint8_t tag, struct slice content,
			      uint8_t other_tag, struct slice other)
{
	if (tag != other_tag)
		return false;
	if (tag == DIRECTORY_NAME)
		return x509_name_equal(content, other);
	return slice_equal(content, other);
}

/* Equal names have equal hashes, which are cheaper to compare than names are.
 */
static uint64_t hash_general_name(uint8_t tag, struct slice content)
{
	return tag == DIRECTORY_NAME ? x509_name_hash(content) : tag;
}

/* Every name is compared with every other, so GENERAL_NAMES_MAX of either side
 * bounds what a hostile list and a hostile certificate cost together. */
static bool names_meet(struct slice a, struct slice b)
{
	uint64_t hashes[GENERAL_NAMES_MAX], hash;
	struct slice x, y;
	struct der_reader p, q;
	uint8_t tag, other;
	unsigned i, k, count = 0;

	der_init(&q, b);
	while (count < GENERAL_NAMES_MAX && der_get_any(&q, &other, &y, NULL))
		hashes[count++] = hash_general_name(other, y);
	der_init(&p, a);
	for (i = 0; i < GENERAL_NAMES_MAX && der_get_any(&p, &tag, &x, NULL);
	     i++) {
		hash = hash_general_name(tag, x);
		der_init(&q, b);
		for (k = 0; k < count && der_get_any(&q, &other, &y, NULL);
		     k++) {
			if (hashes[k] == hash &&
			    same_general_name(tag, x, other, y))
				return true;
		}
	}
	return false;
}

/* The issuer's Name with the RDN put at its end (RFC 5280 4.2.1.13). */
static bool complete(struct slice relative, struct slice issuer,
		     struct buf *out)
{
	struct der_writer w;
	struct slice rdns;
	struct der_reader r;

	der_init(&r, issuer);
	if (!der_get(&r, DER_SEQUENCE, &rdns))
		return false;
	der_writer_init(&w, out);
	der_begin(&w, DER_CONTEXT_CONS(4));
	der_begin(&w, DER_SEQUENCE);
	der_put_raw(&w, rdns);
	der_put(&w, DER_SET, relative);
	der_end(&w);
	der_end(&w);
	return der_writer_status(&w, NULL) == DEED_OK;
}

/* As full names; made holds those that had to be made. */
static struct slice as_full(const struct dist_point_name *n,
			    struct slice issuer, struct buf *made)
{
	if (n->relative.data == NULL)
		return n->full;
	if (issuer.data == NULL || !complete(n->relative, issuer, made))
		return SLICE_NONE;
	return buf_get(made);
}

bool dist_point_same_name(const struct dist_point_name *a,
			  struct slice a_issuer,
			  const struct dist_point_name *b,
			  struct slice b_issuer)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	bool same =
		names_meet(as_full(a, a_issuer, &x), as_full(b, b_issuer, &y));

	buf_clear(&x);
	buf_clear(&y);
	return same;
}

bool general_names_have(struct slice names, struct slice name)
{
	struct slice content;
	struct der_reader r;
	uint8_t tag;
	unsigned i;

	der_init(&r, names);
	for (i = 0;
	     i < GENERAL_NAMES_MAX && der_get_any(&r, &tag, &content, NULL);
	     i++) {
		if (tag == DIRECTORY_NAME && x509_name_equal(content, name))
			return true;
	}
	return false;
}

struct slice general_names_directory(struct slice names)
{
	struct slice content;
	struct der_reader r;
	uint8_t tag;

	der_init(&r, names);
	while (der_get_any(&r, &tag, &content, NULL)) {
		if (tag == DIRECTORY_NAME)
			return content;
	}
	return SLICE_NONE;
}

bool general_names_next_uri(struct der_reader *names, struct slice *out)
{
	uint8_t tag;

	while (der_get_any(names, &tag, out, NULL)) {
		if (tag == URI)
			return true;
	}
	*out = SLICE_NONE;
	return false;
}
