/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/trust_list.h"

#include <stdlib.h>

#include "codec/json.h"
#include "trust/trust_list_table.h"

static json_t *write_members(const struct trust_member *table, const void *s);

/* In the order of the table, so that a set of bits has one spelling. */
static json_t *write_words(unsigned bits, const char *const *words)
{
	json_t *array = json_array();

	for (unsigned i = 0; words[i] != NULL; i++)
		if ((bits & 1U << i) != 0 &&
		    json_array_append_new(array, json_string(words[i])) != 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

/* NULL where there is no memory, which write_array takes for a failure. */
static json_t *write_item(const struct trust_member *m, const void *items,
			  size_t i)
{
	if (m->form == TRUST_TEXTS)
		return json_string(((char *const *)items)[i]);
	if (m->form == TRUST_HASHES)
		return json_sha256(((const struct trust_hash *)items)[i].bytes);
	return write_members(m->table, (const char *)items + i * m->size);
}

/* json_array_append_new refuses NULL, so that an item or an array without
 * memory ends here. */
static json_t *write_array(const struct trust_member *m, const void *items,
			   size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		if (json_array_append_new(array, write_item(m, items, i)) !=
		    0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

/* What may be absent is left out and never written as empty: one spelling. */
static bool absent(const struct trust_member *m, const void *at, size_t count)
{
	if (!m->optional)
		return false;
	if (m->form == TRUST_TEXT)
		return *(char *const *)at == NULL;
	if (m->form == TRUST_TIME)
		return *(const int64_t *)at == TRUST_NO_TIME;
	return count == 0;
}

/* The values are within their words: trust_list_check comes before. */
static json_t *write_value(const struct trust_member *m, const void *at,
			   size_t count)
{
	char text[CLOCK_TEXT];

	switch (m->form) {
	case TRUST_TEXT:
		return json_string(*(char *const *)at);
	case TRUST_TIME:
		clock_format(*(const int64_t *)at, text);
		return json_string(text);
	case TRUST_NUMBER:
		return json_integer((json_int_t) * (const uint64_t *)at);
	case TRUST_HASH:
		return json_sha256(at);
	case TRUST_WORD:
		return json_string(m->words[*(const unsigned *)at - 1]);
	case TRUST_WORDS:
		return write_words(*(const unsigned *)at, m->words);
	case TRUST_STRUCT:
		return write_members(m->table, at);
	default:
		return write_array(m, *(void *const *)at, count);
	}
}

/* As deep as trust_list_check lets a list be. */
static json_t *write_members(const struct trust_member *table, const void *s)
{
	json_t *object = json_object();

	for (const struct trust_member *m = table; m->name != NULL; m++) {
		const void *at = (const char *)s + m->offset;
		size_t count = *(const size_t *)((const char *)s + m->count);

		if (!absent(m, at, count) &&
		    json_object_set_new(object, m->name,
					write_value(m, at, count)) != 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

json_t *trust_list_write(const struct trust_list *l)
{
	json_t *object = write_members(trust_list_members, l);

	if (json_object_set_new(object, "type", json_string(TRUST_LIST_TYPE)) !=
	    0) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static enum deed_status read_members(const struct trust_member *table,
				     const json_t *object, size_t others,
				     unsigned depth, void *s,
				     struct deed_error *err);

/* The member's name alone: where in the list it stands is not known here. */
static enum deed_status bad(const struct trust_member *m,
			    struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "'%s' of a trust list is missing or not of the "
			      "right form",
			      m->name);
}

/* In the spelling that clock_format has and no other: two texts of one list
 * would have two digests. */
static bool read_time(const char *text, int64_t *out)
{
	char again[CLOCK_TEXT];

	if (text == NULL || clock_parse(text, out, NULL) != DEED_OK)
		return false;
	clock_format(*out, again);
	return strcmp(text, again) == 0;
}

/* Counted from 0 here; what is stored is one more (read_value). */
static bool read_word(const char *text, const char *const *words,
		      unsigned *index)
{
	for (*index = 0; text != NULL && words[*index] != NULL; (*index)++)
		if (strcmp(text, words[*index]) == 0)
			return true;
	return false;
}

/* In the order of the table, each once. */
static bool read_words(const json_t *array, const char *const *words,
		       unsigned *bits)
{
	unsigned index;

	*bits = 0;
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (!read_word(json_string_value(json_array_get(array, i)),
			       words, &index) ||
		    *bits >= 1U << index)
			return false;
		*bits |= 1U << index;
	}
	return json_is_array(array);
}

/* Read, written again and compared, so that there is one spelling of it. */
static bool read_hash(const char *text, uint8_t out[32])
{
	json_t *again;
	bool same;
	json_t *one = json_pack("{s:s?}", "h", text);

	same = text != NULL && json_get_sha256(one, "h", out);
	again = same ? json_sha256(out) : NULL;
	same = again != NULL && strcmp(json_string_value(again), text) == 0;
	json_decref(again);
	json_decref(one);
	return same;
}

/* Its length and its form trust_list_check sees. */
static bool read_text(const json_t *value, char **out)
{
	const char *text = json_string_value(value);

	*out = text == NULL ? NULL : strdup(text);
	return *out != NULL;
}

/* at lies in an array that its owner frees, whatever was read of it. */
static enum deed_status read_item(const struct trust_member *m,
				  const json_t *value, unsigned depth, void *at,
				  struct deed_error *err)
{
	if (m->form == TRUST_ITEMS)
		return read_members(m->table, value, 0, depth + 1, at, err);
	if (m->form == TRUST_TEXTS)
		return read_text(value, at) ? DEED_OK : bad(m, err);
	return read_hash(json_string_value(value), at) ? DEED_OK : bad(m, err);
}

/* An empty array has one form: it is left out, where it may be. */
static enum deed_status read_array(const struct trust_member *m,
				   const json_t *array, unsigned depth,
				   void *at, size_t *count,
				   struct deed_error *err)
{
	size_t many = json_array_size(array);
	size_t size = m->form == TRUST_ITEMS   ? m->size
		      : m->form == TRUST_TEXTS ? sizeof(char *)
					       : sizeof(struct trust_hash);
	enum deed_status status = DEED_OK;
	char *items;

	if (!json_is_array(array) || many > m->max ||
	    (many == 0 && m->optional))
		return bad(m, err);
	if (many == 0)
		return DEED_OK;
	items = calloc(many, size);
	if (items == NULL)
		return deed_error_memory(err);
	*(void **)at = items;
	*count = many;
	for (size_t i = 0; status == DEED_OK && i < many; i++)
		status = read_item(m, json_array_get(array, i), depth,
				   items + i * size, err);
	return status;
}

/* A number must not be negative; trust_list_check bounds it from above. */
static bool read_value(const struct trust_member *m, const json_t *value,
		       void *at)
{
	const char *text = json_string_value(value);
	json_int_t number = json_integer_value(value);
	unsigned index;

	switch (m->form) {
	case TRUST_TEXT:
		return read_text(value, at);
	case TRUST_TIME:
		return read_time(text, at);
	case TRUST_NUMBER:
		*(uint64_t *)at = (uint64_t)number;
		return json_is_integer(value) && number >= 0;
	case TRUST_HASH:
		return read_hash(text, at);
	case TRUST_WORD:
		if (!read_word(text, m->words, &index))
			return false;
		*(unsigned *)at = index + 1;
		return true;
	case TRUST_WORDS:
		return read_words(value, m->words, at);
	default:
		return false;
	}
}

/* What has been read is owned by the list at once, so that trust_list_free
 * frees it after a failure. */
static enum deed_status read_member(const struct trust_member *m,
				    const json_t *value, unsigned depth,
				    void *s, struct deed_error *err)
{
	char *at = (char *)s + m->offset;

	switch (m->form) {
	case TRUST_TEXTS:
	case TRUST_HASHES:
	case TRUST_ITEMS:
		return read_array(m, value, depth, at,
				  (size_t *)((char *)s + m->count), err);
	case TRUST_STRUCT:
		return read_members(m->table, value, 0, depth + 1, at, err);
	default:
		return read_value(m, value, at) ? DEED_OK : bad(m, err);
	}
}

/* others: members of the object that are no matter of the table. */
static enum deed_status read_members(const struct trust_member *table,
				     const json_t *object, size_t others,
				     unsigned depth, void *s,
				     struct deed_error *err)
{
	size_t members = others;

	if (depth > TRUST_LIST_LEVELS)
		return deed_error_set(err, DEED_LIMIT,
				      "a trust list whose criteria are nested "
				      "too deep");
	for (const struct trust_member *m = table; m->name != NULL; m++) {
		const json_t *value = json_object_get(object, m->name);
		enum deed_status status;

		if (value == NULL && m->optional) {
			if (m->form == TRUST_TIME)
				*(int64_t *)((char *)s + m->offset) =
					TRUST_NO_TIME;
			continue;
		}
		members++;
		status = value == NULL ? bad(m, err)
				       : read_member(m, value, depth, s, err);
		if (status != DEED_OK)
			return status;
	}
	if (json_object_size(object) != members)
		return deed_error_set(err, DEED_MALFORMED,
				      "a trust list with members that are not "
				      "known");
	return DEED_OK;
}

static int by_hash(const void *a, const void *b)
{
	return memcmp(cert_sha256(*(struct cert *const *)a),
		      cert_sha256(*(struct cert *const *)b), 32);
}

static int of_hash(const void *hash, const void *c)
{
	return memcmp(hash, cert_sha256(*(struct cert *const *)c), 32);
}

/* Of what came beside the payload only what a service names: nothing else gets
 * into the list. */
static enum deed_status take_of_service(struct trust_list *l,
					const struct trust_service *s,
					struct cert *const *sorted,
					size_t count, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	for (size_t i = 0; status == DEED_OK && i < s->identity_count; i++) {
		struct cert *const *found =
			count == 0 ? NULL
				   : bsearch(&s->identities[i], sorted, count,
					     sizeof(struct cert *), of_hash);

		/* What is not there, trust_list_check tells. */
		if (found != NULL)
			status = trust_list_add_certificate(l, *found, NULL,
							    err);
	}
	return status;
}

/* Looked up in a sorted list: a national list names thousands of services. */
static enum deed_status take_certificates(struct trust_list *l,
					  struct cert *const *certificates,
					  size_t count, struct deed_error *err)
{
	struct cert **sorted = calloc(count + 1, sizeof(struct cert *));
	enum deed_status status = DEED_OK;

	if (sorted == NULL)
		return deed_error_memory(err);
	if (count > 0) {
		memcpy(sorted, certificates, count * sizeof(struct cert *));
		qsort(sorted, count, sizeof(struct cert *), by_hash);
	}
	for (size_t i = 0; status == DEED_OK && i < l->operator_count; i++)
		for (size_t j = 0;
		     status == DEED_OK && j < l->operators[i].service_count;
		     j++)
			status =
				take_of_service(l, &l->operators[i].services[j],
						sorted, count, err);
	free(sorted);
	return status;
}

enum deed_status trust_list_read(const json_t *payload,
				 struct cert *const *certificates, size_t count,
				 struct trust_list **out,
				 struct deed_error *err)
{
	struct trust_list *l = trust_list_new();
	json_t *again = NULL;
	enum deed_status status;

	*out = NULL;
	if (l == NULL)
		return deed_error_memory(err);
	status = read_members(trust_list_members, payload, 1, 0, l, err);
	if (status == DEED_OK)
		status = take_certificates(l, certificates, count, err);
	if (status == DEED_OK)
		status = trust_list_check(l, err);
	/* Sorted by the check: was it so before?  Then it has one spelling. */
	if (status == DEED_OK) {
		again = trust_list_write(l);
		if (again == NULL)
			status = deed_error_memory(err);
		else if (!json_equal(again, payload))
			status =
				deed_error_set(err, DEED_MALFORMED,
					       "a trust list whose statuses or "
					       "certificates are not in order");
	}
	json_decref(again);
	if (status == DEED_OK) {
		*out = l;
		l = NULL;
	}
	trust_list_free(l);
	return status;
}
