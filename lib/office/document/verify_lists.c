/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/verify_lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "office/home.h"
#include "trust/held_list.h"
#include "trust/list_authority.h"
#include "trust/qualify_list.h"

#define SIGNER_MAX ((size_t)1 << 20)

struct verify_lists {
	struct list_statement *item[VERIFY_LISTS];
	size_t count;
	struct cert_list signers;
};

/* Believed for lists alone, and not as an anchor of signatures. */
static enum deed_status load_signer(struct verify_lists *l, const char *path,
				    struct deed_error *err)
{
	struct buf data = BUF_INIT;
	enum deed_status status;

	status = file_read(path, SIGNER_MAX, &data, err);
	if (status == DEED_OK)
		status = cert_list_load(&l->signers, buf_get(&data), path, err);
	buf_clear(&data);
	return status;
}

/* Whatever is wrong with a list, it leaves the question open. */
static enum deed_status leave_open(enum deed_status status, const char *path,
				   const struct deed_error *why,
				   struct deed_error *err)
{
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	deed_error_set(err, DEED_INDETERMINATE,
		       "the trust list '%s' cannot be used: %s", path,
		       why->message);
	if (status == DEED_NOT_VERIFIED)
		deed_error_remedy(err, "list-signer", NULL);
	return DEED_INDETERMINATE;
}

/* The list itself, that a statement is to be made of. */
static enum deed_status no_statement(const char *path, struct deed_error *err)
{
	deed_error_set(err, DEED_INDETERMINATE,
		       "the trust list '%s' cannot be used: it is no signed "
		       "statement",
		       path);
	deed_error_remedy(err, "trust-import", NULL);
	return DEED_INDETERMINATE;
}

/* Whoever is pinned is believed beside those who were named. */
static enum deed_status believe_held(const struct verify_lists *l,
				     struct held_list *held,
				     struct deed_error *err)
{
	struct cert_list all = CERT_LIST_INIT;
	enum deed_status status;
	size_t i;

	status = cert_list_add(&all, held->signer, err);
	for (i = 0; status == DEED_OK && i < l->signers.count; i++)
		status = cert_list_add(&all, l->signers.items[i], err);
	if (status == DEED_OK)
		status = list_statement_believe(held->statement, all.items,
						all.count, err);
	cert_list_clear(&all);
	return status;
}

/* The statement goes from held to l, which frees it. */
static enum deed_status load_held(struct verify_lists *l, const char *folder,
				  const char *name, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct held_list *held = NULL;
	enum deed_status status;

	if (l->count == VERIFY_LISTS)
		return deed_error_set(err, DEED_USAGE,
				      "more than %d trust lists", VERIFY_LISTS);
	status = held_list_read(folder, name, &held, &why);
	if (status == DEED_OK)
		status = believe_held(l, held, &why);
	if (status == DEED_OK) {
		l->item[l->count++] = held->statement;
		held->statement = NULL;
	}
	held_list_free(held);
	return status == DEED_OK ? DEED_OK
				 : leave_open(status, name, &why, err);
}

/* That the home holds none is an error: without a list nothing could be told,
 * and the user asked for it.  All names are freed, also after a failure. */
static enum deed_status load_home(struct verify_lists *l, const char *home,
				  struct deed_error *err)
{
	char *folder = NULL, **names = NULL;
	enum deed_status status;
	size_t i, count = 0;

	status = home_trust_folder(home, &folder, err);
	if (status == DEED_OK)
		status = held_list_names(folder, &names, &count, err);
	if (status == DEED_OK && count == 0) {
		status = deed_error_set(err, DEED_INDETERMINATE,
					"the home '%s' holds no trust list",
					home);
		deed_error_remedy(err, "trust-add", NULL);
	}
	for (i = 0; i < count; i++) {
		if (status == DEED_OK)
			status = load_held(l, folder, names[i], err);
		free(names[i]);
	}
	free(names);
	free(folder);
	return status;
}

/* What does not begin as DER is said to be no statement: it is the list
 * itself, mostly.  It is counted before it is believed, so that
 * verify_lists_free frees it in any case. */
static enum deed_status load_list(struct verify_lists *l, const char *path,
				  struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct list_statement **one = &l->item[l->count];
	struct buf data = BUF_INIT;
	enum deed_status status;

	if (l->count == VERIFY_LISTS)
		return deed_error_set(err, DEED_USAGE,
				      "more than %d trust lists", VERIFY_LISTS);
	status = file_read(path, VERIFY_LIST_MAX, &data, &why);
	if (status == DEED_OK && (data.len == 0 || data.data[0] != 0x30)) {
		buf_clear(&data);
		return no_statement(path, err);
	}
	if (status == DEED_OK)
		status = list_statement_open(buf_get(&data), one, &why);
	if (status == DEED_OK) {
		l->count++;
		status = list_statement_believe(*one, l->signers.items,
						l->signers.count, &why);
	}
	buf_clear(&data);
	return status == DEED_OK ? DEED_OK
				 : leave_open(status, path, &why, err);
}

enum deed_status verify_lists_open(const struct verify_lists_params *params,
				   struct verify_lists **out,
				   struct deed_error *err)
{
	struct verify_lists *l = calloc(1, sizeof(*l));
	enum deed_status status = DEED_OK;
	size_t i;

	*out = NULL;
	if (l == NULL)
		return deed_error_memory(err);
	for (i = 0; status == DEED_OK && i < params->signer_count; i++)
		status = load_signer(l, params->signers[i], err);
	for (i = 0; status == DEED_OK && i < params->list_count; i++)
		status = strcmp(params->lists[i], "home") == 0
				 ? load_home(l, params->home, err)
				 : load_list(l, params->lists[i], err);
	if (status == DEED_OK) {
		*out = l;
		l = NULL;
	}
	verify_lists_free(l);
	return status;
}

void verify_lists_free(struct verify_lists *l)
{
	size_t i;

	if (l == NULL)
		return;
	for (i = 0; i < l->count; i++)
		list_statement_free(l->item[i]);
	cert_list_clear(&l->signers);
	free(l);
}

size_t verify_lists_count(const struct verify_lists *l)
{
	return l == NULL ? 0 : l->count;
}

const struct list_statement *verify_lists_at(const struct verify_lists *l,
					     size_t i)
{
	return l->item[i];
}

enum deed_status verify_lists_anchor(const struct verify_lists *l,
				     struct pki_source *into,
				     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < verify_lists_count(l); i++)
		status = list_anchor(l->item[i]->list, into, err);
	return status;
}

/* The signer's certificate, and above it those that the list has, or has
 * another of: no other can be one of its services.  The signer's own issuer
 * is known by its signature, of those above only the hash; the path ends at
 * an anchor, above which the list may name others. */
static size_t find_chain(const struct trust_list *list,
			 const struct verdict_signature *sig,
			 struct cert *chain[PKI_PATH_MAX])
{
	struct trust_hash hash;
	struct cert *above;
	size_t i, n = 0;

	chain[n++] = sig->signer;
	for (i = 1; i < sig->chain_count && n < PKI_PATH_MAX; i++) {
		memcpy(hash.bytes, sig->chain[i], sizeof(hash.bytes));
		chain[n] = trust_list_certificate(list, &hash);
		if (i == 1 && chain[n] == NULL)
			chain[n] = trust_list_issuer(list, sig->signer);
		n += chain[n] != NULL;
	}
	while (n > 1 && n < PKI_PATH_MAX && !cert_self_issued(chain[n - 1])) {
		above = trust_list_issuer(list, chain[n - 1]);
		if (above == NULL)
			break;
		chain[n++] = above;
	}
	return n;
}

/* A certificate may be for several (ETSI EN 319 412-5, QcType). */
static void put_purpose(const struct verdict_qualification *q, struct buf *out)
{
	static const char *const words[] = { "signatures", "seals",
					     "web sites" };
	const bool is[] = { q->for_signatures, q->for_seals, q->for_websites };
	const char *before = " for ";
	size_t i;

	for (i = 0; i < sizeof(is) / sizeof(is[0]); i++) {
		if (!is[i])
			continue;
		buf_printf(out, "%s%s", before, words[i]);
		before = " and ";
	}
}

/* Whose device holds the key, where it is qualified. */
static void put_device(enum qualify_device device, struct buf *out)
{
	static const char *const text[] = {
		[QUALIFY_DEVICE_UNASKED] = "",
		[QUALIFY_DEVICE_YES] = " with a qualified device",
		[QUALIFY_DEVICE_NO] = " without a qualified device",
		[QUALIFY_DEVICE_UNKNOWN] = " with a device that is not known",
	};

	buf_str(out, text[device]);
}

/* In one sentence, for people. */
static void describe(const struct qualify_result *r,
		     const struct trust_list *list,
		     struct verdict_qualification *q)
{
	const char *text = qualify_reason_text(r->answer.reason);
	struct buf out = BUF_INIT;
	char at[CLOCK_TEXT];

	clock_format(q->at, at);
	buf_str(&out, q->is);
	put_purpose(q, &out);
	put_device(r->answer.device, &out);
	buf_printf(&out, " at %s", at);
	if (text[0] != '\0')
		buf_printf(&out, ", %s", text);
	if (r->by != NULL)
		buf_printf(&out, ": %s", r->by->name);
	if (r->by != NULL && r->by->licence != NULL)
		buf_printf(&out, ", licence %s", r->by->licence);
	buf_printf(&out, "; list %s, compiled by %s", list->scheme,
		   list->scheme_operator);
	verdict_text_slice(&q->message, buf_get(&out));
	buf_clear(&out);
}

/* The strings are copied by verdict_text: the verdict outlives the lists. */
static void take(const struct list_statement *s, const struct qualify_result *r,
		 struct verdict_qualification *q)
{
	q->is = qualification_text(r->answer.is);
	q->at_issuance = qualification_text(r->at_issuance);
	q->at_best_time = qualification_text(r->at_best_time);
	q->why = qualify_reason_word(r->answer.reason);
	q->device = qualify_device_text(r->answer.device);
	q->qualifies = qualify_list_qualifies(s->list);
	q->named = r->ca != NULL;
	q->for_signatures = r->answer.purpose & QC_FOR_SIGNATURES;
	q->for_seals = r->answer.purpose & QC_FOR_SEALS;
	q->for_websites = r->answer.purpose & QC_FOR_WEBSITES;
	q->at = r->answer.at;
	memcpy(q->list, s->sha256, sizeof(q->list));
	verdict_text(&q->scheme, s->list->scheme);
	verdict_text(&q->compiler, s->list->scheme_operator);
	if (r->by != NULL) {
		verdict_text(&q->by, r->by->name);
		verdict_text(&q->licence, r->by->licence);
	}
	if (r->service != NULL)
		verdict_text(&q->service, r->service->name);
	describe(r, s->list, q);
}

/* Nobody judges his own authority, and a chain that ends in the air may lead
 * to one that is listed. */
static void weigh(const struct list_statement *s,
		  const struct verdict_signature *sig, struct qualify_result *r)
{
	if (r->answer.is <= QUALIFICATION_LICENSED && r->ca != NULL &&
	    !s->by_counter && list_statement_own(s, r->ca, r->by)) {
		r->answer.is = QUALIFICATION_SELF_ASSERTED;
		r->answer.device = QUALIFY_DEVICE_UNASKED;
		r->answer.reason = QUALIFY_OWN_HOUSE;
		r->at_issuance = r->at_best_time = QUALIFICATION_SELF_ASSERTED;
	}
	if (r->ca == NULL && !sig->chain_whole &&
	    r->answer.is == QUALIFICATION_NOT) {
		qualify_doubt(&r->answer, QUALIFY_NO_PATH);
		r->at_issuance = r->at_best_time = QUALIFICATION_UNKNOWN;
	}
}

/* The best time counts where a time-stamp proves it; else the time of judging,
 * as the signer's own claim proves nothing. */
static enum deed_status ask_one(const struct list_statement *s, int64_t at,
				struct verdict_signature *sig,
				struct deed_error *err)
{
	struct cert *chain[PKI_PATH_MAX];
	struct verdict_qualification *q;
	struct qualify_result r;
	enum deed_status status;

	status = qualify_chain(
		s->list, chain, find_chain(s->list, sig, chain), false,
		sig->time_source == TIME_TIMESTAMP ? sig->best_time : at, &r,
		err);
	if (status != DEED_OK)
		return status;
	weigh(s, sig, &r);
	q = verdict_add_qualification(sig);
	if (q == NULL)
		return deed_error_memory(err);
	take(s, &r, q);
	return DEED_OK;
}

/* What is said by a list that names the authority goes before the others,
 * and doubt before what a list does not say. */
static unsigned rank(const struct verdict_qualification *q)
{
	if (q->named)
		return 0;
	return strcmp(q->is, "unknown") == 0 ? 1 : 2;
}

/* The others keep their order. */
static void put_first(struct verdict_signature *sig)
{
	struct verdict_qualification *q = sig->qualifications, first;
	size_t i, best = 0;

	for (i = 1; i < sig->qualification_count; i++) {
		if (rank(&q[i]) < rank(&q[best]))
			best = i;
	}
	if (best == 0)
		return;
	first = q[best];
	memmove(q + 1, q, best * sizeof(*q));
	q[0] = first;
}

static bool is_timestamp(const struct verdict_signature *sig)
{
	return sig->kind == KIND_DOCUMENT_TIMESTAMP ||
	       sig->kind == KIND_CONTAINER_TIMESTAMP;
}

enum deed_status verify_lists_ask(const struct verify_lists *l, int64_t at,
				  struct verdict_document *doc,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct verdict_signature *sig;
	size_t i, k;

	for (k = 0; k < doc->signature_count; k++) {
		sig = &doc->signatures[k];
		if (is_timestamp(sig) || sig->signer == NULL)
			continue;
		for (i = 0; status == DEED_OK && i < verify_lists_count(l); i++)
			status = ask_one(l->item[i], at, sig, err);
		put_first(sig);
	}
	return status;
}
