/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/array.h"
#include "pdf/dss.h"

/* One of the three kinds: its keys, and what the store has of it. */
struct kind {
	const char *store, *vri; /* "Certs", "Cert" */
	const struct pdf_dss_list *old;
	struct slice *added; /* written in this update, with their numbers */
	struct pdf_ref *refs;
	size_t count, cap;
};

struct writer {
	struct pdf_update *u;
	struct pdf_document *doc;
	struct pdf_arena *a;
	struct kind kinds[3];
	struct pdf_object *dss, *vri;
	bool changed;
};

/* A value is written once, whoever names it: what the document has already is
 * referred to, and what this update has written as well. */
static bool find(const struct kind *k, struct slice value, struct pdf_ref *out)
{
	size_t i;

	for (i = 0; i < k->old->count; i++) {
		if (slice_equal(k->old->items[i], value)) {
			*out = k->old->refs[i];
			return true;
		}
	}
	for (i = 0; i < k->count; i++) {
		if (slice_equal(k->added[i], value)) {
			*out = k->refs[i];
			return true;
		}
	}
	return false;
}

/* The stream that holds a value: the one that is there, or a new one. */
static enum deed_status stream_of(struct writer *w, struct kind *k,
				  struct slice value, struct pdf_ref *out,
				  struct deed_error *err)
{
	size_t cap = k->cap;

	if (find(k, value, out))
		return DEED_OK;
	if (!array_room(&k->added, &cap, k->count + 1) ||
	    !array_room(&k->refs, &k->cap, k->count + 1))
		return deed_error_memory(err);
	*out = pdf_update_add(w->u, pdf_new_stream(w->a, value));
	k->added[k->count] = value;
	k->refs[k->count++] = *out;
	w->changed = true;
	return DEED_OK;
}

/* The array behind a key, to be changed: a copy that owner now holds. */
static enum deed_status own_array(struct writer *w, struct pdf_object *owner,
				  const char *key, struct pdf_object **out,
				  struct deed_error *err)
{
	const struct pdf_object *old;
	enum deed_status status;

	status = pdf_dict_resolve(w->doc, owner, key, &old, err);
	if (status != DEED_OK)
		return status;
	*out = pdf_is(old, PDF_ARRAY) ? pdf_copy_shallow(w->a, old)
				      : pdf_new_array(w->a);
	if (!pdf_dict_put(w->a, owner, key, *out))
		return deed_error_memory(err);
	return DEED_OK;
}

/* Each value stands once in an array: updates would else double it each time.
 */
static bool names(const struct pdf_object *array, struct pdf_ref ref)
{
	struct pdf_ref other;
	size_t i;

	for (i = 0; i < pdf_array_count(array); i++) {
		if (pdf_get_ref(pdf_array_get(array, i), &other) &&
		    other.num == ref.num && other.gen == ref.gen)
			return true;
	}
	return false;
}

/* Values into the array behind key. */
static enum deed_status put_values(struct writer *w, struct kind *k,
				   struct pdf_object *owner, const char *key,
				   const struct slice *values, size_t count,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct pdf_object *array = NULL;
	struct pdf_ref ref;
	size_t i;

	if (count > 0)
		status = own_array(w, owner, key, &array, err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		status = stream_of(w, k, values[i], &ref, err);
		if (status != DEED_OK || names(array, ref))
			continue;
		w->changed = true;
		if (!pdf_array_add(w->a, array, pdf_new_ref(w->a, ref)))
			status = deed_error_memory(err);
	}
	return status;
}

/* The same three kinds into the store, or into one signature's entry, which
 * has other keys for them (ISO 32000-2 12.8.4.4). */
static enum deed_status put_all(struct writer *w, struct pdf_object *owner,
				bool store, const struct pdf_dss_values *v,
				struct deed_error *err)
{
	const struct slice *values[3] = { v->certs, v->crls, v->ocsps };
	const size_t counts[3] = { v->cert_count, v->crl_count, v->ocsp_count };
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < 3; i++) {
		struct kind *k = &w->kinds[i];

		status = put_values(w, k, owner, store ? k->store : k->vri,
				    values[i], counts[i], err);
	}
	return status;
}

/* Other keys of an entry (/TU, /TS) stay as they are. */
static enum deed_status put_vri(struct writer *w, const struct pdf_dss_vri *vri,
				struct deed_error *err)
{
	const struct pdf_object *old;
	struct pdf_object *one;
	enum deed_status status;

	status = pdf_dict_resolve(w->doc, w->vri, vri->key, &old, err);
	if (status != DEED_OK)
		return status;
	if (!pdf_is(old, PDF_DICT))
		w->changed = true;
	one = pdf_is(old, PDF_DICT) ? pdf_copy_shallow(w->a, old)
				    : pdf_new_dict(w->a);
	if (!pdf_dict_put(w->a, w->vri, vri->key, one))
		return deed_error_memory(err);
	return put_all(w, one, false, &vri->values, err);
}

/* Where the store hangs: its own object, or a new one in the catalog. */
static enum deed_status place(struct writer *w, struct pdf_ref root,
			      const struct pdf_object *catalog,
			      struct deed_error *err)
{
	struct pdf_object *copy;
	struct pdf_ref ref;

	if (pdf_get_ref(pdf_dict_get(catalog, "DSS"), &ref)) {
		pdf_update_put(w->u, ref, w->dss);
		return DEED_OK;
	}
	ref = pdf_update_add(w->u, w->dss);
	copy = pdf_copy_shallow(w->a, catalog);
	if (!pdf_dict_put(w->a, copy, "DSS", pdf_new_ref(w->a, ref)))
		return deed_error_memory(err);
	pdf_update_put(w->u, root, copy);
	return DEED_OK;
}

/* Copies of the dictionaries that are there, or new ones. */
static enum deed_status begin(struct writer *w,
			      const struct pdf_object *catalog,
			      struct deed_error *err)
{
	const struct pdf_object *dss, *vri;
	enum deed_status status;

	status = pdf_update_resolve(w->u, pdf_dict_get(catalog, "DSS"), &dss,
				    err);
	if (status == DEED_OK)
		status = pdf_update_resolve(w->u, pdf_dict_get(dss, "VRI"),
					    &vri, err);
	if (status != DEED_OK)
		return status;
	w->dss = pdf_is(dss, PDF_DICT) ? pdf_copy_shallow(w->a, dss)
				       : pdf_new_dict(w->a);
	w->vri = pdf_is(vri, PDF_DICT) ? pdf_copy_shallow(w->a, vri)
				       : pdf_new_dict(w->a);
	if (!pdf_dict_put(w->a, w->dss, "Type", pdf_new_name(w->a, "DSS")) ||
	    w->vri == NULL)
		return deed_error_memory(err);
	return DEED_OK;
}

/* Everything is collected before anything is put at its place, so that a store
 * that has all of it already is not written again.  Streams come first, as
 * their numbers go into the arrays. */
enum deed_status pdf_dss_write(struct pdf_update *u, struct pdf_document *doc,
			       const struct pdf_dss_vri *vri, size_t count,
			       bool *changed, struct deed_error *err)
{
	struct writer w = { .u = u, .doc = doc, .a = pdf_update_arena(u) };
	const struct pdf_object *catalog;
	struct pdf_dss old;
	enum deed_status status;
	struct pdf_ref root;
	size_t i;

	*changed = false;
	status = pdf_dss_read(doc, &old, err);
	if (status != DEED_OK)
		return status;
	w.kinds[0] = (struct kind){ .store = "Certs",
				    .vri = "Cert",
				    .old = &old.certs };
	w.kinds[1] = (struct kind){ .store = "CRLs",
				    .vri = "CRL",
				    .old = &old.crls };
	w.kinds[2] = (struct kind){ .store = "OCSPs",
				    .vri = "OCSP",
				    .old = &old.ocsps };
	status = pdf_update_catalog(u, &root, &catalog, err);
	if (status == DEED_OK)
		status = begin(&w, catalog, err);
	for (i = 0; status == DEED_OK && i < count; i++)
		status = put_all(&w, w.dss, true, &vri[i].values, err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		if (vri[i].key != NULL)
			status = put_vri(&w, &vri[i], err);
	}
	if (status == DEED_OK && w.vri->u.dict.count > 0 &&
	    !pdf_dict_put(w.a, w.dss, "VRI", w.vri))
		status = deed_error_memory(err);
	if (status == DEED_OK && w.changed)
		status = place(&w, root, catalog, err);
	*changed = status == DEED_OK && w.changed;
	for (i = 0; i < 3; i++) {
		free(w.kinds[i].added);
		free(w.kinds[i].refs);
	}
	pdf_dss_clear(&old);
	return status;
}
