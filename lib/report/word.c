/* SPDX-License-Identifier: Apache-2.0 */
#include "report/word.h"

#include "codec/utf8.h"

static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789/._-+,:@%";

void report_word(const char *text, struct buf *out)
{
	struct buf clean = BUF_INIT;
	size_t i;

	if (text[0] == '-')
		buf_str(out, "./");
	if (text[0] != '\0' && strspn(text, plain) == strlen(text)) {
		buf_str(out, text);
		return;
	}
	utf8_clean(slice_str(text), &clean);
	buf_byte(out, '\'');
	for (i = 0; i < clean.len; i++) {
		if (clean.data[i] == '\'')
			buf_str(out, "'\\'");
		buf_byte(out, clean.data[i]);
	}
	buf_byte(out, '\'');
	out->failed |= clean.failed;
	buf_clear(&clean);
}
