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
	enum deed_status s;

	s = statement_time(der, &out->from, err);
	trust.time = out->from;
	if (s == DEED_OK)
		s = statement_open(der, STATUS_TYPE, STATEMENT_BY_NOTARY,
				   &trust, &json, NULL, err);
	if (s == DEED_OK)
		s = status_read(json, &out->status, err);
	json_decref(json);
	return s;
}

static enum deed_status find_certificate(const struct loading *l,
					 struct past_item *it,
					 struct deed_error *err)
{
	struct ca_revoked why;
	enum deed_status s;

	s = keystore_find_certificate(l->ks, l->party, KEYSTORE_SIGNATURE,
				      it->status.certificate, &it->certificate,
				      err);
	if (s != DEED_OK || it->certificate == NULL)
		return s;
	s = ca_store_revocation(l->store, it->certificate, &why, &it->revoked,
				err);
	if (s == DEED_OK && it->revoked)
		it->revoked_at = why.time;
	return s;
}

static enum deed_status add(struct loading *l, const char *path,
			    struct deed_error *err)
{
	struct past_item *list, *it;
	struct buf der = BUF_INIT;
	enum deed_status s;

	list = reallocarray(l->past->item, l->past->count + 1, sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	l->past->item = list;
	it = &list[l->past->count++];
	memset(it, 0, sizeof(*it));
	s = file_read(path, STATUS_MAX, &der, err);
	if (s == DEED_OK)
		s = open_then(l, buf_get(&der), it, err);
	if (s == DEED_MALFORMED || s == DEED_BAD_SIGNATURE ||
	    s == DEED_NOT_VERIFIED || s == DEED_LIMIT) {
		deed_error_prefix(err, "'%s' cannot be trusted", path);
		if (err != NULL)
			err->status = DEED_NOT_VERIFIED;
		s = DEED_NOT_VERIFIED;
	}
	if (s == DEED_OK)
		s = find_certificate(l, it, err);
	buf_clear(&der);
	return s;
}

static int is_statement(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 4 &&
	       strcmp(e->d_name + len - 4, ".cms") == 0;
}

static enum deed_status add_earlier(struct loading *l, struct deed_error *err)
{
	struct dirent **names = NULL;
	char *dir = NULL;
	enum deed_status s;
	int n = 0;

	s = party_statuses_path(l->home, l->party, &dir, err);
	if (s == DEED_OK && file_exists(dir)) {
		n = scandir(dir, &names, is_statement, alphasort);
		if (n < 0)
			s = deed_error_errno(err, errno, "cannot read '%s'",
					     dir);
	}
	for (int i = 0; i < n; i++) {
		char *path = path_join(dir, names[i]->d_name);

		if (s == DEED_OK)
			s = path == NULL ? deed_error_memory(err)
					 : add(l, path, err);
		free(path);
		free(names[i]);
	}
	free(names);
	free(dir);
	return s;
}

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
	enum deed_status s;

	*out = (struct past){ NULL, 0 };
	s = home_status_path(h, party, &path, err);
	if (s == DEED_OK)
		s = authority_source(h, &l.source, err);
	if (s == DEED_OK)
		s = ca_store_open(h->ca, &l.store, err);
	if (s == DEED_OK)
		s = keystore_open(h->keystore, &l.ks, err);
	if (s == DEED_OK)
		s = add_earlier(&l, err);
	if (s == DEED_OK && file_exists(path))
		s = add(&l, path, err);
	if (s == DEED_OK)
		sort(out);
	pki_source_free(l.source);
	ca_store_close(l.store);
	keystore_close(l.ks);
	free(path);
	return s;
}

const struct past_item *past_at(const struct past *p, int64_t time)
{
	const struct past_item *found = NULL;

	for (size_t i = 0; i < p->count && p->item[i].from <= time; i++)
		found = &p->item[i];
	return found;
}
