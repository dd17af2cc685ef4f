/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_COMMAND_H
#define DEED_CMD_FRAME_COMMAND_H

#include "base/error.h"
#include "cmd/frame/option.h"
#include "cmd/frame/session.h"

/*
 * One command of deed.  To add one:
 *
 *  1. a line in cmd/frame/commands.def: COMMAND(key_list), or JUDGING(verify)
 *     if deed itself runs it
 *  2. a file cmd/key/list.c (or cmd/NAME.c) that defines
 *	const struct command command_key_list
 *     and its line in cmd/Makefile.inc
 *  3. a page man/deed-key.1 (one page serves all verbs of a command)
 *
 * cmd/version.c is the model.  The table of options is the single source of
 * parsing, -h, completion, configuration keys, environment variables and the
 * check of the manual page: nothing else knows the options.
 *
 * What the frame does before run: options and operands are read and checked
 * (types, required options, number of operands), configuration is applied,
 * logging is set up.  After run: an error is printed on standard error and
 * put into the JSON report, the report is printed, standard output is
 * flushed and checked, temporaries are removed, and the exit code is that of
 * the status.
 *
 * run returns
 *  - DEED_OK;
 *  - a status with err set: printed as "deed sign: error: MESSAGE" and hints;
 *  - a status with err left untouched (an empty message): the answer is that
 *    status, for instance DEED_NO from verify; nothing is printed.
 */
enum command_flags {
	COMMAND_HOME = 1,   /* works on a home: --home; session_home is set */
	COMMAND_WRITES = 2, /* changes something: -n, --wait */
	COMMAND_BATCH = 4,  /* operands are items of a batch: --files-from, -0,
			      --jobs, --fail-fast; call batch_run */
	COMMAND_OUTPUT = 8, /* makes a file: -o, --force; with COMMAND_BATCH
			       one an item, and -O */
	COMMAND_AT = 16,    /* judges at a time: --at sets session's now */
	COMMAND_RAW = 32,   /* prints bytes, not lines: no --json */
	COMMAND_IN_PLACE = 64, /* with COMMAND_OUTPUT: --in-place */
	COMMAND_FORCE = 128,   /* makes files of other options: --force */
};

#define COMMAND_MANY ((size_t)-1)

struct command {
	const char *name;     /* as typed: "sign", "key list", "key slot add" */
	const char *operands; /* as in the synopsis: "[FILE ...]"; or "" */
	const char *summary;  /* one line, lower case, no full stop */
	const struct option *options; /* ends with { 0 }; NULL if none */
	size_t args_size;	      /* of the struct that the options fill */
	unsigned flags;
	size_t min_operands; /* a batch counts --files-from as well */
	size_t max_operands;
	enum completion complete; /* what an operand is */
	const char *const *words; /* for COMPLETE_WORDS, ends with NULL */

	/* args points to the filled struct (all zero where nothing was
	 * given and no default stands in the table).  NULL if args_size 0. */
	enum deed_status (*run)(struct session *s, const void *args,
				struct deed_error *err);
};

/* Every command that the program runs, in the order of commands.def. */
extern const struct command *const commands[];
extern const size_t command_count;

/*
 * The command that the words begin with, the longest name winning ("key slot
 * add" before "key"); *used is the number of its words.  NULL if none.
 */
const struct command *command_find(const char *const words[], size_t count,
				   size_t *used);

/* Is word the first word of a longer name ("key" of "key list")? */
bool command_is_group(const char *word);

/* The nearest first word to a mistyped one, or NULL. */
const char *command_nearest(const char *word);

/* "usage: deed sign --as PARTY [options] [FILE ...]" without "usage: ". */
void command_synopsis(const struct command *c, struct buf *out);

/* What -h prints. */
void command_usage(const struct command *c, struct buf *out);

/*
 * What is printed where the words are none or -h, every command under its
 * heading; or a group and -h ("enroll -h"), its commands.  False where they
 * are something else.
 */
bool command_overview(const char *const words[], size_t count, struct buf *out);

#endif
