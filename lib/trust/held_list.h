/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_HELD_LIST_H
#define DEED_TRUST_HELD_LIST_H

#include "trust/list_statement.h"

/*
 * Trust lists that a home holds, each under a name, in the folder lists/ of
 * its trust/ folder: NAME.cms, the statement, and NAME.json, whose signer is
 * pinned and where the list came from.  The signer is asked for once, when
 * the list is added; afterwards only he can replace it, and never by an older
 * one.  What is here judges and names the files; office/party/trust_hold.h
 * writes and removes them, in a transaction of the log.  They are written whole
 * and renamed, so readers need no lock.
 *
 * Names are [a-z0-9] and then [a-z0-9._-], HELD_NAME_MAX at most.
 */
#define HELD_FOLDER "lists"
#define HELD_STATEMENT ".cms"
#define HELD_NOTE ".json"
#define HELD_NAME_MAX 64
#define HELD_LISTS_MAX 256 /* in a home */
#define HELD_STATEMENT_MAX (32U * 1024 * 1024)

struct held_list {
	char *name;
	char *from;	     /* file or URL */
	struct cert *signer; /* pinned */
	struct list_statement *statement;
	uint8_t file[32]; /* SHA-256 of the statement in DER */
};

/* A list that is offered for a name. */
struct held_offer {
	const char *name;
	struct slice der;
	const char *from;
	struct cert *signer; /* NULL: the one that is pinned (an update) */
	int64_t at;
};

/* What an offer has that is not held. */
enum held_news {
	HELD_NOTHING,
	HELD_BESIDE, /* the same list; another signature, signer or origin */
	HELD_LIST,
};

/*
 * Judge the offer; *out is what would be held.  Three errors of three statuses:
 * DEED_NOT_VERIFIED, another signer than the one named or pinned;
 * DEED_INCONSISTENT, a rollback: a lower sequence than is held, or the same
 * with another payload; DEED_CERT_INVALID, a list that ended before offer.at.
 * DEED_NOT_FOUND: an update of a name that is not held.  DEED_REFUSED: a list
 * of another kind or scheme.  DEED_LIMIT: one more than HELD_LISTS_MAX.  *out
 * is freed by held_list_free.
 */
enum deed_status held_list_judge(const char *trust,
				 const struct held_offer *offer,
				 struct held_list **out, enum held_news *news,
				 struct deed_error *err) DEED_MUST_USE;

/* The two files of a list: without the note the list is not held, so it comes
 * last and goes first. */
struct held_files {
	char *statement, *note;
	struct buf text; /* of the note; of a list that goes: none */
};
void held_files_clear(struct held_files *f);

/* Of a list that was judged; their folder is made. */
enum deed_status held_files_of(const char *trust, const struct held_list *h,
			       struct held_files *out,
			       struct deed_error *err) DEED_MUST_USE;

/* Of a name that is held, readable or not, or half removed.  DEED_NOT_FOUND. */
enum deed_status held_files_find(const char *trust, const char *name,
				 struct held_files *out,
				 struct deed_error *err) DEED_MUST_USE;

/* Read one, as it is held: its signatures are checked again, and that the
 * signer is the one pinned.  DEED_NOT_FOUND. */
enum deed_status held_list_read(const char *trust, const char *name,
				struct held_list **out,
				struct deed_error *err) DEED_MUST_USE;
void held_list_free(struct held_list *h);

/* All names, sorted; *names and each of them is freed with free(), also after
 * an error.  DEED_IO and its kin where they cannot be read. */
enum deed_status held_list_names(const char *trust, char ***names,
				 size_t *count,
				 struct deed_error *err) DEED_MUST_USE;

/* DEED_CERT_INVALID where the list ended before at. */
enum deed_status held_list_current(const struct trust_list *l, int64_t at,
				   struct deed_error *err) DEED_MUST_USE;

#endif
