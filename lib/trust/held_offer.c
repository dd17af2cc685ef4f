/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/held_list.h"

#include <stdlib.h>

#include "crypto/digest.h"

/* A list that is offered, beside the one that is held under its name: does it
 * follow? */

static const char *kind_text(enum trust_list_kind kind)
{
	return kind == TRUST_LIST_TS119612 ? "of TS 119 612"
					   : "written by hand in YAML";
}

/* What replaces a list is by the same signer, and no older. */
static enum deed_status check_follows(const struct held_list *old,
				      const struct list_statement *offered,
				      struct deed_error *err)
{
	const struct trust_list *a = old->statement->list, *b = offered->list;

	if (a->kind != b->kind)
		return deed_error_set(err, DEED_REFUSED,
				      "it is a list %s, and the one held as "
				      "'%s' is one %s",
				      kind_text(b->kind), old->name,
				      kind_text(a->kind));
	if (strcmp(a->scheme, b->scheme) != 0)
		return deed_error_set(err, DEED_REFUSED,
				      "it is of scheme '%.100s', and the list "
				      "held as '%s' of scheme '%.100s'",
				      b->scheme, old->name, a->scheme);
	if (b->sequence < a->sequence)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "rollback: it has the sequence number "
				      "%llu, and the list held as '%s' has "
				      "%llu",
				      (unsigned long long)b->sequence,
				      old->name,
				      (unsigned long long)a->sequence);
	if (b->sequence == a->sequence &&
	    memcmp(offered->sha256, old->statement->sha256, 32) != 0)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "rollback: it has the sequence number "
				      "%llu of the list held as '%s', and says "
				      "something else",
				      (unsigned long long)b->sequence,
				      old->name);
	return DEED_OK;
}

/* By key, so that a renewed certificate goes on.  Another signer is taken only
 * after the list was removed by name. */
static enum deed_status check_signer(const struct held_list *old,
				     const struct held_offer *offer,
				     struct deed_error *err)
{
	if (old == NULL || offer->signer == NULL ||
	    memcmp(cert_spki_sha256(old->signer),
		   cert_spki_sha256(offer->signer), 32) == 0)
		return DEED_OK;
	return deed_error_set(err, DEED_NOT_VERIFIED,
			      "another signer is pinned for the list held as "
			      "'%s'; remove that first",
			      old->name);
}

/* The offer as it would be held, its signer pinned. */
static enum deed_status open_offer(const struct held_offer *offer,
				   const struct held_list *old,
				   struct held_list **out,
				   struct deed_error *err)
{
	struct held_list *h = calloc(1, sizeof(*h));
	enum deed_status status;

	*out = h;
	if (h == NULL)
		return deed_error_memory(err);
	h->name = strdup(offer->name);
	h->from = strdup(offer->from);
	h->signer =
		cert_ref(offer->signer != NULL ? offer->signer : old->signer);
	if (h->name == NULL || h->from == NULL)
		return deed_error_memory(err);
	status = list_statement_open(offer->der, &h->statement, err);
	if (status == DEED_MALFORMED)
		deed_error_prefix(err,
				  "'%.200s' is no statement of a trust "
				  "list",
				  offer->from);
	if (status == DEED_OK)
		status = list_statement_believe(h->statement, &h->signer, 1,
						err);
	if (status == DEED_OK)
		status = held_list_current(h->statement->list, offer->at, err);
	sha256(offer->der, h->file);
	return status;
}

/* The list itself by its payload; beside it the signatures on it, the pinned
 * certificate and where it came from can change. */
static enum held_news news_of(const struct held_list *old,
			      const struct held_list *h)
{
	if (old == NULL || memcmp(old->statement->sha256, h->statement->sha256,
				  sizeof(h->statement->sha256)) != 0)
		return HELD_LIST;
	return memcmp(old->file, h->file, sizeof(h->file)) == 0 &&
			       cert_equal(old->signer, h->signer) &&
			       strcmp(old->from, h->from) == 0
		       ? HELD_NOTHING
		       : HELD_BESIDE;
}

/* Who takes one more holds the lock of the lists. */
static enum deed_status check_room(const char *trust, struct deed_error *err)
{
	char **names = NULL;
	size_t i, count = 0;
	enum deed_status status = held_list_names(trust, &names, &count, err);

	for (i = 0; i < count; i++)
		free(names[i]);
	free(names);
	if (status != DEED_OK || count < HELD_LISTS_MAX)
		return status;
	return deed_error_set(err, DEED_LIMIT,
			      "the home holds %zu trust lists already, and "
			      "may hold %d",
			      count, HELD_LISTS_MAX);
}

enum deed_status held_list_judge(const char *trust,
				 const struct held_offer *offer,
				 struct held_list **out, enum held_news *news,
				 struct deed_error *err)
{
	struct held_list *old = NULL, *h = NULL;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	*out = NULL;
	*news = HELD_NOTHING;
	status = held_list_read(trust, offer->name, &old, &why);
	if (status == DEED_NOT_FOUND && offer->signer != NULL)
		status = DEED_OK;
	else if (status != DEED_OK && err != NULL)
		*err = why;
	if (status == DEED_OK)
		status = check_signer(old, offer, err);
	if (status == DEED_OK)
		status = open_offer(offer, old, &h, err);
	if (status == DEED_OK)
		status = old != NULL ? check_follows(old, h->statement, err)
				     : check_room(trust, err);
	if (status == DEED_OK) {
		*news = news_of(old, h);
		*out = h;
		h = NULL;
	}
	held_list_free(old);
	held_list_free(h);
	return status;
}
