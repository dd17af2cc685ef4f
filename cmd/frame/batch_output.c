/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/batch_output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/frame/command.h"

#define COPY 65536

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
	return item->output == NULL ? deed_error_memory(err) : DEED_OK;
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

enum deed_status batch_name_outputs(struct session *s,
				    const struct batch *batch, void *arg,
				    struct batch_item *items, size_t count,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	if (batch->name == NULL)
		return DEED_OK;
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

/* What a device may give: /dev/zero gives no end. */
#define DEVICE_MAX (UINT64_C(64) << 20)

/* The bound is for devices only, which have no length and may have no end; a
 * file or pipe of any size is taken. */
static enum deed_status copy(int from, const char *from_name, int to,
			     const char *to_name, uint64_t max,
			     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char *block = malloc(COPY);
	ssize_t got;

	if (block == NULL)
		return deed_error_memory(err);
	while (status == DEED_OK) {
		got = read(from, block, COPY);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			status = deed_error_errno(err, errno, "cannot read %s",
						  from_name);
		if (got <= 0)
			break;
		if ((uint64_t)got > max) {
			status = deed_error_set(err, DEED_LIMIT,
						"%s is a device that gives no "
						"end",
						from_name);
			break;
		}
		max -= (uint64_t)got;
		status = file_write_fd(to, to_name, block, (size_t)got, err);
	}
	free(block);
	return status;
}

enum deed_status batch_open_input(struct batch_item *item,
				  struct deed_error *err)
{
	struct buf path = BUF_INIT;
	enum deed_status status;
	struct stat st;
	bool device;

	if (strcmp(item->input, "-") != 0)
		return DEED_OK;
	device = fstat(STDIN_FILENO, &st) == 0 && S_ISCHR(st.st_mode) &&
		 !isatty(STDIN_FILENO);
	item->spool =
		open(session_temporary(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (item->spool < 0)
		return deed_error_errno(err, errno,
					"cannot make a temporary file");
	status = copy(STDIN_FILENO, "standard input", item->spool,
		      "temporary file", device ? DEVICE_MAX : UINT64_MAX, err);
	if (status != DEED_OK)
		return status;
	buf_printf(&path, "/proc/self/fd/%d", item->spool);
	item->owned_path = buf_take(&path, NULL);
	item->path = item->owned_path;
	return item->path == NULL ? deed_error_memory(err) : DEED_OK;
}

/* Does the input lie where the output goes? */
static bool same_folder(const struct batch_item *item)
{
	char *from = path_dir(item->input), *to = path_dir(item->output);
	bool same = from != NULL && to != NULL &&
		    (strcmp(from, to) == 0 || file_same(from, to));

	free(from);
	free(to);
	return same;
}

/* Is it one of a list, such as that of a folder?  What is named alone is
 * meant. */
static bool listed(const struct session *s)
{
	return s->operand_count > 1 || s->files_from != NULL;
}

/* Is the input what this would make? */
static enum deed_status check_itself(const struct batch *batch, void *arg,
				     struct batch_item *item,
				     struct deed_error *err)
{
	enum deed_status status;

	if (batch->itself == NULL ||
	    !(item->session->in_place ||
	      (item->product && listed(item->session) && same_folder(item))))
		return DEED_OK;
	status = batch->itself(arg, item, err);
	if (status == DEED_OK && item->already)
		item->output_name = item->input;
	return status;
}

enum deed_status batch_check_output(const struct batch *batch, void *arg,
				    struct batch_item *item,
				    struct deed_error *err)
{
	const struct session *s = item->session;
	enum deed_status status;

	status = check_itself(batch, arg, item, err);
	if (status != DEED_OK || item->already)
		return status;
	/* What is not there is not the input either. */
	if (!item->replace && !file_exists(item->output))
		return DEED_OK;
	if (!s->in_place && file_same(item->output, item->path)) {
		deed_error_set(err, DEED_REFUSED, "'%s' is the input itself",
			       item->output);
		if (s->command->flags & COMMAND_IN_PLACE)
			deed_error_hint(err, "--in-place puts the output in "
					     "the place of the input");
		return DEED_REFUSED;
	}
	if (item->replace)
		return DEED_OK;
	if (batch->already != NULL) {
		status = batch->already(arg, item, err);
		if (status != DEED_OK || item->already)
			return status;
	}
	deed_error_set(err, DEED_EXISTS, "'%s' exists", item->output);
	deed_error_hint(err, "--force overwrites it");
	return DEED_EXISTS;
}

enum deed_status batch_close_output(struct batch_item *item,
				    struct deed_error *err)
{
	enum deed_status status;
	int fd;

	if (strcmp(item->output_name, "-") != 0 || item->session->dry_run)
		return DEED_OK;
	if (fflush(stdout) != 0)
		return deed_error_errno(err, errno,
					"cannot write standard output");
	fd = open(item->output, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return deed_error_errno(err, errno, "cannot open '%s'",
					item->output);
	status = copy(fd, "the output", STDOUT_FILENO, "standard output",
		      UINT64_MAX, err);
	(void)close(fd);
	return status;
}

void batch_free_output(struct batch_item *item)
{
	char *dir;

	if (item->owned_output != NULL && item->output_name != NULL &&
	    strcmp(item->output_name, "-") == 0) {
		(void)unlink(item->owned_output);
		dir = path_dir(item->owned_output);
		if (dir != NULL)
			(void)rmdir(dir);
		free(dir);
	}
	if (item->spool >= 0)
		(void)close(item->spool);
	free(item->owned_output);
	free(item->owned_path);
	free(item->error);
}
