/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_TOKEN_PRIV_H
#define DEED_KEY_TOKEN_PRIV_H

#include <gnutls/pkcs11.h>

#include "key/token.h"

/* What the files behind key/token.h share. */

/* An attribute of the path ("token"), decoded; NULL if it is not there. */
char *token_attribute(const char *uri, const char *name);

/* A query attribute, decoded; NULL if it is not there or malformed. */
char *token_query(const char *uri, const char *name);

/* The path with this type ("public") instead of its own; allocated. */
char *token_typed(const char *path, const char *type);

/* The URI without its query: what the token is asked for. */
char *token_path(const char *uri);

/* Load the module that the URI names, once a run. */
enum deed_status token_load_module(const char *uri,
				   struct deed_error *err) DEED_MUST_USE;

/* The PIN: pin, or what pin-source holds.  DEED_NO_PASSPHRASE. */
enum deed_status token_pin(const char *uri, struct slice pin,
			   struct secret **out,
			   struct deed_error *err) DEED_MUST_USE;

/* Answers GnuTLS's question for a PIN with the secret userdata, once. */
int token_give_pin(void *userdata, int attempt, const char *url,
		   const char *label, unsigned flags, char *pin,
		   size_t pin_max);

/* What a failure means. */
enum deed_status token_error(int ret, const char *uri, struct deed_error *err);

/* Append the SubjectPublicKeyInfo of a private key: its own, or that of the
 * public key or certificate beside it. */
enum deed_status token_spki(gnutls_privkey_t key, const char *path,
			    struct buf *out,
			    struct deed_error *err) DEED_MUST_USE;

/* Open the private key at path (without query); the caller deinits. */
enum deed_status token_import(const char *uri, const char *path,
			      const struct secret *pin, gnutls_privkey_t *out,
			      struct deed_error *err) DEED_MUST_USE;

#endif
