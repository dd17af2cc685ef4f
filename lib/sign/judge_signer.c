/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/der.h"
#include "key/x509_name.h"
#include "sign/judge_private.h"

static enum deed_status add_certificate(struct pki_source *s, struct slice der,
					struct deed_error *err)
{
	enum deed_status status;
	struct cert *c;

	status = cert_parse(der, &c, NULL);
	if (status == DEED_OK)
		status = pki_source_add_certificate(s, c, err);
	else if (status != DEED_NO_MEMORY)
		status = DEED_OK;
	cert_free(c);
	return status;
}

static enum deed_status add_crl(struct pki_source *s, struct slice der,
				struct deed_error *err)
{
	enum deed_status status;
	struct crl *c;

	status = crl_parse(der, &c, NULL);
	if (status == DEED_OK)
		status = pki_source_add_crl(s, c, err);
	else if (status != DEED_NO_MEMORY)
		status = DEED_OK;
	crl_free(c);
	return status;
}

/* certificate-values and revocation-values (EN 319 122-1 annex A.1.1). */
static enum deed_status add_values(struct pki_source *s,
				   const struct cms_signer *signer,
				   struct deed_error *err)
{
	struct der_reader r, crls, list;
	enum deed_status status = DEED_OK;
	struct slice value, whole;

	if (cms_single(&signer->unsigned_attrs, OID_CERTIFICATE_VALUES,
		       &value) &&
	    der_open(value, DER_SEQUENCE, &r)) {
		while (status == DEED_OK &&
		       der_get_element(&r, DER_SEQUENCE, &whole))
			status = add_certificate(s, whole, err);
	}
	if (cms_single(&signer->unsigned_attrs, OID_REVOCATION_VALUES,
		       &value) &&
	    der_open(value, DER_SEQUENCE, &r) &&
	    der_enter(&r, DER_CONTEXT_CONS(0), &crls) &&
	    der_enter(&crls, DER_SEQUENCE, &list)) {
		while (status == DEED_OK &&
		       der_get_element(&list, DER_SEQUENCE, &whole))
			status = add_crl(s, whole, err);
	}
	return status;
}

enum deed_status judge_source_new(const struct pki_source *base,
				  const struct cms_signed *sd,
				  struct pki_source **out,
				  struct deed_error *err)
{
	enum deed_status status;
	unsigned i;

	status = pki_source_new(base, out, err);
	for (i = 0; status == DEED_OK && i < sd->certificate_count; i++)
		status = add_certificate(*out, sd->certificates[i], err);
	for (i = 0; status == DEED_OK && i < sd->crl_count; i++)
		status = add_crl(*out, sd->crls[i], err);
	for (i = 0; status == DEED_OK && i < sd->signer_count; i++)
		status = add_values(*out, &sd->signers[i], err);
	if (status != DEED_OK) {
		pki_source_free(*out);
		*out = NULL;
	}
	return status;
}

static void take_name(char **where, struct slice name, enum oid type)
{
	struct buf text = BUF_INIT;

	if (x509_name_get(name, type, &text))
		verdict_text_slice(where, buf_get(&text));
	buf_clear(&text);
}

static bool has_name(struct slice name, enum oid type)
{
	struct buf text = BUF_INIT;
	bool has = x509_name_get(name, type, &text);

	buf_clear(&text);
	return has;
}

void judge_describe(struct verdict_signature *sig, const struct cert *c,
		    bool subject_kind)
{
	const struct cert_fields *f = cert_fields(c);
	struct buf text = BUF_INIT;

	sig->has_signer = true;
	memcpy(sig->certificate, cert_sha256(c), VERDICT_HASH);
	x509_name_display(f->subject, &text);
	verdict_text_slice(&sig->name, buf_get(&text));
	buf_reset(&text);
	x509_name_text(f->issuer, &text);
	verdict_text_slice(&sig->issuer, buf_get(&text));
	buf_clear(&text);
	take_name(&sig->organisation, f->subject, OID_ORGANISATION);
	take_name(&sig->identifier, f->subject, OID_ORGANISATION_IDENTIFIER);
	if (subject_kind && sig->identifier != NULL &&
	    !has_name(f->subject, OID_GIVEN_NAME) &&
	    !has_name(f->subject, OID_SURNAME))
		sig->kind = KIND_SEAL;
	if (has_name(f->subject, OID_SERIAL_NUMBER) && sig->kind != KIND_SEAL)
		take_name(&sig->identifier, f->subject, OID_SERIAL_NUMBER);
}

/* What a digest that is no longer collision resistant proves is for someone
 * to say who knows that the signature is old enough. */
static void apply_strength(struct verdict_signature *sig,
			   const struct cms_check *check)
{
	enum digest_alg d = check->digest;

	if (check->digest_known && (d == DIGEST_MD5 || d == DIGEST_SHA1))
		verdict_doubt(sig, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
			      "digest-weak",
			      "the digest %s is no longer accepted, and "
			      "nothing proves that the signature is old",
			      digest_name(d));
}

void judge_apply_check(struct verdict_signature *sig,
		       const struct cms_check *check)
{
	if (check->value_broken)
		sig->integrity = INTEGRITY_BROKEN;
	else if (check->value_intact)
		sig->integrity = INTEGRITY_INTACT;
	if (check->digest_known)
		verdict_text(&sig->digest_algorithm,
			     digest_name(check->digest));
	if (check->algorithm_known)
		verdict_text(&sig->signature_algorithm,
			     sig_scheme_name(check->algorithm.scheme));
	switch (check->outcome) {
	case CMS_INTACT:
		break;
	case CMS_HASH_MISMATCH:
		verdict_fail(sig, SUB_HASH_FAILURE, check->id, "%s",
			     check->message);
		break;
	case CMS_BAD_SIGNATURE:
		verdict_fail(sig, SUB_SIG_CRYPTO_FAILURE, check->id, "%s",
			     check->message);
		break;
	case CMS_BAD_FORMAT:
	case CMS_BAD_ALGORITHM:
		verdict_fail(sig, SUB_FORMAT_FAILURE, check->id, "%s",
			     check->message);
		break;
	case CMS_UNKNOWN_ALGORITHM:
		verdict_doubt(sig, SUB_CRYPTO_CONSTRAINTS_FAILURE, check->id,
			      "%s", check->message);
		break;
	case CMS_NO_CERTIFICATE:
	case CMS_WRONG_CERTIFICATE:
		verdict_doubt(sig, SUB_NO_SIGNING_CERTIFICATE_FOUND, check->id,
			      "%s", check->message);
		break;
	case CMS_NO_CONTENT:
		verdict_doubt(sig, SUB_SIGNED_DATA_NOT_FOUND, check->id, "%s",
			      check->message);
		break;
	}
	apply_strength(sig, check);
}

static enum sub_indication path_sub(enum pki_outcome outcome)
{
	static const enum sub_indication sub[] = {
		[PKI_GOOD] = SUB_NONE,
		[PKI_NO_PATH] = SUB_NO_CERTIFICATE_CHAIN_FOUND,
		[PKI_EXPIRED] = SUB_OUT_OF_BOUNDS_NO_POE,
		[PKI_NOT_YET_VALID] = SUB_OUT_OF_BOUNDS_NO_POE,
		[PKI_CONSTRAINTS] = SUB_CHAIN_CONSTRAINTS_FAILURE,
		[PKI_UNPROCESSED] = SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
		[PKI_REVOKED] = SUB_REVOKED_NO_POE,
		[PKI_CA_REVOKED] = SUB_REVOKED_CA_NO_POE,
		[PKI_NO_REVOCATION] = SUB_TRY_LATER,
		[PKI_CA_EXPIRED] = SUB_OUT_OF_BOUNDS_NO_POE,
		[PKI_WEAK] = SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
		[PKI_TOO_HARD] = SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
	};
	return sub[outcome];
}

static const char *path_id(enum pki_outcome outcome)
{
	static const char *const id[] = {
		[PKI_GOOD] = "chain",
		[PKI_NO_PATH] = "chain-untrusted",
		[PKI_EXPIRED] = "certificate-expired",
		[PKI_NOT_YET_VALID] = "certificate-not-yet-valid",
		[PKI_CONSTRAINTS] = "chain-constraints",
		[PKI_UNPROCESSED] = "chain-extension",
		[PKI_REVOKED] = "certificate-revoked",
		[PKI_CA_REVOKED] = "issuer-revoked",
		[PKI_NO_REVOCATION] = "revocation-unknown",
		[PKI_CA_EXPIRED] = "issuer-expired",
		[PKI_WEAK] = "chain-weak",
		[PKI_TOO_HARD] = "chain-limit",
	};
	return id[outcome];
}

enum deed_status judge_apply_path(struct verdict_signature *sig, struct cert *c,
				  const struct pki_source *source,
				  enum pki_purpose purpose,
				  const struct judge_params *params,
				  struct deed_error *err)
{
	static const enum verdict_revocation revocation[] = {
		[PKI_REVOCATION_NOT_CHECKED] = REVOCATION_NOT_CHECKED,
		[PKI_REVOCATION_GOOD] = REVOCATION_GOOD,
		[PKI_REVOCATION_REVOKED] = REVOCATION_REVOKED,
		[PKI_REVOCATION_UNKNOWN] = REVOCATION_UNKNOWN,
	};
	struct pki_params ask = { .source = source,
				  .time = params->at,
				  .no_revocation = params->no_revocation,
				  .purpose = purpose };
	enum deed_status status;
	struct pki_path path;
	unsigned i;

	status = pki_judge_path(c, &ask, &path, err);
	if (status != DEED_OK)
		return status;
	for (i = 0; i < path.len; i++)
		verdict_add_chain(sig, cert_sha256(path.chain[i]));
	sig->revocation = revocation[path.revocation];
	if (path.outcome != PKI_GOOD)
		verdict_doubt(sig, path_sub(path.outcome),
			      path_id(path.outcome), "%s", path.message);
	pki_path_clear(&path);
	return DEED_OK;
}
