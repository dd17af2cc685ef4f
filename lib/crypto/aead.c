/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aead.h"

#include <stdlib.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

struct aead {
	gnutls_cipher_hd_t handle;
	bool encrypt;
};

/* What GnuTLS says beyond this depends on its version and helps nobody: the
 * inputs were checked before. */
static enum deed_status failed(int ret, struct deed_error *err)
{
	if (ret == GNUTLS_E_MEMORY_ERROR)
		return deed_error_memory(err);
	return deed_error_set(err, DEED_SYSTEM, "AES-256-GCM failed");
}

/* A handle for one message: key and nonce never serve twice, so that none is
 * kept.  The casts take const away, which GnuTLS does not write to. */
static enum deed_status start(const uint8_t *key, const uint8_t *nonce,
			      struct slice aad, gnutls_cipher_hd_t *out,
			      struct deed_error *err)
{
	gnutls_datum_t k = { (unsigned char *)(uintptr_t)key, AEAD_KEY };
	gnutls_datum_t iv = { (unsigned char *)(uintptr_t)nonce, AEAD_NONCE };
	int ret;

	ret = gnutls_cipher_init(out, GNUTLS_CIPHER_AES_256_GCM, &k, &iv);
	if (ret != 0) {
		*out = NULL;
		return failed(ret, err);
	}
	if (aad.len > 0)
		ret = gnutls_cipher_add_auth(*out, aad.data, aad.len);
	if (ret == 0)
		return DEED_OK;
	gnutls_cipher_deinit(*out);
	*out = NULL;
	return failed(ret, err);
}

/* An empty message has a tag only.  The length stays: GCM is a stream, and the
 * tag stands apart. */
static enum deed_status run_cipher(gnutls_cipher_hd_t handle, bool encrypt,
				   struct slice in, uint8_t *out,
				   struct deed_error *err)
{
	int ret;

	if (in.len == 0)
		return DEED_OK;
	ret = encrypt ? gnutls_cipher_encrypt2(handle, in.data, in.len, out,
					       in.len)
		      : gnutls_cipher_decrypt2(handle, in.data, in.len, out,
					       in.len);
	return ret == 0 ? DEED_OK : failed(ret, err);
}

static void take_tag(gnutls_cipher_hd_t handle, uint8_t tag[AEAD_TAG])
{
	/* It does not fail on a handle that stands. */
	if (gnutls_cipher_tag(handle, tag, AEAD_TAG) != 0)
		abort();
}

/* In constant time: how far a forged tag agreed must not be seen. */
static enum deed_status compare_tag(gnutls_cipher_hd_t handle,
				    const uint8_t *tag, struct deed_error *err)
{
	uint8_t own[AEAD_TAG];

	take_tag(handle, own);
	if (secret_equal(slice_of(own, AEAD_TAG), slice_of(tag, AEAD_TAG)))
		return DEED_OK;
	return deed_error_set(err, DEED_DAMAGED,
			      "the encrypted data does not fit its tag");
}

enum deed_status aead_seal(const uint8_t key[AEAD_KEY],
			   const uint8_t nonce[AEAD_NONCE], struct slice aad,
			   struct slice in, uint8_t *out, uint8_t tag[AEAD_TAG],
			   struct deed_error *err)
{
	gnutls_cipher_hd_t handle;
	enum deed_status status;

	status = start(key, nonce, aad, &handle, err);
	if (status != DEED_OK)
		return status;
	status = run_cipher(handle, true, in, out, err);
	if (status == DEED_OK)
		take_tag(handle, tag);
	gnutls_cipher_deinit(handle);
	return status;
}

enum deed_status aead_open(const uint8_t key[AEAD_KEY],
			   const uint8_t nonce[AEAD_NONCE], struct slice aad,
			   struct slice in, const uint8_t tag[AEAD_TAG],
			   uint8_t *out, struct deed_error *err)
{
	gnutls_cipher_hd_t handle;
	enum deed_status status;

	status = start(key, nonce, aad, &handle, err);
	if (status != DEED_OK)
		return status;
	status = run_cipher(handle, false, in, out, err);
	if (status == DEED_OK)
		status = compare_tag(handle, tag, err);
	if (status != DEED_OK)
		secret_wipe(out, in.len);
	gnutls_cipher_deinit(handle);
	return status;
}

enum deed_status aead_new(const uint8_t key[AEAD_KEY],
			  const uint8_t nonce[AEAD_NONCE], bool encrypt,
			  struct slice aad, struct aead **out,
			  struct deed_error *err)
{
	enum deed_status status;
	struct aead *a;

	*out = NULL;
	a = calloc(1, sizeof(*a));
	if (a == NULL)
		return deed_error_memory(err);
	status = start(key, nonce, aad, &a->handle, err);
	if (status != DEED_OK) {
		free(a);
		return status;
	}
	a->encrypt = encrypt;
	*out = a;
	return DEED_OK;
}

enum deed_status aead_update(struct aead *a, struct slice in, uint8_t *out,
			     struct deed_error *err)
{
	return run_cipher(a->handle, a->encrypt, in, out, err);
}

void aead_tag(struct aead *a, uint8_t tag[AEAD_TAG])
{
	take_tag(a->handle, tag);
}

void aead_free(struct aead *a)
{
	if (a == NULL)
		return;
	gnutls_cipher_deinit(a->handle);
	free(a);
}
