/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/note.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/utf8.h"
#include "crypto/digest.h"
#include "crypto/ed25519.h"
#include "crypto/random.h"

#define PRIVATE_PREFIX "PRIVATE+KEY+"
#define DASH "\xe2\x80\x94 " /* an em dash and a space */
#define SEED_SIZE 32
#define SIGNATURE_SIZE 64
#define ID_SIZE 4
#define TIME_SIZE 8

bool note_name_valid(const char *name)
{
	const unsigned char *p = (const unsigned char *)name;
	size_t len = strlen(name);

	if (len == 0 || len > NOTE_NAME_MAX || !utf8_valid(slice_str(name)))
		return false;
	for (; *p != 0; p++)
		if (*p <= ' ' || *p == 0x7f || *p == '+')
			return false;
	return true;
}

/* SHA-256(name ‖ LF ‖ type ‖ key), its first four bytes. */
static uint32_t key_id(const char *name, enum note_type type,
		       const uint8_t key[32])
{
	uint8_t bytes[NOTE_NAME_MAX + 2 + 32], hash[SHA256_SIZE];
	size_t len = strlen(name);

	memcpy(bytes, name, len);
	bytes[len++] = '\n';
	bytes[len++] = (uint8_t)type;
	memcpy(bytes + len, key, 32);
	sha256(slice_of(bytes, len + 32), hash);
	return (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 |
	       (uint32_t)hash[2] << 8 | hash[3];
}

bool note_verifier_init(struct note_verifier *v, const char *name,
			enum note_type type, const uint8_t key[32])
{
	memset(v, 0, sizeof(*v));
	if (!note_name_valid(name))
		return false;
	(void)snprintf(v->name, sizeof(v->name), "%s", name);
	v->type = type;
	memcpy(v->key, key, sizeof(v->key));
	v->id = key_id(name, type, key);
	return true;
}

static struct slice trim(struct slice s)
{
	while (s.len > 0 && strchr(" \t\r\n", s.data[s.len - 1]) != NULL)
		s.len--;
	while (s.len > 0 && strchr(" \t\r\n", s.data[0]) != NULL) {
		s.data++;
		s.len--;
	}
	return s;
}

/* Eight lower-case digits. */
static bool read_hex_id(struct slice hex, uint8_t id[ID_SIZE])
{
	size_t i;

	for (i = 0; i < 2 * ID_SIZE; i++)
		if (hex_digit(hex.data[i]) < 0 ||
		    (hex.data[i] >= 'A' && hex.data[i] <= 'F'))
			return false;
	for (i = 0; i < ID_SIZE; i++)
		id[i] = (uint8_t)(hex_digit(hex.data[2 * i]) << 4 |
				  hex_digit(hex.data[2 * i + 1]));
	return true;
}

/*
 * "NAME+hex(id)+BASE64(type ‖ 32 bytes)", what both forms of a key end in.
 * The bytes after the type are put into key; nothing is compared yet.
 */
static bool split_key(struct slice text, char name[NOTE_NAME_MAX + 1],
		      uint8_t id[ID_SIZE], uint8_t *type, uint8_t key[32])
{
	const uint8_t *plus, *second;
	struct buf bytes = BUF_INIT;
	struct slice hex, base64;
	bool good = false;

	plus = memchr(text.data, '+', text.len);
	if (plus == NULL)
		return false;
	hex.data = plus + 1;
	hex.len = text.len - (size_t)(hex.data - text.data);
	second = memchr(hex.data, '+', hex.len);
	if (second == NULL || second - hex.data != 2 * ID_SIZE ||
	    plus - text.data > NOTE_NAME_MAX)
		return false;
	memcpy(name, text.data, (size_t)(plus - text.data));
	name[plus - text.data] = 0;
	base64.data = second + 1;
	base64.len = text.len - (size_t)(base64.data - text.data);
	hex.len = 2 * ID_SIZE;
	if (read_hex_id(hex, id) && base64.len == 44 &&
	    base64_decode(base64, &bytes) && bytes.len == 33) {
		*type = bytes.data[0];
		memcpy(key, bytes.data + 1, 32);
		good = strlen(name) == (size_t)(plus - text.data) &&
		       note_name_valid(name);
	}
	if (bytes.data != NULL)
		secret_wipe(bytes.data, bytes.len);
	buf_clear(&bytes);
	return good;
}

static uint32_t read_id(const uint8_t b[ID_SIZE])
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	       (uint32_t)b[2] << 8 | b[3];
}

enum deed_status note_verifier_parse(struct slice text, struct note_verifier *v,
				     struct deed_error *err)
{
	char name[NOTE_NAME_MAX + 1];
	uint8_t id[ID_SIZE], type = 0, key[32];

	memset(v, 0, sizeof(*v));
	text = trim(text);
	if (text.len == 0 || !split_key(text, name, id, &type, key) ||
	    (type != NOTE_ED25519 && type != NOTE_COSIGNATURE) ||
	    !note_verifier_init(v, name, (enum note_type)type, key) ||
	    v->id != read_id(id)) {
		memset(v, 0, sizeof(*v));
		return deed_error_set(err, DEED_MALFORMED,
				      "no verifier key (NAME+ID+KEY)");
	}
	return DEED_OK;
}

void note_verifier_format(const struct note_verifier *v, struct buf *out)
{
	uint8_t bytes[33];

	bytes[0] = (uint8_t)v->type;
	memcpy(bytes + 1, v->key, 32);
	buf_printf(out, "%s+%08" PRIx32 "+", v->name, v->id);
	base64_encode(slice_of(bytes, sizeof(bytes)), out);
}

/* The signer of a seed, which becomes the signer's. */
static enum deed_status from_seed(const char *name, enum note_type type,
				  struct secret *seed, struct note_signer *s,
				  struct deed_error *err)
{
	uint8_t key[32];

	ed25519_public(secret_bytes(seed), key);
	if (!note_verifier_init(&s->verifier, name, type, key)) {
		secret_free(seed);
		return deed_error_set(err, DEED_MALFORMED,
				      "'%s' is no name for a log", name);
	}
	s->seed = seed;
	return DEED_OK;
}

enum deed_status note_signer_new(const char *name, struct note_signer *s,
				 struct deed_error *err)
{
	struct secret *seed;
	enum deed_status status;

	memset(s, 0, sizeof(*s));
	status = random_secret(SEED_SIZE, &seed, err);
	if (status != DEED_OK)
		return status;
	return from_seed(name, NOTE_ED25519, seed, s, err);
}

enum deed_status note_signer_parse(const struct secret *text,
				   struct note_signer *s,
				   struct deed_error *err)
{
	struct slice rest = trim(secret_slice(text));
	size_t prefix = strlen(PRIVATE_PREFIX);
	char name[NOTE_NAME_MAX + 1];
	uint8_t id[ID_SIZE], type = 0, bytes[SEED_SIZE];
	struct secret *seed = NULL;
	enum deed_status status;

	memset(s, 0, sizeof(*s));
	if (rest.len <= prefix || memcmp(rest.data, PRIVATE_PREFIX, prefix))
		goto malformed;
	rest.data += prefix;
	rest.len -= prefix;
	if (!split_key(rest, name, id, &type, bytes) ||
	    (type != NOTE_ED25519 && type != NOTE_COSIGNATURE))
		goto malformed;
	status = secret_copy(bytes, sizeof(bytes), &seed, err);
	secret_wipe(bytes, sizeof(bytes));
	if (status != DEED_OK)
		return status;
	status = from_seed(name, (enum note_type)type, seed, s, err);
	if (status != DEED_OK)
		return status;
	if (s->verifier.id == read_id(id))
		return DEED_OK;
	note_signer_clear(s);
malformed:
	return deed_error_set(err, DEED_MALFORMED,
			      "no signer key (PRIVATE+KEY+NAME+ID+KEY)");
}

enum deed_status note_signer_format(const struct note_signer *s,
				    struct secret **out, struct deed_error *err)
{
	uint8_t bytes[1 + SEED_SIZE];
	char head[sizeof(PRIVATE_PREFIX) + NOTE_NAME_MAX + 12];
	struct buf text = BUF_INIT;
	enum deed_status status;

	*out = NULL;
	(void)snprintf(head, sizeof(head), PRIVATE_PREFIX "%s+%08" PRIx32 "+",
		       s->verifier.name, s->verifier.id);
	bytes[0] = (uint8_t)s->verifier.type;
	memcpy(bytes + 1, secret_bytes(s->seed), SEED_SIZE);
	/* Room for all of it at once, so that no copy is left behind. */
	if (buf_reserve(&text, NOTE_MAX) != NULL) {
		buf_str(&text, head);
		base64_encode(slice_of(bytes, sizeof(bytes)), &text);
		buf_byte(&text, '\n');
	}
	secret_wipe(bytes, sizeof(bytes));
	status = buf_status(&text, err);
	if (status == DEED_OK)
		status = secret_copy(text.data, text.len, out, err);
	if (text.data != NULL)
		secret_wipe(text.data, text.len);
	buf_clear(&text);
	return status;
}

enum deed_status note_signer_read(const char *path, struct note_signer *s,
				  struct deed_error *err)
{
	struct secret *text;
	enum deed_status status;

	memset(s, 0, sizeof(*s));
	status = file_read_secret(path, &text, err);
	if (status != DEED_OK)
		return status;
	status = note_signer_parse(text, s, err);
	secret_free(text);
	if (status != DEED_OK)
		deed_error_prefix(err, "cannot read '%s'", path);
	return status;
}

enum deed_status note_signer_write(const char *path,
				   const struct note_signer *s,
				   struct deed_error *err)
{
	struct secret *text;
	enum deed_status status = note_signer_format(s, &text, err);

	if (status != DEED_OK)
		return status;
	status = file_write(path, 0600, secret_slice(text), OUTFILE_NEW, err);
	secret_free(text);
	return status;
}

void note_signer_clear(struct note_signer *s)
{
	secret_free(s->seed);
	s->seed = NULL;
}

static void put_signature(const struct note_verifier *v, struct slice signature,
			  struct buf *out)
{
	uint8_t bytes[ID_SIZE + TIME_SIZE + SIGNATURE_SIZE];

	bytes[0] = (uint8_t)(v->id >> 24);
	bytes[1] = (uint8_t)(v->id >> 16);
	bytes[2] = (uint8_t)(v->id >> 8);
	bytes[3] = (uint8_t)v->id;
	memcpy(bytes + ID_SIZE, signature.data, signature.len);
	buf_printf(out, DASH "%s ", v->name);
	base64_encode(slice_of(bytes, ID_SIZE + signature.len), out);
	buf_byte(out, '\n');
}

enum deed_status note_sign(const struct note_signer *s, struct slice text,
			   struct buf *out, struct deed_error *err)
{
	uint8_t signature[SIGNATURE_SIZE];

	ed25519_sign(secret_bytes(s->seed), text, signature);
	buf_slice(out, text);
	buf_byte(out, '\n');
	put_signature(&s->verifier, slice_of(signature, sizeof(signature)),
		      out);
	return buf_status(out, err);
}

/* What a cosignature of version 1 signs. */
static void cosigned(struct slice text, uint64_t time, struct buf *out)
{
	buf_printf(out, "cosignature/v1\ntime %" PRIu64 "\n", time);
	buf_slice(out, text);
}

enum deed_status note_cosign(const struct note_signer *s, struct slice text,
			     int64_t time, struct buf *out,
			     struct deed_error *err)
{
	uint8_t bytes[TIME_SIZE + SIGNATURE_SIZE];
	struct buf message = BUF_INIT;
	enum deed_status status;
	int i;

	for (i = 0; i < TIME_SIZE; i++)
		bytes[i] = (uint8_t)((uint64_t)time >> (56 - 8 * i));
	cosigned(text, (uint64_t)time, &message);
	status = buf_status(&message, err);
	if (status == DEED_OK)
		ed25519_sign(secret_bytes(s->seed), buf_get(&message),
			     bytes + TIME_SIZE);
	buf_clear(&message);
	if (status != DEED_OK)
		return status;
	put_signature(&s->verifier, slice_of(bytes, sizeof(bytes)), out);
	return buf_status(out, err);
}

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
	if (line.len < strlen(DASH) || memcmp(line.data, DASH, strlen(DASH)))
		return false;
	s->name = slice_of(line.data + strlen(DASH), line.len - strlen(DASH));
	space = memchr(s->name.data, ' ', s->name.len);
	if (space == NULL || space == s->name.data)
		return false;
	base64 = slice_of(space + 1,
			  s->name.len - 1 - (size_t)(space - s->name.data));
	s->name.len = (size_t)(space - s->name.data);
	if (memchr(s->name.data, '+', s->name.len) == NULL &&
	    base64_decode(base64, &bytes) && bytes.len > ID_SIZE) {
		s->id = read_id(bytes.data);
		if (bytes.len - ID_SIZE <= sizeof(s->bytes)) {
			s->len = bytes.len - ID_SIZE;
			memcpy(s->bytes, bytes.data + ID_SIZE, s->len);
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

static uint64_t read_time(const uint8_t b[TIME_SIZE])
{
	uint64_t t = 0;
	int i;

	for (i = 0; i < TIME_SIZE; i++)
		t = t << 8 | b[i];
	return t;
}

static bool signature_holds(struct slice text, const struct note_signature *s,
			    const struct note_verifier *v, int64_t *time)
{
	struct buf message = BUF_INIT;
	uint64_t t;
	bool good;

	if (v->type == NOTE_ED25519)
		return s->len == SIGNATURE_SIZE &&
		       ed25519_verify(v->key, text, s->bytes);
	if (s->len != TIME_SIZE + SIGNATURE_SIZE)
		return false;
	t = read_time(s->bytes);
	if (t > INT64_MAX)
		return false;
	cosigned(text, t, &message);
	good = !message.failed &&
	       ed25519_verify(v->key, buf_get(&message), s->bytes + TIME_SIZE);
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
