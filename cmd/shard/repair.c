/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "archive/health/deleted.h"
#include "archive/health/repair.h"
#include "cmd/frame/command.h"
#include "cmd/frame/output.h"
#include "cmd/shard/foresee.h"
#include "cmd/shard/health.h"
#include "cmd/shard/shard.h"
#include "cmd/shard/sweep.h"
#include "cmd/shard/traffic.h"

struct repair_args {
	bool all;
	struct option_list abandon;
	long rate;
};

static const struct option options[] = {
	{ OPTION_FLAG(struct repair_args, all), .name = "all",
	  .help = "every deposit; after a run that was ended first what that "
		  "had not reached" },
	{ OPTION_LIST(struct repair_args, abandon), .name = "abandon",
	  .argument = "NAME",
	  .help = "make this place anew if it is away; repeatable" },
	{ OPTION_NUMBER(struct repair_args, rate), .name = "rate",
	  .argument = "BYTES",
	  .help = "read and write at most so many a second" },
	{ 0 }
};

struct repairing {
	struct health_run run;
	const struct repair_args *args;
	struct repair_options options;
	uint64_t made, undone; /* objects */
	uint64_t mended;       /* deposits that had some */
};

/* "ID: 3 objects made anew at place 2", or undeleted there. */
static void put_made(const struct repairing *c, const char *id,
		     const struct repair_report *r, bool undone)
{
	size_t count = undone ? r->undone : r->made;
	struct buf where = BUF_INIT;
	unsigned i;

	for (i = 0; i < r->found.n; i++)
		if ((undone ? r->place[i].undone : r->place[i].made) > 0)
			buf_printf(&where, "%s%s", where.len == 0 ? " " : ", ",
				   r->found.place[i].name);
	buf_byte(&where, 0);
	if (!where.failed && count > 0)
		output_line(c->run.s, "%s: %zu object%s%s %s at place%s", id,
			    count, count == 1 ? "" : "s",
			    c->run.s->dry_run ? " would be" : "",
			    undone ? "undeleted" : "made anew",
			    (const char *)where.data);
	buf_clear(&where);
}

/* What is still amiss, or that nothing is. */
static void put_lines(const struct repairing *c, const char *id,
		      struct repair_report *r)
{
	struct check_report left = r->found;
	unsigned i;

	put_made(c, id, r, true);
	put_made(c, id, r, false);
	left.state = r->state;
	left.whole = r->state == CHECK_HEALTHY;
	for (i = 0; i < left.n; i++) {
		left.place[i].state = r->place[i].state;
		left.place[i].good += r->place[i].made;
		if (c->run.s->dry_run)
			left.place[i].good += r->place[i].undone;
		if (left.place[i].state == CHECK_HEALTHY)
			left.place[i].problems = 0;
	}
	if (r->state != CHECK_HEALTHY)
		health_lines(c->run.s, id, &left, true);
	else if (!c->args->all && r->made + r->undone == 0)
		output_line(c->run.s, "%s: healthy", id);
}

/* What was found and what it is now, of each place: a reader can tell what was
 * mended from what never was amiss. */
static json_t *report_json(const char *id, const struct repair_report *r)
{
	json_t *places = json_array();
	unsigned i;

	for (i = 0; i < r->found.n; i++)
		json_array_append_new(
			places,
			json_pack("{s:s, s:s, s:s, s:I, s:I, s:I}", "name",
				  r->found.place[i].name, "found",
				  check_state_name(r->found.place[i].state),
				  "state", check_state_name(r->place[i].state),
				  "made", (json_int_t)r->place[i].made,
				  "undeleted", (json_int_t)r->place[i].undone,
				  "versions",
				  (json_int_t)r->found.place[i].versions));
	return json_pack("{s:s, s:s, s:s, s:b, s:I, s:I, s:o}", "id", id,
			 "found", check_state_name(r->found.state), "state",
			 check_state_name(r->state), "repairable",
			 r->repairable, "made", (json_int_t)r->made,
			 "undeleted", (json_int_t)r->undone, "places", places);
}

/* What could not be written is told of each place; the first decides. */
static enum deed_status put_failures(const struct repairing *c, const char *id,
				     const struct repair_report *r)
{
	enum deed_status status = DEED_OK;
	unsigned i;

	for (i = 0; i < r->found.n; i++) {
		if (r->place[i].failed == DEED_OK)
			continue;
		session_error(c->run.s, id, &r->place[i].why);
		if (status == DEED_OK)
			status = r->place[i].failed;
	}
	return status;
}

/* What was brought back in part is degraded still, and what waits for places
 * that are away is not lost. */
static enum deed_status note(const struct repairing *c, const struct stored *d,
			     const struct repair_report *r,
			     struct deed_error *err)
{
	enum catalogue_state state = CATALOGUE_DEGRADED;
	bool agreed;

	if (r->state == CHECK_HEALTHY)
		state = CATALOGUE_HEALTHY;
	else if (!r->repairable && !r->found.waits)
		state = CATALOGUE_UNREADABLE;
	return c->run.s->dry_run ? DEED_OK
				 : deposit_note(c->run.visit->archive,
						c->run.visit->catalogue, d,
						state, &agreed, err);
}

/* A health_fn. */
static enum deed_status repair(void *arg, const struct stored *d,
			       const char *id, struct deed_error *err)
{
	struct repairing *c = arg;
	struct repair_report r;
	enum deed_status status, failed;

	c->options.ahead = c->run.visit->ahead;
	status = repair_deposit(c->run.visit->archive, d, &c->options, &r, err);
	if (status == DEED_OK && r.found.newer && r.made + r.undone == 0 &&
	    !c->run.again) {
		repair_clear(&r);
		return health_again(&c->run, id, err);
	}
	if (status == DEED_OK) {
		put_lines(c, id, &r);
		if (c->run.s->json && (!c->args->all || r.made + r.undone > 0 ||
				       r.state != CHECK_HEALTHY))
			output_item(c->run.s, "deposits", report_json(id, &r));
		health_count(&c->run.count, r.state);
		c->made += r.made;
		c->undone += r.undone;
		c->mended += r.made + r.undone > 0;
		failed = put_failures(c, id, &r);
		status = note(c, d, &r, err);
		if (status == DEED_OK)
			status = failed != DEED_OK
					 ? failed
					 : check_state_status(r.state);
	}
	repair_clear(&r);
	return status;
}

/* Deleted manifests come back first: they say what else belongs there. */
static bool revive(void *arg, const struct catalogue_item *item)
{
	const struct repairing *c = arg;

	return !c->run.s->dry_run &&
	       deleted_manifests(c->run.visit->archive, item->folder, true) > 0;
}

/* The round has a mark in the catalogue, so that a run that was ended is gone
 * on with; a rehearsal leaves none. */
static enum deed_status repair_all(struct repairing *c, struct deed_error *err)
{
	const struct deposit_round round = {
		.name = c->run.s->dry_run ? NULL : "repair",
		.percent = 100,
		.ahead = true,
	};

	return health_round(&c->run, &round, err);
}

/* Also after a run that ended early: what was made anew until then is final.
 */
static void sum_up(struct repairing *c)
{
	json_t *summary = health_count_json(&c->run.count);
	struct buf text = BUF_INIT;

	health_count_text(&c->run.count, &text);
	buf_printf(&text, "; %" PRIu64 " object%s%s made anew in %" PRIu64,
		   c->made, c->made == 1 ? "" : "s",
		   c->run.s->dry_run ? " would be" : "", c->mended);
	if (c->undone > 0)
		buf_printf(&text, ", %" PRIu64 " undeleted", c->undone);
	buf_byte(&text, 0);
	if (!text.failed)
		output_line(c->run.s, "%s", (const char *)text.data);
	json_object_set_new(summary, "made", json_integer((json_int_t)c->made));
	json_object_set_new(summary, "undeleted",
			    json_integer((json_int_t)c->undone));
	json_object_set_new(summary, "mended",
			    json_integer((json_int_t)c->mended));
	output_stream(c->run.s, "deposits");
	output_set(c->run.s, "summary", summary);
	buf_clear(&text);
}

/* All of them before the first deposit is looked at, since they decide what
 * counts as lost and where it is made anew. */
static enum deed_status abandon(struct repairing *c, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	const char *name;
	bool answers;
	size_t i;

	for (i = 0; i < c->args->abandon.count && status == DEED_OK; i++) {
		name = c->args->abandon.item[i];
		status = repair_abandon(c->run.visit->archive, name,
					c->run.s->dry_run,
					&c->run.visit->places, &answers, err);
		if (status == DEED_OK && answers)
			session_warn(c->run.s,
				     "place %s answers and is not abandoned",
				     name);
	}
	return status;
}

/* Uploads that nothing names are sought last and only with --all, when every
 * manifest that could name one has been seen or made anew. */
static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	const struct repair_args *args = arguments;
	struct rate rate = RATE_INIT((uint64_t)args->rate);
	struct repairing c = {
		.run = { .s = s, .each = repair, .revive = revive },
		.args = args,
	};
	struct home *home = NULL;
	enum deed_status status;

	if (args->all == (s->operand_count > 0))
		return deed_error_set(err, DEED_USAGE,
				      "ID or --all says what is repaired");
	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = deposit_visit_open(home, &c.run.visit, err);
	if (status == DEED_OK)
		status = abandon(&c, err);
	c.run.arg = &c;
	if (status == DEED_OK) {
		c.options.dry_run = s->dry_run;
		c.options.check.places = &c.run.visit->places;
		c.options.check.about = &c.run.visit->about;
		c.options.check.rate = &rate;
		if (s->dry_run)
			status = foresee_repair(s, c.run.visit, err);
	}
	if (status == DEED_OK) {
		if (args->all)
			status = repair_all(&c, err);
		else
			health_ids(&c.run);
	}
	sum_up(&c);
	if (status == DEED_OK && args->all)
		status = sweep_lost(s, c.run.visit, err);
	if (c.run.count.state[CHECK_AWAY] > 0)
		session_remedy(s, "abandon");
	deposit_visit_close(c.run.visit);
	home_close(home);
	traffic_tell(s, true);
	return status == DEED_OK ? c.run.worst : status;
}

const struct command command_shard_repair = {
	.name = "shard repair",
	.operands = "[ID ...]",
	.summary = "make anew what places lost of deposits; no key needed",
	.options = options,
	.args_size = sizeof(struct repair_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.max_operands = COMMAND_MANY,
	.run = run,
};
