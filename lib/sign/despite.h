/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_DESPITE_H
#define DEED_SIGN_DESPITE_H

#include "judge/verdict.h"
#include "pdf/shadow.h"

/*
 * What speaks against signing a document, and what the signer goes on in
 * spite of: reasons by their ids, each of which he must have named.  What
 * was passed over is told, for the log; what was not, for a hint.
 */
#define DESPITE_ID 40
#define DESPITE_TEXT 256

/* The finding that is no mere warning (pdf/shadow.h). */
#define DESPITE_PREPARED "prepared"

/* What is gone on in spite of: a list, and the words of a text. */
struct despite {
	const char *const *list; /* ids */
	size_t count;
	const char *words; /* ids with spaces between them, or NULL */
};

/* Ids with spaces between them, each once; all zero at first. */
struct despite_told {
	char passed[DESPITE_TEXT];
	char refused[DESPITE_TEXT];
};

/* Does it look like ids, at most DESPITE_ID octets each? */
bool despite_words_valid(const char *words);

/*
 * Do the signatures of a document hold?  DEED_ALREADY_FAILED names the first
 * that is TOTAL-FAILED for a reason that is not passed over, and that reason.
 * name is the document's.  DEED_LIMIT where more is passed over than can be
 * told.
 */
enum deed_status despite_failed(const struct despite *d,
				const struct verdict_document *verdict,
				const char *name, struct despite_told *told,
				struct deed_error *err) DEED_MUST_USE;

/*
 * DEED_REFUSED where the document is prepared and that is not passed over;
 * with strict where it shows any other sign of it.
 */
enum deed_status despite_shadow(const struct despite *d,
				const struct pdf_shadow *shadow, bool strict,
				const char *name, struct despite_told *told,
				struct deed_error *err) DEED_MUST_USE;

#endif
