/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/core.h"
#include "pdf/crypt.h"
#include "pdf/filter.h"

/* Filters one behind the other. */
#define MAX_FILTERS 4

/* What is not there, or out of range, keeps the default; whether the values
 * make sense is for the predictor to say. */
static void get_parameter(const struct pdf_object *parms, const char *key,
			  int *out)
{
	int64_t value;

	if (pdf_get_int(pdf_dict_get(parms, key), &value) && value >= 0 &&
	    value <= INT32_MAX)
		*out = (int)value;
}

/* Without a document (a cross-reference stream) nothing can be followed: a
 * reference stays one, and counts as a filter that is not known. */
static enum deed_status resolve(struct pdf_document *doc,
				const struct pdf_object *o,
				const struct pdf_object **out,
				struct deed_error *err)
{
	*out = o;
	return doc == NULL ? DEED_OK : pdf_resolve(doc, o, out, err);
}

/* EarlyChange is 1 where it is not said (ISO 32000-2 table 8). */
static enum deed_status lzw(const struct pdf_object *parms, struct slice in,
			    size_t max, struct buf *out, struct deed_error *err)
{
	int early = 1;

	get_parameter(parms, "EarlyChange", &early);
	return pdf_lzw(in, early != 0, max, out, err);
}

/* max bounds each step of a chain of filters, not the last alone, so that a
 * bomb between two of them goes no further. */
static enum deed_status apply(struct pdf_core *core,
			      const struct pdf_object *filter,
			      const struct pdf_object *parms, struct slice in,
			      size_t max, struct buf *out,
			      struct deed_error *err)
{
	struct pdf_predictor p = PDF_PREDICTOR_NONE;
	enum deed_status status;

	if (pdf_is_name(filter, "ASCIIHexDecode"))
		status = pdf_ascii_hex(in, max, out, err);
	else if (pdf_is_name(filter, "Crypt"))
		/* Done already: see raw_bytes. */
		buf_slice(out, in), status = buf_status(out, err);
	else if (pdf_is_name(filter, "ASCII85Decode"))
		status = pdf_ascii85(in, max, out, err);
	else if (pdf_is_name(filter, "FlateDecode"))
		status = pdf_flate(in, max, out, err);
	else if (pdf_is_name(filter, "RunLengthDecode"))
		status = pdf_run_length(in, max, out, err);
	else if (pdf_is_name(filter, "LZWDecode"))
		status = lzw(parms, in, max, out, err);
	else
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "a stream filter is not supported");
	/* What was decoded counts even where it was too much. */
	if (pdf_charge_decoded(core, in.len, out->len,
			       status == DEED_OK ? err : NULL) != DEED_OK)
		return status == DEED_OK ? DEED_LIMIT : status;
	if (status != DEED_OK || (!pdf_is_name(filter, "FlateDecode") &&
				  !pdf_is_name(filter, "LZWDecode")))
		return status;
	get_parameter(parms, "Predictor", &p.predictor);
	get_parameter(parms, "Colors", &p.colors);
	get_parameter(parms, "BitsPerComponent", &p.bits);
	get_parameter(parms, "Columns", &p.columns);
	return pdf_unpredict(&p, out, err);
}

/* A stream's bytes, in the clear; filters and parms are resolved. */
static enum deed_status raw_bytes(struct pdf_core *core,
				  const struct pdf_object *stream,
				  const struct pdf_object *filters,
				  const struct pdf_object *parms, size_t max,
				  struct buf *out, struct deed_error *err)
{
	struct buf data = BUF_INIT;
	enum deed_status status;

	if (!pdf_is(stream, PDF_STREAM))
		return deed_error_set(err, DEED_MALFORMED, "expected a stream");
	if (stream->u.dict.length > max)
		return deed_error_set(err, DEED_LIMIT,
				      "a stream of more than %zu bytes", max);
	if (stream->u.dict.data != NULL) {
		buf_append(out, stream->u.dict.data,
			   (size_t)stream->u.dict.length);
		return buf_status(out, err);
	}
	if (core->crypt == NULL)
		return pdf_input_append(core->in, stream->u.dict.offset,
					(size_t)stream->u.dict.length, out,
					err);
	status = pdf_input_append(core->in, stream->u.dict.offset,
				  (size_t)stream->u.dict.length, &data, err);
	if (status == DEED_OK)
		status = pdf_crypt_stream(core->crypt, stream, filters, parms,
					  &data, err);
	if (status == DEED_OK) {
		buf_slice(out, buf_get(&data));
		status = buf_status(out, err);
	}
	buf_clear(&data);
	return status;
}

/* The abbreviations of inline images (/F, /DP) are no keys of a stream: /F
 * would be another file. */
static enum deed_status get_filters(struct pdf_document *doc,
				    const struct pdf_object *stream,
				    const struct pdf_object **filters,
				    const struct pdf_object **parms,
				    struct deed_error *err)
{
	enum deed_status status;

	status = resolve(doc, pdf_dict_get(stream, "Filter"), filters, err);
	if (status == DEED_OK)
		status = resolve(doc, pdf_dict_get(stream, "DecodeParms"),
				 parms, err);
	return status;
}

/* The raw bytes may not be longer than max either.  Two buffers change places
 * from filter to filter; what was decoded before is freed at once. */
enum deed_status pdf_decode(struct pdf_core *core, struct pdf_document *doc,
			    const struct pdf_object *stream, size_t max,
			    struct buf *out, struct deed_error *err)
{
	const struct pdf_object *filters, *parms, *filter, *parm;
	struct buf data = BUF_INIT, next = BUF_INIT;
	size_t i, count;
	enum deed_status status;

	status = get_filters(doc, stream, &filters, &parms, err);
	if (status != DEED_OK)
		return status;
	count = pdf_is(filters, PDF_NULL)    ? 0
		: pdf_is(filters, PDF_ARRAY) ? pdf_array_count(filters)
					     : 1;
	if (count > MAX_FILTERS)
		return deed_error_set(err, DEED_LIMIT,
				      "a stream with more than %d filters",
				      MAX_FILTERS);
	status = raw_bytes(core, stream, filters, parms, max, &data, err);
	if (status == DEED_OK)
		status = pdf_charge(core, data.len, err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		filter = filters;
		parm = parms;
		if (pdf_is(filters, PDF_ARRAY)) {
			status = resolve(doc, pdf_array_get(filters, i),
					 &filter, err);
			parm = pdf_is(parms, PDF_ARRAY)
				       ? pdf_array_get(parms, i)
				       : (count == 1 ? parms : NULL);
		}
		if (status == DEED_OK)
			status = resolve(doc, parm, &parm, err);
		if (status == DEED_OK)
			status = apply(core, filter, parm, buf_get(&data), max,
				       &next, err);
		buf_clear(&data);
		data = next;
		next = (struct buf)BUF_INIT;
	}
	if (status == DEED_OK && out->len == 0) {
		buf_clear(out);
		*out = data;
		data = (struct buf)BUF_INIT;
	} else if (status == DEED_OK) {
		buf_slice(out, buf_get(&data));
		status = buf_status(out, err);
	}
	buf_clear(&data);
	return status;
}

enum deed_status pdf_stream_decode(struct pdf_document *doc,
				   const struct pdf_object *stream, size_t max,
				   struct buf *out, struct deed_error *err)
{
	return pdf_decode(doc->core, doc, stream, max, out, err);
}

enum deed_status pdf_stream_raw(struct pdf_document *doc,
				const struct pdf_object *stream, size_t max,
				struct buf *out, struct deed_error *err)
{
	const struct pdf_object *filters, *parms;
	enum deed_status status;

	status = get_filters(doc, stream, &filters, &parms, err);
	if (status != DEED_OK)
		return status;
	return raw_bytes(doc->core, stream, filters, parms, max, out, err);
}
