/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/manifest.h"

#include "base/clock.h"
#include "codec/json.h"

/* The list with one more; NULL without memory, so that a manifest has all or
 * is none. */
static json_t *append(json_t *list, json_t *item)
{
	if (json_array_append_new(list, item) == 0)
		return list;
	json_decref(list);
	return NULL;
}

/* Want of memory leaves a NULL somewhere within, of which json_pack makes
 * NULL: it is noticed once, at the end. */
static json_t *chunk_json(const struct manifest *m,
			  const struct manifest_chunk *c)
{
	json_t *segments = json_array(), *hash;
	unsigned i;

	for (i = 0; i < m->n; i++)
		segments =
			append(segments,
			       json_hex(slice_of(c->segment[i], SHA256_SIZE)));
	if (m->edition > 1)
		return json_pack("{s:o, s:I}", "segments", segments, "size",
				 (json_int_t)c->size);
	hash = json_hex(slice_of(c->sha256, SHA256_SIZE));
	return json_pack("{s:o, s:o, s:I}", "segments", segments, "sha256",
			 hash, "size", (json_int_t)c->size);
}

/* In their order, which is that of the content.  NULL as soon as one is
 * lacking, which json_pack then refuses. */
static json_t *chunks_json(const struct manifest *m)
{
	json_t *chunks = json_array();
	size_t i;

	for (i = 0; i < m->chunk_count; i++)
		chunks = append(chunks, chunk_json(m, &m->chunk[i]));
	return chunks;
}

/* In the order in which they were given: it is part of the text that is
 * signed. */
static json_t *recipients_json(const struct manifest *m)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < m->recipient_count; i++) {
		const struct manifest_recipient *r = &m->recipient[i];

		list = append(list,
			      json_pack("{s:o, s:o}", "certificate",
					json_sha256(r->certificate), "key",
					json_hex(slice_of(r->key_id,
							  r->key_id_len))));
	}
	return list;
}

/* One a place. */
static json_t *digests_json(const struct manifest *m,
			    const uint8_t (*digest)[SHA256_SIZE])
{
	json_t *list = json_array();
	unsigned i;

	for (i = 0; i < m->n; i++)
		list = append(list, json_sha256(digest[i]));
	return list;
}

/* Of P, which the parties have, and of every share: whoever has one can prove
 * it is that of this deposit. */
static json_t *commitments_json(const struct manifest *m)
{
	return json_pack("{s:o, s:o}", "p", json_sha256(m->commit_p), "shares",
			 digests_json(m, m->commit_share));
}

/* The order is the meaning: part i lies at place i. */
static json_t *placement_json(const struct manifest *m)
{
	json_t *places = json_array();
	unsigned i;

	for (i = 0; i < m->n; i++)
		places = append(places, json_string(m->place[i]));
	return places;
}

/* The members that not every manifest has. */
static int set_optional(const struct manifest *m, json_t *o)
{
	int failed = 0;

	if (m->edition > 1) {
		failed |= json_object_set_new(
			o, "chunk", json_integer((json_int_t)m->chunk_size));
		failed |= json_object_set_new(o, "content",
					      json_sha256(m->content));
	}
	if (m->documents > 0)
		failed |= json_object_set_new(
			o, "documents", json_integer((json_int_t)m->documents));
	if (manifest_boxed(m))
		failed |= json_object_set_new(o, "boxes",
					      digests_json(m, m->box));
	if (m->generation > 1)
		failed |= json_object_set_new(o, "previous",
					      json_sha256(m->previous));
	if (m->has_label)
		failed |= json_object_set_new(
			o, "label", json_hex(slice_of(m->label, SHA256_SIZE)));
	if (m->checkpoint != NULL)
		failed |= json_object_set_new(o, "checkpoint",
					      json_string(m->checkpoint));
	return failed;
}

enum deed_status manifest_to_json(const struct manifest *m, json_t **out,
				  struct deed_error *err)
{
	char time[CLOCK_TEXT];
	json_t *o;

	clock_format(m->deposited, time);
	*out = o = json_pack(
		"{s:s, s:o, s:o, s:o, s:I, s:o, s:s, s:i, s:o, s:o, s:o, s:o}",
		"type", manifest_type(m), "chunks", chunks_json(m),
		"commitments", commitments_json(m), "deposit",
		json_hex(slice_of(m->deposit, ARCHIVE_DEPOSIT)), "generation",
		(json_int_t)m->generation, "keys", json_sha256(m->keys),
		"deposited", time, "needed", (int)m->k, "placement",
		placement_json(m), "readme", json_sha256(m->readme), "script",
		json_sha256(m->script), "recipients", recipients_json(m));
	if (o == NULL)
		return deed_error_memory(err);
	if (set_optional(m, o) == 0)
		return DEED_OK;
	json_decref(o);
	*out = NULL;
	return deed_error_memory(err);
}
