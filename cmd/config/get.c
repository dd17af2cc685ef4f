/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "cmd/frame/config.h"
#include "cmd/frame/output.h"

/* The value of the file that counts, and which file that is.  The environment
 * and the table's default are not the configuration's. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const char *key = s->operand[0], *file = NULL;
	const char *value = config_value(s->config, key, &file);

	(void)args;
	if (value == NULL)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "the configuration has no '%s'", key);
	output_line(s, "%s", value);
	output_set(s, "key", output_text(key));
	output_set(s, "value", output_text(value));
	output_set(s, "file", output_text(file));
	return DEED_OK;
}

const struct command command_config_get = {
	.name = "config get",
	.operands = "KEY",
	.summary = "print one value of the configuration",
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
