/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/option_value.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cmd/frame/secret.h"

/* Ten metres: no page is larger (ISO 32000-2 has 14,400 units of 1/72"). */
#define MILLIMETRES_MAX 10000.0

/* Both pairs of words, since the same values stand in YAML, where true and
 * false are usual. */
static enum deed_status set_flag(bool *out, const char *text,
				 struct deed_error *err)
{
	if (strcmp(text, "yes") == 0 || strcmp(text, "true") == 0)
		*out = true;
	else if (strcmp(text, "no") == 0 || strcmp(text, "false") == 0)
		*out = false;
	else
		return deed_error_set(err, DEED_USAGE,
				      "'%s': expected yes or no", text);
	return DEED_OK;
}

/* The text is not copied: it points into argv or the configuration, which
 * outlive the list.  The array is freed by option_clear. */
static enum deed_status set_list(struct option_list *list, const char *text,
				 struct deed_error *err)
{
	const char **grown;

	grown = reallocarray(list->item, list->count + 1, sizeof(*grown));
	if (grown == NULL)
		return deed_error_memory(err);
	list->item = grown;
	list->item[list->count++] = text;
	return DEED_OK;
}

/* Without bounds in the table from 0 to what an int holds, so that no caller
 * needs to check a cast. */
static enum deed_status set_number(const struct option *o, long *out,
				   const char *text, struct deed_error *err)
{
	long min = o->min, max = o->max, value;
	char *end;

	if (min == 0 && max == 0)
		max = INT32_MAX;
	errno = 0;
	value = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || value < min ||
	    value > max)
		return deed_error_set(err, DEED_USAGE,
				      "'%s': expected a number from %ld to %ld",
				      text, min, max);
	*out = value;
	return DEED_OK;
}

/* The words are gathered while they are compared, for the message if none
 * fits. */
static enum deed_status set_choice(const struct option *o, int *out,
				   const char *text, struct deed_error *err)
{
	struct buf words = BUF_INIT;
	int i;

	for (i = 0; o->words[i] != NULL; i++) {
		if (strcmp(o->words[i], text) == 0) {
			*out = i;
			buf_clear(&words);
			return DEED_OK;
		}
		buf_printf(&words, "%s%s", i > 0 ? ", " : "", o->words[i]);
	}
	deed_error_set(err, DEED_USAGE, "'%s': expected one of %.*s", text,
		       (int)words.len, (const char *)words.data);
	buf_clear(&words);
	return DEED_USAGE;
}

/*
 * A decimal number with a point, whatever the locale; strtod would read
 * hexadecimal, infinity and, in some locales, a comma.
 */
static bool read_decimal(const char **p, double *out)
{
	const char *start = *p;
	double value = 0, unit = 1;
	bool negative = **p == '-';
	size_t digits = 0;

	if (negative)
		(*p)++;
	for (; **p >= '0' && **p <= '9'; (*p)++, digits++)
		value = value * 10 + (**p - '0');
	if (**p == '.') {
		for ((*p)++; **p >= '0' && **p <= '9'; (*p)++, digits++) {
			unit /= 10;
			value += (**p - '0') * unit;
		}
	}
	if (digits == 0 || digits > 12) {
		*p = start;
		return false;
	}
	*out = negative ? -value : value;
	return fabs(value) <= MILLIMETRES_MAX;
}

/* Nothing and less is no length: a width of 0 would make an appearance that
 * cannot be seen. */
static enum deed_status set_length(struct option_length *out, const char *text,
				   struct deed_error *err)
{
	const char *p = text;
	double value;

	if (!read_decimal(&p, &value) || *p != '\0' || value <= 0)
		return deed_error_set(err, DEED_USAGE,
				      "'%s': expected millimetres, for "
				      "instance 40 or 37.5",
				      text);
	out->given = true;
	out->value = value;
	return DEED_OK;
}

/* From the top left, as people measure a page.  Either number may be negative
 * here: whether the place is on the page is known only with the page. */
static enum deed_status set_point(struct option_point *out, const char *text,
				  struct deed_error *err)
{
	const char *p = text;
	double x, y;

	if (!read_decimal(&p, &x) || *p++ != ',' || !read_decimal(&p, &y) ||
	    *p != '\0')
		return deed_error_set(err, DEED_USAGE,
				      "'%s': expected millimetres from the "
				      "left and the top, for instance 150,40",
				      text);
	out->given = true;
	out->x = x;
	out->y = y;
	return DEED_OK;
}

/* A time that does not parse is a mistake of the command line, whatever the
 * clock calls it. */
static enum deed_status set_time(struct option_time *out, const char *text,
				 struct deed_error *err)
{
	if (clock_parse(text, &out->value, err) != DEED_OK) {
		if (err != NULL)
			err->status = DEED_USAGE;
		return DEED_USAGE;
	}
	out->given = true;
	return DEED_OK;
}

/* An empty value is refused: it is most often a variable of a script that was
 * not set, and would count as not given. */
static enum deed_status set_text(const char **out, const char *text,
				 struct deed_error *err)
{
	if (*text == '\0')
		return deed_error_set(err, DEED_USAGE,
				      "'': expected a value that is not empty");
	*out = text;
	return DEED_OK;
}

enum deed_status option_value_set(const struct option *o, void *member,
				  const char *text, struct deed_error *err)
{
	enum deed_status status;

	switch (o->type) {
	case OPTION_TYPE_FLAG:
		return set_flag(member, text, err);
	case OPTION_TYPE_TEXT:
		return set_text(member, text, err);
	case OPTION_TYPE_LIST:
		return set_list(member, text, err);
	case OPTION_TYPE_NUMBER:
		return set_number(o, member, text, err);
	case OPTION_TYPE_CHOICE:
		return set_choice(o, member, text, err);
	case OPTION_TYPE_TIME:
		return set_time(member, text, err);
	case OPTION_TYPE_LENGTH:
		return set_length(member, text, err);
	case OPTION_TYPE_POINT:
		return set_point(member, text, err);
	case OPTION_TYPE_PASSPHRASE:
		status = passphrase_check(text, err);
		return status == DEED_OK ? set_text(member, text, err) : status;
	default:
		return deed_error_set(err, DEED_USAGE, "it takes no value");
	}
}
