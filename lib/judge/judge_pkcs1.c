/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/ber.h"
#include "codec/der.h"
#include "judge/judge_private.h"
#include "judge/past_validation.h"

/* The signature's octets; out owns what DER was made of BER. */
static bool open_value(struct slice value, struct buf *out,
		       struct slice *signature)
{
	struct der_reader r;

	if (ber_to_der(value, NULL, out, NULL) != DEED_OK)
		return false;
	der_init(&r, buf_get(out));
	return der_get(&r, DER_OCTET_STRING, signature);
}

/* What is inside the RSA value is a digest of the document, and not of
 * attributes: one that differs means that the document was changed. */
static enum deed_status apply_hash(struct verdict_signature *sig,
				   const struct pubkey *pk, enum digest_alg alg,
				   struct slice signature,
				   const struct cms_content *content,
				   struct deed_error *err)
{
	struct sig_alg rsa = { .scheme = SIG_RSA, .digest = alg };
	uint8_t hash[DIGEST_MAX];
	enum deed_status status;

	if (content == NULL) {
		verdict_doubt(sig, SUB_SIGNED_DATA_NOT_FOUND, "content",
			      "the signed content is not there");
		return DEED_OK;
	}
	status = content->digest(content->arg, alg, hash, err);
	if (status != DEED_OK)
		return status;
	status = pubkey_verify_hash(pk, &rsa, slice_of(hash, digest_size(alg)),
				    signature, NULL);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	sig->integrity =
		status == DEED_OK ? INTEGRITY_INTACT : INTEGRITY_BROKEN;
	if (status != DEED_OK)
		verdict_fail(sig, SUB_HASH_FAILURE, "message-digest",
			     "the content is not what was signed");
	return DEED_OK;
}

/* There is no certificate, or why says what is wrong with it. */
static void doubt_certificate(struct verdict_signature *sig,
			      const struct deed_error *why)
{
	if (why->status == DEED_OK)
		verdict_doubt(sig, SUB_NO_SIGNING_CERTIFICATE_FOUND,
			      "signing-certificate",
			      "the signer's certificate is not there");
	else if (why->status == DEED_UNSUPPORTED)
		verdict_doubt(sig, SUB_CRYPTO_CONSTRAINTS_FAILURE,
			      "algorithm-unknown",
			      "cannot use the signer's public key: %s",
			      why->message);
	else
		verdict_doubt(sig, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
			      "certificate-malformed",
			      "cannot use the signer's certificate: %s",
			      why->message);
}

/* Does the value hold?  *alg is what it rests upon, as far as it is known;
 * why there is no certificate. */
static enum deed_status check_value(struct verdict_signature *sig,
				    const struct judge_pkcs1 *in,
				    const struct cert *cert,
				    struct deed_error *why, struct sig_alg *alg,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct buf der = BUF_INIT;
	const struct pubkey *pk;
	struct slice signature;

	if (!open_value(in->value, &der, &signature)) {
		verdict_fail(sig, SUB_FORMAT_FAILURE, "signature-value",
			     "/Contents is no OCTET STRING");
	} else if (cert == NULL || cert_pubkey(cert, &pk, why) != DEED_OK) {
		doubt_certificate(sig, why);
	} else if (!pubkey_pkcs1_digest(pk, signature, &alg->digest)) {
		sig->integrity = INTEGRITY_BROKEN;
		verdict_fail(sig, SUB_SIG_CRYPTO_FAILURE, "signature-value",
			     "the signature value does not hold");
	} else if (alg->digest == DIGEST_NONE) {
		verdict_doubt(sig, SUB_CRYPTO_CONSTRAINTS_FAILURE,
			      "algorithm-unknown",
			      "the digest algorithm is not known");
	} else {
		alg->scheme = SIG_RSA;
		verdict_text(&sig->digest_algorithm, digest_name(alg->digest));
		verdict_text(&sig->signature_algorithm,
			     sig_scheme_name(SIG_RSA));
		status = apply_hash(sig, pk, alg->digest, signature,
				    in->content, err);
	}
	buf_clear(&der);
	return status;
}

/* The document's source is used as it is: /Cert was added to it with all other
 * values, and the signature brings none of its own. */
static enum deed_status
apply_certificate(struct verdict_signature *sig, const struct judge_pkcs1 *in,
		  struct cert *cert, const struct sig_alg *alg,
		  const struct judge_params *params, struct deed_error *err)
{
	const struct judge_source *source =
		judge_evidence_source(params->evidence);
	struct past_validation_query q = { .cert = cert,
					   .source = source->pki,
					   .material = source->material,
					   .purpose = PKI_SIGNATURE,
					   .params = params,
					   .algorithm = *alg,
					   .proven = in->proven,
					   .proven_at = in->proven_at };
	struct past_validation_answer answer;
	enum deed_status status;

	judge_describe(sig, cert, true);
	status = past_validation_judge(&q, &answer, err);
	if (status == DEED_OK)
		judge_apply_answer(sig, &answer);
	return status;
}

/* The signer's; *out is NULL where there is none that parses, and why says
 * what is wrong with the one that does not. */
static enum deed_status signer_of(const struct judge_pkcs1 *in,
				  struct cert **out, struct deed_error *why,
				  struct deed_error *err)
{
	struct der_reader r;
	struct slice whole;

	*out = NULL;
	der_init(&r, in->certificates);
	if (der_get_element(&r, DER_SEQUENCE, &whole) &&
	    cert_parse(whole, out, why) == DEED_NO_MEMORY)
		return deed_error_memory(err);
	return DEED_OK;
}

enum deed_status judge_pkcs1(const struct judge_pkcs1 *in,
			     const struct judge_params *params,
			     struct verdict_document *doc,
			     struct deed_error *err)
{
	struct sig_alg alg = { .scheme = SIG_NONE };
	struct deed_error why = DEED_ERROR_INIT;
	struct verdict_signature *sig;
	enum deed_status status;
	struct cert *cert;

	status = verdict_add(doc, &sig, err);
	if (status == DEED_OK)
		status = signer_of(in, &cert, &why, err);
	if (status != DEED_OK)
		return status;
	if (in->proven) {
		sig->time_source = TIME_TIMESTAMP;
		sig->best_time = in->proven_at;
	}
	status = check_value(sig, in, cert, &why, &alg, err);
	if (status == DEED_OK && cert != NULL)
		status = apply_certificate(sig, in, cert, &alg, params, err);
	/* It has no signed attributes: nothing in it names its certificate,
	 * its time or what it is for. */
	if (status == DEED_OK)
		verdict_doubt(sig, SUB_GENERIC, "sub-filter",
			      "signatures of the kind "
			      "'adbe.x509.rsa_sha1' never pass: deed "
			      "judges their integrity and certificate "
			      "alone");
	cert_free(cert);
	return status;
}
