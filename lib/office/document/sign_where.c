/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/sign_where.h"

#include <unistd.h>

#include "base/file.h"
#include "look/find.h"

/* Between a text and what stands beside it. */
#define GAP_MM 1.0

/* Places that a message lists. */
#define LISTED 4

/* "; page 2 has no text that ..." */
static void say_blank(const struct look_found *found, struct buf *out)
{
	if (found->blank == 0)
		return;
	if (found->blank == 1)
		buf_printf(out, "; page %u has", found->first_blank);
	else
		buf_printf(out, "; %u pages, the first being page %u, have",
			   found->blank, found->first_blank);
	buf_str(out, " no text that can be read, as with scans, and with fonts "
		     "that do not say which letters they show");
}

/* The text is cleared in any case. */
static enum deed_status say(struct buf *text, struct deed_error *err)
{
	enum deed_status status;

	buf_byte(text, '\0');
	status = buf_status(text, err);
	if (status == DEED_OK)
		status = deed_error_set(err, DEED_USAGE, "%s",
					(const char *)text->data);
	buf_clear(text);
	return status;
}

/* The pages without readable text are named with it: on a scan the words are
 * to be seen, and still cannot be found. */
static enum deed_status not_there(const char *name,
				  const struct sign_where *where,
				  const struct look_found *found,
				  struct deed_error *err)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "'%s' has no '%.120s'", name, where->text);
	if (where->page == -1)
		buf_str(&text, " on its last page");
	else if (where->page != 0)
		buf_printf(&text, " on page %ld", where->page);
	say_blank(found, &text);
	return say(&text, err);
}

/* Where they are is listed, so that the user can choose one with its number;
 * LISTED of them, as a common word is there hundreds of times. */
static enum deed_status several(const char *name,
				const struct sign_where *where,
				const struct look_found *found,
				struct deed_error *err)
{
	struct buf text = BUF_INIT;
	size_t i;

	buf_printf(&text, "'%s' has '%.120s' %u times: ", name, where->text,
		   found->total);
	for (i = 0; i < found->count && i < LISTED; i++)
		buf_printf(&text, "%spage %u at %.0f,%.0f", i > 0 ? "; " : "",
			   found->list[i].page, found->list[i].x,
			   found->list[i].y);
	if (found->total > LISTED)
		buf_str(&text, "; ...");
	return say(&text, err);
}

static enum deed_status choose(const char *name, const struct sign_where *where,
			       const struct look_found *found,
			       const struct look_hit **out,
			       struct deed_error *err)
{
	size_t nth = where->nth == 0 ? 1 : where->nth;

	if (found->count == 0)
		return not_there(name, where, found, err);
	if (where->nth == 0 && found->total > 1)
		return several(name, where, found, err);
	if (nth > found->count && nth <= found->total)
		return deed_error_set(
			err, DEED_USAGE,
			"'%s' has '%.120s' %u times, and the first %d of them "
			"can be chosen",
			name, where->text, found->total, LOOK_FOUND);
	if (nth > found->count)
		return deed_error_set(
			err, DEED_USAGE,
			"'%s' has '%.120s' %u times, and no %zuth", name,
			where->text, found->total, nth);
	*out = &found->list[nth - 1];
	return DEED_OK;
}

/* On which side of the text its end is. */
static void stand_beside(const struct look_hit *h,
			 const struct sign_where *where,
			 struct pades_appearance *a)
{
	double x = h->x + h->width / 2, y = h->y + h->height / 2;

	if (where->x_mm != 0 || where->y_mm != 0)
		a->anywhere = false;
	a->x_mm = h->end_x + where->x_mm;
	a->y_mm = h->end_y + where->y_mm;
	if (h->end_x > x) {
		a->anchor = PADES_LEFT;
		a->x_mm += GAP_MM;
	} else if (h->end_x < x) {
		a->anchor = PADES_RIGHT;
		a->x_mm -= GAP_MM;
	} else if (h->end_y < y) {
		a->anchor = PADES_BOTTOM;
		a->y_mm -= GAP_MM;
	} else {
		a->anchor = PADES_TOP;
		a->y_mm += GAP_MM;
	}
}

enum deed_status sign_where_find(struct look *l, const char *path,
				 const char *name,
				 const struct secret *password,
				 const struct sign_where *where,
				 struct pades_appearance *a, uint32_t *total,
				 struct deed_error *err)
{
	const struct look_wanted wanted = { where->text, where->regex,
					    (int32_t)where->page };
	const struct look_hit *hit = NULL;
	struct look_found found;
	enum deed_status status;
	int fd;

	*total = 0;
	status = file_open_regular(path, &fd, err);
	if (status != DEED_OK)
		return status;
	status = look_find(l, fd, password, &wanted, &found, err);
	if (status != DEED_OK)
		deed_error_prefix(err, "'%s'", name);
	*total = found.total;
	if (status == DEED_OK)
		status = choose(name, where, &found, &hit, err);
	if (status == DEED_OK) {
		stand_beside(hit, where, a);
		a->page = (long)hit->page;
		a->beneath_x_mm = hit->x;
		a->beneath_y_mm = hit->y + hit->height + GAP_MM;
	}
	(void)close(fd);
	return status;
}
