/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/note.h"

#include "tlog/note_priv.h"
#include "codec/base64.h"
#include "codec/utf8.h"
#include "crypto/ed25519.h"

static enum deed_status no_note(struct deed_error *err, const char *why)
{
	return deed_error_set(err, DEED_MALFORMED, "no signed note: %s", why);
}

/* "— NAME BASE64", without its newline. */
static bool parse_signature(struct slice line, struct note_signature *s)
{
	struct buf bytes = BUF_INIT;
	const uint8_t *space;
	struct slice base64;
	bool good = false;

	memset(s, 0, sizeof(*s));
	if (line.len < strlen(NOTE_DASH) ||
	    memcmp(line.data, NOTE_DASH, strlen(NOTE_DASH)))
		return false;
	s->name = slice_of(line.data + strlen(NOTE_DASH),
			   line.len - strlen(NOTE_DASH));
	space = memchr(s->name.data, ' ', s->name.len);
	if (space == NULL || space == s->name.data)
		return false;
	base64 = slice_of(space + 1,
			  s->name.len - 1 - (size_t)(space - s->name.data));
	s->name.len = (size_t)(space - s->name.data);
	if (memchr(s->name.data, '+', s->name.len) == NULL &&
	    base64_decode(base64, &bytes) && bytes.len > NOTE_ID_SIZE) {
		s->id = note_read_id(bytes.data);
		if (bytes.len - NOTE_ID_SIZE <= sizeof(s->bytes)) {
			s->len = bytes.len - NOTE_ID_SIZE;
			memcpy(s->bytes, bytes.data + NOTE_ID_SIZE, s->len);
		}
		good = true;
	}
	buf_clear(&bytes);
	return good;
}

/* Where the last empty line is: the length of the text before it. */
static bool find_text(struct slice bytes, size_t *len)
{
	size_t i;

	for (i = bytes.len; i >= 2; i--)
		if (bytes.data[i - 1] == '\n' && bytes.data[i - 2] == '\n') {
			*len = i - 1;
			return true;
		}
	return false;
}

enum deed_status note_parse(struct slice bytes, struct note *n,
			    struct deed_error *err)
{
	const uint8_t *newline;
	struct slice rest, line;
	size_t len, i;

	memset(n, 0, sizeof(*n));
	if (bytes.len > NOTE_MAX)
		return deed_error_set(err, DEED_LIMIT, "the note is too long");
	if (!utf8_valid(bytes))
		return no_note(err, "it is not UTF-8");
	for (i = 0; i < bytes.len; i++)
		if (bytes.data[i] < ' ' && bytes.data[i] != '\n')
			return no_note(err, "it holds a control character");
	if (!find_text(bytes, &len))
		return no_note(err, "it has no signatures");
	rest = slice_of(bytes.data + len + 1, bytes.len - len - 1);
	if (rest.len == 0)
		return no_note(err, "it has no signatures");
	while (rest.len > 0) {
		newline = memchr(rest.data, '\n', rest.len);
		if (newline == NULL)
			return no_note(err, "its last line has no end");
		line = slice_of(rest.data, (size_t)(newline - rest.data));
		if (n->count == NOTE_SIGNATURES_MAX)
			return deed_error_set(err, DEED_LIMIT,
					      "the note has more than %d "
					      "signatures",
					      NOTE_SIGNATURES_MAX);
		if (!parse_signature(line, &n->signature[n->count]))
			return no_note(err, "a signature line is malformed");
		n->signature[n->count++].line =
			slice_of(line.data, line.len + 1);
		rest.data += line.len + 1;
		rest.len -= line.len + 1;
	}
	n->text = slice_of(bytes.data, len);
	return DEED_OK;
}

static uint64_t read_time(const uint8_t b[NOTE_TIME_SIZE])
{
	uint64_t t = 0;
	int i;

	for (i = 0; i < NOTE_TIME_SIZE; i++)
		t = t << 8 | b[i];
	return t;
}

/* A cosignature is the time in 8 bytes and then the signature over time and
 * text (c2sp.org/tlog-cosignature).  A time that no int64_t holds is refused,
 * whatever signed it. */
static bool signature_holds(struct slice text, const struct note_signature *s,
			    const struct note_verifier *v, int64_t *time)
{
	struct buf message = BUF_INIT;
	uint64_t t;
	bool good;

	if (v->type == NOTE_ED25519)
		return s->len == NOTE_SIGNATURE_SIZE &&
		       ed25519_verify(v->key, text, s->bytes);
	if (s->len != NOTE_TIME_SIZE + NOTE_SIGNATURE_SIZE)
		return false;
	t = read_time(s->bytes);
	if (t > INT64_MAX)
		return false;
	note_cosigned(text, t, &message);
	good = !message.failed && ed25519_verify(v->key, buf_get(&message),
						 s->bytes + NOTE_TIME_SIZE);
	buf_clear(&message);
	if (good)
		*time = (int64_t)t;
	return good;
}

enum deed_status note_verify(const struct note *n,
			     const struct note_verifier *v, int64_t *time,
			     struct deed_error *err)
{
	const struct note_signature *s;
	int64_t t = 0;
	bool found = false;
	size_t i;

	for (i = 0; i < n->count; i++) {
		s = &n->signature[i];
		if (s->id != v->id || !slice_equal_str(s->name, v->name))
			continue;
		if (!signature_holds(n->text, s, v, &t))
			return deed_error_set(err, DEED_BAD_SIGNATURE,
					      "the signature by '%s' does not "
					      "hold",
					      v->name);
		found = true;
	}
	if (!found)
		return deed_error_set(err, DEED_NO_SIGNATURE,
				      "no signature by '%s'", v->name);
	if (time != NULL)
		*time = t;
	return DEED_OK;
}
