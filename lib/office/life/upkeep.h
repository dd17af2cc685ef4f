/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_UPKEEP_H
#define DEED_OFFICE_UPKEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "office/home.h"

/*
 * What of a house ends soon or is amiss: revocation lists, certificates,
 * statuses of parties, tokens, storage places, the log, free space.  Only
 * looked at: no lock, no passphrase, nothing written.  What cannot be read is
 * amiss and no error, so that one broken file does not hide the rest.
 */
enum upkeep_state { UPKEEP_GOOD, UPKEEP_SOON, UPKEEP_AMISS };

/* "good", "soon", "amiss". */
const char *upkeep_state_name(enum upkeep_state state);

/* What is reported below this is SOON, and AMISS. */
#define UPKEEP_SPACE_SOON (UINT64_C(1) << 30)
#define UPKEEP_SPACE_AMISS (UINT64_C(64) << 20)

/* A revocation list that ends within this is worth a word of any command. */
#define UPKEEP_CRL_SECONDS (INT64_C(7) * 24 * 60 * 60)

struct upkeep_item {
	const char *kind; /* "crl", "root-crl", "root", "ca", "service",
			     "office", "party", "request", "list", "token",
			     "place", "deposit", "log", "space" */
	char *about;	  /* party, place or path; NULL */
	enum upkeep_state state;
	bool has_end;
	int64_t end;   /* when it ends or ended */
	char *message; /* "its certificate ends at ..." */
	char *remedy;  /* a hint as base/error.h has it; NULL */
};

struct upkeep {
	struct upkeep_item *item;
	size_t count;
};

#define UPKEEP_INIT          \
	{                    \
		.item = NULL \
	}

/*
 * Look at all of it at time now; what ends within so many seconds is SOON.
 * Fails for want of memory only.  Clear in any case.
 */
enum deed_status upkeep_check(const struct home *h, int64_t now, int64_t within,
			      struct upkeep *out,
			      struct deed_error *err) DEED_MUST_USE;
void upkeep_clear(struct upkeep *u);

/* The worst state; GOOD where there is nothing. */
enum upkeep_state upkeep_worst(const struct upkeep *u);

/* The revocation lists alone. */
enum deed_status upkeep_check_crls(const struct home *h, int64_t now,
				   int64_t within, struct upkeep *out,
				   struct deed_error *err) DEED_MUST_USE;

#endif
