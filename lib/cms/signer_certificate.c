/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/check_priv.h"

#include "codec/der.h"
#include "key/x509_name.h"

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

bool cms_ess_matches(struct slice value, bool v2, const struct cert *c)
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
		if ((has_v2 && cms_ess_matches(v2, true, certs[i])) ||
		    (has_v1 && cms_ess_matches(v1, false, certs[i])))
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
