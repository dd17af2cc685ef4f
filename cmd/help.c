/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/command.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/output.h"

static json_t *option_json(const struct command *c, const struct option *o,
			   bool common)
{
	const char letter[2] = { o->letter, '\0' };
	struct buf key = BUF_INIT, variable = BUF_INIT;
	json_t *out;

	option_config_key(c, o, &key);
	option_environment(c, o, &variable);
	out = json_pack("{s:s, s:s?, s:s?, s:s?, s:s, s:b, s:b}", "name",
			o->name, "letter", o->letter == 0 ? NULL : letter,
			"argument", option_argument(o), "default", o->initial,
			"help", o->help, "required", o->required, "common",
			common);
	if (o->config && !key.failed && !variable.failed) {
		(void)json_object_set_new(
			out, "configuration",
			json_stringn((const char *)key.data, key.len));
		(void)json_object_set_new(
			out, "environment",
			json_stringn((const char *)variable.data,
				     variable.len));
	}
	buf_clear(&key);
	buf_clear(&variable);
	return out;
}

static json_t *command_json(const struct command *c)
{
	json_t *options = json_array(), *out;
	const struct option *o;
	struct buf synopsis = BUF_INIT;

	for (o = c->options; o != NULL && o->name != NULL; o++)
		(void)json_array_append_new(options, option_json(c, o, false));
	for (o = option_common(); o->name != NULL; o++)
		if (option_common_applies(o, c))
			(void)json_array_append_new(options,
						    option_json(c, o, true));
	command_synopsis(c, &synopsis);
	buf_byte(&synopsis, 0);
	out = json_pack("{s:s, s:s, s:s, s:o}", "name", c->name, "summary",
			c->summary, "synopsis",
			synopsis.failed ? "" : (const char *)synopsis.data,
			"options", options);
	buf_clear(&synopsis);
	return out;
}

/* Every command and option, for whoever checks or completes them. */
static enum deed_status table(struct session *s)
{
	json_t *list = json_array(), *common = json_array();
	const struct option *o;
	size_t i;

	for (i = 0; i < command_count; i++)
		(void)json_array_append_new(list, command_json(commands[i]));
	for (o = option_common(); o->name != NULL; o++)
		(void)json_array_append_new(common,
					    option_json(s->command, o, true));
	output_set(s, "commands", list);
	output_set(s, "common", common);
	return DEED_OK;
}

/* "deed-sign" and the section in which there may be such a page. */
static char *page_name(const char *word)
{
	struct buf b = BUF_INIT;

	buf_str(&b,
		word == NULL || strcmp(word, "deed") == 0 ? "deed" : "deed-");
	if (b.len == 5)
		buf_str(&b, word);
	return buf_take(&b, NULL);
}

/* In the build tree: the page in man/ beside the program or above it. */
static char *page_nearby(const char *page)
{
	static const char *const folders[] = { "man", "../man" };
	static const char sections[] = "157";
	struct buf b = BUF_INIT;
	char exe[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	size_t i, j;

	if (len <= 0)
		return NULL;
	exe[len] = '\0';
	*strrchr(exe, '/') = '\0';
	for (i = 0; i < 2; i++) {
		for (j = 0; sections[j] != '\0'; j++) {
			buf_reset(&b);
			buf_printf(&b, "%s/%s/%s.%c", exe, folders[i], page,
				   sections[j]);
			buf_byte(&b, 0);
			if (!b.failed && file_exists((char *)b.data))
				return buf_take(&b, NULL);
		}
	}
	buf_clear(&b);
	return NULL;
}

/* Becomes man; comes back only where there is none. */
static enum deed_status open_manual(const char *word, struct deed_error *err)
{
	char *page = page_name(word), *nearby;

	if (page == NULL)
		return deed_error_memory(err);
	nearby = page_nearby(page);
	(void)fflush(NULL);
	if (nearby == NULL) {
		(void)execlp("man", "man", page, (char *)NULL);
	} else {
		(void)execlp("man", "man", "-l", nearby, (char *)NULL);
		(void)execlp("mandoc", "mandoc", "-a", nearby, (char *)NULL);
	}
	deed_error_errno(err, errno, "cannot start man");
	if (err != NULL)
		err->status = DEED_SYSTEM;
	deed_error_hint(err, "deed %s -h", word == NULL ? "help" : word);
	free(nearby);
	free(page);
	return DEED_SYSTEM;
}

/* A command, a group of commands, or another page of the manual. */
static bool is_topic(const char *word)
{
	static const char *const pages[] = { "deed", "tour",	"batch",
					     "ci",   "archive", "json",
					     "log",  "policy",	"statement" };
	size_t i, used;

	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (strcmp(word, pages[i]) == 0)
			return true;
	return command_is_group(word) || command_find(&word, 1, &used) != NULL;
}

static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const char *word = s->operand_count > 0 ? s->operand[0] : NULL;
	const char *nearest;

	(void)args;
	if (s->json)
		return table(s);
	if (word == NULL || is_topic(word))
		return open_manual(word, err);
	deed_error_set(err, DEED_NOT_FOUND, "there is no manual of '%s'", word);
	nearest = command_nearest(word);
	if (nearest != NULL)
		deed_error_hint(err, "did you mean deed help %s?", nearest);
	return DEED_NOT_FOUND;
}

const struct command command_help = {
	.name = "help",
	.operands = "[COMMAND]",
	.summary = "open the manual",
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_COMMAND,
	.run = run,
};
