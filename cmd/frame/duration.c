/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/duration.h"

#include <stddef.h>
#include <string.h>

#define DIGITS_MAX 6

static const struct {
	char letter;
	int64_t seconds;
} units[] = {
	{ 'h', 60 * 60 },
	{ 'd', 24 * 60 * 60 },
	{ 'w', 7 * 24 * 60 * 60 },
};

enum deed_status duration_parse(const char *text, int64_t *seconds,
				struct deed_error *err)
{
	size_t len = strspn(text, "0123456789"), i;
	int64_t number = 0;

	for (i = 0; i < len && len <= DIGITS_MAX; i++)
		number = number * 10 + (text[i] - '0');
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (len == 0 || len > DIGITS_MAX ||
		    text[len] != units[i].letter || text[len + 1] != '\0')
			continue;
		*seconds = number * units[i].seconds;
		return DEED_OK;
	}
	return deed_error_set(err, DEED_USAGE,
			      "'%.40s' is no span of time: expected a number "
			      "and h, d or w, as in 14d",
			      text);
}
