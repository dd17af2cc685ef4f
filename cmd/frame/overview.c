/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <string.h>

#define NAME_COLUMN 20
#define GROUP_MAX 64

/*
 * Where each heading stands: the number of the command after it.  In the
 * list of these names a heading takes the number that comes next, and the
 * name after it gives that number back.
 */
enum position {
#define HEADING(id, text) HEADING_##id, HEADING_BEHIND_##id = HEADING_##id - 1,
#define COMMAND(id) POSITION_##id,
#define JUDGING(id) POSITION_##id,
#include "cmd/frame/commands.def"
#undef HEADING
#undef COMMAND
#undef JUDGING
};

static const struct {
	int first;
	const char *text;
} headings[] = {
#define HEADING(id, text) { HEADING_##id, text },
#define COMMAND(id)
#define JUDGING(id)
#include "cmd/frame/commands.def"
#undef HEADING
#undef COMMAND
#undef JUDGING
};

static void put_heading(size_t at, struct buf *out)
{
	size_t i;

	for (i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
		if (headings[i].first == (int)at)
			buf_printf(out, "\n%s\n", headings[i].text);
}

/* A name that is longer than its column still has two spaces behind it, and
 * moves its own summary alone. */
static void put_command(const struct command *c, struct buf *out)
{
	size_t start = out->len;

	buf_printf(out, "  %s", c->name);
	if (out->len - start < NAME_COLUMN)
		buf_fill(out, ' ', NAME_COLUMN - (out->len - start));
	else
		buf_str(out, "  ");
	buf_printf(out, "%s\n", c->summary);
}

/* In the order of the table, which is that of the work: a heading stands
 * before the command whose number it has. */
static void put_all(struct buf *out)
{
	size_t i;

	buf_str(out, "usage: deed COMMAND [options] [operands]\n");
	for (i = 0; i < command_count; i++) {
		put_heading(i, out);
		put_command(commands[i], out);
	}
	buf_str(out, "\ndeed COMMAND -h is a short usage, deed help COMMAND "
		     "the manual;\ndeed help topics lists its pages.\n");
}

/* The manual of a group is the page of its first word: "key slot" has none of
 * its own. */
static void put_group(const char *group, struct buf *out)
{
	size_t i, len = strlen(group);

	buf_printf(out, "usage: deed %s COMMAND [options] [operands]\n\n",
		   group);
	for (i = 0; i < command_count; i++)
		if (strncmp(commands[i]->name, group, len) == 0 &&
		    commands[i]->name[len] == ' ')
			put_command(commands[i], out);
	buf_printf(out,
		   "\ndeed %s COMMAND -h is a short usage, deed help %.*s "
		   "the manual.\n",
		   group, (int)strcspn(group, " "), group);
}

static bool is_help(const char *word)
{
	return strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0;
}

/* "key slot" of "key slot -h"; false where it is something else. */
static bool find_group(const char *const words[], size_t count,
		       char group[GROUP_MAX])
{
	size_t len = 0, i, n;

	for (i = 0; i + 1 < count; i++) {
		n = strlen(words[i]);
		if (len + n + 2 > GROUP_MAX)
			return false;
		if (i > 0)
			group[len++] = ' ';
		memcpy(group + len, words[i], n);
		len += n;
	}
	group[len] = '\0';
	return len > 0 && is_help(words[count - 1]) && command_is_group(group);
}

bool command_overview(const char *const words[], size_t count, struct buf *out)
{
	char group[GROUP_MAX];

	if (count == 0 || is_help(words[0]))
		put_all(out);
	else if (find_group(words, count, group))
		put_group(group, out);
	else
		return false;
	return true;
}
