/* SPDX-License-Identifier: Apache-2.0 */
#include "key/x509_name.h"

#include <assert.h>

#include "codec/hex.h"
#include "codec/utf8.h"
#include "key/name_fold.h"

/* AttributeTypeAndValue (RFC 5280 4.1.2.4). */
struct attribute {
	struct slice type; /* content octets */
	uint8_t tag;
	struct slice value;	/* content octets */
	struct slice value_der; /* whole */
};

/* False at the end and where it is malformed: whoever must tell the two apart
 * looks at the reader. */
static bool next_attribute(struct der_reader *rdn, struct attribute *a)
{
	struct der_reader pair;

	return der_enter(rdn, DER_SEQUENCE, &pair) &&
	       der_get_oid(&pair, &a->type) &&
	       der_get_any(&pair, &a->tag, &a->value, &a->value_der) &&
	       der_at_end(&pair);
}

bool x509_name_valid(struct slice name)
{
	struct der_reader r, rdn;
	struct attribute a;

	if (!der_open(name, DER_SEQUENCE, &r))
		return false;
	while (!der_at_end(&r)) {
		if (!der_enter(&r, DER_SET, &rdn) || der_at_end(&rdn))
			return false;
		while (!der_at_end(&rdn)) {
			if (!next_attribute(&rdn, &a))
				return false;
		}
	}
	return true;
}

bool x509_name_get(struct slice name, enum oid type, struct buf *out)
{
	return x509_name_get_at(name, type, 0, out);
}

bool x509_name_get_at(struct slice name, enum oid type, size_t n,
		      struct buf *out)
{
	struct der_reader r, rdn;
	struct attribute a;

	if (!der_open(name, DER_SEQUENCE, &r))
		return false;
	while (der_enter(&r, DER_SET, &rdn)) {
		while (next_attribute(&rdn, &a)) {
			if (oid_find(a.type) == type && n-- == 0)
				return der_text(a.tag, a.value, out);
		}
	}
	return false;
}

/* A value with the characters of RFC 4514 2.4 escaped. */
static void put_escaped(struct slice text, struct buf *out)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];
		bool edge = (i == 0 && (c == ' ' || c == '#')) ||
			    (i + 1 == text.len && c == ' ');

		if (edge || (c != 0 && strchr("\"+,;<>\\", c) != NULL))
			buf_byte(out, '\\');
		buf_byte(out, c);
	}
}

/* What is no string is written as # and its DER (RFC 4514 2.4).  Text is
 * cleaned first, as a certificate may hold anything and this goes to
 * terminals. */
static void put_attribute(const struct attribute *a, struct buf *out)
{
	struct buf raw = BUF_INIT, clean = BUF_INIT;
	enum oid oid = oid_find(a->type);

	if (oid != OID_NONE)
		buf_str(out, oid_text(oid));
	else
		oid_dotted(a->type, out);
	buf_byte(out, '=');
	if (der_text(a->tag, a->value, &raw)) {
		utf8_clean(buf_get(&raw), &clean);
		put_escaped(buf_get(&clean), out);
	} else {
		buf_byte(out, '#');
		hex_encode(a->value_der, out);
	}
	if (raw.failed || clean.failed)
		out->failed = true;
	buf_clear(&raw);
	buf_clear(&clean);
}

/* The attributes of one RDN in the order in which they are stored. */
static void put_rdn(struct slice content, struct buf *out)
{
	struct der_reader rdn;
	struct attribute a;
	bool first = true;

	der_init(&rdn, content);
	while (next_attribute(&rdn, &a)) {
		if (!first)
			buf_byte(out, '+');
		put_attribute(&a, out);
		first = false;
	}
}

/* RFC 4514 2.1: the last RDN first.  Where they lie is kept, as inserting each
 * before the others would be quadratic; of a name of more than 64 the first 64
 * are shown, which lack what is most specific, behind "...,". */
void x509_name_text(struct slice name, struct buf *out)
{
	struct slice rdns[64];
	struct der_reader r;
	size_t count = 0;

	if (!der_open(name, DER_SEQUENCE, &r))
		return;
	while (count < 64 && der_get(&r, DER_SET, &rdns[count]))
		count++;
	if (!der_at_end(&r))
		buf_str(out, "...,");
	while (count > 0) {
		put_rdn(rdns[--count], out);
		if (count > 0)
			buf_byte(out, ',');
	}
}

/* Append the value, cleaned; true if it is there and not empty. */
static bool put_clean(struct slice name, enum oid type, struct buf *out)
{
	struct buf raw = BUF_INIT;
	bool there = x509_name_get(name, type, &raw) && raw.len > 0;

	if (there)
		utf8_clean(buf_get(&raw), out);
	if (raw.failed)
		out->failed = true;
	buf_clear(&raw);
	return there;
}

void x509_name_display(struct slice name, struct buf *out)
{
	size_t before;

	if (put_clean(name, OID_COMMON_NAME, out) ||
	    put_clean(name, OID_PSEUDONYM, out))
		return;
	before = out->len;
	if (put_clean(name, OID_GIVEN_NAME, out))
		buf_byte(out, ' ');
	if (put_clean(name, OID_SURNAME, out))
		return;
	out->len = before;
	if (put_clean(name, OID_ORGANISATION, out))
		return;
	x509_name_text(name, out);
}

/* A string as it is compared, if it is one. */
static bool fold(const struct attribute *a, struct buf *out)
{
	struct buf text = BUF_INIT;
	bool is_text = der_text(a->tag, a->value, &text);

	if (is_text)
		name_fold(buf_get(&text), out);
	if (text.failed)
		out->failed = true;
	buf_clear(&text);
	return is_text;
}

/* The octets decide most comparisons; else both are compared as text, whatever
 * their string types. */
static bool same_value(const struct attribute *a, const struct attribute *b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	bool same = slice_equal(a->value_der, b->value_der);

	if (!same && fold(a, &x) && fold(b, &y))
		same = !x.failed && !y.failed &&
		       slice_equal(buf_get(&x), buf_get(&y));
	buf_clear(&x);
	buf_clear(&y);
	return same;
}

/*
 * RDNs are sets, but two encoders may have sorted strings of different types
 * differently: each attribute of one is looked up in the other.  Sets are of
 * one or two; more than eight never match unless they are equal octets.
 */
#define RDN_MAX 8

/* Each attribute is matched once, so that one which stands twice does not
 * match two. */
static bool same_rdn(struct slice x, struct slice y)
{
	struct attribute a[RDN_MAX], b;
	bool used[RDN_MAX] = { false };
	size_t count = 0, matched = 0, i;
	struct der_reader r;

	if (slice_equal(x, y))
		return true;
	der_init(&r, x);
	while (count < RDN_MAX && next_attribute(&r, &a[count]))
		count++;
	if (!der_at_end(&r))
		return false;
	der_init(&r, y);
	while (next_attribute(&r, &b)) {
		for (i = 0; i < count; i++) {
			if (!used[i] && slice_equal(a[i].type, b.type) &&
			    same_value(&a[i], &b))
				break;
		}
		if (i == count)
			return false;
		used[i] = true;
		matched++;
	}
	return der_at_end(&r) && matched == count;
}

/* Compare RDN by RDN until base is used up. */
static bool compare(struct slice name, struct slice base, bool whole)
{
	struct der_reader n, b;
	struct slice x, y;

	if (!der_open(name, DER_SEQUENCE, &n) ||
	    !der_open(base, DER_SEQUENCE, &b))
		return false;
	while (der_get(&b, DER_SET, &y)) {
		if (!der_get(&n, DER_SET, &x) || !same_rdn(x, y))
			return false;
	}
	return der_at_end(&b) && (!whole || der_at_end(&n));
}

bool x509_name_equal(struct slice a, struct slice b)
{
	return slice_equal(a, b) || compare(a, b, true);
}

/* FNV-1a. */
static uint64_t hash_more(uint64_t h, struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		h = (h ^ s.data[i]) * 0x100000001b3;
	return h;
}

/* Of the folded text, so that what same_value holds equal has one hash. */
static uint64_t hash_attribute(const struct attribute *a)
{
	uint64_t h = hash_more(0xcbf29ce484222325, a->type);
	struct buf text = BUF_INIT;

	if (fold(a, &text))
		h = hash_more(h, buf_get(&text));
	else
		h = hash_more(h, a->value_der);
	buf_clear(&text);
	return h;
}

/* The attributes of an RDN count in any order, the RDNs in theirs. */
uint64_t x509_name_hash(struct slice name)
{
	struct der_reader r, rdn;
	struct attribute a;
	uint64_t h = 0, sum;

	if (!der_open(name, DER_SEQUENCE, &r))
		return h;
	while (der_enter(&r, DER_SET, &rdn)) {
		sum = 0;
		while (next_attribute(&rdn, &a))
			sum += hash_attribute(&a);
		h = h * 31 + sum;
	}
	return h;
}

bool x509_name_within(struct slice name, struct slice base)
{
	return compare(name, base, false);
}

/* PrintableString and IA5String where RFC 5280 Appendix A has no other type
 * for it; else UTF8String (4.1.2.4). */
static uint8_t string_type(enum oid type)
{
	switch (type) {
	case OID_COUNTRY:
	case OID_SERIAL_NUMBER:
	case OID_DN_QUALIFIER:
		return DER_PRINTABLE_STRING;
	case OID_EMAIL:
	case OID_DOMAIN_COMPONENT:
		return DER_IA5_STRING;
	default:
		return DER_UTF8_STRING;
	}
}

void x509_name_write(struct der_writer *w, const struct x509_attribute *attrs,
		     size_t count)
{
	size_t i;

	der_begin(w, DER_SEQUENCE);
	for (i = 0; i < count; i++) {
		if (attrs[i].value == NULL || attrs[i].value[0] == '\0')
			continue;
		der_begin(w, DER_SET);
		der_begin(w, DER_SEQUENCE);
		der_put_oid(w, attrs[i].type);
		der_put(w, string_type(attrs[i].type),
			slice_str(attrs[i].value));
		der_end(w);
		der_end(w);
	}
	der_end(w);
}
