/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_OPERANDS_H
#define DEED_CMD_FRAME_OPERANDS_H

#include "cmd/frame/session.h"

/*
 * Operands and the names that outputs get.
 */

/* The most operands of a batch, --files-from included. */
#define OPERANDS_MAX 1000000

/*
 * The command line's operands, then the lines of --files-from (NUL-ended
 * with -0; "-" is standard input; empty lines are skipped).  *out holds
 * pointers; free it with operands_free.
 */
struct operands {
	size_t count;
	const char **item;
	struct buf text; /* what --files-from held */
};

#define OPERANDS_INIT             \
	{                         \
		0, NULL, BUF_INIT \
	}

enum deed_status operands_read(const struct session *s, struct operands *out,
			       struct deed_error *err) DEED_MUST_USE;
void operands_free(struct operands *o);

/*
 * "contract.pdf", "signed" gives "contract.signed.pdf"; where the input is
 * already so named a number is added: "contract.signed.2.pdf", then .3.
 * Allocated; NULL without memory.
 */
char *operand_marked(const char *input, const char *mark);

/* Is it so named already? */
bool operand_is_marked(const char *input, const char *mark);

/* "minutes.odt", ".p7s" gives "minutes.odt.p7s". */
char *operand_suffixed(const char *input, const char *suffix);

/* Does the name end so, in any case (".pdf")? */
bool operand_has_suffix(const char *name, const char *suffix);

/*
 * What is named .pdf is to be one, whether it is read or written, and what
 * only a PDF obeys is given to nothing else: a page that says that a session
 * has expired is not to be signed because a name says contract.pdf.
 * DEED_UNSUPPORTED.  A PDF that is read as one is looked at by who reads it.
 */
struct operand_kind {
	const char *path; /* to be opened */
	const char *name; /* as given */
	const char *output;
	bool pdf;	    /* it is taken for a PDF, and so is the output */
	const char *option; /* given, and for PDFs alone; NULL: none */
};
enum deed_status operand_check_kind(const struct operand_kind *k,
				    struct deed_error *err) DEED_MUST_USE;

/* The first of these options, ended by NULL, that the command line has. */
const char *operand_given(const struct session *s, const char *const *options);

#endif
