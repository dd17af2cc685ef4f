/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/step.h"

/*
 * What an update adds must not act: a script can show and hide what it
 * likes, and runs when the reader wants it to.
 */

/* Keys that hold an action, or one for each event. */
static const char *const action_keys[] = { "A",	 "AA",	       "PA",
					   "JS", "OpenAction", NULL };

/* The types of table 201. */
static const char *const action_types[] = { "GoTo",	   "GoTo3DView",
					    "GoToDp",	   "GoToE",
					    "GoToR",	   "Hide",
					    "ImportData",  "JavaScript",
					    "Launch",	   "Movie",
					    "Named",	   "Rendition",
					    "ResetForm",   "RichMediaExecute",
					    "SetOCGState", "Sound",
					    "SubmitForm",  "Thread",
					    "Trans",	   "URI",
					    NULL };

/* Annotations that play something. */
static const char *const players[] = { "3D",	    "Movie",  "Projection",
				       "RichMedia", "Screen", "Sound",
				       NULL };

/* How deep an annotation's own values are looked into. */
#define LEVELS 3

static bool is_action(const struct pdf_object *o)
{
	return pdf_is_dict(o) &&
	       pdf_name_in(pdf_get_name(pdf_dict_get(o, "S")), action_types);
}

/* Direct values, and what they refer to at the first level. */
static enum deed_status holds_action(struct pdf_step *s,
				     const struct pdf_object *o, int level,
				     bool *out, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	if (level == 1 && pdf_is(o, PDF_REF)) {
		/* What cannot be read is refused elsewhere. */
		status = pdf_resolve(s->b, o, &o, NULL);
		if (status == DEED_NO_MEMORY)
			return deed_error_memory(err);
		if (status != DEED_OK)
			return DEED_OK;
	}
	if (level > 0 && is_action(o))
		*out = true;
	if (*out || level == LEVELS)
		return DEED_OK;
	for (i = 0; !*out && status == DEED_OK && i < pdf_array_count(o); i++)
		status = holds_action(s, o->u.array.items[i], level + 1, out,
				      err);
	if (!pdf_is_dict(o))
		return status;
	for (i = 0; !*out && status == DEED_OK && i < o->u.dict.count; i++)
		status = holds_action(s, o->u.dict.entries[i].value, level + 1,
				      out, err);
	return status;
}

/* An action that was not signed can send the reader elsewhere, or change what
 * fields show, with no stroke of the page changed.  Links back up are not
 * followed: they lead to what is looked at anyway. */
static enum deed_status acts_key(struct pdf_step *s, void *arg,
				 struct slice key, const struct pdf_object *a,
				 const struct pdf_object *b,
				 struct deed_error *err)
{
	static const char *const up[] = { "P",	 "Parent", "Popup",
					  "IRT", "Kids",   NULL };
	uint32_t *num = arg;
	enum deed_status status = DEED_OK;
	bool acts = false;

	if (b == NULL || pdf_equal(a, b) || pdf_name_in(key, up))
		return DEED_OK;
	acts = pdf_name_in(key, action_keys);
	if (!acts)
		status = holds_action(s, b, 1, &acts, err);
	if (status != DEED_OK || !acts)
		return status;
	return pdf_step_other(s, PDF_ID_ACTION,
			      "an action is added that was not signed: /%.*s "
			      "of object %u",
			      (int)(key.len > 40 ? 40 : key.len),
			      (const char *)key.data, (unsigned)*num);
}

enum deed_status pdf_step_acts(struct pdf_step *s, const struct pdf_object *a,
			       const struct pdf_object *b, uint32_t num,
			       struct deed_error *err)
{
	const struct pdf_object *o;
	enum deed_status status;
	struct slice kind;

	status = pdf_dict_resolve(s->b, b, "Subtype", &o, err);
	if (status != DEED_OK)
		return status;
	kind = pdf_get_name(o);
	if (a == NULL && pdf_name_in(kind, players))
		return pdf_step_other(s, PDF_ID_ACTION,
				      "an annotation /%.*s is added, which "
				      "plays something (object %u)",
				      (int)kind.len, (const char *)kind.data,
				      (unsigned)num);
	return pdf_step_keys(s, a, b, acts_key, &num, err);
}

enum deed_status pdf_step_follow_acts(struct pdf_step *s,
				      const struct pdf_object *a,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && action_keys[i] != NULL; i++)
		status = pdf_step_follow(s, pdf_dict_get(a, action_keys[i]),
					 PLACE_STRUCTURE, err);
	return status;
}
