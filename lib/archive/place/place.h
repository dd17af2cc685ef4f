/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACE_H
#define DEED_ARCHIVE_PLACE_H

#include <pthread.h>

#include "base/secret.h"
#include "crypto/digest.h"
#include "net/store.h"

/*
 * A place: somewhere that keeps objects under names of two parts,
 * "FOLDER/NAME".  One interface, a back end each (archive/place/backend.h).  A
 * place knows nothing of deposits, is told no secret of theirs, and its word
 * is not taken: who reads an object compares its hash.
 *
 * Names consist of letters, digits, '-', '.' and '_', do not begin with '.'
 * and have at most PLACE_NAME bytes a part.  How a back end spreads folders is
 * its own matter.  An object appears whole or not at all, and is never
 * changed.  Nothing is durable before place_sync.
 *
 * A place may be used by any number of threads; place_ascending and
 * place_read_back are said before.  No lock files.
 *
 * Every function here answers
 *
 *	DEED_OK
 *	DEED_NOT_FOUND	absent: the place answers, and has no such thing
 *	DEED_REMOTE	away: the place does not answer, or is not there as a
 *			whole (a disk that is not mounted, no such bucket)
 *	DEED_DENIED	refused: it answers, and does not let us
 *	DEED_DAMAGED	wrong: it answers what cannot be right
 *	DEED_IO		a disk failed
 *	DEED_LIMIT	an object is longer than was asked for
 *	DEED_NO_SPACE, DEED_NO_MEMORY, DEED_LOCKED
 *	DEED_MALFORMED	a name that is none
 *
 * Nothing but DEED_NOT_FOUND means that something is not there: whoever
 * deletes, repairs or passes over what is missing asks for that alone.
 */
#define PLACE_NAME 128
#define PLACE_OBJECT_MAX (64u << 20)

struct place;

/* A folder that every place has from when it is made, though nothing may be in
 * it: by this a new place differs from the folder where a disk is not
 * mounted. */
#define PLACE_ABOUT "about"

/* What a home says of a place; strings are borrowed while it is opened. */
struct place_description {
	const char *where; /* "dir:PATH", "s3:BUCKET/PREFIX" */

	/* Only of s3 (net/store.h), what follows. */
	const char *endpoint[STORE_ENDPOINTS];
	size_t endpoint_count;
	const char *region; /* NULL: "us-east-1" */
	const char *access_key;
	const char *secret; /* where it is found, as passphrases are */
	const char *ca;
	const char *proxy;
	unsigned transfers;
	bool insecure;
};

/* Requests and bytes of objects since it was opened, for reports and bills.
 * Of a folder a request is what one at a store would be. */
struct place_traffic {
	uint64_t put, get, head, list, remove;
	uint64_t sent, received;
};
/* What all places together have asked for by the time they are closed; zero to
 * begin with, then its mutex.  local are folders of this machine. */
struct place_tally {
	pthread_mutex_t mutex;
	struct place_traffic local, remote;
};

/*
 * What places need from above, borrowed as long as they are open.  Without it
 * (NULL, or NULL members) those that need it cannot be opened: DEED_CONFIG, or
 * DEED_NO_KEY where the secret is what lacks.  A folder needs none.
 */
struct place_means {
	struct store_client *client; /* shared by all */
	bool read_back;		     /* as place_read_back */
	struct place_stores *stores; /* archive/place/stores.h; or NULL */
	enum deed_status (*secret)(void *arg, const char *place,
				   const char *source, struct secret **out,
				   struct deed_error *err);
	int64_t (*now)(void *arg); /* held against a store's clock; or NULL */
	void *arg;
	struct place_tally *tally; /* or NULL */
};

/*
 * A place from its description, where a relative path is relative to base.
 * The name is what reports call it.  Nothing is asked or made.  DEED_CONFIG
 * for a description of another kind.
 */
enum deed_status place_open(const char *name, const struct place_description *d,
			    const char *base, const struct place_means *means,
			    struct place **out,
			    struct deed_error *err) DEED_MUST_USE;
void place_close(struct place *p); /* with no ticket out; NULL does nothing */

const char *place_name(const struct place *p); /* borrowed */

/* Where it is, for README and reports; borrowed. */
const char *place_location(const struct place *p);

/* How many transfers it has under way at once, at most. */
unsigned place_transfers(const struct place *p);

/* Is it a folder of this machine?  Then that is its location. */
bool place_is_local(const struct place *p);

/*
 * Does it answer?  DEED_REMOTE where it is not there as a whole: it is gone,
 * cannot be read, or has nothing of an archive in it, neither PLACE_ABOUT nor
 * the folder of a deposit, as where a disk is not mounted.  DEED_DENIED where
 * it answers and does not let us.
 */
enum deed_status place_probe(struct place *p,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Is there an object of another place that lies in this one, "beneath" its
 * folders, as "s3:b/p/q" lies in "s3:b/p" beneath "q"; or in this one itself,
 * beneath ""?  As place_head; DEED_UNSUPPORTED of a folder.
 */
enum deed_status place_head_beneath(struct place *p, const char *beneath,
				    const char *folder, const char *name,
				    struct deed_error *err) DEED_MUST_USE;

/* Make an empty place where there is none; fine if it is there.  Nothing else
 * does. */
enum deed_status place_make(struct place *p,
			    struct deed_error *err) DEED_MUST_USE;

/* The same; *marker is the name in PLACE_ABOUT of an object that was not there
 * and that this call wrote, or NULL: so it is of a folder. */
enum deed_status place_make_new(struct place *p, const char **marker,
				struct deed_error *err) DEED_MUST_USE;

/* ---- many at a time ---- */

/*
 * A transfer under way.  begin returns at once where the back end can, and
 * waits where it has as many under way as it may; finish waits until it is
 * done, says how it went, and frees the ticket: every ticket is finished, in
 * any order, by any thread.  A failure of begin leaves *out NULL; it is as a
 * failure of finish would be.
 *
 *	place_put_begin(p, folder, name, bytes, &ticket, err)
 *	place_settle(ticket)		optional: see there
 *	place_finish(ticket, err)
 */
struct place_ticket;

/*
 * Write an object.  One that is there under this name is left alone if it
 * holds the same bytes, and replaced if not (it is damaged: names carry
 * hashes).  Several may write it at once.  DEED_REMOTE where the place does
 * not answer: it is not made, and no folder in it.  When this has returned
 * bytes may be used again.
 */
enum deed_status place_put_begin(struct place *p, const char *folder,
				 const char *name, struct slice bytes,
				 struct place_ticket **out,
				 struct deed_error *err) DEED_MUST_USE;

/*
 * Append the bytes of an object from an offset on: at most max of them, all
 * behind it if there are not more, else DEED_LIMIT.  out is the caller's; it
 * stays until finish, which alone appends to it, nothing after a failure.
 */
enum deed_status place_get_begin(struct place *p, const char *folder,
				 const char *name, uint64_t from, size_t max,
				 struct buf *out, struct place_ticket **ticket,
				 struct deed_error *err) DEED_MUST_USE;

/*
 * All of an object whose hash is known.  DEED_DAMAGED where its bytes are
 * others, at a store after it was asked once more: another of its copies may
 * be whole.
 */
enum deed_status place_get_known_begin(struct place *p, const char *folder,
				       const char *name,
				       const uint8_t sha256[SHA256_SIZE],
				       size_t max, struct buf *out,
				       struct place_ticket **ticket,
				       struct deed_error *err) DEED_MUST_USE;

/* The same of one that has size bytes, to where they are wanted: that memory
 * is the transfer's until finish has returned, which says whether they are
 * there. */
enum deed_status place_fill_begin(struct place *p, const char *folder,
				  const char *name,
				  const uint8_t sha256[SHA256_SIZE],
				  uint8_t *into, size_t size,
				  struct place_ticket **ticket,
				  struct deed_error *err) DEED_MUST_USE;

/* Is there an object of that name, and how long is it?  size may be NULL; it
 * is set by finish. */
enum deed_status place_head_begin(struct place *p, const char *folder,
				  const char *name, uint64_t *size,
				  struct place_ticket **out,
				  struct deed_error *err) DEED_MUST_USE;

/* Remove an object; fine if it is not there, at a place that answers. */
enum deed_status place_remove_begin(struct place *p, const char *folder,
				    const char *name, struct place_ticket **out,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * Wait for the answer; where the place reads back (place_read_back), begin to.
 * Who finishes many settles all of them first, so that they are read back at
 * the same time.  NULL does nothing.
 */
void place_settle(struct place_ticket *t);

/* How many bytes that keeps in memory until it is finished. */
size_t place_settle_size(const struct place_ticket *t);

/* NULL is DEED_OK. */
enum deed_status place_finish(struct place_ticket *t,
			      struct deed_error *err) DEED_MUST_USE;

/* ---- at once ---- */

enum deed_status place_put(struct place *p, const char *folder,
			   const char *name, struct slice bytes,
			   struct deed_error *err) DEED_MUST_USE;

/* The whole object, of at most max bytes. */
enum deed_status place_get(struct place *p, const char *folder,
			   const char *name, size_t max, struct buf *out,
			   struct deed_error *err) DEED_MUST_USE;

/* len bytes of it from an offset on; fewer where it ends before: nothing at
 * or behind its end. */
enum deed_status place_get_range(struct place *p, const char *folder,
				 const char *name, uint64_t from, size_t len,
				 struct buf *out,
				 struct deed_error *err) DEED_MUST_USE;

enum deed_status place_head(struct place *p, const char *folder,
			    const char *name, uint64_t *size,
			    struct deed_error *err) DEED_MUST_USE;
enum deed_status place_remove(struct place *p, const char *folder,
			      const char *name,
			      struct deed_error *err) DEED_MUST_USE;

/* Make all that was put durable. */
enum deed_status place_sync(struct place *p,
			    struct deed_error *err) DEED_MUST_USE;

/* Remove a folder if nothing is left in it; fine if it is not there. */
enum deed_status place_remove_folder(struct place *p, const char *folder,
				     struct deed_error *err) DEED_MUST_USE;

/* ---- what there is ---- */

/*
 * Call fn with the name of each object in a folder, or with folder NULL of
 * each folder, in no order.  What is not named as an object could be is told
 * too: a check reports it.  DEED_NOT_FOUND if the folder is not there.  fn's
 * first failure ends the list.
 */
typedef enum deed_status place_fn(void *arg, const char *name,
				  struct deed_error *err);
enum deed_status place_list(struct place *p, const char *folder, place_fn *fn,
			    void *arg, struct deed_error *err) DEED_MUST_USE;

/* The same of a folder, with the size of each object, as the place says. */
typedef enum deed_status place_walk_fn(void *arg, const char *folder,
				       const char *name, uint64_t size,
				       struct deed_error *err);
enum deed_status place_sizes(struct place *p, const char *folder,
			     place_walk_fn *fn, void *arg,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * In one go through all folders and the objects in them, in the order of the
 * bytes of "FOLDER/NAME", from behind `after` on ("FOLDER/NAME", or "FOLDER"
 * to begin behind all of that folder's); NULL: all.  Read by pages: what comes
 * or goes meanwhile may be told or not.  Names that no object can have are
 * told, too.  fn's first failure ends the walk.
 */
enum deed_status place_walk(struct place *p, const char *after,
			    place_walk_fn *fn, void *arg,
			    struct deed_error *err) DEED_MUST_USE;

/*
 * Somebody will ask for folders in ascending order (or no longer will): a back
 * end may read ahead a page, which serves many folders.  What is told then may
 * be as old as this.
 */
void place_ascending(struct place *p, bool on);

/* Ask each time, for a while: what was read ahead is passed over, and kept for
 * afterwards. */
void place_fresh(struct place *p, bool on);

/* ---- what there was ---- */

/* When an object was written, by the place's own clock. */
enum deed_status place_modified(struct place *p, const char *folder,
				const char *name, int64_t *out,
				struct deed_error *err) DEED_MUST_USE;

/*
 * Some stores keep what was replaced or deleted: the versions of an object, of
 * which the latest is in force; where that is a marker the object is deleted.
 */
struct place_version {
	const char *name;
	const char *version; /* its id; opaque */
	bool latest, marker;
};

/* Call fn with each version of each object in a folder, those of one object
 * one after another, the latest first.  Nothing where the place keeps none. */
typedef enum deed_status place_version_fn(void *arg,
					  const struct place_version *v,
					  struct deed_error *err);
enum deed_status place_versions(struct place *p, const char *folder,
				place_version_fn *fn, void *arg,
				struct deed_error *err) DEED_MUST_USE;

/* Remove one version, which is a marker that place_versions told: what was
 * before it is in force again.  DEED_UNSUPPORTED where the place keeps none. */
enum deed_status place_undelete(struct place *p, const char *folder,
				const char *name, const char *version,
				struct deed_error *err) DEED_MUST_USE;

/* ---- of all of it ---- */

/* The endpoints of a place in a bucket, borrowed; NULL behind the last, and for
 * a folder. */
const char *place_endpoint(const struct place *p, size_t number);

/*
 * What is to be known of a store before it is trusted with much, by an object
 * that is there, and is taken away with all of its versions.  Of a folder
 * nothing is known.
 */
enum place_condition {
	PLACE_CONDITION_UNKNOWN,
	PLACE_CONDITION_HELD,	     /* what is there is not overwritten */
	PLACE_CONDITION_IGNORED,     /* it is, and the store says 200 */
	PLACE_CONDITION_UNSUPPORTED, /* the store says that it cannot */
};

struct place_traits {
	enum place_condition condition;
	bool versions_known, versions; /* of the bucket: are they kept? */
	bool marker;		       /* what is removed leaves one */
	bool clock_known;
	int64_t clock; /* seconds by which its clock is ahead of ours */
};

enum deed_status place_examine(struct place *p, const char *folder,
			       const char *name, struct place_traits *out,
			       struct deed_error *err) DEED_MUST_USE;

/* Why it was last found away, refusing or failing, or with a list that cannot
 * be right, since it was opened; DEED_OK where it never was. */
void place_failure(struct place *p, struct deed_error *out);

/* Of one, since it was opened. */
void place_traffic(const struct place *p, struct place_traffic *out);
void place_traffic_add(struct place_traffic *to,
		       const struct place_traffic *what);

/*
 * Whether each object that is put is read again, and compared, before
 * place_finish says that it is there: DEED_DAMAGED where it is not what was
 * put, DEED_REMOTE where it is not there at all.
 */
void place_read_back(struct place *p, bool on);

#endif
