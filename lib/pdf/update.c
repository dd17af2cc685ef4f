/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/update.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/array.h"
#include "pdf/core.h"
#include "pdf/crypt.h"
#include "pdf/write_object.h"

struct item {
	struct pdf_ref ref;
	const struct pdf_object *object; /* NULL: see raw */
	struct slice raw; /* in the arena; absent while only reserved */
	uint64_t offset;  /* of the body, in the tail */
	uint64_t at;	  /* of the object's number, in the tail */
};

struct items {
	struct item *list;
	size_t count, cap;
};

struct pdf_update {
	struct pdf_document *doc;
	struct pdf_arena arena;
	struct items changed; /* of the document, few */
	struct items added;   /* numbered one after the other from first */
	uint32_t first;
	bool no_memory, too_many;
	bool unlocks; /* the encryption dictionary would be replaced */
};

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

/* ---- the tail ---- */

struct tail {
	struct pdf_update *u;
	struct buf *out;
	size_t begin;  /* where the tail begins in out */
	uint64_t base; /* what offsets in the tables count from: the header */
};

static uint64_t position(const struct tail *t)
{
	return t->out->len - t->begin;
}

/* at goes into the cross-reference section, offset to whoever fills in a
 * ByteRange afterwards. */
static void write_item(struct tail *t, struct item *item)
{
	/* A number that was only reserved is the null object. */
	item->at = position(t);
	buf_printf(t->out, "%" PRIu32 " %" PRIu32 " obj\n", item->ref.num,
		   item->ref.gen);
	item->offset = position(t);
	if (item->object != NULL)
		pdf_write_object(
			pdf_update_protect(t->u, item->ref, item->object),
			t->out);
	else if (item->raw.data != NULL)
		buf_slice(t->out, item->raw);
	else
		buf_str(t->out, "null");
	buf_str(t->out, "\nendobj\n");
}

static int by_number(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return x->ref.num < y->ref.num ? -1 : x->ref.num > y->ref.num;
}

static struct item *nth(struct pdf_update *u, size_t i)
{
	return i < u->changed.count ? &u->changed.list[i]
				    : &u->added.list[i - u->changed.count];
}

/* How many items from i on have numbers without a gap. */
static size_t run_length(struct pdf_update *u, size_t i, size_t count)
{
	size_t n = 1;

	while (i + n < count &&
	       nth(u, i + n)->ref.num == nth(u, i)->ref.num + n)
		n++;
	return n;
}

/* What belongs to a section and not to the document. */
static bool section_key(struct slice key)
{
	static const char *const keys[] = {
		"Size",	 "Prev",   "XRefStm",	  "Type",   "W",
		"Index", "Filter", "DecodeParms", "Length", "ID",
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (slice_equal_str(key, keys[i]))
			return true;
	}
	return false;
}

/* ISO 32000-2 14.4: the first half stays, the second is of this version. */
static struct pdf_object *new_id(struct tail *t, const uint8_t id[16])
{
	struct pdf_arena *a = &t->u->arena;
	const struct pdf_object *old = NULL;
	struct pdf_object *array = pdf_new_array(a);
	struct slice fresh = slice_of(id, 16), first;

	if (pdf_dict_resolve(t->u->doc, pdf_trailer(t->u->doc), "ID", &old,
			     NULL) != DEED_OK)
		old = NULL;
	first = pdf_get_string(pdf_array_get(old, 0));
	if (pdf_array_count(old) != 2 || first.len == 0)
		first = fresh;
	if (!pdf_array_add(a, array, pdf_new_hex(a, first)) ||
	    !pdf_array_add(a, array, pdf_new_hex(a, fresh)))
		return NULL;
	return array;
}

/* Everything of the last trailer is kept, as some reader may go by it. */
static struct pdf_object *new_trailer(struct tail *t, uint32_t size,
				      const uint8_t id[16])
{
	struct pdf_document *doc = t->u->doc;
	struct pdf_arena *a = &t->u->arena;
	const struct pdf_object *old = pdf_trailer(doc);
	struct pdf_object *dict = pdf_new_dict(a);
	const struct pdf_revision *last =
		pdf_revision_get(doc, pdf_revision_count(doc) - 1);
	bool good = dict != NULL;
	size_t i;

	for (i = 0; good && i < old->u.dict.count; i++) {
		const struct pdf_entry *e = &old->u.dict.entries[i];

		if (!section_key(e->key))
			good = pdf_dict_put_key(a, dict, e->key, e->value);
	}
	good = good && pdf_dict_put(a, dict, "Size", pdf_new_int(a, size)) &&
	       pdf_dict_put(a, dict, "ID", new_id(t, id)) &&
	       pdf_dict_put(a, dict, "Prev",
			    pdf_new_int(a, (int64_t)(last->xref - t->base)));
	return good ? dict : NULL;
}

static uint64_t file_offset(const struct tail *t, uint64_t in_tail)
{
	return pdf_input_size(pdf_document_input(t->u->doc)) - t->base +
	       in_tail;
}

/* Rows of exactly 20 bytes, "n" and a space before the line feed (ISO 32000-2
 * 7.5.4).  Changed objects come first and are sorted, then the added ones:
 * numbers rise throughout. */
static bool write_table(struct tail *t, size_t count, const uint8_t id[16])
{
	struct pdf_update *u = t->u;
	uint32_t size = u->first + (uint32_t)u->added.count;
	struct pdf_object *trailer = new_trailer(t, size, id);
	uint64_t start = position(t);
	const struct item *item;
	size_t i, j, n;

	if (trailer == NULL)
		return false;
	buf_str(t->out, "xref\n");
	for (i = 0; i < count; i += n) {
		n = run_length(u, i, count);
		buf_printf(t->out, "%" PRIu32 " %zu\n", nth(u, i)->ref.num, n);
		for (j = i; j < i + n; j++) {
			item = nth(u, j);
			buf_printf(t->out, "%010" PRIu64 " %05" PRIu32 " n \n",
				   file_offset(t, item->at), item->ref.gen);
		}
	}
	buf_str(t->out, "trailer\n");
	pdf_write_object(trailer, t->out);
	buf_printf(t->out, "\nstartxref\n%" PRIu64 "\n%%%%EOF\n",
		   file_offset(t, start));
	return true;
}

/* ISO 32000-2 7.5.8: fields of 1, 5 and 2 bytes, uncompressed. */
static void stream_row(struct buf *rows, uint64_t offset, uint32_t gen)
{
	int shift;

	buf_byte(rows, 1);
	for (shift = 32; shift >= 0; shift -= 8)
		buf_byte(rows, (uint8_t)(offset >> shift));
	buf_byte(rows, (uint8_t)(gen >> 8));
	buf_byte(rows, (uint8_t)gen);
}

/* Five bytes of offset hold PDF_INPUT_MAX. */
static bool put_widths(struct pdf_arena *a, struct pdf_object *dict)
{
	struct pdf_object *w = pdf_new_array(a);

	return pdf_array_add(a, w, pdf_new_int(a, 1)) &&
	       pdf_array_add(a, w, pdf_new_int(a, 5)) &&
	       pdf_array_add(a, w, pdf_new_int(a, 2)) &&
	       pdf_dict_put(a, dict, "Type", pdf_new_name(a, "XRef")) &&
	       pdf_dict_put(a, dict, "W", w);
}

/* The stream lists itself, last, under the number that pdf_update_reserve kept
 * free. */
static bool write_stream(struct tail *t, size_t count, const uint8_t id[16])
{
	struct pdf_update *u = t->u;
	struct pdf_arena *a = &u->arena;
	uint32_t self = u->first + (uint32_t)u->added.count;
	struct pdf_object *trailer = new_trailer(t, self + 1, id);
	struct pdf_object *index = pdf_new_array(a), *stream;
	uint64_t start = position(t);
	struct buf rows = BUF_INIT;
	bool good = trailer != NULL && index != NULL;
	size_t i, j, n;

	for (i = 0; good && i < count; i += n) {
		n = run_length(u, i, count);
		good = pdf_array_add(a, index,
				     pdf_new_int(a, nth(u, i)->ref.num)) &&
		       pdf_array_add(a, index, pdf_new_int(a, (int64_t)n));
		for (j = i; j < i + n; j++)
			stream_row(&rows, file_offset(t, nth(u, j)->at),
				   nth(u, j)->ref.gen);
	}
	good = good && pdf_array_add(a, index, pdf_new_int(a, self)) &&
	       pdf_array_add(a, index, pdf_new_int(a, 1));
	stream_row(&rows, file_offset(t, start), 0);
	stream = rows.failed ? NULL : pdf_new_stream(a, buf_get(&rows));
	buf_clear(&rows);
	good = good && stream != NULL;
	for (i = 0; good && i < trailer->u.dict.count; i++) {
		const struct pdf_entry *e = &trailer->u.dict.entries[i];

		good = pdf_dict_put_key(a, stream, e->key, e->value);
	}
	if (!good || !pdf_dict_put(a, stream, "Index", index) ||
	    !put_widths(a, stream))
		return false;
	pdf_write_indirect((struct pdf_ref){ self, 0 }, stream, t->out);
	buf_printf(t->out, "startxref\n%" PRIu64 "\n%%%%EOF\n",
		   file_offset(t, start));
	return true;
}

/* A token of the update must not grow together with the input's last one. */
static enum deed_status separate(struct tail *t, struct deed_error *err)
{
	const struct pdf_input *in = pdf_document_input(t->u->doc);
	uint64_t size = pdf_input_size(in);
	enum deed_status status;
	uint8_t last = '\n';

	if (size == 0)
		return DEED_OK;
	status = pdf_input_read(in, size - 1, &last, 1, err);
	if (status == DEED_OK && last != '\n' && last != '\r')
		buf_byte(t->out, '\n');
	return status;
}

/* Changed objects are sorted before they are written; find() compares numbers,
 * so that it works on either order.  Failures that were remembered are told
 * before anything is appended. */
enum deed_status pdf_update_finish(struct pdf_update *u, const uint8_t id[16],
				   struct buf *out, struct deed_error *err)
{
	const struct pdf_revision *last =
		pdf_revision_get(u->doc, pdf_revision_count(u->doc) - 1);
	struct tail t = { u, out, out->len, pdf_header_offset(u->doc) };
	size_t count = u->changed.count + u->added.count, i;
	enum deed_status status;
	bool written;

	if (u->too_many)
		return deed_error_set(
			err, DEED_LIMIT, "no object number is left in '%s'",
			pdf_input_name(pdf_document_input(u->doc)));
	if (u->unlocks)
		return deed_error_set(
			err, DEED_MALFORMED,
			"'%s': object %" PRIu32 " is its encryption dictionary "
			"and stands for something else too",
			pdf_input_name(pdf_document_input(u->doc)),
			u->doc->core->crypt_num);
	if (u->no_memory)
		return deed_error_memory(err);
	if (u->changed.count > 0)
		qsort(u->changed.list, u->changed.count, sizeof(struct item),
		      by_number);
	status = separate(&t, err);
	if (status != DEED_OK)
		return status;
	for (i = 0; i < count; i++)
		write_item(&t, nth(u, i));
	if (u->no_memory)
		return deed_error_memory(err);
	written = last->stream ? write_stream(&t, count, id)
			       : write_table(&t, count, id);
	if (!written)
		return deed_error_memory(err);
	if (file_offset(&t, position(&t)) + t.base > PDF_INPUT_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "the document would grow over %" PRIu64
				      " bytes",
				      PDF_INPUT_MAX);
	return buf_status(out, err);
}

uint64_t pdf_update_offset(const struct pdf_update *u, struct pdf_ref ref)
{
	const struct item *item = find(u, ref);

	return item == NULL ? 0 : item->offset;
}
