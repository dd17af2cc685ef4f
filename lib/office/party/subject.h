/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_SUBJECT_H
#define DEED_OFFICE_SUBJECT_H

#include "base/buf.h"
#include "proof/evidence.h"
#include "proof/id_number.h"

/*
 * Append the Name that a house certificate gives to whoever e enrolls.  An
 * organisation's number is public, and counterparties look for it; a
 * person's is told only where real is set, and is a pseudonym otherwise.
 * role (may be NULL) takes the place of an organisation's commonName.
 */
enum deed_status subject_write(const struct enrolment *e,
			       const struct id_judgement *id, bool real,
			       const char *role, struct buf *out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
