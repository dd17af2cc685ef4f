/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_PAST_H
#define DEED_OFFICE_PAST_H

#include "key/cert.h"
#include "office/home.h"
#include "proof/evidence.h"

/*
 * A party's past: every status statement that the notary ever signed for it,
 * each as it was when it was signed.  A later end or revocation of the
 * notary's certificate takes nothing from what it said before.
 */
struct past_item {
	struct status status;
	int64_t from;		  /* when it was signed */
	unsigned number;	  /* 1 for the first */
	struct cert *certificate; /* that it names; NULL: not there */
	bool revoked;
	int64_t revoked_at;
};

struct past {
	struct past_item *item; /* in order of log entries */
	size_t count;
};

/* DEED_NOT_VERIFIED: a statement there is not of this house's notary or not
 * about this party (its file is named).  Clear *out in any case. */
enum deed_status past_load(const struct home *h, const char *party,
			   struct past *out,
			   struct deed_error *err) DEED_MUST_USE;
void past_clear(struct past *p);

/* The one that held at a time; NULL before the first. */
const struct past_item *past_at(const struct past *p, int64_t time);

#endif
