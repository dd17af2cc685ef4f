/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/get_keys.h"

#include <stdlib.h>

#include "cmd/frame/key_file.h"

enum deed_status get_keys_party(struct session *s, const struct home *h,
				const char *party, const char *source,
				struct deposit_key_list *out,
				struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = source,
		.option = "--passphrase",
		.key = party,
		.owner = party,
		.opens = passphrase_opens_party,
	};
	struct secret *passphrase = NULL;
	struct keystore *ks = NULL;
	enum deed_status status;

	status = home_check_party(party, err);
	if (status == DEED_OK)
		status = keystore_open(h->keystore, &ks, err);
	if (status == DEED_OK)
		status = passphrase_get(s, &request, &passphrase, err);
	if (status == DEED_OK)
		status = keystore_unlock_deposit(ks, party, KEYSTORE_DEPOSIT,
						 secret_slice(passphrase), out,
						 err);
	secret_free(passphrase);
	keystore_close(ks);
	return status;
}

enum deed_status get_keys_file(struct session *s, const char *path,
			       const char *source, struct deposit_key_list *out,
			       struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = source,
		.option = "--passphrase",
		.key = "key",
		.owner = "the key",
	};
	enum deed_status status;

	out->items = calloc(1, sizeof(*out->items));
	if (out->items == NULL)
		return deed_error_memory(err);
	status = key_file_read(s, path, &request, &out->items[0], err);
	if (status == DEED_OK)
		out->count = 1;
	return status;
}
