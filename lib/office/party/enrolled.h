/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_ENROLLED_H
#define DEED_OFFICE_ENROLLED_H

#include "base/buf.h"
#include "key/signing_key.h"
#include "proof/evidence.h"

/*
 * What lies in the drop box for an enrolment: canonical JSON
 *
 *	{"type":"deed.enrolment-record/1", "statement": BASE64}
 *	{"type":"deed.enrolment-record/1", "enrolment": {...},
 *	 "request": BASE64}
 *
 * with, where a key took another's place and the old one could still sign,
 * "succession": BASE64, the old key's statement of it.
 *
 * The first is a statement signed with the party's own key, under a
 * certificate made for it alone; the second is for a key that is elsewhere,
 * which has signed a certification request over its name.
 */
#define ENROLLED_TYPE "deed.enrolment-record/1"

struct event_timestamps;

/* Append the record of e, signed with key (whose hash e->key is), and
 * time-stamped (event/event_timestamp.h).  old: the key that it takes the place
 * of, or NULL. */
enum deed_status enrolled_sign(const struct enrolment *e,
			       const struct signing_key *key,
			       const struct signing_key *old,
			       const struct event_timestamps *timestamps,
			       struct buf *out,
			       struct deed_error *err) DEED_MUST_USE;

/* Append the record of e for a certification request in DER. */
enum deed_status enrolled_request(const struct enrolment *e,
				  struct slice request, struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;

/* Is it such a record at all?  The drop box holds others as well. */
bool enrolled_is(struct slice record);

/* What a record says, and by which keys. */
struct enrolled {
	struct enrolment enrolment;
	struct buf spki;     /* the key that signed it, enrolment.key */
	uint8_t id[32];	     /* what the next one names: SHA-256 of the
			      * statement, or of a record with a request */
	bool succeeds;	     /* an old key speaks for it: */
	uint8_t old_key[32]; /* SHA-256 of its SPKI */
};

/*
 * Read a record and verify the signatures in it with the keys that it names.
 * DEED_MALFORMED, DEED_BAD_SIGNATURE.  Clear e afterwards, also after a
 * failure.
 */
enum deed_status enrolled_read(struct slice record, struct enrolled *e,
			       struct deed_error *err) DEED_MUST_USE;
void enrolled_clear(struct enrolled *e);

#endif
