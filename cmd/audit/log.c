/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/log.h"
#include "cmd/audit/audit.h"
#include "cmd/audit/log_show.h"
#include "cmd/frame/output.h"
#include "cmd/frame/progress.h"
#include "event/audit_find.h"
#include "event/revisions.h"

/* So many entries that were read one by one are worth a word. */
#define MANY 1000

struct log_args {
	const char *document, *party;
	struct option_time since, until;
	bool csv;
	bool open;
	long from;
	long count;
	const char *event;
	const char *as;
	const char *passphrase;
	const char *operator_passphrase;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct log_args, document), .name = "document",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "only what was done with this file, or with what it was "
		  "before something was added" },
	{ OPTION_TEXT(struct log_args, party), .name = "party",
	  .argument = "PARTY", .complete = COMPLETE_PARTY,
	  .help = "only what this party did, or was done to it" },
	{ OPTION_TIME(struct log_args, since), .name = "since",
	  .help = "only entries of this time and later ones" },
	{ OPTION_TIME(struct log_args, until), .name = "until",
	  .help = "only entries before this time" },
	{ OPTION_TEXT(struct log_args, event), .name = "event",
	  .argument = "TYPE", .help = "only entries of this type" },
	{ OPTION_NUMBER(struct log_args, from), .name = "from", .argument = "N",
	  .help = "begin with entry N" },
	{ OPTION_NUMBER(struct log_args, count), .name = "count",
	  .argument = "N", .help = "look at so many entries; 0: all" },
	{ OPTION_FLAG(struct log_args, open), .name = "open",
	  .help = "show what the commitments hold, with names and files: the "
		  "operator all, a party its own" },
	{ OPTION_FLAG(struct log_args, csv), .name = "csv",
	  .help = "print a table, for a spreadsheet" },
	{ OPTION_TEXT(struct log_args, as), .name = "as", .argument = "PARTY",
	  .complete = COMPLETE_PARTY, .needs = "open document party",
	  .help = "open with this party's deposit key" },
	{ OPTION_PASSPHRASE(struct log_args, passphrase), .name = "passphrase",
	  .config = true, .needs = "as", .help = "of that party" },
	{ OPTION_PASSPHRASE(struct log_args, operator_passphrase),
	  .name = "operator-passphrase", .config = true,
	  .help = "opens the register's key" },
	{ 0 }
};

struct listing {
	const struct audit_query *query;
	struct log_show show;
};

/* An audit_found_fn. */
static enum deed_status print_found(void *arg, const struct audit_found *f,
				    struct deed_error *err)
{
	struct listing *l = arg;

	return log_show_entry(&l->show, f, err);
}

/* An audit_entry_fn: of a log of which nothing is opened. */
static enum deed_status print_entry(void *arg, uint64_t index,
				    const struct entry *e,
				    const json_t *openings,
				    struct deed_error *err)
{
	struct listing *l = arg;
	const struct audit_query *q = l->query;
	const struct audit_found f = { .index = index,
				       .entry = e,
				       .openings = openings };

	if ((q->event != NULL && strcmp(q->event, e->event) != 0) ||
	    (q->has_since && e->time < q->since) ||
	    (q->has_until && e->time >= q->until))
		return DEED_OK;
	return log_show_entry(&l->show, &f, err);
}

/* What the search says of itself; and is the answer a whole one? */
static enum deed_status conclude(struct session *s, const struct log_args *a,
				 const struct audit_search *r,
				 struct deed_error *err)
{
	output_set(s, "search",
		   json_pack("{s:I,s:I,s:I,s:I}", "entries",
			     (json_int_t)r->size, "read", (json_int_t)r->read,
			     "wrong", (json_int_t)r->wrong, "unopened",
			     (json_int_t)r->unopened));
	if (r->wrong > 0)
		session_warn(s,
			     "the index was not what the log says of %" PRIu64
			     " entries; they were read from the drop box",
			     r->wrong);
	if (a->as == NULL && r->kept && r->read >= MANY)
		session_say(s,
			    "%" PRIu64 " entries were read one by one; the "
			    "index has them now, and the next search is quick",
			    r->read);
	else if (r->read > 0)
		log_say(LOG_STEP, "%" PRIu64 " entries were read one by one",
			r->read);
	if (r->former[0] != '\0')
		session_say(s,
			    "'%s' was '%s' until entry %" PRIu64
			    ": look for that name, too",
			    a->party, r->former, r->renamed);
	if (r->unopened > 0) {
		deed_error_set(err, DEED_INDETERMINATE,
			       "what %" PRIu64 " entries hold cannot be told, "
			       "for their records are gone: entry %" PRIu64
			       " is the first",
			       r->unopened, r->first_unopened);
		deed_error_hint(err, "deed audit verify");
		return DEED_INDETERMINATE;
	}
	if (r->found > 0 || (a->document == NULL && a->party == NULL))
		return DEED_OK;
	return deed_error_set(err, DEED_NOT_FOUND, "no entry is about '%s'",
			      a->document != NULL ? a->document : a->party);
}

/* The file is hashed and the handle checked before the passphrase is asked
 * for.  The array is begun even if nothing is found, so that the report has
 * it. */
static enum deed_status find(struct session *s, const struct log_args *a,
			     struct audit_session *as, struct audit_query *q,
			     struct listing *l, struct deed_error *err)
{
	const struct audit_opener opener = {
		.as = a->as,
		.passphrase = a->passphrase,
		.operator_passphrase = a->operator_passphrase,
	};
	struct audit_digest *digests = NULL;
	struct audit_search result;
	enum deed_status status = DEED_OK;

	if (a->party != NULL)
		status = home_check_party(a->party, err);
	if (status == DEED_OK && a->document != NULL)
		status =
			revisions_hash(a->document, &digests, &q->digests, err);
	if (status == DEED_OK)
		status = audit_session_unlock(s, as, &opener, err);
	q->digest = digests;
	q->reader = &as->reader;
	q->reader_is_register = a->as == NULL;
	q->party = a->party;
	q->progress = progress_set;
	if (status == DEED_OK) {
		log_show_begin(&l->show);
		progress_start(s, "entries", 0);
		status = audit_find(as->log, q, print_found, l, &result, err);
		progress_end();
		output_stream(s, "entries");
	}
	if (status == DEED_OK)
		status = conclude(s, a, &result, err);
	free(digests);
	return status;
}

/* Without --open, --document and --party nothing needs a key, and the log is
 * walked as it lies there. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct log_args *a = args;
	struct audit_query q = { .from = (uint64_t)a->from,
				 .to = UINT64_MAX,
				 .event = a->event,
				 .has_since = a->since.given,
				 .since = a->since.value,
				 .has_until = a->until.given,
				 .until = a->until.value };
	struct listing l = { .query = &q };
	struct audit_session as;
	enum deed_status status;

	if (a->csv && s->json)
		return deed_error_set(err, DEED_USAGE,
				      "--csv and --json are two ways to print");
	if (a->count > 0)
		q.to = q.from + (uint64_t)a->count;
	status = audit_session_open(s, &as, err);
	if (status == DEED_OK)
		log_show_init(&l.show, s, as.home, a->csv, a->open);
	if (status == DEED_OK &&
	    (a->open || a->document != NULL || a->party != NULL))
		status = find(s, a, &as, &q, &l, err);
	else if (status == DEED_OK) {
		log_show_begin(&l.show);
		status = audit_walk(as.log, q.from, q.to, NULL, print_entry, &l,
				    err);
	}
	output_stream(s, "entries");
	log_show_clear(&l.show);
	audit_session_close(&as);
	return status;
}

const struct command command_audit_log = {
	.name = "audit log",
	.operands = "",
	.summary = "list the events in the log, or find some",
	.options = options,
	.args_size = sizeof(struct log_args),
	.flags = COMMAND_HOME,
	.run = run,
};
