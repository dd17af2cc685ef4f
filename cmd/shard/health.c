/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/health.h"

#include <inttypes.h>

#include "cmd/frame/output.h"

/* Where too few places answer it is not known whether it is damaged, and it
 * does not count as such. */
static const char *verdict(const struct check_report *r)
{
	if (r->whole)
		return "whole";
	if (r->waits)
		return "too few places answer";
	return r->repairable ? "damaged, can be repaired"
			     : "damaged, cannot be repaired";
}

/* The next line of what is amiss at a place. */
static bool next_problem(const struct check_place *p, size_t *at,
			 const char **line, size_t *len)
{
	const char *text = (const char *)p->text.data, *end;

	if (*at >= p->text.len)
		return false;
	*line = text + *at;
	end = memchr(*line, '\n', p->text.len - *at);
	*len = end == NULL ? p->text.len - *at : (size_t)(end - *line);
	*at += *len + 1;
	return true;
}

void health_lines(struct session *s, const char *id,
		  const struct check_report *r, bool brief)
{
	const char *line;
	size_t at, len;
	unsigned i;

	output_line(s, "%s: %s%s", id, check_state_name(r->state),
		    r->whole	    ? ""
		    : r->waits	    ? ", too few places answer"
		    : r->repairable ? ", can be repaired"
				    : ", cannot be repaired");
	for (i = 0; i < r->n; i++) {
		const struct check_place *p = &r->place[i];

		if (brief && p->problems == 0)
			continue;
		output_line(s, "  place %s: %s, %zu of %zu objects", p->name,
			    check_state_name(p->state), p->good, p->objects);
		for (at = 0; next_problem(p, &at, &line, &len);)
			output_line(s, "    %.*s", (int)len, line);
		if (p->versions > 0)
			output_line(
				s, "    %" PRIu64 " older version%s kept there",
				p->versions,
				p->versions == 1 ? " is" : "s are");
		if (p->problems > CHECK_PROBLEMS)
			output_line(s, "    and %zu more",
				    p->problems - CHECK_PROBLEMS);
	}
	for (at = 0; !brief && at < r->former_count; at++)
		output_line(s,
			    "  place %s: none of its places any more, %zu "
			    "object%s",
			    r->former[at].name, r->former[at].objects,
			    r->former[at].objects == 1 ? "" : "s");
}

/* The problems that are listed are bounded, their number is not. */
static json_t *place_json(const struct check_place *p)
{
	json_t *problems = json_array();
	const char *line;
	size_t at, len;

	for (at = 0; next_problem(p, &at, &line, &len);)
		json_array_append_new(problems, json_stringn(line, len));
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:o}", "name",
			 p->name, "state", check_state_name(p->state),
			 "objects", (json_int_t)p->objects, "good",
			 (json_int_t)p->good, "deleted", (json_int_t)p->deleted,
			 "versions", (json_int_t)p->versions, "problem_count",
			 (json_int_t)p->problems, "problems", problems);
}

json_t *health_json(const char *id, const struct check_report *r)
{
	json_t *places = json_array(), *former = json_array();
	unsigned i;
	size_t j;

	for (i = 0; i < r->n; i++)
		json_array_append_new(places, place_json(&r->place[i]));
	for (j = 0; j < r->former_count; j++)
		json_array_append_new(
			former,
			json_pack("{s:s, s:I}", "name", r->former[j].name,
				  "objects", (json_int_t)r->former[j].objects));
	return json_pack("{s:s, s:s, s:b, s:b, s:b, s:s, s:o, s:o}", "id", id,
			 "state", check_state_name(r->state), "whole", r->whole,
			 "repairable", r->repairable, "waits", r->waits,
			 "verdict", verdict(r), "places", places, "former",
			 former);
}

void health_count(struct health_count *c, enum check_state state)
{
	c->deposits++;
	c->state[state]++;
}

void health_count_text(const struct health_count *c, struct buf *out)
{
	const char *before = ": ";
	int state;

	buf_printf(out, "%" PRIu64 " deposit%s", c->deposits,
		   c->deposits == 1 ? "" : "s");
	for (state = CHECK_HEALTHY; state <= CHECK_TAMPERED; state++) {
		if (c->state[state] == 0)
			continue;
		buf_printf(out, "%s%" PRIu64 " %s", before, c->state[state],
			   check_state_name((enum check_state)state));
		before = ", ";
	}
}

json_t *health_count_json(const struct health_count *c)
{
	json_t *json = json_pack("{s:I}", "deposits", (json_int_t)c->deposits);
	int state;

	for (state = CHECK_HEALTHY; state <= CHECK_TAMPERED; state++)
		json_object_set_new(json,
				    check_state_name((enum check_state)state),
				    json_integer((json_int_t)c->state[state]));
	return json;
}

/* What is away may be well, and counts least; what is damaged counts most, for
 * somebody must act. */
static int weight(enum deed_status status)
{
	if (status == DEED_OK)
		return 0;
	if (status == DEED_REMOTE)
		return 1;
	return status == DEED_DAMAGED ? 3 : 2;
}

enum deed_status health_worse(enum deed_status a, enum deed_status b)
{
	return weight(b) > weight(a) ? b : a;
}

enum catalogue_state health_note(const struct check_report *r)
{
	if (r->whole)
		return CATALOGUE_HEALTHY;
	return r->repairable || r->waits ? CATALOGUE_DEGRADED
					 : CATALOGUE_UNREADABLE;
}

/* A deposit_visit_fn. */
static enum deed_status look_again(void *arg, const struct catalogue_item *item,
				   const struct stored *d,
				   const struct deed_error *why,
				   struct deed_error *err)
{
	struct health_run *run = arg;

	if (d != NULL)
		return run->each(run->arg, d, item->id, err);
	*err = *why;
	return why->status;
}

enum deed_status health_again(struct health_run *run, const char *id,
			      struct deed_error *err)
{
	bool ahead = run->visit->ahead;
	enum deed_status status;

	run->again = true;
	if (ahead)
		deposit_visit_fresh(run->visit, true);
	status = deposit_visit_id(run->visit, id, look_again, run, err);
	if (ahead)
		deposit_visit_fresh(run->visit, false);
	run->again = false;
	return status;
}

/* What a place that is away may have is not lost. */
static void no_manifest(struct health_run *run,
			const struct catalogue_item *item,
			enum deed_status status)
{
	bool away = status == DEED_REMOTE || status == DEED_DENIED;

	health_count(&run->count, away ? CHECK_AWAY : CHECK_UNREADABLE);
	if (!away && !run->s->dry_run)
		(void)!catalogue_set_state(run->visit->catalogue, item->id,
					   CATALOGUE_UNREADABLE, NULL);
}

/* A deposit_visit_fn. */
static enum deed_status visit(void *arg, const struct catalogue_item *item,
			      const struct stored *d,
			      const struct deed_error *why,
			      struct deed_error *err)
{
	struct deed_error e = DEED_ERROR_INIT;
	struct health_run *run = arg;
	enum deed_status status;

	(void)err;
	if (d == NULL && run->revive != NULL && run->revive(run->arg, item)) {
		status = health_again(run, item->id, &e);
	} else if (d == NULL) {
		e = *why;
		status = e.status;
		no_manifest(run, item, status);
	} else {
		status = run->each(run->arg, d, item->id, &e);
	}
	if (status != DEED_OK && e.message[0] != '\0')
		session_error(run->s, item->id, &e);
	run->worst = health_worse(run->worst, status);
	return DEED_OK;
}

void health_one(struct health_run *run, const char *id)
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status =
		deposit_visit_id(run->visit, id, visit, run, &err);

	if (status != DEED_OK)
		session_error(run->s, id, &err);
	run->worst = health_worse(run->worst, status);
}

void health_ids(struct health_run *run)
{
	for (size_t i = 0; i < run->s->operand_count; i++)
		health_one(run, run->s->operand[i]);
}

enum deed_status health_round(struct health_run *run,
			      const struct deposit_round *round,
			      struct deed_error *err)
{
	return deposit_visit_round(run->visit, round, visit, run, err);
}
