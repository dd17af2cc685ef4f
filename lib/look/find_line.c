/* SPDX-License-Identifier: Apache-2.0 */
#include "look/find_line.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

/* Letters further apart than this part of their height have a space between
 * them. */
#define SPACE 0.15

/* A letter belongs to a row whose middle is no further from its own than this
 * part of its height. */
#define LEVEL 0.4

/* Two of the same within this part of the height are one, drawn twice to look
 * bold. */
#define TWICE 0.1

/* ---- making comparable ---- */

/* Letters of scripts that are written without spaces, and all signs: a space
 * beside them says nothing. */
static bool stands_alone(gunichar c)
{
	return g_unichar_iswide(c) || !g_unichar_isalnum(c);
}

/* What is folded so far: a space that came waits for what follows it. */
struct folding {
	struct buf *out;
	bool alone; /* the last letter was such a one; at first too */
	bool space;
};

/* What is found should not depend on how a PDF happens to write it: ligatures
 * and wide forms are taken apart, and a space counts between letters only. */
static void put_letter(struct folding *f, gunichar c)
{
	char bytes[6], *normal;

	if (g_unichar_isspace(c)) {
		f->space = true;
		return;
	}
	/* Marks of direction and joining are no letters. */
	if (g_unichar_type(c) == G_UNICODE_FORMAT)
		return;
	normal = g_utf8_normalize(bytes, g_unichar_to_utf8(c, bytes),
				  G_NORMALIZE_ALL_COMPOSE);
	/* Half of a pair, which is no character. */
	if (normal == NULL)
		normal = g_strdup("\xef\xbf\xbd");
	if (f->space && !f->alone && !stands_alone(g_utf8_get_char(normal)))
		buf_byte(f->out, ' ');
	f->space = false;
	f->alone = stands_alone(g_utf8_get_char(normal));
	buf_str(f->out, normal);
	g_free(normal);
}

void find_fold(const char *utf8, struct buf *out)
{
	struct folding f = { .out = out, .alone = true };

	for (; *utf8 != '\0'; utf8 = g_utf8_next_char(utf8))
		put_letter(&f, g_utf8_get_char(utf8));
	buf_byte(out, '\0');
}

/* A full-width bracket is a bracket of the text. */
void find_fold_regex(const char *utf8, struct buf *out)
{
	bool escaped = false;

	for (; *utf8 != '\0'; utf8 = g_utf8_next_char(utf8)) {
		gunichar c = g_utf8_get_char(utf8);
		char bytes[6], *normal, *at;
		int len = g_unichar_to_utf8(c, bytes);

		normal = g_utf8_normalize(bytes, len, G_NORMALIZE_ALL_COMPOSE);
		if (normal == NULL) {
			out->failed = true;
			return;
		}
		for (at = normal; *at != '\0'; at++) {
			if (c > 0x7f && g_ascii_ispunct(*at) && !escaped)
				buf_byte(out, '\\');
			buf_byte(out, (uint8_t)*at);
		}
		/* A backslash that is itself escaped escapes nothing. */
		escaped = c == '\\' && !escaped;
		g_free(normal);
	}
}

/* ---- one line ---- */

/* The map has the letter of each byte, as folding makes one letter several
 * bytes or none.  Only the closing NUL has no letter. */
static enum deed_status make_line(const struct find_letter **letters,
				  size_t count, find_line_fn *fn, void *arg)
{
	struct find_line line = { BUF_INIT, letters, NULL };
	struct folding f = { .out = &line.text, .alone = true };
	enum deed_status status = DEED_OK;
	uint32_t *map = NULL;
	size_t i, k, room = 0;

	for (i = 0; status == DEED_OK && i < count; i++) {
		k = line.text.len;
		/* A NUL would end the text. */
		put_letter(&f,
			   letters[i]->code == 0 ? 0xfffd : letters[i]->code);
		if (line.text.len > room) {
			room = 2 * line.text.len;
			map = realloc(line.map, room * sizeof(*map));
			if (map == NULL) {
				status = DEED_NO_MEMORY;
				break;
			}
			line.map = map;
		}
		for (; k < line.text.len; k++)
			line.map[k] = (uint32_t)i;
	}
	buf_byte(&line.text, '\0');
	if (line.text.failed)
		status = DEED_NO_MEMORY;
	if (status == DEED_OK && line.text.len > 1)
		status = fn(arg, &line);
	free(line.map);
	buf_clear(&line.text);
	return status;
}

/* ---- as made out ---- */

/* In the order in which poppler made the text out, which follows columns; the
 * rows by height are searched besides. */
static enum deed_status lines_made_out(const struct find_letter *letters,
				       size_t count,
				       const struct find_letter **row,
				       find_line_fn *fn, void *arg)
{
	enum deed_status status = DEED_OK;
	size_t i, n = 0;

	for (i = 0; status == DEED_OK && i < count; i++) {
		if (letters[i].code != '\n') {
			row[n++] = &letters[i];
			continue;
		}
		status = make_line(row, n, fn, arg);
		n = 0;
	}
	return status == DEED_OK ? make_line(row, n, fn, arg) : status;
}

/* ---- by height ---- */

static double middle(const struct find_letter *l)
{
	return (l->y0 + l->y1) / 2;
}

static double height(const struct find_letter *l)
{
	return l->y1 - l->y0;
}

static int by_height(const void *a, const void *b)
{
	const struct find_letter *const *l = a, *const *r = b;
	double x = middle(*l), y = middle(*r);

	return (x > y) - (x < y);
}

static int by_left(const void *a, const void *b)
{
	const struct find_letter *const *l = a, *const *r = b;

	return ((*l)->x0 > (*r)->x0) - ((*l)->x0 < (*r)->x0);
}

/* A bold letter is often the same one painted again a little beside itself;
 * nearness counts in both directions. */
static bool is_twice(const struct find_letter *a, const struct find_letter *b)
{
	double near = TWICE * height(a);

	return a->code == b->code && fabs(a->x0 - b->x0) < near &&
	       fabs(a->y0 - b->y0) < near;
}

/* One row, from the left, up to each wide gap.  with has room for a space
 * behind each letter. */
static enum deed_status cut_row(const struct find_letter **row, size_t count,
				const struct find_letter **with,
				find_line_fn *fn, void *arg)
{
	static const struct find_letter space = { ' ', 0, 0, 0, 0 };
	enum deed_status status = DEED_OK;
	size_t i, n = 0;

	qsort(row, count, sizeof(*row), by_left);
	for (i = 0; status == DEED_OK && i < count; i++) {
		double gap = i == 0 ? 0 : row[i]->x0 - row[i - 1]->x1;

		if (i > 0 && is_twice(row[i - 1], row[i])) {
			row[i] = row[i - 1];
			continue;
		}
		if (gap > FIND_GAP * height(row[i])) {
			status = make_line(with, n, fn, arg);
			n = 0;
		} else if (n > 0 && gap > SPACE * height(row[i])) {
			with[n++] = &space;
		}
		with[n++] = row[i];
	}
	return status == DEED_OK ? make_line(with, n, fn, arg) : status;
}

/* A row is measured from its first letter and not from the last, so that a
 * slanting line of many letters does not join rows one by one. */
static enum deed_status rows_of_page(const struct find_letter **all,
				     size_t count,
				     const struct find_letter **with,
				     find_line_fn *fn, void *arg)
{
	enum deed_status status = DEED_OK;
	size_t i, begin = 0;

	qsort(all, count, sizeof(*all), by_height);
	for (i = 1; status == DEED_OK && i <= count; i++) {
		if (i < count &&
		    middle(all[i]) - middle(all[begin]) <=
			    LEVEL * fmin(height(all[begin]), height(all[i])))
			continue;
		status = cut_row(all + begin, i - begin, with, fn, arg);
		begin = i;
	}
	return status;
}

enum deed_status find_each_line(const struct find_letter *letters, size_t count,
				find_line_fn *fn, void *arg)
{
	const struct find_letter **row = calloc(count + 1, sizeof(*row));
	const struct find_letter **with = calloc(2 * count + 1, sizeof(*with));
	enum deed_status status = DEED_NO_MEMORY;
	size_t i, n = 0;

	if (row != NULL && with != NULL)
		status = lines_made_out(letters, count, row, fn, arg);
	for (i = 0; status == DEED_OK && i < count; i++) {
		if (letters[i].code != '\n' &&
		    !g_unichar_isspace(letters[i].code))
			row[n++] = &letters[i];
	}
	if (status == DEED_OK && n > 0)
		status = rows_of_page(row, n, with, fn, arg);
	free(row);
	free(with);
	return status;
}
