/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "cmd/audit/audit.h"
#include "cmd/frame/output.h"

#define LABELS_MAX 64

struct prove_args {
	struct option_list open;
	const char *as;
	const char *passphrase;
	const char *operator_passphrase;
};

static const struct option options[] = {
	{ OPTION_LIST(struct prove_args, open), .name = "open",
	  .argument = "LABELS",
	  .help = "let the proof tell what these commitments hold" },
	{ OPTION_TEXT(struct prove_args, as), .name = "as", .argument = "PARTY",
	  .complete = COMPLETE_PARTY,
	  .help = "open with this party's deposit key" },
	{ OPTION_PASSPHRASE(struct prove_args, passphrase),
	  .name = "passphrase", .config = true, .help = "of that party" },
	{ OPTION_PASSPHRASE(struct prove_args, operator_passphrase),
	  .name = "operator-passphrase", .config = true,
	  .help = "opens the register's key" },
	{ 0 }
};

/* The words of all --open options, cut at commas in a copy. */
struct labels {
	char *copy[LABELS_MAX];
	const char *word[LABELS_MAX];
	size_t copies, count;
};

static void labels_clear(struct labels *l)
{
	while (l->copies > 0)
		free(l->copy[--l->copies]);
}

static enum deed_status too_many(struct deed_error *err)
{
	return deed_error_set(err, DEED_LIMIT,
			      "a proof opens at most %d commitments",
			      LABELS_MAX);
}

/* The words point into the copies, which strsep cuts.  A label that no entry
 * could have is refused before the passphrase is asked for. */
static enum deed_status split(const struct option_list *open, struct labels *l,
			      struct deed_error *err)
{
	char *word, *rest;
	size_t i;

	memset(l, 0, sizeof(*l));
	for (i = 0; i < open->count; i++) {
		/* Each option has one word at least. */
		if (l->copies == LABELS_MAX)
			return too_many(err);
		rest = strdup(open->item[i]);
		if (rest == NULL)
			return deed_error_memory(err);
		l->copy[l->copies++] = rest;
		while ((word = strsep(&rest, ",")) != NULL) {
			if (l->count == LABELS_MAX)
				return too_many(err);
			if (!entry_word_valid(word))
				return deed_error_set(
					err, DEED_USAGE,
					"'%s' is no list of labels",
					open->item[i]);
			l->word[l->count++] = word;
		}
	}
	return DEED_OK;
}

/* Digits alone: strtoull would take a sign and spaces, and wrap a negative
 * number round. */
static enum deed_status parse_index(const char *text, uint64_t *out,
				    struct deed_error *err)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	if (errno != 0 || *end != 0 || text[0] < '0' || text[0] > '9')
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is no number of an entry", text);
	return DEED_OK;
}

/* A proof is a text with lines of its own meaning and is put as it is, not
 * cleaned. */
static enum deed_status put(struct session *s, struct slice proof,
			    struct deed_error *err)
{
	if (s->output != NULL && strcmp(s->output, "-") != 0)
		return file_write(s->output, 0644, proof,
				  s->force ? OUTFILE_REPLACE : OUTFILE_NEW,
				  err);
	if (s->json)
		output_set(s, "proof",
			   json_stringn((const char *)proof.data, proof.len));
	else
		output_bytes(s, proof);
	return DEED_OK;
}

/* Without --open no key is needed: the proof then tells that an entry is
 * there, not what its commitments hold. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct prove_args *a = args;
	const struct audit_opener opener = {
		.as = a->as,
		.passphrase = a->passphrase,
		.operator_passphrase = a->operator_passphrase,
	};
	struct audit_session as = { .home = NULL };
	struct buf proof = BUF_INIT;
	struct labels labels;
	uint64_t index = 0;
	enum deed_status status = split(&a->open, &labels, err);

	if (status == DEED_OK)
		status = parse_index(s->operand[0], &index, err);
	if (status == DEED_OK)
		status = audit_session_open(s, &as, err);
	if (status == DEED_OK && labels.count > 0)
		status = audit_session_unlock(s, &as, &opener, err);
	if (status == DEED_OK)
		status = audit_prove(as.log, index, labels.word, labels.count,
				     &as.reader, &proof, err);
	if (status == DEED_OK) {
		output_set(s, "index", json_integer((json_int_t)index));
		status = put(s, buf_get(&proof), err);
	}
	labels_clear(&labels);
	buf_clear(&proof);
	audit_session_close(&as);
	return status;
}

const struct command command_audit_prove = {
	.name = "audit prove",
	.operands = "N",
	.summary = "prove that an event is in the log",
	.options = options,
	.args_size = sizeof(struct prove_args),
	.flags = COMMAND_HOME | COMMAND_OUTPUT,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
