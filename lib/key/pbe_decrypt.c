/* SPDX-License-Identifier: Apache-2.0 */
#include "key/pbe_priv.h"

#include "codec/utf8.h"
#include "crypto/digest.h"
#include "key/gnutls_priv.h"

#define KEY_MAX 32
#define SHA1_SIZE 20
#define IV_MAX 16
#define KDF_BLOCK 64 /* v of RFC 7292 B.2, of SHA-1 */
#define KDF_INPUT_MAX (64 * KDF_BLOCK)

/* text over and over up to whole blocks. */
static void fill_blocks(struct buf *out, struct slice text)
{
	size_t len = (text.len + KDF_BLOCK - 1) / KDF_BLOCK * KDF_BLOCK, at;

	for (at = 0; text.len > 0 && at < len; at += text.len)
		buf_append(out, text.data,
			   len - at < text.len ? len - at : text.len);
}

/* in, in whole blocks, each plus a plus 1 (RFC 7292 B.2, step 6 C). */
static void add_to_blocks(struct buf *in, const uint8_t a[SHA1_SIZE])
{
	size_t block, i;
	unsigned carry;

	for (block = 0; block < in->len; block += KDF_BLOCK) {
		carry = 1;
		for (i = KDF_BLOCK; i-- > 0;) {
			carry += in->data[block + i] + a[i % SHA1_SIZE];
			in->data[block + i] = (uint8_t)carry;
			carry >>= 8;
		}
	}
}

/* RFC 7292 B.2 with SHA-1; in is S and P. */
static enum deed_status derive(uint8_t id, const struct pbe *p, struct buf *in,
			       uint8_t *out, size_t len)
{
	uint8_t a[SHA1_SIZE], d[KDF_BLOCK];
	enum deed_status status;
	struct digest *h;
	size_t n, take;

	status = digest_new(DIGEST_SHA1, &h, NULL);
	if (status != DEED_OK)
		return status;
	memset(d, id, sizeof(d));
	for (n = 0; n < len; n += take) {
		digest_update(h, d, sizeof(d));
		digest_update(h, in->data, in->len);
		digest_final(h, a);
		for (uint64_t i = 1; i < p->iterations; i++) {
			digest_update(h, a, sizeof(a));
			digest_final(h, a);
		}
		take = len - n < sizeof(a) ? len - n : sizeof(a);
		memcpy(out + n, a, take);
		add_to_blocks(in, a);
	}
	secret_wipe(a, sizeof(a));
	digest_free(h);
	return DEED_OK;
}

/* A BMPString with its NUL (RFC 7292 B.1) and the salt, in blocks. */
static bool kdf_input(const struct pbe *p, struct slice passphrase,
		      struct buf *out)
{
	struct buf text = BUF_INIT;
	bool good = buf_reserve(&text, KDF_INPUT_MAX) != NULL &&
		    buf_reserve(out, KDF_INPUT_MAX) != NULL &&
		    utf8_to_utf16be(passphrase, &text);

	buf_append(&text, "\0\0", 2);
	if (good) {
		fill_blocks(out, p->salt);
		fill_blocks(out, buf_get(&text));
	}
	if (text.cap > 0)
		secret_wipe(text.data, text.cap);
	good = good && !text.failed && !out->failed;
	buf_clear(&text);
	return good;
}

/* Bounded so that the buffers, which are reserved whole, never grow: growing
 * would leave copies of the passphrase behind. */
static bool derive_pkcs12(const struct pbe *p, const char *passphrase,
			  uint8_t id, uint8_t *out, size_t len)
{
	struct slice text = slice_str(passphrase);
	struct buf in = BUF_INIT;
	bool good;

	if (text.len > KDF_INPUT_MAX / 4 || p->salt.len > KDF_INPUT_MAX / 4)
		return false;
	good = kdf_input(p, text, &in) &&
	       derive(id, p, &in, out, len) == DEED_OK;
	if (in.cap > 0)
		secret_wipe(in.data, in.cap);
	buf_clear(&in);
	return good;
}

/* The callers have bounded the iterations, so that the cast loses nothing. */
static bool derive_pbkdf2(const struct pbe *p, const char *passphrase,
			  uint8_t *out, size_t len)
{
	gnutls_datum_t key = datum(slice_str(passphrase));
	gnutls_datum_t salt = datum(p->salt);

	return p->prf != GNUTLS_MAC_UNKNOWN &&
	       gnutls_pbkdf2(p->prf, &key, &salt, (unsigned)p->iterations, out,
			     len) == 0;
}

/* A wrong passphrase is known by its padding in most cases and by the content
 * in the rest; both are one answer, or the difference would tell of the key.
 */
static bool decrypt(const struct pbe *p, const uint8_t *key, const uint8_t *iv,
		    struct secret *data)
{
	size_t block = gnutls_cipher_get_block_size(p->cipher), pad;
	gnutls_datum_t k = { (unsigned char *)(uintptr_t)key,
			     (unsigned)gnutls_cipher_get_key_size(p->cipher) };
	gnutls_datum_t v = { (unsigned char *)(uintptr_t)iv, (unsigned)block };
	size_t len = secret_len(data);
	gnutls_cipher_hd_t h;
	int ret;

	if (len % block != 0 || gnutls_cipher_init(&h, p->cipher, &k, &v) != 0)
		return false;
	ret = gnutls_cipher_decrypt(h, secret_data(data), len);
	gnutls_cipher_deinit(h);
	pad = secret_bytes(data)[len - 1];
	if (ret != 0 || pad == 0 || pad > block || pad >= len)
		return false;
	secret_shrink(data, len - pad);
	return pbe_is_private_key(secret_slice(data));
}

/* PKCS#12 derives key and IV by the numbers 1 and 2 (RFC 7292 B.3); PBES2
 * brings its IV along, whose length is checked before it is copied. */
static bool derive_all(const struct pbe *p, const char *passphrase,
		       uint8_t key[KEY_MAX], uint8_t iv[IV_MAX])
{
	size_t len = gnutls_cipher_get_key_size(p->cipher);
	size_t block = gnutls_cipher_get_block_size(p->cipher);

	if (!p->pbes2)
		return derive_pkcs12(p, passphrase, 1, key, len) &&
		       derive_pkcs12(p, passphrase, 2, iv, block);
	if (p->iv.len != block)
		return false;
	memcpy(iv, p->iv.data, block);
	return derive_pbkdf2(p, passphrase, key, len);
}

bool pbe_decrypt_key(struct slice key, const char *passphrase,
		     struct secret **out)
{
	uint8_t k[KEY_MAX], iv[IV_MAX];
	struct slice data;
	struct pbe p;
	bool good;

	*out = NULL;
	if (!pbe_read_key(key, &p, &data) ||
	    p.cipher == GNUTLS_CIPHER_UNKNOWN || p.iterations == 0 ||
	    p.iterations > PBE_MAX_ITERATIONS || data.len == 0 ||
	    secret_copy(data.data, data.len, out, NULL) != DEED_OK)
		return false;
	good = derive_all(&p, passphrase, k, iv) && decrypt(&p, k, iv, *out);
	secret_wipe(k, sizeof(k));
	if (!good) {
		secret_free(*out);
		*out = NULL;
	}
	return good;
}
