/* SPDX-License-Identifier: Apache-2.0 */
#include "look/find_text.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "look/find_line.h"

/* Of two places that share so much of the smaller, one is told. */
#define SAME 0.5

/* Matches of a page that are kept apart: what is more is everywhere. */
#define MATCHES 4096

struct find_pattern {
	char *text; /* folded; or */
	GRegex *regex;
};

/* ---- what is looked for ---- */

/* Compiled in the helper: the expression is hostile to whoever compiles it, as
 * the document is to whoever reads it. */
static enum deed_status compile(struct find_pattern *p, const char *text,
				struct deed_error *err)
{
	struct buf folded = BUF_INIT;
	enum deed_status status;
	GError *why = NULL;

	find_fold_regex(text, &folded);
	buf_byte(&folded, '\0');
	status = buf_status(&folded, err);
	if (status == DEED_OK) {
		p->regex = g_regex_new((const char *)folded.data, 0, 0, &why);
		if (p->regex == NULL)
			status = deed_error_set(err, DEED_USAGE,
						"'%.200s' is no regular "
						"expression: %.160s",
						text, why->message);
		g_clear_error(&why);
	}
	buf_clear(&folded);
	return status;
}

enum deed_status find_pattern_new(const char *text, bool regex,
				  struct find_pattern **out,
				  struct deed_error *err)
{
	struct find_pattern *p = calloc(1, sizeof(*p));
	enum deed_status status = DEED_OK;
	struct buf folded = BUF_INIT;

	*out = NULL;
	if (p == NULL)
		return deed_error_memory(err);
	if (regex) {
		status = compile(p, text, err);
	} else {
		find_fold(text, &folded);
		p->text = buf_take(&folded, NULL);
		if (p->text == NULL)
			status = deed_error_memory(err);
		else if (p->text[0] == '\0')
			status = deed_error_set(err, DEED_USAGE,
						"a text to be found has no "
						"letter");
	}
	if (status == DEED_OK)
		*out = p;
	else
		find_pattern_free(p);
	return status;
}

void find_pattern_free(struct find_pattern *p)
{
	if (p == NULL)
		return;
	if (p->regex != NULL)
		g_regex_unref(p->regex);
	free(p->text);
	free(p);
}

/* ---- matches ---- */

struct found {
	struct find_match *list;
	size_t count;
	bool no_memory;
};

static double shared(double a0, double a1, double b0, double b1)
{
	double smaller = fmin(a1 - a0, b1 - b0);

	return smaller > 0 ? (fmin(a1, b1) - fmax(a0, b0)) / smaller : 0;
}

static bool is_same(const struct find_match *a, const struct find_match *b)
{
	return shared(a->x0, a->x1, b->x0, b->x1) > SAME &&
	       shared(a->y0, a->y1, b->y0, b->y1) > SAME;
}

static bool is_right_to_left(uint32_t c)
{
	return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) ||
	       (c >= 0xfe70 && c <= 0xfefc);
}

/* Where a reader is after the last letter: to the right of it, unless the
 * line runs in another direction. */
static void find_end(const struct find_letter *first,
		     const struct find_letter *last, struct find_match *m)
{
	double across = last->x0 + last->x1 - first->x0 - first->x1;
	double down = last->y0 + last->y1 - first->y0 - first->y1;

	m->end_x = (m->x0 + m->x1) / 2;
	m->end_y = (m->y0 + m->y1) / 2;
	if (fabs(down) > fabs(across))
		m->end_y = down > 0 ? m->y1 : m->y0;
	else if (is_right_to_left(first->code) || across < 0)
		m->end_x = m->x0;
	else
		m->end_x = m->x1;
}

/* A page is read in two ways, and most matches are found in both: one that
 * lies where another does is dropped. */
static void add_match(struct found *f, const struct find_letter *const *letters,
		      size_t from, size_t to)
{
	struct find_match m = { letters[from]->x0,
				letters[from]->y0,
				letters[from]->x1,
				letters[from]->y1,
				0,
				0 };
	struct find_match *list;
	size_t i;

	for (i = from; i <= to; i++) {
		/* A space between rows of letters has no place. */
		if (letters[i]->code == ' ')
			continue;
		m.x0 = fmin(m.x0, letters[i]->x0);
		m.y0 = fmin(m.y0, letters[i]->y0);
		m.x1 = fmax(m.x1, letters[i]->x1);
		m.y1 = fmax(m.y1, letters[i]->y1);
	}
	find_end(letters[from], letters[to], &m);
	for (i = 0; i < f->count; i++) {
		if (is_same(&f->list[i], &m))
			return;
	}
	if (f->count == MATCHES)
		return;
	list = realloc(f->list, (f->count + 1) * sizeof(*list));
	if (list == NULL) {
		f->no_memory = true;
		return;
	}
	f->list = list;
	f->list[f->count++] = m;
}

/* Bytes from and to (past the last) of a line's text, as letters. */
static void add_bytes(struct found *f, const struct find_line *line,
		      size_t from, size_t to)
{
	if (from < to)
		add_match(f, line->letters, line->map[from], line->map[to - 1]);
}

/* Matches do not overlap, so that a text of one letter repeated is not found
 * at each of them. */
static void match_text(const char *text, const struct find_line *line,
		       struct found *f)
{
	const char *begin = (const char *)line->text.data, *at = begin;
	size_t len = strlen(text);

	while ((at = strstr(at, text)) != NULL) {
		size_t from = (size_t)(at - begin);

		add_bytes(f, line, from, from + len);
		at += len;
	}
}

/* A line that is too long is passed over, as backtracking grows with it; how
 * much the matching may take is bounded by the library itself. */
static enum deed_status match_regex(const GRegex *regex,
				    const struct find_line *line,
				    struct found *f, struct deed_error *err)
{
	const char *text = (const char *)line->text.data;
	enum deed_status status = DEED_OK;
	GMatchInfo *info = NULL;
	GError *why = NULL;
	int from, to;

	if (line->text.len - 1 > FIND_LINE)
		return DEED_OK;
	(void)g_regex_match_full(regex, text, (gssize)line->text.len - 1, 0, 0,
				 &info, &why);
	while (why == NULL && g_match_info_matches(info)) {
		if (g_match_info_fetch_pos(info, 0, &from, &to) && from >= 0)
			add_bytes(f, line, (size_t)from, (size_t)to);
		(void)g_match_info_next(info, &why);
	}
	if (why != NULL)
		status = deed_error_set(err, DEED_USAGE,
					"the regular expression takes too "
					"much: %.160s",
					why->message);
	g_clear_error(&why);
	g_match_info_free(info);
	return status;
}

struct search {
	const struct find_pattern *pattern;
	struct found found;
	struct deed_error *err;
};

/* A lack of memory goes before the status, since a match that could not be
 * kept is no error to the matcher. */
static enum deed_status match_line(void *arg, const struct find_line *line)
{
	enum deed_status status = DEED_OK;
	struct search *s = arg;

	if (s->pattern->regex != NULL)
		status =
			match_regex(s->pattern->regex, line, &s->found, s->err);
	else
		match_text(s->pattern->text, line, &s->found);
	return s->found.no_memory ? deed_error_memory(s->err) : status;
}

/* From the top down, and from the left within a row, as a reader counts them.
 */
static int by_place(const void *a, const void *b)
{
	const struct find_match *l = a, *r = b;

	if (l->y0 != r->y0)
		return l->y0 < r->y0 ? -1 : 1;
	return (l->x0 > r->x0) - (l->x0 < r->x0);
}

/* Controls, private use and the replacement character: a font without a map to
 * Unicode gives such letters, and a text in it cannot be found. */
static void count_letters(const struct find_letter *letters, size_t count,
			  struct find_seen *seen)
{
	size_t i;

	*seen = (struct find_seen){ 0, 0 };
	for (i = 0; i < count; i++) {
		uint32_t c = letters[i].code;

		if (c == '\n' || g_unichar_isspace(c))
			continue;
		seen->letters++;
		seen->unreadable += c < 0x20 || (c >= 0x7f && c < 0xa0) ||
				    (c >= 0xe000 && c < 0xf900) ||
				    c == 0xfffd || c >= 0xf0000;
	}
}

enum deed_status find_on_page(const struct find_pattern *p,
			      const struct find_letter *letters, size_t count,
			      struct find_match **out, size_t *match_count,
			      struct find_seen *seen, struct deed_error *err)
{
	struct search s = { .pattern = p, .err = err };
	enum deed_status status;

	*out = NULL;
	*match_count = 0;
	if (count > FIND_LETTERS)
		return deed_error_set(err, DEED_LIMIT,
				      "a page of more than %d letters",
				      FIND_LETTERS);
	count_letters(letters, count, seen);
	status = find_each_line(letters, count, match_line, &s);
	if (status != DEED_OK) {
		free(s.found.list);
		return status == DEED_NO_MEMORY ? deed_error_memory(err)
						: status;
	}
	if (s.found.count > 0)
		qsort(s.found.list, s.found.count, sizeof(*s.found.list),
		      by_place);
	*out = s.found.list;
	*match_count = s.found.count;
	return DEED_OK;
}
