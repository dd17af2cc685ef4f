/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/request.h"

#include <stdlib.h>

#include "codec/pem.h"
#include "key/x509_name.h"

/* Old programs of Windows write NEW CERTIFICATE REQUEST. */
static enum deed_status to_der(struct slice file, struct buf *out,
			       struct deed_error *err)
{
	char label[PEM_LABEL];
	enum deed_status status;

	if (file.len > REQUEST_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "a certification request of %zu bytes is "
				      "over the limit of %d",
				      file.len, REQUEST_MAX);
	if (!pem_looks_like(file)) {
		buf_slice(out, file);
		return buf_status(out, err);
	}
	status = pem_decode_next(&file, label, out, err);
	if (status != DEED_OK)
		return status;
	if (strcmp(label, "CERTIFICATE REQUEST") != 0 &&
	    strcmp(label, "NEW CERTIFICATE REQUEST") != 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "it is a '%s', expected a CERTIFICATE "
				      "REQUEST",
				      label);
	return DEED_OK;
}

struct parts {
	struct slice info, subject, spki, algorithm, signature;
};

/* RFC 2986 4. */
static bool read_parts(struct slice der, struct parts *p)
{
	struct der_reader r, info;
	uint64_t version;
	bool present;
	struct slice attributes;

	if (!der_open(der, DER_SEQUENCE, &r) ||
	    !der_get_element(&r, DER_SEQUENCE, &p->info) ||
	    !der_get_element(&r, DER_SEQUENCE, &p->algorithm) ||
	    !der_get_bits(&r, &p->signature, NULL) || !der_at_end(&r))
		return false;
	/* attributes are not optional, but some requests lack them. */
	return der_open(p->info, DER_SEQUENCE, &info) &&
	       der_get_uint64(&info, &version) && version == 0 &&
	       der_get_element(&info, DER_SEQUENCE, &p->subject) &&
	       der_get_element(&info, DER_SEQUENCE, &p->spki) &&
	       der_get_optional(&info, DER_CONTEXT_CONS(0), &present,
				&attributes) &&
	       der_at_end(&info) && x509_name_valid(p->subject);
}

/* RFC 2986 3: who asks for a certificate shows that it has the key. */
static enum deed_status check_possession(const struct parts *p,
					 struct deed_error *err)
{
	struct pubkey *pk = NULL;
	struct sig_alg alg;
	enum deed_status status;

	status = pubkey_from_spki(p->spki, &pk, err);
	if (status == DEED_OK)
		status = sig_alg_parse(p->algorithm, &alg, err);
	if (status == DEED_OK && pubkey_verifies_only(pk))
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"keys of the kind %s are not certified",
					pubkey_text(pk));
	if (status == DEED_OK)
		status = pubkey_verify(pk, &alg, p->info, p->signature, err);
	if (status == DEED_BAD_SIGNATURE)
		status = deed_error_set(
			err, status,
			"the certification request was not signed "
			"with the key in it");
	pubkey_free(pk);
	return status;
}

enum deed_status ca_request_read(struct slice file, struct ca_request *out,
				 struct deed_error *err)
{
	struct buf der = BUF_INIT;
	struct parts p;
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	status = to_der(file, &der, err);
	if (status != DEED_OK)
		goto out;
	if (!read_parts(buf_get(&der), &p)) {
		status = deed_error_set(
			err, DEED_MALFORMED,
			"it is no certification request (PKCS#10)");
		goto out;
	}
	status = check_possession(&p, err);
	if (status != DEED_OK)
		goto out;
	out->subject = p.subject;
	out->spki = p.spki;
	out->len = der.len;
	out->der = der.data; /* the slices point into it */
	der = (struct buf)BUF_INIT;
out:
	buf_clear(&der);
	return status;
}

void ca_request_clear(struct ca_request *r)
{
	free(r->der);
	memset(r, 0, sizeof(*r));
}
