/* SPDX-License-Identifier: Apache-2.0 */
#include "key/cert_priv.h"

#include <stdlib.h>

enum deed_status cert_malformed(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the certificate is malformed: %s", what);
}

/* RFC 5280 4.2.1.3; bit 0 is the highest of the first octet. */
static bool read_key_usage(struct slice value, struct cert_fields *f)
{
	struct der_reader r;
	struct slice bits;
	unsigned unused;
	size_t i;

	der_init(&r, value);
	if (!der_get_bits(&r, &bits, &unused) || !der_at_end(&r))
		return false;
	for (i = 0; i < bits.len * 8 && i < 32; i++) {
		if ((bits.data[i / 8] & (0x80 >> i % 8)) != 0)
			f->key_usage |= 1u << i;
	}
	f->has_key_usage = true;
	return true;
}

/* RFC 5280 4.2.1.9.  cA FALSE is often encoded, against DER. */
static bool read_basic_constraints(struct slice value, struct cert_fields *f)
{
	struct der_reader r, s;
	uint64_t path_len;

	der_init(&r, value);
	if (!der_enter(&r, DER_SEQUENCE, &s) || !der_at_end(&r))
		return false;
	if (der_peek(&s, DER_BOOLEAN) && !der_get_bool(&s, &f->is_ca))
		return false;
	if (!der_at_end(&s)) {
		if (!der_get_uint64(&s, &path_len))
			return false;
		f->has_path_len = true;
		f->path_len =
			path_len > UINT32_MAX ? UINT32_MAX : (uint32_t)path_len;
	}
	f->has_basic_constraints = true;
	return der_at_end(&s);
}

/* Of any length: it is compared and never computed, as authorities make it in
 * several ways (RFC 5280 4.2.1.2). */
static bool read_subject_key_id(struct slice value, struct cert_fields *f)
{
	struct der_reader r;

	der_init(&r, value);
	return der_get(&r, DER_OCTET_STRING, &f->subject_key_id) &&
	       der_at_end(&r);
}

/* RFC 5280 4.2.1.1: of the three only keyIdentifier is of use. */
static bool read_authority_key_id(struct slice value, struct cert_fields *f)
{
	struct der_reader r, s;
	bool present;

	der_init(&r, value);
	return der_enter(&r, DER_SEQUENCE, &s) && der_at_end(&r) &&
	       der_get_optional(&s, DER_CONTEXT(0), &present,
				&f->authority_key_id);
}

/* Those that nearly every use of a certificate asks for.  All others are read
 * by whom they concern, and may be malformed until then. */
static bool read_known(const struct cert_extension *e, struct cert_fields *f)
{
	switch (e->id) {
	case OID_KEY_USAGE:
		return read_key_usage(e->value, f);
	case OID_BASIC_CONSTRAINTS:
		return read_basic_constraints(e->value, f);
	case OID_SUBJECT_KEY_ID:
		return read_subject_key_id(e->value, f);
	case OID_AUTHORITY_KEY_ID:
		return read_authority_key_id(e->value, f);
	default:
		return true;
	}
}

/* The status is DEED_MALFORMED whether or not there is memory for the name,
 * which may be a long dotted number. */
static enum deed_status malformed_extension(struct deed_error *err,
					    struct slice oid, const char *what)
{
	struct buf name = BUF_INIT;

	oid_describe(oid, &name);
	buf_byte(&name, 0);
	deed_error_set(err, DEED_MALFORMED,
		       "the certificate is malformed: the extension %.300s %s",
		       name.failed ? "?" : (const char *)name.data, what);
	buf_clear(&name);
	return DEED_MALFORMED;
}

/* Whether one that is critical is processed is not asked here: that is for
 * path validation. */
static enum deed_status read_extension(struct der_reader *r,
				       struct cert_extension *e,
				       struct deed_error *err)
{
	struct der_reader s;

	if (!der_enter(r, DER_SEQUENCE, &s) || !der_get_oid(&s, &e->oid))
		return cert_malformed(err, "an extension has no name");
	e->id = oid_find(e->oid);
	e->critical = false;
	/* A written FALSE breaks DER and harms nobody. */
	if (der_peek(&s, DER_BOOLEAN) && !der_get_bool(&s, &e->critical))
		return malformed_extension(err, e->oid,
					   "says neither FF nor 00 of whether "
					   "it is critical");
	if (!der_get(&s, DER_OCTET_STRING, &e->value) || !der_at_end(&s))
		return malformed_extension(err, e->oid, "has no value");
	return DEED_OK;
}

/* RFC 5280 4.2: not more than one instance of an extension. */
static bool is_duplicate(const struct cert_extension *list, size_t count,
			 struct slice oid)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (slice_equal(list[i].oid, oid))
			return true;
	}
	return false;
}

/* RFC 5280 4.2: no extension twice.  What is not known is kept, and judged
 * when the path is. */
enum deed_status cert_read_extensions(struct slice explicit,
				      struct cert_fields *f,
				      struct cert_extension **out,
				      struct deed_error *err)
{
	struct der_reader r, count_r;
	struct cert_extension e;
	enum deed_status status;
	size_t count = 0;

	*out = NULL;
	if (!der_open(explicit, DER_SEQUENCE, &r))
		return cert_malformed(err, "extensions");
	count_r = r;
	while (der_skip(&count_r))
		count++;
	if (count > CERT_MAX_EXTENSIONS)
		return deed_error_set(err, DEED_LIMIT,
				      "the certificate has more than %d "
				      "extensions",
				      CERT_MAX_EXTENSIONS);
	*out = calloc(count + 1, sizeof(**out));
	if (*out == NULL)
		return deed_error_memory(err);
	while (!der_at_end(&r)) {
		status = read_extension(&r, &e, err);
		if (status != DEED_OK)
			return status;
		if (is_duplicate(*out, f->extension_count, e.oid))
			return malformed_extension(err, e.oid,
						   "is there twice");
		if (!read_known(&e, f))
			return malformed_extension(err, e.oid,
						   "cannot be read");
		(*out)[f->extension_count++] = e;
	}
	return DEED_OK;
}
