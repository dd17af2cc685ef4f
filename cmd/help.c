/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/frame/installed.h"
#include "cmd/frame/output.h"
#include "cmd/frame/pages.h"

#define TOPICS "topics" /* no page: the list of them */

/* The key and the variable only where the option may stand there: else a
 * reader would set what nobody looks at. */
static json_t *option_json(const struct command *c, const struct option *o,
			   bool common)
{
	const char letter[2] = { o->letter, '\0' };
	struct buf key = BUF_INIT, variable = BUF_INIT;
	json_t *out;

	option_config_key(c, o, &key);
	option_environment(c, o, &variable);
	out = json_pack("{s:s, s:s?, s:s?, s:s?, s:s, s:b, s:b, s:s?, s:s?}",
			"name", o->name, "letter",
			o->letter == 0 ? NULL : letter, "argument",
			option_argument(o), "default", o->initial, "help",
			o->help, "required", o->required, "common", common,
			"excludes", o->excludes, "needs", o->needs);
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

/* The command's own options first, as in -h; common ones are marked, so that a
 * reader can leave them out. */
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

/* The word is the shortest that opens the page, the name what man calls it. */
static json_t *pages_json(void)
{
	json_t *list = json_array();
	char word[PAGE_WORD];
	size_t i;

	for (i = 0; i < page_count; i++) {
		page_word(&pages[i], word);
		(void)json_array_append_new(
			list, json_pack("{s:s, s:s, s:i, s:s}", "word", word,
					"name", pages[i].name, "section",
					pages[i].section - '0', "summary",
					pages[i].summary));
	}
	return list;
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
	output_set(s, "pages", pages_json());
	return DEED_OK;
}

/* A file that is there, or NULL. */
static char *page_file(const char *folder, const char *between,
		       const struct page *page, const char *ending)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s%s%s.%c%s", folder, between, page->name,
		   page->section, ending);
	buf_byte(&b, 0);
	if (!b.failed && file_exists((char *)b.data))
		return buf_take(&b, NULL);
	buf_clear(&b);
	return NULL;
}

/*
 * The page that belongs to this program where man would not look for it: in a
 * build tree in man/ beside the program or above it, and in the manual of a
 * prefix that was moved.
 */
static char *page_nearby(const struct page *page)
{
	char here[PATH_MAX], between[] = "/man0/";
	char *found;

	if (!installed_here(here))
		return NULL;
	found = page_file(here, "/man/", page, "");
	if (found == NULL)
		found = page_file(here, "/../man/", page, "");
	installed_path(PKGLIBEXECDIR, MANDIR, here);
	if (found != NULL || strcmp(here, MANDIR) == 0)
		return found;
	between[4] = page->section;
	found = page_file(here, between, page, "");
	return found != NULL ? found : page_file(here, between, page, ".gz");
}

/* Becomes man; comes back only where there is none. */
static enum deed_status open_manual(const struct page *page, const char *word,
				    struct deed_error *err)
{
	const char section[] = { page->section, '\0' };
	char *nearby = page_nearby(page);

	(void)fflush(NULL);
	if (nearby == NULL) {
		(void)execlp("man", "man", section, page->name, (char *)NULL);
	} else {
		(void)execlp("man", "man", "-l", nearby, (char *)NULL);
		(void)execlp("mandoc", "mandoc", "-a", nearby, (char *)NULL);
	}
	deed_error_errno(err, errno, "cannot start man");
	if (err != NULL)
		err->status = DEED_SYSTEM;
	deed_error_hint(err, "deed %s -h", word == NULL ? "help" : word);
	free(nearby);
	return DEED_SYSTEM;
}

static const struct {
	char section;
	const char *heading;
} sections[] = {
	{ '1', "Commands" },
	{ '5', "Formats" },
	{ '7', "Subjects" },
};

/* Every page, and the word that opens it. */
static void list_topics(struct session *s)
{
	char word[PAGE_WORD];
	size_t i, j;

	output_line(s, "deed help WORD opens:");
	for (i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		output_lines(s, "");
		output_line(s, "%s", sections[i].heading);
		for (j = 0; j < page_count; j++) {
			if (pages[j].section != sections[i].section)
				continue;
			page_word(&pages[j], word);
			output_line(s, "  %-13s %s", word, pages[j].summary);
		}
	}
}

/* The nearest page or command to a mistyped word; NULL if none is near. */
static const char *nearest(const char *word, char near[PAGE_WORD])
{
	unsigned best = 3, d;
	char own[PAGE_WORD];
	size_t i;

	near[0] = '\0';
	for (i = 0; i < page_count; i++) {
		page_word(&pages[i], own);
		d = option_distance(word, own);
		if (d < best) {
			best = d;
			memcpy(near, own, sizeof(own));
		}
	}
	return near[0] == '\0' ? NULL : near;
}

/* The operands of a command of two words are both taken, and the page is that
 * of the first: pages are of groups. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const char *word = s->operand_count > 0 ? s->operand[0] : NULL;
	char near[PAGE_WORD];
	const struct page *page;

	(void)args;
	if (s->json)
		return table(s);
	if (word != NULL && strcmp(word, TOPICS) == 0) {
		list_topics(s);
		return DEED_OK;
	}
	page = page_find(word == NULL ? "deed" : word);
	if (page != NULL)
		return open_manual(page, word, err);
	deed_error_set(err, DEED_NOT_FOUND, "there is no manual of '%s'", word);
	if (nearest(word, near) != NULL)
		deed_error_hint(err, "did you mean deed help %s?", near);
	else
		deed_error_hint(err, "deed help " TOPICS);
	return DEED_NOT_FOUND;
}

const struct command command_help = {
	.name = "help",
	.operands = "[COMMAND]",
	.summary = "open the manual, or list its topics",
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_COMMAND,
	.run = run,
};
