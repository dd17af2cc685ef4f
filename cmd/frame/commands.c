/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <string.h>

#include "cmd/frame/option_rules.h"

#define HELP_COLUMN 30
#define WIDTH 79

/* How many words of the name stand at the start of words; 0 if not all. */
static size_t match(const char *name, const char *const words[], size_t count)
{
	size_t used = 0, len;

	while (*name != '\0') {
		len = strcspn(name, " ");
		if (used == count || strlen(words[used]) != len ||
		    memcmp(words[used], name, len) != 0)
			return 0;
		used++;
		name += len;
		name += *name == ' ';
	}
	return used;
}

const struct command *command_find(const char *const words[], size_t count,
				   size_t *used)
{
	const struct command *best = NULL;
	size_t i, n;

	*used = 0;
	for (i = 0; i < command_count; i++) {
		n = match(commands[i]->name, words, count);
		if (n > *used) {
			*used = n;
			best = commands[i];
		}
	}
	return best;
}

bool command_is_group(const char *word)
{
	size_t i, len = strlen(word);

	for (i = 0; i < command_count; i++)
		if (strncmp(commands[i]->name, word, len) == 0 &&
		    commands[i]->name[len] == ' ')
			return true;
	return false;
}

const char *command_nearest(const char *word)
{
	static char nearest[32];
	char first[32];
	unsigned best = 3, d;
	size_t i, len;

	nearest[0] = '\0';
	for (i = 0; i < command_count; i++) {
		len = strcspn(commands[i]->name, " ");
		if (len >= sizeof(first))
			continue;
		memcpy(first, commands[i]->name, len);
		first[len] = '\0';
		d = option_distance(word, first);
		if (d < best) {
			best = d;
			memcpy(nearest, first, sizeof(nearest));
		}
	}
	return nearest[0] == '\0' ? NULL : nearest;
}

void command_synopsis(const struct command *c, struct buf *out)
{
	const struct option *o;

	buf_printf(out, "deed %s", c->name);
	for (o = c->options; o != NULL && o->name != NULL; o++)
		if (o->required)
			buf_printf(out, " --%s %s", o->name,
				   option_argument(o));
	buf_str(out, " [options]");
	if (c->operands[0] != '\0')
		buf_printf(out, " %s", c->operands);
}

/* Text from the column on, broken at spaces, each line from column on. */
static void wrap(struct buf *out, const char *text, size_t column)
{
	size_t at = column, len;

	while (*text != '\0') {
		len = strcspn(text, " ");
		if (at + len > WIDTH && at > column) {
			buf_byte(out, '\n');
			buf_fill(out, ' ', column);
			at = column;
		}
		buf_append(out, text, len);
		at += len + 1;
		text += len;
		if (*text == ' ') {
			text++;
			if (at + strcspn(text, " ") <= WIDTH)
				buf_byte(out, ' ');
		}
	}
	buf_byte(out, '\n');
}

/* A name that reaches into the column of help has a line of its own, so that
 * all help begins in the same column. */
static void usage_row(const struct command *c, const struct option *o,
		      struct buf *out)
{
	struct buf help = BUF_INIT;
	size_t start = out->len;

	if (o->letter != 0)
		buf_printf(out, "  -%c, ", o->letter);
	else
		buf_str(out, "      ");
	buf_printf(out, "--%s", o->name);
	if (option_argument(o) != NULL)
		buf_printf(out, " %s", option_argument(o));
	if (out->len - start > HELP_COLUMN - 2) {
		buf_byte(out, '\n');
		start = out->len;
	}
	buf_fill(out, ' ', HELP_COLUMN - (out->len - start));
	buf_str(&help, o->help);
	if (o->initial != NULL)
		buf_printf(&help, " (default %s)", o->initial);
	option_rules_text(c, o, &help);
	buf_byte(&help, 0);
	if (!help.failed)
		wrap(out, (const char *)help.data, HELP_COLUMN);
	buf_clear(&help);
}

void command_usage(const struct command *c, struct buf *out)
{
	const struct option *o;

	buf_str(out, "usage: ");
	command_synopsis(c, out);
	buf_printf(out, "\n%s\n", c->summary);
	if (c->options != NULL && c->options->name != NULL)
		buf_str(out, "\nOptions:\n");
	for (o = c->options; o != NULL && o->name != NULL; o++)
		usage_row(c, o, out);
	buf_str(out, "\nCommon options:\n");
	for (o = option_common(); o->name != NULL; o++)
		if (option_common_applies(o, c))
			usage_row(c, o, out);
	buf_str(out, "  -h, --help");
	buf_fill(out, ' ', HELP_COLUMN - 12);
	buf_str(out, "print this\n");
	buf_printf(out, "\nThe manual: deed help %.*s\n",
		   (int)strcspn(c->name, " "), c->name);
}
