/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "crypto/cipher.h"
#include "crypto/digest.h"
#include "pdf/crypt_priv.h"

/* ISO 32000-2 7.6.4.3.2, step a: what fills a password up. */
static const uint8_t padding[32] = {
	0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e,
	0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68,
	0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
};

#define MD5_SIZE 16
#define OLD_PASSWORD 32	 /* R 2 to 4: as long as the padding */
#define NEW_PASSWORD 127 /* R 5 and 6 */
#define NEW_HASH 32	 /* of /O and /U, before two salts of 8 */
#define NEW_ENTRY 48

/* The encryption dictionary, as far as keys are made from it. */
struct source {
	struct pdf_crypt *c;
	struct slice o, u, oe, ue, perms, id;
	uint8_t p[4]; /* low byte first */
};

static enum deed_status bad(const char *what, struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the encryption dictionary %s", what);
}

/* ---- R 2 to 4 (7.6.4.3 and 7.6.4.4) ---- */

/* What is longer than 32 bytes is cut, what is shorter filled up (algorithm 2,
 * step a); an empty password is the padding alone. */
static void pad_password(struct slice password, uint8_t out[OLD_PASSWORD])
{
	size_t len = password.len < OLD_PASSWORD ? password.len : OLD_PASSWORD;

	if (len > 0)
		memcpy(out, password.data, len);
	memcpy(out + len, padding, OLD_PASSWORD - len);
}

/* Algorithm 2: the file's key from the padded user password. */
static enum deed_status old_key(struct source *s,
				const uint8_t password[OLD_PASSWORD],
				struct deed_error *err)
{
	static const uint8_t ones[4] = { 0xff, 0xff, 0xff, 0xff };
	struct pdf_crypt *c = s->c;
	struct buf input = BUF_INIT;
	uint8_t hash[MD5_SIZE];
	enum deed_status status;
	int i;

	buf_append(&input, password, OLD_PASSWORD);
	buf_append(&input, s->o.data, OLD_PASSWORD);
	buf_append(&input, s->p, sizeof(s->p));
	buf_slice(&input, s->id);
	if (c->about.revision >= 4 && !c->about.metadata)
		buf_append(&input, ones, sizeof(ones));
	status = buf_status(&input, err);
	if (status == DEED_OK) {
		digest_once(DIGEST_MD5, buf_get(&input), hash);
		secret_wipe(input.data, input.len);
	}
	buf_clear(&input);
	if (status != DEED_OK)
		return status;
	for (i = 0; c->about.revision >= 3 && i < 50; i++)
		digest_once(DIGEST_MD5, slice_of(hash, c->key_len), hash);
	memcpy(c->key, hash, c->key_len);
	secret_wipe(hash, sizeof(hash));
	return DEED_OK;
}

/* RC4 twenty times, the key's octets changed by each number. */
static void rc4_rounds(const uint8_t *key, size_t len, bool back, uint8_t *data,
		       size_t data_len)
{
	uint8_t changed[MD5_SIZE];
	size_t k;
	int i;

	for (i = 0; i < 20; i++) {
		for (k = 0; k < len; k++)
			changed[k] = key[k] ^ (uint8_t)(back ? 19 - i : i);
		rc4(slice_of(changed, len), slice_of(data, data_len), data);
	}
	secret_wipe(changed, sizeof(changed));
}

/* Algorithms 4 to 6: is it the user's?  The key is set if so. */
static enum deed_status old_user(struct source *s,
				 const uint8_t password[OLD_PASSWORD],
				 bool *right, struct deed_error *err)
{
	uint8_t check[OLD_PASSWORD];
	struct buf input = BUF_INIT;
	enum deed_status status;
	size_t len = OLD_PASSWORD;

	*right = false;
	status = old_key(s, password, err);
	if (status != DEED_OK)
		return status;
	if (s->c->about.revision == 2) {
		rc4(slice_of(s->c->key, s->c->key_len),
		    slice_of(padding, OLD_PASSWORD), check);
	} else {
		buf_append(&input, padding, sizeof(padding));
		buf_slice(&input, s->id);
		status = buf_status(&input, err);
		if (status == DEED_OK)
			digest_once(DIGEST_MD5, buf_get(&input), check);
		buf_clear(&input);
		if (status != DEED_OK)
			return status;
		len = MD5_SIZE;
		rc4_rounds(s->c->key, s->c->key_len, false, check, len);
	}
	*right = secret_equal(slice_of(check, len), slice_of(s->u.data, len));
	secret_wipe(check, sizeof(check));
	return DEED_OK;
}

/* Algorithm 7: the owner's password opens the user's. */
static enum deed_status old_owner(struct source *s,
				  const uint8_t password[OLD_PASSWORD],
				  bool *right, struct deed_error *err)
{
	uint8_t key[MD5_SIZE], user[OLD_PASSWORD];
	size_t len = s->c->key_len;
	enum deed_status status;
	int i;

	digest_once(DIGEST_MD5, slice_of(password, OLD_PASSWORD), key);
	for (i = 0; s->c->about.revision >= 3 && i < 50; i++)
		digest_once(DIGEST_MD5, slice_of(key, len), key);
	if (s->c->about.revision == 2) {
		rc4(slice_of(key, len), slice_of(s->o.data, OLD_PASSWORD),
		    user);
	} else {
		memcpy(user, s->o.data, OLD_PASSWORD);
		rc4_rounds(key, len, true, user, OLD_PASSWORD);
	}
	status = old_user(s, user, right, err);
	secret_wipe(key, sizeof(key));
	secret_wipe(user, sizeof(user));
	return status;
}

/* The owner's password is tried first: it gives the user's, and the key is
 * made of that (algorithm 7). */
static enum deed_status try_old(struct source *s, struct slice password,
				bool *right, struct deed_error *err)
{
	uint8_t padded[OLD_PASSWORD];
	enum deed_status status;

	pad_password(password, padded);
	/* Where both are the same, it is the owner's. */
	status = old_owner(s, padded, right, err);
	s->c->about.owner = *right;
	if (status == DEED_OK && !*right)
		status = old_user(s, padded, right, err);
	secret_wipe(padded, sizeof(padded));
	return status;
}

/* Before UTF-8: PDFDocEncoding, of which Latin-1 is all that is typed.  False
 * if it has no other form. */
static bool to_latin1(struct slice in, uint8_t *out, size_t *len)
{
	bool differs = false;
	size_t i;

	*len = 0;
	for (i = 0; i < in.len; i++) {
		if (in.data[i] < 0x80) {
			out[(*len)++] = in.data[i];
		} else if ((in.data[i] & 0xfe) == 0xc2 && i + 1 < in.len &&
			   (in.data[i + 1] & 0xc0) == 0x80) {
			out[(*len)++] = (uint8_t)(in.data[i] << 6) |
					(in.data[i + 1] & 0x3f);
			differs = true;
			i++;
		} else {
			return false;
		}
	}
	return differs;
}

/* First the bytes as they were given, as most writers of today take them; then
 * what an old writer had for the same characters. */
static enum deed_status open_old(struct source *s, struct slice password,
				 bool *right, struct deed_error *err)
{
	uint8_t latin[NEW_PASSWORD];
	enum deed_status status;
	size_t len;

	status = try_old(s, password, right, err);
	if (status != DEED_OK || *right || password.len > sizeof(latin))
		return status;
	if (to_latin1(password, latin, &len))
		status = try_old(s, slice_of(latin, len), right, err);
	/* Also what was written before it turned out to have no such form. */
	secret_wipe(latin, sizeof(latin));
	return status;
}

/* ---- R 5 and 6 (7.6.4.3.3) ---- */

/* Algorithm 2.B; R 5 stops after its first step. */
static void new_hash(const struct source *s, struct slice password,
		     const uint8_t salt[8], struct slice user,
		     uint8_t out[NEW_HASH])
{
	static const enum digest_alg algs[] = { DIGEST_SHA256, DIGEST_SHA384,
						DIGEST_SHA512 };
	uint8_t k[DIGEST_MAX], k1[64 * (NEW_PASSWORD + DIGEST_MAX + NEW_ENTRY)];
	size_t k_len = NEW_HASH, unit, i;
	unsigned round, sum;
	uint8_t *at = k1;

	memcpy(at, password.data, password.len);
	at += password.len;
	memcpy(at, salt, 8);
	at += 8;
	if (user.len > 0)
		memcpy(at, user.data, user.len);
	at += user.len;
	digest_once(DIGEST_SHA256, slice_of(k1, (size_t)(at - k1)), k);
	for (round = 1; s->c->about.revision == 6; round++) {
		at = k1;
		unit = password.len + k_len + user.len;
		memcpy(at, password.data, password.len);
		memcpy(at + password.len, k, k_len);
		if (user.len > 0)
			memcpy(at + password.len + k_len, user.data, user.len);
		for (i = 1; i < 64; i++)
			memcpy(k1 + i * unit, k1, unit);
		aes_cbc_encrypt(slice_of(k, 16), k + 16,
				slice_of(k1, 64 * unit), k1);
		/* The first 16 octets as a number, modulo 3: 256 is 1. */
		for (sum = 0, i = 0; i < 16; i++)
			sum += k1[i];
		digest_once(algs[sum % 3], slice_of(k1, 64 * unit), k);
		k_len = digest_size(algs[sum % 3]);
		if (round >= 64 && k1[64 * unit - 1] <= round - 32)
			break;
	}
	memcpy(out, k, NEW_HASH);
	secret_wipe(k, sizeof(k));
	secret_wipe(k1, sizeof(k1));
}

/* /O or /U: a hash, the salt that checks it, the salt of the key. */
static bool try_new(struct source *s, struct slice password, struct slice entry,
		    struct slice wrapped, struct slice user)
{
	static const uint8_t zeros[CIPHER_BLOCK];
	uint8_t hash[NEW_HASH];
	bool right;

	new_hash(s, password, entry.data + NEW_HASH, user, hash);
	right = secret_equal(slice_of(hash, NEW_HASH),
			     slice_of(entry.data, NEW_HASH));
	if (right) {
		new_hash(s, password, entry.data + NEW_HASH + 8, user, hash);
		aes_cbc_decrypt(slice_of(hash, NEW_HASH), zeros, wrapped,
				s->c->key);
	}
	secret_wipe(hash, sizeof(hash));
	return right;
}

/* Algorithm 13: /P and /EncryptMetadata are those that were encrypted. */
static enum deed_status check_perms(const struct source *s,
				    struct deed_error *err)
{
	uint8_t block[CIPHER_BLOCK];

	aes256_decrypt_block(s->c->key, s->perms.data, block);
	if (memcmp(block + 9, "adb", 3) != 0 || memcmp(block, s->p, 4) != 0 ||
	    (block[8] != 'T' && block[8] != 'F') ||
	    (block[8] == 'T') != s->c->about.metadata)
		return bad("says other permissions than were encrypted", err);
	return DEED_OK;
}

/* R 5 and 6 take the first 127 bytes of UTF-8 (7.6.4.3.3).  The owner's hash
 * takes in all of /U, so that one cannot be combined with the other of another
 * file.  That /Perms holds is checked with the key that was found. */
static enum deed_status open_new(struct source *s, struct slice password,
				 bool *right, struct deed_error *err)
{
	struct slice none = slice_of("", 0), user = s->u;

	*right = false;
	if (password.data == NULL)
		password = none;
	if (password.len > NEW_PASSWORD)
		password.len = NEW_PASSWORD;
	if (try_new(s, password, s->o, s->oe, user))
		s->c->about.owner = *right = true;
	else
		*right = try_new(s, password, s->u, s->ue, none);
	return *right ? check_perms(s, err) : DEED_OK;
}

/* ---- the dictionary ---- */

/* Longer ones are cut: writers fill /O and /U up with zeros.  A shorter one
 * would be read past its end. */
static enum deed_status take_string(const struct pdf_object *dict,
				    const char *key, size_t len,
				    struct slice *out, struct deed_error *err)
{
	*out = pdf_get_string(pdf_dict_get(dict, key));
	if (out->data == NULL || out->len < len)
		return deed_error_set(err, DEED_MALFORMED,
				      "the encryption dictionary has no right "
				      "/%s",
				      key);
	out->len = len;
	return DEED_OK;
}

/* What follows reads these lengths without a check of its own. */
static enum deed_status take_strings(struct source *s,
				     const struct pdf_object *dict,
				     struct deed_error *err)
{
	bool new = s->c->about.revision >= 5;
	size_t len = new ? NEW_ENTRY : OLD_PASSWORD;
	enum deed_status status;

	status = take_string(dict, "O", len, &s->o, err);
	if (status == DEED_OK)
		status = take_string(dict, "U", len, &s->u, err);
	if (status == DEED_OK && new)
		status = take_string(dict, "OE", 32, &s->oe, err);
	if (status == DEED_OK && new)
		status = take_string(dict, "UE", 32, &s->ue, err);
	if (status == DEED_OK && new)
		status = take_string(dict, "Perms", 16, &s->perms, err);
	return status;
}

/* The length of the file's key in octets (table 20). */
static enum deed_status take_length(const struct pdf_object *dict, int64_t v,
				    size_t *out, struct deed_error *err)
{
	const struct pdf_object *length = pdf_dict_get(dict, "Length");
	int64_t bits = 40;

	if (length != NULL && !pdf_get_int(length, &bits))
		return bad("has no right /Length", err);
	*out = v == 1 ? 5 : v == 4 ? 16 : 32;
	if (v != 2)
		return DEED_OK;
	if (bits < 40 || bits > 128 || bits % 8 != 0)
		return bad("has an impossible /Length", err);
	*out = (size_t)bits / 8;
	return DEED_OK;
}

/* V and R that belong together. */
static bool is_known(int64_t v, int64_t r)
{
	switch (v) {
	case 1:
	case 2:
		return r == 2 || r == 3;
	case 4:
		return r == 4;
	case 5:
		return r == 5 || r == 6;
	default:
		return false;
	}
}

/* ISO 32000-2 7.6.5: before V 4 everything is RC4; later strings, streams and
 * embedded files have a filter each. */
static enum deed_status take_methods(struct pdf_crypt *c,
				     const struct pdf_object *dict, int64_t v,
				     struct deed_error *err)
{
	const struct pdf_object *embedded = pdf_dict_get(dict, "EFF");
	enum deed_status status;

	c->about.strings = c->about.streams = c->files = PDF_CRYPT_RC4;
	if (v < 4)
		return DEED_OK;
	c->filters = pdf_dict_get(dict, "CF");
	status = pdf_crypt_filter(c, pdf_dict_get(dict, "StrF"),
				  &c->about.strings, err);
	if (status == DEED_OK)
		status = pdf_crypt_filter(c, pdf_dict_get(dict, "StmF"),
					  &c->about.streams, err);
	c->files = c->about.streams;
	if (status == DEED_OK && embedded != NULL)
		status = pdf_crypt_filter(c, embedded, &c->files, err);
	return status;
}

/* Of the entries that the standard handler has, those without which no key can
 * be made. */
static enum deed_status take_numbers(struct source *s,
				     const struct pdf_object *dict,
				     struct deed_error *err)
{
	const struct pdf_object *metadata;
	struct pdf_crypt *c = s->c;
	int64_t v, r, p;
	size_t i;

	if (!pdf_is_name(pdf_dict_get(dict, "Filter"), "Standard"))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the document is encrypted for "
				      "certificates, or by a handler of its "
				      "own: only passwords are supported");
	if (!pdf_get_int(pdf_dict_get(dict, "V"), &v) ||
	    !pdf_get_int(pdf_dict_get(dict, "R"), &r))
		return bad("has no /V or no /R", err);
	if (!is_known(v, r))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the document is encrypted in a way that "
				      "is not supported (V %lld, R %lld)",
				      (long long)v, (long long)r);
	/* Signed or not, as 32 bits. */
	if (!pdf_get_int(pdf_dict_get(dict, "P"), &p) || p < INT32_MIN ||
	    p > UINT32_MAX)
		return bad("has no right /P", err);
	c->about.revision = (int)r;
	c->about.permissions = (uint32_t)p;
	for (i = 0; i < 4; i++)
		s->p[i] = (uint8_t)(c->about.permissions >> 8 * i);
	c->about.metadata = true;
	metadata = pdf_dict_get(dict, "EncryptMetadata");
	if (metadata != NULL && !pdf_get_bool(metadata, &c->about.metadata))
		return bad("has no right /EncryptMetadata", err);
	if (v < 4)
		c->about.metadata = true;
	return take_length(dict, v, &c->key_len, err);
}

/* By revision: the old keys are MD5 and RC4 over PDFDocEncoding, the new ones
 * hashes over UTF-8. */
static enum deed_status open_with(struct source *s, struct slice password,
				  bool *right, struct deed_error *err)
{
	return s->c->about.revision >= 5 ? open_new(s, password, right, err)
					 : open_old(s, password, right, err);
}

/* The password that was given; the empty one where none was, or where it is
 * not needed. */
static enum deed_status find_password(struct source *s,
				      const struct secret *password,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool right = false;

	if (password != NULL)
		status = open_with(s, secret_slice(password), &right, err);
	if (status == DEED_OK && !right)
		status = open_with(s, SLICE_NONE, &right, err);
	if (status != DEED_OK || right)
		return status;
	if (password != NULL)
		return deed_error_set(err, DEED_WRONG_PASSPHRASE,
				      "the document's password is wrong");
	return deed_error_set(err, DEED_NO_PASSPHRASE,
			      "the document is encrypted, and no password was "
			      "given");
}

/* In this order: the numbers say which strings there must be, and those are
 * what a password is tried against.  On failure the key is wiped with the
 * rest. */
enum deed_status pdf_crypt_new(const struct pdf_object *dict, struct slice id,
			       const struct secret *password,
			       struct pdf_crypt **out, struct deed_error *err)
{
	struct pdf_crypt *c = calloc(1, sizeof(*c));
	struct source s = { .c = c, .id = id };
	enum deed_status status;
	int64_t v = 0;

	*out = NULL;
	if (c == NULL)
		return deed_error_memory(err);
	status = take_numbers(&s, dict, err);
	(void)pdf_get_int(pdf_dict_get(dict, "V"), &v);
	if (status == DEED_OK)
		status = take_methods(c, dict, v, err);
	if (status == DEED_OK)
		status = take_strings(&s, dict, err);
	if (status == DEED_OK)
		status = find_password(&s, password, err);
	if (status != DEED_OK) {
		pdf_crypt_free(c);
		return status;
	}
	*out = c;
	return DEED_OK;
}

void pdf_crypt_free(struct pdf_crypt *c)
{
	if (c == NULL)
		return;
	secret_wipe(c, sizeof(*c));
	free(c);
}
