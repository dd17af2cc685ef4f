/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/date.h"

struct cursor {
	const uint8_t *p, *end;
};

/* n digits into *out; false, with nothing taken, if they are not there. */
static bool digits(struct cursor *c, int n, int *out)
{
	int value = 0, i;

	if (c->end - c->p < n)
		return false;
	for (i = 0; i < n; i++) {
		if (c->p[i] < '0' || c->p[i] > '9')
			return false;
		value = value * 10 + (c->p[i] - '0');
	}
	c->p += n;
	*out = value;
	return true;
}

/* ISO 32000-1 7.9.4, with the apostrophe at the end that many programs write.
 */
static bool zone(struct cursor *c, int64_t *seconds)
{
	int hours = 0, minutes = 0, sign;

	*seconds = 0;
	if (c->p == c->end)
		return true;
	switch (*c->p++) {
	case 'Z':
		sign = 1;
		break;
	case '+':
		sign = 1;
		break;
	case '-':
		sign = -1;
		break;
	default:
		return false;
	}
	if (c->p < c->end && !digits(c, 2, &hours))
		return false;
	if (c->p < c->end && *c->p == '\'')
		c->p++;
	if (c->p < c->end && !digits(c, 2, &minutes))
		return false;
	if (c->p < c->end && *c->p == '\'')
		c->p++;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return c->p == c->end && hours < 24 && minutes < 60;
}

/* Each part is optional only with all that follow it.  A part that is out of
 * its range makes the whole no date (clock_from_civil). */
bool pdf_date_parse(struct slice text, int64_t *out)
{
	struct cursor c;
	struct civil civil = { .month = 1, .day = 1 };
	int64_t local, offset;

	if (text.len < 4)
		return false;
	c.p = text.data;
	c.end = text.data + text.len;
	if (c.p[0] == 'D' && c.p[1] == ':')
		c.p += 2;
	if (!digits(&c, 4, &civil.year))
		return false;
	if (digits(&c, 2, &civil.month) && digits(&c, 2, &civil.day) &&
	    digits(&c, 2, &civil.hour) && digits(&c, 2, &civil.minute))
		(void)digits(&c, 2, &civil.second);
	if (!zone(&c, &offset) || !clock_from_civil(&civil, &local))
		return false;
	*out = local - offset;
	return true;
}
