/* SPDX-License-Identifier: Apache-2.0 */
#include "key/signing_key_priv.h"

#include <stdlib.h>

#include "key/gnutls_priv.h"
#include "key/pkcs8.h"
#include "key/signing_gnutls.h"

/* The back end of keys in memory: GnuTLS. */

/* An ECDSA nonce that is derived from key and data gives the key away by no
 * bad source of randomness. */
static enum deed_status memory_sign(const void *state,
				    const struct sig_alg *alg, struct slice in,
				    struct buf *out, struct deed_error *err)
{
	/* GnuTLS takes it without const and does not change it. */
	gnutls_privkey_t key = (gnutls_privkey_t)(uintptr_t)state;

	/* RFC 6979.  Never with RSA-PSS: the salt would be empty. */
	return signing_gnutls(
		key, alg,
		alg->scheme == SIG_ECDSA ? GNUTLS_PRIVKEY_FLAG_REPRODUCIBLE : 0,
		in, out, err);
}

static void memory_close(void *state)
{
	gnutls_privkey_deinit(state);
}

static const struct signing_backend memory_backend = { memory_sign,
						       memory_close };

/* With AUTO_RELEASE the inner key belongs to *out as soon as it is in it. */
static enum deed_status import(const struct secret *pkcs8,
			       gnutls_privkey_t *out, struct deed_error *err)
{
	gnutls_x509_privkey_t key;
	enum deed_status status;

	*out = NULL;
	status = x509_key_import(pkcs8, &key, err);
	if (status != DEED_OK)
		return status;
	if (gnutls_privkey_init(out) != 0) {
		gnutls_x509_privkey_deinit(key);
		*out = NULL;
		return deed_error_memory(err);
	}
	if (gnutls_privkey_import_x509(*out, key,
				       GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE) == 0)
		return DEED_OK;
	gnutls_x509_privkey_deinit(key);
	gnutls_privkey_deinit(*out);
	*out = NULL;
	return deed_error_set(err, DEED_UNSUPPORTED,
			      "this kind of private key does not sign");
}

enum deed_status signing_key_from_pkcs8(const struct secret *pkcs8,
					struct signing_key **out,
					struct deed_error *err)
{
	struct buf spki = BUF_INIT;
	gnutls_privkey_t key;
	enum deed_status status;

	*out = NULL;
	status = import(pkcs8, &key, err);
	if (status != DEED_OK)
		return status;
	status = pkcs8_spki(pkcs8, &spki, err);
	if (status == DEED_OK)
		status = signing_key_wrap(&memory_backend, key, buf_get(&spki),
					  out, err);
	else
		gnutls_privkey_deinit(key);
	buf_clear(&spki);
	return status;
}
