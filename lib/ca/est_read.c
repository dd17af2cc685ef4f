/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "ca/est.h"
#include "cms/signed.h"
#include "codec/base64.h"

#define DER_SEQUENCE_OCTET 0x30 /* base64 of it begins with M */

static enum deed_status no_pkcs7(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the answer is no PKCS #7 of certificates");
}

/* Decoded strictly, with padding, and refused as a whole where it is broken.
 */
static enum deed_status from_base64(struct slice body, struct buf *der,
				    struct deed_error *err)
{
	uint8_t *room = malloc(base64_decoded_max(body.len));
	size_t len = 0;
	bool fine;

	if (room == NULL)
		return deed_error_memory(err);
	fine = base64_decode_into(body, true, room, &len);
	if (fine)
		buf_append(der, room, len);
	free(room);
	return fine ? buf_status(der, err) : no_pkcs7(err);
}

/* A server may send one certificate several times. */
static enum deed_status add(struct slice der, struct cert_list *out,
			    struct deed_error *err)
{
	struct cert *c = NULL;
	enum deed_status status = cert_parse(der, &c, err);

	if (status == DEED_OK && !cert_list_has(out, c))
		status = cert_list_add(out, c, err);
	cert_free(c);
	return status;
}

/* RFC 5652 5.2: without signers and content. */
static enum deed_status add_all(const struct cms_signed *p7, size_t len,
				struct cert_list *out, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (p7->used != len || p7->signer_count > 0 || p7->has_content ||
	    p7->certificate_count == 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "the answer is PKCS #7, but not of "
				      "certificates alone");
	if (p7->certificate_count > CA_REMOTE_CERTIFICATES)
		return deed_error_set(err, DEED_LIMIT,
				      "the answer holds more than %d "
				      "certificates",
				      CA_REMOTE_CERTIFICATES);
	for (unsigned i = 0; status == DEED_OK && i < p7->certificate_count;
	     i++)
		status = add(p7->certificates[i], out, err);
	return status;
}

enum deed_status est_read(struct slice body, struct cert_list *out,
			  struct deed_error *err)
{
	struct cms_signed *p7 = NULL;
	struct buf der = BUF_INIT;
	enum deed_status status = DEED_OK;

	if (body.len == 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "the answer is empty");
	if (body.len > CA_REMOTE_ANSWER_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "the answer is too large");
	if (body.data[0] != DER_SEQUENCE_OCTET) {
		status = from_base64(body, &der, err);
		body = buf_get(&der);
	}
	if (status == DEED_OK && cms_signed_parse(body, &p7, NULL) != DEED_OK)
		status = no_pkcs7(err);
	if (status == DEED_OK)
		status = add_all(p7, body.len, out, err);
	cms_signed_free(p7);
	buf_clear(&der);
	return status;
}
