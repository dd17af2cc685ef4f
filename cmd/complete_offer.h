/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_COMPLETE_OFFER_H
#define DEED_CMD_COMPLETE_OFFER_H

#include "cmd/frame/command.h"
#include "cmd/frame/option_rules.h"

/*
 * The candidates of a kind, for the shell: of each that begins with prefix a
 * line, the candidate and, after a tab, what it is; ":file" and ":directory"
 * leave it to the shell.  What cannot be listed is not offered.
 */

/* One of them; what may be NULL. */
void complete_offer(struct session *s, const char *candidate,
		    const char *prefix, const char *what);

/* What an operand may be; words are those of COMPLETE_WORDS. */
void complete_offer_kind(struct session *s, enum completion kind,
			 const char *const *words, const char *prefix);

/* What the value of an option may be. */
void complete_offer_value(struct session *s, const struct option *o,
			  const char *prefix);

/* The options that the command has and those used so far leave. */
void complete_offer_options(struct session *s, const struct command *c,
			    const struct option_use *uses, size_t used,
			    const char *prefix);

#endif
