/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CATALOGUE_H
#define DEED_ARCHIVE_CATALOGUE_H

#include "archive/stored.h"

/*
 * What was deposited, in SQLite, so that it is found without asking every
 * place: ids, sizes, times, the parties' key identifiers, and labels as HMAC
 * under the catalogue's key.  It proves nothing and is needed for nothing: it
 * is made anew from the manifests at the places when it is missing or broken,
 * and then only.
 *
 *	catalogue_open(a, &c, err)
 *	catalogue_find(c, "0123abcd", &item, err)
 *	catalogue_list(c, &query, fn, arg, err)
 *	catalogue_close(c)
 *
 * What is asked for is found by an index, whatever the number of deposits.
 * A row whose check value does not fit, or that is not what deed writes, is
 * never returned: the catalogue is broken then, and made anew by whoever
 * meets it.  Whoever may write the file can forge a row all the same: what
 * opens a deposit judges its manifest.
 *
 * Writers wait for each other by SQLite's own locks; nobody holds one while
 * it waits for anything else.  A handle belongs to one thread.
 */
#define CATALOGUE_ID (2 * SHA256_SIZE)
#define CATALOGUE_ID_MIN 8 /* digits that name a deposit */

/* What was last seen of a deposit. */
enum catalogue_state {
	CATALOGUE_HEALTHY,
	CATALOGUE_DEGRADED,   /* something is missing or damaged somewhere */
	CATALOGUE_UNREADABLE, /* so much that it does not come back */
	CATALOGUE_STATES,
};

struct catalogue_item {
	char id[CATALOGUE_ID + 1];
	char folder[2 * ARCHIVE_DEPOSIT + 1];
	uint8_t cms[SHA256_SIZE]; /* of the signed manifest, as in the log */
	uint64_t generation;	  /* its number: the newest that was seen */
	int64_t deposited;	  /* the manifest's */
	uint64_t size;		  /* encrypted, of all chunks */
	unsigned k, n, recipients;
	enum catalogue_state state;
	bool has_label;
	uint8_t label[SHA256_SIZE];
};

/* An empty one in the archive's directory. */
enum deed_status catalogue_create(const char *dir,
				  struct deed_error *err) DEED_MUST_USE;

/* The same of what was loaded. */
enum deed_status catalogue_add_stored(struct archive *a, const struct stored *d,
				      struct deed_error *err) DEED_MUST_USE;

/* The same for several, in one transaction: all or none. */
struct catalogue_new {
	const struct manifest *m;
	const uint8_t *id, *cms; /* SHA256_SIZE bytes */
	enum catalogue_state state;
	/* The generations before it, as far as they are known; or NULL. */
	const struct stored_past *past;
	size_t past_count;
};
enum deed_status catalogue_add_all(struct archive *a,
				   const struct catalogue_new *items,
				   size_t count,
				   struct deed_error *err) DEED_MUST_USE;

struct catalogue;

/*
 * The archive stays the caller's and open.  One that is missing or broken,
 * or whose making did not come to its end, is made anew.  DEED_LOCKED while
 * somebody else does; DEED_REMOTE where no place answers.
 */
enum deed_status catalogue_open(struct archive *a, struct catalogue **out,
				struct deed_error *err) DEED_MUST_USE;

/* The same, but nothing is mended, and no place asked: DEED_NOT_FOUND,
 * DEED_DAMAGED. */
enum deed_status catalogue_open_as_is(struct archive *a, struct catalogue **out,
				      struct deed_error *err) DEED_MUST_USE;
void catalogue_close(struct catalogue *c);

/* Why it was broken, where this handle made it anew; or NULL. */
const char *catalogue_remade(const struct catalogue *c);

/*
 * The deposit whose id begins with text (CATALOGUE_ID_MIN digits at least).
 * DEED_NOT_FOUND; DEED_USAGE where text is no id or begins several.
 */
enum deed_status catalogue_find(struct catalogue *c, const char *text,
				struct catalogue_item *out,
				struct deed_error *err) DEED_MUST_USE;

/* By the SHA-256 of its signed manifest, also of an earlier one than its
 * row's: DEED_NOT_FOUND, err as it was.  generation (or NULL) is the number of
 * that one. */
enum deed_status catalogue_find_manifest(struct catalogue *c,
					 const uint8_t cms[SHA256_SIZE],
					 struct catalogue_item *out,
					 uint64_t *generation,
					 struct deed_error *err) DEED_MUST_USE;

struct catalogue_key {
	uint8_t id[MANIFEST_KEY_ID];
	size_t len;
};

/* Only the deposits to which all of this applies. */
struct catalogue_query {
	const uint8_t *label;		 /* or NULL */
	const struct catalogue_key *key; /* for one of these, or NULL */
	size_t key_count;
	bool has_since, has_until, has_state;
	int64_t since, until; /* not before, and before */
	enum catalogue_state state;
	const struct catalogue_item *after; /* in the order of the list */
	uint64_t limit;			    /* 0: all */
	/* In the order of the folders, which is the order of the places; of
	 * the others after and limit are looked at then, of after folder and
	 * id. */
	bool by_folder;
};

typedef enum deed_status catalogue_fn(void *arg,
				      const struct catalogue_item *item,
				      struct deed_error *err);

/*
 * Call fn with each of them, oldest first, those of one second by id; or by
 * folder, those of one folder by id.  Memory
 * does not grow with their number, and no lock is held while fn runs: it may
 * use the catalogue.  fn's first failure ends it.
 */
enum deed_status catalogue_list(struct catalogue *c,
				const struct catalogue_query *query,
				catalogue_fn *fn, void *arg,
				struct deed_error *err) DEED_MUST_USE;

/* The manifests of generations before that of an item's row, in no order, for
 * free(); NULL where there are none. */
enum deed_status catalogue_past(struct catalogue *c,
				const struct catalogue_item *item,
				struct stored_past **out, size_t *count,
				struct deed_error *err) DEED_MUST_USE;

/* How many there are. */
enum deed_status catalogue_count(struct catalogue *c, uint64_t *out,
				 struct deed_error *err) DEED_MUST_USE;

/* Is the row of a deposit what its manifest says, and is each of its parties'
 * keys entered for it? */
enum deed_status catalogue_agrees(struct catalogue *c, const struct manifest *m,
				  const uint8_t id[SHA256_SIZE],
				  const uint8_t cms[SHA256_SIZE], bool *agrees,
				  struct deed_error *err) DEED_MUST_USE;

/* Note what was seen of a deposit; nothing where it is not entered. */
enum deed_status catalogue_set_state(struct catalogue *c, const char *id,
				     enum catalogue_state state,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * What all places listed of a deposit when it was last seen whole
 * (archive/health/glance.h): a digest that its owner keeps here.  It is written
 * when there are many, and when the catalogue is closed; one that is lost is
 * made anew.
 */
enum deed_status catalogue_listed(struct catalogue *c,
				  const struct catalogue_item *item,
				  uint8_t digest[SHA256_SIZE], bool *known,
				  struct deed_error *err) DEED_MUST_USE;
enum deed_status catalogue_listed_count(struct catalogue *c, uint64_t *out,
					struct deed_error *err) DEED_MUST_USE;
void catalogue_set_listed(struct catalogue *c, const uint8_t id[SHA256_SIZE],
			  const uint8_t digest[SHA256_SIZE]);

/*
 * How far the log has been compared with it: the deposits of the entries
 * before this one are in the catalogue.  A number that its owner keeps here.
 */
enum deed_status catalogue_followed(struct catalogue *c, uint64_t *out,
				    struct deed_error *err) DEED_MUST_USE;
enum deed_status catalogue_follow(struct catalogue *c, uint64_t entries,
				  struct deed_error *err) DEED_MUST_USE;

/* What a run over the places did. */
struct catalogue_changes {
	uint64_t deposits; /* that the places have */
	uint64_t added, changed, removed;
	bool fresh;  /* the old one was missing or broken */
	bool unread; /* something at a place could not be read: nothing was
		      * taken out */
};

/*
 * Read the manifest of every deposit at every place, enter what is missing,
 * correct what is wrong, take out what no place has.  A run that was ended is
 * taken up again by the next: what it had entered is not read again.  The
 * catalogue can be used meanwhile.  wait is for somebody else's run, in
 * seconds: DEED_LOCKED.  With dry_run nothing is written.
 */
enum deed_status catalogue_reindex(struct archive *a, unsigned wait,
				   bool dry_run, struct catalogue_changes *out,
				   struct deed_error *err) DEED_MUST_USE;

#endif
