/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/past.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "ca/store.h"
#include "keystore/keystore.h"
#include "office/party/authority.h"
#include "office/party/party.h"
#include "sign/statement.h"

#define STATUS_MAX 262144

struct loading {
	const struct home *home;
	const char *party;
	struct pki_source *source;
	struct ca_store *store;
	struct keystore *ks;
	struct past *past;
};

void past_clear(struct past *p)
{
	for (size_t i = 0; i < p->count; i++) {
		status_clear(&p->item[i].status);
		cert_free(p->item[i].certificate);
	}
	free(p->item);
	*p = (struct past){ NULL, 0 };
}

/* By whom, judged at the time when it was signed. */
static enum deed_status open_then(const struct loading *l, struct slice der,
				  struct past_item *out, struct deed_error *err)
{
	struct pki_params trust = { .source = l->source,
				    .no_revocation = true };
	json_t *json = NULL;
	enum deed_status status;

	status = statement_time(der, &out->from, err);
	trust.time = out->from;
	if (status == DEED_OK)
		status = statement_open(der, STATUS_TYPE, STATEMENT_BY_NOTARY,
					&trust, &json, NULL, err);
	if (status == DEED_OK)
		status = status_read(json, &out->status, err);
	json_decref(json);
	return status;
}

/* A certificate that is not there any more leaves the item without one, which
 * is no failure: the status names it by its hash. */
static enum deed_status find_certificate(const struct loading *l,
					 struct past_item *it,
					 struct deed_error *err)
{
	struct ca_revoked why;
	enum deed_status status;

	status = keystore_find_certificate(l->ks, l->party, KEYSTORE_SIGNATURE,
					   it->status.certificate,
					   &it->certificate, err);
	if (status != DEED_OK || it->certificate == NULL)
		return status;
	status = ca_store_revocation(l->store, it->certificate, &why,
				     &it->revoked, err);
	if (status == DEED_OK && it->revoked)
		it->revoked_at = why.time;
	return status;
}

/* One statement of before that cannot be trusted stops all: what it said may
 * be the one that counts at that time. */
static enum deed_status add(struct loading *l, const char *path,
			    struct deed_error *err)
{
	struct past_item *list, *it;
	struct buf der = BUF_INIT;
	enum deed_status status;

	list = reallocarray(l->past->item, l->past->count + 1, sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	l->past->item = list;
	it = &list[l->past->count++];
	memset(it, 0, sizeof(*it));
	status = file_read(path, STATUS_MAX, &der, err);
	if (status == DEED_OK)
		status = open_then(l, buf_get(&der), it, err);
	if (status == DEED_MALFORMED || status == DEED_BAD_SIGNATURE ||
	    status == DEED_NOT_VERIFIED || status == DEED_LIMIT) {
		deed_error_prefix(err, "'%s' cannot be trusted", path);
		if (err != NULL)
			err->status = DEED_NOT_VERIFIED;
		status = DEED_NOT_VERIFIED;
	}
	if (status == DEED_OK)
		status = find_certificate(l, it, err);
	buf_clear(&der);
	return status;
}

/* A scandir filter; what begins with a full stop is a temporary. */
static int is_statement(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 4 &&
	       strcmp(e->d_name + len - 4, ".cms") == 0;
}

/* Every name is freed, also after a failure, and nothing more is read then.  A
 * party that has one status has no folder. */
static enum deed_status add_earlier(struct loading *l, struct deed_error *err)
{
	struct dirent **names = NULL;
	char *dir = NULL;
	enum deed_status status;
	int n = 0;

	status = party_statuses_path(l->home, l->party, &dir, err);
	if (status == DEED_OK && file_exists(dir)) {
		n = scandir(dir, &names, is_statement, alphasort);
		if (n < 0)
			status = deed_error_errno(err, errno,
						  "cannot read '%s'", dir);
	}
	for (int i = 0; i < n; i++) {
		char *path = path_join(dir, names[i]->d_name);

		if (status == DEED_OK)
			status = path == NULL ? deed_error_memory(err)
					      : add(l, path, err);
		free(path);
		free(names[i]);
	}
	free(names);
	free(dir);
	return status;
}

/* By the entry of the log and not by a time, which is whatever the clock said.
 */
static int by_index(const void *a, const void *b)
{
	const struct past_item *x = a, *y = b;

	return (x->status.index > y->status.index) -
	       (x->status.index < y->status.index);
}

/* In their order; one that was put back lies there twice. */
static void sort(struct past *p)
{
	size_t kept = 0;

	if (p->count == 0)
		return;
	qsort(p->item, p->count, sizeof(*p->item), by_index);
	for (size_t i = 0; i < p->count; i++) {
		if (kept > 0 &&
		    p->item[kept - 1].status.index == p->item[i].status.index) {
			status_clear(&p->item[i].status);
			cert_free(p->item[i].certificate);
			continue;
		}
		p->item[kept] = p->item[i];
		p->item[kept].number = (unsigned)kept + 1;
		kept++;
	}
	p->count = kept;
}

enum deed_status past_load(const struct home *h, const char *party,
			   struct past *out, struct deed_error *err)
{
	struct loading l = { .home = h, .party = party, .past = out };
	char *path = NULL;
	enum deed_status status;

	*out = (struct past){ NULL, 0 };
	status = home_status_path(h, party, &path, err);
	if (status == DEED_OK)
		status = authority_source(h, &l.source, err);
	if (status == DEED_OK)
		status = ca_store_open(h->ca, &l.store, err);
	if (status == DEED_OK)
		status = keystore_open(h->keystore, &l.ks, err);
	if (status == DEED_OK)
		status = add_earlier(&l, err);
	if (status == DEED_OK && file_exists(path))
		status = add(&l, path, err);
	if (status == DEED_OK)
		sort(out);
	pki_source_free(l.source);
	ca_store_close(l.store);
	keystore_close(l.ks);
	free(path);
	return status;
}

/* A statement holds from when it was signed until the next one was, by the log.
 * All are looked at: where the clock was set back, a later one was signed
 * before. */
const struct past_item *past_at(const struct past *p, int64_t time)
{
	const struct past_item *found = NULL;

	for (size_t i = 0; i < p->count; i++)
		if (p->item[i].from <= time)
			found = &p->item[i];
	return found;
}
