/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <gnutls/gnutls.h>
#include <jansson.h>

#include "cmd/frame/output.h"

static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	(void)args;
	(void)err;
	output_line(s, "deed %s", PACKAGE_VERSION);
	output_set(s, "deed", json_string(PACKAGE_VERSION));
	if (s->verbose > 0)
		output_line(s, "gnutls %s", gnutls_check_version(NULL));
	output_set(s, "gnutls", json_string(gnutls_check_version(NULL)));
	return DEED_OK;
}

const struct command command_version = {
	.name = "version",
	.operands = "",
	.summary = "print the version",
	.run = run,
};
