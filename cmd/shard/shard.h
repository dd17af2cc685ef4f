/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_SHARD_H
#define DEED_CMD_SHARD_SHARD_H

#include "cmd/frame/session.h"
#include "office/deposit/deposit.h"
#include "office/deposit/deposit_find.h"

/* What the verbs of "deed shard" share. */

/* An array of {"certificate", "key"} of a manifest. */
json_t *shard_recipients_json(const struct manifest *m);

/* "sha256:hex" of an id, as JSON has digests; text has the bare digits. */
void shard_id_text(const uint8_t id[SHA256_SIZE], char out[DEPOSIT_ID + 1]);

/* "healthy", "degraded", "unreadable". */
const char *shard_state(enum catalogue_state state);

/* What is amiss with the generations of a manifest, as an array of texts; and
 * as lines of the result that begin with before, or (NULL) as warnings. */
json_t *shard_doubts(struct session *s, struct archive *a,
		     const struct stored *d, const char *before);

/* What of the catalogue is not as the log and the places say: as lines, and
 * added to the array list.  Returns list. */
struct audit_report;
json_t *shard_catalogue_json(struct session *s, const struct audit_report *r,
			     json_t *list);

#endif
