/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/strip.h"

#include "pdf/annotation.h"
#include "pdf/geometry.h"

/* The form's box as its matrix turns it; and what it says of colours, which
 * is said of its parts too, for who looks at them alone (ISO 19005-1 6.2.3). */
static enum deed_status read_form(struct pdf_update *u, struct pdf_ref form,
				  struct pdf_rect *out,
				  const struct pdf_object **colours,
				  struct deed_error *err)
{
	struct pdf_document *doc = pdf_update_document(u);
	double matrix[6] = { 1, 0, 0, 1, 0, 0 };
	const struct pdf_object *stream;
	bool there = false, turned;
	enum deed_status status;

	status = pdf_update_get(u, form, &stream, err);
	if (status == DEED_OK)
		status = pdf_rect_read(doc, pdf_dict_get(stream, "BBox"),
				       &there, out, err);
	if (status == DEED_OK)
		status = pdf_matrix_read(doc, pdf_dict_get(stream, "Matrix"),
					 &turned, matrix, err);
	if (status != DEED_OK)
		return status;
	if (!there)
		return deed_error_set(err, DEED_MALFORMED,
				      "a drawing has no box");
	*colours =
		pdf_dict_get(pdf_dict_get(stream, "Resources"), "ColorSpace");
	*out = pdf_matrix_box(matrix, out);
	return DEED_OK;
}

/* A NULL array, for want of memory, makes the form fail as a whole. */
static struct pdf_object *turn_matrix(struct pdf_arena *a, int turn)
{
	struct pdf_object *array = pdf_new_array(a);
	bool good = array != NULL;
	double m[6];
	size_t i;

	pdf_turn_matrix(turn, m);
	for (i = 0; good && i < 6; i++)
		good = pdf_array_add(a, array, pdf_new_real(a, m[i]));
	return good ? array : NULL;
}

enum deed_status pdf_strip_make(struct pdf_update *u, struct pdf_ref form,
				double from, double to, int turn,
				struct pdf_ref *out, struct deed_error *err)
{
	struct pdf_arena *a = pdf_update_arena(u);
	struct pdf_object *stream = pdf_new_stream(a, slice_str("/F Do"));
	struct pdf_object *resources = pdf_new_dict(a), *forms;
	const struct pdf_object *colours = NULL;
	enum deed_status status;
	struct pdf_rect whole, part;

	*out = (struct pdf_ref){ 0, 0 };
	status = read_form(u, form, &whole, &colours, err);
	if (status != DEED_OK)
		return status;
	part = whole;
	part.x0 = whole.x0 + (whole.x1 - whole.x0) * from;
	part.x1 = whole.x0 + (whole.x1 - whole.x0) * to;
	forms = pdf_new_dict(a);
	if (!pdf_dict_put(a, forms, "F", pdf_new_ref(a, form)) ||
	    !pdf_dict_put(a, resources, "XObject", forms) ||
	    (colours != NULL &&
	     !pdf_dict_put(a, resources, "ColorSpace", colours)) ||
	    !pdf_dict_put(a, stream, "Type", pdf_new_name(a, "XObject")) ||
	    !pdf_dict_put(a, stream, "Subtype", pdf_new_name(a, "Form")) ||
	    !pdf_dict_put(a, stream, "BBox", pdf_annotation_rect(a, &part)) ||
	    !pdf_dict_put(a, stream, "Matrix", turn_matrix(a, turn)) ||
	    !pdf_dict_put(a, stream, "Resources", resources))
		return deed_error_memory(err);
	*out = pdf_update_add(u, stream);
	return DEED_OK;
}
