/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/glance.h"
#include "cmd/frame/command.h"
#include "cmd/frame/output.h"
#include "cmd/shard/foresee.h"
#include "cmd/shard/health.h"
#include "cmd/shard/shard.h"
#include "cmd/shard/traffic.h"
#include "office/deposit/deposit_audit.h"

struct check_args {
	bool presence;
	long sample;
	long rate;
};

static const struct option options[] = {
	{ OPTION_FLAG(struct check_args, presence), .name = "presence",
	  .help = "only look for what should be there, by name and size" },
	{ OPTION_NUMBER(struct check_args, sample), .name = "sample",
	  .argument = "PERCENT", .min = 1, .max = 100, .excludes = "presence",
	  .help = "so many of the deposits, beginning where the last sample "
		  "ended" },
	{ OPTION_NUMBER(struct check_args, rate), .name = "rate",
	  .argument = "BYTES", .help = "read at most so many a second" },
	{ 0 }
};

struct checking {
	struct health_run run;
	struct check_options options;
	json_t *catalogue;
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

	status = deposit_note(c->run.visit->archive, c->run.visit->catalogue, d,
			      health_note(r), &agreed, err);
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
		shard_catalogue_json(c->run.s, &said, c->catalogue);
		if (status == DEED_OK)
			status = DEED_INCONSISTENT;
	}
	audit_report_clear(&said);
	buf_clear(&text);
	return status;
}

/* What the next presence is compared with: nothing in doubt, and all that is
 * listed is as it was when it was found whole. */
static enum deed_status remember(struct checking *c, const struct stored *d,
				 const struct check_report *r,
				 struct deed_error *err)
{
	uint8_t digest[SHA256_SIZE];
	enum deed_status status;
	bool known;

	if (!r->whole || r->former_count > 0 || d->aside_count > 0 ||
	    d->word != STORED_UNASKED || c->run.again ||
	    c->run.s->operand_count > 0)
		return DEED_OK;
	status = glance_digest(c->run.visit->archive, d, digest, &known, err);
	if (status == DEED_OK && known)
		catalogue_set_listed(c->run.visit->catalogue, d->id, digest);
	return status;
}

/* Each deposit when it was looked at: a check of all may take days, and what
 * it found is to be read before it ends. */
static void tell(struct checking *c, const char *id,
		 const struct check_report *r, json_t *doubts)
{
	json_t *json;

	json = health_json(id, r);
	json_object_set_new(json, "doubts", doubts);
	output_item(c->run.s, "deposits", json);
	health_count(&c->run.count, r->state);
}

/* A deposit_glance_fn: where nothing has changed no manifest is read. */
static bool glance(void *arg, const struct catalogue_item *item)
{
	struct health_run *run = arg;
	struct checking *c = run->arg;
	uint8_t digest[SHA256_SIZE];
	struct check_report r;
	bool same = false;

	if (catalogue_listed(run->visit->catalogue, item, digest, &same,
			     NULL) != DEED_OK ||
	    !same ||
	    glance_same(run->visit->archive, item, digest, c->options.about, &r,
			&same, NULL) != DEED_OK ||
	    !same)
		return false;
	health_lines(run->s, item->id, &r, false);
	tell(c, item->id, &r, json_array());
	check_clear(&r);
	return true;
}

/* A health_fn. */
static enum deed_status check(void *arg, const struct stored *d, const char *id,
			      struct deed_error *err)
{
	struct checking *c = arg;
	struct check_report r = { .n = 0 };
	enum deed_status status;

	status = check_deposit(c->run.visit->archive, d, &c->options, &r, err);
	if (status == DEED_OK && !c->run.again &&
	    (r.newer || (c->run.visit->ahead && check_is_amiss(&r)))) {
		check_clear(&r);
		return health_again(&c->run, id, err);
	}
	if (status == DEED_OK) {
		health_lines(c->run.s, id, &r, false);
		tell(c, id, &r,
		     shard_doubts(c->run.s, c->run.visit->archive, d, "  "));
		status = remember(c, d, &r, err);
		/* That all names are there does not make it healthy. */
		if (status == DEED_OK && (!r.whole || !c->options.presence))
			status = note(c, d, id, &r, err);
		status = health_worse(check_state_status(r.state), status);
	}
	check_clear(&r);
	return status;
}

/* Before the catalogue is opened, which mends what is broken of it. */
static enum deed_status audit(struct checking *c, const struct home *home,
			      struct deed_error *err)
{
	struct audit_report r = AUDIT_REPORT_INIT;
	enum deed_status status;

	status = deposit_audit(home, (unsigned)c->run.s->wait, c->run.s->now,
			       true, &r, err);
	if (status == DEED_OK) {
		shard_catalogue_json(c->run.s, &r, c->catalogue);
		c->run.worst = audit_report_status(&r);
	}
	audit_report_clear(&r);
	return status;
}

/* A sample has a mark of its own in the catalogue, where the next goes on; a
 * check of all always begins at the beginning.  Only names and sizes may be
 * taken from an earlier look. */
static enum deed_status check_all(struct checking *c, long percent,
				  struct deed_error *err)
{
	const struct deposit_round round = {
		.name = percent == 0 ? NULL : "check",
		.percent = percent == 0 ? 100 : (unsigned)percent,
		.ahead = true,
		.glance = c->options.presence ? glance : NULL,
	};

	return health_round(&c->run, &round, err);
}

/* The array is begun if nothing was looked at, so that the report has it.  Of
 * deposits that were named a count says nothing. */
static void sum_up(struct checking *c)
{
	struct buf text = BUF_INIT;

	health_count_text(&c->run.count, &text);
	buf_byte(&text, 0);
	if (c->run.s->operand_count == 0 && !text.failed)
		output_line(c->run.s, "%s", (const char *)text.data);
	output_stream(c->run.s, "deposits");
	output_set(c->run.s, "summary", health_count_json(&c->run.count));
	output_set(c->run.s, "catalogue", c->catalogue);
	buf_clear(&text);
}

/* With -n no place is asked at all: the catalogue says what there is, and that
 * is what a bill is made of. */
static enum deed_status foresee(struct session *s, const struct home *home,
				const struct check_args *args,
				struct deed_error *err)
{
	const struct estimate_how how = {
		.presence = args->presence,
		.single = s->operand_count > 0,
		.percent = args->sample == 0 ? 100 : (unsigned)args->sample,
	};

	return foresee_check(s, home, &how, err);
}

/* The catalogue is held against the places before it is opened, since opening
 * mends it.  The worst of what was found is the answer if the run itself came
 * to its end. */
static enum deed_status check_them(struct checking *c, const struct home *home,
				   const struct check_args *args,
				   struct deed_error *err)
{
	struct rate rate = RATE_INIT((uint64_t)args->rate);
	enum deed_status status = DEED_OK;

	c->run.arg = c;
	c->catalogue = json_array();
	if (c->run.s->operand_count == 0)
		status = audit(c, home, err);
	if (status == DEED_OK)
		status = deposit_visit_open(home, &c->run.visit, err);
	if (status == DEED_OK) {
		c->options.places = &c->run.visit->places;
		c->options.about = &c->run.visit->about;
		c->options.presence = args->presence;
		c->options.rate = &rate;
		if (c->run.s->operand_count > 0)
			health_ids(&c->run);
		else
			status = check_all(c, args->sample, err);
	}
	sum_up(c);
	deposit_visit_close(c->run.visit);
	return status == DEED_OK ? c->run.worst : status;
}

/* The traffic is told last, when all that could cause some is closed. */
static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	const struct check_args *args = arguments;
	struct checking c = { .run = { .s = s, .each = check } };
	struct home *home = NULL;
	enum deed_status status;

	if (args->sample > 0 && s->operand_count > 0)
		return deed_error_set(err, DEED_USAGE,
				      "--sample does not go with an ID");
	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = s->dry_run ? foresee(s, home, args, err)
				    : check_them(&c, home, args, err);
	home_close(home);
	traffic_tell(s, true);
	return status;
}

const struct command command_shard_check = {
	.name = "shard check",
	.operands = "[ID ...]",
	.summary = "look at deposits at every place; no key needed",
	.options = options,
	.args_size = sizeof(struct check_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.max_operands = COMMAND_MANY,
	.run = run,
};
