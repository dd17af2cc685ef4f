/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_CHECK_H
#define DEED_ARCHIVE_HEALTH_CHECK_H

#include "archive/answering.h"
#include "archive/object.h"
#include "archive/stored.h"
#include "base/rate.h"

/*
 * Reading every byte of a deposit at every place, without a key: is each
 * object there, is each what the manifest says, do the parts belong together,
 * and is there anything else?  Of the states of a place and a deposit each is
 * worse than the one before.
 */
enum check_state {
	CHECK_HEALTHY,
	/* A place does not answer, and nothing else is amiss. */
	CHECK_AWAY,
	/* Something is missing, changed or too much. */
	CHECK_DEGRADED,
	/* Of a deposit: too little is left to bring it back, were all places
	 * that are away to come back. */
	CHECK_UNREADABLE,
	/* There is what no accident makes: an object that is whole and not
	 * this deposit's, or parts that do not belong together. */
	CHECK_TAMPERED,
};

/* "healthy", "away", ... */
const char *check_state_name(enum check_state state);

/* What a command answers: DEED_OK, DEED_REMOTE where a place is away, and
 * DEED_DAMAGED. */
enum deed_status check_state_status(enum check_state state);

/*
 * README and script, which all deposits share: what was found right at a place
 * is not looked at for each deposit again.  Zero to begin with; for one run,
 * with presence or without it, and one thread.
 */
#define CHECK_ABOUT 16 /* remembered a place; more are looked at each time */
struct check_about {
	size_t count[ARCHIVE_PLACES_MAX];
	struct object_name known[ARCHIVE_PLACES_MAX][CHECK_ABOUT];
	uint64_t size[ARCHIVE_PLACES_MAX][CHECK_ABOUT]; /* of those */

	/* Which of them belong together, as manifests said. */
	size_t pairs;
	struct check_texts {
		uint8_t readme[SHA256_SIZE], script[SHA256_SIZE];
	} pair[CHECK_ABOUT];
};

struct check_options {
	const struct answering *places; /* NULL: they are asked */
	bool presence;	   /* only what things are called; nothing is read */
	struct rate *rate; /* of what is read; or NULL */
	struct check_about *about; /* or NULL */
};

#define CHECK_PROBLEMS 32 /* told a place; the rest is counted */

struct check_place {
	const char *name; /* the manifest's */
	enum check_state state;
	size_t objects;	   /* that should be there */
	size_t good;	   /* that are, and are whole */
	size_t strangers;  /* that should not be there */
	size_t deleted;	   /* missing, and an older version is kept */
	uint64_t versions; /* not in force, where one was looked for */
	size_t problems;   /* all of them, and what is missing or damaged */
	struct buf text;   /* the first of them, a line each */
};

/* A place of the archive that is none of the deposit's any more, and has
 * something of it all the same: so it is for a while after it has moved. */
struct check_former {
	const char *name; /* the archive's */
	size_t objects;
};

struct check_report {
	unsigned n;
	struct check_place place[ERASURE_MAX];
	enum check_state state;
	bool whole;	 /* every place is healthy */
	bool repairable; /* enough is left of everything */
	bool waits;	 /* it is not, and may be at places that are away */
	unsigned places_left; /* that have a good share */
	struct check_former former[ARCHIVE_PLACES_MAX];
	size_t former_count;
	bool newer; /* a manifest appeared that was not there when the deposit
		     * was loaded: look again */
};

/* DEED_OK whatever is found; clear the report in any case. */
enum deed_status check_deposit(struct archive *a, const struct stored *d,
			       const struct check_options *options,
			       struct check_report *out,
			       struct deed_error *err) DEED_MUST_USE;
void check_clear(struct check_report *r);

/* Is something wrong that is more than a place being away?  Where places read
 * ahead (place_ascending) it may be that they do not say yet what is there. */
bool check_is_amiss(const struct check_report *r);

#endif
