/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_SESSION_H
#define DEED_CMD_FRAME_SESSION_H

#include <jansson.h>

#include "base/buf.h"
#include "cmd/frame/option.h"

struct command;
struct config;
struct home;
struct event_timestamps;

/*
 * One run of one command: what was asked, and where words go.  Standard
 * output is the result and nothing else; everything else goes to standard
 * error, each line as "deed sign: ...".  Text is cleaned of control
 * characters, newlines among them, and broken UTF-8 on its way out, so
 * messages may hold names from certificates and files as they are.
 *
 * Fields are for reading once run has begun.  The printing functions may be
 * called from any thread; in a batch use the item's own
 * (cmd/frame/batch.h), which come out in order.
 */
struct session {
	const struct command *command;
	int64_t now; /* the system's clock, or --at */

	bool quiet;		 /* -q */
	unsigned verbose;	 /* -v once or twice */
	bool json;		 /* --json */
	bool no_input;		 /* --no-input */
	bool offline;		 /* --offline */
	int color;		 /* --color */
	bool dry_run;		 /* -n */
	long wait;		 /* --wait, seconds, for lock_acquire */
	struct option_time at;	 /* --at */
	const char *home_option; /* --home or DEED_HOME */

	const char *output;	      /* -o */
	const char *output_directory; /* -O */
	bool force;		      /* --force */
	bool in_place;		      /* --in-place */
	bool keep_items; /* a batch keeps its items' objects for a report */

	const char *files_from; /* --files-from */
	bool nul;		/* -0 */
	long jobs;		/* --jobs; 0: one a processor */
	bool fail_fast;		/* --fail-fast */

	size_t operand_count;
	const char **operand; /* borrowed from argv */

	/* Rows of the command's table that the command line has; ask
	 * option_given. */
	uint64_t given;

	/* Whom the office has stamp what it says of itself; NULL: nobody. */
	const struct event_timestamps *timestamps;

	/* What the archive's places need (office/home.h), or NULL. */
	const struct place_means *places;

	/* The session's own. */
	json_t *report;
	json_t *errors;
	struct config *config;
	char *home;
};

/*
 * The home's path: --home, DEED_HOME, $XDG_DATA_HOME/deed or
 * ~/.local/share/deed.  Valid as long as the session; it need not exist.
 * NULL without memory or where no home can be told.
 */
const char *session_home(struct session *s);

/* Open that home, with s->stamps and s->places in it; the caller closes it.
 * DEED_CONFIG where none can be told; else as home_open (office/home.h). */
enum deed_status session_open_home(struct session *s, struct home **out,
				   struct deed_error *err) DEED_MUST_USE;

/* Where what has no other place waits: $TMPDIR, or /tmp. */
const char *session_temporary(void);

/* The one line of success; not with -q. */
void session_say(struct session *s, const char *fmt, ...) DEED_PRINTF(2, 3);

/* The same with -q too: what is to be known of what failed. */
void session_note(struct session *s, const char *fmt, ...) DEED_PRINTF(2, 3);

/* "deed sign: warning: ..."; not with -q. */
void session_warn(struct session *s, const char *fmt, ...) DEED_PRINTF(2, 3);

/*
 * Print an error with its hints, and put it into the report.  about is the
 * operand it is about, or NULL.  For an error that is not run's own, which
 * the frame prints.  One without a message is not printed.
 */
void session_error(struct session *s, const char *about,
		   const struct deed_error *err);

/* "hint: …", what is done about something that is told and no error, by its
 * word in remedy.c. */
void session_remedy(struct session *s, const char *word);

/*
 * Folders on the web where the house publishes: ca.crl-url and ca.issuer-url
 * of the configuration, NULL where unset.  DEED_CONFIG for what is no URL.
 */
enum deed_status session_ca_urls(struct session *s, const char **crl,
				 const char **issuer,
				 struct deed_error *err) DEED_MUST_USE;

/* A value from the configuration by its key ("seal.font"); NULL if unset. */
const char *session_config(struct session *s, const char *key);

#endif
