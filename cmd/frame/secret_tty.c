/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/secret_priv.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/frame/progress.h"

#define ATTEMPTS 3

/* The terminal while it does not echo, for the signal handler. */
static volatile sig_atomic_t silent_fd = -1;
static struct termios before;

void passphrase_restore_terminal(void)
{
	if (silent_fd >= 0)
		(void)tcsetattr((int)silent_fd, TCSAFLUSH, &before);
	silent_fd = -1;
}

/* Ask once, without echo. */
static enum deed_status ask(int fd, const struct passphrase_request *r,
			    bool again, struct secret **out,
			    struct deed_error *err)
{
	struct buf prompt = BUF_INIT;
	struct termios silent;
	enum deed_status status;

	secret_prompt(r, again, &prompt);
	if (tcgetattr(fd, &before) == 0) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
		silent_fd = fd;
		(void)tcsetattr(fd, TCSAFLUSH, &silent);
	}
	status = file_write_fd(fd, "/dev/tty", prompt.data, prompt.len, err);
	if (status == DEED_OK)
		status = secret_read_line(fd, "the terminal", out, err);
	passphrase_restore_terminal();
	buf_clear(&prompt);
	if (write(fd, "\n", 1) != 1)
		errno = 0;
	return status;
}

/* A line for whoever is asked. */
static void tell(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		errno = 0;
}

/* Once: DEED_REFUSED where it is too short, DEED_NO where the two differ. */
static enum deed_status ask_new(int fd, const struct passphrase_request *r,
				struct secret **out, struct deed_error *err)
{
	struct secret *again = NULL;
	enum deed_status status;

	status = ask(fd, r, false, out, err);
	if (status == DEED_OK)
		status = secret_check_length(r, *out, err);
	if (status == DEED_OK)
		status = ask(fd, r, true, &again, err);
	if (status == DEED_OK &&
	    !secret_equal(secret_slice(*out), secret_slice(again)))
		status = deed_error_set(err, DEED_NO,
					"the two passphrases differ");
	secret_free(again);
	if (status != DEED_OK) {
		secret_free(*out);
		*out = NULL;
	}
	return status;
}

/* Both mistakes may be made three times in all; anything else, such as an end
 * of input, is final. */
static enum deed_status ask_twice(int fd, const struct passphrase_request *r,
				  struct secret **out, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = DEED_NO;
	char text[64];
	int i;

	for (i = 0; i < ATTEMPTS; i++) {
		status = ask_new(fd, r, out, &why);
		if (status == DEED_NO)
			tell(fd, "The two differ.\n");
		else if (status == DEED_REFUSED) {
			(void)snprintf(text, sizeof(text),
				       "Too short: at least %zu characters.\n",
				       r->least);
			tell(fd, text);
		} else
			break;
	}
	if (status == DEED_NO)
		why.status = status = DEED_NO_PASSPHRASE;
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

/* One that is there: until it opens what it is for.  The last answer is the
 * caller's to refuse. */
static enum deed_status ask_opening(struct session *s, int fd,
				    const struct passphrase_request *r,
				    struct secret **out, struct deed_error *err)
{
	enum deed_status status;
	int i;

	for (i = 1;; i++) {
		status = ask(fd, r, false, out, err);
		if (status != DEED_OK || r->opens == NULL || i == ATTEMPTS ||
		    r->opens(s, r, *out))
			return status;
		secret_free(*out);
		*out = NULL;
		tell(fd, "Wrong passphrase; try again.\n");
	}
}

enum deed_status secret_ask(struct session *s, int fd,
			    const struct passphrase_request *r,
			    struct secret **out, struct deed_error *err)
{
	progress_clear();
	return r->create ? ask_twice(fd, r, out, err)
			 : ask_opening(s, fd, r, out, err);
}
