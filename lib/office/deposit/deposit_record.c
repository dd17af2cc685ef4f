/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_record.h"

#include "base/clock.h"
#include "codec/json.h"

int deposit_record_time(json_t *json, const char *key, bool given, int64_t t)
{
	char text[CLOCK_TEXT];

	if (!given)
		return 0;
	clock_format(t, text);
	return json_object_set_new(json, key, json_string(text));
}

/* json takes the list whether or not that fails, so nothing is to be freed
 * here. */
static int set_parties(json_t *json, const struct deposit_order *o)
{
	json_t *parties = json_array();
	int failed = 0;
	size_t i;

	for (i = 0; i < o->party_count; i++)
		failed |= json_array_append_new(
			parties, json_pack("{s:s, s:o}", "name",
					   o->party[i].name, "certificate",
					   json_sha256(cert_sha256(
						   o->party[i].certificate))));
	return json_object_set_new(json, "recipients", parties) | failed;
}

enum deed_status deposit_record_write(const struct deposit_order *o,
				      json_t *json, struct buf *out,
				      struct deed_error *err)
{
	enum deed_status status;
	int failed;

	failed = json_object_set_new(json, "schema",
				     json_string(DEPOSIT_SCHEMA));
	failed |= set_parties(json, o);
	if (o->sender != NULL)
		failed |= json_object_set_new(json, "sender",
					      json_string(o->sender));
	if (o->label != NULL)
		failed |= json_object_set_new(json, "label",
					      json_string(o->label));
	failed |= deposit_record_time(json, "signed", o->has_signed,
				      o->signed_at);
	failed |= deposit_record_time(json, "sent", o->has_sent, o->sent_at);
	failed |= deposit_record_time(json, "received", o->has_received,
				      o->received_at);
	failed |= deposit_record_time(json, "deposited", true, o->now);
	status = failed ? deed_error_memory(err)
			: json_canonical(json, out, err);
	buf_byte(out, '\n');
	json_decref(json);
	return status == DEED_OK ? buf_status(out, err) : status;
}
