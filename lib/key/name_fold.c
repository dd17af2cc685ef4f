/* SPDX-License-Identifier: Apache-2.0 */
#include "key/name_fold.h"

#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>

#include "codec/utf8.h"

/* RFC 4518 2.2: mapped to SPACE. */
static bool is_space(uint32_t c)
{
	return (c >= 0x09 && c <= 0x0d) || c == 0x85 ||
	       uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Z);
}

/* RFC 4518 2.2: mapped to nothing; the variation selectors, the soft hyphen of
 * Mongolian, what joins graphemes and what stands for an object are marks,
 * punctuation and a symbol by their category. */
static bool is_nothing(uint32_t c)
{
	return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x180b && c <= 0x180d) ||
	       c == 0x1806 || c == 0x034f || c == 0xfffc ||
	       uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cc |
							   UC_CATEGORY_MASK_Cf);
}

/* Case folded, then normalised, both of them by the tables of Unicode. */
static bool fold_once(struct slice text, struct buf *out)
{
	size_t size;
	uint8_t *folded = u8_casefold(text.data, text.len, NULL, UNINORM_NFKC,
				      NULL, &size);

	if (folded == NULL)
		return false;
	buf_append(out, folded, size);
	free(folded);
	return true;
}

/* Twice, as Unicode 3.13 has it (D146): what a compatibility character becomes
 * can have capitals.  UTF-8 that was checked fails for want of memory alone. */
static void fold(struct slice text, struct buf *out)
{
	struct buf once = BUF_INIT;

	if (!fold_once(text, &once) || once.failed ||
	    !fold_once(buf_get(&once), out))
		out->failed = true;
	buf_clear(&once);
}

/* What is valid goes through the tables in one go, for a letter and the accent
 * behind it are one character. */
static void fold_unicode(struct slice text, struct buf *out)
{
	struct buf valid = BUF_INIT;
	uint32_t c;

	while (text.len > 0) {
		if (utf8_next(&text, &c)) {
			if (is_space(c))
				buf_byte(&valid, ' ');
			else if (!is_nothing(c))
				utf8_put(&valid, c);
			continue;
		}
		fold(buf_get(&valid), out);
		buf_byte(out, text.data[0]);
		text = slice_of(text.data + 1, text.len - 1);
		buf_reset(&valid);
	}
	fold(buf_get(&valid), out);
	if (valid.failed)
		out->failed = true;
	buf_clear(&valid);
}

/* RFC 4518 2.6.1, and the capitals of ASCII. */
static void put(struct slice text, struct buf *out)
{
	uint8_t *start = buf_reserve(out, text.len), *at = start;
	size_t i;

	if (start == NULL)
		return;
	for (i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (c == ' ' && (at == start || at[-1] == ' '))
			continue;
		*at++ = c >= 'A' && c <= 'Z' ? c + 32 : c;
	}
	if (at > start && at[-1] == ' ')
		at--;
	out->len += (size_t)(at - start);
}

/* Printable ASCII: most names, and they are compared by the thousand. */
static bool is_plain(struct slice text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	return true;
}

void name_fold(struct slice text, struct buf *out)
{
	struct buf folded = BUF_INIT;

	if (is_plain(text)) {
		put(text, out);
		return;
	}
	fold_unicode(text, &folded);
	put(buf_get(&folded), out);
	if (folded.failed)
		out->failed = true;
	buf_clear(&folded);
}
