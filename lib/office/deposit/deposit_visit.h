/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_VISIT_H
#define DEED_OFFICE_DEPOSIT_VISIT_H

#include "archive/catalogue.h"
#include "archive/health/check.h"
#include "office/home.h"
#include "pki/path.h"

/*
 * Going from deposit to deposit, for check and repair: archive, catalogue and
 * the house root are opened once, and no key at all.
 *
 *	deposit_visit_open(h, &v, err)
 *	deposit_visit_id(v, "0123abcd", fn, arg, err)	one deposit
 *	deposit_visit_round(v, &round, fn, arg, err)	all, or the next few
 *	deposit_visit_close(v)
 */
struct deposit_visit {
	const struct home *home; /* borrowed */
	struct archive *archive;
	struct answering places; /* which answer; asked when it was opened */
	struct check_about about;
	struct catalogue *catalogue;
	struct pki_source *source;
	bool ahead; /* places may tell what they had a while ago */
};

/* Sees one; what it returns ends a round unless it is DEED_OK.  Where no
 * place has its manifest d is NULL and why says what is amiss. */
typedef enum deed_status deposit_visit_fn(void *arg,
					  const struct catalogue_item *item,
					  const struct stored *d,
					  const struct deed_error *why,
					  struct deed_error *err);

enum deed_status deposit_visit_open(const struct home *h,
				    struct deposit_visit **out,
				    struct deed_error *err) DEED_MUST_USE;
void deposit_visit_close(struct deposit_visit *v);

/* Of a round that reads ahead: ask places each time (place_fresh), or no longer
 * so. */
void deposit_visit_fresh(struct deposit_visit *v, bool on);

/* By the id or its beginning: DEED_NOT_FOUND, DEED_USAGE as catalogue_find. */
enum deed_status deposit_visit_id(struct deposit_visit *v, const char *id,
				  deposit_visit_fn *fn, void *arg,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * So many per cent of the deposits (one at least), in the order of their
 * folders, which is that of the objects at a place: a page of what it has
 * serves all deposits of that page.  It begins after the one at which the last
 * round of this name ended, and with the first again after the last: rounds of
 * a sample come to every deposit.  How far it came is kept in the archive,
 * under the name with "-cursor", at least each second: one that was ended is
 * taken up again.
 */
typedef bool deposit_glance_fn(void *arg, const struct catalogue_item *item);
struct deposit_round {
	const char *name; /* "check", "repair"; NULL: from the first, and
			   * nothing is kept */
	unsigned percent; /* 1 to 100; after 100 the next begins anew */
	/* Let places read ahead.  Whoever finds something amiss then looks
	 * again without. */
	bool ahead;
	/* Called before one is loaded, with the same arg; where it is true the
	 * deposit is done, and fn not called.  Or NULL. */
	deposit_glance_fn *glance;
};
enum deed_status deposit_visit_round(struct deposit_visit *v,
				     const struct deposit_round *round,
				     deposit_visit_fn *fn, void *arg,
				     struct deed_error *err) DEED_MUST_USE;

#endif
