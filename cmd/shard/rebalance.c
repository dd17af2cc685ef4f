/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "cmd/frame/command.h"
#include "cmd/frame/output.h"
#include "cmd/shard/foresee.h"
#include "cmd/shard/health.h"
#include "cmd/shard/moved.h"
#include "cmd/shard/shard.h"
#include "cmd/shard/traffic.h"
#include "office/deposit/deposit_move.h"

#define DAY 86400

struct rebalance_args {
	bool all;
	const char *to;
	long grace;
	long rate;
};

static const struct option options[] = {
	{ OPTION_FLAG(struct rebalance_args, all), .name = "all",
	  .help = "every deposit; after a run that was ended first what that "
		  "had not reached" },
	{ OPTION_TEXT(struct rebalance_args, to), .name = "to",
	  .argument = "NAME,...",
	  .help = "the places where they are to lie; without it only what was "
		  "left at earlier ones is removed" },
	{ OPTION_NUMBER(struct rebalance_args, grace), .name = "grace",
	  .argument = "DAYS", .max = 36500, .initial = "7",
	  .help = "how long what was moved stays at the old places, too" },
	{ OPTION_NUMBER(struct rebalance_args, rate), .name = "rate",
	  .argument = "BYTES",
	  .help = "read and write at most so many a second" },
	{ 0 }
};

/* Brought, and waiting for the others of its transaction. */
struct waiting {
	struct deposit_move *move;
	enum catalogue_state state;
	json_t *json;
};

struct rebalancing {
	struct health_run run, after; /* after a move */
	const struct rebalance_args *args;
	char *names; /* of --to, cut */
	const char *to[ERASURE_MAX];
	size_t to_count;
	struct deposit_mover *mover;
	struct check_options check;
	struct waiting queue[DEPOSIT_MOVES];
	size_t queued;
	const struct waiting *moved; /* what is visited after its move */
	struct moved_count count;
};

/* Only after the grace: until then who holds an earlier manifest still finds
 * all of it. */
static enum deed_status remove_left(const struct rebalancing *c,
				    const struct stored *d,
				    struct leftover_report *r,
				    struct deed_error *err)
{
	const struct leftover_options how = {
		.check = c->check,
		.before = c->run.s->now - (int64_t)c->args->grace * DAY,
		.dry_run = c->run.s->dry_run,
	};

	return leftover_remove(c->run.visit->archive, d, &how, r, err);
}

/* Let go of what it left elsewhere. */
static enum deed_status let_go(struct rebalancing *c, const struct stored *d,
			       const char *id, json_t *json,
			       struct deed_error *err)
{
	struct leftover_report r;
	enum deed_status status = remove_left(c, d, &r, err);

	moved_left(c->run.s, id, &r, json, &c->count);
	if (status == DEED_OK && r.kept > 0)
		status = r.found.state == CHECK_AWAY ? DEED_REMOTE
						     : DEED_DAMAGED;
	else if (status == DEED_OK && r.away > 0)
		status = DEED_REMOTE;
	leftover_clear(&r);
	return status;
}

/* What was brought in vain; the next run does it if it cannot be done now. */
static void take_back(const struct rebalancing *c, const struct stored *d)
{
	struct leftover_report r;

	(void)!remove_left(c, d, &r, NULL);
	leftover_clear(&r);
}

/* A health_fn: it was moved, or that failed. */
static enum deed_status after(void *arg, const struct stored *d, const char *id,
			      struct deed_error *err)
{
	struct rebalancing *c = arg;
	enum deed_status status = DEED_OK;
	bool agreed;

	if (c->moved->move->status == DEED_OK)
		status = deposit_note(c->run.visit->archive,
				      c->run.visit->catalogue, d,
				      c->moved->state, &agreed, err);
	return health_worse(status, let_go(c, d, id, c->moved->json, err));
}

/* One transaction for all that wait. */
static void commit(struct rebalancing *c)
{
	struct deposit_move *list[DEPOSIT_MOVES];
	size_t i;

	for (i = 0; i < c->queued; i++)
		list[i] = c->queue[i].move;
	if (c->queued > 0)
		deposit_move_commit(c->mover, list, c->queued);
	for (i = 0; i < c->queued; i++) {
		struct deposit_move *move = list[i];

		c->moved = &c->queue[i];
		if (move->status == DEED_OK) {
			c->count.moved++;
			c->count.parts += move->to.moved;
			moved_line(c->run.s, move->id, &move->to);
			json_object_set_new(
				c->moved->json, "event",
				json_integer((json_int_t)move->log_index));
		} else {
			session_error(c->run.s, move->id, &move->error);
			c->run.worst = health_worse(c->run.worst, move->status);
			json_object_set_new(c->moved->json, "moved",
					    json_integer(0));
		}
		health_one(&c->after, move->id);
		output_item(c->run.s, "deposits", c->moved->json);
		deposit_move_free(move);
	}
	c->queued = 0;
}

/* Why it was not brought: the first place that failed, or how it is. */
static enum deed_status not_brought(const struct rebalancing *c, const char *id,
				    struct repair_report *r,
				    struct deed_error *err)
{
	unsigned i;

	for (i = 0; i < r->found.n; i++)
		if (r->place[i].failed != DEED_OK) {
			*err = r->place[i].why;
			return r->place[i].failed;
		}
	health_lines(c->run.s, id, &r->found, true);
	return r->found.state == CHECK_AWAY ? DEED_REMOTE : DEED_DAMAGED;
}

/* With -n the deposit was read where it lies, so that one that could not be
 * brought is told now. */
static enum deed_status would_move(struct rebalancing *c, const char *id,
				   const struct placement *to,
				   const struct repair_report *r)
{
	if (!r->found.repairable) {
		health_lines(c->run.s, id, &r->found, true);
		return check_state_status(r->found.state);
	}
	c->count.moved++;
	c->count.parts += to->moved;
	moved_line(c->run.s, id, to);
	output_item(c->run.s, "deposits", moved_json(id, to));
	return DEED_OK;
}

/* Brought and compared, but not yet named by any manifest: it waits for the
 * others of its transaction.  What was brought in vain is taken back at once,
 * for nothing would ever name it. */
static enum deed_status move(struct rebalancing *c, const struct stored *d,
			     const char *id, const struct placement *to,
			     struct deed_error *err)
{
	struct deposit_move *brought = NULL;
	struct repair_report r;
	enum deed_status status;

	status = deposit_move_bring(c->mover, c->run.visit->archive, d, to,
				    &c->check, &r, &brought, err);
	if (status == DEED_OK && c->run.s->dry_run) {
		status = would_move(c, id, to, &r);
	} else if (status == DEED_OK && brought != NULL) {
		c->queue[c->queued++] = (struct waiting){
			.move = brought,
			.state = r.state == CHECK_HEALTHY ? CATALOGUE_HEALTHY
							  : CATALOGUE_DEGRADED,
			.json = moved_json(id, to),
		};
	} else {
		if (status == DEED_OK)
			status = not_brought(c, id, &r, err);
		take_back(c, d);
	}
	repair_clear(&r);
	if (c->queued == DEPOSIT_MOVES)
		commit(c);
	return status;
}

/* Named twice, and brought already? */
static bool is_queued(const struct rebalancing *c, const char *id)
{
	size_t i;

	for (i = 0; i < c->queued; i++)
		if (!strcmp(c->queue[i].move->id, id))
			return true;
	return false;
}

/* A health_fn. */
static enum deed_status rebalance(void *arg, const struct stored *d,
				  const char *id, struct deed_error *err)
{
	struct rebalancing *c = arg;
	struct placement to;
	enum deed_status status = DEED_OK;
	json_t *json;

	if (is_queued(c, id))
		return DEED_OK;
	c->count.deposits++;
	placement_of(d->m, &to);
	if (c->to_count > 0)
		status = deposit_move_plan(c->mover, c->run.visit->archive, d,
					   &to, err);
	if (status != DEED_OK)
		return status;
	if (to.moved > 0)
		return move(c, d, id, &to, err);
	json = c->args->all ? NULL : moved_json(id, &to);
	status = let_go(c, d, id, json, err);
	if (json != NULL)
		output_item(c->run.s, "deposits", json);
	return status;
}

/* "NAME,NAME,..." */
static enum deed_status cut_names(struct rebalancing *c, struct deed_error *err)
{
	char *rest, *name;
	size_t i;

	if (c->args->to == NULL)
		return DEED_OK;
	c->names = strdup(c->args->to);
	if (c->names == NULL)
		return deed_error_memory(err);
	for (rest = c->names; (name = strsep(&rest, ",")) != NULL;) {
		if (c->to_count == ERASURE_MAX || name[0] == '\0')
			return deed_error_set(err, DEED_USAGE,
					      "--to names places, with a comma "
					      "between them");
		for (i = 0; i < c->to_count; i++)
			if (!strcmp(c->to[i], name))
				return deed_error_set(
					err, DEED_USAGE,
					"place '%s' is named twice", name);
		c->to[c->to_count++] = name;
	}
	return DEED_OK;
}

/* Those that still wait when the round ends are committed here.  With -n there
 * is no round to be gone on with, and every deposit is looked at. */
static enum deed_status go(struct rebalancing *c, struct deed_error *err)
{
	const struct deposit_round round = {
		.name = c->run.s->dry_run ? NULL : "rebalance",
		.percent = 100,
	};
	enum deed_status status = DEED_OK;

	if (c->args->all)
		status = health_round(&c->run, &round, err);
	else
		health_ids(&c->run);
	commit(c);
	return status;
}

/* The mover first: it finishes or undoes what a killed run left, and the
 * manifests are read after that. */
static enum deed_status open_all(struct rebalancing *c,
				 const struct deposit_move_order *order,
				 struct home **home, struct deed_error *err)
{
	enum deed_status status = session_open_home(c->run.s, home, err);

	if (status == DEED_OK)
		status = deposit_mover_open(*home, order, &c->mover, err);
	if (status == DEED_OK)
		status = deposit_visit_open(*home, &c->run.visit, err);
	if (status != DEED_OK)
		return status;
	c->after.visit = c->run.visit;
	c->check.places = &c->run.visit->places;
	c->check.about = &c->run.visit->about;
	/* Before anything is moved. */
	return rebalance_answers(c->run.visit->archive, c->to, c->to_count,
				 c->check.places, err);
}

/* With neither --all nor an ID it would be open what is moved: a whole archive
 * is never moved by leaving something out. */
static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	const struct rebalance_args *args = arguments;
	struct rate rate = RATE_INIT((uint64_t)args->rate);
	struct rebalancing c = {
		.run = { .s = s, .each = rebalance },
		.after = { .s = s, .each = after },
		.args = args,
		.check = { .rate = &rate },
	};
	struct home *home = NULL;
	enum deed_status status;

	if (args->all == (s->operand_count > 0))
		return deed_error_set(err, DEED_USAGE,
				      "ID or --all says what is moved");
	c.run.arg = c.after.arg = &c;
	status = cut_names(&c, err);
	if (status == DEED_OK) {
		const struct deposit_move_order order = {
			.to = c.to_count > 0 ? c.to : NULL,
			.to_count = c.to_count,
			.now = s->now,
			.wait = (unsigned)s->wait,
			.dry_run = s->dry_run,
		};

		status = open_all(&c, &order, &home, err);
		if (status == DEED_OK && s->dry_run)
			status = foresee_rebalance(s, c.run.visit, c.to_count,
						   args->grace == 0, err);
		if (status == DEED_OK)
			status = go(&c, err);
		deposit_mover_close(c.mover);
	}
	if (status == DEED_OK)
		status = health_worse(c.run.worst, c.after.worst);
	moved_sum(s, &c.count);
	deposit_visit_close(c.run.visit);
	home_close(home);
	traffic_tell(s, true);
	free(c.names);
	return status;
}

const struct command command_shard_rebalance = {
	.name = "shard rebalance",
	.operands = "[ID ...]",
	.summary = "move deposits to other places; no party's key needed",
	.options = options,
	.args_size = sizeof(struct rebalance_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.max_operands = COMMAND_MANY,
	.run = run,
};
