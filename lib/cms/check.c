/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/check.h"

#include <stdarg.h>
#include <stdio.h>

#include "codec/der.h"
#include "key/x509_name.h"

/* One check in progress. */
struct state {
	const struct cms_signed *sd; /* NULL: a counter-signature */
	const struct cms_signer *signer;
	const struct cert *cert;
	const struct cms_content *content;
	struct cms_check *out;
	bool content_matches; /* message-digest is the content's */
	bool malformed_algorithm;
	struct deed_error unknown; /* what is not known of the algorithm */
};

/* Keep the first finding: rules are checked in the order of their weight. */
static void DEED_PRINTF(4, 5) find(struct cms_check *out, enum cms_outcome o,
				   const char *id, const char *fmt, ...)
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
static void read_algorithms(struct state *s)
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

static void check_single(struct state *s)
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
			find(s->out, CMS_BAD_FORMAT, "attribute-repeated",
			     "the signed attribute %s occurs %u times",
			     oid_text(a->oid), count);
		else if (a->count != 1)
			find(s->out, CMS_BAD_FORMAT, "attribute-values",
			     "the signed attribute %s has %u values: "
			     "expected one",
			     oid_text(a->oid), a->count);
	}
}

static void check_content_type(struct state *s)
{
	struct slice value, oid;
	struct der_reader r;

	if (s->sd == NULL)
		return;
	if (!cms_single(&s->signer->signed_attrs, OID_CONTENT_TYPE, &value)) {
		find(s->out, CMS_BAD_FORMAT, "content-type",
		     "the signed attribute content-type is missing");
		return;
	}
	der_init(&r, value);
	if (!der_get_oid(&r, &oid) || !slice_equal(oid, s->sd->content_type))
		find(s->out, CMS_BAD_FORMAT, "content-type",
		     "the signed attribute content-type is not the type of "
		     "the content");
}

/* RFC 6211: what the signer says the algorithms are. */
static void check_protection(struct state *s)
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
		find(out, CMS_BAD_ALGORITHM, "algorithm-protection",
		     "the algorithms are not those that the signer protected");
}

static void read_signing_time(struct state *s)
{
	struct slice value;
	struct der_reader r;

	if (!cms_single(&s->signer->signed_attrs, OID_SIGNING_TIME, &value))
		return;
	der_init(&r, value);
	if (der_get_time(&r, &s->out->signing_time))
		s->out->has_signing_time = true;
}

static void check_algorithms(struct state *s)
{
	struct cms_check *out = s->out;

	if (s->malformed_algorithm)
		find(out, CMS_BAD_ALGORITHM, "signature-algorithm",
		     "the signature algorithm is malformed");
	if (out->algorithm_known && out->digest_known &&
	    sig_scheme_hashes(out->algorithm.scheme) &&
	    out->algorithm.digest != out->digest)
		find(out, CMS_BAD_ALGORITHM, "algorithm-mismatch",
		     "digestAlgorithm is %s but the signature uses %s",
		     digest_name(out->digest),
		     digest_name(out->algorithm.digest));
}

static void check_attributes(struct state *s)
{
	const struct cms_attributes *attrs = &s->signer->signed_attrs;
	struct slice value;

	s->out->has_attributes = true;
	s->out->unordered = !attrs->sorted;
	check_single(s);
	check_content_type(s);
	if (!cms_single(attrs, OID_MESSAGE_DIGEST, &value))
		find(s->out, CMS_BAD_FORMAT, "message-digest",
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
static void check_bare(struct state *s)
{
	const uint8_t *p, *end;
	size_t lengths;

	if (s->sd != NULL && s->sd->content_oid != OID_DATA)
		find(s->out, CMS_BAD_FORMAT, "attributes-missing",
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
		find(s->out, CMS_BAD_FORMAT, "content-is-attributes",
		     "the content has the form of signed attributes");
}

/* Compare message-digest with the content's. */
static enum deed_status check_digest(struct state *s, struct deed_error *err)
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
		find(s->out, CMS_BAD_FORMAT, "message-digest",
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
		find(s->out, CMS_HASH_MISMATCH, "message-digest",
		     "the content is not what was signed: its digest differs");
	}
	return DEED_OK;
}

/* How the value stands: told, and why not. */
struct value {
	bool told, good;
	bool over_stored; /* over the attributes as they are stored alone */
	struct deed_error why;
};

static enum deed_status verify_attributes(
	struct state *s, const struct pubkey *pk,
	void (*bytes)(const struct cms_signer *signer, struct buf *out),
	struct deed_error *why)
{
	struct buf attrs = BUF_INIT;
	enum deed_status status;

	bytes(s->signer, &attrs);
	status = buf_status(&attrs, why);
	if (status == DEED_OK)
		status = pubkey_verify(pk, &s->out->algorithm, buf_get(&attrs),
				       s->signer->signature, why);
	buf_clear(&attrs);
	return status;
}

/* Their DER is what was signed, and their order in the file is nobody's
 * matter (RFC 5652 5.4). */
static enum deed_status verify_signed(struct state *s, const struct pubkey *pk,
				      struct value *v)
{
	enum deed_status status, stored;

	status = verify_attributes(s, pk, cms_signed_attrs_der, &v->why);
	if (status != DEED_BAD_SIGNATURE || s->signer->signed_attrs.sorted)
		return status;
	stored = verify_attributes(s, pk, cms_signed_attrs_stored, NULL);
	v->over_stored = stored == DEED_OK;
	return stored == DEED_NO_MEMORY ? stored : status;
}

/* Verify the signature value. */
static enum deed_status verify_value(struct state *s, const struct pubkey *pk,
				     struct value *v, struct deed_error *err)
{
	uint8_t digest[DIGEST_MAX];
	enum deed_status status;

	if (s->signer->signed_attrs.present) {
		status = verify_signed(s, pk, v);
	} else {
		status = s->content->digest(
			s->content->arg, s->out->algorithm.digest, digest, err);
		if (status != DEED_OK)
			return status;
		status = pubkey_verify_hash(
			pk, &s->out->algorithm,
			slice_of(digest, digest_size(s->out->algorithm.digest)),
			s->signer->signature, &v->why);
	}
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	v->told = status == DEED_OK || status == DEED_BAD_SIGNATURE;
	v->good = status == DEED_OK;
	return DEED_OK;
}

/* Can the value be verified at all?  Finds why not. */
static enum deed_status can_verify(struct state *s, bool *can,
				   struct deed_error *err)
{
	struct cms_check *out = s->out;
	struct buf name = BUF_INIT;

	*can = false;
	if (!out->digest_known) {
		oid_describe(s->signer->digest_oid, &name);
		buf_byte(&name, 0);
		find(out, CMS_UNKNOWN_ALGORITHM, "algorithm-unknown",
		     "the digest algorithm %.180s is not known",
		     name.failed ? "?" : (const char *)name.data);
		buf_clear(&name);
	} else if (!out->algorithm_known) {
		find(out, CMS_UNKNOWN_ALGORITHM, "algorithm-unknown", "%.250s",
		     s->unknown.message);
	} else if (s->cert == NULL) {
		find(out, CMS_NO_CERTIFICATE, "signing-certificate",
		     "the signer's certificate is not there");
		if (s->sd != NULL)
			return cms_explain_missing(s->sd, s->signer, out, err);
	} else if (!out->has_attributes && s->content == NULL) {
		find(out, CMS_NO_CONTENT, "content",
		     "the signed content is not there");
	} else if (!out->has_attributes &&
		   !sig_scheme_hashes(out->algorithm.scheme)) {
		find(out, CMS_UNKNOWN_ALGORITHM, "algorithm-unknown",
		     "%s without signed attributes is not judged",
		     sig_scheme_name(out->algorithm.scheme));
	} else {
		*can = true;
	}
	return DEED_OK;
}

/* The signer's public key; NULL, and found why, where it is of no use. */
static enum deed_status signer_key(struct state *s, const struct pubkey **pk,
				   struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = cert_pubkey(s->cert, pk, &why);

	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status == DEED_MALFORMED)
		find(s->out, CMS_MALFORMED_CERTIFICATE, "certificate-malformed",
		     "cannot use the signer's certificate: %.200s",
		     why.message);
	else if (status != DEED_OK)
		find(s->out, CMS_UNKNOWN_ALGORITHM, "algorithm-unknown",
		     "cannot use the signer's public key: %.200s", why.message);
	return DEED_OK;
}

static void judge_value(struct state *s, const struct value *v)
{
	struct cms_check *out = s->out;

	if (!v->told) {
		find(out, CMS_UNKNOWN_ALGORITHM, "algorithm-unknown", "%.250s",
		     v->why.message);
		return;
	}
	if (!v->good) {
		out->value_broken = true;
		if (v->over_stored)
			find(out, CMS_BAD_SIGNATURE, "attributes-order",
			     "the signature value was made over the signed "
			     "attributes in the order in which they are "
			     "stored: expected the order of DER");
		else
			find(out, CMS_BAD_SIGNATURE, "signature-value",
			     "the signature value does not hold");
		return;
	}
	if (!out->has_attributes || s->content_matches)
		out->value_intact = !out->value_broken;
}

static enum deed_status check_value(struct state *s, struct deed_error *err)
{
	struct value v = { .why = DEED_ERROR_INIT };
	const struct pubkey *pk = NULL;
	enum deed_status status;
	bool can;

	status = can_verify(s, &can, err);
	if (status == DEED_OK && can)
		status = signer_key(s, &pk, err);
	if (status == DEED_OK && pk != NULL) {
		status = verify_value(s, pk, &v, err);
		if (status == DEED_OK)
			judge_value(s, &v);
	}
	return status;
}

/* RFC 8419 3.1: Ed448 goes with one digest. */
static void check_pair(struct state *s)
{
	struct cms_check *out = s->out;

	if (out->has_attributes && out->digest_known && out->algorithm_known &&
	    out->algorithm.scheme == SIG_ED448 &&
	    out->digest != DIGEST_SHAKE256)
		find(out, CMS_UNKNOWN_ALGORITHM, "digest-unsuited",
		     "Ed448 is used with the digest %s: expected %s",
		     digest_name(out->digest), digest_name(DIGEST_SHAKE256));
}

/* issuerSerial, where it is given (RFC 5035 3): the names may be written
 * otherwise, the number not. */
static bool issuer_serial_matches(struct der_reader *id, const struct cert *c)
{
	const struct cert_fields *f = cert_fields(c);
	struct der_reader r, names, dir;
	struct slice name, serial;

	if (der_at_end(id))
		return true;
	if (!der_enter(id, DER_SEQUENCE, &r) ||
	    !der_enter(&r, DER_SEQUENCE, &names) ||
	    !der_get_integer(&r, &serial) || !slice_equal(serial, f->serial))
		return false;
	if (!der_enter(&names, DER_CONTEXT_CONS(4), &dir) ||
	    !der_get_element(&dir, DER_SEQUENCE, &name))
		return false;
	return slice_equal(name, f->issuer) || x509_name_equal(name, f->issuer);
}

/* ESSCertID or ESSCertIDv2: the first names the signer's certificate. */
static bool ess_matches(struct slice value, bool v2, const struct cert *c)
{
	enum digest_alg alg = v2 ? DIGEST_SHA256 : DIGEST_SHA1;
	struct der_reader r, ids, id;
	uint8_t digest[DIGEST_MAX];
	struct slice algorithm, hash;

	if (!der_open(value, DER_SEQUENCE, &r) ||
	    !der_enter(&r, DER_SEQUENCE, &ids) ||
	    !der_enter(&ids, DER_SEQUENCE, &id))
		return false;
	if (v2 && der_get_element(&id, DER_SEQUENCE, &algorithm))
		alg = digest_from_algorithm(algorithm);
	if (alg == DIGEST_NONE || !der_get(&id, DER_OCTET_STRING, &hash))
		return false;
	digest_once(alg, cert_fields(c)->der, digest);
	return slice_equal(hash, slice_of(digest, digest_size(alg))) &&
	       issuer_serial_matches(&id, c);
}

static void check_signing_certificate(struct state *s)
{
	const struct cms_attributes *attrs = &s->signer->signed_attrs;
	bool has_v1, has_v2;
	struct slice v1, v2;

	has_v1 = cms_single(attrs, OID_SIGNING_CERTIFICATE, &v1);
	has_v2 = cms_single(attrs, OID_SIGNING_CERTIFICATE_V2, &v2);
	if (s->cert == NULL || (!has_v1 && !has_v2))
		return;
	if ((has_v1 && !ess_matches(v1, false, s->cert)) ||
	    (has_v2 && !ess_matches(v2, true, s->cert))) {
		find(s->out, CMS_WRONG_CERTIFICATE, "signing-certificate",
		     "signing-certificate names another certificate than the "
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
	struct state s = { .sd = sd,
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
	status = check_value(&s, err);
	if (status != DEED_OK)
		return status;
	check_signing_certificate(&s);
	check_pair(&s);
	if (content == NULL)
		find(out, CMS_NO_CONTENT, "content",
		     "the signed content is not there");
	return DEED_OK;
}

struct cert *cms_choose_certificate(const struct cms_signer *signer,
				    struct cert *const *certs, size_t count)
{
	const struct cms_attributes *attrs = &signer->signed_attrs;
	struct cert *best = NULL;
	bool has_v1, has_v2;
	struct slice v1, v2;
	size_t i;

	has_v1 = cms_single(attrs, OID_SIGNING_CERTIFICATE, &v1);
	has_v2 = cms_single(attrs, OID_SIGNING_CERTIFICATE_V2, &v2);
	for (i = 0; i < count; i++) {
		if (!cms_signer_names(signer, certs[i]))
			continue;
		if ((has_v2 && ess_matches(v2, true, certs[i])) ||
		    (has_v1 && ess_matches(v1, false, certs[i])))
			return certs[i];
		if (best == NULL)
			best = certs[i];
	}
	return best;
}

enum deed_status cms_certificates(const struct cms_signed *sd,
				  struct cert_list *out, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct cert *c;
	unsigned i;

	for (i = 0; status == DEED_OK && i < sd->certificate_count; i++) {
		status = cert_parse(sd->certificates[i], &c, NULL);
		if (status == DEED_OK)
			status = cert_list_add(out, c, NULL);
		else if (status != DEED_NO_MEMORY)
			status = DEED_OK;
		cert_free(c);
	}
	return status == DEED_OK ? status : deed_error_memory(err);
}

enum deed_status cms_signer_certificate(const struct cms_signed *sd,
					const struct cms_signer *signer,
					struct cert **out,
					struct deed_error *err)
{
	struct cert_list list = CERT_LIST_INIT;
	enum deed_status status;
	struct cert *c;

	*out = NULL;
	status = cms_certificates(sd, &list, err);
	if (status == DEED_OK) {
		c = cms_choose_certificate(signer, list.items, list.count);
		*out = c == NULL ? NULL : cert_ref(c);
	}
	cert_list_clear(&list);
	return status;
}
