/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/outside_lists.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "codec/utf8.h"
#include "trust/held_list.h"
#include "trust/list_authority.h"
#include "trust/qualify_list.h"

#define BY_SHOWN 200 /* octets of an operator's name in a message */

struct outside_lists {
	const struct home *home;
	int64_t now;
	bool opened;
	struct held_list *item[HELD_LISTS_MAX];
	char *problem[HELD_LISTS_MAX + 1];
	size_t count, problem_count;
};

struct outside_lists *outside_lists_new(const struct home *h, int64_t now)
{
	struct outside_lists *l = calloc(1, sizeof(*l));

	if (l != NULL) {
		l->home = h;
		l->now = now;
	}
	return l;
}

static void close_all(struct outside_lists *l)
{
	for (size_t i = 0; i < l->count; i++)
		held_list_free(l->item[i]);
	for (size_t i = 0; i < l->problem_count; i++)
		free(l->problem[i]);
	l->count = l->problem_count = 0;
}

void outside_lists_free(struct outside_lists *l)
{
	if (l == NULL)
		return;
	close_all(l);
	free(l);
}

/* There is room for one of each list, and for the one that says that there are
 * more. */
static enum deed_status add_problem(struct outside_lists *l, const char *name,
				    const char *why, struct deed_error *err)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "the trust list held as '%s' does not count: %s",
		   name, why);
	l->problem[l->problem_count] = buf_take(&text, NULL);
	if (l->problem[l->problem_count] == NULL)
		return deed_error_memory(err);
	l->problem_count++;
	return DEED_OK;
}

/* A list that does not count is a problem to be told and no failure: the
 * others are asked all the same.  Want of memory alone ends it, since an
 * answer without this list might be another. */
static enum deed_status open_one(struct outside_lists *l, const char *name,
				 struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct held_list *held = NULL;
	enum deed_status status;

	status = held_list_read(l->home->trust, name, &held, &why);
	if (status == DEED_OK)
		status = held_list_current(held->statement->list, l->now, &why);
	if (status == DEED_OK) {
		l->item[l->count++] = held;
		return DEED_OK;
	}
	held_list_free(held);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	return add_problem(l, name, why.message, err);
}

/* A list that cannot be read is a problem that is told, and the others are
 * asked all the same. */
static enum deed_status open_all(struct outside_lists *l,
				 struct deed_error *err)
{
	char **names = NULL, many[64];
	size_t count = 0;
	enum deed_status status = DEED_OK;

	if (l->opened)
		return DEED_OK;
	(void)snprintf(many, sizeof(many), "a home's first %d lists are read",
		       HELD_LISTS_MAX);
	status = held_list_names(l->home->trust, &names, &count, err);
	for (size_t i = 0; i < count; i++) {
		if (status == DEED_OK && i < HELD_LISTS_MAX)
			status = open_one(l, names[i], err);
		else if (status == DEED_OK && i == HELD_LISTS_MAX)
			status = add_problem(l, names[i], many, err);
		free(names[i]);
	}
	free(names);
	l->opened = status == DEED_OK;
	if (status != DEED_OK)
		close_all(l);
	return status;
}

enum deed_status outside_lists_anchor(struct outside_lists *l,
				      struct pki_source *source,
				      struct deed_error *err)
{
	enum deed_status status = open_all(l, err);

	for (size_t i = 0; status == DEED_OK && i < l->count; i++)
		status = list_anchor(l->item[i]->statement->list, source, err);
	return status;
}

/* May the CA issue to such a party, then and now?  Of a certificate that the
 * list says something of, it must be the same. */
static bool counts(const struct outside_lists *l, const struct held_list *held,
		   const struct cert *cert, const struct qualify_result *r,
		   bool organisation)
{
	const struct list_statement *st = held->statement;
	const unsigned use =
		organisation ? TRUST_USE_SEAL : TRUST_USE_SIGNATURE;
	const unsigned purpose =
		organisation ? QC_FOR_SEALS : QC_FOR_SIGNATURES;
	const unsigned may =
		list_authority_uses(st->list, r->ca,
				    cert_fields(cert)->not_before) &
		list_authority_uses(st->list, r->ca, l->now);
	struct qc_statements claims;

	if ((may & use) == 0 ||
	    (!st->by_counter && list_statement_own(st, r->ca, r->by)))
		return false;
	if (r->answer.is <= QUALIFICATION_LICENSED)
		return (r->answer.purpose & purpose) != 0;
	/* Of one that is not qualified, and does not say so, a list that says
	 * who is names the CA, and no more. */
	return r->answer.is == QUALIFICATION_NOT &&
	       r->answer.reason != QUALIFY_OTHER_PURPOSE &&
	       qc_statements_read(cert, &claims, NULL) == DEED_OK &&
	       (!claims.compliance || claims.elsewhere);
}

/* The texts stay the list's, which outlives the verdict. */
static void take(const struct held_list *held, const struct qualify_result *r,
		 struct outside_listed *out)
{
	const struct list_statement *st = held->statement;

	out->named = true;
	out->held = held->name;
	memcpy(out->list, st->sha256, sizeof(out->list));
	out->scheme = st->list->scheme;
	out->by = r->by != NULL ? r->by->name : NULL;
	out->licence = r->by != NULL ? r->by->licence : NULL;
	out->is = r->answer.is == QUALIFICATION_NOT
			  ? "named"
			  : qualification_text(r->answer.is);
}

/* Why a list that knows the CA does not vouch for it. */
static void describe(const struct held_list *held,
		     const struct qualify_result *r, struct outside_listed *out)
{
	const struct list_statement *st = held->statement;
	const char *by = r->by != NULL ? r->by->name : "";
	enum qualify_reason why = r->answer.reason;
	char at[CLOCK_TEXT];

	if (r->answer.is <= QUALIFICATION_LICENSED)
		why = !st->by_counter && list_statement_own(st, r->ca, r->by)
			      ? QUALIFY_OWN_HOUSE
			      : QUALIFY_OTHER_PURPOSE;
	clock_format(r->answer.at, at);
	(void)snprintf(out->words, sizeof(out->words),
		       "the trust list held as '%s' knows that CA%s%.*s%s, "
		       "and at %s %s",
		       held->name, r->by != NULL ? ", '" : "",
		       (int)utf8_cut(slice_str(by), BY_SHOWN), by,
		       r->by != NULL ? "'" : "", at, qualify_reason_text(why));
}

/* The first that vouches ends it; of those that know the CA and do not, the
 * first is told. */
enum deed_status outside_lists_ask(struct outside_lists *l,
				   struct cert *const *path, size_t count,
				   bool organisation,
				   struct outside_listed *out,
				   struct deed_error *err)
{
	enum deed_status status = open_all(l, err);

	*out = (struct outside_listed){ .named = false };
	for (size_t i = 0; status == DEED_OK && !out->named && i < l->count;
	     i++) {
		const struct held_list *held = l->item[i];
		struct qualify_result r;

		status = qualify_chain(held->statement->list, path, count,
				       false, l->now, &r, err);
		if (status != DEED_OK || r.ca == NULL)
			continue;
		if (counts(l, held, path[0], &r, organisation))
			take(held, &r, out);
		else if (out->words[0] == '\0')
			describe(held, &r, out);
	}
	return status;
}

size_t outside_lists_problems(const struct outside_lists *l,
			      const char *const **problems)
{
	*problems = (const char *const *)l->problem;
	return l->problem_count;
}
