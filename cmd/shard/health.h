/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_HEALTH_H
#define DEED_CMD_SHARD_HEALTH_H

#include "cmd/frame/session.h"
#include "office/deposit/deposit_visit.h"

/* What check, repair and rebalance say in the same words. */

/* "ID: degraded, can be repaired" and a line for each place, with what is
 * amiss there; with brief only the places where something is. */
void health_lines(struct session *s, const char *id,
		  const struct check_report *r, bool brief);

/* The same for JSON: {"id", "state", "whole", "repairable", "verdict",
 * "places"}. */
json_t *health_json(const char *id, const struct check_report *r);

/* How many deposits are in which state. */
struct health_count {
	uint64_t deposits, state[CHECK_TAMPERED + 1];
};
void health_count(struct health_count *c, enum check_state state);

/* "3 deposits: 2 healthy, 1 degraded", for out; and as JSON. */
void health_count_text(const struct health_count *c, struct buf *out);
json_t *health_count_json(const struct health_count *c);

/* A run over deposits: what fails is told, and the others
 * are looked at all the same. */
typedef enum deed_status health_fn(void *arg, const struct stored *d,
				   const char *id, struct deed_error *err);
struct health_run {
	struct session *s;
	struct deposit_visit *visit;
	health_fn *each;
	void *arg;
	struct health_count count; /* each adds what it looked at */
	enum deed_status worst;
	bool again; /* a deposit is looked at for the second time */
	/* No place has the manifest of one: can that be mended?  Or NULL. */
	bool (*revive)(void *arg, const struct catalogue_item *item);
};

/* A manifest appeared while the deposit was looked at: once more. */
enum deed_status health_again(struct health_run *run, const char *id,
			      struct deed_error *err) DEED_MUST_USE;

/* The one of that id; those that the operands name; the next of a round. */
void health_one(struct health_run *run, const char *id);
void health_ids(struct health_run *run);
enum deed_status health_round(struct health_run *run,
			      const struct deposit_round *round,
			      struct deed_error *err) DEED_MUST_USE;

/* Of two answers the one that counts: what is damaged, what failed, what is
 * away. */
enum deed_status health_worse(enum deed_status a, enum deed_status b);

/* What the catalogue is to say of it. */
enum catalogue_state health_note(const struct check_report *r);

#endif
