/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_SHARD_H
#define DEED_CMD_SHARD_SHARD_H

#include "cmd/session.h"
#include "office/deposit/deposit.h"

/* What the verbs of "deed shard" share. */

/* An array of {"certificate", "key"} of a manifest. */
json_t *shard_recipients_json(const struct manifest *m);

/* "sha256:hex" of an id, as JSON has digests; text has the bare digits. */
void shard_id_text(const uint8_t id[SHA256_SIZE], char out[DEPOSIT_ID + 1]);

#endif
