/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_STANDING_H
#define DEED_CA_STANDING_H

#include "ca/store.h"

/*
 * Every certificate in the CA's directory (ca/store.h) that stands at time
 * now: issued, not ended, and not known to be revoked.  In order of serial
 * numbers.
 */
typedef enum deed_status ca_standing_fn(void *arg, const char *serial,
					const struct cert *c,
					struct deed_error *err);
enum deed_status ca_standing_each(const char *dir, int64_t now,
				  ca_standing_fn *fn, void *arg,
				  struct deed_error *err) DEED_MUST_USE;

#endif
