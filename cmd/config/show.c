/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <string.h>

#include "base/file.h"
#include "cmd/frame/config.h"
#include "cmd/frame/output.h"

struct shown {
	struct session *session;
	json_t *values;
	const char *file; /* the last one that was named */
};

/* A value counts where a look-up by its key ends at this very text: the same
 * key in the file that comes second does not. */
static void show(void *arg, const char *file, const char *key,
		 const char *value)
{
	struct shown *shown = arg;
	struct session *s = shown->session;
	bool counts;

	counts = config_value(s->config, key, NULL) == value;
	if (shown->file != file)
		output_line(s, "# %s", file);
	shown->file = file;
	output_line(s, "%s%s: %s", counts ? "" : "# overridden: ", key, value);
	(void)json_array_append_new(
		shown->values,
		json_pack("{s:o, s:o, s:o, s:b}", "key", output_text(key),
			  "value", output_text(value), "file",
			  output_text(file), "counts", counts));
}

/* Files that are not there are named too: where a file would be read from is
 * what is most often asked. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	struct shown shown = { .session = s, .values = json_array() };
	json_t *files = json_array();
	const char *path;
	size_t i;

	(void)args;
	(void)err;
	config_each(s->config, show, &shown);
	for (i = 0; i < CONFIG_FILES; i++) {
		path = config_path(s->config, i);
		if (path == NULL)
			continue;
		if (!file_exists(path))
			output_line(s, "# %s is not there", path);
		(void)json_array_append_new(
			files,
			json_pack("{s:o, s:b}", "file", output_text(path),
				  "exists", file_exists(path)));
	}
	output_set(s, "files", files);
	output_set(s, "values", shown.values);
	return DEED_OK;
}

const struct command command_config_show = {
	.name = "config show",
	.operands = "",
	.summary = "print the configuration and where it stands",
	.run = run,
};
