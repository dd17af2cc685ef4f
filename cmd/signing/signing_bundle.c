/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/signing.h"

#include "cmd/frame/operands.h"

/* Through a group of one, so that a container is logged and named as any
 * document.  The first file stands for the input, as the names are in the
 * list. */
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
		signing_describe(w, &result, container, container,
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

/* Before anything is signed: a container that is called .pdf would be opened
 * as one. */
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
