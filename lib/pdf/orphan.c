/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/orphan.h"

#include "pdf/core.h"
#include "pdf/scan.h"

struct orphans {
	struct pdf_document *doc;
	pdf_orphan_fn *fn;
	void *arg;
	uint32_t last; /* entry that was looked at */
};

/* Usage rights (ISO 32000-2 12.8.2.3) are a signature of no field. */
static bool is_usage_right(struct pdf_document *view, uint32_t num)
{
	const struct pdf_object *catalog, *perms;
	static const char *const keys[] = { "UR3", "UR" };
	struct pdf_ref ref;
	size_t i;

	if (pdf_catalog(view, &catalog, NULL) != DEED_OK ||
	    pdf_dict_resolve(view, catalog, "Perms", &perms, NULL) != DEED_OK)
		return false;
	for (i = 0; i < 2; i++) {
		if (pdf_get_ref(pdf_dict_get(perms, keys[i]), &ref) &&
		    ref.num == num)
			return true;
	}
	return false;
}

/* The signature dictionary of an entry, if it is one. */
static enum deed_status take_entry(struct pdf_document *doc,
				   const struct pdf_xref_entry *e,
				   pdf_orphan_fn *fn, void *arg,
				   struct deed_error *err)
{
	size_t revision = doc->core->sections[e->section].revision;
	struct pdf_document *view = pdf_at_revision(doc, revision);
	struct pdf_ref ref = { e->num, e->gen };
	const struct pdf_object *dict;
	enum deed_status status;

	status = pdf_get_object(view, ref, &dict, NULL);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK || !pdf_is(dict, PDF_DICT) ||
	    pdf_dict_get(dict, "ByteRange") == NULL ||
	    pdf_dict_get(dict, "Contents") == NULL ||
	    is_usage_right(view, e->num))
		return DEED_OK;
	return fn(arg, view, ref, dict, err);
}

/* One object may have the word many times, and hits come in order: the entry
 * that was looked at last is not looked at again.  What stands before the
 * first object belongs to none. */
static enum deed_status take_hit(void *arg, const struct pdf_hit *hit,
				 struct deed_error *err)
{
	struct orphans *o = arg;
	struct pdf_core *core = o->doc->core;
	enum deed_status status = pdf_places_make(core, err);
	size_t i;

	if (status != DEED_OK)
		return status;
	i = pdf_places_upto(core, hit->at);
	if (i == 0 || core->places[i - 1] == o->last)
		return DEED_OK;
	o->last = core->places[i - 1];
	return take_entry(o->doc, &core->entries[o->last], o->fn, o->arg, err);
}

enum deed_status pdf_orphans_each(struct pdf_document *doc, pdf_orphan_fn *fn,
				  void *arg, struct deed_error *err)
{
	struct orphans o = { doc, fn, arg, PDF_NO_ENTRY };

	return pdf_scan(doc->core->in, 0, "/ByteRange", 1, take_hit, &o, err);
}
