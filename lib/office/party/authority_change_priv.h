/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_AUTHORITY_CHANGE_PRIV_H
#define DEED_OFFICE_AUTHORITY_CHANGE_PRIV_H

#include "ca/issuers.h"
#include "ca/store.h"
#include "event/event.h"
#include "office/keys.h"
#include "office/party/authority_priv.h"

/* What authority_change.c and authority_revoke.c share: what is revoked, and
 * the lists that say so. */

/* One list that is made. */
struct authority_making {
	const struct ca_issuer *issuer; /* NULL: the root */
	struct signing_key *opened;	/* NULL where the key is borrowed */
	const struct signing_key *key;
	struct authority_list made;
};

struct authority_change {
	const struct home *home;
	struct ca_store *store;
	struct ca_issuers issuers;
	struct authority_making
		list[CA_ISSUERS_MAX]; /* of these CAs, newest first */
	size_t lists;
	int64_t now;
	struct cert_list revoke;
	struct key_hash *end; /* keys that are never certified again */
	size_t end_count;
	enum ca_reason reason;
};

/* Finishes what was interrupted; the caller clears it, also after a
 * failure. */
enum deed_status authority_change_open(struct authority_change *c,
				       unsigned wait,
				       struct deed_error *err) DEED_MUST_USE;
void authority_change_clear(struct authority_change *c);

/* A list of this CA is to be made, once; with this key, or with the one that
 * the passphrase opens. */
enum deed_status authority_change_list(struct authority_change *c,
				       const struct ca_issuer *issuer,
				       const struct signing_key *key,
				       const struct secret *passphrase,
				       struct deed_error *err) DEED_MUST_USE;

/* Add all of it to a transaction, under the lock, so that no list forgets
 * what another run revoked: an event_locked_fn, of which arg is the change. */
enum deed_status authority_change_add(void *arg, struct event *ev,
				      uint64_t first, struct slice checkpoint,
				      struct deed_error *err) DEED_MUST_USE;

/* A transaction of its own, with an entry of this type. */
enum deed_status authority_change_commit(struct authority_change *c,
					 const char *type, const char *party,
					 unsigned wait, uint64_t *index,
					 struct deed_error *err) DEED_MUST_USE;

#endif
