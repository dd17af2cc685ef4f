/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/document.h"

#include <stdlib.h>

#include "pdf/core.h"
#include "pdf/crypt.h"
#include "pdf/structure.h"

/* How far from the start "%PDF-" may stand (ISO 32000-1 Annex H.3.4.1). */
#define HEADER_WINDOW 1024

#define MAX_REF_STEPS 16

static const struct pdf_object null_object = { .type = PDF_NULL };

/* The header need not be the first thing in the file: what stands before
 * shifts all offsets of the cross-reference data, but not those of a
 * ByteRange. */
static enum deed_status find_header(struct pdf_core *core,
				    struct deed_error *err)
{
	uint64_t size = pdf_input_size(core->in);
	size_t len = size < HEADER_WINDOW ? (size_t)size : HEADER_WINDOW;
	uint8_t head[HEADER_WINDOW];
	enum deed_status status;
	const uint8_t *at;

	status = pdf_input_read(core->in, 0, head, len, err);
	if (status != DEED_OK)
		return status;
	at = memmem(head, len, "%PDF-", 5);
	if (at == NULL || (size_t)(head + len - at) < 8 || at[5] < '1' ||
	    at[5] > '9' || at[6] != '.' || at[7] < '0' || at[7] > '9')
		return deed_error_set(err, DEED_MALFORMED, "it is no PDF");
	core->base = (uint64_t)(at - head);
	return DEED_OK;
}

/* A view's trailer is that of its revision's main section: not of an /XRefStm,
 * nor of the older half of a linearised pair.  Encryption is looked for as
 * soon as views exist, before any object is read. */
static enum deed_status make_views(struct pdf_core *core,
				   struct deed_error *err)
{
	const struct pdf_section *s;
	size_t i;

	core->views = calloc(core->revision_count, sizeof(*core->views));
	if (core->views == NULL)
		return deed_error_memory(err);
	for (i = 0; i < core->revision_count; i++) {
		core->views[i].core = core;
		core->views[i].revision = i;
	}
	for (i = 0; i < core->section_count; i++) {
		s = &core->sections[i];
		if (!s->extra && !s->in_pair)
			core->views[s->revision].trailer = s->trailer;
	}
	return pdf_crypt_find(core, err);
}

/* The views exist last, and pdf_close needs one: a failure before that makes
 * an empty one to free the rest by. */
enum deed_status pdf_open(const struct pdf_input *in, struct pdf_document **out,
			  struct deed_error *err)
{
	struct pdf_core *core = calloc(1, sizeof(*core));
	enum deed_status status;

	*out = NULL;
	if (core == NULL)
		return deed_error_memory(err);
	core->in = in;
	core->work_max = pdf_work_max(in);
	status = find_header(core, err);
	if (status == DEED_OK)
		status = pdf_xref_load(core, err);
	if (status == DEED_OK)
		status = make_views(core, err);
	if (status == DEED_OK) {
		*out = &core->views[core->revision_count - 1];
		return DEED_OK;
	}
	deed_error_prefix(err, "'%s'", pdf_input_name(in));
	if (core->views == NULL) {
		/* pdf_close wants a view. */
		core->views = calloc(1, sizeof(*core->views));
		if (core->views == NULL)
			return status;
		core->views->core = core;
		core->revision_count = 1;
	}
	pdf_close(&core->views[0]);
	return status;
}

void pdf_close(struct pdf_document *doc)
{
	struct pdf_core *core;
	size_t i;

	if (doc == NULL)
		return;
	core = doc->core;
	for (i = 0; i < core->revision_count; i++) {
		pdf_pages_free(&core->views[i]);
		free(core->views[i].fields.fields);
		free(core->views[i].form_fields.fields);
	}
	for (i = 0; core->steps != NULL && i + 1 < core->revision_count; i++)
		free(core->steps[i]);
	free(core->steps);
	pdf_objstms_clear(core);
	pdf_crypt_free(core->crypt);
	pdf_arena_clear(&core->arena);
	free(core->cache.slots);
	pdf_structure_free(core->structure);
	free(core->places);
	free(core->section_order);
	free(core->dropped);
	free(core->entries);
	free(core->sections);
	free(core->revisions);
	free(core->views);
	free(core);
}

const struct pdf_input *pdf_document_input(const struct pdf_document *doc)
{
	return doc->core->in;
}

uint64_t pdf_header_offset(const struct pdf_document *doc)
{
	return doc->core->base;
}

size_t pdf_revision_count(const struct pdf_document *doc)
{
	return doc->core->revision_count;
}

const struct pdf_revision *pdf_revision_get(const struct pdf_document *doc,
					    size_t i)
{
	return &doc->core->revisions[i];
}

struct pdf_document *pdf_at_revision(struct pdf_document *doc, size_t i)
{
	return &doc->core->views[i];
}

size_t pdf_revision_of(const struct pdf_document *doc)
{
	return doc->revision;
}

bool pdf_hybrid_conflict(const struct pdf_document *doc, uint32_t *num)
{
	if (num != NULL && doc->core->conflict != 0)
		*num = doc->core->conflict;
	return doc->core->conflict != 0;
}

const struct pdf_object *pdf_trailer(const struct pdf_document *doc)
{
	return doc->trailer;
}

/* By this view's revision: an older view sees the entry that held then. */
struct pdf_location pdf_locate(const struct pdf_document *doc, uint32_t num)
{
	const struct pdf_core *core = doc->core;
	uint32_t entry = pdf_find_entry(core, num, doc->revision);
	struct pdf_location where = { .where = PDF_ABSENT };
	const struct pdf_xref_entry *e;
	uint64_t value;

	if (entry == PDF_NO_ENTRY)
		return where;
	e = &core->entries[entry];
	value = e->value & ~(UINT64_C(3) << 62);
	where.where = pdf_entry_where(e);
	where.gen = e->gen;
	where.revision = core->sections[e->section].revision;
	if (where.where == PDF_IN_FILE)
		where.offset = value;
	if (where.where == PDF_IN_STREAM) {
		where.stream = (uint32_t)(value >> 32);
		where.index = (uint32_t)value;
	}
	return where;
}

/* Entries are sorted by number, so that the last one of this view or before
 * has the highest. /Size counts where it is higher: numbers below it may be
 * referred to already. */
uint32_t pdf_next_number(const struct pdf_document *doc)
{
	const struct pdf_core *core = doc->core;
	uint32_t next = 1;
	int64_t size;
	size_t i;

	for (i = core->entry_count; i > 0; i--) {
		const struct pdf_xref_entry *e = &core->entries[i - 1];

		if (core->sections[e->section].revision <= doc->revision) {
			next = e->num + 1;
			break;
		}
	}
	if (pdf_get_int(pdf_dict_get(doc->trailer, "Size"), &size) &&
	    size > next && size <= PDF_MAX_NUM)
		next = (uint32_t)size;
	return next;
}

uint64_t pdf_version_key(const struct pdf_document *doc, uint32_t num)
{
	const struct pdf_core *core = doc->core;
	uint32_t entry = pdf_find_entry(core, num, doc->revision), holder;
	const struct pdf_xref_entry *e;
	uint64_t key;

	if (entry == PDF_NO_ENTRY)
		return 0;
	e = &core->entries[entry];
	key = (uint64_t)entry + 1;
	if (pdf_entry_where(e) == PDF_IN_STREAM) {
		holder = pdf_find_entry(core,
					(uint32_t)(e->value >> 32) & 0x3fffffff,
					doc->revision);
		key |= (uint64_t)(holder + 1) << 32;
	}
	return pdf_entry_where(e) == PDF_FREE ? 0 : key;
}

/* ---- the cache: open addressing, at most half full ---- */

/* Keys are small numbers in both halves: they are folded together and spread
 * over all bits. */
static uint64_t hash(uint64_t key)
{
	key ^= key >> 32;
	key *= UINT64_C(0x9e3779b97f4a7c15);
	return key ^ key >> 29;
}

/* The table is never full (remember), so that an empty slot ends the search;
 * keys are never 0. */
static const struct pdf_object *cached(const struct pdf_object_cache *c,
				       uint64_t key)
{
	size_t i;

	if (c->size == 0)
		return NULL;
	for (i = hash(key) & (c->size - 1); c->slots[i].key != 0;
	     i = (i + 1) & (c->size - 1)) {
		if (c->slots[i].key == key)
			return c->slots[i].object;
	}
	return NULL;
}

/* There must be room, and the key must not be in it. */
static void cache_put(struct pdf_object_cache *c, uint64_t key,
		      const struct pdf_object *object)
{
	size_t i = hash(key) & (c->size - 1);

	while (c->slots[i].key != 0)
		i = (i + 1) & (c->size - 1);
	c->slots[i].key = key;
	c->slots[i].object = object;
	c->count++;
}

/* At most half full, so that probing stays short; nothing is ever evicted, as
 * pointers to the objects are handed out. */
static enum deed_status remember(struct pdf_object_cache *c, uint64_t key,
				 const struct pdf_object *object,
				 struct deed_error *err)
{
	struct pdf_object_cache bigger = { 0 };
	size_t i;

	if (2 * (c->count + 1) > c->size) {
		bigger.size = c->size == 0 ? 64 : c->size * 2;
		bigger.slots = calloc(bigger.size, sizeof(*bigger.slots));
		if (bigger.slots == NULL)
			return deed_error_memory(err);
		for (i = 0; i < c->size; i++) {
			if (c->slots[i].key != 0)
				cache_put(&bigger, c->slots[i].key,
					  c->slots[i].object);
		}
		free(c->slots);
		*c = bigger;
	}
	cache_put(c, key, object);
	return DEED_OK;
}

/* Kept under the version, not under the number: views share what has not
 * changed between them.  An object in a stream has generation 0 (7.5.7). */
enum deed_status pdf_get_object(struct pdf_document *doc, struct pdf_ref ref,
				const struct pdf_object **out,
				struct deed_error *err)
{
	struct pdf_core *core = doc->core;
	uint64_t key = pdf_version_key(doc, ref.num);
	const struct pdf_object *known;
	enum deed_status status;
	struct pdf_object *o;
	uint32_t gen = 0;

	*out = &null_object;
	if (key == 0)
		return DEED_OK;
	if (pdf_entry_where(&core->entries[(uint32_t)key - 1]) == PDF_IN_FILE)
		gen = core->entries[(uint32_t)key - 1].gen;
	if (gen != ref.gen)
		return DEED_OK;
	known = cached(&core->cache, key);
	if (known == NULL) {
		status = pdf_load(doc, ref.num, &core->arena, &o, err);
		if (status == DEED_OK && o != NULL)
			status = remember(&core->cache, key, o, err);
		if (status != DEED_OK)
			return status;
		known = o;
	}
	if (known != NULL)
		*out = known;
	return DEED_OK;
}

/* An indirect object that is nothing but a reference is refused when it is
 * read, so that the limit is a second guard. *out is the null object in all
 * other cases. */
enum deed_status pdf_resolve(struct pdf_document *doc,
			     const struct pdf_object *o,
			     const struct pdf_object **out,
			     struct deed_error *err)
{
	enum deed_status status;
	int step;

	for (step = 0; pdf_is(o, PDF_REF); step++) {
		*out = &null_object;
		if (step == MAX_REF_STEPS)
			return deed_error_set(err, DEED_MALFORMED,
					      "a chain of references from "
					      "object %u has no end",
					      o->u.ref.num);
		status = pdf_get_object(doc, o->u.ref, &o, err);
		if (status != DEED_OK)
			return status;
	}
	*out = o == NULL ? &null_object : o;
	return DEED_OK;
}

enum deed_status pdf_dict_resolve(struct pdf_document *doc,
				  const struct pdf_object *dict,
				  const char *key,
				  const struct pdf_object **out,
				  struct deed_error *err)
{
	return pdf_resolve(doc, pdf_dict_get(dict, key), out, err);
}

enum deed_status pdf_catalog(struct pdf_document *doc,
			     const struct pdf_object **out,
			     struct deed_error *err)
{
	enum deed_status status;

	status = pdf_dict_resolve(doc, doc->trailer, "Root", out, err);
	if (status != DEED_OK)
		return status;
	if (!pdf_is(*out, PDF_DICT)) {
		*out = &null_object;
		return deed_error_set(err, DEED_MALFORMED,
				      "/Root leads to no catalog");
	}
	return DEED_OK;
}
