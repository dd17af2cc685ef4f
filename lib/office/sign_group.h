/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_SIGN_GROUP_H
#define DEED_OFFICE_SIGN_GROUP_H

#include "crypto/digest.h"
#include "office/certify.h"
#include "office/event.h"
#include "office/keys.h"
#include "office/sign.h"

/*
 * What the two files behind office/sign.h share: sign.c makes documents,
 * sign_commit.c opens the group and makes them final.
 */
struct sign_group {
	const struct home *home;
	int64_t now;
	struct certify_answer *who;
	struct signing_key *key; /* NULL until unlocked */
	struct event_home *events;
	struct keys_public keys; /* the deposit key reads the openings */
};

/* Of one result; its output is handed to the transaction. */
struct sign_pending {
	struct outfile *out;
	enum outfile_mode mode;
	bool seal;
	uint8_t document[SHA256_SIZE]; /* what is committed as "document" */
};

#endif
