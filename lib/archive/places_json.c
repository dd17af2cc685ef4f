/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/places_json.h"

#include "archive/archive.h"
#include "archive/manifest.h"
#include "codec/json.h"

/* In the order in which they are written. */
static const struct member {
	const char *key;
	enum { OF_TEXT, OF_LIST, OF_NUMBER, OF_FLAG } type;
	size_t offset;
} members[] = {
#define AT(f) offsetof(struct places_entry, f)
	{ "name", OF_TEXT, AT(name) },
	{ "place", OF_TEXT, AT(place.where) },
	{ "endpoints", OF_LIST, 0 },
	{ "region", OF_TEXT, AT(place.region) },
	{ "access-key", OF_TEXT, AT(place.access_key) },
	{ "secret", OF_TEXT, AT(place.secret) },
	{ "ca", OF_TEXT, AT(place.ca) },
	{ "proxy", OF_TEXT, AT(place.proxy) },
	{ "transfers", OF_NUMBER, AT(place.transfers) },
	{ "insecure", OF_FLAG, AT(place.insecure) },
#undef AT
};
#define MEMBERS (sizeof(members) / sizeof(members[0]))

/* Schema, number of places and what is needed of them are judged together:
 * which is wrong is not said. */
static enum deed_status bad_list(const char *path, struct deed_error *err)
{
	return deed_error_set(err, DEED_CONFIG,
			      "'%s' does not list the places of an archive",
			      path);
}

bool places_name_valid(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

	return len > 0 && len <= MANIFEST_PLACE_NAME && name[len] == '\0' &&
	       name[0] != '.' && name[0] != '-';
}

/* Those alone are there, in an object. */
static bool knows_all(json_t *object, const char *const *keys,
		      const char **other)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		size_t i = 0;

		while (keys[i] != NULL && strcmp(keys[i], key) != 0)
			i++;
		*other = key;
		if (keys[i] == NULL)
			return false;
	}
	return true;
}

enum deed_status places_list_read(json_t *json, const char *path,
				  struct places_list *out,
				  struct deed_error *err)
{
	static const char *const keys[] = { "schema", "needed", "places",
					    NULL };
	const char *schema = json_get_string(json, "schema"), *other;
	int64_t needed;

	memset(out, 0, sizeof(*out));
	out->places = json_object_get(json, "places");
	out->count = json_array_size(out->places);
	if (schema == NULL || strcmp(schema, ARCHIVE_PLACES_SCHEMA) != 0 ||
	    !json_get_integer(json, "needed", &needed) || needed < 1 ||
	    out->count > ARCHIVE_PLACES_MAX || (uint64_t)needed > out->count)
		return bad_list(path, err);
	out->needed = (unsigned)needed;
	if (!knows_all(json, keys, &other))
		return deed_error_set(err, DEED_CONFIG,
				      "'%s' has a member '%s', which a list of "
				      "places has not",
				      path, other);
	return DEED_OK;
}

/* The strings are those of the JSON; whether each is an endpoint
 * place_description_check says. */
static bool read_endpoints(const json_t *list, struct place_description *d)
{
	size_t count = json_array_size(list);

	if (!json_is_array(list) || count > STORE_ENDPOINTS)
		return false;
	for (size_t i = 0; i < count; i++) {
		d->endpoint[i] = json_string_value(json_array_get(list, i));
		if (d->endpoint[i] == NULL)
			return false;
	}
	d->endpoint_count = count;
	return true;
}

/* The entry is written to even where the type is wrong, and the caller gives
 * it up then.  A number of 0 is how "not said" is kept. */
static bool read_member(const struct member *m, const json_t *value,
			struct places_entry *out)
{
	void *at = (char *)out + m->offset;
	json_int_t number = json_integer_value(value);

	switch (m->type) {
	case OF_TEXT:
		*(const char **)at = json_string_value(value);
		return json_is_string(value);
	case OF_LIST:
		return read_endpoints(value, &out->place);
	case OF_NUMBER:
		*(unsigned *)at = (unsigned)number;
		return json_is_integer(value) && number >= 1 &&
		       number <= STORE_TRANSFERS_MAX;
	default:
		*(bool *)at = json_is_true(value);
		return json_is_boolean(value);
	}
}

/* A member that is not known is refused by the caller: a misspelt one would
 * otherwise be left out without a word. */
static const struct member *find_member(const char *key)
{
	for (size_t i = 0; i < MEMBERS; i++)
		if (!strcmp(members[i].key, key))
			return &members[i];
	return NULL;
}

enum deed_status places_entry_read(const struct places_list *list, size_t i,
				   const char *path, struct places_entry *out,
				   struct deed_error *err)
{
	json_t *one = json_array_get(list->places, i), *value;
	const struct member *m;
	enum deed_status status;
	const char *key;

	memset(out, 0, sizeof(*out));
	json_object_foreach(one, key, value)
	{
		m = find_member(key);
		if (m == NULL || !read_member(m, value, out))
			return deed_error_set(
				err, DEED_CONFIG,
				"'%s': '%s' of place %zu is %s", path, key,
				i + 1,
				m == NULL
					? "no member that a place has"
					: "of another type, or out of bounds");
	}
	if (out->name == NULL || out->place.where == NULL)
		return bad_list(path, err);
	if (!places_name_valid(out->name))
		return deed_error_set(err, DEED_CONFIG,
				      "'%s': '%.100s' is no name of a place",
				      path, out->name);
	status = place_description_check(&out->place, err);
	if (status != DEED_OK)
		deed_error_prefix(err, "'%s'", path);
	return status;
}

static json_t *write_endpoints(const struct place_description *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->endpoint_count; i++)
		(void)json_array_append_new(list, json_string(d->endpoint[i]));
	return list;
}

/* NULL where it is left out. */
static json_t *write_member(const struct member *m,
			    const struct places_entry *e)
{
	const void *at = (const char *)e + m->offset;
	const char *text;

	switch (m->type) {
	case OF_TEXT:
		text = *(const char *const *)at;
		return text == NULL ? NULL : json_string(text);
	case OF_LIST:
		return e->place.endpoint_count == 0
			       ? NULL
			       : write_endpoints(&e->place);
	case OF_NUMBER:
		return *(const unsigned *)at == 0
			       ? NULL
			       : json_integer(*(const unsigned *)at);
	default:
		return *(const bool *)at ? json_true() : NULL;
	}
}

json_t *places_entry_write(const struct places_entry *e)
{
	json_t *one = json_object();

	for (size_t i = 0; one != NULL && i < MEMBERS; i++) {
		json_t *value = write_member(&members[i], e);

		if (value != NULL)
			(void)json_object_set_new(one, members[i].key, value);
	}
	return one;
}
