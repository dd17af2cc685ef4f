/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/ber.h"
#include "codec/der.h"
#include "pdf/lexer.h"
#include "pdf/signature_priv.h"

/* All or nothing: out stays zero unless all four are numbers within
 * PDF_INPUT_MAX, so that their sums cannot wrap. */
static bool read_byte_range(const struct pdf_object *array, uint64_t out[4])
{
	uint64_t values[4];
	int64_t value;
	size_t i;

	if (pdf_array_count(array) != 4)
		return false;
	for (i = 0; i < 4; i++) {
		if (!pdf_get_int(pdf_array_get(array, i), &value) ||
		    value < 0 || (uint64_t)value > PDF_INPUT_MAX)
			return false;
		values[i] = (uint64_t)value;
	}
	memcpy(out, values, sizeof(values));
	return true;
}

/* Which revision ends at this byte; false if none does. */
static bool revision_at(const struct pdf_document *doc, uint64_t end,
			size_t *out)
{
	const struct pdf_revision *r;
	size_t i, count = pdf_revision_count(doc);

	for (i = count; i > 0; i--) {
		r = pdf_revision_get(doc, i - 1);
		if (r->eof != 0 && end >= r->eof && end <= r->end) {
			*out = i - 1;
			return true;
		}
	}
	*out = count - 1;
	return end == pdf_input_size(pdf_document_input(doc));
}

/* The length of a value of this tag in DER, by its first length octets; what
 * lies in it is looked at by who judges it.  False where they do not say. */
static bool definite_length(struct slice c, uint8_t tag, size_t *used)
{
	struct der_reader r;
	struct slice whole;

	der_init(&r, c);
	if (!der_get_element(&r, tag, &whole))
		return false;
	*used = whole.len;
	return true;
}

/*
 * Cut the padding off.  Some programs leave old bytes there instead of zeros.
 * Nobody signed them, and nobody reads them for anything else: they are digits
 * in the gap, inside of one string.
 */
static void cut_contents(struct signature_finder *f, struct pdf_signature *sig)
{
	uint8_t tag = sig->sub_filter == PDF_SUB_FILTER_X509_RSA_SHA1
			      ? DER_OCTET_STRING
			      : DER_SEQUENCE;
	struct slice c = sig->contents;
	struct buf der = BUF_INIT;
	size_t used = 0, i;

	if (definite_length(c, tag, &used) ||
	    signature_well(f, ber_to_der(c, &used, &der, NULL))) {
		for (i = used; i < c.len && c.data[i] == 0; i++)
			;
		sig->has_more = i < c.len;
		sig->contents.len = used;
	}
	buf_clear(&der);
}

/* The first problem is the one that is told, from the coarse to the fine;
 * without a ByteRange inside the file nothing else can be asked. */
void signature_range(struct signature_finder *f, struct pdf_signature *sig)
{
	const struct pdf_object *contents = pdf_dict_get(sig->dict, "Contents");
	uint64_t *r = sig->byte_range, size;
	bool ends;

	size = pdf_input_size(pdf_document_input(f->doc));
	sig->has_byte_range =
		read_byte_range(pdf_dict_get(sig->dict, "ByteRange"), r);
	if (pdf_is(contents, PDF_STRING)) {
		sig->contents = contents->u.text;
		cut_contents(f, sig);
	} else {
		signature_problem(sig, "signature-incomplete",
				  "the signature dictionary has no /Contents "
				  "string of its own");
	}
	if (!sig->has_byte_range) {
		signature_problem(sig, "signature-incomplete",
				  "/ByteRange is not an array of four numbers");
		return;
	}
	if (r[2] > size || r[3] > size - r[2] || r[1] > size) {
		signature_problem(sig, "byte-range-bounds",
				  "/ByteRange goes past the end of the file");
		return;
	}
	if (r[0] != 0)
		signature_problem(sig, "byte-range-bounds",
				  "/ByteRange does not begin at byte 0");
	if (!pdf_is(contents, PDF_STRING))
		return;
	if (r[2] < r[1])
		signature_problem(sig, "byte-range-overlap",
				  "the two ranges of /ByteRange overlap");
	if (contents->end == 0 || contents->start != r[1] ||
	    contents->end != r[2])
		signature_problem(sig, "byte-range-gap",
				  "the gap in /ByteRange is not exactly this "
				  "signature's /Contents");
	/* Digits and white space between angle brackets (7.3.4.3): readers
	 * agree on what that is. */
	if (!contents->hex)
		signature_problem(sig, "signature-value",
				  "/Contents is not a plain hexadecimal "
				  "string");
	ends = revision_at(f->doc, r[2] + r[3], &sig->revision);
	if (!ends)
		signature_problem(sig, "byte-range-end",
				  "/ByteRange does not end at the end of a "
				  "revision");
	if (sig->problem == NULL)
		sig->coverage = r[2] + r[3] == size ? PDF_COVERS_FILE
						    : PDF_COVERS_REVISION;
}
