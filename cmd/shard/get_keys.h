/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_GET_KEYS_H
#define DEED_CMD_SHARD_GET_KEYS_H

#include "cmd/frame/session.h"
#include "keystore/keystore.h"
#include "office/home.h"

/*
 * The keys that bring a deposit back: source is that of --passphrase.  out,
 * all zero before, is cleared by the caller in any case.
 */

/* Those of a party of the house, older ones too. */
enum deed_status get_keys_party(struct session *s, const struct home *h,
				const char *party, const char *source,
				struct deposit_key_list *out,
				struct deed_error *err) DEED_MUST_USE;

/* That in a file (cmd/frame/key_file.h). */
enum deed_status get_keys_file(struct session *s, const char *path,
			       const char *source, struct deposit_key_list *out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
