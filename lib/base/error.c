/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

DEED_PRINTF(3, 0)
static void error_vset(struct deed_error *err, enum deed_status status,
		       const char *fmt, va_list args)
{
	memset(err, 0, sizeof(*err));
	err->status = status;
	(void)vsnprintf(err->message, sizeof(err->message), fmt, args);
}

enum deed_status deed_error_set(struct deed_error *err, enum deed_status status,
				const char *fmt, ...)
{
	va_list args;

	if (err == NULL)
		return status;
	va_start(args, fmt);
	error_vset(err, status, fmt, args);
	va_end(args);
	return status;
}

/* A full disk or quota has a status of its own, for it is mended by making
 * room and trying again. */
static enum deed_status status_of_errno(int errnum)
{
	switch (errnum) {
	case ENOSPC:
	case EDQUOT:
		return DEED_NO_SPACE;
	case ENOMEM:
		return DEED_NO_MEMORY;
	default:
		return DEED_IO;
	}
}

enum deed_status deed_error_errno(struct deed_error *err, int errnum,
				  const char *fmt, ...)
{
	enum deed_status status = status_of_errno(errnum);
	const char *text;
	va_list args;
	size_t len;

	if (err == NULL)
		return status;
	va_start(args, fmt);
	error_vset(err, status, fmt, args);
	va_end(args);
	len = strlen(err->message);
	/* strerror may open a catalogue, for which a sandbox kills. */
	text = strerrordesc_np(errnum);
	(void)snprintf(err->message + len, sizeof(err->message) - len, ": %s",
		       text != NULL ? text : "unknown error");
	return status;
}

enum deed_status deed_error_memory(struct deed_error *err)
{
	return deed_error_set(err, DEED_NO_MEMORY, "out of memory");
}

void deed_error_prefix(struct deed_error *err, const char *fmt, ...)
{
	char old[sizeof(err->message)];
	va_list args;
	size_t len;

	if (err == NULL)
		return;
	memcpy(old, err->message, sizeof(old));
	va_start(args, fmt);
	(void)vsnprintf(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	len = strlen(err->message);
	(void)snprintf(err->message + len, sizeof(err->message) - len, ": %s",
		       old);
}

void deed_error_hint(struct deed_error *err, const char *fmt, ...)
{
	va_list args;
	int i;

	if (err == NULL)
		return;
	for (i = 0; i < DEED_ERROR_HINTS; i++) {
		if (err->hint[i][0] != '\0')
			continue;
		va_start(args, fmt);
		(void)vsnprintf(err->hint[i], sizeof(err->hint[i]), fmt, args);
		va_end(args);
		return;
	}
}

void deed_error_remedy(struct deed_error *err, const char *word,
		       const char *about)
{
	deed_error_hint(err, "%c%s%s%s", DEED_ERROR_REMEDY, word,
			about == NULL ? "" : " ", about == NULL ? "" : about);
}
