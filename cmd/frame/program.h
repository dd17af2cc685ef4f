/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_PROGRAM_H
#define DEED_CMD_FRAME_PROGRAM_H

#include "cmd/frame/command.h"

/*
 * What the mains of deed and deed-office share.  deed judges, and has only the
 * commands that need no key, token or database (JUDGING in commands.def); for
 * all else it becomes deed-office, which has every command.  Nobody but the
 * list of processes sees which of the two it was.
 */

/* Descriptors 0 to 2, and where the helpers lie: first of all. */
void program_begin(void);

/* Signals, and no dumps: before a command, and not before exec. */
void program_set_up(void);

/*
 * Run the command with the words after its name; the exit code of the process.
 * Once a process.
 */
int program_run(const struct command *c, const char *const words[],
		size_t count);

/* On standard output, as it is; the text is cleared. */
enum deed_status program_print(struct buf *text,
			       struct deed_error *err) DEED_MUST_USE;

/* Print an error that belongs to no command; its exit code. */
int program_fail(const struct deed_error *err);

#endif
