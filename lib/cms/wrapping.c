/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/wrapping.h"

#include "cms/signed.h"
#include "cms/wrapping_mime.h"
#include "codec/base64.h"
#include "codec/der.h"
#include "codec/oid.h"
#include "codec/pem.h"

/* Base64 of a SEQUENCE begins with M; so many digits must follow before text
 * is taken for it. */
#define BASE64_DIGITS 16

static struct slice sniffed(struct slice in)
{
	return slice_of(in.data,
			in.len < WRAPPING_SNIFF ? in.len : WRAPPING_SNIFF);
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_digit(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '/';
}

/* Editors put a byte order mark before text. */
static struct slice skip_mark(struct slice in)
{
	if (in.len >= 3 && memcmp(in.data, "\xef\xbb\xbf", 3) == 0)
		return slice_of(in.data + 3, in.len - 3);
	return in;
}

/* Blanks and a byte order mark go before.  Text of another kind may begin with
 * M, so a run of digits must follow. */
static bool base64_likely(struct slice head)
{
	size_t i, digits = 0;

	head = skip_mark(head);
	for (i = 0; i < head.len && digits < BASE64_DIGITS; i++) {
		if (is_blank(head.data[i]))
			continue;
		if (!is_digit(head.data[i]) ||
		    (digits == 0 && head.data[i] != 'M'))
			return false;
		digits++;
	}
	return digits == BASE64_DIGITS;
}

static bool is_raw(struct slice in)
{
	return in.len > 0 && in.data[0] == DER_SEQUENCE;
}

bool cms_wrapping_likely(struct slice head)
{
	return is_raw(head) || pem_looks_like(head) || mime_likely(head) ||
	       base64_likely(head);
}

/* ---- base64 ---- */

static enum deed_status not_base64(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "its base64 is broken or cut off");
}

/* How many characters of padding the text lacks; some programs leave it out
 * where the length says it all. */
static size_t missing_padding(struct slice text)
{
	size_t i, digits = 0;

	for (i = 0; i < text.len; i++) {
		if (text.data[i] == '=')
			return 0;
		digits += !is_blank(text.data[i]);
	}
	return digits % 4 < 2 ? 0 : 4 - digits % 4;
}

/* Decoded into the buffer itself: a CMS may have hundreds of megabytes. */
static enum deed_status decode_padded(struct slice text, struct buf *out,
				      struct deed_error *err)
{
	uint8_t *to = buf_reserve(out, base64_decoded_max(text.len));
	size_t len;

	if (to == NULL)
		return deed_error_memory(err);
	if (!base64_decode_into(text, true, to, &len))
		return not_base64(err);
	out->len += len;
	return DEED_OK;
}

/* Only where padding lacks is the text copied. */
static enum deed_status decode(struct slice text, struct buf *out,
			       struct deed_error *err)
{
	struct buf padded = BUF_INIT;
	enum deed_status status;
	size_t missing;

	text = skip_mark(text);
	missing = missing_padding(text);
	if (missing == 0)
		return decode_padded(text, out, err);
	buf_slice(&padded, text);
	buf_fill(&padded, '=', missing);
	status = buf_status(&padded, err);
	if (status == DEED_OK)
		status = decode_padded(buf_get(&padded), out, err);
	buf_clear(&padded);
	return status;
}

/* Decoded bytes are a SEQUENCE, or they are refused. */
static enum deed_status take_bytes(struct cms_wrapping *out,
				   struct deed_error *err)
{
	out->cms = buf_get(&out->bytes);
	if (is_raw(out->cms))
		return DEED_OK;
	if (cms_wrapping_likely(sniffed(out->cms)))
		return deed_error_set(err, DEED_MALFORMED,
				      "it is wrapped twice: expected a CMS in "
				      "its base64, found further text");
	return deed_error_set(err, DEED_MALFORMED, "its base64 holds no CMS");
}

/* Kept in out, where the result's slice points. */
static enum deed_status unwrap_base64(struct slice in, struct cms_wrapping *out,
				      struct deed_error *err)
{
	enum deed_status status = decode(in, &out->bytes, err);

	return status == DEED_OK ? take_bytes(out, err) : status;
}

/* The labels that OpenSSL has written.  Only the first block is read: another
 * would be another CMS. */
static enum deed_status unwrap_pem(struct slice in, struct cms_wrapping *out,
				   struct deed_error *err)
{
	char label[PEM_LABEL];
	enum deed_status status;

	status = pem_decode_next(&in, label, &out->bytes, err);
	if (status == DEED_OK && strcmp(label, "CMS") != 0 &&
	    strcmp(label, "PKCS7") != 0 &&
	    strcmp(label, "PKCS #7 SIGNED DATA") != 0)
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"it holds a %s: expected a CMS", label);
	return status == DEED_OK ? take_bytes(out, err) : status;
}

/* ---- S/MIME ---- */

/* Programs call base64 "7bit" or leave the encoding out, so a body that does
 * not begin like DER is tried as base64. */
static enum deed_status unwrap_body(const struct mime_head *head,
				    struct slice body, struct cms_wrapping *out,
				    struct deed_error *err)
{
	if (head->encoding == MIME_UNKNOWN)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the transfer encoding of its CMS is not "
				      "supported: expected base64 or binary");
	if (head->encoding == MIME_BASE64 || !is_raw(body))
		return unwrap_base64(body, out, err);
	out->cms = body;
	return DEED_OK;
}

/* The content is what was signed only in its canonical form, with CR LF at
 * line ends (RFC 8551 3.1.1); as it stands in the file it is kept, too, to be
 * written out. */
static enum deed_status unwrap_parts(const struct mime_head *head,
				     struct slice body,
				     struct cms_wrapping *out,
				     struct deed_error *err)
{
	struct mime_head signature;
	struct mime_parts parts;
	enum deed_status status;

	/* RFC 2045 6.4. */
	if (head->encoding != MIME_PLAIN)
		return deed_error_set(err, DEED_MALFORMED,
				      "the S/MIME message is malformed: a "
				      "multipart has no transfer encoding");
	status = mime_split(body, head->boundary, &parts, err);
	if (status != DEED_OK)
		return status;
	status = mime_read_head(parts.signature, &signature, err);
	if (status == DEED_OK && signature.type != MIME_SIGNATURE)
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"its second part is no "
					"application/pkcs7-signature");
	if (status != DEED_OK)
		return status;
	body = slice_of(parts.signature.data + signature.used,
			parts.signature.len - signature.used);
	status = unwrap_body(&signature, body, out, err);
	if (status != DEED_OK)
		return status;
	mime_canonical(parts.content, &out->part);
	out->has_content = true;
	out->plain = parts.content;
	out->content = buf_get(&out->part);
	out->rest = parts.rest;
	return buf_status(&out->part, err);
}

/* mail: the head has fields, such as From, that no signature covers; the
 * caller is told of that. */
static enum deed_status unwrap_mime(const struct mime_head *head,
				    struct slice in, struct cms_wrapping *out,
				    struct deed_error *err)
{
	struct slice body = slice_of(in.data + head->used, in.len - head->used);

	out->mail = head->mail;
	if (head->type == MIME_MULTIPART)
		return unwrap_parts(head, body, out, err);
	return unwrap_body(head, body, out, err);
}

/* ---- all of it ---- */

/* The likeliest first; base64 last, as any short text looks like it. */
static enum deed_status unwrap_text(struct slice in, struct cms_wrapping *out,
				    struct deed_error *err)
{
	struct mime_head head = { .type = MIME_OTHER };
	enum deed_status status = DEED_UNSUPPORTED;

	if (is_raw(in)) {
		out->cms = in;
		return DEED_OK;
	}
	if (mime_likely(in))
		status = mime_read_head(in, &head, err);
	if (status == DEED_OK) {
		out->message = true;
		return unwrap_mime(&head, in, out, err);
	}
	/* Text of any kind may stand before a block of PEM. */
	if (pem_looks_like(sniffed(in)) && status != DEED_NO_MEMORY)
		return unwrap_pem(in, out, err);
	if (status != DEED_UNSUPPORTED)
		return status;
	if (base64_likely(sniffed(in)))
		return unwrap_base64(in, out, err);
	return deed_error_set(err, DEED_UNSUPPORTED,
			      "it is no PDF, ASiC container, or CMS in "
			      "DER, PEM, base64 or S/MIME");
}

/* Where the content begins of an element whose tag is at at, however its
 * length is written. */
static size_t content_of(struct slice in, size_t at)
{
	if (at + 1 >= in.len)
		return in.len;
	at++;
	return at + 1 + (in.data[at] < 0x80 ? 0 : in.data[at] & 0x7fu);
}

/* A ContentInfo begins with an OID, a TimeStampResp with its status: a
 * SEQUENCE of an INTEGER. */
static bool response_likely(struct slice in)
{
	size_t at;

	if (!is_raw(in))
		return false;
	at = content_of(in, 0);
	return at < in.len && in.data[at] == DER_SEQUENCE;
}

/* What a time-stamp server sends (RFC 3161 2.4.2) is often kept as it came. */
static enum deed_status open_response(struct cms_wrapping *out,
				      struct deed_error *err)
{
	struct slice whole = out->cms;
	enum deed_status status;
	size_t used;

	status = tst_response_parse(whole, &out->said, NULL);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	/* Some other DER: what it is not is said by who reads a CMS. */
	if (status != DEED_OK)
		return DEED_OK;
	used = out->said.used;
	out->is_response = true;
	out->refused = !out->said.granted;
	out->cms = out->said.token;
	if (!out->has_content)
		out->rest = slice_of(whole.data + used, whole.len - used);
	return DEED_OK;
}

enum deed_status cms_unwrap(struct slice in, struct cms_wrapping *out,
			    struct deed_error *err)
{
	enum deed_status status = unwrap_text(in, out, err);

	if (status == DEED_OK && response_likely(out->cms))
		status = open_response(out, err);
	return status;
}

void cms_wrapping_clear(struct cms_wrapping *w)
{
	tst_response_clear(&w->said);
	buf_clear(&w->bytes);
	buf_clear(&w->part);
}

bool cms_begins_signed(struct slice in)
{
	struct slice type = oid_slice(OID_SIGNED_DATA);
	size_t at;

	if (!is_raw(in))
		return false;
	at = content_of(in, 0);
	if (at >= in.len || in.data[at] != DER_OID)
		return false;
	at = content_of(in, at);
	return at < in.len && in.len - at >= type.len &&
	       memcmp(in.data + at, type.data, type.len) == 0;
}

enum deed_status cms_is_signed(struct slice in, bool *out,
			       struct deed_error *err)
{
	struct cms_wrapping w = CMS_WRAPPING_INIT;
	enum deed_status status;

	*out = false;
	if (in.len == 0 || in.len > CMS_MAX ||
	    !cms_wrapping_likely(sniffed(in)))
		return DEED_OK;
	status = cms_unwrap(in, &w, NULL);
	*out = status == DEED_OK && cms_begins_signed(w.cms);
	cms_wrapping_clear(&w);
	return status == DEED_NO_MEMORY ? deed_error_memory(err) : DEED_OK;
}
