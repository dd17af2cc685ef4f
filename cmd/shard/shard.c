/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/shard.h"

#include "cmd/frame/output.h"
#include "codec/hex.h"
#include "event/audit.h"
#include "office/deposit/deposit_log.h"

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

const char *shard_state(enum catalogue_state state)
{
	static const char *const words[] = {
		[CATALOGUE_HEALTHY] = "healthy",
		[CATALOGUE_DEGRADED] = "degraded",
		[CATALOGUE_UNREADABLE] = "unreadable",
	};

	return words[state];
}

json_t *shard_doubts(struct session *s, struct archive *a,
		     const struct stored *d, const char *before)
{
	json_t *list = json_array();
	struct buf text = BUF_INIT;
	const char *line, *end;

	if (deposit_doubts(a, d, &text, NULL) == DEED_OK && text.len > 0) {
		line = (const char *)text.data;
		for (size_t left = text.len;
		     (end = memchr(line, '\n', left)) != NULL;
		     left -= (size_t)(end + 1 - line), line = end + 1) {
			int len = (int)(end - line);

			if (before == NULL)
				session_warn(s, "%.*s", len, line);
			else
				output_line(s, "%s%.*s", before, len, line);
			json_array_append_new(list,
					      json_stringn(line, (size_t)len));
		}
	}
	buf_clear(&text);
	return list;
}

json_t *shard_catalogue_json(struct session *s, const struct audit_report *r,
			     json_t *list)
{
	for (size_t i = 0; i < r->findings; i++) {
		const struct audit_finding *f = &r->finding[i];
		const char *id = f->status == DEED_OK
					 ? "note"
					 : deed_status_id(f->status);

		output_line(s, "%s: %s", id, f->message);
		json_array_append_new(list, json_pack("{s:s,s:s}", "status", id,
						      "message", f->message));
	}
	return list;
}
