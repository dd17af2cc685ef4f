/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/certify.h"

struct pdf_object *pdf_lock_all(struct pdf_arena *a)
{
	struct pdf_object *d = pdf_new_dict(a);

	if (!pdf_dict_put(a, d, "Type", pdf_new_name(a, "SigFieldLock")) ||
	    !pdf_dict_put(a, d, "Action", pdf_new_name(a, "All")) ||
	    !pdf_dict_put(a, d, "P", pdf_new_int(a, 1)))
		return NULL;
	return d;
}

bool pdf_lock_is_all(const struct pdf_object *lock)
{
	int64_t permission;

	return pdf_is_name(pdf_dict_get(lock, "Action"), "All") &&
	       pdf_get_int(pdf_dict_get(lock, "P"), &permission) &&
	       permission == 1;
}

/* By way of the update: the form or the structure may have changed the catalog
 * before this.  Other entries of /Perms stay. */
enum deed_status pdf_certify(struct pdf_update *u, struct pdf_document *doc,
			     struct pdf_ref value, struct deed_error *err)
{
	struct pdf_arena *a = pdf_update_arena(u);
	const struct pdf_object *catalog, *old;
	struct pdf_object *copy, *perms;
	enum deed_status status;
	struct pdf_ref root;

	status = pdf_update_catalog(u, &root, &catalog, err);
	if (status == DEED_OK)
		status = pdf_dict_resolve(doc, catalog, "Perms", &old, err);
	if (status != DEED_OK)
		return status;
	copy = pdf_copy_shallow(a, catalog);
	perms = pdf_is(old, PDF_DICT) ? pdf_copy_shallow(a, old)
				      : pdf_new_dict(a);
	if (copy == NULL ||
	    !pdf_dict_put(a, perms, "DocMDP", pdf_new_ref(a, value)) ||
	    !pdf_dict_put(a, copy, "Perms", perms))
		return deed_error_memory(err);
	pdf_update_put(u, root, copy);
	return DEED_OK;
}
