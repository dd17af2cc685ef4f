/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/confirm.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "cmd/frame/output.h"
#include "cmd/frame/progress.h"

#define ANSWER_MAX 16

/* The first line; what is longer than any answer is none. */
static bool read_yes(int fd)
{
	char text[ANSWER_MAX + 1];
	size_t len = 0;
	bool whole = false;
	char c;

	while (!whole && read(fd, &c, 1) == 1) {
		whole = c == '\n';
		if (!whole && len < ANSWER_MAX)
			text[len++] = c;
	}
	text[len] = '\0';
	return whole &&
	       (strcasecmp(text, "y") == 0 || strcasecmp(text, "yes") == 0);
}

/* At once, for a script would wait for ever; what cannot be undone is never
 * done for want of somebody to ask. */
static enum deed_status refuse(const char *why, struct deed_error *err)
{
	deed_error_set(err, DEED_REFUSED,
		       "this cannot be undone, and nobody can be asked: %s",
		       why);
	deed_error_hint(err, "--yes answers yes");
	return DEED_REFUSED;
}

/* The question may hold names that others chose, and is cleaned before it goes
 * to the terminal; there alone is it asked, for standard input may be a list.
 */
static enum deed_status ask(int fd, const char *question,
			    struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status;

	output_clean(question, &b);
	buf_str(&b, " [y/N] ");
	status = buf_status(&b, err);
	if (status == DEED_OK)
		status = file_write_fd(fd, "/dev/tty", b.data, b.len, err);
	if (status == DEED_OK && !read_yes(fd))
		status = deed_error_set(err, DEED_REFUSED,
					"the answer was not yes; nothing was "
					"done");
	buf_clear(&b);
	return status;
}

enum deed_status confirm(struct session *s, bool yes, const char *question,
			 struct deed_error *err)
{
	enum deed_status status;
	int fd;

	if (yes || s->dry_run)
		return DEED_OK;
	if (s->no_input)
		return refuse("--no-input forbids it", err);
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return refuse("there is no terminal", err);
	(void)fflush(stdout);
	progress_clear();
	status = ask(fd, question, err);
	(void)close(fd);
	return status;
}
