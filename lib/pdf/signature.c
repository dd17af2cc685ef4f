/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/signature.h"

#include <stdlib.h>

#include "base/array.h"
#include "pdf/core.h"
#include "pdf/hidden.h"
#include "pdf/orphan.h"
#include "pdf/signature_priv.h"

/* More than this in one file are nobody's. */
#define MAX_SIGNATURES 4096

bool signature_well(struct signature_finder *f, enum deed_status status)
{
	if (status == DEED_NO_MEMORY || status == DEED_IO)
		f->failed = status;
	return status == DEED_OK;
}

enum deed_status signature_add(struct signature_finder *f,
			       const struct pdf_signature *sig,
			       struct deed_error *err)
{
	if (f->out->count == MAX_SIGNATURES)
		return deed_error_set(err, DEED_LIMIT,
				      "more than %d signatures",
				      MAX_SIGNATURES);
	if (!array_room(&f->out->list, &f->cap, f->out->count + 1))
		return deed_error_memory(err);
	f->out->list[f->out->count++] = *sig;
	return DEED_OK;
}

enum deed_status signature_failed(const struct signature_finder *f,
				  struct deed_error *err)
{
	if (f->failed == DEED_IO)
		return deed_error_set(
			err, DEED_IO, "cannot read '%s'",
			pdf_input_name(pdf_document_input(f->doc)));
	return deed_error_memory(err);
}

void signature_problem(struct pdf_signature *sig, const char *id,
		       const char *problem)
{
	if (sig->problem != NULL)
		return;
	sig->problem_id = id;
	sig->problem = problem;
}

/* Those that a later revision took out of the form. */
static enum deed_status take_older(struct signature_finder *f,
				   struct deed_error *err)
{
	size_t i, count, newest = pdf_revision_count(f->doc) - 1;
	const struct pdf_field *fields;
	struct pdf_document *view;
	enum deed_status status;

	for (i = newest; i > 0; i--) {
		view = pdf_at_revision(f->doc, i - 1);
		status = pdf_form_fields(view, &fields, &count, err);
		if (status == DEED_MALFORMED)
			continue;
		if (status == DEED_OK)
			status = signature_fields(f, view, fields, count, false,
						  err);
		if (status != DEED_OK)
			return status;
	}
	return DEED_OK;
}

/* A signature that nothing holds, with what is wrong about that. */
static enum deed_status add_cut_off(struct signature_finder *f,
				    struct pdf_signature *sig, const char *id,
				    const char *problem, struct deed_error *err)
{
	sig->field = pdf_arena_copy(&f->out->arena, "", 1);
	if (sig->field == NULL)
		return deed_error_memory(err);
	sig->problem = NULL;
	signature_problem(sig, id, problem);
	sig->coverage = PDF_COVERS_PARTIAL;
	return f->failed != DEED_OK ? signature_failed(f, err)
				    : signature_add(f, sig, err);
}

/* One in a revision that the file's history leaves out. */
static enum deed_status take_hidden(void *arg, const struct pdf_raw *raw,
				    struct deed_error *err)
{
	struct pdf_signature sig = { .dict = raw->dict };
	struct signature_finder *f = arg;

	signature_claims(f, &sig);
	signature_range(f, &sig);
	sig.hidden = true;
	sig.revision = pdf_revision_at(f->doc->core, raw->dict->start);
	return add_cut_off(f, &sig, "revision-hidden",
			   "a later revision skips the revision that this "
			   "signature closes, so that the file's history no "
			   "longer contains it",
			   err);
}

/* A dictionary that stands in the file, and whose value no field had. */
static enum deed_status take_orphan(void *arg, struct pdf_document *view,
				    struct pdf_ref ref,
				    const struct pdf_object *dict,
				    struct deed_error *err)
{
	struct pdf_signature sig = { .ref = ref, .dict = dict };
	const struct pdf_object *value, *known;
	struct signature_finder *f = arg;
	size_t i;

	value = pdf_dict_get(dict, "Contents");
	for (i = 0; i < f->out->count; i++) {
		known = pdf_dict_get(f->out->list[i].dict, "Contents");
		if (known == value || f->out->list[i].ref.num == ref.num ||
		    (known != NULL && value->start != 0 &&
		     known->start == value->start))
			return DEED_OK;
	}
	sig.revision = pdf_revision_of(view);
	signature_claims(f, &sig);
	signature_range(f, &sig);
	return add_cut_off(f, &sig, "signature-orphaned",
			   "no form field holds this signature: it was removed "
			   "from the form, or never belonged to this document",
			   err);
}

/* In the order of signing, as far as the file tells it; names decide the rest,
 * so that the order is the same on every machine. */
static int by_place(const void *a, const void *b)
{
	const struct pdf_signature *x = a, *y = b;

	if (x->revision != y->revision)
		return x->revision < y->revision ? -1 : 1;
	if (x->byte_range[1] != y->byte_range[1])
		return x->byte_range[1] < y->byte_range[1] ? -1 : 1;
	return strcmp(x->field, y->field);
}

static void overlaps(struct pdf_signature *sig)
{
	signature_problem(sig, "byte-range-overlap",
			  "two signatures claim the same revision");
	sig->coverage = PDF_COVERS_PARTIAL;
}

/* Two signatures of one revision: the later one's gap, or the earlier one's,
 * lies in bytes that the other calls signed. */
static void check_overlaps(struct pdf_signatures *s)
{
	size_t i;

	for (i = 1; i < s->count; i++) {
		if (s->list[i].has_byte_range &&
		    s->list[i - 1].has_byte_range && !s->list[i].hidden &&
		    !s->list[i - 1].hidden &&
		    s->list[i].revision == s->list[i - 1].revision) {
			overlaps(&s->list[i]);
			overlaps(&s->list[i - 1]);
		}
	}
}

/* The newest form first, as it decides which field holds what; then older
 * revisions, loose dictionaries, and hidden revisions.  Older revisions and
 * loose dictionaries add only what was not met before. */
enum deed_status pdf_signatures_find(struct pdf_document *doc,
				     struct pdf_signatures *out,
				     struct deed_error *err)
{
	size_t count, i, newest = pdf_revision_count(doc) - 1;
	struct signature_finder f = { .doc = pdf_at_revision(doc, newest),
				      .out = out };
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status, pages;
	const struct pdf_field *fields;

	*out = (struct pdf_signatures){ .arena = PDF_ARENA_INIT };
	/* Most documents that are to be signed have none, and are asked
	 * several times. */
	if (doc->core->has_no_signature)
		return DEED_OK;
	pages = pdf_fields(f.doc, &fields, &count, &why);
	status = pages;
	if (pages == DEED_MALFORMED)
		/* Pages that cannot be walked hide no signature that the form
		 * leads to. */
		status = pdf_form_fields(f.doc, &fields, &count, &why);
	if (status == DEED_OK)
		status = signature_fields(&f, f.doc, fields, count, true, &why);
	if (status == DEED_OK)
		status = take_older(&f, &why);
	if (status == DEED_OK)
		status = pdf_orphans_each(f.doc, take_orphan, &f, &why);
	if (status == DEED_OK)
		status = pdf_hidden_each(f.doc, take_hidden, &f, &out->hidden,
					 &why);
	if (status == DEED_OK && pages != DEED_OK && out->count == 0)
		status = pages;
	if (status != DEED_OK) {
		if (err != NULL)
			*err = why;
		pdf_signatures_clear(out);
		return status;
	}
	for (i = 0; pages != DEED_OK && i < out->count; i++) {
		signature_problem(&out->list[i], "pages-unreadable",
				  "the document's pages cannot be "
				  "read");
		out->list[i].coverage = PDF_COVERS_PARTIAL;
	}
	doc->core->has_no_signature = out->count == 0;
	if (out->count > 1)
		qsort(out->list, out->count, sizeof(*out->list), by_place);
	check_overlaps(out);
	return DEED_OK;
}

void pdf_signatures_clear(struct pdf_signatures *s)
{
	free(s->list);
	pdf_arena_clear(&s->arena);
	*s = (struct pdf_signatures){ .arena = PDF_ARENA_INIT };
}

int pdf_signature_permission(const struct pdf_signature *sig)
{
	int least = 3;

	if (sig->docmdp != 0 && sig->docmdp < least)
		least = sig->docmdp;
	if (sig->lock_permission != 0 && sig->lock_permission < least)
		least = sig->lock_permission;
	return least;
}
