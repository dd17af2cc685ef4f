/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/manifest.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/secret.h"
#include "cms/signed.h"
#include "codec/hex.h"
#include "codec/json.h"

enum deed_status manifest_new(struct manifest **out, struct deed_error *err)
{
	*out = calloc(1, sizeof(**out));
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

void manifest_free(struct manifest *m)
{
	if (m == NULL)
		return;
	free(m->chunk);
	free(m->checkpoint);
	free(m);
}

enum deed_status manifest_chunks(struct manifest *m, size_t count,
				 struct deed_error *err)
{
	if (count == 0 || count > MANIFEST_CHUNKS)
		return deed_error_set(err, DEED_LIMIT,
				      "a deposit of %zu chunks: 1 to %d are "
				      "possible",
				      count, MANIFEST_CHUNKS);
	m->chunk = calloc(count, sizeof(*m->chunk));
	if (m->chunk == NULL)
		return deed_error_memory(err);
	m->chunk_count = count;
	return DEED_OK;
}

static json_t *hex_json(const uint8_t *bytes, size_t len)
{
	char text[2 * MANIFEST_KEY_ID + 1];

	assert(len <= MANIFEST_KEY_ID);
	hex_text(slice_of(bytes, len), text);
	return json_string(text);
}

static json_t *chunk_json(const struct manifest *m,
			  const struct manifest_chunk *c)
{
	json_t *segments = json_array();
	unsigned i;

	for (i = 0; i < m->n; i++)
		json_array_append_new(segments,
				      hex_json(c->segment[i], SHA256_SIZE));
	return json_pack("{s:o, s:o, s:I}", "segments", segments, "sha256",
			 hex_json(c->sha256, SHA256_SIZE), "size",
			 (json_int_t)c->size);
}

static json_t *chunks_json(const struct manifest *m)
{
	json_t *chunks = json_array();
	size_t i;

	for (i = 0; i < m->chunk_count; i++)
		json_array_append_new(chunks, chunk_json(m, &m->chunk[i]));
	return chunks;
}

static json_t *recipients_json(const struct manifest *m)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < m->recipient_count; i++) {
		const struct manifest_recipient *r = &m->recipient[i];

		json_array_append_new(
			list, json_pack("{s:o, s:o}", "certificate",
					json_sha256(r->certificate), "key",
					hex_json(r->key_id, r->key_id_len)));
	}
	return list;
}

static json_t *commitments_json(const struct manifest *m)
{
	json_t *shares = json_array();
	unsigned i;

	for (i = 0; i < m->n; i++)
		json_array_append_new(shares, json_sha256(m->commit_share[i]));
	return json_pack("{s:o, s:o}", "p", json_sha256(m->commit_p), "shares",
			 shares);
}

static json_t *placement_json(const struct manifest *m)
{
	json_t *places = json_array();
	unsigned i;

	for (i = 0; i < m->n; i++)
		json_array_append_new(places, json_string(m->place[i]));
	return places;
}

enum deed_status manifest_to_json(const struct manifest *m, json_t **out,
				  struct deed_error *err)
{
	char time[CLOCK_TEXT];
	int failed = 0;
	json_t *o;

	clock_format(m->deposited, time);
	*out = o = json_pack(
		"{s:s, s:o, s:o, s:o, s:I, s:o, s:s, s:i, s:o, s:o, s:o, s:o}",
		"type", MANIFEST_TYPE, "chunks", chunks_json(m), "commitments",
		commitments_json(m), "deposit",
		hex_json(m->deposit, ARCHIVE_DEPOSIT), "generation",
		(json_int_t)m->generation, "keys", json_sha256(m->keys),
		"deposited", time, "needed", (int)m->k, "placement",
		placement_json(m), "readme", json_sha256(m->readme), "script",
		json_sha256(m->script), "recipients", recipients_json(m));
	if (o == NULL)
		return deed_error_memory(err);
	if (m->generation > 1)
		failed |= json_object_set_new(o, "previous",
					      json_sha256(m->previous));
	if (m->has_label)
		failed |= json_object_set_new(o, "label",
					      hex_json(m->label, SHA256_SIZE));
	if (m->checkpoint != NULL)
		failed |= json_object_set_new(o, "checkpoint",
					      json_string(m->checkpoint));
	if (!failed)
		return DEED_OK;
	json_decref(o);
	*out = NULL;
	return deed_error_memory(err);
}

static bool read_hex(const char *text, uint8_t *out, size_t min, size_t max,
		     size_t *len)
{
	struct buf bytes = BUF_INIT;
	bool ok;

	ok = text != NULL && hex_decode(slice_str(text), &bytes) &&
	     bytes.len >= min && bytes.len <= max;
	if (ok)
		memcpy(out, bytes.data, bytes.len);
	if (ok && len != NULL)
		*len = bytes.len;
	buf_clear(&bytes);
	return ok;
}

/* An array of sha256: texts, exactly count. */
static bool read_hashes(const json_t *list, uint8_t (*out)[SHA256_SIZE],
			size_t count)
{
	size_t i;

	if (!json_is_array(list) || json_array_size(list) != count)
		return false;
	for (i = 0; i < count; i++)
		if (!read_hex(json_string_value(json_array_get(list, i)),
			      out[i], SHA256_SIZE, SHA256_SIZE, NULL))
			return false;
	return true;
}

/* What a CMS around 1 to ARCHIVE_CHUNK bytes can measure. */
#define CHUNK_SIZE_MAX ((int64_t)ARCHIVE_CHUNK + 4096)

static bool read_chunk(const json_t *json, const struct manifest *m,
		       struct manifest_chunk *c)
{
	int64_t size;

	if (!json_get_integer(json, "size", &size) || size < 1 ||
	    size > CHUNK_SIZE_MAX)
		return false;
	c->size = (uint64_t)size;
	return json_object_size(json) == 3 &&
	       read_hex(json_get_string(json, "sha256"), c->sha256, SHA256_SIZE,
			SHA256_SIZE, NULL) &&
	       read_hashes(json_object_get(json, "segments"), c->segment, m->n);
}

static bool read_recipients(const json_t *list, struct manifest *m)
{
	size_t i, count = json_array_size(list);

	if (count == 0 || count > MANIFEST_RECIPIENTS)
		return false;
	for (i = 0; i < count; i++) {
		const json_t *one = json_array_get(list, i);
		struct manifest_recipient *r = &m->recipient[i];

		if (json_object_size(one) != 2 ||
		    !json_get_sha256(one, "certificate", r->certificate) ||
		    !read_hex(json_get_string(one, "key"), r->key_id, 1,
			      MANIFEST_KEY_ID, &r->key_id_len))
			return false;
	}
	m->recipient_count = count;
	return true;
}

static bool read_placement(const json_t *list, struct manifest *m)
{
	size_t i, count = json_array_size(list);

	if (count == 0 || count > ERASURE_MAX)
		return false;
	for (i = 0; i < count; i++) {
		const char *name = json_string_value(json_array_get(list, i));

		if (name == NULL || strlen(name) > MANIFEST_PLACE_NAME)
			return false;
		memcpy(m->place[i], name, strlen(name) + 1);
	}
	m->n = (unsigned)count;
	return true;
}

static bool read_commitments(const json_t *json, struct manifest *m)
{
	const json_t *shares = json_object_get(json, "shares");
	unsigned i;

	if (json_object_size(json) != 2 ||
	    !json_get_sha256(json, "p", m->commit_p) ||
	    json_array_size(shares) != m->n)
		return false;
	for (i = 0; i < m->n; i++) {
		json_t *one =
			json_pack("{s:O}", "s", json_array_get(shares, i));
		bool ok = one != NULL &&
			  json_get_sha256(one, "s", m->commit_share[i]);

		json_decref(one);
		if (!ok)
			return false;
	}
	return true;
}

static bool read_fixed(const json_t *json, struct manifest *m)
{
	int64_t k, generation;
	const char *time = json_get_string(json, "deposited");
	char again[CLOCK_TEXT];

	if (!read_placement(json_object_get(json, "placement"), m) ||
	    !json_get_integer(json, "needed", &k) || k < 1 || k > m->n ||
	    !json_get_integer(json, "generation", &generation) ||
	    generation < 1 || generation > UINT32_MAX || time == NULL ||
	    clock_parse(time, &m->deposited, NULL) != DEED_OK)
		return false;
	clock_format(m->deposited, again);
	m->k = (unsigned)k;
	m->generation = (uint64_t)generation;
	return !strcmp(time, again) &&
	       read_hex(json_get_string(json, "deposit"), m->deposit,
			ARCHIVE_DEPOSIT, ARCHIVE_DEPOSIT, NULL) &&
	       json_get_sha256(json, "keys", m->keys) &&
	       json_get_sha256(json, "readme", m->readme) &&
	       json_get_sha256(json, "script", m->script) &&
	       read_commitments(json_object_get(json, "commitments"), m) &&
	       read_recipients(json_object_get(json, "recipients"), m);
}

/* The members that may be absent, and that there are no others. */
static bool read_optional(const json_t *json, struct manifest *m)
{
	const json_t *checkpoint = json_object_get(json, "checkpoint");
	const json_t *label = json_object_get(json, "label");
	size_t members = 12;

	if (m->generation > 1) {
		members++;
		if (!json_get_sha256(json, "previous", m->previous))
			return false;
	}
	if (label != NULL) {
		members++;
		m->has_label = true;
		if (!read_hex(json_string_value(label), m->label, SHA256_SIZE,
			      SHA256_SIZE, NULL))
			return false;
	}
	if (checkpoint != NULL) {
		members++;
		if (!json_is_string(checkpoint))
			return false;
		m->checkpoint = strdup(json_string_value(checkpoint));
		if (m->checkpoint == NULL)
			return false;
	}
	return json_object_size(json) == members;
}

static bool read_chunks(const json_t *list, struct manifest *m)
{
	size_t i;

	if (manifest_chunks(m, json_array_size(list), NULL) != DEED_OK)
		return false;
	for (i = 0; i < m->chunk_count; i++)
		if (!read_chunk(json_array_get(list, i), m, &m->chunk[i]))
			return false;
	return true;
}

/* One manifest, one text: capitals in a hash, say, are refused. */
static bool same(const json_t *json, const struct manifest *m)
{
	json_t *again = NULL;
	bool equal = manifest_to_json(m, &again, NULL) == DEED_OK &&
		     json_equal(json, again);

	json_decref(again);
	return equal;
}

enum deed_status manifest_from_json(const json_t *json, struct manifest **out,
				    struct deed_error *err)
{
	const char *type = json_get_string(json, "type");
	struct manifest *m;
	enum deed_status status = manifest_new(&m, err);

	*out = NULL;
	if (status != DEED_OK)
		return status;
	if (type == NULL || strcmp(type, MANIFEST_TYPE) ||
	    !read_fixed(json, m) || !read_optional(json, m) ||
	    !read_chunks(json_object_get(json, "chunks"), m) ||
	    !same(json, m)) {
		manifest_free(m);
		return deed_error_set(err, DEED_MALFORMED,
				      "this is no manifest of a deposit");
	}
	*out = m;
	return DEED_OK;
}

enum deed_status manifest_peek(struct slice cms, struct manifest **out,
			       uint8_t payload[SHA256_SIZE],
			       struct deed_error *err)
{
	struct cms_signed *sd = NULL;
	json_t *json = NULL;
	enum deed_status status;

	*out = NULL;
	status = cms_signed_parse(cms, &sd, err);
	if (status == DEED_OK)
		status = json_load_canonical(sd->content, &json, err);
	if (status == DEED_OK)
		status = manifest_from_json(json, out, err);
	if (status == DEED_OK)
		sha256(sd->content, payload);
	json_decref(json);
	cms_signed_free(sd);
	return status;
}

enum deed_status manifest_payload(const struct manifest *m,
				  uint8_t out[SHA256_SIZE],
				  struct deed_error *err)
{
	struct buf text = BUF_INIT;
	json_t *json = NULL;
	enum deed_status status = manifest_to_json(m, &json, err);

	if (status == DEED_OK)
		status = json_canonical(json, &text, err);
	if (status == DEED_OK)
		sha256(buf_get(&text), out);
	json_decref(json);
	buf_clear(&text);
	return status;
}

size_t manifest_part_size(const struct manifest *m, size_t chunk)
{
	return (size_t)((m->chunk[chunk].size + m->k - 1) / m->k);
}

void manifest_folder(const struct manifest *m,
		     char out[2 * ARCHIVE_DEPOSIT + 1])
{
	hex_text(slice_of(m->deposit, ARCHIVE_DEPOSIT), out);
}

uint64_t manifest_size(const struct manifest *m)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < m->chunk_count; i++)
		sum += m->chunk[i].size;
	return sum;
}

void manifest_commit(const struct manifest *m, const char *label,
		     struct slice value, uint8_t out[SHA256_SIZE])
{
	static const char domain[] = "deed-shard-v1 ";
	uint8_t text[256];
	size_t len = 0;

	assert(sizeof(domain) + strlen(label) + ARCHIVE_DEPOSIT + value.len <
	       sizeof(text));
	memcpy(text, domain, sizeof(domain) - 1);
	len = sizeof(domain) - 1;
	memcpy(text + len, label, strlen(label) + 1);
	len += strlen(label) + 1;
	memcpy(text + len, m->deposit, ARCHIVE_DEPOSIT);
	len += ARCHIVE_DEPOSIT;
	memcpy(text + len, value.data, value.len);
	sha256(slice_of(text, len + value.len), out);
	secret_wipe(text, sizeof(text));
}
