/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/cmp_protect.h"

#include "pki/path.h"

enum deed_status cmp_certificates(struct slice certs, size_t max,
				  struct cert_list *out, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct der_reader r;
	struct slice whole;
	struct cert *c;

	der_init(&r, certs);
	while (status == DEED_OK && out->count < max && !der_at_end(&r)) {
		if (!der_get_element(&r, DER_SEQUENCE, &whole))
			return deed_error_set(err, DEED_MALFORMED,
					      "a certificate in it cannot be "
					      "read");
		status = cert_parse(whole, &c, err);
		if (status == DEED_OK)
			status = cert_list_add(out, c, err);
		cert_free(c);
	}
	return status;
}

/*
 * May it speak for the CA (RFC 9483 1.5 and 3.2)?  An anchor may, and whom a
 * certificate under the anchors names for that.  Any customer of the CA has a
 * certificate under the same anchors, and so has every other CA below a
 * common root: an issuing CA that signs its answers itself is an anchor, or
 * says in its own certificate what it may do.
 */
static bool speaks_for_ca(const struct cmp_credentials *c,
			  const struct cert *signer)
{
	const struct cert_extension *e;
	struct der_reader r;
	enum oid oid;

	if (cert_list_has(&c->anchors, signer))
		return true;
	e = cert_extension(signer, OID_EXTENDED_KEY_USAGE);
	if (e == NULL || !der_open(e->value, DER_SEQUENCE, &r))
		return false;
	while (der_get_known_oid(&r, &oid))
		if (oid == OID_KP_CMC_CA || oid == OID_KP_CMC_RA)
			return true;
	return false;
}

/* Is it whom the header names? */
static bool is_named(const struct cmp_message *m, const struct cert *signer)
{
	const struct cert_fields *f = cert_fields(signer);

	if (m->sender.len > 0 && !x509_name_equal(m->sender, f->subject))
		return false;
	return m->sender_kid.len == 0 || f->subject_key_id.len == 0 ||
	       slice_equal(m->sender_kid, f->subject_key_id);
}

/* Whom the message brings along first.  To be named proves nothing: check_use
 * and check_path come behind. */
static struct cert *find_signer(const struct cmp_credentials *c,
				const struct cmp_message *m,
				const struct cert_list *certs)
{
	size_t i;

	for (i = 0; i < certs->count; i++)
		if (is_named(m, certs->items[i]))
			return certs->items[i];
	for (i = 0; i < c->anchors.count; i++)
		if (is_named(m, c->anchors.items[i]))
			return c->anchors.items[i];
	return NULL;
}

/*
 * Its key must be for signing (RFC 9483 3.2: keyUsage, if it is there, has
 * digitalSignature), and another than ours: an office may hold a certificate
 * that speaks for the CA, and its own requests are no answers.
 */
static enum deed_status check_use(const struct cmp_credentials *c,
				  const struct cert *signer,
				  struct deed_error *err)
{
	const struct cert_fields *f = cert_fields(signer);

	if (!speaks_for_ca(c, signer))
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "its signer may not speak for the CA");
	if (f->has_key_usage && (f->key_usage & KU_DIGITAL_SIGNATURE) == 0)
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "its signer's certificate is not for "
				      "signing: its keyUsage lacks "
				      "digitalSignature");
	if (c->chain.count > 0 &&
	    memcmp(cert_spki_sha256(signer),
		   cert_spki_sha256(c->chain.items[0]), SHA256_SIZE) == 0)
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "it is signed with the office's own key");
	return DEED_OK;
}

/* Revocation is not asked for: the answers that would tell come from the same
 * CA by the same way. */
static enum deed_status check_path(const struct cmp_credentials *c,
				   struct cert *signer,
				   const struct cert_list *certs,
				   struct deed_error *err)
{
	struct pki_params params = { .time = c->now,
				     .no_revocation = true,
				     .purpose = PKI_ANY };
	struct pki_source *source;
	struct pki_path path;
	enum deed_status status;
	size_t i;

	status = pki_source_new(NULL, &source, err);
	for (i = 0; status == DEED_OK && i < c->anchors.count; i++)
		status =
			pki_source_add_anchor(source, c->anchors.items[i], err);
	for (i = 0; status == DEED_OK && i < certs->count; i++)
		status = pki_source_add_certificate(source, certs->items[i],
						    err);
	params.source = source;
	if (status == DEED_OK) {
		status = pki_judge_path(signer, &params, &path, err);
		if (status == DEED_OK && path.outcome != PKI_GOOD)
			status = deed_error_set(
				err, DEED_BAD_SIGNATURE,
				"its signer is not of the CA: %s",
				path.message);
		pki_path_clear(&path);
	}
	pki_source_free(source);
	return status;
}

/* pubkey_verify knows MD5 and SHA-1 for old chains, so they are refused before
 * it. */
static enum deed_status check_signature(const struct cert *signer,
					const struct cmp_message *m,
					struct slice part,
					struct deed_error *err)
{
	const struct pubkey *pk;
	struct sig_alg alg;
	enum deed_status status;

	status = sig_alg_parse(m->algorithm, &alg, err);
	if (status == DEED_OK &&
	    (alg.digest == DIGEST_MD5 || alg.digest == DIGEST_SHA1 ||
	     (alg.digest == DIGEST_NONE && sig_scheme_hashes(alg.scheme))))
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "its signature uses an algorithm that is "
				      "not accepted");
	if (status == DEED_OK)
		status = cert_pubkey(signer, &pk, err);
	if (status == DEED_OK)
		status = pubkey_verify(pk, &alg, part, m->protection, err);
	return status;
}

enum deed_status cmp_verify_signature(const struct cmp_credentials *c,
				      const struct cmp_message *m,
				      struct slice protected_part,
				      struct deed_error *err)
{
	struct cert_list certs = CERT_LIST_INIT;
	struct cert *signer = NULL;
	enum deed_status status;

	status = cmp_certificates(m->certs, CMP_CERTIFICATES, &certs, err);
	if (status == DEED_OK) {
		signer = find_signer(c, m, &certs);
		if (signer == NULL)
			status = deed_error_set(
				err, DEED_BAD_SIGNATURE,
				"its signer's certificate is not "
				"there");
	}
	if (status == DEED_OK)
		status = check_use(c, signer, err);
	if (status == DEED_OK)
		status = check_path(c, signer, &certs, err);
	if (status == DEED_OK)
		status = check_signature(signer, m, protected_part, err);
	cert_list_clear(&certs);
	return status;
}
