/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/shard.h"

#include "cmd/output.h"
#include "codec/hex.h"

json_t *shard_recipients_json(const struct manifest *m)
{
	json_t *list = json_array();
	char key[2 * MANIFEST_KEY_ID + 1];
	size_t i;

	for (i = 0; i < m->recipient_count; i++) {
		const struct manifest_recipient *r = &m->recipient[i];

		hex_text(slice_of(r->key_id, r->key_id_len), key);
		json_array_append_new(list,
				      json_pack("{s:o, s:s}", "certificate",
						output_sha256(r->certificate),
						"key", key));
	}
	return list;
}

void shard_id_text(const uint8_t id[SHA256_SIZE], char out[DEPOSIT_ID + 1])
{
	hex_text(slice_of(id, SHA256_SIZE), out);
}
