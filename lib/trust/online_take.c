/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/online_ask.h"

#include "cms/signed.h"
#include "codec/pem.h"

/* Without nextUpdate for as long as the judge takes it for current. */
static bool is_current(const struct online *o, int64_t this_update,
		       bool has_next, int64_t next_update)
{
	if (has_next)
		return next_update >= o->params.now;
	return o->params.now - this_update <= PKI_FRESH_SECONDS;
}

/* What is DER as it came, or the first block of PEM, which pem comes to own. */
static enum deed_status as_der(struct slice data, struct buf *pem,
			       struct slice *der, struct deed_error *err)
{
	char label[PEM_LABEL];
	enum deed_status status;

	*der = data;
	if (data.len > 0 && data.data[0] == DER_SEQUENCE)
		return DEED_OK;
	status = pem_decode_next(&data, label, pem, err);
	*der = buf_get(pem);
	return status;
}

/* Into the shared source, for all documents.  It is parsed and not believed:
 * who signed it is judged with the certificate. */
static enum deed_status take_crl_der(struct online *o, struct slice der,
				     bool *current, struct deed_error *err)
{
	const struct crl_fields *f;
	enum deed_status status;
	struct crl *crl;

	status = crl_parse(der, &crl, err);
	if (status != DEED_OK)
		return status;
	f = crl_fields(crl);
	*current = is_current(o, f->this_update, f->has_next_update,
			      f->next_update);
	status = pki_source_add_crl(o->source, crl, err);
	crl_free(crl);
	return status;
}

/* RFC 5280 4.2.1.13 wants DER; some serve PEM. */
enum deed_status online_take_crl(struct online *o,
				 const struct online_request *r,
				 struct slice data, bool *current,
				 struct deed_error *err)
{
	struct buf pem = BUF_INIT;
	struct slice der;
	enum deed_status status;

	(void)r;
	status = as_der(data, &pem, &der, err);
	if (status == DEED_OK)
		status = take_crl_der(o, der, current, err);
	buf_clear(&pem);
	return status;
}

enum deed_status online_take_ocsp(struct online *o,
				  const struct online_request *r,
				  struct slice data, bool *current,
				  struct deed_error *err)
{
	const struct ocsp_single *single;
	enum deed_status status;
	struct ocsp *ocsp;

	status = ocsp_parse(data, &ocsp, err);
	if (status != DEED_OK)
		return status;
	single = ocsp_find(ocsp, r->want->cert, r->want->issuer);
	if (single == NULL)
		status = deed_error_set(err, DEED_REMOTE,
					"the OCSP response is about another "
					"certificate");
	else if (r->nonce.data != NULL &&
		 !slice_equal(ocsp_fields(ocsp)->nonce, r->nonce))
		status = deed_error_set(err, DEED_REMOTE,
					"the OCSP response has not the nonce "
					"of the request");
	else
		status = pki_source_add_ocsp(o->source, ocsp, err);
	if (status == DEED_OK)
		*current = is_current(o, single->this_update,
				      single->has_next_update,
				      single->next_update);
	ocsp_free(ocsp);
	return status;
}

/* As a certificate to build with and never as an anchor. */
static enum deed_status take_cert_der(struct online *o, struct slice der,
				      struct deed_error *err)
{
	enum deed_status status;
	struct cert *c;

	status = cert_parse(der, &c, err);
	if (status == DEED_OK)
		status = pki_source_add_certificate(o->source, c, err);
	cert_free(c);
	return status;
}

/* A certs-only CMS (RFC 5280 4.2.2.1). */
static enum deed_status take_bundle(struct online *o, struct slice data,
				    struct deed_error *err)
{
	struct cms_signed *sd;
	enum deed_status status;
	unsigned i;

	status = cms_signed_parse(data, &sd, err);
	for (i = 0; status == DEED_OK && i < sd->certificate_count; i++)
		status = take_cert_der(o, sd->certificates[i], err);
	cms_signed_free(sd);
	return status;
}

enum deed_status online_take_issuers(struct online *o,
				     const struct online_request *r,
				     struct slice data, bool *current,
				     struct deed_error *err)
{
	struct buf pem = BUF_INIT;
	enum deed_status status;
	struct slice der;

	(void)r;
	*current = true;
	status = as_der(data, &pem, &der, NULL);
	if (status == DEED_OK)
		status = take_cert_der(o, der, NULL);
	if (status != DEED_OK && status != DEED_NO_MEMORY && der.len > 0)
		status = take_bundle(o, der, NULL);
	buf_clear(&pem);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	return status == DEED_OK ? status
				 : deed_error_set(err, DEED_MALFORMED,
						  "it is no certificate");
}
