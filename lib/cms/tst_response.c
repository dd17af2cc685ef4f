/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/tst_response.h"

#include "codec/ber.h"
#include "codec/der.h"
#include "codec/utf8.h"

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

/* PKIFailureInfo is a BIT STRING whose trailing zeros DER leaves out: a bit
 * behind its end is not set. */
static void say_failures(struct slice bits, struct buf *out)
{
	size_t i;

	for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		if (failures[i].bit / 8 < bits.len &&
		    (bits.data[failures[i].bit / 8] &
		     (0x80u >> failures[i].bit % 8)) != 0)
			buf_printf(out, ": %s", failures[i].words);
}

/* PKIFreeText: every line of it. */
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
			   (int)(text.len < TST_RESPONSE_TEXT
					 ? text.len
					 : TST_RESPONSE_TEXT),
			   (const char *)text.data);
	buf_clear(&text);
	return fine;
}

/* PKIStatusInfo; out is what it means. */
static bool read_status(struct der_reader *r, bool *granted, struct buf *out)
{
	struct der_reader info;
	struct slice bits;
	unsigned unused;
	uint64_t status;

	if (!der_enter(r, DER_SEQUENCE, &info) ||
	    !der_get_uint64(&info, &status))
		return false;
	*granted = status <= 1;
	if (status < sizeof(status_words) / sizeof(status_words[0]))
		buf_str(out, status_words[status]);
	else
		buf_printf(out, "answers with the unknown status %llu",
			   (unsigned long long)status);
	if (der_peek(&info, DER_SEQUENCE) && !say_text(&info, out))
		return false;
	if (der_peek(&info, DER_BIT_STRING)) {
		if (!der_get_bits(&info, &bits, &unused))
			return false;
		say_failures(bits, out);
	}
	return der_at_end(&info);
}

/* A token is optional (RFC 3161 2.4.2): whether a granted response lacks it,
 * the caller tells. */
static bool read_der(struct slice in, struct tst_response *out,
		     struct buf *said)
{
	struct der_reader r, all;

	out->token = SLICE_NONE;
	der_init(&all, in);
	if (!der_enter(&all, DER_SEQUENCE, &r) ||
	    !read_status(&r, &out->granted, said))
		return false;
	return der_at_end(&r) ||
	       (der_get_element(&r, DER_SEQUENCE, &out->token) &&
		der_at_end(&r));
}

enum deed_status tst_response_parse(struct slice in, struct tst_response *out,
				    struct deed_error *err)
{
	struct buf said = BUF_INIT;
	enum deed_status status = DEED_OK;
	bool fine = true;

	/* Some authorities write BER. */
	if (!der_valid(in, BER_MAX_DEPTH, &out->used)) {
		status = ber_to_der(in, &out->used, &out->owned, NULL);
		fine = status == DEED_OK;
		in = buf_get(&out->owned);
	}
	if (status != DEED_NO_MEMORY)
		fine = fine && read_der(in, out, &said);
	if (status == DEED_OK)
		utf8_clean(buf_get(&said), &out->said);
	buf_clear(&said);
	if (status == DEED_NO_MEMORY || out->said.failed)
		return deed_error_memory(err);
	if (!fine)
		return deed_error_set(err, DEED_MALFORMED,
				      "it is no TimeStampResp");
	return DEED_OK;
}

void tst_response_clear(struct tst_response *r)
{
	buf_clear(&r->said);
	buf_clear(&r->owned);
}
