/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <inttypes.h>

#include "base/clock.h"
#include "cmd/audit/audit.h"
#include "cmd/frame/output.h"

struct log_args {
	bool open;
	long from;
	long count;
	const char *event;
	const char *as;
	const char *passphrase;
	const char *operator_passphrase;
};

static const struct option options[] = {
	{ OPTION_FLAG(struct log_args, open), .name = "open",
	  .help = "show what the commitments hold: the operator all, a party "
		  "its own" },
	{ OPTION_NUMBER(struct log_args, from), .name = "from", .argument = "N",
	  .help = "begin with entry N" },
	{ OPTION_NUMBER(struct log_args, count), .name = "count",
	  .argument = "N", .help = "at most so many entries; 0: all" },
	{ OPTION_TEXT(struct log_args, event), .name = "event",
	  .argument = "TYPE", .help = "only entries of this type" },
	{ OPTION_TEXT(struct log_args, as), .name = "as", .argument = "PARTY",
	  .complete = COMPLETE_PARTY,
	  .help = "open with this party's deposit key" },
	{ OPTION_PASSPHRASE(struct log_args, passphrase), .name = "passphrase",
	  .config = true, .help = "of that party" },
	{ OPTION_PASSPHRASE(struct log_args, operator_passphrase),
	  .name = "operator-passphrase", .config = true,
	  .help = "opens the register's key" },
	{ 0 }
};

struct printing {
	struct session *s;
	const struct log_args *a;
	json_t *list;
};

/* "7  2026-11-23T12:00:00Z  sign  party=wang" */
static enum deed_status print_entry(void *arg, uint64_t index,
				    const struct entry *e,
				    const json_t *openings,
				    struct deed_error *err)
{
	struct printing *p = arg;
	char time[CLOCK_TEXT];
	struct buf line = BUF_INIT;
	json_t *opening;
	size_t i;

	if (p->a->event != NULL && strcmp(p->a->event, e->event) != 0)
		return DEED_OK;
	clock_format(e->time, time);
	buf_printf(&line, "%6" PRIu64 "  %s  %-10s", index, time, e->event);
	for (i = 0; i < e->numbers; i++)
		buf_printf(&line, " %s=%" PRIu64, e->number[i].label,
			   e->number[i].value);
	json_array_foreach(openings, i, opening)
	{
		buf_byte(&line, ' ');
		audit_opening_text(opening, &line);
	}
	buf_byte(&line, 0);
	if (line.failed) {
		buf_clear(&line);
		return deed_error_memory(err);
	}
	output_line(p->s, "%s", (const char *)line.data);
	buf_clear(&line);
	if (json_array_append_new(p->list,
				  audit_entry_json(index, e, openings)) != 0)
		return deed_error_memory(err);
	return DEED_OK;
}

static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct log_args *a = args;
	const struct audit_opener opener = {
		.as = a->as,
		.passphrase = a->passphrase,
		.operator_passphrase = a->operator_passphrase,
	};
	struct printing p = { s, a, json_array() };
	uint64_t from = (uint64_t)a->from, to = UINT64_MAX;
	struct audit_session as;
	enum deed_status status = audit_session_open(s, &as, err);

	if (a->count > 0)
		to = from + (uint64_t)a->count;
	if (status == DEED_OK && a->open)
		status = audit_session_unlock(s, &as, &opener, err);
	if (status == DEED_OK)
		status = audit_walk(as.log, from, to,
				    a->open ? &as.reader : NULL, print_entry,
				    &p, err);
	output_set(s, "entries", p.list);
	audit_session_close(&as);
	return status;
}

const struct command command_audit_log = {
	.name = "audit log",
	.operands = "",
	.summary = "list the events in the log",
	.options = options,
	.args_size = sizeof(struct log_args),
	.flags = COMMAND_HOME,
	.run = run,
};
