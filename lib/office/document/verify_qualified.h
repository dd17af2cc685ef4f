/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_VERIFY_QUALIFIED_H
#define DEED_OFFICE_VERIFY_QUALIFIED_H

#include "judge/verdict.h"

/*
 * Does every signature of a document but its time-stamps come from somebody
 * qualified, or licensed by a scheme, as the trust lists say that were asked
 * (verify_lists.h)?  What they leave open makes a signature INDETERMINATE,
 * and is no "no".
 */

/* scheme NULL: qualified.  Notes why not where it does not, and doubts where
 * that cannot be told. */
void verify_qualified_tell(const char *scheme, struct verdict_document *doc);

/* false: one is not, or there is none. */
bool verify_qualified_met(const char *scheme,
			  const struct verdict_document *doc);

#endif
