/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/signed.h"

#include <stdlib.h>

#include "codec/ber.h"
#include "codec/der.h"
#include "key/x509_name.h"

static enum deed_status malformed(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the CMS is malformed: expected %s", what);
}

static enum deed_status over_limit(struct deed_error *err, const char *what,
				   unsigned limit)
{
	return deed_error_set(err, DEED_LIMIT, "the CMS holds more than %u %s",
			      limit, what);
}

/* X.690 11.6: compare as octet strings, the shorter one padded with zeros;
 * two elements of a set that differ in length differ before that matters. */
static bool in_order(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int cmp = memcmp(a.data, b.data, n);

	return cmp != 0 ? cmp < 0 : a.len <= b.len;
}

/* Count the elements of a SET's content; false where one is broken. */
static bool count_elements(struct slice content, unsigned limit,
			   unsigned *count)
{
	struct der_reader r;

	*count = 0;
	der_init(&r, content);
	while (!der_at_end(&r)) {
		if (!der_skip(&r))
			return false;
		if (++*count > limit)
			return true;
	}
	return true;
}

/* Are the elements of a SET's content in the order of DER? */
static bool elements_in_order(struct slice content)
{
	struct slice last = SLICE_NONE, whole;
	struct der_reader r;

	der_init(&r, content);
	while (der_get_any(&r, NULL, NULL, &whole)) {
		if (last.data != NULL && !in_order(last, whole))
			return false;
		last = whole;
	}
	return true;
}

/* One with no values is kept and counted as such: whether that is a fault
 * depends on the attribute. */
static bool parse_attribute(struct der_reader *r, struct cms_attribute *a)
{
	struct der_reader in;

	*a = (struct cms_attribute){ .oid = OID_NONE };
	if (!der_get_element(r, DER_SEQUENCE, &a->whole) ||
	    !der_open(a->whole, DER_SEQUENCE, &in) ||
	    !der_get_oid(&in, &a->type) || !der_get(&in, DER_SET, &a->values) ||
	    !der_at_end(&in))
		return false;
	a->oid = oid_find(a->type);
	return count_elements(a->values, CMS_VALUES, &a->count);
}

/* Both whether they stand in the order of DER and their content as it is are
 * kept: the first tells how the signature value was made, the second is what
 * it was made over. */
static enum deed_status parse_attributes(struct der_reader *r, uint8_t tag,
					 struct cms_attributes *out,
					 struct deed_error *err)
{
	struct der_reader in;
	unsigned i;

	if (!der_peek(r, tag))
		return DEED_OK;
	if (!der_get_element(r, tag, &out->whole) ||
	    !der_open(out->whole, tag, &in))
		return malformed(err, "attributes");
	out->content = der_rest(&in);
	if (!count_elements(out->content, CMS_ATTRIBUTES, &out->count))
		return malformed(err, "attributes");
	if (out->count > CMS_ATTRIBUTES)
		return over_limit(err, "attributes", CMS_ATTRIBUTES);
	out->list = calloc(out->count + 1, sizeof(*out->list));
	if (out->list == NULL)
		return deed_error_memory(err);
	out->present = true;
	out->sorted = true;
	for (i = 0; i < out->count; i++) {
		if (!parse_attribute(&in, &out->list[i]))
			return malformed(err, "an attribute");
		if (out->list[i].count > CMS_VALUES)
			return over_limit(err, "values in one attribute",
					  CMS_VALUES);
		out->sorted =
			out->sorted && elements_in_order(out->list[i].values);
	}
	out->sorted = out->sorted && elements_in_order(out->content);
	return DEED_OK;
}

/* SignerIdentifier: subjectKeyIdentifier is [0] IMPLICIT, so that its tag is
 * primitive. */
static bool parse_sid(struct der_reader *r, struct cms_signer *s)
{
	struct der_reader in;

	if (der_peek(r, DER_CONTEXT(0))) {
		if (!der_get_element(r, DER_CONTEXT(0), &s->sid))
			return false;
		der_init(&in, s->sid);
		return der_get(&in, DER_CONTEXT(0), &s->key_id);
	}
	return der_get_element(r, DER_SEQUENCE, &s->sid) &&
	       der_open(s->sid, DER_SEQUENCE, &in) &&
	       der_get_element(&in, DER_SEQUENCE, &s->issuer) &&
	       der_get_integer(&in, &s->serial) && der_at_end(&in);
}

/* The parameters are left to whoever knows the algorithm; that it is known is
 * not asked here. */
static bool parse_algorithm(struct der_reader *r, struct slice *whole,
			    struct slice *oid)
{
	struct der_reader in;

	return der_get_element(r, DER_SEQUENCE, whole) &&
	       der_open(*whole, DER_SEQUENCE, &in) && der_get_oid(&in, oid);
}

/* The two sets of attributes frame the signature.  A list that was allocated
 * before a failure is freed by the caller. */
static enum deed_status parse_signer(struct slice in, struct cms_signer *s,
				     struct deed_error *err)
{
	enum deed_status status;
	struct slice ignored;
	struct der_reader r;

	s->whole = in;
	if (!der_open(in, DER_SEQUENCE, &r) ||
	    !der_get_uint64(&r, &s->version) || !parse_sid(&r, s) ||
	    !parse_algorithm(&r, &s->digest_algorithm, &s->digest_oid))
		return malformed(err, "a SignerInfo");
	status = parse_attributes(&r, DER_CONTEXT_CONS(0), &s->signed_attrs,
				  err);
	if (status != DEED_OK)
		return status;
	if (!parse_algorithm(&r, &s->signature_algorithm, &ignored) ||
	    !der_get(&r, DER_OCTET_STRING, &s->signature))
		return malformed(err, "a SignerInfo with a signature value");
	status = parse_attributes(&r, DER_CONTEXT_CONS(1), &s->unsigned_attrs,
				  err);
	if (status != DEED_OK)
		return status;
	return der_at_end(&r) ? DEED_OK
			      : malformed(err, "the SignerInfo's end");
}

enum deed_status cms_signer_parse(struct slice in, struct cms_signer *out,
				  struct deed_error *err)
{
	enum deed_status status;

	*out = (struct cms_signer){ 0 };
	status = parse_signer(in, out, err);
	if (status != DEED_OK)
		cms_signer_clear(out);
	return status;
}

void cms_signer_clear(struct cms_signer *signer)
{
	free(signer->signed_attrs.list);
	free(signer->unsigned_attrs.list);
	*signer = (struct cms_signer){ 0 };
}

/* EncapsulatedContentInfo; PKCS #7 has ANY where CMS has an OCTET STRING. */
static enum deed_status parse_content(struct der_reader *r,
				      struct cms_signed *sd,
				      struct deed_error *err)
{
	struct der_reader in, explicit;
	uint8_t tag;

	if (!der_enter(r, DER_SEQUENCE, &in) ||
	    !der_get_oid(&in, &sd->content_type))
		return malformed(err, "encapContentInfo");
	sd->content_oid = oid_find(sd->content_type);
	if (der_at_end(&in))
		return DEED_OK;
	if (!der_enter(&in, DER_CONTEXT_CONS(0), &explicit) ||
	    !der_get_any(&explicit, &tag, &sd->content, NULL) ||
	    !der_at_end(&explicit) || !der_at_end(&in))
		return malformed(err, "eContent");
	/* A constructed string is BER: it goes round through ber_to_der. */
	if (tag == (DER_OCTET_STRING | 0x20))
		return malformed(err, "eContent in DER");
	sd->has_content = true;
	sd->content_is_octets = tag == DER_OCTET_STRING;
	return DEED_OK;
}

/* Counted before anything is allocated.  The certificates are slices here and
 * are parsed when a signer needs one. */
static enum deed_status parse_certificates(struct cms_signed *sd,
					   struct deed_error *err)
{
	struct slice whole;
	struct der_reader r;
	unsigned count;
	uint8_t tag;

	if (!count_elements(sd->certificates_set, CMS_CERTIFICATES, &count))
		return malformed(err, "certificates");
	if (count > CMS_CERTIFICATES)
		return over_limit(err, "certificates", CMS_CERTIFICATES);
	sd->certificates = calloc(count + 1, sizeof(*sd->certificates));
	if (sd->certificates == NULL)
		return deed_error_memory(err);
	der_init(&r, sd->certificates_set);
	/* Attribute certificates and the obsolete kinds are passed over. */
	while (der_get_any(&r, &tag, NULL, &whole)) {
		if (tag == DER_SEQUENCE)
			sd->certificates[sd->certificate_count++] = whole;
	}
	return DEED_OK;
}

/* OtherRevocationInfoFormat (RFC 5652 10.2.1).  One that cannot be read is
 * left out by the caller, as nothing vouches for it. */
static bool parse_other(struct slice content, struct cms_other_revocation *o)
{
	struct der_reader r;

	der_init(&r, content);
	return der_get_oid(&r, &o->type) &&
	       der_get_any(&r, NULL, NULL, &o->value) && der_at_end(&r);
}

/* RFC 5652 10.2.1: besides CRLs, other formats; of those OCSP responses are
 * read (RFC 5940). */
static enum deed_status parse_crls(struct cms_signed *sd,
				   struct deed_error *err)
{
	struct slice whole, content;
	struct der_reader r;
	unsigned count;
	uint8_t tag;

	if (!count_elements(sd->crls_set, CMS_OTHERS, &count))
		return malformed(err, "crls");
	if (count > CMS_OTHERS)
		return over_limit(err, "revocation values", CMS_OTHERS);
	sd->crls = calloc(count + 1, sizeof(*sd->crls));
	sd->others = calloc(count + 1, sizeof(*sd->others));
	if (sd->crls == NULL || sd->others == NULL)
		return deed_error_memory(err);
	der_init(&r, sd->crls_set);
	while (der_get_any(&r, &tag, &content, &whole)) {
		if (tag == DER_SEQUENCE)
			sd->crls[sd->crl_count++] = whole;
		else if (tag == DER_CONTEXT_CONS(1) &&
			 parse_other(content, &sd->others[sd->other_count]))
			sd->other_count++;
	}
	if (sd->crl_count > CMS_CRLS)
		return over_limit(err, "CRLs", CMS_CRLS);
	return DEED_OK;
}

/* Their number is bounded, as each costs a signature check. */
static enum deed_status parse_signers(struct slice set, struct cms_signed *sd,
				      struct deed_error *err)
{
	enum deed_status status;
	struct slice whole;
	struct der_reader r;
	unsigned count;

	if (!count_elements(set, CMS_SIGNERS, &count))
		return malformed(err, "signerInfos");
	if (count > CMS_SIGNERS)
		return over_limit(err, "signers", CMS_SIGNERS);
	sd->signers = calloc(count + 1, sizeof(*sd->signers));
	if (sd->signers == NULL)
		return deed_error_memory(err);
	der_init(&r, set);
	while (!der_at_end(&r)) {
		if (!der_get_element(&r, DER_SEQUENCE, &whole))
			return malformed(err, "a SignerInfo");
		/* Counted first, so that a failure frees its lists too. */
		status = parse_signer(whole, &sd->signers[sd->signer_count++],
				      err);
		if (status != DEED_OK)
			return status;
	}
	return DEED_OK;
}

/* RFC 5652 5.1.  Each list is counted before room is made for it. */
static enum deed_status parse_signed_data(struct der_reader *r,
					  struct cms_signed *sd,
					  struct deed_error *err)
{
	enum deed_status status;
	struct slice signers;
	bool present;

	if (!der_get_uint64(r, &sd->version) ||
	    !der_get(r, DER_SET, &sd->digests) ||
	    !count_elements(sd->digests, CMS_SIGNERS, &sd->digest_count))
		return malformed(err, "SignedData");
	status = parse_content(r, sd, err);
	if (status != DEED_OK)
		return status;
	if (!der_get_optional(r, DER_CONTEXT_CONS(0), &present,
			      &sd->certificates_set) ||
	    !der_get_optional(r, DER_CONTEXT_CONS(1), &present, &sd->crls_set))
		return malformed(err, "certificates and crls");
	if (!der_get(r, DER_SET, &signers) || !der_at_end(r))
		return malformed(err, "signerInfos");
	status = parse_certificates(sd, err);
	if (status == DEED_OK)
		status = parse_crls(sd, err);
	if (status == DEED_OK)
		status = parse_signers(signers, sd, err);
	return status;
}

static bool is_gm(enum oid type)
{
	return type >= OID_GM_DATA && type <= OID_GM_KEY_AGREEMENT;
}

/* What China's own standard writes: as CMS, under other names, and signed in
 * another way. */
static enum deed_status not_of_gm(struct slice type, struct deed_error *err)
{
	struct buf name = BUF_INIT;

	oid_describe(type, &name);
	buf_byte(&name, 0);
	deed_error_set(err, DEED_UNSUPPORTED,
		       "the CMS is %s, which is not judged: expected a "
		       "SignedData of RFC 5652",
		       name.failed ? "?" : (const char *)name.data);
	buf_clear(&name);
	return DEED_UNSUPPORTED;
}

/* What stands behind the ContentInfo is for the caller to judge: a PDF fills
 * its place with zeroes. */
static enum deed_status parse_info(struct cms_signed *sd,
				   struct deed_error *err)
{
	struct der_reader top, info, explicit, data;
	struct slice type;

	der_init(&top, buf_get(&sd->owned));
	if (!der_get_element(&top, DER_SEQUENCE, &sd->whole) ||
	    !der_open(sd->whole, DER_SEQUENCE, &info) ||
	    !der_get_oid(&info, &type))
		return malformed(err, "a ContentInfo");
	if (is_gm(oid_find(type)))
		return not_of_gm(type, err);
	if (oid_find(type) != OID_SIGNED_DATA)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the CMS is no SignedData");
	if (!der_enter(&info, DER_CONTEXT_CONS(0), &explicit) ||
	    !der_at_end(&info) || !der_enter(&explicit, DER_SEQUENCE, &data) ||
	    !der_at_end(&explicit))
		return malformed(err, "SignedData");
	return parse_signed_data(&data, sd, err);
}

/* The octets are copied: every slice of the result points into the copy and
 * lives as long as it. */
static enum deed_status parse_der(struct slice in, struct cms_signed **out,
				  struct deed_error *err)
{
	struct cms_signed *sd = calloc(1, sizeof(*sd));
	enum deed_status status;

	*out = NULL;
	if (sd == NULL)
		return deed_error_memory(err);
	buf_slice(&sd->owned, in);
	status = buf_status(&sd->owned, err);
	if (status == DEED_OK)
		status = parse_info(sd, err);
	if (status != DEED_OK) {
		cms_signed_free(sd);
		return status;
	}
	*out = sd;
	return DEED_OK;
}

enum deed_status cms_signed_parse(struct slice in, struct cms_signed **out,
				  struct deed_error *err)
{
	struct slice whole = in;
	enum deed_status status;
	struct buf der = BUF_INIT;
	struct der_reader r;
	size_t used;

	*out = NULL;
	if (in.len > CMS_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "the CMS is larger than %u bytes",
				      CMS_MAX);
	/*
	 * As it stands first: bytes that signatures were made over stay what
	 * they are, even where a certificate in it is not quite DER.
	 */
	der_init(&r, in);
	if (der_get_element(&r, DER_SEQUENCE, &whole)) {
		status = parse_der(whole, out, NULL);
		if (status == DEED_OK)
			(*out)->used = whole.len;
		if (status != DEED_MALFORMED)
			goto explain;
	}
	status = ber_to_der(in, &used, &der, err);
	if (status == DEED_OK)
		status = parse_der(buf_get(&der), out, err);
	if (status == DEED_OK) {
		(*out)->was_ber =
			used != der.len || memcmp(in.data, der.data, used) != 0;
		(*out)->used = used;
	}
	buf_clear(&der);
	return status;
explain:
	/* The first attempt was silent: say it again with words. */
	return status == DEED_OK ? status : parse_der(whole, out, err);
}

void cms_signed_free(struct cms_signed *sd)
{
	unsigned i;

	if (sd == NULL)
		return;
	for (i = 0; i < sd->signer_count; i++)
		cms_signer_clear(&sd->signers[i]);
	free(sd->signers);
	free(sd->certificates);
	free(sd->crls);
	free(sd->others);
	buf_clear(&sd->owned);
	free(sd);
}

void cms_signed_attrs_der(const struct cms_signer *signer, struct buf *out)
{
	const struct cms_attributes *attrs = &signer->signed_attrs;
	struct der_writer w;
	unsigned i;

	if (attrs->sorted) {
		cms_signed_attrs_stored(signer, out);
		return;
	}
	der_writer_init(&w, out);
	der_begin(&w, DER_SET);
	for (i = 0; i < attrs->count; i++) {
		der_begin(&w, DER_SEQUENCE);
		der_put(&w, DER_OID, attrs->list[i].type);
		der_begin(&w, DER_SET);
		der_put_raw(&w, attrs->list[i].values);
		der_end_set_of(&w);
		der_end(&w);
	}
	der_end_set_of(&w);
	if (der_writer_status(&w, NULL) != DEED_OK)
		out->failed = true;
}

void cms_signed_attrs_stored(const struct cms_signer *signer, struct buf *out)
{
	size_t at = out->len;

	buf_slice(out, signer->signed_attrs.whole);
	if (!out->failed && signer->signed_attrs.whole.len > 0)
		out->data[at] = DER_SET;
}

const struct cms_attribute *cms_find(const struct cms_attributes *attrs,
				     enum oid oid, unsigned *count)
{
	const struct cms_attribute *found = NULL;
	unsigned i, n = 0;

	for (i = 0; i < attrs->count; i++) {
		if (attrs->list[i].oid != oid)
			continue;
		if (n++ == 0)
			found = &attrs->list[i];
	}
	if (count != NULL)
		*count = n;
	return found;
}

bool cms_single(const struct cms_attributes *attrs, enum oid oid,
		struct slice *value)
{
	const struct cms_attribute *a;
	struct der_reader r;
	unsigned count;

	a = cms_find(attrs, oid, &count);
	if (count != 1 || a->count != 1)
		return false;
	der_init(&r, a->values);
	return der_get_any(&r, NULL, NULL, value);
}

bool cms_signer_names(const struct cms_signer *signer, const struct cert *c)
{
	const struct cert_fields *f = cert_fields(c);

	if (signer->key_id.data != NULL)
		return f->subject_key_id.data != NULL &&
		       slice_equal(signer->key_id, f->subject_key_id);
	return slice_equal(signer->serial, f->serial) &&
	       (slice_equal(signer->issuer, f->issuer) ||
		x509_name_equal(signer->issuer, f->issuer));
}
