/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "archive/answering.h"
#include "archive/place/place.h"
#include "archive/places.h"
#include "cmd/frame/command.h"
#include "cmd/frame/output.h"
#include "office/home.h"

/* A place that refuses and one that does not answer are told apart, for only
 * the first can be mended here; so is one whose secret cannot be had. */
static const char *state_of(enum deed_status status)
{
	switch (status) {
	case DEED_OK:
		return "answers";
	case DEED_DENIED:
		return "denied";
	case DEED_NO_PASSPHRASE:
	case DEED_NO_KEY:
		return "no secret";
	default:
		return "away";
	}
}

/* In the order in which they are asked. */
static json_t *endpoints(const struct place *p)
{
	json_t *list = json_array();
	const char *url;

	for (size_t i = 0; (url = place_endpoint(p, i)) != NULL; i++)
		json_array_append_new(list, output_text(url));
	return list;
}

/* Where it is, and the first endpoint of a bucket. */
static void say_place(struct session *s, struct place *p,
		      enum deed_status status)
{
	const char *url = place_endpoint(p, 0);

	output_line(s, "%-12s %-9s %s%s%s", place_name(p), state_of(status),
		    place_location(p), url == NULL ? "" : " at ",
		    url == NULL ? "" : url);
}

/* Why a place does not answer is in the words of whoever asked it, which may
 * hold what the store said, and is cleaned. */
static json_t *place_json(const struct place *p, enum deed_status status,
			  const struct deed_error *why)
{
	json_t *one = json_pack("{s:o, s:b, s:s, s:o}", "name",
				output_text(place_name(p)), "answers",
				status == DEED_OK, "state", state_of(status),
				"location", output_text(place_location(p)));

	if (one != NULL && !place_is_local(p))
		json_object_set_new(one, "endpoints", endpoints(p));
	if (one != NULL && status != DEED_OK)
		json_object_set_new(one, "why", output_text(why->message));
	return one;
}

/* All are asked at once, so that it takes as long as the slowest.  One that
 * does not answer is told and no failure of the list. */
static enum deed_status say_places(struct session *s, const struct archive *a,
				   json_t *list, struct deed_error *err)
{
	struct deed_error *why = calloc(a->count, sizeof(*why));
	enum deed_status there[ARCHIVE_PLACES_MAX];

	if (why == NULL)
		return deed_error_memory(err);
	answering_probe(a, there, why);
	for (size_t i = 0; i < a->count; i++) {
		say_place(s, a->place[i], there[i]);
		json_array_append_new(
			list, place_json(a->place[i], there[i], &why[i]));
	}
	free(why);
	return DEED_OK;
}

/* How many places a deposit needs is told with them: how many may be away
 * follows. */
static enum deed_status run_list(struct session *s, const void *args,
				 struct deed_error *err)
{
	struct archive *a = NULL;
	struct home *home = NULL;
	json_t *list = json_array();
	enum deed_status status = session_open_home(s, &home, err);

	(void)args;
	if (status == DEED_OK)
		status = archive_open(home->archive, home->places, &a, err);
	if (status == DEED_OK)
		status = say_places(s, a, list, err);
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

/* Only a place that no deposit names, and only where enough are left for a
 * deposit; what lies there stays. */
static enum deed_status run_remove(struct session *s, const void *args,
				   struct deed_error *err)
{
	const char *name = s->operand[0];
	struct home *home = NULL;
	enum deed_status status = session_open_home(s, &home, err);

	(void)args;
	if (status == DEED_OK)
		status = places_remove(home->archive, name, home->places,
				       (unsigned)s->wait, s->dry_run, err);
	if (status == DEED_OK) {
		session_say(s, "place %s %s no place of the archive any more",
			    name, s->dry_run ? "would be" : "is");
		output_set(s, "name", output_text(name));
	}
	home_close(home);
	return status;
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
