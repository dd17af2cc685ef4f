/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/command.h"
#include "cmd/output.h"
#include "cmd/shard/health.h"
#include "cmd/shard/shard.h"
#include "office/deposit/deposit_audit.h"

struct check_args {
	bool presence;
	long sample;
	long rate;
};

static const struct option options[] = {
	{ OPTION_FLAG(struct check_args, presence), .name = "presence",
	  .help = "only look for the names of what should be there" },
	{ OPTION_NUMBER(struct check_args, sample), .name = "sample",
	  .argument = "PERCENT", .min = 1, .max = 100,
	  .help = "so many of the deposits, beginning where the last sample "
		  "ended" },
	{ OPTION_NUMBER(struct check_args, rate), .name = "rate",
	  .argument = "BYTES", .help = "read at most so many a second" },
	{ 0 }
};

struct checking {
	struct session *s;
	struct deposit_visit *visit;
	struct check_options options;
	json_t *deposits, *catalogue;
	struct health_count count;
	enum deed_status worst;
};

/* What the catalogue is to say of it from now on, and what it said. */
static enum deed_status note(struct checking *c, const struct stored *d,
			     const char *id, const struct check_report *r,
			     struct deed_error *err)
{
	struct audit_report said = AUDIT_REPORT_INIT;
	struct buf text = BUF_INIT;
	enum deed_status status;
	bool agreed;

	status = deposit_note(c->visit->archive, d, health_note(r), &agreed,
			      err);
	if (status == DEED_OK && !agreed) {
		buf_printf(&text,
			   "the catalogue's row of deposit '%s' was not what "
			   "its manifest says",
			   id);
		buf_byte(&text, 0);
		status = buf_status(&text, err);
		if (status == DEED_OK)
			status = audit_report_add(&said, DEED_INCONSISTENT,
						  "catalogue",
						  (const char *)text.data, err);
		shard_catalogue_json(c->s, &said, c->catalogue);
		if (status == DEED_OK)
			status = DEED_INCONSISTENT;
	}
	audit_report_clear(&said);
	buf_clear(&text);
	return status;
}

static enum deed_status check(struct checking *c, const struct stored *d,
			      const char *id, struct deed_error *err)
{
	struct check_report r = { .n = 0 };
	enum deed_status status;

	status = check_deposit(c->visit->archive, d, &c->options, &r, err);
	if (status == DEED_OK) {
		health_lines(c->s, id, &r, false);
		json_array_append_new(c->deposits, health_json(id, &r));
		health_count(&c->count, r.state);
		/* That all names are there does not make it healthy. */
		if (!r.whole || !c->options.presence)
			status = note(c, d, id, &r, err);
		status = health_worse(check_state_status(r.state), status);
	}
	check_clear(&r);
	return status;
}

/* A deposit_visit_fn: what fails is told, and the others are checked. */
static enum deed_status on_deposit(void *arg, const struct catalogue_item *item,
				   const struct stored *d,
				   const struct deed_error *why,
				   struct deed_error *err)
{
	struct deed_error e = DEED_ERROR_INIT;
	struct checking *c = arg;
	enum deed_status status;

	(void)err;
	if (d == NULL) {
		e = *why;
		status = e.status;
		health_count(&c->count, CHECK_UNREADABLE);
	} else {
		status = check(c, d, item->id, &e);
	}
	if (status != DEED_OK && e.message[0] != '\0')
		session_error(c->s, item->id, &e);
	c->worst = health_worse(c->worst, status);
	return DEED_OK;
}

static void check_ids(struct checking *c)
{
	size_t i;

	for (i = 0; i < c->s->operand_count; i++) {
		struct deed_error err = DEED_ERROR_INIT;
		const char *id = c->s->operand[i];
		enum deed_status status =
			deposit_visit_id(c->visit, id, on_deposit, c, &err);

		if (status != DEED_OK)
			session_error(c->s, id, &err);
		c->worst = health_worse(c->worst, status);
	}
}

/* Before the catalogue is opened, which mends what is broken of it. */
static enum deed_status audit(struct checking *c, const struct home *home,
			      struct deed_error *err)
{
	struct audit_report r = AUDIT_REPORT_INIT;
	enum deed_status status;

	status = deposit_audit(home, (unsigned)c->s->wait, c->s->now, true, &r,
			       err);
	if (status == DEED_OK) {
		shard_catalogue_json(c->s, &r, c->catalogue);
		c->worst = audit_report_status(&r);
	}
	audit_report_clear(&r);
	return status;
}

static enum deed_status check_all(struct checking *c, long percent,
				  struct deed_error *err)
{
	const struct deposit_round round = {
		.name = percent == 0 ? NULL : "check",
		.percent = percent == 0 ? 100 : (unsigned)percent,
	};

	return deposit_visit_round(c->visit, &round, on_deposit, c, err);
}

static void sum_up(struct checking *c)
{
	struct buf text = BUF_INIT;

	health_count_text(&c->count, &text);
	buf_byte(&text, 0);
	if (c->s->operand_count == 0 && !text.failed)
		output_line(c->s, "%s", (const char *)text.data);
	output_set(c->s, "summary", health_count_json(&c->count));
	output_set(c->s, "catalogue", c->catalogue);
	output_set(c->s, "deposits", c->deposits);
	buf_clear(&text);
}

static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	const struct check_args *args = arguments;
	struct rate rate = RATE_INIT((uint64_t)args->rate);
	struct checking c = { .s = s };
	struct home *home = NULL;
	enum deed_status status;

	if (args->sample > 0 && (args->presence || s->operand_count > 0))
		return deed_error_set(err, DEED_USAGE,
				      "--sample goes with neither --presence "
				      "nor an ID");
	status = session_open_home(s, &home, err);
	c.deposits = json_array();
	c.catalogue = json_array();
	if (status == DEED_OK && s->operand_count == 0)
		status = audit(&c, home, err);
	if (status == DEED_OK)
		status = deposit_visit_open(home, &c.visit, err);
	if (status == DEED_OK) {
		c.options.places = &c.visit->places;
		c.options.presence = args->presence;
		c.options.rate = &rate;
		if (s->operand_count > 0)
			check_ids(&c);
		else
			status = check_all(&c, args->sample, err);
	}
	sum_up(&c);
	deposit_visit_close(c.visit);
	home_close(home);
	return status == DEED_OK ? c.worst : status;
}

const struct command command_shard_check = {
	.name = "shard check",
	.operands = "[ID ...]",
	.summary = "look at deposits at every place; no key needed",
	.options = options,
	.args_size = sizeof(struct check_args),
	.flags = COMMAND_HOME,
	.max_operands = COMMAND_MANY,
	.run = run,
};
