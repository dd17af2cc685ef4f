/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/shadow.h"

#include <stdarg.h>
#include <stdio.h>

#include "pdf/core.h"
#include "pdf/shadow_priv.h"
#include "pdf/structure.h"

bool shadow_well(struct shadow *s, enum deed_status status)
{
	if (status == DEED_NO_MEMORY || status == DEED_IO)
		s->failed = status;
	return status == DEED_OK;
}

void shadow_find(struct shadow *s, const char *id, const char *fmt, ...)
{
	struct pdf_shadow *out = s->out;
	char text[PDF_SHADOW_TEXT];
	va_list args;
	size_t i;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	for (i = 0; i < out->count; i++) {
		if (strcmp(out->list[i].text, text) == 0)
			return;
	}
	if (out->count == PDF_SHADOW_FINDINGS)
		return;
	(void)snprintf(out->list[out->count].id, PDF_SHADOW_ID, "%s", id);
	memcpy(out->list[out->count].text, text, sizeof(text));
	out->count++;
}

/* ---- optional content (ISO 32000-2 8.11.4) ---- */

/* Of the default configuration alone (/D): it is what a reader shows before
 * anybody switches.  How many are off is enough for a warning. */
static void look_at_layers(struct shadow *s)
{
	const struct pdf_object *o, *off, *base;

	if (!shadow_well(s, pdf_catalog(s->doc, &o, NULL)) ||
	    !shadow_well(
		    s, pdf_dict_resolve(s->doc, o, "OCProperties", &o, NULL)) ||
	    !shadow_well(s, pdf_dict_resolve(s->doc, o, "D", &o, NULL)) ||
	    !shadow_well(s, pdf_dict_resolve(s->doc, o, "OFF", &off, NULL)) ||
	    !shadow_well(s,
			 pdf_dict_resolve(s->doc, o, "BaseState", &base, NULL)))
		return;
	if (pdf_array_count(off) > 0)
		shadow_find(s, "shadow-layer",
			    "%zu layers of optional content are off",
			    pdf_array_count(off));
	else if (pdf_is_name(base, "OFF"))
		shadow_find(s, "shadow-layer",
			    "optional content is off unless switched on");
}

/* ---- objects that nothing leads to ---- */

/* A page that nothing leads to may wait for a later revision to bring it in.
 * Only the dictionary is looked at, which any tool may have left behind. */
static void look_at_object(struct shadow *s, const struct pdf_set *known,
			   uint32_t num, struct pdf_arena *arena)
{
	static const char *const kinds[] = { "Page", "Pages", "Catalog", NULL };
	struct pdf_object *o;
	struct slice type;

	if (pdf_set_has(known, num) ||
	    !shadow_well(s, pdf_load(s->doc, num, arena, &o, NULL)) ||
	    !pdf_is(o, PDF_DICT))
		return;
	type = pdf_get_name(pdf_dict_get(o, "Type"));
	if (pdf_name_in(type, kinds))
		shadow_find(
			s, "shadow-page", "nothing leads to a %.*s (object %u)",
			(int)type.len, (const char *)type.data, (unsigned)num);
}

/* An object that says it is a page and is none lies in wait to become one. */
static void look_at_objects(struct shadow *s)
{
	struct pdf_arena arena = PDF_ARENA_INIT;
	const struct pdf_object *trailer;
	uint32_t num, end = pdf_next_number(s->doc);
	struct pdf_set known = { 0 };
	struct pdf_ref ref;
	size_t pages, i;

	if (!shadow_well(s, pdf_page_count(s->doc, &pages, NULL)) ||
	    !shadow_well(s, pdf_set_init(&known, s->doc, NULL)))
		return;
	for (i = 0; i < pages && pdf_page_ref(s->doc, i, &ref, NULL) == DEED_OK;
	     i++)
		(void)pdf_set_add(&known, ref.num);
	for (i = 0; pdf_page_node(s->doc, i, &ref); i++)
		(void)pdf_set_add(&known, ref.num);
	/* Some tools give the catalog another number. */
	for (i = 0; i < pdf_revision_count(s->doc); i++) {
		trailer = pdf_trailer(pdf_at_revision(s->doc, i));
		if (pdf_get_ref(pdf_dict_get(trailer, "Root"), &ref))
			(void)pdf_set_add(&known, ref.num);
	}
	if (end > PDF_SHADOW_OBJECTS)
		end = PDF_SHADOW_OBJECTS;
	for (num = 1; num < end && s->failed == DEED_OK; num++) {
		if (pdf_locate(s->doc, num).where == PDF_IN_FILE)
			look_at_object(s, &known, num, &arena);
		pdf_arena_reset(&arena);
	}
	pdf_arena_clear(&arena);
	pdf_set_clear(&known);
}

/* ---- how the file is built ---- */

/* What was prepared to be read in two ways is more than a warning; faults of
 * other kinds are innocent in most files that are yet to be signed. */
static void look_at_structure(struct shadow *s)
{
	const struct pdf_structure *structure;
	size_t i;

	if (!shadow_well(s, pdf_structure_look(s->doc, &structure, NULL)))
		return;
	for (i = 0; i < structure->count; i++) {
		if (structure->list[i].weight == PDF_FAULT_PREPARED &&
		    (structure->list[i].kind == PDF_FAULT_ENTRY ||
		     structure->list[i].kind == PDF_FAULT_STRAY))
			shadow_find(s, "prepared", "%.110s",
				    structure->list[i].text);
	}
}

/* What cannot be read is passed over: this is for a warning before signing,
 * and the document is judged elsewhere. */
enum deed_status pdf_shadow_look(struct pdf_document *doc,
				 struct pdf_shadow *out, struct deed_error *err)
{
	struct shadow s = { .doc = doc, .out = out };
	size_t pages, i;

	memset(out, 0, sizeof(*out));
	/* First what is more than a warning: the list has an end. */
	look_at_structure(&s);
	if (s.failed == DEED_OK)
		look_at_layers(&s);
	if (s.failed == DEED_OK)
		shadow_fields(&s);
	if (s.failed == DEED_OK &&
	    shadow_well(&s, pdf_page_count(doc, &pages, NULL))) {
		for (i = 0; i < pages && i < PDF_SHADOW_PAGES; i++)
			shadow_page(&s, i);
	}
	if (s.failed == DEED_OK)
		look_at_objects(&s);
	if (s.failed == DEED_IO)
		return deed_error_set(err, DEED_IO, "cannot read '%s'",
				      pdf_input_name(pdf_document_input(doc)));
	return s.failed == DEED_OK ? DEED_OK : deed_error_memory(err);
}
