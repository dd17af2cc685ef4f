/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/place.h"
#include "archive/places.h"
#include "cmd/command.h"
#include "cmd/output.h"
#include "office/home.h"

/* What goes before each of them. */
static enum deed_status open_archive(struct session *s, struct home **home,
				     struct archive **a, struct deed_error *err)
{
	enum deed_status status = session_open_home(s, home, err);

	*a = NULL;
	return status == DEED_OK
		       ? archive_open((*home)->archive, (*home)->places, a, err)
		       : status;
}

/* Add the place that the first operand names, or take it out. */
static enum deed_status change(struct session *s, bool add,
			       struct deed_error *err)
{
	const struct place_description d = {
		.where = add ? s->operand[1] : NULL,
	};
	const char *name = s->operand[0];
	unsigned wait = (unsigned)s->wait;
	struct home *home = NULL;
	enum deed_status status = session_open_home(s, &home, err);

	if (status == DEED_OK)
		status = add ? places_add(home->archive, name, &d, home->places,
					  wait, s->dry_run, err)
			     : places_remove(home->archive, name, home->places,
					     wait, s->dry_run, err);
	if (status == DEED_OK) {
		session_say(s, "place %s %s %s", name,
			    s->dry_run ? "would be" : "is",
			    add ? "added: new deposits lie there, too"
				: "no place of the archive any more");
		output_set(s, "name", output_text(name));
	}
	home_close(home);
	return status;
}

static enum deed_status run_add(struct session *s, const void *args,
				struct deed_error *err)
{
	(void)args;
	return change(s, true, err);
}

const struct command command_shard_place_add = {
	.name = "shard place add",
	.operands = "NAME dir:PATH",
	.summary = "add a place for new deposits",
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 2,
	.max_operands = 2,
	.run = run_add,
};

static enum deed_status run_list(struct session *s, const void *args,
				 struct deed_error *err)
{
	struct archive *a;
	struct home *home = NULL;
	json_t *list = json_array();
	enum deed_status status = open_archive(s, &home, &a, err);
	size_t i;

	(void)args;
	for (i = 0; status == DEED_OK && i < a->count; i++) {
		struct place *p = a->place[i];
		bool there = place_probe(p, NULL) == DEED_OK;

		output_line(s, "%-12s %-8s %s", place_name(p),
			    there ? "answers" : "away", place_location(p));
		json_array_append_new(
			list,
			json_pack("{s:o, s:b, s:o}", "name",
				  output_text(place_name(p)), "answers", there,
				  "location", output_text(place_location(p))));
	}
	if (status == DEED_OK)
		output_set(s, "needed", json_integer((json_int_t)a->needed));
	output_set(s, "places", list);
	archive_close(a);
	home_close(home);
	return status;
}

const struct command command_shard_place_list = {
	.name = "shard place list",
	.operands = "",
	.summary = "list the places, and whether they answer",
	.flags = COMMAND_HOME,
	.run = run_list,
};

static enum deed_status run_test(struct session *s, const void *args,
				 struct deed_error *err)
{
	const char *name = s->operand[0];
	struct archive *a;
	struct home *home = NULL;
	struct place *p = NULL;
	enum deed_status status = open_archive(s, &home, &a, err);

	(void)args;
	if (status == DEED_OK)
		p = archive_place(a, name);
	if (status == DEED_OK && p == NULL)
		status = deed_error_set(err, DEED_NOT_FOUND,
					"the archive has no place '%s'", name);
	if (status == DEED_OK)
		status = s->dry_run ? place_probe(p, err)
				    : places_test(p, NULL, err);
	if (status == DEED_OK) {
		session_say(s, "place %s %s", name,
			    s->dry_run ? "answers, and would be written to"
				       : "keeps what is written to it");
		output_set(s, "name", output_text(name));
	}
	archive_close(a);
	home_close(home);
	return status;
}

const struct command command_shard_place_test = {
	.name = "shard place test",
	.operands = "NAME",
	.summary = "write to a place, read it back, and take it away again",
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = 1,
	.run = run_test,
};

static enum deed_status run_remove(struct session *s, const void *args,
				   struct deed_error *err)
{
	(void)args;
	return change(s, false, err);
}

const struct command command_shard_place_remove = {
	.name = "shard place remove",
	.operands = "NAME",
	.summary = "take out a place that no deposit names",
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = 1,
	.run = run_remove,
};
