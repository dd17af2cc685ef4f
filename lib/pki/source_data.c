/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/der.h"
#include "codec/pem.h"
#include "pki/source.h"

/* What files of trust hold, told by its form. */
static enum deed_status add_crl_der(struct pki_source *s, struct slice der,
				    struct deed_error *err)
{
	enum deed_status status;
	struct crl *crl;

	status = crl_parse(der, &crl, err);
	if (status == DEED_OK)
		status = pki_source_add_crl(s, crl, err);
	crl_free(crl);
	return status;
}

/* The source takes a reference of its own, or that of a base's object; this
 * one is given back either way. */
static enum deed_status add_ocsp_der(struct pki_source *s, struct slice der,
				     struct deed_error *err)
{
	enum deed_status status;
	struct ocsp *ocsp;

	status = ocsp_parse(der, &ocsp, err);
	if (status == DEED_OK)
		status = pki_source_add_ocsp(s, ocsp, err);
	ocsp_free(ocsp);
	return status;
}

/* As add_ocsp_der. */
static enum deed_status add_cert_der(struct pki_source *s, struct slice der,
				     bool anchor, struct deed_error *err)
{
	enum deed_status status;
	struct cert *c;

	status = cert_parse(der, &c, err);
	if (status == DEED_OK)
		status = anchor ? pki_source_add_anchor(s, c, err)
				: pki_source_add_certificate(s, c, err);
	cert_free(c);
	return status;
}

/* The third element of a TBSCertificate or TBSCertList that is a time tells
 * a CRL; a certificate has its serial number before. */
static bool looks_like_crl(struct slice der)
{
	struct der_reader r, tbs;
	struct slice ignored;

	if (!der_open(der, DER_SEQUENCE, &r) ||
	    !der_enter(&r, DER_SEQUENCE, &tbs))
		return false;
	if (der_peek(&tbs, DER_INTEGER) && !der_skip(&tbs))
		return false;
	return der_get(&tbs, DER_SEQUENCE, &ignored) &&
	       der_get(&tbs, DER_SEQUENCE, &ignored) &&
	       (der_peek(&tbs, DER_UTC_TIME) ||
		der_peek(&tbs, DER_GENERALIZED_TIME));
}

/* The shape tells the kind.  What is neither a CRL nor an OCSP response is
 * tried as a certificate, and that error is told. */
static enum deed_status add_der(struct pki_source *s, struct slice der,
				bool anchors, struct deed_error *err)
{
	if (looks_like_crl(der))
		return add_crl_der(s, der, err);
	if (ocsp_looks_like(der))
		return add_ocsp_der(s, der, err);
	return add_cert_der(s, der, anchors, err);
}

/* Keys and what else lies among the blocks is passed over: people keep them in
 * one file. */
static enum deed_status add_pem(struct pki_source *s, struct slice text,
				bool anchors, struct deed_error *err)
{
	struct buf der = BUF_INIT;
	struct deed_error why = DEED_ERROR_INIT;
	char label[PEM_LABEL];
	enum deed_status status;
	unsigned found = 0;

	for (;;) {
		buf_reset(&der);
		status = pem_decode_next(&text, label, &der, &why);
		if (status != DEED_OK) {
			/* The end of the blocks is no error. */
			if (status != DEED_NOT_FOUND && err != NULL)
				*err = why;
			break;
		}
		if (strcmp(label, "X509 CRL") == 0)
			status = add_crl_der(s, buf_get(&der), err);
		else if (strcmp(label, "OCSP RESPONSE") == 0)
			status = add_ocsp_der(s, buf_get(&der), err);
		else if (strcmp(label, "CERTIFICATE") == 0 ||
			 strcmp(label, "X509 CERTIFICATE") == 0)
			status = add_cert_der(s, buf_get(&der), anchors, err);
		else
			continue;
		if (status != DEED_OK)
			break;
		found++;
	}
	buf_clear(&der);
	if (status == DEED_NOT_FOUND)
		status = found > 0 ? DEED_OK
				   : deed_error_set(err, DEED_MALFORMED,
						    "there is no certificate, "
						    "CRL or OCSP response in "
						    "it");
	return status;
}

enum deed_status pki_source_add_data(struct pki_source *s, struct slice data,
				     bool anchors, const char *name,
				     struct deed_error *err)
{
	enum deed_status status;
	struct slice whole;
	struct der_reader r;

	der_init(&r, data);
	if (der_get_element(&r, DER_SEQUENCE, &whole) && der_at_end(&r))
		status = add_der(s, data, anchors, err);
	else
		status = add_pem(s, data, anchors, err);
	if (status == DEED_OK)
		return status;
	deed_error_prefix(err, "cannot read '%s'", name);
	return status;
}
