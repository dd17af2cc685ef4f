/* SPDX-License-Identifier: Apache-2.0 */

/* deed-office: every command.  What deed does not run itself comes here by
 * exec, with the words and the environment that it had. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cmd/frame/program.h"
#include "crypto/digest.h"

/* The words name no command. */
static enum deed_status unknown(const char *const words[], size_t count,
				struct deed_error *err)
{
	const char *nearest = command_nearest(words[0]);

	if (words[0][0] == '-')
		deed_error_set(err, DEED_USAGE,
			       "the command comes first, '%s' after it",
			       words[0]);
	else if (command_is_group(words[0]) && count > 1)
		deed_error_set(err, DEED_USAGE, "'%s' has no '%s'", words[0],
			       words[1]);
	else if (command_is_group(words[0]))
		deed_error_set(err, DEED_USAGE, "'%s' needs a verb", words[0]);
	else
		deed_error_set(err, DEED_USAGE, "there is no command '%s'",
			       words[0]);
	if (nearest != NULL && strcmp(nearest, words[0]) != 0)
		deed_error_hint(err, "did you mean deed %s?", nearest);
	else if (command_is_group(words[0]))
		deed_error_hint(err, "deed help %s", words[0]);
	else
		deed_error_hint(err, "deed lists the commands");
	return DEED_USAGE;
}

static int print_overview(struct buf *text)
{
	if (program_print(text, NULL) != DEED_OK || fflush(stdout) != 0 ||
	    ferror(stdout))
		return deed_status_exit(DEED_IO);
	return 0;
}

int main(int argc, char *argv[])
{
	static const char *const version[] = { "version" };
	const char *const *words = (const char *const *)argv + 1;
	size_t count = argc > 1 ? (size_t)argc - 1 : 0, used;
	struct deed_error err = DEED_ERROR_INIT;
	const struct command *c;
	struct buf text = BUF_INIT;

	program_begin();
	program_set_up();
	(void)setlocale(LC_CTYPE, "");
	/* It is linked, for its keys: then all is hashed by it. */
	digest_expect(DIGEST_BULK);
	if (command_overview(words, count, &text))
		return print_overview(&text);
	if (strcmp(words[0], "--version") == 0)
		return program_run(command_find(version, 1, &used), words + 1,
				   count - 1);
	c = command_find(words, count, &used);
	if (c != NULL)
		return program_run(c, words + used, count - used);
	(void)unknown(words, count, &err);
	return program_fail(&err);
}
