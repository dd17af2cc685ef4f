/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/option_rules.h"

#include <string.h>

#include "cmd/frame/command.h"

/* The next name of a list; empty at its end. */
static struct slice next_name(const char **list)
{
	const char *start = *list == NULL ? "" : *list + strspn(*list, " ");
	size_t len = strcspn(start, " ");

	*list = start + len;
	return slice_of(start, len);
}

static bool is_named(const struct option *o, struct slice name)
{
	return slice_equal(slice_str(o->name), name);
}

/* A list is a text with spaces, as it stands in the table; it may be NULL. */
static bool lists(const char *list, const struct option *o)
{
	struct slice name = next_name(&list);

	for (; name.len > 0; name = next_name(&list))
		if (is_named(o, name))
			return true;
	return false;
}

/* Does one of the two say that it excludes the other? */
static bool exclude(const struct option *a, const struct option *b)
{
	return lists(a->excludes, b) || lists(b->excludes, a);
}

bool option_rules_gives_way(const struct option *o,
			    const struct option_use *uses, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (uses[i].line && uses[i].on && exclude(o, uses[i].option))
			return true;
	return false;
}

/* As it is most often typed. */
static void put_option(const struct option *o, struct buf *out)
{
	if (o->letter != 0)
		buf_printf(out, "-%c", o->letter);
	else
		buf_printf(out, "--%s", o->name);
}

/* The words are the callers' to make and this function's to free. */
static enum deed_status set_fault(struct buf *words, struct deed_error *err)
{
	enum deed_status status;

	buf_byte(words, 0);
	status = buf_status(words, err);
	if (status == DEED_OK)
		status = deed_error_set(err, DEED_USAGE, "%s",
					(const char *)words->data);
	buf_clear(words);
	return status;
}

/* In the order of the table, not of the command line: the order in which they
 * were typed is not kept. */
static enum deed_status together(const struct option *a, const struct option *b,
				 struct deed_error *err)
{
	struct buf words = BUF_INIT;

	put_option(a, &words);
	buf_str(&words, " and ");
	put_option(b, &words);
	buf_str(&words, " exclude each other");
	return set_fault(&words, err);
}

/* Common options only where the command has them: a rule in a shared row may
 * name one that this command lacks. */
static bool is_option_of(const struct command *c, struct slice name)
{
	const struct option *o;

	for (o = c->options; o != NULL && o->name != NULL; o++)
		if (is_named(o, name))
			return true;
	for (o = option_common(); o->name != NULL; o++)
		if (option_common_applies(o, c) && is_named(o, name))
			return true;
	return false;
}

/* "--prepare or --complete": of the list, what the command has; c may be
 * NULL.  How many these are. */
static size_t put_names(const struct command *c, const char *list,
			struct buf *out)
{
	struct slice name = next_name(&list), last = SLICE_NONE;
	size_t count = 0;

	for (; name.len > 0; name = next_name(&list)) {
		if (c != NULL && !is_option_of(c, name))
			continue;
		if (last.len > 0)
			buf_printf(out, "%s--%.*s", count++ > 0 ? ", " : "",
				   (int)last.len, (const char *)last.data);
		last = name;
	}
	if (last.len > 0)
		buf_printf(out, "%s--%.*s", count++ > 0 ? " or " : "",
			   (int)last.len, (const char *)last.data);
	return count;
}

/* All names are told, though not every command has each: the rows at hand are
 * those of the option alone. */
static enum deed_status lacking(const struct option *o, struct deed_error *err)
{
	struct buf words = BUF_INIT;

	put_option(o, &words);
	buf_str(&words, " needs ");
	(void)put_names(NULL, o->needs, &words);
	return set_fault(&words, err);
}

/* One of those listed is enough, whether it is from the command line or from
 * the configuration. */
static bool has_what_it_needs(const struct option *o,
			      const struct option_use *uses, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (uses[i].on && lists(o->needs, uses[i].option))
			return true;
	return false;
}

enum deed_status option_rules_check(const struct option_use *uses, size_t count,
				    struct deed_error *err)
{
	size_t i, j;

	for (i = 0; i < count; i++) {
		const struct option *o = uses[i].option;

		if (!uses[i].on)
			continue;
		for (j = i + 1; j < count; j++)
			if (uses[j].on && exclude(o, uses[j].option))
				return together(o, uses[j].option, err);
		if (uses[i].line && o->needs != NULL &&
		    !has_what_it_needs(o, uses, count))
			return lacking(o, err);
	}
	return DEED_OK;
}

/* Of any command, with it or not: shared rows of options name common ones that
 * not every command has. */
static bool is_common(struct slice name)
{
	const struct option *o;

	for (o = option_common(); o->name != NULL; o++)
		if (is_named(o, name))
			return true;
	return false;
}

const char *option_rules_fault(const struct command *c, const struct option *o)
{
	const char *const both[] = { o->excludes, o->needs };
	const char *list;
	struct slice name;
	size_t i;

	for (i = 0; i < 2; i++)
		for (list = both[i]; (name = next_name(&list)).len > 0;)
			if (is_named(o, name) ||
			    (!is_option_of(c, name) && !is_common(name)))
				return "a rule of what is no other option";
	return NULL;
}

/* What names nothing of this command is left out, so that no help speaks of an
 * option that is not there. */
static void put_rule(const struct command *c, const char *what,
		     const char *list, struct buf *out)
{
	struct buf names = BUF_INIT;

	if (put_names(c, list, &names) > 0)
		buf_printf(out, " (%s %.*s)", what, (int)names.len,
			   (const char *)names.data);
	out->failed |= names.failed;
	buf_clear(&names);
}

void option_rules_text(const struct command *c, const struct option *o,
		       struct buf *out)
{
	put_rule(c, "with", o->needs, out);
	put_rule(c, "not with", o->excludes, out);
}
