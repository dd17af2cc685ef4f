/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/crl.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "codec/der.h"
#include "pki/crl_entries.h"
#include "pki/signed_once.h"

struct crl {
	atomic_uint refs;
	struct crl_fields fields;
	struct crl_entries *entries;
	struct signed_once *signed_once;
	struct buf owned;
};

static enum deed_status malformed(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the CRL is malformed: expected %s", what);
}

/* A BOOLEAN DEFAULT FALSE with an implicit tag. */
static bool parse_flag(struct der_reader *r, unsigned tag, bool *out)
{
	struct slice content;

	if (!der_peek(r, (uint8_t)DER_CONTEXT(tag)))
		return true;
	if (!der_get(r, (uint8_t)DER_CONTEXT(tag), &content) ||
	    content.len != 1)
		return false;
	*out = content.data[0] != 0;
	return true;
}

/* RFC 5280 5.2.5. */
static bool parse_idp(struct slice value, struct crl_fields *f)
{
	struct slice name, reasons;
	struct der_reader r;
	bool named;

	f->idp = value;
	return der_open(value, DER_SEQUENCE, &r) &&
	       der_get_optional(&r, DER_CONTEXT_CONS(0), &named, &name) &&
	       (!named || dist_point_name_parse(name, &f->name)) &&
	       parse_flag(&r, 1, &f->only_user) &&
	       parse_flag(&r, 2, &f->only_ca) &&
	       der_get_optional(&r, DER_CONTEXT(3), &f->only_some_reasons,
				&reasons) &&
	       (!f->only_some_reasons || reasons_parse(reasons, &f->reasons)) &&
	       parse_flag(&r, 4, &f->indirect) &&
	       parse_flag(&r, 5, &f->only_attribute) && der_at_end(&r);
}

/* Kept as octets, as it may have twenty of them (RFC 5280 5.2.3):
 * crl_number_compare puts two in order. */
static bool parse_number(struct slice value, struct slice *out)
{
	struct der_reader r;

	der_init(&r, value);
	return der_get_integer(&r, out) && der_at_end(&r);
}

/* expiredCertsOnCRL (X.509 9.5.2.8) is a GeneralizedTime whatever the year,
 * unlike thisUpdate and nextUpdate. */
static bool parse_expired_since(struct slice value, struct crl_fields *f)
{
	struct der_reader r;

	der_init(&r, value);
	f->has_expired_since = true;
	return der_get_generalized(&r, &f->expired_since) && der_at_end(&r);
}

/* RFC 5280 4.2, which 5.2 goes by: no extension twice.  Of two that are known
 * the one would change what the other said. */
static bool is_first(enum oid id, unsigned *seen)
{
	static const enum oid known[] = {
		OID_AUTHORITY_KEY_ID, OID_CRL_NUMBER,
		OID_DELTA_CRL,	      OID_ISSUING_DISTRIBUTION_POINT,
		OID_FRESHEST_CRL,     OID_EXPIRED_CERTS_ON_CRL,
		OID_AUTHORITY_INFO,
	};
	unsigned i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i] != id)
			continue;
		if ((*seen >> i & 1) != 0)
			return false;
		*seen |= 1u << i;
	}
	return true;
}

/* RFC 5280 5.2.  What is critical and not known makes the list unusable for
 * judging, but not unreadable: it can still accuse. */
static bool parse_extension(struct slice oid, bool critical, struct slice value,
			    struct crl_fields *f)
{
	struct der_reader in;

	switch (oid_find(oid)) {
	case OID_AUTHORITY_KEY_ID:
		if (der_open(value, DER_SEQUENCE, &in) &&
		    der_peek(&in, DER_CONTEXT(0)))
			return der_get(&in, DER_CONTEXT(0),
				       &f->authority_key_id);
		return true;
	case OID_CRL_NUMBER:
		return parse_number(value, &f->number);
	case OID_ISSUING_DISTRIBUTION_POINT:
		return parse_idp(value, f);
	case OID_DELTA_CRL:
		f->delta = true;
		return parse_number(value, &f->base_number);
	case OID_FRESHEST_CRL:
		f->freshest = value;
		return true;
	case OID_EXPIRED_CERTS_ON_CRL:
		return parse_expired_since(value, f);
	case OID_AUTHORITY_INFO:
		f->authority_info = value;
		return true;
	case OID_ISSUER_ALT_NAME:
		return true;
	default:
		f->unknown_critical = f->unknown_critical || critical;
		return true;
	}
}

/* An extension that cannot be read makes the whole list malformed, critical or
 * not: a list that is half understood must not say that a certificate is good.
 */
static bool parse_extensions(struct slice content, struct crl_fields *f)
{
	struct der_reader r, list, ext;
	struct slice oid, value;
	unsigned seen = 0;
	bool critical;

	der_init(&r, content);
	if (!der_enter(&r, DER_SEQUENCE, &list) || !der_at_end(&r))
		return false;
	while (!der_at_end(&list)) {
		if (!der_enter(&list, DER_SEQUENCE, &ext) ||
		    !der_get_oid(&ext, &oid) ||
		    !der_get_default_false(&ext, &critical) ||
		    !der_get(&ext, DER_OCTET_STRING, &value) ||
		    !der_at_end(&ext) || !is_first(oid_find(oid), &seen) ||
		    !parse_extension(oid, critical, value, f))
			return false;
	}
	return true;
}

/* RFC 5280 5.1.2.  A version is there in v2 alone; the algorithm inside must
 * be the one outside, which is not signed. */
static bool parse_tbs(struct slice tbs, struct crl_fields *f)
{
	struct slice inner, extensions;
	uint64_t version = 0;
	struct der_reader r;
	bool present;

	if (!der_open(tbs, DER_SEQUENCE, &r))
		return false;
	if (der_peek(&r, DER_INTEGER) &&
	    (!der_get_uint64(&r, &version) || version != 1))
		return false;
	if (!der_get_element(&r, DER_SEQUENCE, &inner) ||
	    !slice_equal(inner, f->signature_algorithm) ||
	    !der_get_element(&r, DER_SEQUENCE, &f->issuer) ||
	    !der_get_time(&r, &f->this_update))
		return false;
	if (der_peek(&r, DER_UTC_TIME) || der_peek(&r, DER_GENERALIZED_TIME)) {
		if (!der_get_time(&r, &f->next_update))
			return false;
		f->has_next_update = true;
	}
	return der_get_optional(&r, DER_SEQUENCE, &present, &f->revoked) &&
	       der_get_optional(&r, DER_CONTEXT_CONS(0), &present,
				&extensions) &&
	       der_at_end(&r) && (!present || parse_extensions(extensions, f));
}

enum deed_status crl_parse(struct slice der, struct crl **out,
			   struct deed_error *err)
{
	struct crl_fields *f;
	enum deed_status status;
	struct der_reader r;
	struct crl *c;

	*out = NULL;
	if (der.len > CRL_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "the CRL is larger than %u bytes",
				      CRL_MAX);
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return deed_error_memory(err);
	atomic_init(&c->refs, 1);
	c->entries = crl_entries_new();
	c->signed_once = signed_once_new();
	buf_slice(&c->owned, der);
	if (c->entries == NULL || c->signed_once == NULL)
		status = deed_error_memory(err);
	else
		status = buf_status(&c->owned, err);
	if (status != DEED_OK)
		goto out;
	f = &c->fields;
	f->reasons = REASONS_ALL;
	f->der = buf_get(&c->owned);
	if (!der_open(f->der, DER_SEQUENCE, &r) ||
	    !der_get_element(&r, DER_SEQUENCE, &f->tbs) ||
	    !der_get_element(&r, DER_SEQUENCE, &f->signature_algorithm) ||
	    !der_get_bits(&r, &f->signature, NULL) || !der_at_end(&r)) {
		status = malformed(err, "a CertificateList");
		goto out;
	}
	if (!parse_tbs(f->tbs, f)) {
		status = malformed(err, "a TBSCertList");
		goto out;
	}
	*out = c;
	c = NULL;
out:
	crl_free(c);
	return status;
}

struct crl *crl_ref(struct crl *c)
{
	atomic_fetch_add(&c->refs, 1);
	return c;
}

void crl_free(struct crl *c)
{
	if (c == NULL || atomic_fetch_sub(&c->refs, 1) != 1)
		return;
	crl_entries_free(c->entries);
	signed_once_free(c->signed_once);
	buf_clear(&c->owned);
	free(c);
}

const struct crl_fields *crl_fields(const struct crl *c)
{
	return &c->fields;
}

enum deed_status crl_lookup(const struct crl *c, struct slice issuer,
			    struct slice serial, bool *listed,
			    struct crl_entry *entry, struct deed_error *err)
{
	return crl_entries_find(c->entries, &c->fields, issuer, serial, listed,
				entry, err);
}

bool crl_signed_by(const struct crl *c, const struct cert *issuer)
{
	const struct crl_fields *f = &c->fields;

	return signed_once_check(c->signed_once, issuer, f->signature_algorithm,
				 f->tbs, f->signature);
}

int crl_number_compare(struct slice a, struct slice b)
{
	/* Numbers are not negative (5.2.3) and minimal, but for an octet 00
	 * that keeps them positive. */
	if (a.len > 0 && a.data[0] == 0)
		a = slice_of(a.data + 1, a.len - 1);
	if (b.len > 0 && b.data[0] == 0)
		b = slice_of(b.data + 1, b.len - 1);
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return a.len == 0 ? 0 : memcmp(a.data, b.data, a.len);
}
