/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "cmd/frame/operands.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "cmd/trust/lists.h"
#include "office/party/trust_import.h"

struct import_args {
	int kind;
	struct option_list signer, pivot;
	const char *operator_passphrase;
};

static const struct option options[] = {
	{ OPTION_CHOICE(struct import_args, kind), .name = "kind",
	  .words = lists_kinds, .required = true,
	  .help = "what FILE is: a list of ETSI TS 119 612, or one written by "
		  "hand in YAML" },
	{ OPTION_LIST(struct import_args, signer), .name = "signer",
	  .argument = "CERT", .complete = COMPLETE_FILE,
	  .help = "who may have signed a ts119612 list" },
	{ OPTION_LIST(struct import_args, pivot), .name = "pivot",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "a list of lists from between, oldest first" },
	{ OPTION_PASSPHRASE(struct import_args, operator_passphrase),
	  .name = "operator-passphrase", .config = true,
	  .help = "opens the office's key, which signs" },
	{ 0 }
};

/* Readable by all: it is a signed statement, meant to be handed on. */
static enum deed_status write_out(struct session *s, const char *name,
				  const struct trust_import *t,
				  struct deed_error *err)
{
	if (strcmp(name, "-") == 0) {
		output_bytes(s, buf_get(&t->statement));
		return DEED_OK;
	}
	return file_write(name, 0644, buf_get(&t->statement),
			  s->force ? OUTFILE_REPLACE : OUTFILE_NEW, err);
}

/* On standard error in any case, for the statement may have gone to standard
 * output. */
static void report(struct session *s, const char *name,
		   const struct trust_import *t)
{
	struct buf text = BUF_INIT;

	lists_text(t->list, &text);
	output_set(s, "list", lists_json(t->list));
	output_set(s, "output", output_text(name));
	if (!text.failed)
		session_say(s, "%s '%s': %s",
			    s->dry_run ? "would write" : "written", name,
			    (const char *)text.data);
	buf_clear(&text);
}

static bool is_among(const char *name, const char *const *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (file_same(name, files[i]))
			return true;
	return false;
}

/* The output is looked at before anyone is asked for a passphrase. */
static enum deed_status check_output(struct session *s,
				     const struct import_args *a,
				     const char *name, struct deed_error *err)
{
	if (name == NULL)
		return deed_error_memory(err);
	if (is_among(name, s->operand, s->operand_count) ||
	    is_among(name, a->signer.item, a->signer.count) ||
	    is_among(name, a->pivot.item, a->pivot.count))
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is both read and written", name);
	if (!s->force && strcmp(name, "-") != 0 && file_exists(name)) {
		(void)deed_error_set(err, DEED_EXISTS, "'%s' exists", name);
		deed_error_remedy(err, "overwrite", NULL);
		return DEED_EXISTS;
	}
	return DEED_OK;
}

/* Signed with the office's key, so that who holds the list later sees by whose
 * hand it was made of its source. */
static enum deed_status make(struct session *s, const struct import_args *a,
			     const char *name, const struct cert_list *signers,
			     struct trust_import *t, struct deed_error *err)
{
	struct secret *passphrase = NULL;
	struct home *home = NULL;
	enum deed_status status = session_open_home(s, &home, err);

	t->source = (struct list_source){
		.kind = (enum trust_list_kind)(a->kind + 1),
		.files = s->operand,
		.file_count = s->operand_count,
		.pivots = a->pivot.item,
		.pivot_count = a->pivot.count,
		.signers = signers,
		.at = s->now,
	};
	/* --at is when the list is to be good; it is signed now. */
	t->now = clock_now();
	if (status == DEED_OK)
		status = passphrase_operator(s, a->operator_passphrase,
					     &passphrase, err);
	t->passphrase = passphrase;
	if (status == DEED_OK)
		status = trust_import(home, t, err);
	if (status == DEED_OK && !s->dry_run)
		status = write_out(s, name, t, err);
	secret_free(passphrase);
	home_close(home);
	return status;
}

/* Everything that is read or written is checked before the passphrase is asked
 * for. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct import_args *a = args;
	struct cert_list signers = CERT_LIST_INIT;
	struct trust_import t = { .statement = BUF_INIT };
	char *name;
	enum deed_status status;

	name = s->output != NULL
		       ? strdup(s->output)
		       : operand_suffixed(s->operand[s->operand_count - 1],
					  ".p7s");
	status = check_output(s, a, name, err);
	if (status == DEED_OK)
		status = lists_certificates(&a->signer, &signers, err);
	if (status == DEED_OK)
		status = make(s, a, name, &signers, &t, err);
	if (status == DEED_OK)
		report(s, name, &t);
	trust_import_clear(&t);
	cert_list_clear(&signers);
	free(name);
	return status;
}

const struct command command_trust_import = {
	.name = "trust import",
	.operands = "FILE ...",
	.summary = "make a statement of a trust list, signed by the office",
	.options = options,
	.args_size = sizeof(struct import_args),
	.flags = COMMAND_HOME | COMMAND_WRITES | COMMAND_OUTPUT | COMMAND_AT,
	.min_operands = 1,
	.max_operands = 2,
	.complete = COMPLETE_FILE,
	.run = run,
};
