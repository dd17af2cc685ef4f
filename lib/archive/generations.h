/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_GENERATIONS_H
#define DEED_ARCHIVE_GENERATIONS_H

#include "archive/folders.h"
#include "archive/object.h"

/*
 * The manifests of one deposit that places show, and which of them is in
 * force.  A place shows a manifest when it has an object of its name: the name
 * carries the hash, and whoever can write a name there can write the bytes.
 *
 * The chain begins with generation 1, whose payload is the archive id; each
 * later one names the payload of the one before.  In force is the highest that
 * k places show, or that the log names.  Counted are places that it names
 * itself, and those that the generations before it name, where it lies too as
 * long as they hold the deposit.  So fewer than k places can neither hide a
 * generation that the others have (where n is 2k - 1 at least), nor put one
 * in force, even with the key that signs manifests.
 *
 * Not all bytes of a signed manifest are signed: whoever can write at a place
 * can wrap one anew, and it holds under another hash.  Those of one number and
 * payload are one generation.  Of them that one stays good which the log names,
 * else which more places show; where the others lie counts as well.
 *
 * Limits: GENERATIONS_MAX is the highest number.  Of a place twice as many
 * names are looked at, and of those that few places show
 * GENERATIONS_STRAYS are read.
 */
#define GENERATIONS_MAX 1024
#define GENERATIONS_STRAYS 16

enum generation_state {
	GENERATION_UNREAD,
	GENERATION_BAD,	  /* no place has its bytes, or it does not hold */
	GENERATION_GOOD,  /* signed by the office, and it follows another */
	GENERATION_AGAIN, /* as good, and another of its payload is preferred */
	GENERATION_UNKNOWN, /* it has what this version does not know */
};

#define GENERATION_NONE ((size_t)-1)

struct generation {
	uint64_t number;
	uint8_t cms[SHA256_SIZE]; /* of the signed manifest: in its name */
	uint64_t places;	  /* that show it: bit i is the archive's i */
	enum generation_state state;

	/* The caller sets what follows for one that is good. */
	uint8_t payload[SHA256_SIZE]; /* of its JSON */
	uint64_t read;		      /* places that gave its bytes, whole */
	uint64_t named; /* places that it names, or one before it */
	unsigned k;
	size_t parent; /* in the list; GENERATION_NONE for the first */
	bool logged;   /* the log names it */

	uint64_t again; /* of generations_settle: places that wrap it anew */
	bool reach;	/* of generations_choose */
};

struct generations {
	struct generation *item; /* by number; those of more places first */
	size_t count, cap;
	uint64_t answered; /* places that could be listed */
};

/* What the places show, or those of a set (bit i is the archive's i).  A place
 * that cannot be listed shows nothing. */
enum deed_status generations_list(struct archive *a, const char *folder,
				  struct generations *out,
				  struct deed_error *err) DEED_MUST_USE;
enum deed_status generations_list_at(struct archive *a, uint64_t places,
				     const char *folder,
				     struct generations *out,
				     struct deed_error *err) DEED_MUST_USE;

/* The same from what was listed before. */
enum deed_status generations_shown(const struct folders_one *shown,
				   struct generations *out,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * Where none of them shows a manifest that there should be, they are asked for
 * it by name: a store may list later than it has, or leave out what it has.
 * Those that have it show it then.
 */
enum deed_status generations_ask(struct archive *a, const char *folder,
				 uint64_t number,
				 const uint8_t cms[SHA256_SIZE],
				 struct generations *g,
				 struct deed_error *err) DEED_MUST_USE;
void generations_clear(struct generations *g);

unsigned generations_places(uint64_t places); /* how many */

/* There is no first: DEED_NOT_FOUND; where not all places said so, for what the
 * others have is not known, DEED_REMOTE, or that their secret lacks. */
enum deed_status generations_none(const struct archive *a,
				  const struct generations *g, const char *id,
				  struct deed_error *err);

/* Index of the good one of that number and payload, or GENERATION_NONE; of
 * several that which is preferred. */
size_t generations_find(const struct generations *g, uint64_t number,
			const uint8_t payload[SHA256_SIZE]);

/* Leave one good of each payload, and let those after it follow that one.
 * Once more when the log was asked. */
void generations_settle(struct generations *g);

struct generations_choice {
	size_t chosen; /* in force, from the first on */
	/* Two that follow the same one, of which neither is known to stand;
	 * chosen is the one before them. */
	bool fork;
	size_t one, other;
};

/*
 * Which is in force, of those that follow the first.  Where two follow the
 * same one, that which the log names stands against that which it does not.
 */
void generations_choose(struct generations *g, size_t first,
			struct generations_choice *out);

/* Is it in force, or before what is? */
bool generations_in_chain(const struct generations *g, size_t chosen, size_t i);

#endif
