/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_ROLL_H
#define DEED_OFFICE_ROLL_H

#include "event/event.h"
#include "key/deposit_key.h"
#include "office/party/enrolled.h"

/*
 * The roll: every enrolment that an entry of the log names, opened with the
 * register's key and verified.  Those of one party are a chain, since each
 * names the one before; where one is followed by two, or one is missing,
 * nothing is believed.
 *
 * It is read once and serves any number of parties; reading costs one
 * decryption an enrolment.  The log must have been verified before.
 */
struct roll_item {
	uint64_t index;	    /* of the log entry that names it */
	uint8_t record[32]; /* name of the drop-box record */
	struct enrolled enrolled;
};

struct roll;

/* dir is the drop box's.  Records that cannot be read are kept in mind: they
 * break the chain that they belong to, and no other. */
enum deed_status roll_open(const struct event_home *log,
			   const struct deposit_key *key, struct roll **out,
			   struct deed_error *err) DEED_MUST_USE;
void roll_free(struct roll *r);

/* A party's enrolments, the first one first.  Borrowed from the roll. */
#define ROLL_CHAIN_MAX 1024
struct roll_chain {
	const struct roll_item *item[ROLL_CHAIN_MAX];
	size_t count; /* at least 1 */
};

/*
 * The chain of a party whose newest enrolment the register says is that of
 * entry signpost.  proven is the record that its status statement names, or
 * NULL: then it is found by its handle.  DEED_INCONSISTENT, in words.
 */
enum deed_status roll_chain(const struct roll *r, const char *party,
			    const uint8_t *proven, uint64_t signpost,
			    struct roll_chain *out,
			    struct deed_error *err) DEED_MUST_USE;

/* The newest of it. */
const struct roll_item *roll_newest(const struct roll_chain *c);

/* The one of this record; NULL if it is none of them. */
const struct roll_item *roll_of_record(const struct roll_chain *c,
				       const uint8_t record[32]);

/* How the key of item i came after that of the one before. */
enum roll_link {
	ROLL_FIRST,
	ROLL_SAME_KEY,
	ROLL_SUCCEEDS, /* the old key speaks for the new one */
	ROLL_UNSIGNED, /* it does not: it was lost */
};
enum roll_link roll_link(const struct roll_chain *c, size_t i);

/* Call fn for each newest enrolment of other parties with this number. */
typedef enum deed_status roll_fn(void *arg, const struct enrolment *e,
				 struct deed_error *err);
enum deed_status roll_same_number(const struct roll *r,
				  const struct roll_chain *of, roll_fn *fn,
				  void *arg,
				  struct deed_error *err) DEED_MUST_USE;

#endif
