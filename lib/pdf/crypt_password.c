/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cipher.h"
#include "crypto/digest.h"
#include "pdf/crypt_priv.h"

/* The file's key from a password, and whether that is right. */

/* ISO 32000-2 7.6.4.3.2, step a: what fills a password up. */
static const uint8_t padding[32] = {
	0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e,
	0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68,
	0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
};

#define MD5_SIZE 16
#define OLD_PASSWORD PDF_CRYPT_OLD_ENTRY /* as long as the padding */
#define NEW_PASSWORD 127		 /* R 5 and 6 */
#define NEW_HASH 32 /* of /O and /U, before two salts of 8 */

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
static enum deed_status old_key(struct pdf_crypt_source *s,
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
static enum deed_status old_user(struct pdf_crypt_source *s,
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
static enum deed_status old_owner(struct pdf_crypt_source *s,
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
static enum deed_status try_old(struct pdf_crypt_source *s,
				struct slice password, bool *right,
				struct deed_error *err)
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
static enum deed_status open_old(struct pdf_crypt_source *s,
				 struct slice password, bool *right,
				 struct deed_error *err)
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
static void new_hash(const struct pdf_crypt_source *s, struct slice password,
		     const uint8_t salt[8], struct slice user,
		     uint8_t out[NEW_HASH])
{
	static const enum digest_alg algs[] = { DIGEST_SHA256, DIGEST_SHA384,
						DIGEST_SHA512 };
	uint8_t k[DIGEST_MAX],
		k1[64 * (NEW_PASSWORD + DIGEST_MAX + PDF_CRYPT_NEW_ENTRY)];
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
static bool try_new(struct pdf_crypt_source *s, struct slice password,
		    struct slice entry, struct slice wrapped, struct slice user)
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
static enum deed_status check_perms(const struct pdf_crypt_source *s,
				    struct deed_error *err)
{
	uint8_t block[CIPHER_BLOCK];

	aes256_decrypt_block(s->c->key, s->perms.data, block);
	if (memcmp(block + 9, "adb", 3) != 0 || memcmp(block, s->p, 4) != 0 ||
	    (block[8] != 'T' && block[8] != 'F') ||
	    (block[8] == 'T') != s->c->about.metadata)
		return pdf_crypt_bad(
			"says other permissions than were encrypted", err);
	return DEED_OK;
}

/* R 5 and 6 take the first 127 bytes of UTF-8 (7.6.4.3.3).  The owner's hash
 * takes in all of /U, so that one cannot be combined with the other of another
 * file.  That /Perms holds is checked with the key that was found. */
static enum deed_status open_new(struct pdf_crypt_source *s,
				 struct slice password, bool *right,
				 struct deed_error *err)
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

/* By revision: the old keys are MD5 and RC4 over PDFDocEncoding, the new ones
 * hashes over UTF-8. */
enum deed_status pdf_crypt_try(struct pdf_crypt_source *s,
			       struct slice password, bool *right,
			       struct deed_error *err)
{
	return s->c->about.revision >= 5 ? open_new(s, password, right, err)
					 : open_old(s, password, right, err);
}
