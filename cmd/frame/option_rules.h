/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_OPTION_RULES_H
#define DEED_CMD_FRAME_OPTION_RULES_H

#include "cmd/frame/option.h"

/*
 * What the options of a command say of each other, by .excludes and .needs of
 * their rows.  Each is a list of long names with a space between them, of the
 * command's own options and of those that are common to all.  Options exclude
 * each other, so that one of the two says it; an option needs one of those
 * that it lists.
 */

/* How an option of the command is used in this run. */
struct option_use {
	const struct option *option;
	bool line; /* the command line has it */
	bool on;   /* it, the environment or the configuration has it, and
		    * neither as a flag that is off nor as the first of some
		    * words */
};

/* Is it excluded by an option that the command line has?  Then what stands
 * outside of the command line gives way. */
bool option_rules_gives_way(const struct option *o,
			    const struct option_use *uses, size_t count);

/* DEED_USAGE where two of them are on and exclude each other, or where the
 * command line has one that lacks what it needs. */
enum deed_status option_rules_check(const struct option_use *uses, size_t count,
				    struct deed_error *err) DEED_MUST_USE;

/* Are both lists made of names that the command has, but not o's own?  NULL
 * if so, else what is wrong. */
const char *option_rules_fault(const struct command *c, const struct option *o);

/* Append what a short usage of the command says of them: " (not with
 * --bundle)". */
void option_rules_text(const struct command *c, const struct option *o,
		       struct buf *out);

#endif
