/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_TRUST_PATH_LOAD_H
#define DEED_OFFICE_TRUST_PATH_LOAD_H

#include "office/document/trust_path.h"

/*
 * What trust path judges and by what: the certificate in question, first of
 * t->own; what its document carries; t->source with all that p names.  The
 * statuses are those of trust_path_judge, and t is cleared by its caller.
 */
enum deed_status trust_path_load(struct trust_path *t,
				 const struct trust_path_params *p,
				 struct deed_error *err) DEED_MUST_USE;

#endif
