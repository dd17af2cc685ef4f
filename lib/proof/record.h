/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PROOF_RECORD_H
#define DEED_PROOF_RECORD_H

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Flat JSON objects as structs, by a table that names each member once: the
 * form of attestation, status and enrolment.  Reading refuses a member that
 * the table does not know, one that is missing, and one of the wrong form,
 * so that two readers never see two things.
 */
enum record_form {
	RECORD_TEXT,   /* char *, owned; NULL is absent */
	RECORD_HASH,   /* uint8_t[32] as "sha256:hex"; all zero is absent */
	RECORD_HEX,    /* uint8_t[32] as hex; all zero is absent */
	RECORD_TIME,   /* int64_t as RFC 3339 in UTC */
	RECORD_NUMBER, /* uint64_t below 2^53 */
	RECORD_BOOL,   /* bool */
};

struct record_member {
	const char *name; /* NULL ends the table */
	enum record_form form;
	size_t offset;
	bool optional; /* TEXT, HASH and HEX only */
};

/* The longest text, in bytes. */
#define RECORD_TEXT_MAX 4096

/* A new object with "type" and the members of s; NULL without memory. */
json_t *record_write(const struct record_member *table, const char *type,
		     const void *s);

/*
 * Fill s, which the caller has zeroed, from object; "type" was compared by
 * whoever read it.  DEED_MALFORMED names the member.  s is to be cleared
 * with record_clear after a failure as well.
 */
enum deed_status record_read(const struct record_member *table,
			     const json_t *object, void *s,
			     struct deed_error *err) DEED_MUST_USE;

/* Free the texts and zero all members of the table. */
void record_clear(const struct record_member *table, void *s);

#endif
