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
#include "cmd/frame/batch_names.h"
#include "cmd/frame/command.h"

#define COPY 65536

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
	batch_free_name(item);
	if (item->spool >= 0)
		(void)close(item->spool);
	free(item->owned_path);
	free(item->error);
}
