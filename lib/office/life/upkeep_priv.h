/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_UPKEEP_PRIV_H
#define DEED_OFFICE_UPKEEP_PRIV_H

#include "key/cert.h"
#include "office/life/upkeep.h"
#include "pki/source.h"

/* Remedies that several of them name (base/error.h). */
#define REMEDY_CA_RENEW "ca-renew"
#define REMEDY_CRL "crl"
#define REMEDY_ENROLL_REQUEST "enroll-request"
#define REMEDY_NEW_HOUSE "new-house"
#define REMEDY_RECOVER "recover"
#define REMEDY_REKEY_OFFICE "rekey-office"
#define REMEDY_RENEW "renew"
#define REMEDY_RENEW_ELSEWHERE "renew-elsewhere"
#define REMEDY_ROOT_CRL "root-crl"
#define REMEDY_ROOT_CRL_KEY "root-crl-key"
#define REMEDY_SHARD_CHECK "shard-check"
#define REMEDY_SHARD_REPAIR "shard-repair"
#define REMEDY_TRUST_UPDATE "trust-update"
#define REMEDY_VERIFY_ID "verify-id"

/* What the files of upkeep share: the list while it is made. */
struct upkeep_run {
	const struct home *home;
	int64_t now, within;
	struct upkeep *out;
	struct deed_error *err;
};

/* What is looked at. */
struct upkeep_topic {
	const char *kind;
	const char *about; /* or NULL */
	const char *what;  /* "its certificate", begins the message */
	const char *soon;  /* the word of the remedy before the end, */
	const char *ended; /* and after it; as deed_error_remedy's */
	const char *owner; /* what the remedy is about; or NULL */
};

/* It ends then: GOOD, SOON or AMISS by the clock. */
enum deed_status upkeep_add_end(struct upkeep_run *r,
				const struct upkeep_topic *t,
				int64_t end) DEED_MUST_USE;

/* A state that has no end, with the message and the first hint of why. */
enum deed_status upkeep_add(struct upkeep_run *r, const char *kind,
			    const char *about, enum upkeep_state state,
			    const struct deed_error *why) DEED_MUST_USE;

/* Parties, the office among them; source is what the house believes, NULL
 * where that cannot be read. */
enum deed_status upkeep_parties(struct upkeep_run *r,
				struct pki_source *source) DEED_MUST_USE;

/* Requests that lie with CAs elsewhere. */
enum deed_status upkeep_pending(struct upkeep_run *r) DEED_MUST_USE;

/* Trust lists that are held: when another is due. */
enum deed_status upkeep_lists(struct upkeep_run *r) DEED_MUST_USE;

/* Tokens, places, the log, free space. */
enum deed_status upkeep_stores(struct upkeep_run *r) DEED_MUST_USE;

#endif
