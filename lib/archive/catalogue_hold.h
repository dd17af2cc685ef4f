/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CATALOGUE_HOLD_H
#define DEED_ARCHIVE_CATALOGUE_HOLD_H

#include "base/error.h"

/*
 * The catalogue held still, for who copies its file: by a read transaction of
 * SQLite, during which the file is whole and no writer changes it.  Read it to
 * its end before closing it: the locks of a process on a file go with any of
 * its descriptors.
 */
struct catalogue_hold;

/* dir is the archive's.  DEED_DAMAGED where the catalogue is missing or
 * broken: it is made anew from the places then, and no copy is needed. */
enum deed_status catalogue_hold(const char *dir, struct catalogue_hold **out,
				struct deed_error *err) DEED_MUST_USE;

/* NULL does nothing. */
void catalogue_release(struct catalogue_hold *hold);

#endif
