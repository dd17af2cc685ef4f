/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/object.h"

#include <stdio.h>
#include <stdlib.h>

#include "pdf/object_internal.h"

struct pdf_object *pdf_new_object(struct pdf_arena *a, enum pdf_type type)
{
	struct pdf_object *o = pdf_arena_alloc(a, sizeof(*o));

	if (o != NULL)
		o->type = type;
	return o;
}

/* A copy: what is built outlives the bytes that it was made from. */
static struct pdf_object *new_text(struct pdf_arena *a, enum pdf_type type,
				   struct slice bytes)
{
	struct pdf_object *o = pdf_new_object(a, type);

	if (o == NULL)
		return NULL;
	o->u.text.data = pdf_arena_copy(a, bytes.data, bytes.len);
	o->u.text.len = bytes.len;
	return o->u.text.data == NULL ? NULL : o;
}

struct pdf_object *pdf_new_null(struct pdf_arena *a)
{
	return pdf_new_object(a, PDF_NULL);
}

struct pdf_object *pdf_new_bool(struct pdf_arena *a, bool value)
{
	struct pdf_object *o = pdf_new_object(a, PDF_BOOL);

	if (o != NULL)
		o->u.boolean = value;
	return o;
}

struct pdf_object *pdf_new_int(struct pdf_arena *a, int64_t value)
{
	struct pdf_object *o = pdf_new_object(a, PDF_INT);

	if (o != NULL)
		o->u.integer = value;
	return o;
}

/* Rounded to five digits; whole numbers become integers, which are shorter and
 * mean the same to whoever reads a number.  NaN fails the first comparison. */
struct pdf_object *pdf_new_real(struct pdf_arena *a, double value)
{
	int64_t scaled, fraction;
	const char *sign = "";
	char text[48];
	int len;

	/* By hand: printf's point depends on the locale. */
	if (!(value < 1e12 && value > -1e12))
		return NULL;
	value *= 100000;
	scaled = (int64_t)(value < 0 ? value - 0.5 : value + 0.5);
	if (scaled < 0) {
		sign = "-";
		scaled = -scaled;
	}
	if (scaled % 100000 == 0)
		return pdf_new_int(a, *sign == '-' ? -(scaled / 100000)
						   : scaled / 100000);
	fraction = scaled % 100000;
	len = snprintf(text, sizeof(text), "%s%lld.%05lld", sign,
		       (long long)(scaled / 100000), (long long)fraction);
	while (len > 0 && text[len - 1] == '0')
		len--;
	return new_text(a, PDF_REAL, slice_of(text, (size_t)len));
}

struct pdf_object *pdf_new_name(struct pdf_arena *a, const char *name)
{
	return new_text(a, PDF_NAME, slice_str(name));
}

struct pdf_object *pdf_new_string(struct pdf_arena *a, struct slice bytes)
{
	return new_text(a, PDF_STRING, bytes);
}

struct pdf_object *pdf_new_hex(struct pdf_arena *a, struct slice bytes)
{
	struct pdf_object *o = new_text(a, PDF_STRING, bytes);

	if (o != NULL)
		o->hex = true;
	return o;
}

struct pdf_object *pdf_new_array(struct pdf_arena *a)
{
	return pdf_new_object(a, PDF_ARRAY);
}

struct pdf_object *pdf_new_dict(struct pdf_arena *a)
{
	return pdf_new_object(a, PDF_DICT);
}

struct pdf_object *pdf_new_ref(struct pdf_arena *a, struct pdf_ref ref)
{
	struct pdf_object *o = pdf_new_object(a, PDF_REF);

	if (o != NULL)
		o->u.ref = ref;
	return o;
}

struct pdf_object *pdf_new_stream(struct pdf_arena *a, struct slice data)
{
	struct pdf_object *o = pdf_new_object(a, PDF_STREAM);

	if (o == NULL)
		return NULL;
	o->u.dict.data = pdf_arena_copy(a, data.data, data.len);
	o->u.dict.length = data.len;
	if (o->u.dict.data == NULL ||
	    !pdf_dict_put(a, o, "Length", pdf_new_int(a, (int64_t)data.len)))
		return NULL;
	return o;
}

/* start and end become 0: the copy stands nowhere in the file, and nothing may
 * take it for what does.  A NULL in gives an empty object of type null. */
struct pdf_object *pdf_copy_shallow(struct pdf_arena *a,
				    const struct pdf_object *o)
{
	struct pdf_object *copy;
	size_t size;

	copy = pdf_arena_alloc(a, sizeof(*copy));
	if (copy == NULL || o == NULL)
		return copy;
	*copy = *o;
	copy->start = 0;
	copy->end = 0;
	if (o->type == PDF_ARRAY) {
		size = o->u.array.count * sizeof(*o->u.array.items);
		copy->u.array.items = pdf_arena_copy(a, o->u.array.items, size);
		copy->u.array.cap = o->u.array.count;
		return copy->u.array.items == NULL ? NULL : copy;
	}
	if (pdf_is_dict(o)) {
		size = o->u.dict.count * sizeof(*o->u.dict.entries);
		copy->u.dict.entries =
			pdf_arena_copy(a, o->u.dict.entries, size);
		return copy->u.dict.entries == NULL ? NULL : copy;
	}
	return copy;
}

/* A value is never changed once it is in, whoever put it. */
static struct pdf_object *shared(const struct pdf_object *value)
{
	union {
		const struct pdf_object *in;
		struct pdf_object *out;
	} u = { .in = value };

	return u.out;
}

bool pdf_dict_put_key(struct pdf_arena *a, struct pdf_object *dict,
		      struct slice key, const struct pdf_object *value)
{
	struct pdf_entry *entries;
	size_t at, count;

	if (dict == NULL || value == NULL)
		return false;
	count = dict->u.dict.count;
	if (pdf_dict_find(dict, key, &at)) {
		dict->u.dict.entries[at].value = shared(value);
		return true;
	}
	entries = pdf_arena_alloc(a, (count + 1) * sizeof(*entries));
	if (entries == NULL)
		return false;
	if (count > 0) {
		memcpy(entries, dict->u.dict.entries, at * sizeof(*entries));
		memcpy(entries + at + 1, dict->u.dict.entries + at,
		       (count - at) * sizeof(*entries));
	}
	entries[at].key.data = pdf_arena_copy(a, key.data, key.len);
	entries[at].key.len = key.len;
	if (entries[at].key.data == NULL)
		return false;
	entries[at].value = shared(value);
	dict->u.dict.entries = entries;
	dict->u.dict.count = count + 1;
	return true;
}

bool pdf_dict_put(struct pdf_arena *a, struct pdf_object *dict, const char *key,
		  const struct pdf_object *value)
{
	return pdf_dict_put_key(a, dict, slice_str(key), value);
}

void pdf_dict_remove(struct pdf_object *dict, const char *key)
{
	struct pdf_entry *entries;
	size_t at;

	if (!pdf_is_dict(dict) || !pdf_dict_find(dict, slice_str(key), &at))
		return;
	entries = dict->u.dict.entries;
	dict->u.dict.count--;
	memmove(entries + at, entries + at + 1,
		(dict->u.dict.count - at) * sizeof(*entries));
}

bool pdf_array_add(struct pdf_arena *a, struct pdf_object *array,
		   const struct pdf_object *value)
{
	struct pdf_object **items;
	size_t count;

	if (array == NULL || value == NULL)
		return false;
	count = array->u.array.count;
	if (count == array->u.array.cap) {
		items = pdf_arena_alloc(a, 2 * (count + 2) * sizeof(*items));
		if (items == NULL)
			return false;
		if (count > 0)
			memcpy(items, array->u.array.items,
			       count * sizeof(*items));
		array->u.array.items = items;
		array->u.array.cap = 2 * (count + 2);
	}
	array->u.array.items[count] = shared(value);
	array->u.array.count = count + 1;
	return true;
}
