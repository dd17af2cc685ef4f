/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_SIGNING_KEY_PRIV_H
#define DEED_KEY_SIGNING_KEY_PRIV_H

#include "key/signing_key.h"

/*
 * A back end holds the private key: in memory, or on a token.  Its functions
 * may be called from several threads at once.
 */
struct signing_backend {
	/* Sign data; the algorithm suits the key. */
	enum deed_status (*sign)(const void *state, const struct sig_alg *alg,
				 struct slice in, struct buf *out,
				 struct deed_error *err);
	void (*close)(void *state);
};

struct signing_key {
	const struct signing_backend *backend;
	void *state;
	struct pubkey *pub;
	bool prefer_pss;
};

/* Make the handle; takes state over, also on failure. */
enum deed_status signing_key_wrap(const struct signing_backend *backend,
				  void *state, struct slice spki,
				  struct signing_key **out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
