/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACE_PLACE_H
#define DEED_ARCHIVE_PLACE_PLACE_H

#include "base/buf.h"

/*
 * A place: somewhere that keeps objects under names of two parts,
 * "FOLDER/NAME".  One interface, a back end each: a local directory, later an
 * S3 bucket.  A place knows nothing of deposits, is told no secret, and its
 * word is not taken: who reads an object compares its hash.
 *
 * Names consist of letters, digits, '-', '.' and '_', do not begin with '.'
 * and have at most PLACE_NAME bytes a part.  How a back end spreads folders is
 * its own matter.  An object appears whole or not
 * at all, and is never changed.  Nothing is durable before place_sync.
 *
 * A back end keeps no state but where it is: a place may be used by any
 * number of threads.  No lock files.
 */
#define PLACE_NAME 128
#define PLACE_OBJECT_MAX (64u << 20)

struct place;

/* A folder that every place has from when it is made, though nothing may be in
 * it: by this a new place differs from the folder where a disk is not
 * mounted. */
#define PLACE_ABOUT "about"

/*
 * A place from its description: "dir:PATH", where a relative path is relative
 * to base.  The name is what reports call it.  Nothing is opened or made.
 * DEED_CONFIG for a description of another kind.
 */
enum deed_status place_open(const char *name, const char *description,
			    const char *base, struct place **out,
			    struct deed_error *err) DEED_MUST_USE;
void place_close(struct place *p);

const char *place_name(const struct place *p); /* borrowed */

/* Where it is, for README and reports; borrowed. */
const char *place_location(const struct place *p);

/*
 * Does it answer?  DEED_REMOTE where it is not there as a whole: its folder is
 * gone, cannot be read, or has nothing of an archive in it, neither
 * PLACE_ABOUT nor the folder of a deposit, as where a disk is not mounted.
 */
enum deed_status place_probe(struct place *p,
			     struct deed_error *err) DEED_MUST_USE;

/* Make an empty place where there is none; fine if it is there.  Nothing else
 * does. */
enum deed_status place_make(struct place *p,
			    struct deed_error *err) DEED_MUST_USE;

/*
 * Write an object.  One that is there under this name is left alone if it
 * holds the same bytes, and replaced if not (it is damaged: names carry
 * hashes).  Several may write it at once.  DEED_REMOTE where the place does
 * not answer: it is not made, and no folder in it.
 */
enum deed_status place_put(struct place *p, const char *folder,
			   const char *name, struct slice bytes,
			   struct deed_error *err) DEED_MUST_USE;

/* Make all that was put durable. */
enum deed_status place_sync(struct place *p,
			    struct deed_error *err) DEED_MUST_USE;

/* Append the bytes of an object, at most max: DEED_NOT_FOUND, DEED_LIMIT. */
enum deed_status place_get(struct place *p, const char *folder,
			   const char *name, size_t max, struct buf *out,
			   struct deed_error *err) DEED_MUST_USE;

/* Is there a file of that name?  False where it cannot be told. */
bool place_has(struct place *p, const char *folder, const char *name);

/* Remove an object; fine if it is not there. */
enum deed_status place_remove(struct place *p, const char *folder,
			      const char *name,
			      struct deed_error *err) DEED_MUST_USE;

/* Remove a folder if nothing is left in it; fine if it is not there. */
enum deed_status place_remove_folder(struct place *p, const char *folder,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * Call fn with the name of each object in a folder, or with folder NULL of
 * each folder, in no order.  What is not named as an object could be is told
 * too: a check reports it.  DEED_NOT_FOUND if the folder (or the place) is
 * not there.  fn's first failure ends the walk.
 */
typedef enum deed_status place_fn(void *arg, const char *name,
				  struct deed_error *err);
enum deed_status place_list(struct place *p, const char *folder, place_fn *fn,
			    void *arg, struct deed_error *err) DEED_MUST_USE;

#endif
