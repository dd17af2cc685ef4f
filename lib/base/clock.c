/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY 86400

int64_t clock_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec;
}

int64_t clock_monotonic_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static bool leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* The caller has made sure that the month is from 1 to 12. */
static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };

	return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* Days from 1970-01-01 to a civil date; years are counted from March. */
static int64_t days_of(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

bool clock_from_civil(const struct civil *c, int64_t *out)
{
	if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12 ||
	    c->day < 1 || c->day > month_days(c->year, c->month) ||
	    c->hour < 0 || c->hour > 23 || c->minute < 0 || c->minute > 59 ||
	    c->second < 0 || c->second > 59)
		return false;
	*out = days_of(c->year, c->month, c->day) * DAY + c->hour * 3600 +
	       c->minute * 60 + c->second;
	return true;
}

void clock_to_civil(int64_t t, struct civil *out)
{
	int64_t days, rest, era, doe, yoe, doy, mp;

	if (t < CLOCK_MIN)
		t = CLOCK_MIN;
	if (t > CLOCK_MAX)
		t = CLOCK_MAX;
	days = t / DAY;
	rest = t % DAY;
	if (rest < 0) {
		rest += DAY;
		days--;
	}
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	out->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	out->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	out->year = (int)(yoe + era * 400 + (out->month <= 2));
	out->hour = (int)(rest / 3600);
	out->minute = (int)(rest / 60 % 60);
	out->second = (int)(rest % 60);
}

void clock_format(int64_t t, char out[CLOCK_TEXT])
{
	struct civil c;

	clock_to_civil(t, &c);
	(void)snprintf(out, CLOCK_TEXT, "%04u-%02u-%02uT%02u:%02u:%02uZ",
		       (unsigned)c.year % 10000, (unsigned)c.month % 100,
		       (unsigned)c.day % 100, (unsigned)c.hour % 100,
		       (unsigned)c.minute % 100, (unsigned)c.second % 100);
}

/* count digits at *p, moving past them. */
static bool digits(const char **p, int count, int *out)
{
	int value = 0;

	for (; count > 0; count--, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		value = value * 10 + (**p - '0');
	}
	*out = value;
	return true;
}

/* Moves on only where it fits, so that alternatives can be tried one after the
 * other. */
static bool literal(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

/* "Z", "+08:00" or "-05:30": seconds to subtract. */
static bool offset(const char **p, int64_t *out)
{
	int hours, minutes, sign;

	*out = 0;
	if (literal(p, 'Z') || literal(p, 'z'))
		return true;
	sign = **p == '+' ? 1 : **p == '-' ? -1 : 0;
	if (sign == 0)
		return false;
	(*p)++;
	if (!digits(p, 2, &hours) || !literal(p, ':') ||
	    !digits(p, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*out = sign * (int64_t)(hours * 3600 + minutes * 60);
	return true;
}

/* RFC 3339 5.6, where a space may stand for the T. Fractions of a second are
 * read and dropped: times are whole seconds here.  Without an offset a time is
 * ambiguous, and is refused. */
static bool time_part(const char **p, struct civil *c, int64_t *shift)
{
	if (!literal(p, 'T') && !literal(p, 't') && !literal(p, ' '))
		return false;
	if (!digits(p, 2, &c->hour) || !literal(p, ':') ||
	    !digits(p, 2, &c->minute) || !literal(p, ':') ||
	    !digits(p, 2, &c->second))
		return false;
	if (literal(p, '.')) {
		if (**p < '0' || **p > '9')
			return false;
		while (**p >= '0' && **p <= '9')
			(*p)++;
	}
	return offset(p, shift);
}

enum deed_status clock_parse(const char *text, int64_t *out,
			     struct deed_error *err)
{
	struct civil c = { 0 };
	const char *p = text;
	int64_t shift = 0;

	*out = 0;
	if (!digits(&p, 4, &c.year) || !literal(&p, '-') ||
	    !digits(&p, 2, &c.month) || !literal(&p, '-') ||
	    !digits(&p, 2, &c.day) ||
	    (*p != '\0' && !time_part(&p, &c, &shift)) || *p != '\0' ||
	    !clock_from_civil(&c, out) || *out - shift < CLOCK_MIN ||
	    *out - shift > CLOCK_MAX)
		return deed_error_set(err, DEED_MALFORMED,
				      "'%s' is no time: expected for instance "
				      "2026-11-23T12:00:00Z",
				      text);
	*out -= shift;
	return DEED_OK;
}
