/* SPDX-License-Identifier: Apache-2.0 */

/* The place that --prepare left open: found by deed-parse, told to deed. */
#include <stdlib.h>

#include "pdf/signature.h"
#include "sign/pades_elsewhere.h"
#include "sign/pades_wire.h"

/* The contents are decoded: a value of no bytes is no place. */
static bool all_zeros(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] != 0)
			return false;
	}
	return s.len > 0;
}

/* What the newest revision left open, to the last byte of the file. */
static const struct pdf_signature *
open_place(const struct pdf_signatures *found)
{
	const struct pdf_signature *last;

	if (found->count == 0)
		return NULL;
	last = &found->list[found->count - 1];
	return last->coverage == PDF_COVERS_FILE && last->problem == NULL &&
			       all_zeros(last->contents) &&
			       (last->sub_filter ==
					PDF_SUB_FILTER_CADES_DETACHED ||
				last->sub_filter ==
					PDF_SUB_FILTER_PKCS7_DETACHED)
		       ? last
		       : NULL;
}

enum deed_status pades_complete_place(const struct pdf_input *in,
				      struct pades_open *out,
				      struct deed_error *err)
{
	struct pdf_signatures found = { .arena = PDF_ARENA_INIT };
	const struct pdf_signature *place = NULL;
	struct pdf_document *doc = NULL;
	enum deed_status status;

	*out = (struct pades_open){ .field = NULL };
	status = pdf_open(in, &doc, err);
	if (status == DEED_OK)
		status = pdf_signatures_find(doc, &found, err);
	if (status == DEED_OK)
		place = open_place(&found);
	if (place != NULL) {
		memcpy(out->byte_range, place->byte_range,
		       sizeof(out->byte_range));
		out->field = strdup(place->field);
	}
	if (status == DEED_OK && place == NULL)
		status = deed_error_set(err, DEED_NOT_FOUND,
					"its last revision keeps no place for "
					"a signature: it was not "
					"prepared for one");
	else if (status == DEED_OK && out->field == NULL)
		status = deed_error_memory(err);
	pdf_signatures_clear(&found);
	pdf_close(doc);
	return status;
}

void pades_open_write(const struct pades_open *o, struct buf *out)
{
	int i;

	pades_wire_put_text(out, o->field);
	for (i = 0; i < 4; i++)
		wire_put_u64(out, o->byte_range[i]);
}

enum deed_status pades_open_read(struct slice in, struct pades_open *out,
				 struct deed_error *err)
{
	const char *field;
	bool good;
	int i;

	*out = (struct pades_open){ .field = NULL };
	good = pades_wire_get_text(&in, &field) && field != NULL;
	for (i = 0; good && i < 4; i++)
		good = wire_get_u64(&in, &out->byte_range[i]);
	if (!good || in.len > 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "the place of a signature is malformed");
	out->field = strdup(field);
	return out->field == NULL ? deed_error_memory(err) : DEED_OK;
}
