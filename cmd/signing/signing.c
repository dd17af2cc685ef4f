/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/signing.h"

#include <stdlib.h>

#include "cmd/frame/batch.h"
#include "cmd/frame/operands.h"
#include "cmd/frame/secret.h"
#include "office/home.h"

/* One document. */
struct one {
	struct sign_item item;
	struct sign_result result;
	struct placing_found place;
};

const char *const signing_certify[] = { "no", "form", "annotate", NULL };

enum deed_status signing_page(const char *text, long *page,
			      struct deed_error *err)
{
	if (batch_manifest_page(text, page))
		return DEED_OK;
	return deed_error_set(err, DEED_USAGE,
			      "--page '%s': expected a number from 1, or from "
			      "-1 for the last, or last",
			      text);
}

enum deed_status signing_text_page(struct signing *w, const char *text,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (!w->by_text)
		return DEED_OK;
	if (strcmp(text, "last") != 0 || option_given(w->session, "page"))
		status = signing_page(text, &w->text_page, err);
	if (status == DEED_OK)
		status = look_new(&w->look, err);
	return status;
}

enum deed_status signing_check_despite(const struct signing_args *args,
				       struct deed_error *err)
{
	size_t i;

	for (i = 0; i < args->despite.count; i++) {
		const char *id = args->despite.item[i];

		if (!despite_words_valid(id) || strchr(id, ' ') != NULL)
			return deed_error_set(err, DEED_USAGE,
					      "--despite '%s': expected the id "
					      "of a reason, as the refusal "
					      "names it",
					      id);
	}
	return DEED_OK;
}

void signing_hint_despite(const struct despite_told *told,
			  struct deed_error *err)
{
	const char *at = told->refused;
	struct buf text = BUF_INIT;

	while (*at != '\0') {
		size_t len = strcspn(at, " ");

		buf_printf(&text, "%s--despite %.*s", text.len > 0 ? " " : "",
			   (int)len, at);
		at += len + strspn(at + len, " ");
	}
	buf_byte(&text, '\0');
	if (told->refused[0] != '\0' && !text.failed)
		deed_error_hint(err,
				"%s goes on all the same, and the log "
				"says so",
				(const char *)text.data);
	buf_clear(&text);
}

static enum deed_status no_operands(const struct session *s,
				    struct deed_error *err)
{
	deed_error_set(err, DEED_USAGE,
		       "operands are missing: FILE ..., --files-from FILE or "
		       "--manifest FILE");
	deed_error_hint(err, "deed %s -h", s->command->name);
	return DEED_USAGE;
}

/* It can be signed, and who verifies it would not take it. */
#define PURPOSES                                                           \
	"the certificate of '%s' is not for signing documents (its "       \
	"critical extKeyUsage is %s): by deed's own policy verify leaves " \
	"such a signature INDETERMINATE"

static void check_purposes(struct signing *w)
{
	if (!sign_group_fits(w->group, w->purposes))
		session_warn(w->session, PURPOSES, w->args->as, w->purposes);
	else
		w->purposes[0] = '\0';
}

static enum deed_status may_seal(const struct signing *w,
				 struct deed_error *err)
{
	enum deed_status status = sign_group_may_seal(w->group, err);

	if (status == DEED_REFUSED)
		deed_error_hint(err, "--shape square is the seal of a "
				     "person's name");
	return status;
}

enum deed_status signing_open(struct signing *w, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	status = signing_check_despite(w->args, err);
	if (status != DEED_OK)
		return status;
	if (w->args->manifest != NULL)
		status = signing_manifest_open(w, err);
	else if (w->session->operand_count == 0 &&
		 w->session->files_from == NULL)
		status = no_operands(w->session, err);
	if (status == DEED_OK)
		status = session_open_home(w->session, &w->home, err);
	if (status == DEED_OK)
		status = sign_group_open(w->home, w->args->as, w->session->now,
					 (unsigned)w->session->wait, &w->group,
					 err);
	if (status == DEED_OK && w->seal && !w->name_seal)
		status = may_seal(w, err);
	if (status == DEED_OK)
		check_purposes(w);
	if (status == DEED_OK)
		status = document_password(w->session,
					   w->args->document_passphrase,
					   &w->document_password, err);
	if (status == DEED_OK)
		status = level_open(w->session, w->level_args, &w->level, err);
	if (status == DEED_OK)
		status = signing_check_outside(w, err);
	if (status == DEED_OK && w->level.params.level > LEVEL_B_B)
		sign_group_augment(w->group, &w->level.params, w->level.online);
	return status;
}

enum deed_status signing_draw(struct signing *w,
			      const struct seal_design *design,
			      struct deed_error *err)
{
	struct seal_text text = signing_text(w);
	enum deed_status status;

	if (w->manifest != NULL)
		return signing_manifest_draw(w, design, err);
	if (!w->visible)
		return DEED_OK;
	text.reason = w->args->reason;
	text.location = w->args->location;
	status = sealer_new(&w->sealer, design, err);
	if (status == DEED_OK)
		status = sealer_draw(w->sealer, &text, &w->appearance, err);
	return status;
}

enum deed_status signing_unlock(struct signing *w, struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = w->args->passphrase,
		.option = "--passphrase",
		.key = w->args->as,
		.owner = w->args->as,
		.opens = passphrase_opens_party,
	};
	struct secret *passphrase = NULL;
	enum deed_status status;
	bool asks;

	status = sign_group_asks(w->group, &asks, err);
	if (status == DEED_OK && (asks || request.source != NULL))
		status = passphrase_get(w->session, &request, &passphrase, err);
	if (status == DEED_OK)
		status = sign_group_unlock(w->group, passphrase, err);
	if (status == DEED_OK && w->args->rsa_pss)
		sign_group_prefer_pss(w->group);
	secret_free(passphrase);
	return status;
}

void signing_close(struct signing *w)
{
	online_hint(w->session, online_refused(w->level.online));
	level_close(&w->level);
	secret_free(w->document_password);
	look_free(w->look);
	signing_manifest_free(w->manifest);
	sealer_free(w->sealer);
	sign_group_close(w->group);
	home_close(w->home);
}

/* ---- one document ---- */

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

static enum deed_status already(void *arg, struct batch_item *item,
				struct deed_error *err)
{
	const struct signing *w = arg;
	struct one *one = make_one(w, item);
	enum deed_status status;

	if (one == NULL)
		return deed_error_memory(err);
	status = check_kind(w, item, &one->item, err);
	if (status == DEED_OK)
		status = place_one(w, item, one, err);
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

static enum deed_status sign_one(void *arg, struct batch_item *item,
				 struct deed_error *err)
{
	const struct signing *w = arg;
	struct one *one = make_one(w, item);
	enum deed_status status;

	if (one == NULL)
		return deed_error_memory(err);
	status = check_kind(w, item, &one->item, err);
	if (status == DEED_OK)
		status = place_one(w, item, one, err);
	if (status != DEED_OK)
		return status;
	sign_group_add(w->group, &one->item, &one->result);
	if (one->result.status != DEED_OK && err != NULL) {
		*err = one->result.error;
		signing_hint_despite(&one->result.told, err);
	}
	return one->result.status;
}

static void describe_json(const struct signing *w, const struct sign_result *r,
			  json_t *json)
{
	if (r->field != NULL)
		(void)json_object_set_new(json, "field", output_text(r->field));
	(void)json_object_set_new(json, "sha256", output_sha256(r->sha256));
	(void)json_object_set_new(json, "size",
				  json_integer((json_int_t)r->size));
	placing_json(r, json);
	if (!w->session->dry_run)
		(void)json_object_set_new(
			json, "event", json_integer((json_int_t)r->log_index));
}

/* The document could be made to show something else (pdf/shadow.h); of the
 * certificate the words are said already. */
static void warn(const struct signing *w, const struct sign_result *r,
		 const char *input, json_t *json)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; r->shadow != NULL && i < r->shadow->count; i++) {
		session_warn(w->session,
			     "'%s' may be prepared to show something else: %s",
			     input, r->shadow->list[i].text);
		(void)json_array_append_new(
			list, json_pack("{s:s,s:o}", "id",
					r->shadow->list[i].id, "message",
					output_text(r->shadow->list[i].text)));
	}
	if (w->purposes[0] != '\0')
		(void)json_array_append_new(
			list,
			json_pack("{s:s,s:o}", "id", "key-purpose", "message",
				  json_sprintf(PURPOSES, w->args->as,
					       w->purposes)));
	(void)json_object_set_new(json, "warnings", list);
	signing_warn_beneath(w, &r->beneath, input, json);
}

static void describe(const struct signing *w, const struct sign_result *r,
		     const char *input, const char *output, json_t *json,
		     struct buf *said)
{
	if (w->session->json)
		describe_json(w, r, json);
	warn(w, r, input, json);
	if (r->told.passed[0] != '\0') {
		session_warn(w->session, "'%s' is signed despite: %s", input,
			     r->told.passed);
		(void)json_object_set_new(json, "despite",
					  output_text(r->told.passed));
	}
	if (w->session->dry_run) {
		buf_printf(said, "'%s' would be %s as %s: '%s'", input,
			   w->seal ? "sealed" : "signed", w->args->as, output);
		return;
	}
	buf_printf(said, "%s '%s' as %s: '%s', event %llu",
		   w->seal ? "sealed" : "signed", input, w->args->as, output,
		   (unsigned long long)r->log_index);
}

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
			describe(w, results[i], items[i]->input,
				 items[i]->output_name, items[i]->json,
				 &items[i]->said);
	}
	free(results);
	return DEED_OK;
}

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

/* ---- one container ---- */

static enum deed_status bundle_files(struct signing *w,
				     const struct operands *operands,
				     const char *container,
				     struct deed_error *err)
{
	struct sign_result result = SIGN_RESULT_INIT;
	struct sign_result *results[] = { &result };
	struct sign_item item = { .format = SIGN_ASIC, .output = container };
	struct buf said = BUF_INIT;
	enum deed_status status;

	item.input = operands->item[0];
	item.name = container;
	item.files = operands->item;
	item.file_count = operands->count;
	item.mode = w->session->force ? OUTFILE_REPLACE : OUTFILE_NEW;
	item.level = w->level.params.level;
	item.despite.list = w->args->despite.item;
	item.despite.count = w->args->despite.count;
	item.dry_run = w->session->dry_run;
	sign_group_add(w->group, &item, &result);
	if (result.status == DEED_OK)
		sign_group_commit(w->group, results, 1);
	status = result.status;
	if (status != DEED_OK && err != NULL)
		*err = result.error;
	if (status == DEED_OK) {
		describe(w, &result, container, container,
			 output_json(w->session), &said);
		status = buf_status(&said, err);
	}
	if (status == DEED_OK)
		session_say(w->session, "%.*s", (int)said.len,
			    (const char *)said.data);
	buf_clear(&said);
	sign_result_clear(&result);
	return status;
}

/* It is there: is it what would be made now? */
static enum deed_status bundle_there(struct signing *w,
				     const struct operands *operands,
				     const char *container, bool *done,
				     struct deed_error *err)
{
	struct sign_item item = { .format = SIGN_ASIC, .output = container };
	enum deed_status status;

	item.files = operands->item;
	item.file_count = operands->count;
	item.input = operands->item[0];
	item.level = w->level.params.level;
	status = sign_group_already(w->group, &item, done, err);
	if (status != DEED_OK || *done)
		return status;
	deed_error_set(err, DEED_EXISTS, "'%s' exists", container);
	deed_error_hint(err, "--force overwrites it");
	return DEED_EXISTS;
}

static enum deed_status check_bundle(const struct operands *operands,
				     const char *container,
				     struct deed_error *err)
{
	struct operand_kind kind = { .output = container };
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < operands->count; i++) {
		kind.path = kind.name = operands->item[i];
		status = operand_check_kind(&kind, err);
	}
	return status;
}

enum deed_status signing_bundle(struct signing *w, const char *container,
				struct deed_error *err)
{
	struct operands operands = OPERANDS_INIT;
	enum deed_status status;
	bool done = false;

	status = operands_read(w->session, &operands, err);
	if (status == DEED_OK && operands.count == 0) {
		session_say(w->session, "0 files");
		goto out;
	}
	if (status == DEED_OK)
		status = check_bundle(&operands, container, err);
	if (status == DEED_OK && !w->session->force && file_exists(container))
		status = bundle_there(w, &operands, container, &done, err);
	if (status == DEED_OK) {
		output_set(w->session, "party", output_text(w->args->as));
		output_set(w->session, "output", output_text(container));
	}
	if (status == DEED_OK && done)
		session_say(w->session,
			    "'%s' holds these files, signed, "
			    "already",
			    container);
	else if (status == DEED_OK)
		status = bundle_files(w, &operands, container, err);
out:
	operands_free(&operands);
	return status;
}
