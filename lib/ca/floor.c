/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/floor.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/file.h"

#define FILE_NAME "crl-floor"
#define DIGITS_MAX 18

/* Digits and a newline, and nothing else. */
static bool parse(struct slice text, uint64_t *out)
{
	size_t i;

	if (text.len < 2 || text.len > DIGITS_MAX + 1 ||
	    text.data[text.len - 1] != '\n')
		return false;
	*out = 0;
	for (i = 0; i + 1 < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		*out = *out * 10 + (uint64_t)(text.data[i] - '0');
	}
	return true;
}

enum deed_status ca_floor_read(const char *dir, uint64_t *out,
			       struct deed_error *err)
{
	char *path = path_join(dir, FILE_NAME);
	struct buf text = BUF_INIT;
	enum deed_status status = DEED_OK;

	*out = 0;
	if (path == NULL)
		return deed_error_memory(err);
	if (file_exists(path)) {
		status = file_read(path, 64, &text, err);
		if (status == DEED_LIMIT ||
		    (status == DEED_OK && !parse(buf_get(&text), out)))
			status = deed_error_set(err, DEED_DAMAGED,
						"'%s' holds no number", path);
	}
	buf_clear(&text);
	free(path);
	return status;
}

enum deed_status ca_floor_write(const char *dir, uint64_t floor,
				struct deed_error *err)
{
	char *path = path_join(dir, FILE_NAME);
	struct buf text = BUF_INIT;
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	buf_printf(&text, "%" PRIu64 "\n", floor);
	status = buf_status(&text, err);
	if (status == DEED_OK)
		status = file_write(path, 0600, buf_get(&text), OUTFILE_REPLACE,
				    err);
	buf_clear(&text);
	free(path);
	return status;
}
