/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/signing.h"

#include <stdlib.h>

#include "cmd/frame/batch.h"
#include "cmd/frame/operands.h"

/* One document. */
struct one {
	struct sign_item item;
	struct sign_result result;
	struct placing_found place;
};

/* A seal is for PDFs; of the rest, what is no PDF goes into a container. */
static enum sign_format format_of(const struct signing *w, const char *path)
{
	if (w->detached)
		return SIGN_DETACHED;
	if (w->counter)
		return SIGN_COUNTER;
	if (w->seal || operand_has_suffix(path, ".pdf") || sign_is_pdf(path))
		return SIGN_PDF;
	return sign_is_container(path) ? SIGN_COSIGN : SIGN_ASIC;
}

/* Everything is borrowed: options, manifest and appearance outlive the batch.
 * What the manifest says of this document comes last, over the options. */
static void fill_item(const struct signing *w, const struct batch_item *item,
		      struct sign_item *out)
{
	memset(out, 0, sizeof(*out));
	/* Looked at when the output was named, unless it was not there yet. */
	out->format = item->kind != 0 ? (enum sign_format)(item->kind - 1)
				      : format_of(w, item->path);
	out->input = item->path;
	out->name = item->input;
	out->output = item->output;
	out->mode = item->replace ? OUTFILE_REPLACE : OUTFILE_NEW;
	out->seal = w->seal && sign_group_is_organisation(w->group);
	out->level = w->level.params.level;
	out->dry_run = w->session->dry_run;
	out->field = w->args->field;
	out->reason = w->args->reason;
	out->location = w->args->location;
	out->certify = w->args->certify == 0 ? 0 : w->args->certify + 1;
	out->final = w->args->final;
	out->refuse_shadow = w->args->refuse_shadow;
	out->despite.list = w->args->despite.item;
	out->despite.count = w->args->despite.count;
	out->document_password = w->document_password;
	out->appearance = w->visible ? &w->appearance : NULL;
	if (w->manifest != NULL)
		signing_manifest_item(w->manifest, item->index, out);
}

/* The format is found by name and first bytes once and kept, unless it is
 * standard input, which cannot be looked at before it is spooled. */
static enum deed_status name_output(void *arg, struct batch_item *item,
				    char **out, struct deed_error *err)
{
	const struct signing *w = arg;
	const char *input = item->input;
	const char *mark = w->seal ? "sealed" : "signed";
	enum sign_format format = format_of(w, input);

	if (strcmp(input, "-") != 0)
		item->kind = 1 + (int)format;
	item->product = operand_is_marked(input, mark);
	switch (format) {
	case SIGN_DETACHED:
		item->product = operand_has_suffix(input, ".p7s");
		*out = operand_suffixed(input, ".p7s");
		break;
	case SIGN_ASIC:
		*out = operand_suffixed(input, ".asice");
		break;
	case SIGN_COSIGN:
		item->product |= operand_has_suffix(input, ".asice");
		*out = operand_marked(input, mark);
		break;
	case SIGN_PDF:
	case SIGN_COUNTER:
		*out = operand_marked(input, mark);
		break;
	}
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

/* What is given and would say nothing: an option, or a manifest's key. */
static const char *pdf_option(const struct signing *w,
			      const struct sign_item *it)
{
	static const char *const options[] = {
		"field",      "reason",	 "location",	  "certify",
		"final",      "visible", "page",	  "position",
		"width",      "at-text", "nth",		  "offset",
		"every-page", "image",	 "refuse-shadow", "document-passphrase",
		NULL
	};
	const char *given = NULL;

	/* Beside a manifest options are for the documents that can state
	 * them. */
	if (w->session->in_place)
		given = "in-place";
	else if (w->manifest == NULL)
		given = operand_given(w->session, options);
	else
		given = it->field != w->args->field	    ? "field"
			: it->reason != w->args->reason	    ? "reason"
			: it->location != w->args->location ? "location"
			: it->appearance != NULL	    ? "visible"
							    : NULL;
	return given;
}

/* An option that only a PDF can state is refused for other files, or a reason
 * would be lost without a word. */
static enum deed_status check_kind(const struct signing *w,
				   const struct batch_item *item,
				   const struct sign_item *it,
				   struct deed_error *err)
{
	struct operand_kind kind = {
		.path = item->path,
		.name = item->input,
		.output = item->output_name,
		.pdf = it->format == SIGN_PDF,
	};

	if (!kind.pdf)
		kind.option = pdf_option(w, it);
	return operand_check_kind(&kind, err);
}

/* By whichever of itself, already, ahead and work comes first.  It is filled
 * anew each time, since the place that was found is put over its appearance.
 */
static struct one *make_one(const struct signing *w, struct batch_item *item)
{
	struct one *one = item->data;

	if (one == NULL)
		one = item->data = calloc(1, sizeof(*one));
	if (one != NULL)
		fill_item(w, item, &one->item);
	return one;
}

/* Where the document says that it is signed. */
static enum deed_status place_one(const struct signing *w,
				  const struct batch_item *item,
				  struct one *one, struct deed_error *err)
{
	return placing_find(w, item->index, &one->place, &one->item, err);
}

/* What it is and where it goes, which is another signature elsewhere. */
static enum deed_status begin_one(const struct signing *w,
				  struct batch_item *item, struct one **out,
				  struct deed_error *err)
{
	struct one *one = make_one(w, item);
	enum deed_status status;

	*out = one;
	if (one == NULL)
		return deed_error_memory(err);
	status = check_kind(w, item, &one->item, err);
	if (status == DEED_OK)
		status = place_one(w, item, one, err);
	return status;
}

/* Needs no key. */
static enum deed_status already(void *arg, struct batch_item *item,
				struct deed_error *err)
{
	const struct signing *w = arg;
	struct one *one;
	enum deed_status status = begin_one(w, item, &one, err);

	if (status == DEED_OK)
		status = sign_group_already(w->group, &one->item,
					    &item->already, err);
	if (status == DEED_OK && item->already)
		buf_printf(&item->said, "'%s' is %s already: '%s'", item->input,
			   w->seal ? "sealed" : "signed", item->output_name);
	return status;
}

/* Signed in place, or a product of an earlier run: is it done? */
static enum deed_status itself(void *arg, struct batch_item *item,
			       struct deed_error *err)
{
	const struct signing *w = arg;
	enum deed_status status = DEED_OK;
	struct one *one;

	if (w->args->again)
		return DEED_OK;
	one = make_one(w, item);
	if (one == NULL)
		return deed_error_memory(err);
	/* Of what should have been a PDF it is told later. */
	if (w->session->in_place && one->item.format != SIGN_PDF)
		return DEED_OK;
	status = place_one(w, item, one, err);
	if (status == DEED_OK)
		status = sign_group_signed(w->group, &one->item, &item->already,
					   err);
	if (status == DEED_OK && item->already)
		buf_printf(&item->said,
			   "'%s' is %s as %s already; --again does it once "
			   "more",
			   item->input, w->seal ? "sealed" : "signed",
			   w->args->as);
	return status;
}

/* What fails here is passed over: it is tried again, and told, in its turn. */
static void ahead(void *arg, struct batch_item *const items[], size_t count)
{
	const struct sign_item *list[BATCH_AHEAD];
	struct sign_result *results[BATCH_AHEAD];
	const struct signing *w = arg;
	size_t i, n = 0;

	for (i = 0; i < count; i++) {
		struct one *one = make_one(w, items[i]);

		if (one == NULL || place_one(w, items[i], one, NULL) != DEED_OK)
			continue;
		list[n] = &one->item;
		results[n++] = &one->result;
	}
	sign_group_ahead(w->group, list, results, n);
}

/* A refusal that --despite could overrule is told with the words that would do
 * it.  The document waits without its name until the commit. */
static enum deed_status sign_one(void *arg, struct batch_item *item,
				 struct deed_error *err)
{
	const struct signing *w = arg;
	struct one *one;
	enum deed_status status = begin_one(w, item, &one, err);

	if (status != DEED_OK)
		return status;
	sign_group_add(w->group, &one->item, &one->result);
	if (one->result.status != DEED_OK && err != NULL) {
		*err = one->result.error;
		signing_hint_despite(&one->result.told, err);
	}
	return one->result.status;
}

/* One transaction of the log for all of them, and then a status each: one that
 * cannot be renamed does not fail the others. */
static enum deed_status commit(void *arg, struct batch_item *const items[],
			       size_t count, struct deed_error *err)
{
	struct signing *w = arg;
	struct sign_result **results =
		calloc(count, sizeof(struct sign_result *));
	size_t i;

	if (results == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++)
		results[i] = &((struct one *)items[i]->data)->result;
	sign_group_commit(w->group, results, count);
	for (i = 0; i < count; i++) {
		if (results[i]->status != DEED_OK)
			batch_fail(items[i], results[i]->status,
				   &results[i]->error);
		else
			signing_describe(w, results[i], items[i]->input,
					 items[i]->output_name, items[i]->json,
					 &items[i]->said);
	}
	free(results);
	return DEED_OK;
}

/* What was added and not committed leaves no file: its temporary goes with the
 * result. */
static void release(void *arg, struct batch_item *item)
{
	struct one *one = item->data;

	(void)arg;
	if (one != NULL)
		sign_result_clear(&one->result);
	free(one);
	item->data = NULL;
}

enum deed_status signing_run(struct signing *w, struct deed_error *err)
{
	struct batch batch = {
		.array = "documents",
		.group = SIGN_GROUP_MAX,
		.done = w->seal ? "sealed" : "signed",
		.name = name_output,
		.itself = itself,
		.already = already,
		.ahead = ahead,
		.work = sign_one,
		.commit = commit,
		.release = release,
	};

	if (w->manifest != NULL) {
		signing_manifest_batch(w->manifest, &batch);
		output_set(w->session, "manifest",
			   output_text(w->args->manifest));
	}
	output_set(w->session, "party", output_text(w->args->as));
	return batch_run(w->session, &batch, w, err);
}
