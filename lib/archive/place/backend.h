/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACE_BACKEND_H
#define DEED_ARCHIVE_PLACE_BACKEND_H

#include <stdatomic.h>

#include "archive/place/place.h"
#include "crypto/digest.h"

/*
 * What a back end provides, and what it has from archive/place/place.c and the
 * files of transfers, which alone stand between it and the callers.  Names were
 * checked; what each function answers is said in place.h, and absent is never
 * said by one that did not learn it from the place.
 */
enum place_operation {
	PLACE_PUT,
	PLACE_GET,
	PLACE_HEAD,
	PLACE_REMOVE,
	PLACE_LIST, /* only counted */
};
#define PLACE_OPERATIONS 5

struct place {
	const struct place_backend *backend;
	char *name;
	char *where; /* as reports say it; set by open, freed by place.c */
	void *state; /* the back end's own; made by open, freed by close */
	unsigned transfers; /* set by open; 1 where none is under way */
	const char *const *endpoint; /* of a bucket, in state */
	size_t endpoint_count;
	struct place_tally *tally; /* or NULL */
	bool read_back;
	pthread_mutex_t mutex;	   /* of failure */
	struct deed_error failure; /* of place_failure */
	atomic_uint_least64_t count[PLACE_OPERATIONS], sent, received;
};

/*
 * One transfer.  begin starts it and returns, or does it then and there; what
 * it learns there that is the object's matter it may keep in status and why
 * for finish to tell.  bytes is not to be used after begin.  Of GET, from and
 * max are the range, and out is appended to by finish alone; `whole` says that
 * the object must end within it (DEED_LIMIT), else what it has there is all
 * that is wanted, and nothing behind its end is DEED_OK.  With `into` that is
 * where they go, any time before finish returns, which sets `filled`.  With
 * `known` a hash is compared (transfer_end.c): a back end need not look at the
 * bytes, until `doubted` says that they were others.
 */
struct place_ticket {
	struct place *place;
	enum place_operation operation;
	char folder[PLACE_NAME + 1], name[PLACE_NAME + 1];
	struct slice bytes; /* PUT */
	uint64_t from;	    /* GET, and the two below */
	size_t max;
	bool whole;
	struct buf *out;
	uint8_t *into;
	size_t filled;
	bool known, doubted;
	uint64_t *size; /* HEAD; may be NULL */

	/* For the back end. */
	void *call;
	enum deed_status status;
	struct deed_error why;

	/* For the files of transfers: what is known; reading back. */
	uint8_t sha256
		[SHA256_SIZE]; /* of bytes; where known, what it must be */
	size_t len;
	struct place_ticket *back;
	struct buf again;
	bool settled;
};

struct place_backend {
	const char *scheme; /* "dir:" */
	bool local;

	/* Nothing is asked or made.  d->where begins with the scheme. */
	enum deed_status (*open)(struct place *p,
				 const struct place_description *d,
				 const char *base,
				 const struct place_means *means,
				 struct deed_error *err);
	void (*close)(struct place *p); /* after a failed open, too */
	enum deed_status (*probe)(struct place *p, struct deed_error *err);
	/* *marker: as place_make_new; NULL before. */
	enum deed_status (*make)(struct place *p, const char **marker,
				 struct deed_error *err);
	enum deed_status (*begin)(struct place_ticket *t,
				  struct deed_error *err);
	enum deed_status (*finish)(struct place_ticket *t,
				   struct deed_error *err);
	enum deed_status (*sync)(struct place *p, struct deed_error *err);
	enum deed_status (*remove_folder)(struct place *p, const char *folder,
					  struct deed_error *err);
	enum deed_status (*list)(struct place *p, const char *folder,
				 place_fn *fn, void *arg,
				 struct deed_error *err);
	enum deed_status (*sizes)(struct place *p, const char *folder,
				  place_walk_fn *fn, void *arg,
				  struct deed_error *err);
	enum deed_status (*walk)(struct place *p, const char *after,
				 place_walk_fn *fn, void *arg,
				 struct deed_error *err);
	enum deed_status (*modified)(struct place *p, const char *folder,
				     const char *name, int64_t *out,
				     struct deed_error *err);
	/* NULL where nothing is read ahead, both. */
	void (*ascending)(struct place *p, bool on);
	void (*fresh)(struct place *p, bool on);
	enum deed_status (*examine)(struct place *p, const char *folder,
				    const char *name, struct place_traits *out,
				    struct deed_error *err); /* may be NULL */

	/* NULL where a place is never within another. */
	enum deed_status (*head_beneath)(struct place *p, const char *beneath,
					 const char *folder, const char *name,
					 struct deed_error *err);

	/* NULL where no versions are kept, both. */
	enum deed_status (*versions)(struct place *p, const char *folder,
				     place_version_fn *fn, void *arg,
				     struct deed_error *err);
	enum deed_status (*undelete)(struct place *p, const char *folder,
				     const char *name, const char *version,
				     struct deed_error *err);
};

/* What place_traffic tells; a back end says what it asked for, each try. */
void place_count(struct place *p, enum place_operation operation,
		 uint64_t requests, uint64_t sent, uint64_t received);

/* DEED_MALFORMED for what is none; name may be NULL. */
enum deed_status place_check_name(const char *folder, const char *name,
				  struct deed_error *err) DEED_MUST_USE;

/* Is it the place's?  What is an object's matter, or this machine's, is not. */
bool place_is_failure(enum deed_status status);

/* Keep why it failed, if it did, for place_failure; *err gets it as well. */
enum deed_status place_note(struct place *p, bool failed,
			    enum deed_status status,
			    const struct deed_error *why,
			    struct deed_error *err);

/* 32 digits: the folder of a deposit, and no place has another such. */
bool place_is_deposit(const char *folder);

extern const struct place_backend place_directory;
extern const struct place_backend place_s3;

#endif
