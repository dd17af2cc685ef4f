/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cmd/frame/option_rules.h"
#include "cmd/frame/output.h"
#include "cmd/frame/pages.h"

/*
 * What the shells ask: the words after "deed", the last being completed.
 * Each answer is a line, the candidate and, after a tab, what it is; ":file"
 * and ":directory" leave it to the shell.
 */

/* Candidates go out as they are, for the shell compares them with what is
 * typed; it quotes them itself. */
static void offer(struct session *s, const char *candidate, const char *prefix,
		  const char *what)
{
	if (strncmp(candidate, prefix, strlen(prefix)) != 0)
		return;
	if (what == NULL)
		output_bytes(s, slice_str(candidate));
	else {
		output_bytes(s, slice_str(candidate));
		output_bytes(s, slice_str("\t"));
		output_bytes(s, slice_str(what));
	}
	output_bytes(s, slice_str("\n"));
}

/* Does the name begin with these words?  *rest is what follows them. */
static bool begins(const char *name, const char *const words[], size_t count,
		   const char **rest)
{
	size_t i, len;

	for (i = 0; i < count; i++) {
		len = strlen(words[i]);
		if (strncmp(name, words[i], len) != 0 ||
		    (name[len] != ' ' && name[len] != '\0'))
			return false;
		name += len;
		name += *name == ' ';
	}
	*rest = name;
	return *name != '\0';
}

/* The next words of the commands that begin with the words given. */
static size_t offer_names(struct session *s, const char *const words[],
			  size_t count, const char *prefix)
{
	char word[32], before[32] = "";
	const char *rest;
	size_t i, len, offered = 0;

	for (i = 0; i < command_count; i++) {
		if (!begins(commands[i]->name, words, count, &rest))
			continue;
		len = strcspn(rest, " ");
		if (len >= sizeof(word))
			continue;
		memcpy(word, rest, len);
		word[len] = '\0';
		/* The verbs of one command stand together in the table. */
		if (strcmp(word, before) != 0)
			offer(s, word, prefix,
			      rest[len] == '\0' ? commands[i]->summary : NULL);
		memcpy(before, word, len + 1);
		offered++;
	}
	return offered;
}

static void offer_words(struct session *s, const char *const *words,
			const char *prefix)
{
	for (; words != NULL && *words != NULL; words++)
		offer(s, *words, prefix, NULL);
}

/* A party's folder in the keystore has its name. */
static void offer_parties(struct session *s, const char *prefix)
{
	const char *home = session_home(s);
	char *path = home == NULL ? NULL : path_join(home, "keystore");
	struct dirent **list;
	int count, i;

	count = path == NULL ? -1 : scandir(path, &list, NULL, alphasort);
	free(path);
	for (i = 0; i < count; i++) {
		/* Not every file system says what it is. */
		if (list[i]->d_name[0] != '.' &&
		    (list[i]->d_type == DT_DIR ||
		     list[i]->d_type == DT_UNKNOWN))
			offer(s, list[i]->d_name, prefix, NULL);
		free(list[i]);
	}
	if (count >= 0)
		free(list);
}

/* The commands have pages, and so have other things. */
static void offer_pages(struct session *s, const char *prefix)
{
	char word[PAGE_WORD];
	size_t i;

	for (i = 0; i < page_count; i++) {
		page_word(&pages[i], word);
		offer(s, word, prefix, pages[i].summary);
	}
	offer(s, "topics", prefix, "list the pages");
}

/* Files and folders are left to the shell, which knows its own quoting and
 * what the user set for it. */
static void offer_kind(struct session *s, enum completion kind,
		       const char *const *words, const char *prefix)
{
	switch (kind) {
	case COMPLETE_FILE:
		output_bytes(s, slice_str(":file\n"));
		break;
	case COMPLETE_DIRECTORY:
		output_bytes(s, slice_str(":directory\n"));
		break;
	case COMPLETE_PARTY:
		offer_parties(s, prefix);
		break;
	case COMPLETE_COMMAND:
		offer_pages(s, prefix);
		break;
	case COMPLETE_WORDS:
		offer_words(s, words, prefix);
		break;
	default:
		break;
	}
}

/* Sources of passphrases are offered up to their colon.  A choice has its
 * words in the table. */
static void offer_value(struct session *s, const struct option *o,
			const char *prefix)
{
	static const char *const sources[] = {
		"tty", "fd:", "file:", "env:", "credential:", "askpass", NULL
	};

	if (o->type == OPTION_TYPE_PASSPHRASE)
		offer_words(s, sources, prefix);
	else if (o->type == OPTION_TYPE_CHOICE)
		offer_words(s, o->words, prefix);
	else
		offer_kind(s, o->complete, o->words, prefix);
}

/* The longest name that a table may have is shorter than this room (option.c).
 */
static void offer_option(struct session *s, const struct option *o,
			 const char *prefix)
{
	char text[40] = "--";

	if (strlen(o->name) < sizeof(text) - 2) {
		memcpy(text + 2, o->name, strlen(o->name) + 1);
		offer(s, text, prefix, o->help);
	}
}

/* What is excluded by an option that stands there already is not offered. */
static void offer_options(struct session *s, const struct command *c,
			  const struct option_use *uses, size_t used,
			  const char *prefix)
{
	const struct option *o;

	for (o = c->options; o != NULL && o->name != NULL; o++)
		if (!option_rules_gives_way(o, uses, used))
			offer_option(s, o, prefix);
	for (o = option_common(); o->name != NULL; o++)
		if (option_common_applies(o, c) &&
		    !option_rules_gives_way(o, uses, used))
			offer_option(s, o, prefix);
	offer(s, "--help", prefix, "print a short usage");
}

/* Of letters that stand together only the last may have its value in the next
 * word. */
static bool is_called(const struct option *o, const char *word)
{
	if (word[0] != '-')
		return false;
	if (word[1] == '-')
		return slice_equal_str(
			slice_of(word + 2, strcspn(word + 2, "=")), o->name);
	return o->letter != 0 && word[1] != '\0' &&
	       word[strlen(word) - 1] == o->letter;
}

/* The option that the word is; NULL if it is none. */
static const struct option *option_of(const struct command *c, const char *word)
{
	const struct option *o;

	for (o = c->options; o != NULL && o->name != NULL; o++)
		if (is_called(o, word))
			return o;
	for (o = option_common(); o->name != NULL; o++)
		if (option_common_applies(o, c) && is_called(o, word))
			return o;
	return NULL;
}

/* A word that is the value of the option before it is no option, whatever it
 * looks like; behind "--" nothing is. */
static void complete(struct session *s, const struct command *c,
		     const char *const before[], size_t count, const char *last)
{
	struct option_use uses[2 * OPTION_MAX];
	const struct option *waiting = NULL, *o;
	bool options = true;
	size_t i, used = 0;

	for (i = 0; i < count; i++) {
		if (waiting != NULL)
			waiting = NULL;
		else if (options && strcmp(before[i], "--") == 0)
			options = false;
		else if (options && (o = option_of(c, before[i])) != NULL) {
			if (used < 2 * OPTION_MAX)
				uses[used++] = (struct option_use){
					.option = o, .line = true, .on = true
				};
			if (option_argument(o) != NULL &&
			    strchr(before[i], '=') == NULL)
				waiting = o;
		}
	}
	if (waiting != NULL)
		offer_value(s, waiting, last);
	else if (options && last[0] == '-')
		offer_options(s, c, uses, used, last);
	else
		offer_kind(s, c->complete, c->words, last);
}

/* It never fails and says nothing but candidates: a shell would print it into
 * the line that is being typed. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const char *const *words = s->operand;
	const struct command *c;
	const char *last;
	size_t before, used;

	(void)args;
	(void)err;
	if (s->operand_count == 0) {
		(void)offer_names(s, NULL, 0, "");
		return DEED_OK;
	}
	before = s->operand_count - 1;
	last = words[before];
	c = command_find(words, before, &used);
	/* "deed key " wants a verb, "deed sign " an operand. */
	if ((c == NULL || used == before) &&
	    offer_names(s, words, before, last) > 0 && c == NULL)
		return DEED_OK;
	if (c != NULL)
		complete(s, c, words + used, before - used, last);
	return DEED_OK;
}

const struct command command_complete = {
	.name = "complete",
	.operands = "[--] [WORD ...]",
	.summary = "list what may follow, for the shell",
	.flags = COMMAND_HOME | COMMAND_RAW,
	.max_operands = COMMAND_MANY,
	.run = run,
};
