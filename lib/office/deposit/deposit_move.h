/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_MOVE_H
#define DEED_OFFICE_DEPOSIT_MOVE_H

#include "archive/catalogue.h"
#include "archive/health/leftover.h"
#include "archive/health/rebalance.h"
#include "office/home.h"

/*
 * Deposits move to other places.  All parts are brought there and compared
 * first (archive/health/rebalance.h); then one transaction of the log, with an
 * entry "rebalance" for each of up to DEPOSIT_MOVES deposits, publishes the
 * next generation of their manifests, signed by the office's unattended key.
 * What lies at the old places is let go later (archive/health/leftover.h).
 *
 *	deposit_mover_open(home, &order, &mover, err)
 *	deposit_move_bring(mover, a, d, &options, &report, &move, err)
 *	deposit_move_commit(mover, moves, count)	any number of times
 *	deposit_move_free(move)				each
 *	deposit_mover_close(mover)			always, last
 *
 * While a mover is open nobody else moves deposits of this home: DEED_LOCKED.
 * A run that was killed is finished or undone by the next mover that is
 * opened, and its manifests are read after that.
 */
#define DEPOSIT_MOVES 100

struct deposit_move_order {
	const char *const *to; /* names of places, all different; or NULL: only
				* to let go */
	size_t to_count;
	int64_t now;
	unsigned wait;
	bool dry_run; /* everything but writing */
};

/* One that was brought, and what became of it. */
struct deposit_move {
	char id[CATALOGUE_ID + 1];
	struct placement to;
	uint64_t log_index;
	enum deed_status status; /* of deposit_move_commit */
	struct deed_error error;

	/* Its own. */
	char folder[2 * ARCHIVE_DEPOSIT + 1];
	uint64_t generation;
	uint8_t previous[SHA256_SIZE];
	json_t *manifest;
};

struct deposit_mover;

/* order is borrowed. */
enum deed_status deposit_mover_open(const struct home *h,
				    const struct deposit_move_order *order,
				    struct deposit_mover **out,
				    struct deed_error *err) DEED_MUST_USE;
void deposit_mover_close(struct deposit_mover *mover);

/* Which parts go where: placement_plan, by what the deposit's earlier
 * manifests say, too. */
enum deed_status deposit_move_plan(const struct deposit_mover *mover,
				   struct archive *a, const struct stored *d,
				   struct placement *out,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * Bring a deposit to the places of a plan.  With dry_run it is only read where
 * it lies, and *out stays NULL, as where it is not whole afterwards: report
 * says it.
 */
enum deed_status deposit_move_bring(struct deposit_mover *mover,
				    struct archive *a, const struct stored *d,
				    const struct placement *to,
				    const struct check_options *options,
				    struct repair_report *report,
				    struct deposit_move **out,
				    struct deed_error *err) DEED_MUST_USE;

/* Each has its own status then. */
void deposit_move_commit(struct deposit_mover *mover,
			 struct deposit_move *const move[], size_t count);
void deposit_move_free(struct deposit_move *move);

#endif
