/* SPDX-License-Identifier: Apache-2.0 */
#include "key/signing_key_priv.h"

#include <stdlib.h>

#include "key/gnutls_priv.h"
#include "key/signing_gnutls.h"
#include "key/token_priv.h"

/* The back end of keys on tokens: GnuTLS over PKCS#11.  The PIN stays at
 * hand, since some keys want it for each signature. */
struct token_state {
	gnutls_privkey_t key;
	struct secret *pin;
};

/* Without the flag for RFC 6979: how a token makes its nonce is its own
 * matter. */
static enum deed_status token_sign(const void *state, const struct sig_alg *alg,
				   struct slice in, struct buf *out,
				   struct deed_error *err)
{
	const struct token_state *t = state;

	return signing_gnutls(t->key, alg, 0, in, out, err);
}

/* Also of a state that was opened in part. */
static void token_close(void *state)
{
	struct token_state *t = state;

	if (t->key != NULL)
		gnutls_privkey_deinit(t->key);
	secret_free(t->pin);
	free(t);
}

static const struct signing_backend token_backend = { token_sign, token_close };

/* The token is asked for its public key, so that one which has another key
 * under the same name is found before it signs. */
static enum deed_status open_key(const char *uri, struct slice pin,
				 struct token_state *t, struct buf *spki,
				 struct deed_error *err)
{
	char *path = token_path(uri);
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	status = token_load_module(uri, err);
	if (status == DEED_OK)
		status = token_pin(uri, pin, &t->pin, err);
	if (status == DEED_OK)
		status = token_import(uri, path, t->pin, &t->key, err);
	if (status == DEED_OK)
		status = token_spki(t->key, path, spki, err);
	free(path);
	return status;
}

enum deed_status signing_key_from_token(const char *uri, struct slice pin,
					struct slice spki,
					struct signing_key **out,
					struct deed_error *err)
{
	struct token_state *t = calloc(1, sizeof(*t));
	struct buf own = BUF_INIT;
	enum deed_status status;

	*out = NULL;
	if (t == NULL)
		return deed_error_memory(err);
	status = open_key(uri, pin, t, &own, err);
	if (status == DEED_OK && spki.data != NULL &&
	    !spki_same_key(spki, buf_get(&own)))
		status = deed_error_set(err, DEED_NO_KEY,
					"the key on the token is another one "
					"than that which was enrolled");
	if (status == DEED_OK)
		status = signing_key_wrap(
			&token_backend, t,
			spki.data != NULL ? spki : buf_get(&own), out, err);
	else
		token_close(t);
	buf_clear(&own);
	return status;
}
