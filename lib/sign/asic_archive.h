/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_ASIC_ARCHIVE_H
#define DEED_SIGN_ASIC_ARCHIVE_H

#include "sign/asic_draft.h"
#include "sign/augment.h"

/*
 * Put a time-stamped ASiCArchiveManifest over all that the container holds
 * (ETSI EN 319 162-1 annex A.7): the level B-LTA of an ASiC-E container, and
 * its renewal.  The one of before gets a name with a number, and its token
 * what is needed to judge it.  As augment_gather and augment_token.
 */
enum deed_status asic_archive_add(struct asic_draft *d,
				  const struct augment_params *params,
				  struct deed_error *err) DEED_MUST_USE;

#endif
