/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/command.h"
#include "cmd/output.h"
#include "cmd/shard/shard.h"
#include "office/deposit/deposit_audit.h"

static const char *const states[] = {
	[CHECK_GOOD] = "good",
	[CHECK_DAMAGED] = "damaged",
	[CHECK_LOST] = "lost",
};

static const char *verdict(const struct check_report *r)
{
	if (r->whole)
		return "whole";
	return r->repairable ? "damaged, can be repaired"
			     : "damaged, cannot be repaired";
}

/* Each line of text with what stands before it. */
static void put_problems(struct session *s, const struct check_place *p,
			 json_t *list)
{
	const char *at = (const char *)p->text.data;
	size_t left = p->text.len, len;
	const char *end;

	while (left > 0) {
		end = memchr(at, '\n', left);
		len = end == NULL ? left : (size_t)(end - at);
		output_line(s, "    %.*s", (int)len, at);
		json_array_append_new(list, json_stringn(at, len));
		left -= end == NULL ? len : len + 1;
		at += len + 1;
	}
	if (p->problems > CHECK_PROBLEMS)
		output_line(s, "    and %zu more",
			    p->problems - CHECK_PROBLEMS);
}

static json_t *put_place(struct session *s, const struct check_place *p)
{
	json_t *problems = json_array();

	output_line(s, "  place %s: %s, %zu of %zu objects", p->name,
		    states[p->state], p->good, p->objects);
	put_problems(s, p, problems);
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:o}", "name", p->name,
			 "state", states[p->state], "objects",
			 (json_int_t)p->objects, "good", (json_int_t)p->good,
			 "problem_count", (json_int_t)p->problems, "problems",
			 problems);
}

static void put_report(struct session *s, const char *id,
		       const struct check_report *r, json_t *list)
{
	json_t *places = json_array();
	unsigned i;

	output_line(s, "%s: %s", id, verdict(r));
	for (i = 0; i < r->n; i++)
		json_array_append_new(places, put_place(s, &r->place[i]));
	json_array_append_new(
		list, json_pack("{s:s, s:b, s:b, s:s, s:o}", "id", id, "whole",
				r->whole, "repairable", r->repairable,
				"verdict", verdict(r), "places", places));
}

/* What the catalogue is to say of it from now on, and what it said. */
static enum deed_status note(struct session *s, struct archive *a,
			     const struct stored *d, const char *id,
			     const struct check_report *r, json_t *catalogue,
			     struct deed_error *err)
{
	struct audit_report said = AUDIT_REPORT_INIT;
	enum catalogue_state state = r->whole	     ? CATALOGUE_HEALTHY
				     : r->repairable ? CATALOGUE_DEGRADED
						     : CATALOGUE_UNREADABLE;
	struct buf text = BUF_INIT;
	enum deed_status status;
	bool agreed;

	status = deposit_note(a, d, state, &agreed, err);
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
		shard_catalogue_json(s, &said, catalogue);
		if (status == DEED_OK)
			status = DEED_INCONSISTENT;
	}
	audit_report_clear(&said);
	buf_clear(&text);
	return status;
}

/* What is told of each, and of the catalogue. */
struct lists {
	json_t *deposits, *catalogue;
};

static enum deed_status check_one(struct session *s, const struct home *home,
				  const char *text, const struct lists *lists,
				  struct deed_error *err)
{
	struct check_report r = { .n = 0 };
	struct archive *a = NULL;
	struct stored *d = NULL;
	char id[DEPOSIT_ID + 1];
	enum deed_status status, noted;

	status = deposit_find(home, text, &a, &d, err);
	if (status == DEED_OK)
		status = check_deposit(a, d, &r, err);
	if (status == DEED_OK) {
		shard_id_text(d->id, id);
		put_report(s, id, &r, lists->deposits);
		noted = note(s, a, d, id, &r, lists->catalogue, err);
		status = r.whole ? noted : DEED_DAMAGED;
	}
	check_clear(&r);
	stored_free(d);
	archive_close(a);
	return status;
}

/* The first failure decides the exit code; the others are told. */
struct checking {
	struct session *s;
	const struct home *home;
	struct lists lists;
	enum deed_status worst;
};

static void check_next(struct checking *c, const char *id)
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status = check_one(c->s, c->home, id, &c->lists, &err);

	if (status != DEED_OK && err.message[0] != '\0')
		session_error(c->s, id, &err);
	if (c->worst == DEED_OK)
		c->worst = status;
}

/* A catalogue_fn. */
static enum deed_status on_item(void *arg, const struct catalogue_item *item,
				struct deed_error *err)
{
	(void)err;
	check_next(arg, item->id);
	return DEED_OK;
}

static enum deed_status check_all(struct checking *c, struct deed_error *err)
{
	const struct deposit_query all = { .limit = 0 };
	struct audit_report r = AUDIT_REPORT_INIT;
	enum deed_status status;

	status = deposit_audit(c->home, (unsigned)c->s->wait, c->s->now, true,
			       &r, err);
	if (status == DEED_OK) {
		shard_catalogue_json(c->s, &r, c->lists.catalogue);
		c->worst = audit_report_status(&r);
		status = deposit_list(c->home, &all, on_item, c, err);
	}
	audit_report_clear(&r);
	return status;
}

static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	struct checking c = { .s = s, .lists = { json_array(), json_array() } };
	struct home *home = NULL;
	enum deed_status status;
	size_t i;

	(void)args;
	status = session_open_home(s, &home, err);
	c.home = home;
	for (i = 0; i < s->operand_count && status == DEED_OK; i++)
		check_next(&c, s->operand[i]);
	if (status == DEED_OK && s->operand_count == 0)
		status = check_all(&c, err);
	output_set(s, "catalogue", c.lists.catalogue);
	output_set(s, "deposits", c.lists.deposits);
	home_close(home);
	return status == DEED_OK ? c.worst : status;
}

const struct command command_shard_check = {
	.name = "shard check",
	.operands = "[ID ...]",
	.summary = "read every byte of deposits at every place; no key needed",
	.flags = COMMAND_HOME,
	.max_operands = COMMAND_MANY,
	.run = run,
};
