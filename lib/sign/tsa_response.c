/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/tsa.h"

#include "cms/tst_response.h"
#include "codec/der.h"

/* The pieces of RFC 3161 that are on the wire. */

enum deed_status tsa_request_write(const struct tsa_request *request,
				   struct buf *out, struct deed_error *err)
{
	struct der_writer w;

	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_uint64(&w, 1);
	der_begin(&w, DER_SEQUENCE);
	der_put_algorithm(&w, digest_oid(request->alg), true);
	der_put_octets(&w, request->digest);
	der_end(&w);
	if (request->policy.len > 0)
		der_put(&w, DER_OID, request->policy);
	der_put_unsigned(&w, slice_of(request->nonce, TSA_NONCE));
	der_put_bool(&w, true);
	der_end(&w);
	return der_writer_status(&w, err);
}

/* What may surround the token: the status and its text. */
#define TSA_STATUS_MAX 65536

/* ---- the token against the request ---- */

static enum deed_status wrong(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_REMOTE, "the time-stamp token %s",
			      what);
}

/* Compared as they stand in DER, as a leading zero is written or left out by
 * its rules. */
static bool nonce_matches(const struct tst *t, const uint8_t nonce[TSA_NONCE])
{
	struct buf sent = BUF_INIT;
	struct der_writer w;
	struct der_reader r;
	struct slice octets;
	bool same;

	der_writer_init(&w, &sent);
	der_put_unsigned(&w, slice_of(nonce, TSA_NONCE));
	der_init(&r, buf_get(&sent));
	same = t->has_nonce && der_get_integer(&r, &octets) &&
	       slice_equal(octets, t->nonce);
	buf_clear(&sent);
	return same;
}

/* RFC 3161 2.3: one key purpose, in an extension that is critical. */
static bool may_timestamp(const struct cert *c)
{
	const struct cert_extension *e =
		cert_extension(c, OID_EXTENDED_KEY_USAGE);
	struct der_reader r;
	enum oid purpose;

	return e != NULL && e->critical &&
	       der_open(e->value, DER_SEQUENCE, &r) &&
	       der_get_known_oid(&r, &purpose) &&
	       purpose == OID_KP_TIMESTAMPING && der_at_end(&r);
}

/* Its chain is not asked: that is judged with everything else, when the
 * document is.  What is refused here would never hold, whoever is trusted. */
static enum deed_status check_signature(const struct tst *t,
					struct deed_error *err)
{
	struct cert *cert = NULL;
	struct cms_check check;
	enum deed_status status;

	status = tst_check(t, NULL, 0, &check, &cert, err);
	if (status != DEED_OK)
		return status;
	if (cert == NULL)
		status = wrong(err, "lacks the authority's certificate");
	else if (check.outcome != CMS_INTACT)
		status = deed_error_set(err, DEED_REMOTE,
					"the time-stamp token does not hold: "
					"%s",
					check.message);
	else if (!check.has_signing_certificate)
		status = wrong(err, "has no signing-certificate");
	else if (check.digest == DIGEST_MD5 || check.digest == DIGEST_SHA1)
		status = wrong(err, "is signed with a broken digest");
	else if (!may_timestamp(cert))
		status = wrong(err, "is signed with a certificate that is not "
				    "for time-stamping alone");
	cert_free(cert);
	return status;
}

/* RFC 3161 2.4.2: the imprint and the nonce are those that were sent, and the
 * policy where one was asked for. */
static enum deed_status check_token(const struct tst *t,
				    const struct tsa_request *request,
				    struct deed_error *err)
{
	if (t->imprint_digest != request->alg ||
	    !slice_equal(t->imprint, request->digest))
		return wrong(err, "is not of what was to be stamped");
	if (!nonce_matches(t, request->nonce))
		return wrong(err, "has another nonce than the request");
	if (request->policy.len > 0 && !slice_equal(request->policy, t->policy))
		return wrong(err, "has another policy than the request");
	return check_signature(t, err);
}

/* Whatever is wrong with the token is the authority's fault, and not one of
 * the document: another may be asked. */
static enum deed_status read_token(struct slice whole,
				   const struct tsa_request *request,
				   struct buf *token, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct tst *t = NULL;
	enum deed_status status;

	if (whole.len > TSA_TOKEN_MAX)
		return wrong(err, "is too long");
	status = tst_parse(whole, &t, &why);
	if (status == DEED_OK)
		status = check_token(t, request, &why);
	if (status == DEED_OK) {
		buf_slice(token, t->sd->whole);
		status = buf_status(token, &why);
	}
	tst_free(t);
	if (status == DEED_OK || status == DEED_NO_MEMORY)
		return status == DEED_OK ? DEED_OK : deed_error_memory(err);
	return deed_error_set(err, DEED_REMOTE, "%s", why.message);
}

enum deed_status tsa_response_read(struct slice response,
				   const struct tsa_request *request,
				   struct buf *token, struct deed_error *err)
{
	struct tst_response answer = TST_RESPONSE_INIT;
	enum deed_status status;

	if (response.len > TSA_TOKEN_MAX + TSA_STATUS_MAX)
		return deed_error_set(err, DEED_REMOTE,
				      "the answer is too long");
	status = tst_response_parse(response, &answer, NULL);
	if (status == DEED_NO_MEMORY)
		status = deed_error_memory(err);
	else if (status != DEED_OK || answer.used != response.len)
		status = deed_error_set(err, DEED_REMOTE,
					"the answer is no TimeStampResp");
	else if (!answer.granted)
		status = deed_error_set(err, DEED_REMOTE, "the authority %.*s",
					(int)answer.said.len,
					(const char *)answer.said.data);
	else if (answer.token.data == NULL)
		status = deed_error_set(err, DEED_REMOTE,
					"the authority grants a time-stamp "
					"but sends none");
	else
		status = read_token(answer.token, request, token, err);
	tst_response_clear(&answer);
	return status;
}
