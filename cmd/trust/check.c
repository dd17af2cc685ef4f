/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <stdlib.h>

#include "cmd/frame/output.h"
#include "cmd/trust/lists.h"
#include "office/home.h"

/* deed trust check: does what is held hold still, and does it say what the
 * list says that it was made from? */
struct check_args {
	struct option_list source, signer, pivot;
};

static const struct option options[] = {
	{ OPTION_LIST(struct check_args, source), .name = "source",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "derive it again from what it was made from" },
	{ OPTION_LIST(struct check_args, signer), .name = "signer",
	  .needs = "source", .argument = "CERT", .complete = COMPLETE_FILE,
	  .help = "who may have signed that, as in trust import" },
	{ OPTION_LIST(struct check_args, pivot), .name = "pivot",
	  .needs = "source", .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "a list of lists from between, oldest first" },
	{ 0 }
};

/* The source's own end was a matter of the day of its import. */
static enum deed_status derive(const struct check_args *a,
			       const struct trust_list *held, bool *same,
			       struct deed_error *err)
{
	struct cert_list signers = CERT_LIST_INIT;
	struct list_source src = { .kind = held->kind,
				   .files = a->source.item,
				   .file_count = a->source.count,
				   .pivots = a->pivot.item,
				   .pivot_count = a->pivot.count,
				   .signers = &signers,
				   .at = TRUST_NO_TIME };
	struct trust_list *again = NULL;
	json_t *x = NULL, *y = NULL;
	enum deed_status status;

	status = lists_certificates(&a->signer, &signers, err);
	if (status == DEED_OK)
		status = list_source_read(&src, &again, err);
	if (status == DEED_OK) {
		x = trust_list_write(held);
		y = trust_list_write(again);
		if (x == NULL || y == NULL)
			status = deed_error_memory(err);
		else
			*same = json_equal(x, y);
	}
	json_decref(x);
	json_decref(y);
	trust_list_free(again);
	cert_list_clear(&signers);
	return status;
}

/* A list that has ended is sound still, and the answer is indeterminate; where
 * it does not say what its source says the answer is no. */
static enum deed_status tell(struct session *s, const struct check_args *a,
			     const struct held_list *h, struct deed_error *err)
{
	const struct trust_list *l = h->statement->list;
	struct buf text = BUF_INIT;
	bool ended = held_list_current(l, s->now, NULL) != DEED_OK;
	bool same = true;
	enum deed_status status = DEED_OK;
	json_t *o = lists_held_json(h);

	if (a->source.count > 0)
		status = derive(a, l, &same, err);
	if (a->source.count > 0 && status == DEED_OK)
		(void)json_object_set_new(o, "same_as_source",
					  json_boolean(same));
	(void)json_object_set_new(o, "ended", json_boolean(ended));
	output_set(s, "list", o);
	lists_text(l, &text);
	if (status == DEED_OK && !text.failed)
		output_line(s, "%s: signed as pinned; %s%s%s", h->name,
			    (const char *)text.data, ended ? " (ended)" : "",
			    a->source.count == 0 ? ""
			    : same		 ? "; says what its source says"
						 : "; does not say what its "
						   "source says");
	buf_clear(&text);
	if (status == DEED_OK && !same)
		status = DEED_NO;
	else if (status == DEED_OK && ended)
		status = DEED_INDETERMINATE;
	return status;
}

/* What is held is verified while it is read, by the pinned signer; only then
 * is it compared with a source. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct check_args *a = args;
	struct held_list *h = NULL;
	struct home *home = NULL;
	enum deed_status status;

	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = held_list_read(home->trust, s->operand[0], &h, err);
	if (status == DEED_OK)
		status = tell(s, a, h, err);
	held_list_free(h);
	home_close(home);
	return status;
}

const struct command command_trust_check = {
	.name = "trust check",
	.operands = "NAME",
	.summary = "check a trust list that is held",
	.options = options,
	.args_size = sizeof(struct check_args),
	.flags = COMMAND_HOME | COMMAND_AT,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
