/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/update.h"

#include <stdlib.h>

#include "base/array.h"
#include "pdf/core.h"
#include "pdf/crypt.h"
#include "pdf/update_priv.h"

enum deed_status pdf_update_new(struct pdf_document *doc,
				struct pdf_update **out, struct deed_error *err)
{
	struct pdf_update *u;

	*out = NULL;
	u = calloc(1, sizeof(*u));
	if (u == NULL)
		return deed_error_memory(err);
	u->doc = doc;
	u->first = pdf_next_number(doc);
	*out = u;
	return DEED_OK;
}

void pdf_update_free(struct pdf_update *u)
{
	if (u == NULL)
		return;
	pdf_arena_clear(&u->arena);
	free(u->changed.list);
	free(u->added.list);
	free(u);
}

struct pdf_document *pdf_update_document(const struct pdf_update *u)
{
	return u->doc;
}

struct pdf_arena *pdf_update_arena(struct pdf_update *u)
{
	return &u->arena;
}

/* Lack of memory is remembered, and told once at the end (pdf_update_finish),
 * so that callers need not check each step. */
static struct item *append(struct pdf_update *u, struct items *items,
			   struct pdf_ref ref)
{
	struct item *list;

	if (!array_room(&items->list, &items->cap, items->count + 1)) {
		u->no_memory = true;
		return NULL;
	}
	list = &items->list[items->count++];
	memset(list, 0, sizeof(*list));
	list->ref = ref;
	return list;
}

/* Added numbers follow each other without gaps and are found by counting;
 * changed objects are few, so that a list does.  By number alone: a number has
 * one object in an update. */
static struct item *find(const struct pdf_update *u, struct pdf_ref ref)
{
	size_t i;

	if (ref.num >= u->first)
		return ref.num - u->first < u->added.count
			       ? &u->added.list[ref.num - u->first]
			       : NULL;
	for (i = 0; i < u->changed.count; i++) {
		if (u->changed.list[i].ref.num == ref.num)
			return &u->changed.list[i];
	}
	return NULL;
}

struct pdf_ref pdf_update_reserve(struct pdf_update *u)
{
	const struct pdf_ref none = { 0, 0 };
	struct pdf_ref ref = { 0, 0 };

	/* One number stays free for a cross-reference stream. */
	if (u->first > PDF_MAX_NUM - 1 ||
	    u->added.count >= PDF_MAX_NUM - 1 - u->first) {
		u->too_many = true;
		return none;
	}
	ref.num = u->first + (uint32_t)u->added.count;
	return append(u, &u->added, ref) == NULL ? none : ref;
}

struct pdf_ref pdf_update_add(struct pdf_update *u,
			      const struct pdf_object *obj)
{
	struct pdf_ref ref = pdf_update_reserve(u);

	if (ref.num != 0)
		pdf_update_put(u, ref, obj);
	return ref;
}

/* A document that uses its encryption dictionary as a page, a form or a list
 * could not be opened any more. */
static struct item *item_for(struct pdf_update *u, struct pdf_ref ref)
{
	struct item *item = find(u, ref);

	if (ref.num != 0 && ref.num == u->doc->core->crypt_num)
		u->unlocks = true;
	if (item == NULL && ref.num != 0 && ref.num < u->first)
		item = append(u, &u->changed, ref);
	return item;
}

void pdf_update_put(struct pdf_update *u, struct pdf_ref ref,
		    const struct pdf_object *obj)
{
	struct item *item;

	if (obj == NULL) {
		u->no_memory = true;
		return;
	}
	item = item_for(u, ref);
	if (item == NULL)
		return;
	item->object = obj;
	item->raw = SLICE_NONE;
}

void pdf_update_put_raw(struct pdf_update *u, struct pdf_ref ref,
			struct slice body)
{
	const void *copy = pdf_arena_copy(&u->arena, body.data, body.len);
	struct item *item;

	if (copy == NULL) {
		u->no_memory = true;
		return;
	}
	item = item_for(u, ref);
	if (item == NULL)
		return;
	item->object = NULL;
	item->raw = slice_of(copy, body.len);
}

const struct pdf_object *pdf_update_protect(struct pdf_update *u,
					    struct pdf_ref ref,
					    const struct pdf_object *obj)
{
	const struct pdf_crypt *c = u->doc->core->crypt;

	if (c == NULL || ref.num == u->doc->core->crypt_num)
		return obj;
	obj = pdf_crypt_write(c, ref, obj, &u->arena);
	if (obj == NULL)
		u->no_memory = true;
	return obj;
}

enum deed_status pdf_update_get(struct pdf_update *u, struct pdf_ref ref,
				const struct pdf_object **out,
				struct deed_error *err)
{
	const struct item *item = find(u, ref);

	*out = NULL;
	if (item == NULL || item->object == NULL)
		return pdf_get_object(u->doc, ref, out, err);
	*out = item->object;
	return DEED_OK;
}

enum deed_status pdf_update_resolve(struct pdf_update *u,
				    const struct pdf_object *o,
				    const struct pdf_object **out,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct pdf_ref ref;

	/* The document resolves what leads on to its own. */
	if (pdf_get_ref(o, &ref))
		status = pdf_update_get(u, ref, &o, err);
	if (status == DEED_OK)
		status = pdf_resolve(u->doc, o, &o, err);
	*out = status == DEED_OK ? o : NULL;
	return status;
}

enum deed_status pdf_update_catalog(struct pdf_update *u, struct pdf_ref *root,
				    const struct pdf_object **out,
				    struct deed_error *err)
{
	enum deed_status status;

	*out = NULL;
	if (!pdf_get_ref(pdf_dict_get(pdf_trailer(u->doc), "Root"), root))
		return deed_error_set(err, DEED_MALFORMED,
				      "/Root is not a reference");
	status = pdf_update_get(u, *root, out, err);
	if (status == DEED_OK && !pdf_is(*out, PDF_DICT))
		return deed_error_set(err, DEED_MALFORMED,
				      "/Root leads to no catalog");
	return status;
}

uint64_t pdf_update_offset(const struct pdf_update *u, struct pdf_ref ref)
{
	const struct item *item = find(u, ref);

	return item == NULL ? 0 : item->offset;
}
