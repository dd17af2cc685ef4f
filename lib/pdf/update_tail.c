/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "pdf/core.h"
#include "pdf/crypt.h"
#include "pdf/update_priv.h"
#include "pdf/write_object.h"

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

/* ISO 32000-2 14.4: the first half stays, the second is of this version.  In
 * an encrypted document keys are made from the first as it stands there, by
 * crypt_find.c, however odd the rest is, and from nothing where there is none:
 * with another nobody could open what was signed. */
static struct pdf_object *new_id(struct tail *t, const uint8_t id[16])
{
	struct pdf_arena *a = &t->u->arena;
	const struct pdf_object *old = NULL;
	struct pdf_object *array = pdf_new_array(a);
	struct slice fresh = slice_of(id, 16), first;
	bool encrypted = pdf_encryption(t->u->doc) != NULL;

	if (encrypted)
		old = pdf_dict_get(pdf_trailer(t->u->doc), "ID");
	else if (pdf_dict_resolve(t->u->doc, pdf_trailer(t->u->doc), "ID", &old,
				  NULL) != DEED_OK)
		old = NULL;
	first = pdf_get_string(pdf_array_get(old, 0));
	if (!encrypted && (pdf_array_count(old) != 2 || first.len == 0))
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
