/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/option.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/frame/command.h"
#include "cmd/frame/option_rules.h"
#include "cmd/frame/option_value.h"

#define DISTANCE_MAX 40
#define ANY 0U /* of the flags of a command */

static const char *const color_words[] = { "auto", "always", "never", NULL };

/* Rows that fill the session; the flags of commands that have them. */
static const struct option common[] = {
	{ OPTION_FLAG(struct session, quiet), .name = "quiet", .letter = 'q',
	  .help = "say nothing but errors" },
	{ OPTION_COUNT(struct session, verbose), .name = "verbose",
	  .letter = 'v', .help = "say each step; twice: each decision" },
	{ OPTION_FLAG(struct session, json), .name = "json",
	  .help = "print one JSON object" },
	{ OPTION_FLAG(struct session, no_input), .name = "no-input",
	  .config = true, .help = "never ask for anything" },
	{ OPTION_FLAG(struct session, offline), .name = "offline",
	  .config = true, .help = "forbid every use of the network" },
	{ OPTION_CHOICE(struct session, color), .name = "color", .config = true,
	  .words = color_words, .argument = "WHEN",
	  .help = "colour: auto, always or never" },
	{ OPTION_TEXT(struct session, home_option), .name = "home",
	  .config = true, .argument = "DIR", .complete = COMPLETE_DIRECTORY,
	  .help = "the home to work on" },
	{ OPTION_TIME(struct session, at), .name = "at",
	  .help = "judge as at this time" },
	{ OPTION_FLAG(struct session, dry_run), .name = "dry-run",
	  .letter = 'n', .help = "check everything, write nothing" },
	{ OPTION_NUMBER(struct session, wait), .name = "wait", .config = true,
	  .argument = "SECONDS", .initial = "10", .max = 86400,
	  .help = "wait so long for another run; 0: not at all" },
	{ OPTION_TEXT(struct session, output), .name = "output", .letter = 'o',
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .excludes = "output-directory in-place",
	  .help = "write to FILE; - is standard output" },
	{ OPTION_FLAG(struct session, force), .name = "force",
	  .help = "overwrite an output that exists" },
	{ OPTION_TEXT(struct session, output_directory),
	  .name = "output-directory", .letter = 'O', .argument = "DIR",
	  .complete = COMPLETE_DIRECTORY, .excludes = "in-place",
	  .help = "put the outputs into DIR" },
	{ OPTION_FLAG(struct session, in_place), .name = "in-place",
	  .help = "put the output in the place of the input" },
	{ OPTION_TEXT(struct session, files_from), .name = "files-from",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "take operands from FILE too, one a line; - is standard "
		  "input" },
	{ OPTION_FLAG(struct session, nul), .name = "null", .letter = '0',
	  .needs = "files-from", .help = "those in FILE end with NUL" },
	{ OPTION_NUMBER(struct session, jobs), .name = "jobs", .config = true,
	  .argument = "N", .max = 256,
	  .help = "work on N at once; 0: one a processor" },
	{ OPTION_FLAG(struct session, fail_fast), .name = "fail-fast",
	  .help = "stop at the first failure" },
	{ 0 }
};
_Static_assert(sizeof(common) / sizeof(common[0]) <= OPTION_MAX + 1,
	       "more common options than a parser has room for");

const struct option *option_common(void)
{
	return common;
}

/* Which commands have the common option whose value lies at offset. */
static unsigned flags_of(size_t offset)
{
	switch (offset) {
	case offsetof(struct session, home_option):
		return COMMAND_HOME;
	case offsetof(struct session, at):
		return COMMAND_AT;
	case offsetof(struct session, dry_run):
	case offsetof(struct session, wait):
		return COMMAND_WRITES;
	case offsetof(struct session, output):
		return COMMAND_OUTPUT;
	case offsetof(struct session, output_directory):
		return COMMAND_OUTPUT | COMMAND_BATCH;
	case offsetof(struct session, in_place):
		return COMMAND_IN_PLACE;
	case offsetof(struct session, files_from):
	case offsetof(struct session, nul):
	case offsetof(struct session, jobs):
	case offsetof(struct session, fail_fast):
		return COMMAND_BATCH;
	default:
		return ANY;
	}
}

bool option_common_applies(const struct option *o, const struct command *c)
{
	unsigned needed = flags_of(o->offset);

	if (o->offset == offsetof(struct session, json))
		return (c->flags & COMMAND_RAW) == 0;
	if (o->offset == offsetof(struct session, force))
		return (c->flags & (COMMAND_OUTPUT | COMMAND_FORCE)) != 0;
	return (c->flags & needed) == needed;
}

const char *option_argument(const struct option *o)
{
	if (o->argument != NULL)
		return o->argument;
	switch (o->type) {
	case OPTION_TYPE_NUMBER:
		return "N";
	case OPTION_TYPE_CHOICE:
		return "WORD";
	case OPTION_TYPE_TIME:
		return "TIME";
	case OPTION_TYPE_LENGTH:
		return "MM";
	case OPTION_TYPE_POINT:
		return "X,Y";
	case OPTION_TYPE_PASSPHRASE:
		return "SOURCE";
	case OPTION_TYPE_TEXT:
	case OPTION_TYPE_LIST:
		return "TEXT";
	default:
		return NULL;
	}
}

static bool is_common(const struct option *o)
{
	return o >= common && o < common + sizeof(common) / sizeof(common[0]);
}

void option_config_key(const struct command *c, const struct option *o,
		       struct buf *out)
{
	const char *p;

	if (!is_common(o)) {
		for (p = c->name; *p != '\0'; p++)
			buf_byte(out, *p == ' ' ? '.' : (uint8_t)*p);
		buf_byte(out, '.');
	}
	buf_str(out, o->name);
}

void option_environment(const struct command *c, const struct option *o,
			struct buf *out)
{
	size_t start;

	buf_str(out, "DEED_");
	start = out->len;
	option_config_key(c, o, out);
	for (; start < out->len; start++) {
		int ch = out->data[start];

		out->data[start] = (uint8_t)(isalnum(ch) ? toupper(ch) : '_');
	}
}

/* A well-formed long name: lower case, digits, single dashes inside. */
static bool name_is_sound(const char *name)
{
	size_t len = strlen(name);

	return len > 1 && len < 32 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len &&
	       name[0] != '-' && name[len - 1] != '-' &&
	       strstr(name, "--") == NULL;
}

static bool clashes(const struct option *a, const struct option *b)
{
	return strcmp(a->name, b->name) == 0 ||
	       (a->letter != 0 && a->letter == b->letter);
}

/* Run by a test over all tables, never for a user: the first fault that is
 * found is told, for the table's author.  A default must parse, or every run
 * would fail. */
static enum deed_status check_row(const struct command *c,
				  const struct option *o,
				  struct deed_error *err)
{
	const struct option *other;
	const char *fault = NULL;
	union option_value value;

	if (!name_is_sound(o->name))
		fault = "a malformed name";
	else if (o->help == NULL || o->help[0] == '\0')
		fault = "no help";
	else if (o->type == OPTION_TYPE_NONE)
		fault = "no type";
	else if ((o->type == OPTION_TYPE_CHOICE ||
		  o->complete == COMPLETE_WORDS) &&
		 o->words == NULL)
		fault = "no words";
	else if (o->letter == 'h' || strcmp(o->name, "help") == 0)
		fault = "the name of help";
	else if (o->min > o->max && o->max != 0)
		fault = "an empty range";
	for (other = c->options; fault == NULL && other != o; other++)
		if (clashes(o, other))
			fault = "a name that another option has";
	for (other = common; fault == NULL && other->name != NULL; other++)
		if (clashes(o, other))
			fault = "a name that is common to all commands";
	memset(&value, 0, sizeof(value));
	if (fault == NULL && o->initial != NULL &&
	    option_value_set(o, &value, o->initial, err) != DEED_OK)
		fault = "a default that does not parse";
	if (fault == NULL && o->offset >= c->args_size)
		fault = "a member outside of the struct";
	if (fault == NULL)
		fault = option_rules_fault(c, o);
	if (fault == NULL && o - c->options >= OPTION_MAX)
		fault = "too many before it";
	if (fault != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "deed %s: option '--%s' has %s", c->name,
				      o->name, fault);
	return DEED_OK;
}

enum deed_status option_check(const struct command *c, struct deed_error *err)
{
	const struct option *o;
	enum deed_status status = DEED_OK;

	if (c->options == NULL)
		return DEED_OK;
	for (o = c->options; status == DEED_OK && o->name != NULL; o++)
		status = check_row(c, o, err);
	return status;
}

unsigned option_distance(const char *a, const char *b)
{
	unsigned rows[3][DISTANCE_MAX + 1], *before, *above, *row, *spare;
	size_t i, j, la = strlen(a), lb = strlen(b);

	if (la > DISTANCE_MAX || lb > DISTANCE_MAX)
		return DISTANCE_MAX;
	before = rows[0];
	above = rows[1];
	row = rows[2];
	for (j = 0; j <= lb; j++)
		above[j] = (unsigned)j;
	for (i = 1; i <= la; i++) {
		row[0] = (unsigned)i;
		for (j = 1; j <= lb; j++) {
			unsigned best = above[j - 1] + (a[i - 1] != b[j - 1]);

			if (above[j] + 1 < best)
				best = above[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
		}
		spare = before;
		before = above;
		above = row;
		row = spare;
	}
	return above[lb];
}
