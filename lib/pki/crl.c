/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/crl.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "codec/der.h"

struct crl {
	atomic_uint refs;
	struct crl_fields fields;
	struct buf owned;
};

static enum deed_status malformed(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the CRL is malformed: expected %s", what);
}

/* RFC 5280 5.2.5. */
static bool parse_idp(struct slice value, struct crl_fields *f)
{
	static const uint8_t tags[] = { DER_CONTEXT(1), DER_CONTEXT(2),
					DER_CONTEXT(4), DER_CONTEXT(5) };
	bool *const flags[] = { &f->only_user, &f->only_ca, &f->indirect,
				&f->only_attribute };
	struct slice content;
	struct der_reader r;
	uint8_t tag;
	size_t i;

	f->idp = value;
	if (!der_open(value, DER_SEQUENCE, &r))
		return false;
	while (!der_at_end(&r)) {
		if (!der_get_any(&r, &tag, &content, NULL))
			return false;
		if (tag == DER_CONTEXT_CONS(0))
			f->partition = true;
		else if (tag == DER_CONTEXT(3))
			f->only_some_reasons = true;
		for (i = 0; i < sizeof(tags); i++) {
			if (tag == tags[i])
				*flags[i] = content.len == 1 &&
					    content.data[0] != 0;
		}
	}
	return true;
}

static bool parse_extension(struct slice oid, bool critical, struct slice value,
			    struct crl_fields *f)
{
	struct der_reader r, in;

	switch (oid_find(oid)) {
	case OID_AUTHORITY_KEY_ID:
		if (der_open(value, DER_SEQUENCE, &in) &&
		    der_peek(&in, DER_CONTEXT(0)))
			return der_get(&in, DER_CONTEXT(0),
				       &f->authority_key_id);
		return true;
	case OID_CRL_NUMBER:
		der_init(&r, value);
		return der_get_integer(&r, &f->number) && der_at_end(&r);
	case OID_ISSUING_DISTRIBUTION_POINT:
		return parse_idp(value, f);
	case OID_DELTA_CRL:
		f->delta = true;
		return true;
	default:
		f->unknown_critical = f->unknown_critical || critical;
		return true;
	}
}

static bool parse_extensions(struct slice content, struct crl_fields *f)
{
	struct der_reader r, list, ext;
	struct slice oid, value;
	bool critical;

	der_init(&r, content);
	if (!der_enter(&r, DER_SEQUENCE, &list) || !der_at_end(&r))
		return false;
	while (!der_at_end(&list)) {
		if (!der_enter(&list, DER_SEQUENCE, &ext) ||
		    !der_get_oid(&ext, &oid) ||
		    !der_get_default_false(&ext, &critical) ||
		    !der_get(&ext, DER_OCTET_STRING, &value) ||
		    !der_at_end(&ext) ||
		    !parse_extension(oid, critical, value, f))
			return false;
	}
	return true;
}

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
	buf_slice(&c->owned, der);
	status = buf_status(&c->owned, err);
	if (status != DEED_OK)
		goto out;
	f = &c->fields;
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
	buf_clear(&c->owned);
	free(c);
}

const struct crl_fields *crl_fields(const struct crl *c)
{
	return &c->fields;
}

/* crlEntryExtensions: reasonCode and invalidityDate are understood. */
static bool parse_entry_extensions(struct slice content, struct crl_entry *e)
{
	struct der_reader list, ext, in;
	struct slice oid, value, reason;
	bool critical;
	enum oid id;

	der_init(&list, content);
	while (!der_at_end(&list)) {
		if (!der_enter(&list, DER_SEQUENCE, &ext) ||
		    !der_get_oid(&ext, &oid) ||
		    !der_get_default_false(&ext, &critical) ||
		    !der_get(&ext, DER_OCTET_STRING, &value) ||
		    !der_at_end(&ext))
			return false;
		id = oid_find(oid);
		der_init(&in, value);
		if (id == OID_CRL_REASON) {
			if (!der_get(&in, DER_ENUMERATED, &reason) ||
			    reason.len != 1)
				return false;
			e->reason = reason.data[0];
		} else if (id != OID_INVALIDITY_DATE && critical) {
			return false;
		}
	}
	return true;
}

enum deed_status crl_lookup(const struct crl *c, struct slice serial,
			    bool *listed, struct crl_entry *entry,
			    struct deed_error *err)
{
	struct slice number, extensions;
	struct der_reader r, e;
	struct crl_entry one;
	bool present;

	*listed = false;
	der_init(&r, c->fields.revoked);
	while (!der_at_end(&r)) {
		one = (struct crl_entry){ .reason = -1 };
		if (!der_enter(&r, DER_SEQUENCE, &e) ||
		    !der_get_integer(&e, &number) ||
		    !der_get_time(&e, &one.revoked_at) ||
		    !der_get_optional(&e, DER_SEQUENCE, &present,
				      &extensions) ||
		    !der_at_end(&e))
			return malformed(err, "a revoked certificate");
		/* Certificate issuer makes an indirect CRL: its entries mean
		 * something else, so the whole list is given up. */
		if (present && !parse_entry_extensions(extensions, &one))
			return malformed(err, "entry extensions that are "
					      "understood");
		if (!*listed && slice_equal(number, serial)) {
			*listed = true;
			*entry = one;
		}
	}
	return DEED_OK;
}

bool crl_signed_by(const struct crl *c, const struct cert *issuer)
{
	const struct crl_fields *f = &c->fields;
	const struct pubkey *pk;
	struct sig_alg alg;

	return sig_alg_parse(f->signature_algorithm, &alg, NULL) == DEED_OK &&
	       cert_pubkey(issuer, &pk, NULL) == DEED_OK &&
	       pubkey_verify(pk, &alg, f->tbs, f->signature, NULL) == DEED_OK;
}
