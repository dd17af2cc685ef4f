/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <gnutls/gnutls.h>
#include <jansson.h>

#include "cmd/frame/output.h"

/* What configure may leave out. */
static const struct {
	const char *name;
	bool built;
} parts[] = {
#ifdef HAVE_DRAW
	{ "draw", true },
#else
	{ "draw", false },
#endif
#ifdef HAVE_LOOK
	{ "look", true },
#else
	{ "look", false },
#endif
#ifdef HAVE_SECCOMP
	{ "seccomp", true },
#else
	{ "seccomp", false },
#endif
};

/* In JSON always, as text only with -v: a script that reads the first line is
 * not to be surprised. */
static void tell_parts(struct session *s)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (s->verbose > 0)
			output_line(s, "%s %s",
				    parts[i].built ? "with" : "without",
				    parts[i].name);
		(void)json_object_set_new(object, parts[i].name,
					  json_boolean(parts[i].built));
	}
	output_set(s, "built_with", object);
}

/* The version of the library that is loaded, not of the one that it was built
 * with. */
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
	tell_parts(s);
	return DEED_OK;
}

const struct command command_version = {
	.name = "version",
	.operands = "",
	.summary = "print the version",
	.run = run,
};
