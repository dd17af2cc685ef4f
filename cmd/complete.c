/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/complete_offer.h"

#include <string.h>

/* What the shells ask: the words after "deed", the last being completed. */

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
			complete_offer(s, word, prefix,
				       rest[len] == '\0' ? commands[i]->summary
							 : NULL);
		memcpy(before, word, len + 1);
		offered++;
	}
	return offered;
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
		complete_offer_value(s, waiting, last);
	else if (options && last[0] == '-')
		complete_offer_options(s, c, uses, used, last);
	else
		complete_offer_kind(s, c->complete, c->words, last);
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
