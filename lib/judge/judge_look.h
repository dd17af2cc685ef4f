/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_JUDGE_LOOK_H
#define DEED_JUDGE_JUDGE_LOOK_H

#include "judge/judge_pdf.h"

/*
 * What the pages of a PDF look like, as each of its signatures saw them and
 * as they are now (look/look.h), and what that says of a signature.  Only
 * where bytes follow a signature there is anything to compare; the places
 * that the survey names may differ.
 *
 * It adds doubts, never a failure, and may take one away: annotation-covers.
 */
struct judge_look {
	bool done;
	struct look_seen *seen; /* of each state; NULL where all failed */
	size_t count;
	size_t *state;	       /* of each signature: from 1, 0 is none */
	struct deed_error why; /* there is nothing seen */
};

#define JUDGE_LOOK_INIT                \
	{                              \
		.why = DEED_ERROR_INIT \
	}

/* Paint, unless that was done.  params->look is not NULL; fd is the file.
 * DEED_NO_MEMORY. */
enum deed_status judge_look_paint(struct judge_look *l, int fd,
				  const struct pdf_input *in,
				  const struct pdf_survey *survey,
				  const struct judge_params *params,
				  struct deed_error *err) DEED_MUST_USE;
void judge_look_clear(struct judge_look *l);

/* Does what was seen take away that something may be covered by what came
 * after signature i? */
bool judge_look_lifts(const struct judge_look *l,
		      const struct pdf_survey *survey, size_t i);

/* Tell what was seen of signature i, and give v the pictures of it. */
enum deed_status judge_look_tell(struct judge_look *l, size_t i,
				 struct verdict_signature *v,
				 struct deed_error *err) DEED_MUST_USE;

#endif
