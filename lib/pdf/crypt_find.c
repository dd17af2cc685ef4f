/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/core.h"
#include "pdf/crypt.h"

static enum deed_status differs(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "its revisions are not encrypted alike");
}

/*
 * What a later saving must repeat (ISO 32000-2 table 15).  The older half of
 * a linearised file and the stream of a hybrid section need not.
 */
static enum deed_status same_everywhere(const struct pdf_core *core,
					const struct pdf_object **out,
					struct deed_error *err)
{
	const struct pdf_object *entry, *first = NULL;
	const struct pdf_section *s;
	size_t i, mains = 0, with = 0;

	*out = NULL;
	for (i = 0; i < core->section_count; i++) {
		s = &core->sections[i];
		entry = pdf_dict_get(s->trailer, "Encrypt");
		if (entry == NULL && (s->extra || s->in_pair))
			continue;
		mains++;
		with += entry != NULL;
		if (first == NULL)
			first = entry;
		if (entry != NULL && !pdf_equal(entry, first))
			return differs(err);
	}
	if (with != 0 && with != mains)
		return differs(err);
	*out = first;
	return DEED_OK;
}

/* The dictionary as each revision has it; it is not encrypted itself, and
 * must not lie in a stream that is. */
static enum deed_status read_dictionary(struct pdf_core *core,
					const struct pdf_object *entry,
					const struct pdf_object **out,
					struct deed_error *err)
{
	const struct pdf_object *then;
	enum deed_status status = DEED_OK;
	struct pdf_ref ref;
	size_t i;

	*out = entry;
	if (!pdf_get_ref(entry, &ref))
		return DEED_OK;
	core->crypt_num = ref.num;
	for (i = core->revision_count; i-- > 0;) {
		struct pdf_document *view = &core->views[i];

		if (pdf_locate(view, ref.num).where == PDF_IN_STREAM)
			return deed_error_set(err, DEED_MALFORMED,
					      "the encryption dictionary lies "
					      "in an object stream");
		status = pdf_get_object(view, ref, &then, err);
		if (status != DEED_OK)
			return status;
		if (i + 1 == core->revision_count)
			*out = then;
		else if (!pdf_equal(then, *out))
			return differs(err);
	}
	return status;
}

/* Nothing may be looked up before the key is there. */
static bool has_reference(const struct pdf_object *o)
{
	size_t i;

	if (pdf_is(o, PDF_REF))
		return true;
	for (i = 0; pdf_is(o, PDF_ARRAY) && i < o->u.array.count; i++) {
		if (has_reference(o->u.array.items[i]))
			return true;
	}
	for (i = 0; pdf_is_dict(o) && i < o->u.dict.count; i++) {
		if (has_reference(o->u.dict.entries[i].value))
			return true;
	}
	return false;
}

/* Before any other object is read, as its strings would stay encrypted in the
 * cache.  The dictionary itself is read in the clear: crypt is still NULL. */
enum deed_status pdf_crypt_find(struct pdf_core *core, struct deed_error *err)
{
	const struct pdf_document *newest =
		&core->views[core->revision_count - 1];
	const struct pdf_object *entry, *dict, *id;
	enum deed_status status;

	status = same_everywhere(core, &entry, err);
	if (status != DEED_OK || entry == NULL)
		return status;
	status = read_dictionary(core, entry, &dict, err);
	if (status != DEED_OK)
		return status;
	/* Of another handler's dictionary nothing is looked at. */
	if (!pdf_is(dict, PDF_DICT) ||
	    (pdf_is_name(pdf_dict_get(dict, "Filter"), "Standard") &&
	     has_reference(dict)))
		return deed_error_set(err, DEED_MALFORMED,
				      "/Encrypt leads to no encryption "
				      "dictionary");
	id = pdf_array_get(pdf_dict_get(newest->trailer, "ID"), 0);
	return pdf_crypt_new(dict, pdf_get_string(id),
			     pdf_input_password(core->in), &core->crypt, err);
}
