/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/check_priv.h"

#include <stdarg.h>
#include <stdio.h>

#include "codec/der.h"

void cms_fault(struct cms_check *out, enum cms_outcome o, const char *id,
	       const char *fmt, ...)
{
	va_list args;

	if (out->outcome != CMS_INTACT)
		return;
	out->outcome = o;
	(void)snprintf(out->id, sizeof(out->id), "%s", id);
	va_start(args, fmt);
	(void)vsnprintf(out->message, sizeof(out->message), fmt, args);
	va_end(args);
}

/* Of a content that lies in memory this cannot fail. */
static enum deed_status memory_digest(void *arg, enum digest_alg alg,
				      uint8_t out[DIGEST_MAX],
				      struct deed_error *err)
{
	const struct slice *m = arg;

	(void)err;
	digest_once(alg, *m, out);
	return DEED_OK;
}

void cms_content_memory(struct cms_content *c, struct slice *m)
{
	c->digest = memory_digest;
	c->arg = m;
	c->head = *m;
}

/* The algorithms as the SignerInfo has them (RFC 3370 3.2, RFC 5754 3). */
static void read_algorithms(struct cms_checking *s)
{
	struct cms_check *out = s->out;
	enum deed_status status;

	out->digest = digest_from_algorithm(s->signer->digest_algorithm);
	out->digest_known = out->digest != DIGEST_NONE;
	status = sig_alg_parse(s->signer->signature_algorithm, &out->algorithm,
			       &s->unknown);
	/* DSA is there to judge old chains, not for documents. */
	if (status == DEED_OK && out->algorithm.scheme == SIG_DSA)
		status = deed_error_set(&s->unknown, DEED_UNSUPPORTED,
					"DSA is not accepted for documents");
	out->algorithm_known = status == DEED_OK;
	s->malformed_algorithm = status == DEED_MALFORMED;
	if (status != DEED_OK)
		out->algorithm = (struct sig_alg){ .scheme = SIG_NONE };
	/* rsaEncryption and id-ecPublicKey leave the digest to the other. */
	if (out->algorithm_known && out->algorithm.digest == DIGEST_NONE &&
	    sig_scheme_hashes(out->algorithm.scheme)) {
		out->algorithm.digest = out->digest;
		out->algorithm_known = out->digest_known;
	}
}

/* These have one instance with one value; RFC 5652 11.1 to 11.3, RFC 5035 3,
 * RFC 6211 2, EN 319 122-1 5. */
static const enum oid single_attributes[] = {
	OID_CONTENT_TYPE,
	OID_MESSAGE_DIGEST,
	OID_SIGNING_TIME,
	OID_SIGNING_CERTIFICATE,
	OID_SIGNING_CERTIFICATE_V2,
	OID_CMS_ALGORITHM_PROTECTION,
	OID_SIGNATURE_POLICY,
	OID_SIGNER_LOCATION,
	OID_MIME_TYPE,
	OID_CONTENT_HINTS,
};

/* RFC 5652 11, RFC 5035 3: these attributes have one instance with one value.
 * With two, programs would differ in which they believe. */
static void check_single(struct cms_checking *s)
{
	const struct cms_attributes *attrs = &s->signer->signed_attrs;
	const struct cms_attribute *a;
	unsigned count;
	size_t i;

	for (i = 0; i < sizeof(single_attributes) / sizeof(enum oid); i++) {
		a = cms_find(attrs, single_attributes[i], &count);
		if (a == NULL)
			continue;
		if (count != 1)
			cms_fault(s->out, CMS_BAD_FORMAT, "attribute-repeated",
				  "the signed attribute %s occurs %u times",
				  oid_text(a->oid), count);
		else if (a->count != 1)
			cms_fault(s->out, CMS_BAD_FORMAT, "attribute-values",
				  "the signed attribute %s has %u values: "
				  "expected one",
				  oid_text(a->oid), a->count);
	}
}

/* A counter-signature has no SignedData, and RFC 5652 11.4 forbids it the
 * attribute.  Elsewhere it keeps the content from being passed off as one of
 * another type. */
static void check_content_type(struct cms_checking *s)
{
	struct slice value, oid;
	struct der_reader r;

	if (s->sd == NULL)
		return;
	if (!cms_single(&s->signer->signed_attrs, OID_CONTENT_TYPE, &value)) {
		cms_fault(s->out, CMS_BAD_FORMAT, "content-type",
			  "the signed attribute content-type is missing");
		return;
	}
	der_init(&r, value);
	if (!der_get_oid(&r, &oid) || !slice_equal(oid, s->sd->content_type))
		cms_fault(
			s->out, CMS_BAD_FORMAT, "content-type",
			"the signed attribute content-type is not the type of "
			"the content");
}

/* RFC 6211: what the signer says the algorithms are. */
static void check_protection(struct cms_checking *s)
{
	struct sig_alg claimed = { 0 };
	struct slice value, whole, digest, signature;
	struct cms_check *out = s->out;
	struct buf seq = BUF_INIT;
	struct der_reader r;
	struct der_writer w;
	bool good;

	if (!cms_single(&s->signer->signed_attrs, OID_CMS_ALGORITHM_PROTECTION,
			&value))
		return;
	good = der_open(value, DER_SEQUENCE, &r) &&
	       der_get_element(&r, DER_SEQUENCE, &digest) &&
	       der_get(&r, DER_CONTEXT_CONS(1), &signature) && der_at_end(&r);
	if (good && out->digest_known)
		good = digest_from_algorithm(digest) == out->digest;
	if (good && out->algorithm_known) {
		/* [1] IMPLICIT: make it the SEQUENCE that it stands for. */
		der_writer_init(&w, &seq);
		der_put(&w, DER_SEQUENCE, signature);
		whole = buf_get(&seq);
		good = sig_alg_parse(whole, &claimed, NULL) == DEED_OK;
		if (claimed.digest == DIGEST_NONE &&
		    sig_scheme_hashes(claimed.scheme))
			claimed.digest = out->digest;
		good = good && claimed.scheme == out->algorithm.scheme &&
		       claimed.digest == out->algorithm.digest &&
		       claimed.mask == out->algorithm.mask;
		buf_clear(&seq);
	}
	if (!good)
		cms_fault(out, CMS_BAD_ALGORITHM, "algorithm-protection",
			  "the algorithms are not those that the signer "
			  "protected");
}

/* The signer's claim.  One that cannot be read is passed over, as nothing is
 * decided by it here. */
static void read_signing_time(struct cms_checking *s)
{
	struct slice value;
	struct der_reader r;

	if (!cms_single(&s->signer->signed_attrs, OID_SIGNING_TIME, &value))
		return;
	der_init(&r, value);
	if (der_get_time(&r, &s->out->signing_time))
		s->out->has_signing_time = true;
}

/* EdDSA does not hash what it is given, so that any digestAlgorithm goes with
 * it here; check_pair has what RFC 8419 wants of Ed448. */
static void check_algorithms(struct cms_checking *s)
{
	struct cms_check *out = s->out;

	if (s->malformed_algorithm)
		cms_fault(out, CMS_BAD_ALGORITHM, "signature-algorithm",
			  "the signature algorithm is malformed");
	if (out->algorithm_known && out->digest_known &&
	    sig_scheme_hashes(out->algorithm.scheme) &&
	    out->algorithm.digest != out->digest)
		cms_fault(out, CMS_BAD_ALGORITHM, "algorithm-mismatch",
			  "digestAlgorithm is %s but the signature uses %s",
			  digest_name(out->digest),
			  digest_name(out->algorithm.digest));
}

/* The order in which they are stored is noted and is no fault: what is signed
 * is their DER. Of several faults the first is told. */
static void check_attributes(struct cms_checking *s)
{
	const struct cms_attributes *attrs = &s->signer->signed_attrs;
	struct slice value;

	s->out->has_attributes = true;
	s->out->unordered = !attrs->sorted;
	check_single(s);
	check_content_type(s);
	if (!cms_single(attrs, OID_MESSAGE_DIGEST, &value))
		cms_fault(s->out, CMS_BAD_FORMAT, "message-digest",
			  "the signed attribute message-digest is missing");
	check_protection(s);
	read_signing_time(s);
}

/*
 * Without signed attributes the content itself is signed.  Somebody else's
 * signed attributes could then be passed off as content: so a content that
 * reads as a SET of Attribute is none.  RFC 5652 5.3 allows the form for
 * id-data only.
 */
static void check_bare(struct cms_checking *s)
{
	const uint8_t *p, *end;
	size_t lengths;

	if (s->sd != NULL && s->sd->content_oid != OID_DATA)
		cms_fault(
			s->out, CMS_BAD_FORMAT, "attributes-missing",
			"there are no signed attributes, which a content that "
			"is not plain data needs");
	if (s->content == NULL || s->content->head.len < 8)
		return;
	p = s->content->head.data;
	end = p + s->content->head.len;
	if (*p++ != DER_SET)
		return;
	lengths = (*p & 0x80) != 0 ? (*p & 0x7fu) : 0;
	if (lengths > 4 || (size_t)(end - p) < lengths + 4)
		return;
	p += 1 + lengths;
	if (*p++ != DER_SEQUENCE)
		return;
	lengths = (*p & 0x80) != 0 ? (*p & 0x7fu) : 0;
	if (lengths > 4 || (size_t)(end - p) < lengths + 2)
		return;
	p += 1 + lengths;
	if (*p == DER_OID)
		cms_fault(s->out, CMS_BAD_FORMAT, "content-is-attributes",
			  "the content has the form of signed attributes");
}

/* Compare message-digest with the content's. */
static enum deed_status check_digest(struct cms_checking *s,
				     struct deed_error *err)
{
	uint8_t digest[DIGEST_MAX];
	struct slice value, claimed;
	enum deed_status status;
	struct der_reader r;

	if (!s->out->digest_known || s->content == NULL)
		return DEED_OK;
	if (!cms_single(&s->signer->signed_attrs, OID_MESSAGE_DIGEST, &value))
		return DEED_OK;
	der_init(&r, value);
	if (!der_get(&r, DER_OCTET_STRING, &claimed)) {
		cms_fault(s->out, CMS_BAD_FORMAT, "message-digest",
			  "message-digest is no OCTET STRING");
		return DEED_OK;
	}
	status = s->content->digest(s->content->arg, s->out->digest, digest,
				    err);
	if (status != DEED_OK)
		return status;
	s->content_matches = slice_equal(
		claimed, slice_of(digest, digest_size(s->out->digest)));
	if (!s->content_matches) {
		s->out->value_broken = true;
		cms_fault(s->out, CMS_HASH_MISMATCH, "message-digest",
			  "the content is not what was signed: its digest "
			  "differs");
	}
	return DEED_OK;
}

/* RFC 8419 3.1: Ed448 goes with one digest. */
static void check_pair(struct cms_checking *s)
{
	struct cms_check *out = s->out;

	if (out->has_attributes && out->digest_known && out->algorithm_known &&
	    out->algorithm.scheme == SIG_ED448 &&
	    out->digest != DIGEST_SHAKE256)
		cms_fault(out, CMS_UNKNOWN_ALGORITHM, "digest-unsuited",
			  "Ed448 is used with the digest %s: expected %s",
			  digest_name(out->digest),
			  digest_name(DIGEST_SHAKE256));
}

/* Both versions may be there, and both must then name this certificate, or it
 * could be changed for another of the same key. */
static void check_signing_certificate(struct cms_checking *s)
{
	const struct cms_attributes *attrs = &s->signer->signed_attrs;
	bool has_v1, has_v2;
	struct slice v1, v2;

	has_v1 = cms_single(attrs, OID_SIGNING_CERTIFICATE, &v1);
	has_v2 = cms_single(attrs, OID_SIGNING_CERTIFICATE_V2, &v2);
	if (s->cert == NULL || (!has_v1 && !has_v2))
		return;
	if ((has_v1 && !cms_ess_matches(v1, false, s->cert)) ||
	    (has_v2 && !cms_ess_matches(v2, true, s->cert))) {
		cms_fault(s->out, CMS_WRONG_CERTIFICATE, "signing-certificate",
			  "signing-certificate names another certificate "
			  "than the "
			  "one whose key made the signature");
		return;
	}
	s->out->has_signing_certificate = true;
}

enum deed_status cms_check_signer(const struct cms_signed *sd,
				  const struct cms_signer *signer,
				  const struct cert *cert,
				  const struct cms_content *content,
				  struct cms_check *out, struct deed_error *err)
{
	struct cms_checking s = { .sd = sd,
				  .signer = signer,
				  .cert = cert,
				  .content = content,
				  .out = out };
	enum deed_status status;

	*out = (struct cms_check){ .outcome = CMS_INTACT };
	read_algorithms(&s);
	if (signer->signed_attrs.present)
		check_attributes(&s);
	else
		check_bare(&s);
	check_algorithms(&s);
	if (signer->signed_attrs.present) {
		status = check_digest(&s, err);
		if (status != DEED_OK)
			return status;
	}
	status = cms_check_value(&s, err);
	if (status != DEED_OK)
		return status;
	check_signing_certificate(&s);
	check_pair(&s);
	if (content == NULL)
		cms_fault(out, CMS_NO_CONTENT, "content",
			  "the signed content is not there");
	return DEED_OK;
}
