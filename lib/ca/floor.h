/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_FLOOR_H
#define DEED_CA_FLOOR_H

#include <stdint.h>

#include "base/error.h"

/*
 * What the number of a new CRL must not be below: the file crl-floor of the
 * CA's directory (ca/store.h), one decimal number.  It is there once the
 * directory came back from a backup, for then lists may have been published
 * whose numbers nothing here knows.
 */

/* 0 where there is no such file; one that cannot be read is DEED_DAMAGED. */
enum deed_status ca_floor_read(const char *dir, uint64_t *out,
			       struct deed_error *err) DEED_MUST_USE;
enum deed_status ca_floor_write(const char *dir, uint64_t floor,
				struct deed_error *err) DEED_MUST_USE;

#endif
