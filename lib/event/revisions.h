/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_EVENT_REVISIONS_H
#define DEED_EVENT_REVISIONS_H

#include "event/audit_find.h"

/*
 * What a file may be known to the log as: by the SHA-256 of all of it, and of
 * what it was before somebody added to it.  A PDF grows by updates, and each
 * ends with "%%EOF" and what white space its producer put after that; so each
 * such place may have been its end.
 *
 * Nothing of the file is parsed.  It is read once, in windows.  Of places
 * there are REVISIONS_MAX; what has more is hashed as a whole and up to the
 * first of them, and that is said.  *out is freed with free().
 */
#define REVISIONS_MAX 4096

enum deed_status revisions_hash(const char *path, struct audit_digest **out,
				size_t *count,
				struct deed_error *err) DEED_MUST_USE;

#endif
