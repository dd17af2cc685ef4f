/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_FIND_H
#define DEED_OFFICE_DEPOSIT_FIND_H

#include "archive/catalogue.h"
#include "archive/stored.h"
#include "office/home.h"

/*
 * Finding deposits by the catalogue.  It is believed in nothing: what is
 * found is judged by its manifest.
 */

/*
 * A deposit by its id or the beginning of it, from whichever place has its
 * manifest.  *a is closed and *d freed by the caller, the deposit first.
 * DEED_NOT_FOUND without asking any place, with the remedy "reindex" where
 * the log names a deposit that the catalogue lacks.
 */
enum deed_status deposit_find(const struct home *h, const char *id,
			      struct archive **a, struct stored **d,
			      struct deed_error *err) DEED_MUST_USE;

/* The one that bears this label: DEED_USAGE where several do. */
enum deed_status deposit_find_label(const struct home *h, const char *label,
				    struct archive **a, struct stored **d,
				    struct deed_error *err) DEED_MUST_USE;

/* Only the deposits to which all of this applies; NULL is any. */
struct deposit_query {
	const char *label;
	const char *party; /* of this house, or a file with its certificate */
	const char *after; /* an id: what follows it in the list */
	bool has_since, has_until, has_state;
	int64_t since, until; /* not before, and before */
	enum catalogue_state state;
	uint64_t limit; /* 0: all */
};

/* As catalogue_list.  A party's deposits are those for any key that it has or
 * had. */
enum deed_status deposit_list(const struct home *h,
			      const struct deposit_query *query,
			      catalogue_fn *fn, void *arg,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * Note in the catalogue what a check has seen of a deposit.  *agreed is false
 * where its row was not what its manifest says, and is right now.
 */
enum deed_status deposit_note(struct archive *a, struct catalogue *c,
			      const struct stored *d,
			      enum catalogue_state state, bool *agreed,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * Does the log name deposits that the catalogue lacks?  Looks at what of the
 * log was not looked at before, DEPOSIT_FOLLOW entries at most.
 */
#define DEPOSIT_FOLLOW 2048
enum deed_status deposit_follow(const struct home *h, struct catalogue *c,
				bool *lacks,
				struct deed_error *err) DEED_MUST_USE;

/* The identifiers of a party's deposit keys, or of the key in a certificate's
 * file.  *out is freed with free(); none for a party that has no key here. */
enum deed_status deposit_keys(const struct home *h, const char *party,
			      struct catalogue_key **out, size_t *count,
			      struct deed_error *err) DEED_MUST_USE;

#endif
