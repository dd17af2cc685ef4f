/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/certificate.h"

#include <assert.h>

#include "codec/hex.h"
#include "crypto/random.h"

static const struct profile {
	bool ca, deposit;
	uint32_t path_len; /* of a CA */
	uint32_t usage;	   /* of a deposit key: told from the key */
	enum oid policy;
} profiles[CA_PROFILE_COUNT] = {
	[CA_ROOT] = { true, false, 1, KU_CERT_SIGN | KU_CRL_SIGN, OID_NONE },
	[CA_ISSUING] = { true, false, 0, KU_CERT_SIGN | KU_CRL_SIGN,
			 OID_ANY_POLICY },
	[CA_PERSON_SIGNATURE] = { false, false, 0,
				  KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION,
				  OID_DEED_POLICY_PERSON },
	[CA_PERSON_DEPOSIT] = { false, true, 0, 0, OID_DEED_POLICY_PERSON },
	[CA_ORGANISATION_SIGNATURE] = { false, false, 0,
					KU_DIGITAL_SIGNATURE |
						KU_NON_REPUDIATION,
					OID_DEED_POLICY_ORGANISATION },
	[CA_ORGANISATION_DEPOSIT] = { false, true, 0, 0,
				      OID_DEED_POLICY_ORGANISATION },
	[CA_NOTARY_SIGNATURE] = { false, false, 0,
				  KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION,
				  OID_DEED_POLICY_NOTARY },
	[CA_SERVICE] = { false, false, 0,
			 KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION,
			 OID_DEED_POLICY_SERVICE },
	[CA_ENROLMENT] = { false, false, 0, KU_DIGITAL_SIGNATURE, OID_NONE },
};

/* critical is FALSE by default, which DER leaves out. end_extension closes the
 * value and the extension. */
static void begin_extension(struct der_writer *w, enum oid id, bool critical)
{
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, id);
	if (critical)
		der_put_bool(w, true);
	der_begin(w, DER_OCTET_STRING);
}

static void end_extension(struct der_writer *w)
{
	der_end(w);
	der_end(w);
}

/* cA FALSE is the default and is left out: for all but a CA the SEQUENCE is
 * empty. */
static void put_constraints(struct der_writer *w, const struct profile *p)
{
	begin_extension(w, OID_BASIC_CONSTRAINTS, true);
	der_begin(w, DER_SEQUENCE);
	if (p->ca) {
		der_put_bool(w, true);
		der_put_uint64(w, p->path_len);
	}
	der_end(w);
	end_extension(w);
}

/* Critical, as RFC 5280 4.2.1.3 would have it. */
static void put_usage(struct der_writer *w, uint32_t usage)
{
	begin_extension(w, OID_KEY_USAGE, true);
	der_put_named_bits(w, usage);
	end_extension(w);
}

/* The identifier that put_authority_key of whatever it issues repeats. */
static void put_subject_key(struct der_writer *w, const uint8_t *id)
{
	begin_extension(w, OID_SUBJECT_KEY_ID, false);
	der_put_octets(w, slice_of(id, KEY_ID_SIZE));
	end_extension(w);
}

/* check_issuer has made sure that the CA's certificate has a key identifier.
 */
static void put_authority_key(struct der_writer *w, const struct cert *issuer)
{
	begin_extension(w, OID_AUTHORITY_KEY_ID, false);
	der_begin(w, DER_SEQUENCE);
	der_put(w, DER_CONTEXT(0), cert_fields(issuer)->subject_key_id);
	der_end(w);
	end_extension(w);
}

/* One policy and no qualifiers, as RFC 5280 4.2.1.4 recommends. */
static void put_policy(struct der_writer *w, enum oid policy)
{
	begin_extension(w, OID_CERTIFICATE_POLICIES, false);
	der_begin(w, DER_SEQUENCE);
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, policy);
	der_end(w);
	der_end(w);
	end_extension(w);
}

/* Not critical: nobody else knows it, and the certificate is to be of use
 * everywhere. */
static void put_attestation(struct der_writer *w, const uint8_t *sha256)
{
	begin_extension(w, OID_DEED_ATTESTATION, false);
	der_put_octets(w, slice_of(sha256, SHA256_SIZE));
	end_extension(w);
}

/* GeneralName, uniformResourceIdentifier. */
static void put_url(struct der_writer *w, const char *url)
{
	der_put(w, DER_CONTEXT(6), slice_str(url));
}

/* Neither reasons nor cRLIssuer: the CA itself signs one list for all reasons.
 */
static void put_crl_url(struct der_writer *w, const char *url)
{
	begin_extension(w, OID_CRL_DISTRIBUTION_POINTS, false);
	der_begin(w, DER_SEQUENCE);
	der_begin(w, DER_SEQUENCE);
	der_begin(w, DER_CONTEXT_CONS(0)); /* distributionPoint */
	der_begin(w, DER_CONTEXT_CONS(0)); /* fullName */
	put_url(w, url);
	der_end(w);
	der_end(w);
	der_end(w);
	der_end(w);
	end_extension(w);
}

/* Where whoever has this certificate alone gets that of its issuer (RFC 5280
 * 4.2.2.1). */
static void put_issuer_url(struct der_writer *w, const char *url)
{
	begin_extension(w, OID_AUTHORITY_INFO, false);
	der_begin(w, DER_SEQUENCE);
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_AD_CA_ISSUERS);
	put_url(w, url);
	der_end(w);
	der_end(w);
	end_extension(w);
}

/* A deposit key agrees or deciphers, as its algorithm can. */
static enum deed_status deposit_usage(struct slice spki, uint32_t *usage,
				      struct deed_error *err)
{
	struct pubkey *pk = NULL;
	enum deed_status status;

	status = pubkey_from_spki(spki, &pk, err);
	if (status != DEED_OK)
		return status;
	if (pubkey_type(pk) == PUBKEY_EC && pubkey_curve(pk) == EC_P256)
		*usage = KU_KEY_AGREEMENT;
	else if (pubkey_type(pk) == PUBKEY_RSA)
		*usage = KU_KEY_ENCIPHERMENT;
	else
		status = deed_error_set(
			err, DEED_UNSUPPORTED,
			"a key of kind %s can receive no deposit, "
			"expected P-256 or RSA",
			pubkey_text(pk));
	pubkey_free(pk);
	return status;
}

/* Positive, not zero, of one length: RFC 5280 4.1.2.2. */
static enum deed_status put_serial(struct der_writer *w, struct deed_error *err)
{
	uint8_t serial[16];
	enum deed_status status;

	status = random_bytes(serial, sizeof(serial), err);
	if (status != DEED_OK)
		return status;
	serial[0] = (serial[0] & 0x3f) | 0x40;
	der_put_unsigned(w, slice_of(serial, sizeof(serial)));
	return DEED_OK;
}

/* In an order that every certificate of the house has, so that two differ only
 * where they do. */
static enum deed_status put_extensions(struct der_writer *w,
				       const struct ca_template *t,
				       const struct cert *issuer,
				       struct deed_error *err)
{
	const struct profile *p = &profiles[t->profile];
	uint32_t usage = p->usage;
	uint8_t id[KEY_ID_SIZE];
	enum deed_status status;

	if (!spki_key_id(t->spki, id))
		return deed_error_set(err, DEED_MALFORMED,
				      "the public key cannot be read");
	if (p->deposit) {
		status = deposit_usage(t->spki, &usage, err);
		if (status != DEED_OK)
			return status;
	}
	der_begin(w, DER_CONTEXT_CONS(3));
	der_begin(w, DER_SEQUENCE);
	put_constraints(w, p);
	put_usage(w, usage);
	put_subject_key(w, id);
	if (issuer != NULL)
		put_authority_key(w, issuer);
	if (p->policy != OID_NONE)
		put_policy(w, p->policy);
	if (issuer != NULL && t->crl_url != NULL)
		put_crl_url(w, t->crl_url);
	if (issuer != NULL && t->issuer_url != NULL)
		put_issuer_url(w, t->issuer_url);
	if (t->attestation != NULL)
		put_attestation(w, t->attestation);
	der_end(w);
	der_end(w);
	return DEED_OK;
}

/* Nothing ends after the CA that vouches for it: what would is cut. */
static void put_validity(struct der_writer *w, const struct ca_template *t,
			 const struct cert *issuer)
{
	int64_t end = t->not_after;

	if (issuer != NULL && end > cert_fields(issuer)->not_after)
		end = cert_fields(issuer)->not_after;
	der_begin(w, DER_SEQUENCE);
	der_put_time(w, t->not_before);
	der_put_time(w, end);
	der_end(w);
}

/* Without an issuer it is its own, as the root is. */
static enum deed_status write_tbs(const struct ca_template *t,
				  const struct cert *issuer,
				  const struct sig_alg *alg, struct buf *out,
				  struct deed_error *err)
{
	struct der_writer w;
	enum deed_status status;

	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_begin(&w, DER_CONTEXT_CONS(0));
	der_put_uint64(&w, 2);
	der_end(&w);
	status = put_serial(&w, err);
	if (status != DEED_OK)
		return status;
	sig_alg_write(&w, alg);
	der_put_raw(&w,
		    issuer != NULL ? cert_fields(issuer)->subject : t->subject);
	put_validity(&w, t, issuer);
	der_put_raw(&w, t->subject);
	der_put_raw(&w, t->spki);
	status = put_extensions(&w, t, issuer, err);
	if (status != DEED_OK)
		return status;
	der_end(&w);
	return der_writer_status(&w, err);
}

/* A certificate that is outside of its CA's time would fail with whoever
 * judges it, at once or later. */
static enum deed_status check_issuer(const struct ca_template *t,
				     const struct cert *issuer,
				     const struct signing_key *key,
				     struct deed_error *err)
{
	const struct cert_fields *f;

	if (issuer == NULL)
		return DEED_OK;
	f = cert_fields(issuer);
	if (t->not_after <= t->not_before)
		return deed_error_set(err, DEED_CERT_INVALID,
				      "the certificate would end before it "
				      "begins");
	if (t->not_before < f->not_before || t->not_before > f->not_after)
		return deed_error_set(err, DEED_CERT_INVALID,
				      "the certificate of the CA is not valid "
				      "at the time of issuing");
	if (!f->is_ca || f->subject_key_id.data == NULL ||
	    !slice_equal(f->spki, signing_key_spki(key)))
		return deed_error_set(err, DEED_NO_KEY,
				      "the key is not that of the CA's "
				      "certificate");
	return DEED_OK;
}

enum deed_status ca_issue(const struct ca_template *t,
			  const struct cert *issuer,
			  const struct signing_key *key, struct cert **out,
			  struct deed_error *err)
{
	struct buf tbs = BUF_INIT, signature = BUF_INIT, der = BUF_INIT;
	struct sig_alg alg;
	struct der_writer w;
	enum deed_status status;

	*out = NULL;
	status = check_issuer(t, issuer, key, err);
	if (status != DEED_OK)
		return status;
	signing_key_default_alg(key, &alg);
	status = write_tbs(t, issuer, &alg, &tbs, err);
	if (status != DEED_OK)
		goto out;
	status = signing_key_sign(key, &alg, buf_get(&tbs), &signature, err);
	if (status != DEED_OK)
		goto out;
	der_writer_init(&w, &der);
	der_begin(&w, DER_SEQUENCE);
	der_put_raw(&w, buf_get(&tbs));
	sig_alg_write(&w, &alg);
	der_put_bits(&w, buf_get(&signature));
	der_end(&w);
	status = der_writer_status(&w, err);
	if (status == DEED_OK)
		status = cert_parse(buf_get(&der), out, err);
out:
	buf_clear(&tbs);
	buf_clear(&signature);
	buf_clear(&der);
	return status;
}

bool ca_serial_text(const struct cert *c, char out[CA_SERIAL_TEXT])
{
	struct slice serial = cert_fields(c)->serial;

	if (serial.len > 1 && serial.data[0] == 0) {
		serial.data++;
		serial.len--;
	}
	if (serial.len > (CA_SERIAL_TEXT - 1) / 2)
		return false;
	hex_text(serial, out);
	return true;
}
