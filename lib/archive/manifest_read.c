/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/manifest.h"

#include "base/clock.h"
#include "cms/envelope_chunk.h"
#include "codec/hex.h"
#include "codec/json.h"

#define FAMILY "deed.manifest/"
#define DIGEST "sha256:"

/* Which member is wrong is not said: a manifest is written by deed alone, and
 * one that is not is forged or broken. */
static enum deed_status no_manifest(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "this is no manifest of a deposit");
}

/* Capitals are taken here, and refused by same(), which writes the whole
 * manifest again. */
static bool read_hex(const char *text, uint8_t *out, size_t min, size_t max,
		     size_t *len)
{
	size_t size = text == NULL ? 0 : strlen(text) / 2;

	if (len != NULL)
		*len = size;
	return text != NULL && size >= min && size <= max &&
	       hex_read(slice_str(text), out, size);
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

/* The size of what was encrypted is bounded by the content that a chunk may
 * have, and with it the memory that bringing it back takes. */
static bool read_chunk(const json_t *json, const struct manifest *m,
		       struct manifest_chunk *c)
{
	size_t members = m->edition == 1 ? 3 : 2;
	int64_t size;

	if (!json_get_integer(json, "size", &size) || size < 1 ||
	    (uint64_t)size > envelope_chunk_size(m->chunk_size))
		return false;
	c->size = (uint64_t)size;
	if (m->edition == 1 &&
	    !read_hex(json_get_string(json, "sha256"), c->sha256, SHA256_SIZE,
		      SHA256_SIZE, NULL))
		return false;
	return json_object_size(json) == members &&
	       read_hashes(json_object_get(json, "segments"), c->segment, m->n);
}

/* Key identifiers have any length up to the room that there is, and at least
 * one byte. */
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

/* It says how many parts there are, and so is read first: m->n is the length
 * of every other list. */
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

/* An array of sha256:HEX, one a place. */
static bool read_digests(const json_t *list, const struct manifest *m,
			 uint8_t (*out)[SHA256_SIZE])
{
	const size_t len = sizeof(DIGEST) - 1;
	unsigned i;

	if (!json_is_array(list) || json_array_size(list) != m->n)
		return false;
	for (i = 0; i < m->n; i++) {
		const char *one = json_string_value(json_array_get(list, i));

		if (one == NULL || strncmp(one, DIGEST, len) != 0 ||
		    !read_hex(one + len, out[i], SHA256_SIZE, SHA256_SIZE,
			      NULL))
			return false;
	}
	return true;
}

/* No other members, and one commitment for every place. */
static bool read_commitments(const json_t *json, struct manifest *m)
{
	return json_object_size(json) == 2 &&
	       json_get_sha256(json, "p", m->commit_p) &&
	       read_digests(json_object_get(json, "shares"), m,
			    m->commit_share);
}

/* A time has one spelling: it is written again and compared. */
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

/* The members that may be absent. */
static bool read_optional(const json_t *json, struct manifest *m)
{
	const json_t *label = json_object_get(json, "label");

	if (m->generation > 1 &&
	    !json_get_sha256(json, "previous", m->previous))
		return false;
	if (label != NULL) {
		m->has_label = true;
		if (!read_hex(json_string_value(label), m->label, SHA256_SIZE,
			      SHA256_SIZE, NULL))
			return false;
	}
	return true;
}

/* The last of those. */
static enum deed_status read_checkpoint(const json_t *json, struct manifest *m,
					struct deed_error *err)
{
	const json_t *checkpoint = json_object_get(json, "checkpoint");

	if (checkpoint == NULL)
		return DEED_OK;
	if (!json_is_string(checkpoint))
		return no_manifest(err);
	m->checkpoint = strdup(json_string_value(checkpoint));
	return m->checkpoint != NULL ? DEED_OK : deed_error_memory(err);
}

/* Of a pack alone. */
static bool read_documents(const json_t *json, struct manifest *m)
{
	int64_t count;

	if (json_object_get(json, "documents") == NULL)
		return true;
	if (!json_get_integer(json, "documents", &count) || count < 1 ||
	    count > MANIFEST_DOCUMENTS)
		return false;
	m->documents = (uint32_t)count;
	return true;
}

/* What the second edition has and the first has not. */
static bool read_second(const json_t *json, struct manifest *m)
{
	int64_t size;

	if (m->edition == 1)
		return true;
	if (!json_get_integer(json, "chunk", &size) ||
	    (size != MANIFEST_CHUNK && size != MANIFEST_CHUNK_LARGE))
		return false;
	m->chunk_size = (uint32_t)size;
	return json_get_sha256(json, "content", m->content) &&
	       read_documents(json, m);
}

/* All but the last are full: where a byte of the tar lies then follows from
 * its offset. */
static enum deed_status read_chunks(const json_t *list, struct manifest *m,
				    struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	status = manifest_chunks(m, json_array_size(list), NULL);
	if (status != DEED_OK)
		return status == DEED_NO_MEMORY ? deed_error_memory(err)
						: no_manifest(err);
	for (i = 0; i < m->chunk_count; i++)
		if (!read_chunk(json_array_get(list, i), m, &m->chunk[i]) ||
		    (i + 1 < m->chunk_count &&
		     m->chunk[i].size != envelope_chunk_size(m->chunk_size)))
			return no_manifest(err);
	return DEED_OK;
}

/* Whether there are boxes the chunks say. */
static bool read_boxes(const json_t *list, struct manifest *m)
{
	return !manifest_boxed(m) || read_digests(list, m, m->box);
}

/* One manifest, one text: capitals in a hash, say, are refused. */
static enum deed_status same(const json_t *json, const struct manifest *m,
			     struct deed_error *err)
{
	json_t *again = NULL;
	enum deed_status status = manifest_to_json(m, &again, err);

	if (status == DEED_OK && !json_equal(json, again))
		status = no_manifest(err);
	json_decref(again);
	return status;
}

/* Those of the first edition, then those that the second has besides. */
static const char *const members[] = {
	"checkpoint", "chunks", "commitments", "deposit",   "deposited",
	"generation", "keys",	"label",       "needed",    "placement",
	"previous",   "readme", "recipients",  "script",    "type",
	"boxes",      "chunk",	"content",     "documents",
};
#define FIRST 15
#define SECOND (sizeof(members) / sizeof(members[0]))

/*
 * A member that this version does not know may forbid what it would do
 * (granted, retain, hold and quorum are reserved for that): nothing is done.
 */
static enum deed_status check_members(const json_t *json, unsigned edition,
				      struct deed_error *err)
{
	size_t i, count = edition == 1 ? FIRST : SECOND;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)json, key, value)
	{
		for (i = 0; i < count && strcmp(key, members[i]) != 0; i++)
			;
		if (i < count)
			continue;
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the manifest has the member '%s', which "
				      "this version does not know",
				      key);
	}
	return DEED_OK;
}

/* One of a later deed is told from what is no manifest at all: it may be the
 * one in force (GENERATION_UNKNOWN), and nothing is done against it. */
static enum deed_status read_edition(const json_t *json, struct manifest *m,
				     struct deed_error *err)
{
	const char *type = json_get_string(json, "type");

	if (type == NULL || strncmp(type, FAMILY, strlen(FAMILY)) != 0)
		return no_manifest(err);
	if (!strcmp(type, MANIFEST_FIRST))
		m->edition = 1;
	else if (strcmp(type, MANIFEST_TYPE) != 0)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "this version does not know manifests "
				      "of type '%s'",
				      type);
	return check_members(json, m->edition, err);
}

enum deed_status manifest_from_json(const json_t *json, struct manifest **out,
				    struct deed_error *err)
{
	struct manifest *m;
	enum deed_status status = manifest_new(&m, err);

	*out = NULL;
	if (status != DEED_OK)
		return status;
	status = read_edition(json, m, err);
	if (status == DEED_OK &&
	    (!read_fixed(json, m) || !read_second(json, m) ||
	     !read_optional(json, m)))
		status = no_manifest(err);
	if (status == DEED_OK)
		status = read_checkpoint(json, m, err);
	if (status == DEED_OK)
		status = read_chunks(json_object_get(json, "chunks"), m, err);
	if (status == DEED_OK && !read_boxes(json_object_get(json, "boxes"), m))
		status = no_manifest(err);
	if (status == DEED_OK)
		status = same(json, m, err);
	if (status != DEED_OK) {
		manifest_free(m);
		return status;
	}
	*out = m;
	return DEED_OK;
}
