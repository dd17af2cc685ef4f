/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

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

static enum deed_status check_one(struct session *s, const struct home *home,
				  const char *text, json_t *list,
				  struct deed_error *err)
{
	struct check_report r = { .n = 0 };
	struct archive *a = NULL;
	struct stored *d = NULL;
	char id[DEPOSIT_ID + 1];
	enum deed_status status;

	status = deposit_find(home, text, &a, &d, err);
	if (status == DEED_OK)
		status = check_deposit(a, d, &r, err);
	if (status == DEED_OK) {
		shard_id_text(d->id, id);
		put_report(s, id, &r, list);
		if (!r.whole)
			status = DEED_DAMAGED;
	}
	check_clear(&r);
	stored_free(d);
	archive_close(a);
	return status;
}

/* The first failure decides the exit code; the others are told. */
static enum deed_status check_many(struct session *s, const struct home *home,
				   const char *const *ids, size_t count,
				   json_t *list)
{
	enum deed_status status = DEED_OK, one;
	size_t i;

	for (i = 0; i < count; i++) {
		struct deed_error err = DEED_ERROR_INIT;

		one = check_one(s, home, ids[i], list, &err);
		if (one != DEED_OK && err.message[0] != '\0')
			session_error(s, ids[i], &err);
		if (status == DEED_OK)
			status = one;
	}
	return status;
}

/* What of the catalogue is not as the log and the places say. */
static void put_catalogue(struct session *s, const struct audit_report *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->findings; i++) {
		const struct audit_finding *f = &r->finding[i];
		const char *id = f->status == DEED_OK
					 ? "note"
					 : deed_status_id(f->status);

		output_line(s, "%s: %s", id, f->message);
		json_array_append_new(list, json_pack("{s:s,s:s}", "status", id,
						      "message", f->message));
	}
	output_set(s, "catalogue", list);
}

static enum deed_status check_all(struct session *s, const struct home *home,
				  json_t *list, struct deed_error *err)
{
	struct deposit_audit audit;
	const char **ids = NULL;
	enum deed_status status, found = DEED_OK;

	status = deposit_audit(home, (unsigned)s->wait, s->now, &audit, err);
	if (status == DEED_OK && audit.count > 0)
		ids = calloc(audit.count, sizeof(*ids));
	if (status == DEED_OK && audit.count > 0 && ids == NULL)
		status = deed_error_memory(err);
	for (size_t i = 0; status == DEED_OK && i < audit.count; i++)
		ids[i] = audit.item[i].id;
	if (status == DEED_OK) {
		put_catalogue(s, &audit.report);
		found = audit_report_status(&audit.report);
		status = check_many(s, home, ids, audit.count, list);
	}
	free(ids);
	deposit_audit_clear(&audit);
	return status == DEED_OK ? found : status;
}

static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	json_t *list = json_array();
	struct home *home = NULL;
	enum deed_status status;

	(void)args;
	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = s->operand_count > 0
				 ? check_many(s, home, s->operand,
					      s->operand_count, list)
				 : check_all(s, home, list, err);
	output_set(s, "deposits", list);
	home_close(home);
	return status;
}

const struct command command_shard_check = {
	.name = "shard check",
	.operands = "[ID ...]",
	.summary = "read every byte of deposits at every place; no key needed",
	.flags = COMMAND_HOME,
	.max_operands = COMMAND_MANY,
	.run = run,
};
