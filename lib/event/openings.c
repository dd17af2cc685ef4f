/* SPDX-License-Identifier: Apache-2.0 */
#include "event/openings.h"

#include "codec/hex.h"
#include "codec/json.h"
#include "event/event_priv.h"
#include "key/deposit_key.h"
#include "key/pubkey.h"

#define OPENINGS_TYPE "deed.openings/1"

bool opening_holds(const json_t *opening, const struct entry *e)
{
	const char *label = json_get_string(opening, "label");
	const char *salt = json_get_string(opening, "salt");
	struct buf value = BUF_INIT;
	uint8_t bytes[32], mac[ENTRY_HASH];
	bool holds = false;
	size_t i;

	if (label != NULL && salt != NULL && json_object_size(opening) == 3 &&
	    hex_read(slice_str(salt), bytes, sizeof(bytes)) &&
	    event_json_get(opening, "value", &value)) {
		entry_commit(bytes, label, buf_get(&value), mac);
		for (i = 0; i < e->commitments && !holds; i++)
			holds = !strcmp(e->commitment[i].label, label) &&
				!memcmp(e->commitment[i].mac, mac, sizeof(mac));
	}
	if (value.data != NULL)
		secret_wipe(value.data, value.len);
	buf_clear(&value);
	return holds;
}

bool opening_listed(const json_t *list, const json_t *opening)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i,
			   item) if (json_equal(item, opening)) return true;
	return false;
}

/* Add those of one member of a record's entries. */
static enum deed_status collect(const json_t *member, const struct entry *e,
				json_t *out, struct deed_error *err)
{
	json_t *opening;
	size_t i;

	json_array_foreach(json_object_get(member, "openings"), i, opening)
	{
		if (!opening_holds(opening, e) || opening_listed(out, opening))
			continue;
		if (json_array_append(out, opening) != 0)
			return deed_error_memory(err);
	}
	return DEED_OK;
}

/* The member of a record that is about entry index, or NULL.  A record has
 * its entries in their order, and they are asked for in it. */
static const json_t *find_member(struct openings_record *r, uint64_t index)
{
	const json_t *list = json_object_get(r->json, "entries"), *member;
	size_t i, count = json_array_size(list), slot;
	int64_t at;

	for (i = 0; i < count; i++) {
		slot = (r->at + i) % count;
		member = json_array_get(list, slot);
		if (json_get_integer(member, "index", &at) && at >= 0 &&
		    (uint64_t)at == index) {
			r->at = slot;
			return member;
		}
	}
	return NULL;
}

/* A record, decrypted with the first key that opens it.  One of another kind
 * (an enrolment) has no openings. */
static json_t *open_record(const struct event_home *home,
			   const uint8_t hash[ENTRY_HASH],
			   const struct audit_reader *reader)
{
	struct buf text = BUF_INIT;
	enum deed_status status = DEED_NOT_RECIPIENT;
	json_t *json = NULL;
	const char *type;
	size_t i;

	for (i = 0; i < reader->count && status == DEED_NOT_RECIPIENT; i++)
		status = dropbox_open(
			home->identity, hash,
			slice_of(deposit_key_id(reader->key[i]), KEY_ID_SIZE),
			reader->key[i], &text, NULL);
	if (status == DEED_OK)
		status = json_load_bounded(buf_get(&text), &json, NULL);
	if (text.data != NULL)
		secret_wipe(text.data, text.len);
	buf_clear(&text);
	type = json_get_string(json, "type");
	if (status == DEED_OK && type != NULL &&
	    strcmp(type, OPENINGS_TYPE) == 0)
		return json;
	json_decref(json);
	return NULL;
}

/* A record that does not open is kept as one without JSON, so that it is not
 * decrypted in vain for each of its entries. */
static struct openings_record *lookup(struct openings_cache *cache,
				      const struct event_home *home,
				      const uint8_t hash[ENTRY_HASH],
				      const struct audit_reader *reader)
{
	struct openings_record *r;
	size_t i;

	for (i = 0; i < OPENINGS_KEPT; i++) {
		r = &cache->record[i];
		if (r->used && memcmp(r->hash, hash, ENTRY_HASH) == 0)
			return r;
	}
	r = &cache->record[cache->next];
	cache->next = (cache->next + 1) % OPENINGS_KEPT;
	json_decref(r->json);
	memcpy(r->hash, hash, ENTRY_HASH);
	r->used = true;
	r->at = 0;
	r->json = open_record(home, hash, reader);
	return r;
}

void openings_cache_clear(struct openings_cache *cache)
{
	size_t i;

	for (i = 0; i < OPENINGS_KEPT; i++)
		json_decref(cache->record[i].json);
	*cache = (struct openings_cache)OPENINGS_CACHE_INIT;
}

enum deed_status openings_read(const struct event_home *home, uint64_t index,
			       const struct entry *e,
			       const struct audit_reader *reader,
			       struct openings_cache *cache, json_t **out,
			       struct deed_error *err)
{
	json_t *list = json_array();
	enum deed_status status = DEED_OK;
	struct openings_record *r;
	const json_t *member;
	size_t i;

	*out = NULL;
	if (list == NULL)
		return deed_error_memory(err);
	for (i = 0; i < e->records && status == DEED_OK; i++) {
		r = lookup(cache, home, e->record[i].hash, reader);
		member = r->json == NULL ? NULL : find_member(r, index);
		if (member != NULL)
			status = collect(member, e, list, err);
	}
	if (status != DEED_OK) {
		json_decref(list);
		return status;
	}
	*out = list;
	return DEED_OK;
}
