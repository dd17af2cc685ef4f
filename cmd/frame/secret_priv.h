/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_SECRET_PRIV_H
#define DEED_CMD_FRAME_SECRET_PRIV_H

#include "cmd/frame/secret.h"

/*
 * What secret.c, which knows the sources of a passphrase, and secret_tty.c,
 * which asks for it at the terminal, share.  *out is the caller's, and NULL
 * after a failure unless it says otherwise.
 */

/* Ask at a terminal, without echo: twice for a new one, else until it opens
 * what it is for; three times at most. */
enum deed_status secret_ask(struct session *s, int fd,
			    const struct passphrase_request *r,
			    struct secret **out,
			    struct deed_error *err) DEED_MUST_USE;

/* The first line of a descriptor; name is for messages.  DEED_NO_PASSPHRASE
 * where it is empty or too long. */
enum deed_status secret_read_line(int fd, const char *name, struct secret **out,
				  struct deed_error *err) DEED_MUST_USE;

/* Append "Passphrase of OWNER: ", cleaned; again: "Again: ". */
void secret_prompt(const struct passphrase_request *r, bool again,
		   struct buf *b);

/* DEED_REFUSED: a new one is too short. */
enum deed_status secret_check_length(const struct passphrase_request *r,
				     const struct secret *s,
				     struct deed_error *err) DEED_MUST_USE;

#endif
