/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACES_H
#define DEED_ARCHIVE_PLACES_H

#include "archive/archive.h"

struct place;
struct place_description;
struct place_traits;

/*
 * Changing which places an archive has.  What places.json says holds for new
 * deposits; those that exist have their places by name in their manifests.
 * Writers wait for each other; the file is replaced at once.
 */

/* The local places of a new archive, and the file that lists them:
 * DEED_EXISTS. */
enum deed_status places_create(const char *dir,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Add a place and make its folder if there is none.  DEED_EXISTS where the
 * archive has one of this name, in this folder, or in this bucket under this
 * prefix or one within it, or around it, at one of its endpoints or by
 * another; DEED_USAGE for a name that is none, DEED_CONFIG for a description
 * that is none, DEED_LIMIT.
 */
enum deed_status places_add(const char *dir, const char *name,
			    const struct place_description *d,
			    const struct place_means *means, unsigned wait,
			    bool dry_run, struct deed_error *err) DEED_MUST_USE;

/*
 * Is it a place of the archive by another endpoint, or does it lie in one or
 * around one, by the names of bucket and prefix?  What is written to the inner
 * one is looked for from the outer: DEED_EXISTS if it is there, and what that
 * answers if it does not say.  Of a place that is there; where no other has
 * such a name nothing is asked.
 */
enum deed_status places_tell_apart(const struct archive *a, struct place *new,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * Take a place out; what lies there stays.  DEED_NOT_FOUND; DEED_REFUSED
 * where it is named (archive/named.h), where a place does not answer to say
 * so, and where fewer would be left than a deposit needs.
 */
enum deed_status places_remove(const char *dir, const char *name,
			       const struct place_means *means, unsigned wait,
			       bool dry_run,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Write an object, make it durable, look at it, read it back, all and a part,
 * find it in its folder, and take it away again; and what is to be known of the
 * store beside (out may be NULL).  As place_probe (archive/place/place.h) where
 * the place is not there or does not let us, DEED_REMOTE where it does not take
 * it or brings something else back.
 */
enum deed_status places_test(struct place *p, struct place_traits *out,
			     struct deed_error *err) DEED_MUST_USE;

#endif
