/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_SECRET_H
#define DEED_CMD_FRAME_SECRET_H

#include "base/secret.h"
#include "cmd/frame/session.h"

/*
 * Passphrases, never from an argument.  A source is
 *
 *	tty			the terminal, without echo
 *	fd:N			one line of descriptor N
 *	file:PATH		a file that only its owner may read
 *	env:NAME		an environment variable
 *	credential:NAME		$CREDENTIALS_DIRECTORY/NAME (systemd)
 *	askpass			the program in DEED_ASKPASS or SSH_ASKPASS
 *
 * Without one: $CREDENTIALS_DIRECTORY/deed.KEY where that file exists, then
 * the terminal.  One newline at the end is cut.  Where there is no terminal,
 * or --no-input, and no source: DEED_NO_PASSPHRASE at once, naming the ways.
 */
struct passphrase_request {
	const char *source; /* the option's value, NULL if not given */
	const char *option; /* "--passphrase", for messages */
	const char *key;    /* the credential is deed.KEY: the party's name,
			    "operator", "root" */
	const char *owner;  /* for the prompt: "wang", "the operator" */
	const char *word;   /* "secret"; NULL: "passphrase" */
	bool create;  /* a new passphrase: asked for twice on a terminal */
	size_t least; /* characters that a new one must have; 0: one */

	/*
	 * Does the answer open what it is for?  On a terminal one that does
	 * not is asked for again, three times in all; what was answered last
	 * is handed out in any case.  NULL: it cannot be told, as with a PIN,
	 * which a token counts.
	 */
	bool (*opens)(struct session *s,
		      const struct passphrase_request *request,
		      const struct secret *passphrase);
};

/* What the office's passphrases have at least: who guesses one has it all. */
#define PASSPHRASE_LEAST 8

/* For opens, of the session's home: any key of the party request->owner; of
 * the office; the root's.  True where there is no such key. */
bool passphrase_opens_party(struct session *s,
			    const struct passphrase_request *request,
			    const struct secret *passphrase);
bool passphrase_opens_office(struct session *s,
			     const struct passphrase_request *request,
			     const struct secret *passphrase);
bool passphrase_opens_root(struct session *s,
			   const struct passphrase_request *request,
			   const struct secret *passphrase);

/* *out is the caller's.  An empty passphrase is DEED_NO_PASSPHRASE, one that
 * is shorter than the least DEED_REFUSED. */
enum deed_status passphrase_get(struct session *s,
				const struct passphrase_request *request,
				struct secret **out,
				struct deed_error *err) DEED_MUST_USE;

/* The same of the operator, whose passphrase opens the office's keys: source
 * is that of --operator-passphrase. */
enum deed_status passphrase_operator(struct session *s, const char *source,
				     struct secret **out,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * The password of encrypted documents, if a source was given; it is not asked
 * for otherwise, since few documents have one.  *out may come to be NULL.
 */
enum deed_status document_password(struct session *s, const char *source,
				   struct secret **out,
				   struct deed_error *err) DEED_MUST_USE;

/* Has the text the form of a source?  DEED_USAGE if not. */
enum deed_status passphrase_check(const char *source,
				  struct deed_error *err) DEED_MUST_USE;

/* Put the terminal back as it was; for the signal handler. */
void passphrase_restore_terminal(void);

#endif
