/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_ENROLL_SUBJECT_H
#define DEED_OFFICE_ENROLL_SUBJECT_H

#include "base/buf.h"
#include "proof/evidence.h"

/*
 * Append the Name that a CA elsewhere wants in a request.  Each word is an
 * attribute: CN, O, serialNumber, organizationIdentifier, emailAddress have
 * what is enrolled; C, L, ST, O, OU and those with =TEXT have the text.  In
 * the order given, at most ENROLL_SUBJECT_MAX; what is not enrolled is left
 * out.  Without any word, the name is as this house would write it.
 * DEED_CONFIG names the word.
 */
#define ENROLL_SUBJECT_MAX 16
enum deed_status enroll_subject(const struct enrolment *e,
				const char *const *words, size_t count,
				struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

#endif
