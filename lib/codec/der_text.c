/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/der.h"

#include "base/clock.h"
#include "codec/utf8.h"

/* Times and strings of codec/der.h. */

/* No sign, no space: strtol would take both. */
static bool digits(const uint8_t *p, int count, int *out)
{
	int value = 0;

	for (; count > 0; count--, p++) {
		if (*p < '0' || *p > '9')
			return false;
		value = value * 10 + (*p - '0');
	}
	*out = value;
	return true;
}

/* Months to seconds: ten digits.  The year is there already. */
static bool time_fields(const uint8_t *p, struct civil *c)
{
	return digits(p, 2, &c->month) && digits(p + 2, 2, &c->day) &&
	       digits(p + 4, 2, &c->hour) && digits(p + 6, 2, &c->minute) &&
	       digits(p + 8, 2, &c->second);
}

/* YYMMDDHHMMSSZ */
static bool utc_time(struct slice s, int64_t *out)
{
	struct civil c;

	if (s.len != 13 || s.data[12] != 'Z' || !digits(s.data, 2, &c.year) ||
	    !time_fields(s.data + 2, &c))
		return false;
	c.year += c.year < 50 ? 2000 : 1900;
	return clock_from_civil(&c, out);
}

/* YYYYMMDDHHMMSS[.f…]Z; a fraction does not end in 0 (X.690 11.7.3). */
static bool generalized_time(struct slice s, bool fraction, int64_t *out)
{
	struct civil c;
	size_t i;

	if (s.len < 15 || s.data[s.len - 1] != 'Z' ||
	    !digits(s.data, 4, &c.year) || !time_fields(s.data + 4, &c))
		return false;
	if (s.len > 15) {
		if (!fraction || s.data[14] != '.' || s.len == 16 ||
		    s.data[s.len - 2] == '0')
			return false;
		for (i = 15; i < s.len - 1; i++) {
			if (s.data[i] < '0' || s.data[i] > '9')
				return false;
		}
	}
	return clock_from_civil(&c, out);
}

bool der_get_time(struct der_reader *r, int64_t *out)
{
	struct der_reader at = *r;
	struct slice s;
	bool good = false;

	if (der_get(&at, DER_UTC_TIME, &s))
		good = utc_time(s, out);
	else if (der_get(&at, DER_GENERALIZED_TIME, &s))
		good = generalized_time(s, false, out);
	if (good)
		*r = at;
	return good;
}

bool der_get_generalized(struct der_reader *r, int64_t *out)
{
	struct der_reader at = *r;
	struct slice s;

	if (!der_get(&at, DER_GENERALIZED_TIME, &s) ||
	    !generalized_time(s, true, out))
		return false;
	*r = at;
	return true;
}

/* The characters of PrintableString (X.680). */
static bool is_printable(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') ||
	       (c != 0 && strchr(" '()+,-./:=?", c) != NULL);
}

/*
 * Seven-bit strings.  PrintableString is often written with an underscore, an
 * asterisk or an at sign in it; reading these harms nobody.
 */
static bool ascii_text(uint8_t tag, struct slice s, struct buf *out)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		uint8_t c = s.data[i];

		if (c >= 0x80 || c == 0)
			return false;
		if (tag == DER_NUMERIC_STRING && c != ' ' &&
		    (c < '0' || c > '9'))
			return false;
		if (tag == DER_PRINTABLE_STRING && !is_printable(c) &&
		    strchr("*@&_!\"#%;<>", c) == NULL)
			return false;
	}
	buf_slice(out, s);
	return true;
}

/* UCS-4, big-endian; nothing is put out unless all of it is good. */
static bool universal_text(struct slice s, struct buf *out)
{
	size_t i;

	if (s.len % 4 != 0)
		return false;
	for (i = 0; i < s.len; i += 4) {
		uint32_t c = (uint32_t)s.data[i] << 24 |
			     (uint32_t)s.data[i + 1] << 16 |
			     (uint32_t)s.data[i + 2] << 8 | s.data[i + 3];

		if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
			return false;
	}
	for (i = 0; i < s.len; i += 4)
		utf8_put(out, (uint32_t)s.data[i + 1] << 16 |
				      (uint32_t)s.data[i + 2] << 8 |
				      s.data[i + 3]);
	return true;
}

bool der_text(uint8_t tag, struct slice content, struct buf *out)
{
	size_t i;

	switch (tag) {
	case DER_UTF8_STRING:
		if (!utf8_valid(content))
			return false;
		buf_slice(out, content);
		return true;
	case DER_NUMERIC_STRING:
	case DER_PRINTABLE_STRING:
	case DER_IA5_STRING:
	case DER_VISIBLE_STRING:
		return ascii_text(tag, content, out);
	case DER_T61_STRING:
		for (i = 0; i < content.len; i++)
			utf8_put(out, content.data[i]);
		return true;
	case DER_BMP_STRING:
		return utf8_from_utf16be(content, out);
	case DER_UNIVERSAL_STRING:
		return universal_text(content, out);
	default:
		return false;
	}
}

bool der_get_text(struct der_reader *r, struct buf *out)
{
	struct der_reader at = *r;
	struct slice s;
	uint8_t tag;

	if (!der_get_any(&at, &tag, &s, NULL) || !der_text(tag, s, out))
		return false;
	*r = at;
	return true;
}
