/* SPDX-License-Identifier: Apache-2.0 */

/* What deed-parse finds out for pades_done: no key, no certificate and no
 * verdict is asked for here. */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "pdf/sign_field.h"
#include "pdf/signature.h"
#include "sign/pades_beside.h"

/* Two places are the same within this, in user space. */
#define SAME_PLACE 0.01

/* Asked of the document as it was before: the signature that is looked for is
 * the next one. */
static enum deed_status count_signatures(struct pdf_document *doc,
					 size_t *count, struct deed_error *err)
{
	struct pdf_signatures found;
	enum deed_status status;

	*count = 0;
	status = pdf_signatures_find(doc, &found, err);
	if (status != DEED_OK)
		return status;
	*count = found.count;
	pdf_signatures_clear(&found);
	return DEED_OK;
}

static bool same_text(const char *wanted, const char *there)
{
	if (wanted == NULL || *wanted == '\0')
		return there == NULL || *there == '\0';
	return there != NULL && !strcmp(wanted, there);
}

/* The same, where a text that tells when it was signed tells another time:
 * each has that of its own signature. */
static bool same_but_time(const char *wanted, int64_t now, const char *there,
			  int64_t then)
{
	char new[CLOCK_TEXT], old[CLOCK_TEXT];
	const char *at;
	size_t before;

	clock_format(now, new);
	clock_format(then, old);
	at = wanted == NULL ? NULL : strstr(wanted, new);
	if (at == NULL)
		return same_text(wanted, there);
	before = (size_t)(at - wanted);
	return strlen(there) == strlen(wanted) &&
	       !memcmp(wanted, there, before) &&
	       !memcmp(there + before, old, CLOCK_TEXT - 1) &&
	       !strcmp(at + CLOCK_TEXT - 1, there + before + CLOCK_TEXT - 1);
}

/* A number is rounded when it is written to the file, so that what is read
 * back is not the same to the last bit. */
static bool same_rect(const struct pdf_rect *a, const struct pdf_rect *b)
{
	return fabs(a->x0 - b->x0) < SAME_PLACE &&
	       fabs(a->y0 - b->y0) < SAME_PLACE &&
	       fabs(a->x1 - b->x1) < SAME_PLACE &&
	       fabs(a->y1 - b->y1) < SAME_PLACE;
}

/* Two seals of one party at different places are two; the same at the same
 * place is a run that was repeated. */
static enum deed_status same_appearance(struct pdf_document *before,
					struct pdf_document *after,
					const struct pades_params *params,
					const struct pdf_signature *last,
					bool *same, struct deed_error *err)
{
	struct pdf_arena arena = PDF_ARENA_INIT;
	const char *contents = "", *wanted = NULL;
	struct pades_place place;
	enum deed_status status;
	struct pdf_rect rect;
	size_t page;

	*same = false;
	status = pades_find_place(before, params, &place, NULL);
	if (status != DEED_OK)
		return status == DEED_NO_MEMORY ? deed_error_memory(err)
						: DEED_OK;
	status = pdf_sign_field_shown(after, last->field, &page, &rect, &arena,
				      &contents, NULL);
	if (params->appearance != NULL && !params->appearance->no_field)
		wanted = params->appearance->contents;
	if (status == DEED_OK)
		*same = page == place.page && same_rect(&rect, &place.rect) &&
			same_but_time(wanted, params->time, contents,
				      last->signing_time);
	pdf_arena_clear(&arena);
	if (*same && params->appearance != NULL)
		return pades_beside_there(before, after, params->appearance,
					  &place, same, err);
	return DEED_OK;
}

/* The field's own lock may say more than was asked. */
static bool same_rights(const struct pades_params *params, size_t earlier,
			const struct pdf_signature *last)
{
	if (params->final)
		return earlier == 0 ? last->docmdp == 1
				    : last->lock_permission == 1;
	return params->certify == 0 || last->docmdp == params->certify;
}

/* Behind it come the document time-stamps of a higher level, if any. */
static bool only_timestamps(const struct pdf_signatures *found, size_t from,
			    const struct pades_params *params)
{
	size_t i;

	for (i = from; i < found->count; i++) {
		if (params->augment == NULL ||
		    !found->list[i].document_timestamp)
			return false;
	}
	return true;
}

/* Does the new signature of after say what params ask for?  inside: whatever
 * came behind it. */
static enum deed_status same_claims(struct pdf_document *before,
				    struct pdf_document *after, bool inside,
				    const struct pades_params *params,
				    char **field, struct deed_error *err)
{
	struct pdf_signatures found;
	const struct pdf_signature *last;
	enum deed_status status;
	size_t count;
	bool same = false;

	*field = NULL;
	status = count_signatures(before, &count, err);
	if (status != DEED_OK)
		return status;
	status = pdf_signatures_find(after, &found, NULL);
	if (status != DEED_OK)
		return status == DEED_NO_MEMORY ? deed_error_memory(err)
						: DEED_OK;
	if (found.count > count &&
	    (inside || only_timestamps(&found, count + 1, params))) {
		last = &found.list[count];
		same = last->coverage != PDF_COVERS_PARTIAL &&
		       last->problem == NULL &&
		       (params->field == NULL ||
			same_text(params->field, last->field)) &&
		       same_text(params->name, last->name) &&
		       same_text(params->reason, last->reason) &&
		       same_text(params->location, last->location) &&
		       same_rights(params, count, last);
		if (same)
			status = same_appearance(before, after, params, last,
						 &same, err);
		if (same && status == DEED_OK) {
			*field = strdup(last->field);
			if (*field == NULL)
				status = deed_error_memory(err);
		}
	}
	pdf_signatures_clear(&found);
	return status;
}

/* One revision is the signature's; a store and time-stamps follow. */
static bool may_have(const struct pades_params *params, size_t before,
		     size_t after)
{
	return params->augment == NULL ? after == before + 1 : after > before;
}

enum deed_status pades_done_claims(const struct pdf_input *whole,
				   const struct pdf_input *before,
				   const struct pades_params *params,
				   char **field, struct deed_error *err)
{
	struct pdf_document *old = NULL, *new = NULL;
	enum deed_status status;

	*field = NULL;
	status = pdf_open(before, &old, err);
	/* What is no sound PDF was not made by us. */
	if (status == DEED_OK && pdf_open(whole, &new, NULL) == DEED_OK &&
	    may_have(params, pdf_revision_count(old), pdf_revision_count(new)))
		status = same_claims(old, new, false, params, field, err);
	pdf_close(new);
	pdf_close(old);
	return status;
}

/* The last signature, behind which there may be time-stamps. */
static const struct pdf_signature *
last_signature(const struct pdf_signatures *found)
{
	size_t i = found->count;

	while (i > 0 && found->list[i - 1].document_timestamp)
		i--;
	return i == 0 ? NULL : &found->list[i - 1];
}

enum deed_status pades_done_inside(const struct pdf_input *whole,
				   struct pdf_input *before,
				   const struct pades_params *params,
				   char **field, struct deed_error *err)
{
	struct pdf_document *new = NULL, *old = NULL;
	struct pdf_signatures found = { .arena = PDF_ARENA_INIT };
	const struct pdf_signature *last = NULL;
	enum deed_status status;

	*field = NULL;
	status = pdf_open(whole, &new, err);
	if (status == DEED_OK)
		status = pdf_signatures_find(new, &found, err);
	if (status == DEED_OK)
		last = last_signature(&found);
	/* What was signed as it was first written was not signed by us. */
	if (last != NULL && last->revision > 0) {
		pdf_input_cut(before,
			      pdf_revision_get(new, last->revision - 1)->end);
		status = pdf_open(before, &old, err);
	}
	if (status == DEED_OK && old != NULL)
		status = same_claims(old, new, true, params, field, err);
	pdf_close(old);
	pdf_signatures_clear(&found);
	pdf_close(new);
	return status;
}
