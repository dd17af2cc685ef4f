/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "tlog/note_priv.h"
#include "base/file.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/utf8.h"
#include "crypto/digest.h"
#include "crypto/ed25519.h"
#include "crypto/random.h"

#define PRIVATE_PREFIX "PRIVATE+KEY+"
#define SEED_SIZE 32

/* Is this a name that a key or an origin may have? */
static bool note_name_valid(const char *name)
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

/* Put together a verifier key; false where the name is not valid. */
static bool note_verifier_init(struct note_verifier *v, const char *name,
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

/* A key is pasted, or read out of a file with its newline. */
static struct slice trim(struct slice s)
{
	while (s.len > 0 && memchr(" \t\r\n", s.data[s.len - 1], 4) != NULL)
		s.len--;
	while (s.len > 0 && memchr(" \t\r\n", s.data[0], 4) != NULL) {
		s.data++;
		s.len--;
	}
	return s;
}

/*
 * "NAME+hex(id)+BASE64(type ‖ 32 bytes)", what both forms of a key end in.
 * The bytes after the type are put into key; nothing is compared yet.
 */
static bool split_key(struct slice text, char name[NOTE_NAME_MAX + 1],
		      uint8_t id[NOTE_ID_SIZE], uint8_t *type, uint8_t key[32])
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
	if (second == NULL || second - hex.data != 2 * NOTE_ID_SIZE ||
	    plus - text.data > NOTE_NAME_MAX)
		return false;
	memcpy(name, text.data, (size_t)(plus - text.data));
	name[plus - text.data] = 0;
	base64.data = second + 1;
	base64.len = text.len - (size_t)(base64.data - text.data);
	hex.len = 2 * NOTE_ID_SIZE;
	if (hex_read_lower(hex, id, NOTE_ID_SIZE) && base64.len == 44 &&
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

enum deed_status note_verifier_parse(struct slice text, struct note_verifier *v,
				     struct deed_error *err)
{
	char name[NOTE_NAME_MAX + 1];
	uint8_t id[NOTE_ID_SIZE], type = 0, key[32];

	memset(v, 0, sizeof(*v));
	text = trim(text);
	if (text.len == 0 || !split_key(text, name, id, &type, key) ||
	    (type != NOTE_ED25519 && type != NOTE_COSIGNATURE) ||
	    !note_verifier_init(v, name, (enum note_type)type, key) ||
	    v->id != note_read_id(id)) {
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
	uint8_t id[NOTE_ID_SIZE], type = 0, bytes[SEED_SIZE];
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
	if (s->verifier.id == note_read_id(id))
		return DEED_OK;
	note_signer_clear(s);
malformed:
	secret_wipe(bytes, sizeof(bytes));
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
