/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/signed_write.h"

#include "cms/signed_priv.h"
#include "codec/der.h"

/* What the signature value is made of: the key, or zeros to measure with. */
struct job {
	const struct cms_sign_params *params;
	struct sig_alg alg;
	enum digest_alg digest;
	struct slice content_digest;
	bool measure;
	bool counter; /* a SignerInfo alone, over a signature value */
};

/* Plain data, unless the caller signs something else, such as a time-stamp's
 * content. */
static enum oid content_type(const struct cms_sign_params *params)
{
	return params->content_type == OID_NONE ? OID_DATA
						: params->content_type;
}

/* RFC 8419 3: with Ed25519 the content is digested with SHA-512. */
static enum digest_alg content_digest_alg(const struct sig_alg *alg)
{
	return alg->scheme == SIG_ED25519 ? DIGEST_SHA512 : alg->digest;
}

static enum deed_status signer_key(const struct cms_sign_params *params,
				   const struct pubkey **pk,
				   struct deed_error *err)
{
	if (params->chain_len == 0)
		return deed_error_set(err, DEED_REFUSED,
				      "there is no certificate to sign with");
	return cert_pubkey(params->chain[0], pk, err);
}

enum deed_status cms_sign_algorithm(const struct cms_sign_params *params,
				    struct sig_alg *out, struct deed_error *err)
{
	const struct pubkey *pk;
	enum deed_status status = signer_key(params, &pk, err);

	if (status != DEED_OK)
		return status;
	*out = params->algorithm;
	if (out->scheme == SIG_NONE)
		signing_key_alg_for(params->key, pk, out);
	/* RFC 4055 1.2; and no verifier would take it. */
	if (out->scheme == SIG_RSA && pubkey_type(pk) == PUBKEY_RSA_PSS)
		return deed_error_set(err, DEED_REFUSED,
				      "the certificate binds its key to "
				      "RSA-PSS");
	if (content_digest_alg(out) == DIGEST_NONE)
		return deed_error_set(err, DEED_USAGE,
				      "the signature algorithm has no digest");
	return DEED_OK;
}

/* Found before the key is used: a signature that its certificate does not fit
 * is of no use. */
static enum deed_status check_params(const struct cms_sign_params *params,
				     struct deed_error *err)
{
	const struct pubkey *pk;
	enum deed_status status = signer_key(params, &pk, err);

	if (status != DEED_OK)
		return status;
	if (!spki_same_key(pubkey_spki(pk), signing_key_spki(params->key)))
		return deed_error_set(err, DEED_REFUSED,
				      "the key and the certificate do not "
				      "belong together");
	return DEED_OK;
}

void signed_put_attribute(struct der_writer *w, enum oid type,
			  struct slice value)
{
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, type);
	der_put(w, DER_SET, value);
	der_end(w);
}

/* RFC 5035 3; SHA-256 is the default and so left out, in DER. */
static void put_signing_certificate(struct der_writer *w, const struct cert *c)
{
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_SIGNING_CERTIFICATE_V2);
	der_begin(w, DER_SET);
	der_begin(w, DER_SEQUENCE);
	der_begin(w, DER_SEQUENCE);
	der_begin(w, DER_SEQUENCE);
	der_put_octets(w, slice_of(cert_sha256(c), SHA256_SIZE));
	der_end(w);
	der_end(w);
	der_end(w);
	der_end(w);
	der_end(w);
}

/* The type of eContent, of the content that is not embedded too (RFC 5652
 * 11.1). */
static void put_content_type(struct der_writer *w,
			     const struct cms_sign_params *p)
{
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_CONTENT_TYPE);
	der_begin(w, DER_SET);
	der_put_oid(w, content_type(p));
	der_end(w);
	der_end(w);
}

/* As a SET OF in the order of DER, which is what is signed (RFC 5652 5.4);
 * put_signer gives it the tag [0]. */
static void put_signed_attrs(struct der_writer *w, const struct job *job)
{
	const struct cms_sign_params *p = job->params;
	size_t i;

	der_begin(w, DER_SET);
	/* RFC 5652 11.4: a counter-signature has none. */
	if (!job->counter)
		put_content_type(w, p);
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_MESSAGE_DIGEST);
	der_begin(w, DER_SET);
	der_put_octets(w, job->content_digest);
	der_end(w);
	der_end(w);
	put_signing_certificate(w, p->chain[0]);
	if (p->has_signing_time) {
		der_begin(w, DER_SEQUENCE);
		der_put_oid(w, OID_SIGNING_TIME);
		der_begin(w, DER_SET);
		der_put_time(w, p->signing_time);
		der_end(w);
		der_end(w);
	}
	for (i = 0; i < p->signed_count; i++)
		signed_put_attribute(w, p->signed_attrs[i].type,
				     p->signed_attrs[i].value);
	der_end_set_of(w);
}

/* To measure, zeros of the greatest length are put in its place: a PDF has to
 * leave room before the key is asked. */
static enum deed_status make_signature(const struct job *job,
				       struct slice attrs, struct buf *out,
				       struct deed_error *err)
{
	if (job->measure) {
		buf_fill(out, 0, signing_key_max_signature(job->params->key));
		return buf_status(out, err);
	}
	return signing_key_sign(job->params->key, &job->alg, attrs, out, err);
}

/* RFC 5652 5.3, version 1: the signer by issuer and serial number. */
static void put_signer(struct der_writer *w, const struct job *job,
		       struct slice attrs, struct slice signature)
{
	const struct cert_fields *f = cert_fields(job->params->chain[0]);
	struct slice set = attrs;
	struct der_reader r;
	size_t i;

	der_begin(w, DER_SEQUENCE);
	der_put_uint64(w, 1);
	der_begin(w, DER_SEQUENCE);
	der_put_raw(w, f->issuer);
	der_put_integer(w, f->serial);
	der_end(w);
	der_put_algorithm(w, digest_oid(job->digest), false);
	/* Signed as a SET, carried as [0] IMPLICIT. */
	if (der_open(attrs, DER_SET, &r))
		set = der_rest(&r);
	der_put(w, DER_CONTEXT_CONS(0), set);
	sig_alg_write(w, &job->alg);
	der_put_octets(w, signature);
	if (job->params->unsigned_count > 0) {
		der_begin(w, DER_CONTEXT_CONS(1));
		for (i = 0; i < job->params->unsigned_count; i++)
			signed_put_attribute(
				w, job->params->unsigned_attrs[i].type,
				job->params->unsigned_attrs[i].value);
		der_end_set_of(w);
	}
	der_end(w);
}

/* Both sets are sorted, so that one chain gives the same octets in whatever
 * order it came. */
static void put_certificates(struct der_writer *w,
			     const struct cms_sign_params *p)
{
	size_t i;

	der_begin(w, DER_CONTEXT_CONS(0));
	for (i = 0; i < p->chain_len; i++)
		der_put_raw(w, cert_fields(p->chain[i])->der);
	der_end_set_of(w);
	if (p->crl_count == 0)
		return;
	der_begin(w, DER_CONTEXT_CONS(1));
	for (i = 0; i < p->crl_count; i++)
		der_put_raw(w, p->crls[i]);
	der_end_set_of(w);
}

/* RFC 5652 5.1: version 3 where the content is of another type than data. */
static void put_content_info(struct der_writer *w, const struct job *job,
			     struct slice attrs, struct slice signature)
{
	const struct cms_sign_params *p = job->params;

	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_SIGNED_DATA);
	der_begin(w, DER_CONTEXT_CONS(0));
	der_begin(w, DER_SEQUENCE);
	der_put_uint64(w, content_type(p) == OID_DATA ? 1 : 3);
	der_begin(w, DER_SET);
	der_put_algorithm(w, digest_oid(job->digest), false);
	der_end(w);
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, content_type(p));
	if (p->embed) {
		der_begin(w, DER_CONTEXT_CONS(0));
		der_put_octets(w, p->content);
		der_end(w);
	}
	der_end(w);
	put_certificates(w, p);
	der_begin(w, DER_SET);
	put_signer(w, job, attrs, signature);
	der_end(w);
	der_end(w);
	der_end(w);
	der_end(w);
}

/* The result is put behind what out holds only when it is whole. */
static enum deed_status build(const struct job *job, struct buf *out,
			      struct deed_error *err)
{
	struct buf attrs = BUF_INIT, signature = BUF_INIT, result = BUF_INIT;
	enum deed_status status;
	struct der_writer w;

	der_writer_init(&w, &attrs);
	put_signed_attrs(&w, job);
	status = der_writer_status(&w, err);
	if (status == DEED_OK)
		status = make_signature(job, buf_get(&attrs), &signature, err);
	if (status != DEED_OK)
		goto out;
	der_writer_init(&w, &result);
	if (job->counter)
		put_signer(&w, job, buf_get(&attrs), buf_get(&signature));
	else
		put_content_info(&w, job, buf_get(&attrs), buf_get(&signature));
	status = der_writer_status(&w, err);
	if (status != DEED_OK)
		goto out;
	buf_slice(out, buf_get(&result));
	status = buf_status(out, err);
out:
	buf_clear(&attrs);
	buf_clear(&signature);
	buf_clear(&result);
	return status;
}

/* The digest is the caller's, where the content is not at hand or too long to
 * hold; an embedded content is digested here. */
static enum deed_status sign(const struct cms_sign_params *params,
			     struct slice digest, bool counter, struct buf *out,
			     struct deed_error *err)
{
	struct job job = { .params = params, .counter = counter };
	uint8_t own[DIGEST_MAX];
	enum deed_status status;

	status = check_params(params, err);
	if (status == DEED_OK)
		status = cms_sign_algorithm(params, &job.alg, err);
	if (status != DEED_OK)
		return status;
	job.digest = content_digest_alg(&job.alg);
	job.content_digest = digest;
	if (params->embed && digest.data == NULL) {
		digest_once(job.digest, params->content, own);
		job.content_digest = slice_of(own, digest_size(job.digest));
	}
	if (job.content_digest.len != digest_size(job.digest))
		return deed_error_set(err, DEED_USAGE,
				      "the content's digest has %zu bytes: "
				      "expected %s",
				      digest.len, digest_name(job.digest));
	return build(&job, out, err);
}

enum deed_status cms_signed_attributes(const struct cms_sign_params *params,
				       struct slice digest, struct buf *out,
				       struct deed_error *err)
{
	const struct job job = { .params = params, .content_digest = digest };
	struct buf attrs = BUF_INIT;
	enum deed_status status;
	struct der_writer w;

	der_writer_init(&w, &attrs);
	put_signed_attrs(&w, &job);
	status = der_writer_status(&w, err);
	if (status == DEED_OK) {
		buf_slice(out, buf_get(&attrs));
		status = buf_status(out, err);
	}
	buf_clear(&attrs);
	return status;
}

enum deed_status cms_sign(const struct cms_sign_params *params,
			  struct slice digest, struct buf *out,
			  struct deed_error *err)
{
	return sign(params, digest, false, out, err);
}

enum deed_status cms_sign_counter(const struct cms_sign_params *params,
				  struct slice digest, struct buf *out,
				  struct deed_error *err)
{
	return sign(params, digest, true, out, err);
}

enum deed_status cms_sign_size(const struct cms_sign_params *params,
			       size_t *max, struct deed_error *err)
{
	struct job job = { .params = params, .measure = true };
	static const uint8_t zeros[DIGEST_MAX];
	struct buf out = BUF_INIT;
	enum deed_status status;

	*max = 0;
	status = check_params(params, err);
	if (status == DEED_OK)
		status = cms_sign_algorithm(params, &job.alg, err);
	if (status != DEED_OK)
		return status;
	job.digest = content_digest_alg(&job.alg);
	job.content_digest = slice_of(zeros, digest_size(job.digest));
	status = build(&job, &out, err);
	*max = out.len;
	buf_clear(&out);
	return status;
}
