/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/ts119612.h"

#include "base/clock.h"
#include "base/cpu.h"
#include "trust/ts119612_read.h"
#include "trust/xmldsig.h"

/* Whoever may have signed the next file, and who says so; NULL: the caller.
 * since: the CPU that was used before the first. */
struct believed {
	const struct cert_list *signers;
	const char *by;
	int64_t since;
};

enum deed_status ts119612_check_cpu(int64_t since, const char *name,
				    struct deed_error *err)
{
	if (cpu_used_ms() - since < TS119612_SECONDS * INT64_C(1000))
		return DEED_OK;
	return deed_error_set(err, DEED_LIMIT,
			      "'%s' is not read: the files before it took more "
			      "than %d seconds of CPU together",
			      name, TS119612_SECONDS);
}

/* Both is said: that the signature holds, and what is wrong with the list. */
static enum deed_status read_signed(const struct ts119612_file *file,
				    const struct xmldsig *x,
				    struct ts119612_content *out,
				    struct deed_error *err)
{
	enum deed_status status;
	struct buf who = BUF_INIT;

	status = ts119612_read(buf_get(&x->content), out, err);
	if (status == DEED_OK) {
		memcpy(out->list->source, x->sha256, sizeof(x->sha256));
		return DEED_OK;
	}
	if (status == DEED_UNSUPPORTED || status == DEED_MALFORMED ||
	    status == DEED_LIMIT) {
		x509_name_display(cert_fields(x->signer)->subject, &who);
		deed_error_prefix(err,
				  "'%s': its signature holds and is of '%.*s', "
				  "but it cannot be used",
				  file->name, (int)who.len,
				  (const char *)who.data);
		buf_clear(&who);
	}
	return status;
}

/* Nothing of the file is read before its signature holds, and nothing but what
 * that covers. */
static enum deed_status take_file(const struct ts119612_file *file,
				  const struct believed *b,
				  struct ts119612_content *out,
				  struct cert **signer, struct deed_error *err)
{
	struct xmldsig x = { 0 };
	enum deed_status status;

	*out = (struct ts119612_content){ 0 };
	if (b->signers->count == 0)
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "'%s' has no pointer to '%s' with a "
				      "signer's certificate, so that nobody "
				      "may sign that",
				      b->by == NULL ? "" : b->by, file->name);
	status = ts119612_check_cpu(b->since, file->name, err);
	if (status == DEED_OK)
		status = xmldsig_verify(file->xml, file->name, b->signers, &x,
					err);
	if (status == DEED_BAD_SIGNATURE && b->by != NULL)
		deed_error_prefix(err,
				  "the signers that '%s' names were asked for "
				  "(a pivot that is missing or out of order "
				  "shows here)",
				  b->by);
	if (status == DEED_OK)
		status = read_signed(file, &x, out, err);
	if (status == DEED_OK && signer != NULL)
		*signer = cert_ref(x.signer);
	xmldsig_clear(&x);
	return status;
}

static bool same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* The signers in the pointers of a list to such a list, all of them. */
static enum deed_status pointed_at(const struct ts119612_content *c,
				   const char *type, const char *territory,
				   struct cert_list *out,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i, k;

	for (i = 0; i < c->pointer_count; i++) {
		const struct ts119612_pointer *p = &c->pointers[i];

		if (!p->xml || !same(p->territory, territory) ||
		    !same(p->type, type))
			continue;
		for (k = 0; status == DEED_OK && k < p->signers.count; k++)
			if (!cert_list_has(out, p->signers.items[k]))
				status = cert_list_add(out, p->signers.items[k],
						       err);
	}
	return status;
}

/* Told as the caller's mistake in naming the files, and not as a fault of the
 * list. */
static enum deed_status check_is_list_of_lists(const struct ts119612_content *c,
					       const char *name,
					       struct deed_error *err)
{
	return ts119612_is_list_of_lists(c)
		       ? DEED_OK
		       : deed_error_set(err, DEED_USAGE,
					"'%s' is no list of lists: it has no "
					"pivots and points to nothing",
					name);
}

/* From the first pivot to the last, and then the list of lists itself. */
static enum deed_status
walk_pivots(const struct ts119612_file *pivots, size_t count,
	    const struct ts119612_file *last, const struct cert_list *signers,
	    int64_t since, struct ts119612_content *out, struct deed_error *err)
{
	struct cert_list next = CERT_LIST_INIT;
	struct believed b = { signers, NULL, since };
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < count; i++) {
		struct ts119612_content c;

		status = take_file(&pivots[i], &b, &c, NULL, err);
		if (status == DEED_OK)
			status =
				check_is_list_of_lists(&c, pivots[i].name, err);
		cert_list_clear(&next);
		if (status == DEED_OK)
			status = pointed_at(&c, c.type, c.list->territory,
					    &next, err);
		b = (struct believed){ &next, pivots[i].name, since };
		ts119612_content_clear(&c);
	}
	if (status == DEED_OK)
		status = take_file(last, &b, out, NULL, err);
	if (status == DEED_OK && count > 0)
		status = check_is_list_of_lists(out, last->name, err);
	cert_list_clear(&next);
	return status;
}

/* A list without nextUpdate is closed: it does not end. */
static enum deed_status check_time(const struct trust_list *l, const char *name,
				   int64_t at, struct deed_error *err)
{
	char ended[CLOCK_TEXT], asked[CLOCK_TEXT];

	if (at == TRUST_NO_TIME || l->next_update == TRUST_NO_TIME ||
	    l->next_update >= at)
		return DEED_OK;
	clock_format(l->next_update, ended);
	clock_format(at, asked);
	return deed_error_set(err, DEED_CERT_INVALID,
			      "'%s' ended at %s, before the time asked for, %s",
			      name, ended, asked);
}

/*
 * Which pointer leads to the list is told by its territory, which stands in
 * the list: it is verified under the signers in all pointers and read, and
 * then its signer must be in a pointer to its own territory.
 */
static enum deed_status take_pointed(const struct ts119612_content *from,
				     const char *by, int64_t since,
				     const struct ts119612_file *file,
				     struct ts119612_content *out,
				     struct deed_error *err)
{
	struct cert_list all = CERT_LIST_INIT, own = CERT_LIST_INIT;
	struct believed b = { &all, by, since };
	enum deed_status status = DEED_OK;
	struct cert *signer = NULL;
	size_t i;

	for (i = 0; status == DEED_OK && i < from->pointer_count; i++) {
		const struct ts119612_pointer *p = &from->pointers[i];

		status = pointed_at(from, p->type, p->territory, &all, err);
	}
	if (status == DEED_OK)
		status = take_file(file, &b, out, &signer, err);
	if (status == DEED_OK)
		status = pointed_at(from, out->type, out->list->territory, &own,
				    err);
	if (status == DEED_OK && !cert_list_has(&own, signer))
		status = deed_error_set(err, DEED_BAD_SIGNATURE,
					"'%s' is signed by nobody who signs "
					"lists of '%s' according to '%s'",
					file->name, out->list->territory, by);
	cert_free(signer);
	cert_list_clear(&all);
	cert_list_clear(&own);
	return status;
}

enum deed_status
ts119612_import(const struct ts119612_file *files, size_t file_count,
		const struct ts119612_file *pivots, size_t pivot_count,
		const struct cert_list *signers, int64_t at,
		struct trust_list **out, struct deed_error *err)
{
	struct ts119612_content first = { 0 }, second = { 0 };
	struct ts119612_content *last = &first;
	const int64_t since = cpu_used_ms();
	enum deed_status status;

	*out = NULL;
	if (file_count == 0 || file_count > 2)
		return deed_error_set(err, DEED_USAGE,
				      "a list, or a list of lists and one that "
				      "it points to, is read at a time");
	if (pivot_count > TS119612_PIVOTS)
		return deed_error_set(err, DEED_LIMIT,
				      "there are more than %d pivots",
				      TS119612_PIVOTS);
	status = walk_pivots(pivots, pivot_count, &files[0], signers, since,
			     &first, err);
	if (status == DEED_OK)
		status = check_time(first.list, files[0].name, at, err);
	if (status == DEED_OK && file_count == 2) {
		last = &second;
		status = check_is_list_of_lists(&first, files[0].name, err);
		if (status == DEED_OK)
			status = take_pointed(&first, files[0].name, since,
					      &files[1], &second, err);
		if (status == DEED_OK)
			status =
				check_time(second.list, files[1].name, at, err);
	}
	if (status == DEED_OK) {
		*out = last->list;
		last->list = NULL;
	}
	ts119612_content_clear(&first);
	ts119612_content_clear(&second);
	return status;
}
