/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/tsa.h"

#include "codec/ber.h"
#include "codec/der.h"
#include "codec/utf8.h"

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

/* ---- what the authority says of itself ---- */

/* PKIStatus and PKIFailureInfo, 2.4.2. */
static const char *const status_words[] = {
	"grants it",	"grants it with changes", "rejects the request",
	"lets us wait", "warns of a revocation",  "tells of a revocation",
};

static const struct {
	unsigned bit;
	const char *words;
} failures[] = {
	{ 0, "the digest algorithm is not accepted" },
	{ 2, "the request is not permitted or supported" },
	{ 5, "the request has the wrong format" },
	{ 14, "its time source is not available" },
	{ 15, "the policy is not supported" },
	{ 16, "the extension is not supported" },
	{ 17, "what was asked for is not available" },
	{ 25, "its system has failed" },
};

static void say_failures(struct slice bits, struct buf *out)
{
	size_t i;

	for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		if (failures[i].bit / 8 < bits.len &&
		    (bits.data[failures[i].bit / 8] &
		     (0x80u >> failures[i].bit % 8)) != 0)
			buf_printf(out, ": %s", failures[i].words);
}

/* What may surround the token: the status and its text. */
#define TSA_STATUS_MAX 65536

/* PKIFreeText: every line of it, 512 octets at most. */
#define TEXT_MAX 512

static bool say_text(struct der_reader *r, struct buf *out)
{
	struct der_reader lines;
	struct buf text = BUF_INIT;
	bool fine = true;

	if (!der_enter(r, DER_SEQUENCE, &lines))
		return false;
	while (fine && !der_at_end(&lines))
		fine = der_peek(&lines, DER_UTF8_STRING) &&
		       (text.len == 0 || (buf_byte(&text, ' '), true)) &&
		       der_get_text(&lines, &text);
	if (fine && text.len > 0)
		buf_printf(out, ": '%.*s'",
			   (int)(text.len < TEXT_MAX ? text.len : TEXT_MAX),
			   (const char *)text.data);
	buf_clear(&text);
	return fine;
}

/* PKIStatusInfo; *status is the number, and out what it means. */
static bool read_status(struct der_reader *r, uint64_t *status, struct buf *out)
{
	struct der_reader info;
	struct slice bits;
	unsigned unused;

	if (!der_enter(r, DER_SEQUENCE, &info) ||
	    !der_get_uint64(&info, status))
		return false;
	if (*status < sizeof(status_words) / sizeof(status_words[0]))
		buf_str(out, status_words[*status]);
	else
		buf_printf(out, "answers with the unknown status %llu",
			   (unsigned long long)*status);
	if (der_peek(&info, DER_SEQUENCE) && !say_text(&info, out))
		return false;
	if (der_peek(&info, DER_BIT_STRING)) {
		if (!der_get_bits(&info, &bits, &unused))
			return false;
		say_failures(bits, out);
	}
	return der_at_end(&info);
}

/* ---- the token against the request ---- */

static enum deed_status wrong(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_REMOTE, "the time-stamp token %s",
			      what);
}

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
static bool may_stamp(const struct cert *c)
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
	else if (!may_stamp(cert))
		status = wrong(err, "is signed with a certificate that is not "
				    "for time-stamping alone");
	cert_free(cert);
	return status;
}

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

static enum deed_status read_der(struct slice response,
				 const struct tsa_request *request,
				 struct buf *token, struct deed_error *err)
{
	struct buf said = BUF_INIT, clean = BUF_INIT;
	enum deed_status status;
	struct der_reader r;
	struct slice whole;
	uint64_t number;

	if (!der_open(response, DER_SEQUENCE, &r) ||
	    !read_status(&r, &number, &said)) {
		status = deed_error_set(err, DEED_REMOTE,
					"the answer is no TimeStampResp");
	} else if (number > 1) {
		utf8_clean(buf_get(&said), &clean);
		status = deed_error_set(err, DEED_REMOTE, "the authority %.*s",
					(int)clean.len,
					(const char *)clean.data);
	} else if (!der_get_element(&r, DER_SEQUENCE, &whole) ||
		   !der_at_end(&r)) {
		status = deed_error_set(err, DEED_REMOTE,
					"the authority grants a time-stamp "
					"but sends none");
	} else {
		status = read_token(whole, request, token, err);
	}
	buf_clear(&said);
	buf_clear(&clean);
	return status;
}

enum deed_status tsa_response_read(struct slice response,
				   const struct tsa_request *request,
				   struct buf *token, struct deed_error *err)
{
	struct buf der = BUF_INIT;
	enum deed_status status = DEED_OK;
	size_t used;

	if (response.len > TSA_TOKEN_MAX + TSA_STATUS_MAX)
		return deed_error_set(err, DEED_REMOTE,
				      "the answer is too long");
	/* Some authorities write BER. */
	if (!der_valid(response, BER_MAX_DEPTH, &used)) {
		if (ber_to_der(response, &used, &der, NULL) != DEED_OK ||
		    used != response.len)
			status = deed_error_set(err, DEED_REMOTE,
						"the answer is no "
						"TimeStampResp");
		else
			response = buf_get(&der);
	}
	if (status == DEED_OK)
		status = read_der(response, request, token, err);
	buf_clear(&der);
	return status;
}
