/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/batch_names.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

/* The file that stands for standard output, for the handler of signals: there
 * is one, and it has its name until it was copied. */
static char standing[PATH_MAX];
static volatile sig_atomic_t stands;

void batch_names_remove(void)
{
	if (stands == 0)
		return;
	stands = 0;
	(void)unlink(standing);
	*strrchr(standing, '/') = '\0';
	(void)rmdir(standing);
}

/* A file in a folder of its own, to be copied to standard output. */
static enum deed_status name_stdout(struct batch_item *item,
				    struct deed_error *err)
{
	struct buf b = BUF_INIT;
	char *dir;

	buf_printf(&b, "%s/deed-XXXXXX", session_temporary());
	dir = buf_take(&b, NULL);
	if (dir == NULL)
		return deed_error_memory(err);
	if (mkdtemp(dir) == NULL) {
		deed_error_errno(err, errno, "cannot make '%s'", dir);
		free(dir);
		return err == NULL ? DEED_IO : err->status;
	}
	item->owned_output = path_join(dir, "output");
	free(dir);
	item->output_name = "-";
	item->output = item->owned_output;
	if (item->output == NULL)
		return deed_error_memory(err);
	stands = snprintf(standing, sizeof(standing), "%s", item->output) <
		 (int)sizeof(standing);
	return DEED_OK;
}

/* With -O only the folder is replaced: the name that the command gives stays,
 * so that marks and numbers are the same in either place. */
static enum deed_status name_by_rule(const struct session *s,
				     const struct batch *batch, void *arg,
				     struct batch_item *item,
				     struct deed_error *err)
{
	enum deed_status status;
	char *name = NULL;

	status = batch->name(arg, item, &name, err);
	if (status != DEED_OK)
		return status;
	if (s->output_directory != NULL && name != NULL) {
		item->owned_output =
			path_join(s->output_directory, path_base(name));
		free(name);
	} else {
		item->owned_output = name;
	}
	item->output = item->owned_output;
	item->output_name = item->output;
	return item->output == NULL ? deed_error_memory(err) : DEED_OK;
}

/* What is more exact goes first: the manifest, --in-place, -o, then the rule.
 * Standard input has no name that a rule could start from, so that it goes to
 * standard output. */
static enum deed_status name_output(struct session *s,
				    const struct batch *batch, void *arg,
				    struct batch_item *item,
				    struct deed_error *err)
{
	bool from_stdin = strcmp(item->input, "-") == 0;

	item->replace = s->force;
	if (batch->outputs != NULL && batch->outputs[item->index] != NULL) {
		item->output = item->output_name = batch->outputs[item->index];
		return DEED_OK;
	}
	if (s->in_place && from_stdin)
		return deed_error_set(err, DEED_USAGE,
				      "standard input has no place: "
				      "--in-place needs a file");
	if (s->output_directory != NULL && from_stdin)
		return deed_error_set(err, DEED_USAGE,
				      "standard input has no name: -O needs a "
				      "file");
	if (s->in_place) {
		item->replace = true;
		item->output = item->output_name = item->input;
		return DEED_OK;
	}
	if (s->output != NULL && strcmp(s->output, "-") != 0) {
		item->output = item->output_name = s->output;
		return DEED_OK;
	}
	if (s->output != NULL || from_stdin)
		return name_stdout(item, err);
	return name_by_rule(s, batch, arg, item, err);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, for a million names cannot be compared each with each.  They are
 * compared as text: that two names lead to one file is not seen here. */
static enum deed_status check_distinct(const struct batch_item *items,
				       size_t count, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	const char **names;
	size_t i;

	names = calloc(count, sizeof(*names));
	if (names == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++)
		names[i] = items[i].output;
	qsort(names, count, sizeof(*names), compare);
	for (i = 1; status == DEED_OK && i < count; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			status = deed_error_set(err, DEED_USAGE,
						"two inputs would both be "
						"written to '%s'",
						names[i]);
	free(names);
	return status;
}

/* It can be read once, and what stands for standard output is one file. */
static enum deed_status check_stdin_once(const struct batch_item *items,
					 size_t count, struct deed_error *err)
{
	bool given = false;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(items[i].input, "-") != 0)
			continue;
		if (given)
			return deed_error_set(err, DEED_USAGE,
					      "standard input ('-') is given "
					      "twice, and can be read once");
		given = true;
	}
	return DEED_OK;
}

enum deed_status batch_name_outputs(struct session *s,
				    const struct batch *batch, void *arg,
				    struct batch_item *items, size_t count,
				    struct deed_error *err)
{
	enum deed_status status = check_stdin_once(items, count, err);
	size_t i;

	if (status != DEED_OK || batch->name == NULL)
		return status;
	if (s->output != NULL && count > 1) {
		deed_error_set(err, DEED_USAGE, "-o takes one file, not %zu",
			       count);
		deed_error_hint(err, "-O DIR takes many");
		return DEED_USAGE;
	}
	for (i = 0; status == DEED_OK && i < count; i++)
		status = name_output(s, batch, arg, &items[i], err);
	return status == DEED_OK ? check_distinct(items, count, err) : status;
}

void batch_free_name(struct batch_item *item)
{
	char *dir;

	if (item->owned_output != NULL && item->output_name != NULL &&
	    strcmp(item->output_name, "-") == 0) {
		(void)unlink(item->owned_output);
		dir = path_dir(item->owned_output);
		if (dir != NULL)
			(void)rmdir(dir);
		free(dir);
		stands = 0;
	}
	free(item->owned_output);
}
