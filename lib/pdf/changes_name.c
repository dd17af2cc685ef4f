/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "pdf/step.h"

/* What people call the parts of a document. */

static const struct {
	const char *key, *name;
} parts[] = {
	{ "Outlines", "the document outline" },
	{ "Names", "the document's names and attachments" },
	{ "Dests", "the named destinations" },
	{ "StructTreeRoot", "the structure that is read aloud and copied" },
	{ "OCProperties", "the layers" },
	{ "PageLabels", "the page labels" },
	{ "OpenAction", "what happens when the document is opened" },
	{ "AA", "what happens by itself" },
	{ "ViewerPreferences", "the viewer preferences" },
	{ "Collection", "the collection of attachments" },
	{ "AF", "the attached files" },
	{ "AcroForm", "the form" },
	{ "Threads", "the article threads" },
	{ "OutputIntents", "the output intents" },
	{ "Info", "the document information" },
	{ "DSS", "the validation data" },
};

/* A key that has no name of its own here comes from the file, and is cut to
 * the room of a reason. */
static const char *key_name(struct slice key, char out[PDF_ORIGIN_NAME])
{
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (slice_equal_str(key, parts[i].key))
			return parts[i].name;
	}
	(void)snprintf(out, PDF_ORIGIN_NAME, "/%.*s of the catalog",
		       (int)(key.len > 40 ? 40 : key.len),
		       key.len == 0 ? "" : (const char *)key.data);
	return out;
}

/* The list of fields has terminal ones only: a widget below takes the name of
 * the next field above, at most PDF_MAX_TREE_DEPTH levels up. */
const char *pdf_field_name(struct pdf_document *view, uint32_t num)
{
	const struct pdf_field *fields;
	const struct pdf_object *o;
	size_t count, i, step;
	struct pdf_ref ref = { num, 0 };

	if (pdf_fields(view, &fields, &count, NULL) != DEED_OK)
		return "";
	/* A widget that is no field of its own: the field above it. */
	for (step = 0; step < PDF_MAX_TREE_DEPTH; step++) {
		for (i = 0; i < count; i++) {
			if (fields[i].ref.num == ref.num &&
			    fields[i].name != NULL)
				return fields[i].name;
		}
		if (pdf_get_object(view, ref, &o, NULL) != DEED_OK ||
		    !pdf_get_ref(pdf_dict_get(o, "Parent"), &ref))
			break;
	}
	return "";
}

const char *pdf_step_where(struct pdf_step *s, char out[PDF_ORIGIN_NAME])
{
	const char *name;

	switch (s->origin.kind) {
	case PDF_FROM_PAGE:
		(void)snprintf(out, PDF_ORIGIN_NAME, "page %u",
			       (unsigned)s->origin.number);
		return out;
	case PDF_FROM_FIELD:
		name = pdf_field_name(s->a, s->origin.number);
		(void)snprintf(out, PDF_ORIGIN_NAME, "the field '%.60s'", name);
		return name[0] == '\0' ? "a form field" : out;
	case PDF_FROM_KEY:
		return key_name(s->origin.key, out);
	default:
		return "the document";
	}
}
