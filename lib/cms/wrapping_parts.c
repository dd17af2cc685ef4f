/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cms/wrapping_mime_priv.h"

/* The parts of multipart/signed (RFC 2046 5.1.1), and the form that is signed.
 */

enum delimiter {
	DELIMITER_NONE,
	DELIMITER_NEXT,
	DELIMITER_LAST,
	DELIMITER_UNSURE, /* begins as one, and goes on */
};

/* A line that begins with "--" and the boundary. */
static enum delimiter delimiter_of(struct slice line, size_t mark)
{
	enum delimiter found = DELIMITER_NEXT;
	size_t i = mark;

	if (line.len >= i + 2 && line.data[i] == '-' &&
	    line.data[i + 1] == '-') {
		found = DELIMITER_LAST;
		i += 2;
	}
	for (; i < line.len; i++) {
		if (!mime_is_blank(line.data[i]))
			return DELIMITER_UNSURE;
	}
	return found;
}

/* The next line that does; l moves behind it. */
static enum delimiter next_delimiter(struct mime_lines *l, struct slice mark,
				     size_t *at)
{
	const uint8_t *start = l->text.data, *found;
	struct slice line;

	for (; l->at < l->text.len; l->at = (size_t)(found - start) + 1) {
		found = memmem(start + l->at, l->text.len - l->at, mark.data,
			       mark.len);
		if (found == NULL)
			break;
		if (found > start && found[-1] != '\n')
			continue;
		l->at = *at = (size_t)(found - start);
		(void)mime_next_line(l, &line);
		return delimiter_of(line, mark.len);
	}
	return DELIMITER_NONE;
}

/* Where a part ends that a delimiter at at follows: before the line end that
 * belongs to the delimiter. */
static size_t part_end(struct slice body, size_t start, size_t at)
{
	if (at > start && body.data[at - 1] == '\n')
		at--;
	if (at > start && body.data[at - 1] == '\r')
		at--;
	return at;
}

enum deed_status mime_split(struct slice body, const char *boundary,
			    struct mime_parts *out, struct deed_error *err)
{
	struct slice *part[] = { NULL, &out->content, &out->signature };
	char mark[2 + MIME_BOUND + 1];
	struct mime_lines l = { .text = body };
	size_t start = 0, at = 0;
	enum delimiter found;
	unsigned count;

	*out = (struct mime_parts){ 0 };
	(void)snprintf(mark, sizeof(mark), "--%s", boundary);
	for (count = 0;; count++) {
		found = next_delimiter(&l, slice_str(mark), &at);
		if (found == DELIMITER_NONE)
			return mime_malformed(err, "the boundary that ends it "
						   "never comes");
		if (found == DELIMITER_UNSURE)
			return mime_malformed(err, "a line only begins as its "
						   "boundary");
		if ((found == DELIMITER_LAST) != (count == 2))
			return mime_malformed(err, "it has not two parts");
		if (count == 0 && mime_has_bare_return(slice_of(body.data, at)))
			return mime_malformed(err,
					      "a carriage return stands alone "
					      "before its first part");
		if (count > 0)
			*part[count] =
				slice_of(body.data + start,
					 part_end(body, start, at) - start);
		start = l.at;
		if (count == 2)
			break;
	}
	out->rest = slice_of(body.data + l.at, body.len - l.at);
	return DEED_OK;
}

void mime_canonical(struct slice text, struct buf *out)
{
	size_t i, bare = 0;
	uint8_t last = 0, *to;

	for (i = 0; i < text.len; last = text.data[i++])
		bare += text.data[i] == '\n' && last != '\r';
	to = buf_reserve(out, text.len + bare);
	if (to == NULL)
		return;
	for (last = 0, i = 0; i < text.len; last = text.data[i++]) {
		if (text.data[i] == '\n' && last != '\r')
			*to++ = '\r';
		*to++ = text.data[i];
	}
	out->len += text.len + bare;
}
