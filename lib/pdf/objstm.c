/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/core.h"
#include "pdf/lexer.h"

/* ---- object streams (7.5.7) ---- */

/* used becomes 0, which marks the place as free. */
static void objstm_clear(struct pdf_objstm *s)
{
	buf_clear(&s->data);
	free(s->index);
	memset(s, 0, sizeof(*s));
}

/* ISO 32000-1 7.5.7. /N is bounded by the data before there is room for it. */
static enum deed_status parse_index(struct pdf_objstm *s, int64_t n,
				    struct deed_error *err)
{
	uint64_t num, offset;
	struct pdf_lexer l;
	int64_t i;

	if (n < 0 || (uint64_t)n > s->data.len / 2 || s->first > s->data.len)
		return deed_error_set(err, DEED_MALFORMED,
				      "an object stream has a wrong /N or "
				      "/First");
	s->index = malloc(((size_t)n + 1) * sizeof(*s->index));
	if (s->index == NULL)
		return deed_error_memory(err);
	pdf_lexer_init_memory(&l, slice_of(s->data.data, (size_t)s->first),
			      NULL);
	for (i = 0; i < n; i++) {
		if (!pdf_lex_uint(&l, 10, &num) ||
		    !pdf_lex_uint(&l, 10, &offset) || num > PDF_MAX_NUM ||
		    offset > s->data.len - s->first)
			return deed_error_set(err, DEED_MALFORMED,
					      "an object stream has a wrong "
					      "table");
		s->index[i].num = (uint32_t)num;
		s->index[i].offset = (uint32_t)offset;
	}
	s->count = (size_t)n;
	return DEED_OK;
}

/* An object stream in another is forbidden (ISO 32000-2 7.5.7), which also
 * ends loops.  The dictionary is needed only here; the decoded bytes and the
 * index are what is kept. */
static enum deed_status fill_objstm(struct pdf_document *doc, uint32_t num,
				    uint32_t entry, struct pdf_objstm *s,
				    struct deed_error *err)
{
	struct pdf_core *core = doc->core;
	const struct pdf_xref_entry *e = &core->entries[entry];
	struct pdf_object *stream;
	struct pdf_arena arena = PDF_ARENA_INIT;
	enum deed_status status;
	int64_t n, first;

	if (pdf_entry_where(e) != PDF_IN_FILE)
		return deed_error_set(err, DEED_MALFORMED,
				      "object %u is no object stream", num);
	status = pdf_load(doc, num, &arena, &stream, err);
	if (status != DEED_OK)
		goto out;
	if (!pdf_is(stream, PDF_STREAM) ||
	    !pdf_is_name(pdf_dict_get(stream, "Type"), "ObjStm") ||
	    !pdf_get_int(pdf_dict_get(stream, "N"), &n) ||
	    !pdf_get_int(pdf_dict_get(stream, "First"), &first) || first < 0) {
		status = deed_error_set(err, DEED_MALFORMED,
					"object %u is no object stream", num);
		goto out;
	}
	s->entry = entry;
	s->first = (uint64_t)first;
	status = pdf_decode(core, doc, stream, PDF_MAX_DECODED, &s->data, err);
	if (status == DEED_OK)
		status = parse_index(s, n, err);
out:
	pdf_arena_clear(&arena);
	return status;
}

/* A place for one more: a free one, or that of the one used longest ago,
 * until what is kept is small. */
static struct pdf_objstm *objstm_slot(struct pdf_core *core)
{
	struct pdf_objstm *oldest, *s;
	size_t i, total;

	for (;;) {
		oldest = NULL;
		total = 0;
		for (i = 0; i < PDF_OBJSTM_KEPT; i++) {
			s = &core->objstms[i];
			total += s->data.len;
			if (oldest == NULL || s->used < oldest->used)
				oldest = s;
		}
		if (oldest->used == 0 && total <= PDF_OBJSTM_BYTES)
			return oldest;
		if (oldest->used == 0) {
			/* A free one, but too much is kept: find the oldest
			 * of those in use. */
			oldest = NULL;
			for (i = 0; i < PDF_OBJSTM_KEPT; i++) {
				s = &core->objstms[i];
				if (s->used != 0 &&
				    (oldest == NULL || s->used < oldest->used))
					oldest = s;
			}
		}
		if (oldest == NULL)
			return &core->objstms[0];
		objstm_clear(oldest);
	}
}

/* A few are kept, the least used goes: a hostile file can name a thousand, and
 * objects of one stream mostly follow each other. */
static enum deed_status get_objstm(struct pdf_document *doc, uint32_t num,
				   struct pdf_objstm **out,
				   struct deed_error *err)
{
	struct pdf_core *core = doc->core;
	uint32_t entry = pdf_find_entry(core, num, doc->revision);
	struct pdf_objstm filled = { 0 }, *slot;
	enum deed_status status;
	size_t i;

	*out = NULL;
	if (entry == PDF_NO_ENTRY)
		return deed_error_set(err, DEED_MALFORMED,
				      "object stream %u is not there", num);
	for (i = 0; i < PDF_OBJSTM_KEPT; i++) {
		slot = &core->objstms[i];
		if (slot->used != 0 && slot->entry == entry) {
			slot->used = ++core->clock;
			*out = slot;
			return DEED_OK;
		}
	}
	status = fill_objstm(doc, num, entry, &filled, err);
	if (status != DEED_OK) {
		objstm_clear(&filled);
		return status;
	}
	slot = objstm_slot(core);
	*slot = filled;
	slot->used = ++core->clock;
	*out = slot;
	return DEED_OK;
}

/* The place in the row must have the number that the row is for: two readers
 * that look in different ways would else find two objects.  Charged by what
 * was parsed, as one stream may be asked many times. */
enum deed_status pdf_load_from_stream(struct pdf_document *doc, uint32_t num,
				      uint32_t stream, uint32_t index,
				      struct pdf_arena *arena,
				      struct pdf_object **out,
				      struct deed_error *err)
{
	struct pdf_objstm *s;
	enum deed_status status;
	struct pdf_lexer l;
	size_t at;

	if (doc->core->loading >= PDF_MAX_LOADING)
		return deed_error_set(err, DEED_MALFORMED,
				      "object %u leads to itself", num);
	doc->core->loading++;
	status = get_objstm(doc, stream, &s, err);
	doc->core->loading--;
	if (status != DEED_OK)
		return status;
	if (index >= s->count || s->index[index].num != num)
		return deed_error_set(err, DEED_MALFORMED,
				      "object %u is not where the "
				      "cross-reference data says in object "
				      "stream %u",
				      num, stream);
	at = (size_t)s->first + s->index[index].offset;
	pdf_lexer_init_memory(&l, slice_of(s->data.data + at, s->data.len - at),
			      arena);
	status = pdf_lex_object(&l, out, err);
	if (status == DEED_OK && pdf_is(*out, PDF_REF))
		status = deed_error_set(err, DEED_MALFORMED,
					"it is nothing but a reference");
	if (status == DEED_OK)
		status = pdf_charge(doc->core, l.pos + 16, err);
	else
		deed_error_prefix(err, "object %u", num);
	pdf_lexer_clear(&l);
	return status;
}

bool pdf_objstm_number(struct pdf_document *doc, uint32_t stream, size_t i,
		       uint32_t *num)
{
	struct pdf_objstm *s;

	if (get_objstm(doc, stream, &s, NULL) != DEED_OK || i >= s->count)
		return false;
	*num = s->index[i].num;
	return true;
}

void pdf_objstms_clear(struct pdf_core *core)
{
	size_t i;

	for (i = 0; i < PDF_OBJSTM_KEPT; i++)
		objstm_clear(&core->objstms[i]);
}
