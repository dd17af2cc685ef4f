/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACE_S3_H
#define DEED_ARCHIVE_PLACE_S3_H

#include "archive/place/backend.h"
#include "archive/place/describe.h"
#include "archive/place/stores.h"

/*
 * A place in a bucket, for s3.c, s3_list.c and s3_examine.c alone.  An object
 * has the key PREFIX/FOLDER/NAME; a folder named by 32 hexadecimal digits lies
 * in one of its first two, PREFIX/AB/ABCD.../NAME, as in a directory, so that
 * either can be copied to the other as it is.  The order of keys is that of
 * folders and names then, too.
 */
#define S3_MARKER "place" /* in PLACE_ABOUT: by this a place is known */

struct s3 {
	struct place *place;
	char bucket[PLACE_BUCKET_MAX + 1];
	char *prefix; /* with a '/' behind it */
	struct place_description d;
	const struct place_means *means;
	struct buf text; /* what d points into */

	struct place_store *store; /* while it is open */

	pthread_mutex_t ahead_mutex; /* of the four below */
	bool ahead;		     /* pages are read ahead */
	bool fresh;		     /* ... and passed over for a while */
	struct store_answer page;    /* keys behind from */
	char from[STORE_KEY_MAX + 1];
};

/* "PREFIX/FOLDER/NAME", "PREFIX/FOLDER/" without a name, "PREFIX/" without a
 * folder. */
void s3_key(const struct s3 *s, const char *folder, const char *name,
	    char out[STORE_KEY_MAX + 1]);

/* One request, and what it brought; to be cleared also after a failure. */
enum deed_status s3_ask(struct s3 *s, enum place_operation operation,
			const struct store_request *r, struct store_answer *out,
			struct deed_error *err);

/* Is it a place?  DEED_REMOTE if it is not.  Asked again where it was last
 * seen a while ago. */
enum deed_status s3_seen(struct s3 *s, struct deed_error *err);

/* The seconds by which the store's clock is before ours; 0 where either is
 * unknown. */
int64_t s3_clock(const struct s3 *s, const struct store_answer *a);
#define S3_CLOCK_MAX 900 /* seconds: more is refused by stores */

/* "its clock is 1 h 2 min behind: ..." */
enum deed_status s3_clock_off(const struct s3 *s, int64_t seconds,
			      struct deed_error *err);

/* s3_list.c */
enum deed_status s3_list(struct place *p, const char *folder, place_fn *fn,
			 void *arg, struct deed_error *err);
enum deed_status s3_sizes(struct place *p, const char *folder,
			  place_walk_fn *fn, void *arg, struct deed_error *err);
enum deed_status s3_walk(struct place *p, const char *after, place_walk_fn *fn,
			 void *arg, struct deed_error *err);
void s3_ascending(struct place *p, bool on);
void s3_fresh(struct place *p, bool on);

/* Is anything of an archive behind the prefix? */
enum deed_status s3_has_any(struct s3 *s, bool *found, struct deed_error *err);

/* s3_history.c */
enum deed_status s3_modified(struct place *p, const char *folder,
			     const char *name, int64_t *out,
			     struct deed_error *err);
enum deed_status s3_versions(struct place *p, const char *folder,
			     place_version_fn *fn, void *arg,
			     struct deed_error *err);
enum deed_status s3_undelete(struct place *p, const char *folder,
			     const char *name, const char *version,
			     struct deed_error *err);

/* s3_examine.c */
enum deed_status s3_head_beneath(struct place *p, const char *beneath,
				 const char *folder, const char *name,
				 struct deed_error *err);
enum deed_status s3_examine(struct place *p, const char *folder,
			    const char *name, struct place_traits *out,
			    struct deed_error *err);

#endif
