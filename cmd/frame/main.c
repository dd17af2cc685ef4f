/* SPDX-License-Identifier: Apache-2.0 */

/*
 * deed: judging, in a program that starts fast and holds no key, for it is
 * what people run on documents of strangers.  Any other words make it
 * deed-office: the same process with the same words and environment.
 */
#include "base/process.h"
#include "cmd/frame/program.h"

#define OFFICE "deed-office"

/* It comes back only where the office could not be started: the error is told,
 * with what is missing. */
static enum deed_status become_office(char *argv[], struct deed_error *err)
{
	enum deed_status status = process_become_helper(OFFICE, argv, err);

	deed_error_hint(err, "deed is not whole: install " OFFICE
			     " with its helpers");
	return status;
}

int main(int argc, char *argv[])
{
	const char *const *words = (const char *const *)argv + 1;
	size_t count = argc > 1 ? (size_t)argc - 1 : 0, used;
	struct deed_error err = DEED_ERROR_INIT;
	const struct command *c;

	program_begin();
	c = command_find(words, count, &used);
	if (c == NULL) {
		(void)become_office(argv, &err);
		return program_fail(&err);
	}
	program_set_up();
	return program_run(c, words + used, count - used);
}
