/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/wrapping_mime.h"

#include <strings.h>

#include "cms/wrapping_mime_priv.h"

enum deed_status mime_malformed(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the S/MIME message is malformed: %s", what);
}

bool mime_next_line(struct mime_lines *l, struct slice *line)
{
	const uint8_t *start = l->text.data + l->at, *end;
	size_t left = l->text.len - l->at;

	if (left == 0)
		return false;
	end = memchr(start, '\n', left);
	*line = slice_of(start, end == NULL ? left : (size_t)(end - start));
	l->at += line->len + (end == NULL ? 0 : 1);
	if (end != NULL && line->len > 0 && start[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool mime_has_bare_return(struct slice s)
{
	const uint8_t *at = s.len == 0 ? NULL : memchr(s.data, '\r', s.len);
	const uint8_t *end = s.data + s.len;

	while (at != NULL && at + 1 < end && at[1] == '\n')
		at = memchr(at + 1, '\r', (size_t)(end - at - 1));
	return at != NULL;
}

static bool is_name(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '-';
}

/* The length of a field's name at the start of a line that is one, else 0. */
static size_t name_length(struct slice line)
{
	size_t n = 0;

	while (n < line.len && is_name(line.data[n]))
		n++;
	return n < line.len && line.data[n] == ':' ? n : 0;
}

bool mime_likely(struct slice text)
{
	struct mime_lines l = { .text = text };
	struct slice line;

	return mime_next_line(&l, &line) && name_length(line) > 0;
}

/* Names and tokens of a head have no case (RFC 2045 5.1). */
static bool is_word(struct slice text, const char *word)
{
	return text.len == strlen(word) &&
	       strncasecmp((const char *)text.data, word, text.len) == 0;
}

static bool has_prefix(struct slice text, const char *word)
{
	size_t len = strlen(word);

	return text.len >= len &&
	       strncasecmp((const char *)text.data, word, len) == 0;
}

/* Of a field that was unfolded the line breaks are gone by now. */
static struct slice trim(struct slice s)
{
	while (s.len > 0 && mime_is_blank(s.data[0])) {
		s.data++;
		s.len--;
	}
	while (s.len > 0 && mime_is_blank(s.data[s.len - 1]))
		s.len--;
	return s;
}

/* ---- Content-Type (RFC 2045 5.1) ---- */

/* tspecials, blanks and controls end a token. */
static bool is_token(uint8_t c)
{
	return c > ' ' && c < 0x7f && strchr("()<>@,;:\\\"/[]?=", c) == NULL;
}

/* Empty where none stands: whoever needs one looks at its length. */
static struct slice take_token(struct slice *s)
{
	struct slice token = *s;
	size_t n = 0;

	while (n < s->len && is_token(s->data[n]))
		n++;
	token.len = n;
	s->data += n;
	s->len -= n;
	return token;
}

/* Blanks may stand before it, as between any two lexical tokens of a field. */
static bool take_char(struct slice *s, char c)
{
	*s = trim(*s);
	if (s->len == 0 || s->data[0] != (uint8_t)c)
		return false;
	s->data++;
	s->len--;
	return true;
}

/* A token or a quoted string, which holds no escape. */
static bool take_value(struct slice *s, struct slice *out)
{
	const uint8_t *end;

	if (!take_char(s, '"')) {
		*out = take_token(s);
		return out->len > 0;
	}
	end = s->len == 0 ? NULL : memchr(s->data, '"', s->len);
	if (end == NULL)
		return false;
	*out = slice_of(s->data, (size_t)(end - s->data));
	s->len -= out->len + 1;
	s->data = end + 1;
	return out->len == 0 || memchr(out->data, '\\', out->len) == NULL;
}

struct type_parameters {
	struct slice boundary, protocol;
};

/* "; name=value" and so on, to the end; false where it reads otherwise or
 * one of those that count is there twice. */
static bool take_parameters(struct slice s, struct type_parameters *out)
{
	struct slice name, value, *where;

	*out = (struct type_parameters){ 0 };
	for (s = trim(s); s.len > 0; s = trim(s)) {
		if (!take_char(&s, ';'))
			return false;
		s = trim(s);
		if (s.len == 0)
			break; /* a last semicolon is everyday */
		name = take_token(&s);
		if (name.len == 0 || !take_char(&s, '='))
			return false;
		s = trim(s);
		if (!take_value(&s, &value))
			return false;
		where = is_word(name, "boundary")   ? &out->boundary
			: is_word(name, "protocol") ? &out->protocol
						    : NULL;
		if (where != NULL && where->data != NULL)
			return false;
		if (where != NULL)
			*where = value;
	}
	return true;
}

/* At most 70 characters of which the last is no blank (RFC 2046 5.1.1).
 * Controls are refused: the boundary is compared with lines. */
static bool keep_boundary(struct slice b, char out[MIME_BOUND + 1])
{
	size_t i;

	if (b.len == 0 || b.len > MIME_BOUND || b.data[b.len - 1] == ' ')
		return false;
	for (i = 0; i < b.len; i++) {
		if (b.data[i] < ' ' || b.data[i] > '~')
			return false;
	}
	memcpy(out, b.data, b.len);
	out[b.len] = '\0';
	return true;
}

/* The names that RFC 8551 3.2 gives, and those with x- of old programs. */
static enum deed_status read_type(struct slice s, struct mime_head *out,
				  struct deed_error *err)
{
	struct type_parameters given;
	struct slice type, sub;

	s = trim(s);
	type = take_token(&s);
	if (!take_char(&s, '/'))
		return DEED_OK;
	sub = take_token(&s);
	if (is_word(type, "multipart") && is_word(sub, "signed"))
		out->type = MIME_MULTIPART;
	else if (!is_word(type, "application"))
		return DEED_OK;
	else if (is_word(sub, "pkcs7-mime") || is_word(sub, "x-pkcs7-mime"))
		out->type = MIME_OPAQUE;
	else if (is_word(sub, "pkcs7-signature") ||
		 is_word(sub, "x-pkcs7-signature"))
		out->type = MIME_SIGNATURE;
	if (out->type != MIME_MULTIPART)
		return DEED_OK;
	if (!take_parameters(s, &given))
		return mime_malformed(err, "the parameters of its Content-Type "
					   "cannot be read");
	if (given.protocol.data != NULL &&
	    !is_word(given.protocol, "application/pkcs7-signature") &&
	    !is_word(given.protocol, "application/x-pkcs7-signature")) {
		out->type = MIME_OTHER;
		return DEED_OK;
	}
	if (!keep_boundary(given.boundary, out->boundary))
		return mime_malformed(err,
				      "its Content-Type names no boundary");
	return DEED_OK;
}

/* quoted-printable is none that a CMS comes in. */
static enum mime_encoding read_encoding(struct slice s)
{
	s = trim(s);
	if (is_word(s, "base64"))
		return MIME_BASE64;
	if (is_word(s, "7bit") || is_word(s, "8bit") || is_word(s, "binary"))
		return MIME_PLAIN;
	return MIME_UNKNOWN;
}

/* ---- a head ---- */

/* The fields that count, unfolded. */
struct fields {
	struct buf type, encoding;
	unsigned types, encodings; /* how often each is there */
	bool mail;
};

/* The lines of one field: the first, then those that continue it. */
static void take_field(struct fields *f, struct mime_lines *l,
		       struct slice line)
{
	size_t n = name_length(line);
	struct slice name = slice_of(line.data, n);
	struct buf *value = NULL;

	if (is_word(name, "content-type") && f->types++ == 0)
		value = &f->type;
	else if (is_word(name, "content-transfer-encoding") &&
		 f->encodings++ == 0)
		value = &f->encoding;
	else if (!has_prefix(name, "content-") &&
		 !is_word(name, "mime-version"))
		f->mail = true;
	line = slice_of(line.data + n + 1, line.len - n - 1);
	for (;;) {
		if (value != NULL)
			buf_slice(value, line);
		if (l->at == l->text.len ||
		    !mime_is_blank(l->text.data[l->at]) ||
		    !mime_next_line(l, &line))
			return;
	}
}

/* All of a head; *used is where the body begins. */
static enum deed_status take_fields(struct slice text, struct fields *f,
				    size_t *used, struct deed_error *err)
{
	struct mime_lines l = { .text = text };
	struct slice line;
	unsigned count = 0;

	if (l.text.len > MIME_HEAD)
		l.text.len = MIME_HEAD;
	while (mime_next_line(&l, &line) && line.len > 0) {
		if (name_length(line) == 0)
			return deed_error_set(err, DEED_UNSUPPORTED,
					      "it is no S/MIME message");
		if (++count > MIME_FIELDS)
			return deed_error_set(err, DEED_LIMIT,
					      "more than %d fields in the head "
					      "of a message",
					      MIME_FIELDS);
		take_field(f, &l, line);
	}
	*used = l.at;
	if (l.at == l.text.len && l.text.len < text.len)
		return deed_error_set(err, DEED_LIMIT,
				      "the head of a message has more than %d "
				      "bytes",
				      MIME_HEAD);
	if (*used > 0 && memchr(text.data, 0, *used) != NULL)
		return mime_malformed(err, "there is a zero byte in its head");
	if (mime_has_bare_return(slice_of(text.data, *used)))
		return mime_malformed(err,
				      "a carriage return stands alone in its "
				      "head");
	return DEED_OK;
}

/* Two fields of one name would let two programs read two messages. */
static enum deed_status read_fields(const struct fields *f,
				    struct mime_head *out,
				    struct deed_error *err)
{
	enum deed_status status;

	if (f->type.failed || f->encoding.failed)
		return deed_error_memory(err);
	out->mail = f->mail;
	status = read_type(buf_get(&f->type), out, err);
	if (status != DEED_OK)
		return status;
	if (out->type == MIME_OTHER)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "it is no S/MIME message");
	if (f->types > 1 || f->encodings > 1)
		return mime_malformed(err,
				      "a field of its head is there twice");
	if (f->encodings == 1)
		out->encoding = read_encoding(buf_get(&f->encoding));
	return DEED_OK;
}

enum deed_status mime_read_head(struct slice text, struct mime_head *out,
				struct deed_error *err)
{
	struct fields f = { .type = BUF_INIT, .encoding = BUF_INIT };
	enum deed_status status;

	*out = (struct mime_head){ .type = MIME_OTHER };
	status = take_fields(text, &f, &out->used, err);
	if (status == DEED_OK)
		status = read_fields(&f, out, err);
	buf_clear(&f.type);
	buf_clear(&f.encoding);
	return status;
}
