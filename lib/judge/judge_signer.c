/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge_private.h"
#include "judge/past_validation.h"
#include "key/x509_name.h"

/* An attribute that is not there leaves what was there before. */
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

void judge_describe(struct verdict_signature *sig, struct cert *c,
		    bool subject_kind)
{
	const struct cert_fields *f = cert_fields(c);
	struct buf text = BUF_INIT;

	sig->has_signer = true;
	cert_free(sig->signer);
	sig->signer = cert_ref(c);
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

/* What is unusual, and holds. */
static void note_forms(struct verdict_signature *sig,
		       const struct cms_check *check)
{
	if (check->value_broken)
		return;
	if (check->unordered)
		verdict_note(sig, "attributes-order",
			     "the signed attributes are not stored in the "
			     "order of DER, in which they are signed");
	if (check->algorithm_known && check->algorithm.mask != DIGEST_NONE)
		verdict_note(sig, "mask-generation",
			     "RSA-PSS is used with %s, and its mask "
			     "generation function MGF1 with %s",
			     digest_name(check->algorithm.digest),
			     digest_name(check->algorithm.mask));
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
	note_forms(sig, check);
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
	case CMS_MALFORMED_CERTIFICATE:
		verdict_doubt(sig, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
			      check->id, "%s", check->message);
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
}

struct sig_alg judge_algorithm_of(const struct cms_check *check)
{
	struct sig_alg alg = check->algorithm;

	if (!check->algorithm_known)
		return (struct sig_alg){ .scheme = SIG_NONE };
	if (alg.digest == DIGEST_NONE && sig_scheme_hashes(alg.scheme) &&
	    check->digest_known)
		alg.digest = check->digest;
	return alg;
}

void judge_apply_answer(struct verdict_signature *sig,
			const struct past_validation_answer *a)
{
	unsigned i;

	for (i = 0; i < a->chain_len; i++)
		verdict_add_chain(sig, a->chain[i]);
	sig->chain_whole = a->chain_whole;
	sig->revocation = a->revocation;
	if (a->indication == TOTAL_FAILED)
		verdict_fail(sig, a->sub, a->id, "%s", a->message);
	else if (a->indication == INDETERMINATE)
		verdict_doubt(sig, a->sub, a->id, "%s", a->message);
	else if (a->by_proof)
		verdict_note(sig, "proof-of-existence", "%s", a->note);
	if (a->ahead[0] != '\0')
		verdict_note(sig, "revocation-ahead", "%s", a->ahead);
}
