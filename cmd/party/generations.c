/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/party/party.h"

#include "base/clock.h"
#include "cmd/frame/output.h"
#include "codec/hex.h"
#include "key/cert.h"

/* Both times of a generation: when the notary signed its status, and from when
 * its certificate counts. */
static json_t *item_json(const struct past_item *it)
{
	const struct status *st = &it->status;
	json_t *object = json_object();

	json_object_set_new(object, "generation", json_integer(it->number));
	json_object_set_new(object, "state", json_string(st->state));
	json_object_set_new(object, "kind", json_string(st->kind));
	json_object_set_new(object, "name", output_text(st->name));
	json_object_set_new(object, "signed", output_time(it->from));
	json_object_set_new(object, "not_before", output_time(st->not_before));
	json_object_set_new(object, "not_after", output_time(st->not_after));
	json_object_set_new(object, "key", output_sha256(st->key));
	json_object_set_new(object, "certificate",
			    output_sha256(st->certificate));
	json_object_set_new(object, "enrolment",
			    json_integer((json_int_t)st->enrolment));
	json_object_set_new(object, "log_index",
			    json_integer((json_int_t)st->index));
	if (it->revoked)
		json_object_set_new(object, "revoked",
				    output_time(it->revoked_at));
	return object;
}

void party_show_generations(struct session *s, const struct past *past)
{
	json_t *list = json_array();

	for (size_t i = 0; i < past->count; i++) {
		const struct past_item *it = &past->item[i];
		char from[CLOCK_TEXT], to[CLOCK_TEXT], key[65];

		clock_format(it->from, from);
		clock_format(it->status.not_after, to);
		hex_text(slice_of(it->status.key, 32), key);
		output_line(s,
			    "generation %u: log entry %llu, %s, %.10s to "
			    "%.10s, key %.16s, %s%s",
			    it->number, (unsigned long long)it->status.index,
			    it->status.state, from, to, key, it->status.name,
			    it->revoked ? ", revoked" : "");
		json_array_append_new(list, item_json(it));
	}
	output_set(s, "generations", list);
}

/* What the status, its own end and a revocation make of it at a time. */
static const char *state_at(const struct past_item *it, int64_t time)
{
	const struct status *st = &it->status;

	if (it->revoked && it->revoked_at <= time)
		return "revoked";
	if (strcmp(st->state, STATE_SUSPENDED) == 0)
		return party_state_name(PARTY_SUSPENDED);
	return time < st->not_before || time > st->not_after
		       ? party_state_name(PARTY_EXPIRED)
		       : party_state_name(PARTY_VERIFIED);
}

/* A certificate that is no longer there has still its digest in the status. */
static void show_certificate(struct session *s, const struct past_item *it)
{
	char text[CLOCK_TEXT], hash[65];

	hex_text(slice_of(it->status.certificate, 32), hash);
	output_line(s, "certificate: sha256:%s", hash);
	output_set(s, "certificate", output_sha256(it->status.certificate));
	if (it->revoked) {
		clock_format(it->revoked_at, text);
		output_line(s, "revoked: %s", text);
		output_set(s, "revoked", output_time(it->revoked_at));
	}
	if (it->certificate != NULL) {
		struct buf pem = BUF_INIT;

		cert_pem(it->certificate, &pem);
		output_set(s, "pem",
			   json_stringn((const char *)pem.data, pem.len));
		buf_clear(&pem);
	}
}

void party_show_at(struct session *s, const char *party,
		   const struct past *past, int64_t time)
{
	const struct past_item *it = past_at(past, time);
	const char *state = it == NULL ? party_state_name(PARTY_REGISTERED)
				       : state_at(it, time);
	char text[65];

	clock_format(time, text);
	output_line(s, "party: %s", party);
	output_line(s, "at: %s", text);
	output_line(s, "state: %s", state);
	output_set(s, "party", json_string(party));
	output_set(s, "at", output_time(time));
	if (it != NULL) {
		json_t *object = item_json(it);

		output_line(s, "kind: %s", it->status.kind);
		output_line(s, "name: %s", it->status.name);
		hex_text(slice_of(it->status.key, 32), text);
		output_line(s, "key: sha256:%s", text);
		clock_format(it->status.not_before, text);
		output_line(s, "from: %s", text);
		clock_format(it->status.not_after, text);
		output_line(s, "to: %s", text);
		output_line(s, "status: log entry %llu",
			    (unsigned long long)it->status.index);
		json_object_update(output_json(s), object);
		json_decref(object);
		show_certificate(s, it);
	}
	output_set(s, "state", json_string(state));
}
