/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge_look.h"

#include <math.h>
#include <stdlib.h>

/* Places that are told one by one; deed-json(5) has all of them. */
#define TOLD 8

/* Is there something to compare?  What covers no revision fails anyway. */
static bool is_followed(const struct pdf_survey_signature *sig)
{
	return sig->sound && sig->coverage == PDF_COVERS_REVISION;
}

/* The places are constant to the one who looks, and owned here. */
static void free_states(struct look_state *states, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		free((void *)(uintptr_t)states[i].places);
	free(states);
}

/* A state of the document is what one signature covers, with the boxes that
 * are on its pages. */
static enum deed_status add_state(struct look_state *state,
				  const struct pdf_survey_signature *sig,
				  struct deed_error *err)
{
	struct look_place *places = calloc(sig->box_count + 1, sizeof(*places));
	size_t i;

	if (places == NULL)
		return deed_error_memory(err);
	for (i = 0; i < sig->box_count; i++) {
		places[i].page = sig->boxes[i].page;
		memcpy(places[i].box, sig->boxes[i].box, sizeof(places[i].box));
		places[i].covers = sig->boxes[i].covers;
	}
	state->end = sig->byte_range[2] + sig->byte_range[3];
	state->places = places;
	state->place_count = sig->box_count;
	return DEED_OK;
}

/* Numbers in l->state begin at 1; 0 is a signature for which nothing was
 * painted.  One call paints all states, as each is compared with the same
 * present pages.  That painting fails is no error of judging: seen stays NULL
 * and why is told. */
static enum deed_status paint(struct judge_look *l, int fd,
			      const struct pdf_input *in,
			      const struct pdf_survey *survey,
			      const struct judge_params *params,
			      struct deed_error *err)
{
	struct look_state *states;
	enum deed_status status = DEED_OK;
	size_t i, count = 0;

	states = calloc(survey->signature_count + 1, sizeof(*states));
	if (states == NULL)
		return deed_error_memory(err);
	for (i = 0; status == DEED_OK && i < survey->signature_count; i++) {
		if (!is_followed(&survey->signatures[i]))
			continue;
		status = add_state(&states[count], &survey->signatures[i], err);
		if (status == DEED_OK)
			l->state[i] = ++count;
	}
	/* What became of it is told of each signature. */
	if (status == DEED_OK && count > 0 &&
	    look_at(params->look, fd, pdf_input_password(in), states, count,
		    params->pictures, &l->seen, &l->why) == DEED_OK)
		l->count = count;
	free_states(states, count);
	return status;
}

enum deed_status judge_look_paint(struct judge_look *l, int fd,
				  const struct pdf_input *in,
				  const struct pdf_survey *survey,
				  const struct judge_params *params,
				  struct deed_error *err)
{
	if (l->done)
		return DEED_OK;
	l->state = calloc(survey->signature_count + 1, sizeof(*l->state));
	if (l->state == NULL)
		return deed_error_memory(err);
	l->done = true;
	return paint(l, fd, in, survey, params, err);
}

void judge_look_clear(struct judge_look *l)
{
	look_seen_free(l->seen, l->count);
	free(l->state);
	*l = (struct judge_look)JUDGE_LOOK_INIT;
}

/* NULL where there is nothing to compare, or nothing is known. */
static struct look_seen *seen_of(const struct judge_look *l, size_t i)
{
	if (!l->done || l->seen == NULL || l->state[i] == 0)
		return NULL;
	return &l->seen[l->state[i] - 1];
}

static bool looks_same(const struct look_seen *seen)
{
	return seen->painted && seen->mark_count == 0 && !seen->more &&
	       seen->pages_then == seen->pages_now;
}

bool judge_look_lifts(const struct judge_look *l,
		      const struct pdf_survey *survey, size_t i)
{
	const struct pdf_survey_signature *sig = &survey->signatures[i];
	const struct look_seen *seen = seen_of(l, i);
	size_t k, covers = 0;

	if (seen == NULL || !looks_same(seen) || sig->covers_unlisted)
		return false;
	for (k = 0; k < sig->box_count; k++) {
		if (!sig->boxes[k].covers)
			continue;
		covers++;
		if (k >= LOOK_PLACES || !seen->plain[k])
			return false;
	}
	return covers > 0;
}

/* A doubt and no note: whoever asked for the pages to be compared must not
 * take silence for an answer. */
static void not_painted(struct verdict_signature *v, const char *why)
{
	verdict_doubt(v, SUB_GENERIC, "not-painted",
		      "the pages as they were signed and as they are now could "
		      "not be painted and compared: %s",
		      why);
}

/* To a whole point, of which there is one zero. */
static double point(double value)
{
	return round(value) + 0.0;
}

/* Reasons are bounded for each signature; many places that differ must not
 * push out what else there is to say. */
static void tell_marks(const struct look_seen *seen,
		       struct verdict_signature *v)
{
	const struct look_mark *m;
	size_t i;

	for (i = 0; i < seen->mark_count && i < TOLD; i++) {
		m = &seen->marks[i];
		verdict_doubt(v, SUB_GENERIC, "looks-different",
			      "page %u looks different%s from what was "
			      "signed, at %.0f %.0f to %.0f %.0f",
			      (unsigned)m->page + 1,
			      m->print ? " in print" : "", point(m->box[0]),
			      point(m->box[1]), point(m->box[2]),
			      point(m->box[3]));
	}
	if (seen->more || seen->mark_count > TOLD)
		verdict_doubt(v, SUB_GENERIC, "looks-different",
			      "the pages differ in more places than these");
}

/* Another number of pages is told besides the places: a page that was taken
 * away leaves none to compare. */
static void tell(const struct look_seen *seen, struct verdict_signature *v)
{
	if (!seen->painted)
		not_painted(v, seen->why);
	else if (seen->pages_then != seen->pages_now)
		verdict_doubt(v, SUB_GENERIC, "looks-different",
			      "%u pages were signed, and there are %u now",
			      (unsigned)seen->pages_then,
			      (unsigned)seen->pages_now);
	tell_marks(seen, v);
}

/* What was seen goes to the first who has it. */
static void take_over(struct look_seen *from, struct look_seen *to)
{
	*to = *from;
	from->picture_count = 0;
	memset(from->pictures, 0, sizeof(from->pictures));
}

enum deed_status judge_look_tell(struct judge_look *l, size_t i,
				 struct verdict_signature *v,
				 struct deed_error *err)
{
	struct look_seen *seen = seen_of(l, i);

	if (!l->done || l->state[i] == 0)
		return DEED_OK;
	v->look = calloc(1, sizeof(*v->look));
	if (v->look == NULL)
		return deed_error_memory(err);
	if (seen != NULL)
		take_over(seen, v->look);
	else
		look_set_why(v->look, l->why.message);
	tell(v->look, v);
	return DEED_OK;
}
