/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/dss.h"

#include <stdlib.h>

#include "crypto/digest.h"

/* Entries of /VRI that are looked into. */
#define VRI_MAX 4096

struct reader {
	struct pdf_document *doc;
	struct pdf_dss *dss;
	size_t bytes;
};

static bool is_fatal(enum deed_status status)
{
	return status == DEED_NO_MEMORY || status == DEED_IO;
}

/* What cannot be read is not there, but for what ends everything. */
static enum deed_status resolve(struct pdf_document *doc,
				const struct pdf_object *o,
				const struct pdf_object **out,
				struct deed_error *err)
{
	enum deed_status status = pdf_resolve(doc, o, out, err);

	if (status == DEED_OK || is_fatal(status))
		return status;
	*out = NULL;
	return DEED_OK;
}

/* The store and the VRI entries name the same streams: each is decoded once.
 * By reference, not by content, for the revision of each stream is asked for
 * later. */
static bool has_ref(const struct pdf_dss_list *l, struct pdf_ref ref)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (l->refs[i].num == ref.num && l->refs[i].gen == ref.gen)
			return true;
	}
	return false;
}

/* Room for all that a list may hold is taken at once; add_value has kept
 * within PDF_DSS_VALUES. The copy is never empty, so that free is sure to have
 * something. */
static enum deed_status push(struct pdf_dss_list *l, struct pdf_ref ref,
			     struct slice bytes, struct deed_error *err)
{
	uint8_t *copy;

	if (l->items == NULL) {
		l->items = calloc(PDF_DSS_VALUES, sizeof(*l->items));
		l->refs = calloc(PDF_DSS_VALUES, sizeof(*l->refs));
	}
	copy = malloc(bytes.len + 1);
	if (l->items == NULL || l->refs == NULL || copy == NULL) {
		free(copy);
		return deed_error_memory(err);
	}
	if (bytes.len > 0)
		memcpy(copy, bytes.data, bytes.len);
	l->items[l->count] = slice_of(copy, bytes.len);
	l->refs[l->count++] = ref;
	return DEED_OK;
}

/* Values that cannot be read are passed over: the store is anybody's, and what
 * is missing shows when a chain is judged. */
static enum deed_status add_value(struct reader *r, struct pdf_dss_list *l,
				  const struct pdf_object *item,
				  struct deed_error *err)
{
	const struct pdf_object *stream;
	struct buf bytes = BUF_INIT;
	enum deed_status status;
	struct pdf_ref ref;

	if (l->count == PDF_DSS_VALUES || !pdf_get_ref(item, &ref) ||
	    has_ref(l, ref))
		return DEED_OK;
	status = resolve(r->doc, item, &stream, err);
	if (status != DEED_OK || !pdf_is(stream, PDF_STREAM))
		return status;
	status = pdf_stream_decode(r->doc, stream, PDF_DSS_BYTES - r->bytes,
				   &bytes, err);
	if (status == DEED_OK) {
		r->bytes += bytes.len;
		status = push(l, ref, buf_get(&bytes), err);
	} else if (!is_fatal(status)) {
		status = DEED_OK;
	}
	buf_clear(&bytes);
	return status;
}

/* What is no array has no items and adds nothing. */
static enum deed_status add_values(struct reader *r, struct pdf_dss_list *l,
				   const struct pdf_object *owner,
				   const char *key, struct deed_error *err)
{
	const struct pdf_object *array;
	enum deed_status status;
	size_t i;

	status = resolve(r->doc, pdf_dict_get(owner, key), &array, err);
	for (i = 0; status == DEED_OK && i < pdf_array_count(array); i++)
		status = add_value(r, l, pdf_array_get(array, i), err);
	return status;
}

/* Values that stand only below VRI are read, too (ETSI EN 319 142-1 5.4.2.3):
 * some programs list them nowhere else. */
static enum deed_status read_vri(struct reader *r, const struct pdf_object *dss,
				 struct deed_error *err)
{
	const struct pdf_object *all, *one;
	enum deed_status status;
	size_t i;

	status = resolve(r->doc, pdf_dict_get(dss, "VRI"), &all, err);
	if (status != DEED_OK || !pdf_is(all, PDF_DICT))
		return status;
	r->dss->vri_count = all->u.dict.count;
	for (i = 0; status == DEED_OK && i < all->u.dict.count && i < VRI_MAX;
	     i++) {
		status = resolve(r->doc, all->u.dict.entries[i].value, &one,
				 err);
		if (status != DEED_OK || !pdf_is(one, PDF_DICT))
			continue;
		status = add_values(r, &r->dss->certs, one, "Cert", err);
		if (status == DEED_OK)
			status = add_values(r, &r->dss->crls, one, "CRL", err);
		if (status == DEED_OK)
			status =
				add_values(r, &r->dss->ocsps, one, "OCSP", err);
	}
	return status;
}

/* The store's own arrays first, then what only a VRI names; the order within a
 * kind is that of the file.  A failure of the machine clears everything: half
 * a store would be taken for all. */
enum deed_status pdf_dss_read(struct pdf_document *doc, struct pdf_dss *out,
			      struct deed_error *err)
{
	struct reader r = { doc, out, 0 };
	const struct pdf_object *catalog, *dss;
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	status = pdf_catalog(doc, &catalog, err);
	if (status != DEED_OK)
		return is_fatal(status) ? status : DEED_OK;
	status = resolve(doc, pdf_dict_get(catalog, "DSS"), &dss, err);
	if (status != DEED_OK || !pdf_is(dss, PDF_DICT))
		return status;
	out->present = true;
	status = add_values(&r, &out->certs, dss, "Certs", err);
	if (status == DEED_OK)
		status = add_values(&r, &out->crls, dss, "CRLs", err);
	if (status == DEED_OK)
		status = add_values(&r, &out->ocsps, dss, "OCSPs", err);
	if (status == DEED_OK)
		status = read_vri(&r, dss, err);
	if (status != DEED_OK)
		pdf_dss_clear(out);
	return status;
}

/* Items point into memory of their own; const in the slice alone. */
static void list_clear(struct pdf_dss_list *l)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		free((void *)(uintptr_t)l->items[i].data);
	free(l->items);
	free(l->refs);
}

void pdf_dss_clear(struct pdf_dss *dss)
{
	list_clear(&dss->certs);
	list_clear(&dss->crls);
	list_clear(&dss->ocsps);
	memset(dss, 0, sizeof(*dss));
}

void pdf_dss_key(const struct pdf_object *signature, char out[PDF_DSS_KEY])
{
	static const char digits[] = "0123456789ABCDEF";
	uint8_t hash[DIGEST_MAX];
	size_t i, n = digest_size(DIGEST_SHA1);

	digest_once(DIGEST_SHA1,
		    pdf_get_string(pdf_dict_get(signature, "Contents")), hash);
	for (i = 0; i < n; i++) {
		out[2 * i] = digits[hash[i] >> 4];
		out[2 * i + 1] = digits[hash[i] & 15];
	}
	out[2 * n] = '\0';
}
