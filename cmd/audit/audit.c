/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/audit/audit.h"

#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "office/party/home_events.h"

enum deed_status audit_session_open(struct session *s, struct audit_session *a,
				    struct deed_error *err)
{
	enum deed_status status;

	memset(a, 0, sizeof(*a));
	status = session_open_home(s, &a->home, err);
	if (status == DEED_OK)
		status = home_events_open(a->home, (unsigned)s->wait, &a->log,
					  err);
	return status;
}

void audit_session_close(struct audit_session *a)
{
	deposit_key_list_clear(&a->keys);
	home_events_close(a->log);
	home_close(a->home);
	memset(a, 0, sizeof(*a));
}

enum deed_status audit_session_unlock(struct session *s,
				      struct audit_session *a,
				      const struct audit_opener *opener,
				      struct deed_error *err)
{
	struct passphrase_request request = {
		.source = opener->operator_passphrase,
		.option = "--operator-passphrase",
		.key = "operator",
		.owner = "the operator",
		.opens = passphrase_opens_office,
	};
	const char *owner = HOME_OFFICE;
	enum keystore_role role = KEYSTORE_REGISTER;
	struct secret *passphrase = NULL;
	struct keystore *ks = NULL;
	enum deed_status status = DEED_OK;

	if (opener->as != NULL) {
		request.source = opener->passphrase;
		request.option = "--passphrase";
		request.key = opener->as;
		request.owner = opener->as;
		request.opens = passphrase_opens_party;
		owner = opener->as;
		role = KEYSTORE_DEPOSIT;
		status = home_check_party(opener->as, err);
	}
	if (status == DEED_OK)
		status = keystore_open(a->home->keystore, &ks, err);
	if (status == DEED_OK)
		status = passphrase_get(s, &request, &passphrase, err);
	if (status == DEED_OK)
		status = keystore_unlock_deposit(ks, owner, role,
						 secret_slice(passphrase),
						 &a->keys, err);
	a->reader.key = (const struct deposit_key *const *)a->keys.items;
	a->reader.count = a->keys.count;
	secret_free(passphrase);
	keystore_close(ks);
	return status;
}

/* {label: "sha256:hex"} or {label: number}. */
static json_t *named_json(const struct entry *e, bool hashes)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; hashes && i < e->hashes; i++)
		json_object_set_new(object, e->hash[i].label,
				    output_sha256(e->hash[i].hash));
	for (i = 0; !hashes && i < e->numbers; i++)
		json_object_set_new(
			object, e->number[i].label,
			json_integer((json_int_t)e->number[i].value));
	return object;
}

/* A commitment is shown by its MAC, which tells nothing without the salt of
 * its record. */
static json_t *lists_json(const struct entry *e, json_t *records)
{
	json_t *list = json_array();
	char mac[2 * ENTRY_HASH + 1];
	size_t i;

	for (i = 0; i < e->records; i++)
		json_array_append_new(records,
				      output_sha256(e->record[i].hash));
	for (i = 0; i < e->commitments; i++) {
		hex_text(slice_of(e->commitment[i].mac, ENTRY_HASH), mac);
		json_array_append_new(list, json_pack("{s:s,s:s}", "label",
						      e->commitment[i].label,
						      "mac", mac));
	}
	return list;
}

json_t *audit_entry_json(uint64_t index, const struct entry *e,
			 const json_t *openings)
{
	json_t *records = json_array();
	json_t *commitments = lists_json(e, records);
	json_t *json =
		json_pack("{s:I,s:s,s:s,s:o?,s:o?,s:o?,s:o?,s:o?}", "index",
			  (json_int_t)index, "event", e->event, "tool", e->tool,
			  "time", output_time(e->time), "commitments",
			  commitments, "hashes", named_json(e, true), "numbers",
			  named_json(e, false), "records", records);

	if (json != NULL && openings != NULL)
		json_object_set_new(json, "openings", json_deep_copy(openings));
	return json;
}

void audit_opening_text(const json_t *opening, struct buf *out)
{
	const char *value = json_get_string(opening, "value");
	const char *base64 = json_get_string(opening, "value64");
	struct buf bytes = BUF_INIT;

	buf_str(out, json_get_string(opening, "label"));
	buf_byte(out, '=');
	if (value != NULL)
		buf_str(out, value);
	else if (base64 != NULL && base64_decode(slice_str(base64), &bytes)) {
		/* What is not text is a digest. */
		buf_str(out, bytes.len == 32 ? "sha256:" : "");
		hex_encode(buf_get(&bytes), out);
	}
	buf_clear(&bytes);
}
