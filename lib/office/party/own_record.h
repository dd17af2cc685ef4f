/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_OWN_RECORD_H
#define DEED_OFFICE_OWN_RECORD_H

#include "event/event.h"
#include "office/keys.h"
#include "office/party/enrolled.h"

/*
 * What a party says of itself, read by the party: its deposit key opens the
 * record in the drop box, and its signature key is open for what is to be
 * said next.  The operator has no part in it.
 */
struct own_record {
	struct keystore *ks;
	struct deposit_key_list readers;
	struct signing_key *key; /* NULL if it is elsewhere */
	struct keys_public public;
	uint64_t signpost; /* of the log entry */
	struct enrolled last;
};

/* pin may be NULL.  *out is all zero, and cleared by the caller also after a
 * failure.  DEED_NOT_FOUND, DEED_WRONG_PASSPHRASE, DEED_INCONSISTENT. */
enum deed_status own_record_open(const struct home *h, const char *party,
				 const struct secret *passphrase,
				 const struct secret *pin,
				 struct event_home *log, struct own_record *out,
				 struct deed_error *err) DEED_MUST_USE;
void own_record_clear(struct own_record *w);

#endif
