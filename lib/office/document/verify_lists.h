/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_VERIFY_LISTS_H
#define DEED_OFFICE_VERIFY_LISTS_H

#include "judge/verdict.h"
#include "pki/path.h"
#include "trust/list_statement.h"

/*
 * The trust lists that deed verify --trust-list asks: read and believed once
 * a run, read only afterwards, and then shared by threads.
 */
#define VERIFY_LISTS 256
#define VERIFY_LIST_MAX (32u << 20) /* octets of one */

struct verify_lists_params {
	/* Files of statements deed.trust-list/1; "home" stands for those that
	 * home holds, each believed by the signer pinned there (a file of that
	 * name is "./home"). */
	const char *const *lists;
	size_t list_count;
	const char *home; /* path, for the word "home"; may be NULL */
	/* Files of certificates: whose lists are believed. */
	const char *const *signers;
	size_t signer_count;
};

struct verify_lists;

/*
 * DEED_INDETERMINATE for a list that cannot be read, does not verify, or is
 * signed by nobody who was named: without it nothing can be told.  DEED_IO,
 * DEED_MALFORMED, … of a signer's certificate.
 */
enum deed_status verify_lists_open(const struct verify_lists_params *params,
				   struct verify_lists **out,
				   struct deed_error *err) DEED_MUST_USE;
void verify_lists_free(struct verify_lists *l);

size_t verify_lists_count(const struct verify_lists *l);
const struct list_statement *verify_lists_at(const struct verify_lists *l,
					     size_t i);

/* The authorities that certify signers, seals or time-stamps according to a
 * list, now or earlier, become anchors: whose word counts at which time is
 * what the list is asked for. */
enum deed_status verify_lists_anchor(const struct verify_lists *l,
				     struct pki_source *into,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * Add what each list says of each signer to a document that was judged at
 * this time; time-stamps are not asked about.  A time that the signer alone
 * claims is no proof: then the time of judging counts.
 */
enum deed_status verify_lists_ask(const struct verify_lists *l, int64_t at,
				  struct verdict_document *doc,
				  struct deed_error *err) DEED_MUST_USE;

#endif
