/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_TOKEN_H
#define DEED_KEY_TOKEN_H

#include "base/secret.h"
#include "key/cert.h"
#include "key/signing_key.h"

/*
 * Private keys on tokens, through PKCS#11.  A key is named by a URI (RFC
 * 7512); two of its query attributes are deed's matter and not the token's:
 *
 *	module-path=/usr/lib/softhsm/libsofthsm2.so
 *		the module that speaks to the token: deed loads this one and
 *		no other, and nothing at all before the first key is opened
 *	pin-source=file:/run/credentials/pin
 *		where the PIN is (one line; a file of its owner alone), so
 *		that nobody is asked
 *
 * A PIN inside the URI (pin-value) is refused.  A wrong PIN is tried once: a
 * token counts failures, and locks.
 */
#define TOKEN_URI_MAX 2048
#define TOKEN_PIN_MAX 255
#define TOKEN_MODULES 8 /* different modules in one run */

/* Does the text begin as a PKCS#11 URI? */
bool token_is_uri(const char *text);

/*
 * A key's URI from what a user says: a URI, or else the key's label.  module
 * is put in where the URI has none, and may be NULL then.  Allocated.
 * DEED_USAGE: no URI, too long, with pin-value, or without any module.
 */
enum deed_status token_uri(const char *text, const char *module, char **out,
			   struct deed_error *err) DEED_MUST_USE;

/* Has the URI a pin-source? */
bool token_has_pin(const char *uri);

/*
 * Find the one private key that a URI stands for: *found is its URI in full
 * (token by serial number, key by identifier, and the query of uri),
 * allocated.  match (may be NULL) narrows it to the certificate's key.
 * DEED_NO_KEY where there is no such token or key, or no single one (a hint
 * lists them); DEED_WRONG_PASSPHRASE; DEED_NO_PASSPHRASE where pin is empty
 * and the URI has no pin-source.
 */
enum deed_status token_find(const char *uri, struct slice pin,
			    const struct cert *match, char **found,
			    struct deed_error *err) DEED_MUST_USE;

/*
 * Without a PIN: is the token that a URI names here, and does it take one?
 * DEED_NO_KEY where the module cannot be loaded, the token is not here, or
 * its PIN is locked.  *last is set where one more wrong PIN locks it.
 */
enum deed_status token_check(const char *uri, bool *last,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Open it: one session, one login, for as many signatures as needed.  spki
 * (may be SLICE_NONE) is what its public key must be: DEED_NO_KEY if not.
 * Where that binds an RSA key to RSA-PSS, of which tokens know nothing, the
 * key signs by nothing else.
 */
enum deed_status signing_key_from_token(const char *uri, struct slice pin,
					struct slice spki,
					struct signing_key **out,
					struct deed_error *err) DEED_MUST_USE;

#endif
