/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/statement.h"

#include "cms/check.h"
#include "cms/signed_write.h"
#include "codec/der.h"
#include "cms/tst.h"
#include "codec/json.h"

/* What may surround the content: certificates, and a time-stamp token. */
#define STATEMENT_ENVELOPE (512U * 1024)
/* Where it is about certificates. */
#define STATEMENT_ENVELOPE_BESIDE (16U * 1024 * 1024)

enum deed_status statement_sign(const json_t *json,
				const struct signing_key *key,
				const struct cert *const *chain,
				size_t chain_count, int64_t time,
				struct buf *out, struct deed_error *err)
{
	struct buf content = BUF_INIT;
	struct cms_sign_params params = {
		.key = key,
		.chain = chain,
		.chain_len = chain_count,
		.embed = true,
		.has_signing_time = true,
		.signing_time = time,
	};
	enum deed_status status;

	if (json_get_string(json, "type") == NULL)
		return deed_error_set(err, DEED_MALFORMED,
				      "a statement without a type");
	status = json_canonical(json, &content, err);
	if (status == DEED_OK && content.len > STATEMENT_MAX)
		status = deed_error_set(
			err, DEED_LIMIT,
			"a statement of %zu bytes is over the limit",
			content.len);
	if (status == DEED_OK) {
		params.content = buf_get(&content);
		status = cms_sign(&params, SLICE_NONE, out, err);
	}
	buf_clear(&content);
	return status;
}

/* None, or one signature-time-stamp (ETSI EN 319 122-1 5.3); beside also
 * counter-signatures. */
static bool unsigned_known(const struct cms_attributes *attrs, bool beside)
{
	unsigned timestamps = 0;

	for (unsigned i = 0; attrs->present && i < attrs->count; i++) {
		if (attrs->list[i].oid == OID_TIMESTAMP_TOKEN &&
		    attrs->list[i].count == 1)
			timestamps++;
		else if (!beside || attrs->list[i].oid != OID_COUNTERSIGNATURE)
			return false;
	}
	return timestamps <= 1 && (beside || attrs->count <= 1) &&
	       (!attrs->present || attrs->count > 0);
}

/* The shape that statement_sign gives, and no other. */
static bool shape_holds(const struct cms_signed *sd, size_t len, bool beside)
{
	return !sd->was_ber && sd->used == len && sd->signer_count == 1 &&
	       sd->certificate_count >= 1 &&
	       sd->certificate_count <=
		       (beside ? STATEMENT_CERTS_BESIDE : STATEMENT_CERTS) &&
	       sd->crl_count == 0 && sd->other_count == 0 && sd->has_content &&
	       sd->content_is_octets && sd->content_oid == OID_DATA &&
	       sd->signers[0].signed_attrs.present &&
	       unsigned_known(&sd->signers[0].unsigned_attrs, beside);
}

static enum deed_status parse(struct slice der, bool beside,
			      struct cms_signed **out, struct deed_error *err)
{
	enum deed_status status;

	*out = NULL;
	if (der.len > STATEMENT_MAX + (beside ? STATEMENT_ENVELOPE_BESIDE
					      : STATEMENT_ENVELOPE))
		return deed_error_set(err, DEED_LIMIT,
				      "a statement of %zu bytes is over the "
				      "limit",
				      der.len);
	status = cms_signed_parse(der, out, err);
	if (status == DEED_OK && !shape_holds(*out, der.len, beside))
		status = deed_error_set(err, DEED_MALFORMED,
					"it is a SignedData, but no statement");
	if (status != DEED_OK) {
		cms_signed_free(*out);
		*out = NULL;
	}
	return status;
}

/* A statement is refused where another signature would be doubted: it is made
 * by deed, and has all that is asked for here. */
static enum deed_status outcome_status(const struct cms_check *check,
				       struct deed_error *err)
{
	switch (check->outcome) {
	case CMS_INTACT:
		if (check->has_signing_certificate && check->has_signing_time)
			return DEED_OK;
		return deed_error_set(err, DEED_MALFORMED,
				      "the statement lacks signing-time or "
				      "signing-certificate-v2");
	case CMS_HASH_MISMATCH:
	case CMS_BAD_SIGNATURE:
	case CMS_WRONG_CERTIFICATE:
		return deed_error_set(err, DEED_BAD_SIGNATURE, "%s",
				      check->message);
	case CMS_UNKNOWN_ALGORITHM:
		return deed_error_set(err, DEED_UNSUPPORTED, "%s",
				      check->message);
	default:
		return deed_error_set(err, DEED_MALFORMED, "%s",
				      check->message);
	}
}

/* Only the certificate that it brings is looked at, so that a statement can be
 * read by itself for ever. */
static enum deed_status check_signature(const struct cms_signed *sd,
					struct cert **signer,
					struct deed_error *err)
{
	struct slice bytes = sd->content;
	struct cms_content content;
	struct cms_check check;
	enum deed_status status;

	status = cms_signer_certificate(sd, &sd->signers[0], signer, err);
	if (status != DEED_OK)
		return status;
	if (*signer == NULL)
		return deed_error_set(err, DEED_MALFORMED,
				      "the statement lacks its signer's "
				      "certificate");
	cms_content_memory(&content, &bytes);
	status = cms_check_signer(sd, &sd->signers[0], *signer, &content,
				  &check, err);
	return status == DEED_OK ? outcome_status(&check, err) : status;
}

/*
 * A time-stamp that is there must be one of this signature, and hold; whether
 * its authority is believed is for who wants to prove the time.
 */
static enum deed_status check_timestamp(const struct cms_signed *sd,
					struct deed_error *err)
{
	struct slice token, value = sd->signers[0].signature;
	struct cms_content content;
	struct cms_check check;
	struct cert *cert = NULL;
	struct tst *t = NULL;
	bool match = false;
	enum deed_status status;

	if (!sd->signers[0].unsigned_attrs.present ||
	    !cms_single(&sd->signers[0].unsigned_attrs, OID_TIMESTAMP_TOKEN,
			&token))
		return DEED_OK;
	status = tst_parse(token, &t, err);
	cms_content_memory(&content, &value);
	if (status == DEED_OK)
		status = tst_imprint_matches(t, &content, &match, err);
	if (status == DEED_OK)
		status = tst_check(t, NULL, 0, &check, &cert, err);
	if (status == DEED_OK && (!match || check.outcome != CMS_INTACT))
		status = deed_error_set(
			err, DEED_BAD_SIGNATURE,
			"the statement's time-stamp is not of its "
			"signature");
	cert_free(cert);
	tst_free(t);
	return status;
}

/* Canonical JSON only: what is signed has one form, and two readers cannot see
 * two statements in it.  The type is checked so that none is taken for
 * another. */
static enum deed_status check_content(struct slice content, const char *type,
				      json_t **json, struct deed_error *err)
{
	const char *seen;
	enum deed_status status;

	status = json_load_canonical(content, json, err);
	if (status != DEED_OK)
		return status;
	seen = json_get_string(*json, "type");
	if (seen == NULL || strcmp(seen, type) != 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "it is a statement of type '%.80s', "
				      "expected '%s'",
				      seen != NULL ? seen : "", type);
	return DEED_OK;
}

/* That the path is good says who signed; the policy in the certificate says as
 * what. */
static enum deed_status check_role(const struct cert *signer,
				   enum statement_signer who,
				   struct deed_error *err)
{
	if (who == STATEMENT_BY_NOTARY &&
	    !cert_has_policy(signer, OID_DEED_POLICY_NOTARY))
		return deed_error_set(err, DEED_NOT_VERIFIED,
				      "its signer is not the notary of the "
				      "house");
	if (who == STATEMENT_BY_SERVICE &&
	    !cert_has_policy(signer, OID_DEED_POLICY_SERVICE))
		return deed_error_set(err, DEED_NOT_VERIFIED,
				      "its signer is not a service of the "
				      "office");
	return DEED_OK;
}

/* One that does not parse fails the statement, as statement_sign puts in none
 * that would not. */
static enum deed_status add_certificates(struct pki_source *source,
					 const struct cms_signed *sd,
					 struct deed_error *err)
{
	for (unsigned i = 0; i < sd->certificate_count; i++) {
		struct cert *c = NULL;
		enum deed_status status;

		status = cert_parse(sd->certificates[i], &c, err);
		if (status == DEED_OK)
			status = pki_source_add_certificate(source, c, err);
		cert_free(c);
		if (status != DEED_OK)
			return status;
	}
	return DEED_OK;
}

/* What the statement brings is added to a source of its own, and is trusted no
 * more for that: the anchors are those of the caller. */
static enum deed_status check_path(const struct cms_signed *sd,
				   struct cert *signer,
				   const struct pki_params *trust,
				   struct deed_error *err)
{
	struct pki_params params = *trust;
	struct pki_source *source = NULL;
	struct pki_path path = { .len = 0 };
	enum deed_status status;

	status = pki_source_new(trust->source, &source, err);
	if (status == DEED_OK)
		status = add_certificates(source, sd, err);
	if (status == DEED_OK) {
		params.source = source;
		params.purpose = PKI_SIGNATURE;
		status = pki_judge_path(signer, &params, &path, err);
		if (status == DEED_OK && path.outcome != PKI_GOOD)
			status = deed_error_set(
				err, DEED_NOT_VERIFIED,
				"its signer's certificate is not "
				"good: %s",
				path.message);
		pki_path_clear(&path);
	}
	pki_source_free(source);
	return status;
}

/* Signature, time-stamp and payload: all that is judged without a chain. */
static enum deed_status read(const struct cms_signed *sd, const char *type,
			     json_t **json, struct cert **signer,
			     struct deed_error *err)
{
	enum deed_status status = check_signature(sd, signer, err);

	if (status == DEED_OK)
		status = check_timestamp(sd, err);
	if (status == DEED_OK)
		status = check_content(sd->content, type, json, err);
	return status;
}

enum deed_status statement_open(struct slice der, const char *type,
				enum statement_signer who,
				const struct pki_params *trust, json_t **json,
				struct cert **signer, struct deed_error *err)
{
	struct cms_signed *sd = NULL;
	struct cert *cert = NULL;
	json_t *object = NULL;
	enum deed_status status;

	*json = NULL;
	if (signer != NULL)
		*signer = NULL;
	status = parse(der, false, &sd, err);
	if (status == DEED_OK)
		status = read(sd, type, &object, &cert, err);
	if (status == DEED_OK && who != STATEMENT_BY_ITSELF) {
		status = check_path(sd, cert, trust, err);
		if (status == DEED_OK)
			status = check_role(cert, who, err);
	}
	if (status != DEED_OK)
		goto out;
	*json = object;
	object = NULL;
	if (signer != NULL) {
		*signer = cert;
		cert = NULL;
	}
out:
	json_decref(object);
	cert_free(cert);
	cms_signed_free(sd);
	return status;
}

/* A counter-signature is over the octets of the signature's value. */
static enum deed_status check_counter(struct slice value,
				      struct slice signature,
				      struct statement_beside *beside,
				      struct deed_error *err)
{
	struct cms_signer counter;
	struct cms_content content;
	struct cms_check check;
	struct cert *cert;
	enum deed_status status = cms_signer_parse(value, &counter, err);

	if (status != DEED_OK)
		return status;
	cert = cms_choose_certificate(&counter, beside->certificates.items,
				      beside->certificates.count);
	cms_content_memory(&content, &signature);
	status = cms_check_signer(NULL, &counter, cert, &content, &check, err);
	if (status == DEED_OK)
		status = outcome_status(&check, err);
	if (status == DEED_OK)
		status = cert_list_add(&beside->countersigners, cert, err);
	cms_signer_clear(&counter);
	if (status != DEED_OK)
		deed_error_prefix(err, "a counter-signature");
	return status;
}

/* The bound holds over all attributes, and every counter-signature has to
 * hold, as their signers are given to the caller. */
static enum deed_status check_counters(const struct cms_signed *sd,
				       struct statement_beside *beside,
				       struct deed_error *err)
{
	const struct cms_attributes *attrs = &sd->signers[0].unsigned_attrs;
	enum deed_status status = DEED_OK;
	struct der_reader r;
	struct slice value;

	for (unsigned i = 0; attrs->present && i < attrs->count; i++) {
		if (attrs->list[i].oid != OID_COUNTERSIGNATURE)
			continue;
		der_init(&r, attrs->list[i].values);
		while (status == DEED_OK && der_get_any(&r, NULL, NULL, &value))
			status =
				beside->countersigners.count <
						STATEMENT_COUNTERS
					? check_counter(
						  value,
						  sd->signers[0].signature,
						  beside, err)
					: deed_error_set(err, DEED_LIMIT,
							 "more than %d counter-"
							 "signatures",
							 STATEMENT_COUNTERS);
	}
	return status;
}

enum deed_status statement_open_beside(struct slice der, const char *type,
				       json_t **json, struct cert **signer,
				       struct statement_beside *beside,
				       struct deed_error *err)
{
	struct cms_signed *sd = NULL;
	enum deed_status status;

	*json = NULL;
	*signer = NULL;
	*beside = (struct statement_beside){ CERT_LIST_INIT, CERT_LIST_INIT };
	status = parse(der, true, &sd, err);
	if (status == DEED_OK)
		status = read(sd, type, json, signer, err);
	if (status == DEED_OK)
		status = cms_certificates(sd, &beside->certificates, err);
	if (status == DEED_OK)
		status = check_counters(sd, beside, err);
	cms_signed_free(sd);
	if (status != DEED_OK) {
		json_decref(*json);
		cert_free(*signer);
		*json = NULL;
		*signer = NULL;
		statement_beside_clear(beside);
	}
	return status;
}

void statement_beside_clear(struct statement_beside *beside)
{
	cert_list_clear(&beside->certificates);
	cert_list_clear(&beside->countersigners);
}

enum deed_status statement_time(struct slice der, int64_t *out,
				struct deed_error *err)
{
	struct cms_signed *sd = NULL;
	struct der_reader r;
	struct slice value;
	enum deed_status status;

	status = parse(der, true, &sd, err);
	if (status != DEED_OK)
		return status;
	if (!cms_single(&sd->signers[0].signed_attrs, OID_SIGNING_TIME, &value))
		value = SLICE_NONE;
	der_init(&r, value);
	if (!der_get_time(&r, out))
		status = deed_error_set(err, DEED_MALFORMED,
					"the statement has no signing-time");
	cms_signed_free(sd);
	return status;
}
