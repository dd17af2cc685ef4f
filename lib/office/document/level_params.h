/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_LEVEL_PARAMS_H
#define DEED_OFFICE_LEVEL_PARAMS_H

#include "sign/augment.h"
#include "sign/tsa.h"

/*
 * What the levels above B-B are made with: set is the time-stamp authorities
 * (NULL: none, and asking is DEED_USAGE), source whom to believe and what is
 * at hand; both are borrowed.
 */
void level_params(const struct tsa_set *set, const struct pki_source *source,
		  enum verdict_level level, int64_t now,
		  struct augment_params *out);

/* "b", "t", "lt", "lta", in any case.  DEED_USAGE names the option. */
enum deed_status level_parse(const char *text, enum verdict_level *out,
			     struct deed_error *err) DEED_MUST_USE;

#endif
