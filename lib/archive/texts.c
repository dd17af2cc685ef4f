/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/texts.h"

/* Each is the text as a string literal, made by lib/archive/Makefile.inc. */
static const char readme[] =
#include "archive/README.inc"
	;
static const char script[] =
#include "archive/deed-join.inc"
	;

void texts_readme(unsigned k, unsigned n, struct buf *out)
{
	const char *p = readme, *at;

	while ((at = strchr(p, '@')) != NULL) {
		bool k_here = !strncmp(at, "@K@", 3);

		buf_append(out, p, (size_t)(at - p));
		p = at + 3;
		if (k_here || !strncmp(at, "@N@", 3)) {
			buf_printf(out, "%u", k_here ? k : n);
		} else {
			buf_byte(out, '@');
			p = at + 1;
		}
	}
	buf_str(out, p);
}

struct slice texts_script(void)
{
	return slice_str(script);
}
