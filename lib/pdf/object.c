/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/object.h"

#include "pdf/object_internal.h"

bool pdf_is(const struct pdf_object *o, enum pdf_type type)
{
	if (o == NULL)
		return type == PDF_NULL;
	return o->type == type;
}

bool pdf_is_name(const struct pdf_object *o, const char *name)
{
	return pdf_is(o, PDF_NAME) && slice_equal_str(o->u.text, name);
}

bool pdf_name_in(struct slice name, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (slice_equal_str(name, *list))
			return true;
	}
	return false;
}

bool pdf_is_dict(const struct pdf_object *o)
{
	return o != NULL && (o->type == PDF_DICT || o->type == PDF_STREAM);
}

int pdf_key_compare(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len > 0 ? memcmp(a.data, b.data, len) : 0;

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool pdf_dict_find(const struct pdf_object *dict, struct slice key, size_t *at)
{
	size_t low = 0, high = dict->u.dict.count, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = pdf_key_compare(dict->u.dict.entries[middle].key, key);
		if (order == 0) {
			*at = middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*at = low;
	return false;
}

const struct pdf_object *pdf_dict_get(const struct pdf_object *dict,
				      const char *key)
{
	size_t at;

	if (!pdf_is_dict(dict) || !pdf_dict_find(dict, slice_str(key), &at))
		return NULL;
	return dict->u.dict.entries[at].value;
}

size_t pdf_array_count(const struct pdf_object *array)
{
	return pdf_is(array, PDF_ARRAY) ? array->u.array.count : 0;
}

const struct pdf_object *pdf_array_get(const struct pdf_object *array, size_t i)
{
	if (i >= pdf_array_count(array))
		return NULL;
	return array->u.array.items[i];
}

bool pdf_get_int(const struct pdf_object *o, int64_t *out)
{
	if (!pdf_is(o, PDF_INT))
		return false;
	*out = o->u.integer;
	return true;
}

/* strtod obeys the locale; PDF has digits and one point only. */
static double real_value(struct slice text)
{
	double value = 0, unit = 1;
	bool negative = false, fraction = false;
	size_t i;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (c == '-') {
			negative = true;
		} else if (c == '.') {
			fraction = true;
		} else if (c >= '0' && c <= '9') {
			value = value * 10 + (c - '0');
			if (fraction)
				unit *= 10;
		}
	}
	value /= unit;
	return negative ? -value : value;
}

bool pdf_get_number(const struct pdf_object *o, double *out)
{
	if (pdf_is(o, PDF_INT))
		*out = (double)o->u.integer;
	else if (pdf_is(o, PDF_REAL))
		*out = real_value(o->u.text);
	else
		return false;
	return true;
}

bool pdf_get_bool(const struct pdf_object *o, bool *out)
{
	if (!pdf_is(o, PDF_BOOL))
		return false;
	*out = o->u.boolean;
	return true;
}

bool pdf_get_ref(const struct pdf_object *o, struct pdf_ref *out)
{
	if (!pdf_is(o, PDF_REF))
		return false;
	*out = o->u.ref;
	return true;
}

struct slice pdf_get_name(const struct pdf_object *o)
{
	return pdf_is(o, PDF_NAME) ? o->u.text : SLICE_NONE;
}

struct slice pdf_get_string(const struct pdf_object *o)
{
	return pdf_is(o, PDF_STRING) ? o->u.text : SLICE_NONE;
}

/* An integer that is written as a real is another value to readers that want
 * an integer; a real that becomes an integer is one to all of them. */
static bool equal_numbers(const struct pdf_object *a,
			  const struct pdf_object *b)
{
	double x, y;

	if (a->type == PDF_INT && b->type == PDF_INT)
		return a->u.integer == b->u.integer;
	if (a->type == PDF_INT && b->type == PDF_REAL)
		return false;
	/* Two reals that differ only beyond a double's precision are written
	 * by nobody; unequal is the safe answer. */
	return pdf_get_number(a, &x) && pdf_get_number(b, &y) && !(x < y) &&
	       !(y < x);
}

/* Entries of both are sorted by key and none stands twice, so that the order
 * in the file does not matter.  Nulls were dropped when they were read. */
static bool equal_dicts(const struct pdf_object *a, const struct pdf_object *b)
{
	size_t i;

	if (a->u.dict.count != b->u.dict.count)
		return false;
	for (i = 0; i < a->u.dict.count; i++) {
		const struct pdf_entry *x = &a->u.dict.entries[i];
		const struct pdf_entry *y = &b->u.dict.entries[i];

		if (!slice_equal(x->key, y->key) ||
		    !pdf_equal(x->value, y->value))
			return false;
	}
	return true;
}

/* Null and not there are the same, as everywhere.  Streams are unequal even to
 * themselves here: who wants more compares their bytes. */
bool pdf_equal(const struct pdf_object *a, const struct pdf_object *b)
{
	size_t i;

	if (pdf_is(a, PDF_NULL) || pdf_is(b, PDF_NULL))
		return pdf_is(a, PDF_NULL) && pdf_is(b, PDF_NULL);
	if (a->type == PDF_INT || a->type == PDF_REAL)
		return equal_numbers(a, b);
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case PDF_BOOL:
		return a->u.boolean == b->u.boolean;
	case PDF_NAME:
	case PDF_STRING:
		return slice_equal(a->u.text, b->u.text);
	case PDF_REF:
		return a->u.ref.num == b->u.ref.num &&
		       a->u.ref.gen == b->u.ref.gen;
	case PDF_ARRAY:
		if (a->u.array.count != b->u.array.count)
			return false;
		for (i = 0; i < a->u.array.count; i++) {
			if (!pdf_equal(a->u.array.items[i],
				       b->u.array.items[i]))
				return false;
		}
		return true;
	case PDF_DICT:
		return equal_dicts(a, b);
	default:
		return false;
	}
}
