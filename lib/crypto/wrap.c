/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/wrap.h"

#include <assert.h>
#include <nettle/aes.h>
#include <nettle/nist-keywrap.h>

#define CHECK 8 /* octets of the initial value */

/* RFC 3394 2.2.3.1 */
static const uint8_t initial[CHECK] = { 0xa6, 0xa6, 0xa6, 0xa6,
					0xa6, 0xa6, 0xa6, 0xa6 };

union aes {
	struct aes128_ctx k128;
	struct aes192_ctx k192;
	struct aes256_ctx k256;
};

/* RFC 3394 2: at least two blocks of 64 bits. */
static bool length_fits(size_t len)
{
	return len >= 16 && len <= WRAP_MAX && len % 8 == 0;
}

/* The schedule lies in the caller's union, which wipes it afterwards. */
static nettle_cipher_func *encryptor(union aes *aes, const uint8_t *kek,
				     size_t len)
{
	if (len == 16) {
		aes128_set_encrypt_key(&aes->k128, kek);
		return (nettle_cipher_func *)aes128_encrypt;
	}
	if (len == 24) {
		aes192_set_encrypt_key(&aes->k192, kek);
		return (nettle_cipher_func *)aes192_encrypt;
	}
	assert(len == 32);
	aes256_set_encrypt_key(&aes->k256, kek);
	return (nettle_cipher_func *)aes256_encrypt;
}

/* As encryptor; the schedules of the two directions differ. */
static nettle_cipher_func *decryptor(union aes *aes, const uint8_t *kek,
				     size_t len)
{
	if (len == 16) {
		aes128_set_decrypt_key(&aes->k128, kek);
		return (nettle_cipher_func *)aes128_decrypt;
	}
	if (len == 24) {
		aes192_set_decrypt_key(&aes->k192, kek);
		return (nettle_cipher_func *)aes192_decrypt;
	}
	assert(len == 32);
	aes256_set_decrypt_key(&aes->k256, kek);
	return (nettle_cipher_func *)aes256_decrypt;
}

enum deed_status wrap_key(const uint8_t *kek, size_t kek_len, struct slice key,
			  struct buf *out, struct deed_error *err)
{
	nettle_cipher_func *encrypt;
	union aes aes;
	uint8_t *to;

	if (!length_fits(key.len))
		return deed_error_set(err, DEED_LIMIT,
				      "a key of %zu bytes cannot be wrapped",
				      key.len);
	to = buf_reserve(out, key.len + CHECK);
	if (to == NULL)
		return deed_error_memory(err);
	encrypt = encryptor(&aes, kek, kek_len);
	nist_keywrap16(&aes, encrypt, initial, key.len + CHECK, to, key.data);
	out->len += key.len + CHECK;
	secret_wipe(&aes, sizeof(aes));
	return DEED_OK;
}

/* The check value says whether kek is the right one: what comes out under
 * another is given to nobody. */
enum deed_status unwrap_key(const uint8_t *kek, size_t kek_len,
			    struct slice wrapped, struct secret **out,
			    struct deed_error *err)
{
	nettle_cipher_func *decrypt;
	enum deed_status status;
	union aes aes;
	int good;

	*out = NULL;
	if (wrapped.len < CHECK || !length_fits(wrapped.len - CHECK))
		return deed_error_set(err, DEED_MALFORMED,
				      "a wrapped key cannot have %zu bytes",
				      wrapped.len);
	status = secret_new(wrapped.len - CHECK, out, err);
	if (status != DEED_OK)
		return status;
	decrypt = decryptor(&aes, kek, kek_len);
	good = nist_keyunwrap16(&aes, decrypt, initial, wrapped.len - CHECK,
				secret_data(*out), wrapped.data);
	secret_wipe(&aes, sizeof(aes));
	if (good)
		return DEED_OK;
	secret_free(*out);
	*out = NULL;
	return deed_error_set(err, DEED_DAMAGED,
			      "the key does not unwrap what it should");
}
