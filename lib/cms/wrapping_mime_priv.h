/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_WRAPPING_MIME_PRIV_H
#define DEED_CMS_WRAPPING_MIME_PRIV_H

#include "cms/wrapping_mime.h"

/* What wrapping_mime.c, which reads heads, and wrapping_parts.c share. */

/* A cursor over lines; what is left begins at at. */
struct mime_lines {
	struct slice text;
	size_t at;
};

/* DEED_MALFORMED: what is wrong with the message. */
enum deed_status mime_malformed(struct deed_error *err, const char *what);

/* The next line without its end; false at the end of the text. */
bool mime_next_line(struct mime_lines *l, struct slice *line);

/* A carriage return alone ends a line for some readers, not for others. */
bool mime_has_bare_return(struct slice s);

static inline bool mime_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

#endif
