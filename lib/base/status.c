/* SPDX-License-Identifier: Apache-2.0 */
#include "base/status.h"

#include <assert.h>

static const struct {
	int exit_code;
	const char *id;
} table[] = {
#define STATUS(name, exit_code, id, text) [name] = { exit_code, id },
#include "base/status.def"
#undef STATUS
};

int deed_status_exit(enum deed_status status)
{
	assert(status < DEED_STATUS_COUNT);
	return table[status].exit_code;
}

const char *deed_status_id(enum deed_status status)
{
	assert(status < DEED_STATUS_COUNT);
	return table[status].id;
}
