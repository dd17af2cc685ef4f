/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_AUDIT_AUDIT_H
#define DEED_CMD_AUDIT_AUDIT_H

#include "cmd/frame/session.h"
#include "event/audit.h"
#include "keystore/keystore.h"
#include "office/home.h"

/* What the verbs of "deed audit" share: the home with its log, and the keys
 * that open commitments. */
struct audit_session {
	struct home *home;
	struct event_home *log;
	struct deposit_key_list keys;
	struct audit_reader reader; /* of keys, once they are open */
};

/* Clear it with audit_session_close in any case. */
enum deed_status audit_session_open(struct session *s, struct audit_session *a,
				    struct deed_error *err) DEED_MUST_USE;
void audit_session_close(struct audit_session *a);

/* Whose keys open commitments: a party's deposit keys by its passphrase, or
 * with as NULL the register's by the operator's. */
struct audit_opener {
	const char *as;
	const char *passphrase;
	const char *operator_passphrase;
};
enum deed_status audit_session_unlock(struct session *s,
				      struct audit_session *a,
				      const struct audit_opener *opener,
				      struct deed_error *err) DEED_MUST_USE;

/* An entry as JSON, and an opening as "label=value" (append). */
json_t *audit_entry_json(uint64_t index, const struct entry *e,
			 const json_t *openings);
void audit_opening_text(const json_t *opening, struct buf *out);

#endif
