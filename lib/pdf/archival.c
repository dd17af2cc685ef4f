/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/archival.h"

#define METADATA_MAX ((size_t)1 << 20)
#define PROFILE_MAX ((size_t)4 << 20)
#define MAX_INTENTS 16

/* An ICC profile's colour space (ICC.1, 7.2): octets 16 to 19. */
#define ICC_SPACE 16

static bool is_failure(enum deed_status status)
{
	return status == DEED_NO_MEMORY || status == DEED_IO;
}

/* pdfaid:part as an attribute or an element (ISO 19005-1 6.7.11). */
static int find_part(struct slice xmp)
{
	static const char name[] = "pdfaid:part";
	const size_t len = sizeof(name) - 1;
	const uint8_t *at = xmp.data, *end = xmp.data + xmp.len;

	while ((size_t)(end - at) > len &&
	       (at = memmem(at, (size_t)(end - at), name, len)) != NULL) {
		at += len;
		while (at < end && strchr(" \t\r\n=>\"'", *at) != NULL &&
		       *at != '\0')
			at++;
		if (at < end && *at >= '1' && *at <= '4')
			return *at - '0';
	}
	return 0;
}

/* Metadata that cannot be decoded, or is longer than METADATA_MAX, makes no
 * claim: only a failure of the machine ends the look. */
static enum deed_status read_part(struct pdf_document *doc,
				  const struct pdf_object *catalog, int *part,
				  struct deed_error *err)
{
	const struct pdf_object *metadata;
	struct buf xmp = BUF_INIT;
	enum deed_status status;

	status = pdf_dict_resolve(doc, catalog, "Metadata", &metadata, err);
	if (status == DEED_OK && pdf_is(metadata, PDF_STREAM)) {
		status = pdf_stream_decode(doc, metadata, METADATA_MAX, &xmp,
					   err);
		if (status == DEED_OK && xmp.len > 0)
			*part = find_part(buf_get(&xmp));
	}
	buf_clear(&xmp);
	return is_failure(status) ? status : DEED_OK;
}

/* By the profile's header alone: one that cannot be decoded counts as none,
 * and nothing that blends is added then. */
static enum deed_status is_rgb(struct pdf_document *doc,
			       const struct pdf_object *intent, bool *is,
			       struct deed_error *err)
{
	const struct pdf_object *profile;
	struct buf icc = BUF_INIT;
	enum deed_status status;

	status = pdf_dict_resolve(doc, intent, "DestOutputProfile", &profile,
				  err);
	if (status == DEED_OK && pdf_is(profile, PDF_STREAM)) {
		status =
			pdf_stream_decode(doc, profile, PROFILE_MAX, &icc, err);
		if (status == DEED_OK && icc.len >= ICC_SPACE + 4 &&
		    memcmp(icc.data + ICC_SPACE, "RGB ", 4) == 0)
			*is = true;
	}
	buf_clear(&icc);
	return is_failure(status) ? status : DEED_OK;
}

/* Output intents are asked for only where a claim is made, the first
 * MAX_INTENTS of them: each costs the decoding of a profile. */
enum deed_status pdf_archival_read(struct pdf_document *doc,
				   struct pdf_archival *out,
				   struct deed_error *err)
{
	const struct pdf_object *catalog, *intents, *intent;
	enum deed_status status;
	size_t i, count;

	memset(out, 0, sizeof(*out));
	status = pdf_catalog(doc, &catalog, err);
	if (status == DEED_OK)
		status = read_part(doc, catalog, &out->part, err);
	if (status != DEED_OK || out->part == 0)
		return is_failure(status) ? status : DEED_OK;
	status = pdf_dict_resolve(doc, catalog, "OutputIntents", &intents, err);
	count = pdf_array_count(intents);
	if (count > MAX_INTENTS)
		count = MAX_INTENTS;
	for (i = 0; status == DEED_OK && i < count; i++) {
		status = pdf_resolve(doc, pdf_array_get(intents, i), &intent,
				     err);
		if (status == DEED_OK)
			status = is_rgb(doc, intent, &out->rgb_intent, err);
	}
	return is_failure(status) ? status : DEED_OK;
}

bool pdf_archival_blends(const struct pdf_archival *a)
{
	return a->part == 0 || (a->part > 1 && a->rgb_intent);
}

/* A NULL array, for want of memory, shows in the first pdf_array_add. */
static struct pdf_object *numbers(struct pdf_arena *a, const double *v,
				  size_t count)
{
	struct pdf_object *array = pdf_new_array(a);
	size_t i;

	for (i = 0; i < count; i++) {
		if (!pdf_array_add(a, array, pdf_new_real(a, v[i])))
			return NULL;
	}
	return array;
}

/* [/CalRGB <<...>>] with the primaries and white of sRGB (IEC 61966-2-1). */
static struct pdf_object *calibrated(struct pdf_arena *a, bool rgb)
{
	static const double white[] = { 0.9505, 1, 1.089 };
	static const double matrix[] = { 0.4124, 0.2126, 0.0193, 0.3576, 0.7152,
					 0.1192, 0.1805, 0.0722, 0.9505 };
	static const double gamma[] = { 2.2, 2.2, 2.2 };
	struct pdf_object *array = pdf_new_array(a), *d = pdf_new_dict(a);

	if (!pdf_dict_put(a, d, "WhitePoint", numbers(a, white, 3)) ||
	    (rgb && !pdf_dict_put(a, d, "Matrix", numbers(a, matrix, 9))) ||
	    !pdf_dict_put(a, d, "Gamma",
			  rgb ? numbers(a, gamma, 3)
			      : pdf_new_real(a, gamma[0])) ||
	    !pdf_array_add(a, array,
			   pdf_new_name(a, rgb ? "CalRGB" : "CalGray")) ||
	    !pdf_array_add(a, array, d))
		return NULL;
	return array;
}

bool pdf_archival_colours(struct pdf_arena *a, struct pdf_object *resources)
{
	const struct pdf_object *old = pdf_dict_get(resources, "ColorSpace");
	struct pdf_object *spaces = pdf_is(old, PDF_DICT)
					    ? pdf_copy_shallow(a, old)
					    : pdf_new_dict(a);

	/* One behind a reference is the drawing's own, and stays. */
	if (pdf_is(old, PDF_REF))
		return true;
	if (pdf_dict_get(spaces, "DefaultRGB") == NULL &&
	    !pdf_dict_put(a, spaces, "DefaultRGB", calibrated(a, true)))
		return false;
	if (pdf_dict_get(spaces, "DefaultGray") == NULL &&
	    !pdf_dict_put(a, spaces, "DefaultGray", calibrated(a, false)))
		return false;
	return pdf_dict_put(a, resources, "ColorSpace", spaces);
}
