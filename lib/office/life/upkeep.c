/* SPDX-License-Identifier: Apache-2.0 */
#include "office/life/upkeep.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "keystore/keystore.h"
#include "office/party/authority.h"
#include "office/life/upkeep_priv.h"

const char *upkeep_state_name(enum upkeep_state state)
{
	static const char *const names[] = {
		[UPKEEP_GOOD] = "good",
		[UPKEEP_SOON] = "soon",
		[UPKEEP_AMISS] = "amiss",
	};

	return names[state];
}

void upkeep_clear(struct upkeep *u)
{
	for (size_t i = 0; i < u->count; i++) {
		free(u->item[i].about);
		free(u->item[i].message);
		free(u->item[i].remedy);
	}
	free(u->item);
	*u = (struct upkeep)UPKEEP_INIT;
}

enum upkeep_state upkeep_worst(const struct upkeep *u)
{
	enum upkeep_state worst = UPKEEP_GOOD;

	for (size_t i = 0; i < u->count; i++)
		if (u->item[i].state > worst)
			worst = u->item[i].state;
	return worst;
}

/* The array doubles: thousands of parties are added one by one. */
static struct upkeep_item *next_item(struct upkeep *u)
{
	struct upkeep_item *more;

	if ((u->count & (u->count - 1)) == 0) {
		more = reallocarray(u->item, u->count == 0 ? 1 : u->count * 2,
				    sizeof(*more));
		if (more == NULL)
			return NULL;
		u->item = more;
	}
	memset(&u->item[u->count], 0, sizeof(*u->item));
	return &u->item[u->count];
}

/* Counted before its strings are made, so that upkeep_clear frees what there
 * is of them. */
enum deed_status upkeep_add(struct upkeep_run *r, const char *kind,
			    const char *about, enum upkeep_state state,
			    const struct deed_error *why)
{
	struct upkeep_item *item;

	if (why->status == DEED_NO_MEMORY)
		return deed_error_memory(r->err);
	item = next_item(r->out);
	if (item == NULL)
		return deed_error_memory(r->err);
	r->out->count++;
	item->kind = kind;
	item->state = state;
	item->message = strdup(why->message);
	if (about != NULL)
		item->about = strdup(about);
	if (why->hint[0][0] != '\0')
		item->remedy = strdup(why->hint[0]);
	if (item->message == NULL || (about != NULL && item->about == NULL) ||
	    (why->hint[0][0] != '\0' && item->remedy == NULL))
		return deed_error_memory(r->err);
	return DEED_OK;
}

enum deed_status upkeep_add_end(struct upkeep_run *r,
				const struct upkeep_topic *t, int64_t end)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum upkeep_state state = UPKEEP_GOOD;
	struct upkeep_item *item;
	char text[CLOCK_TEXT];
	enum deed_status status;

	if (end < r->now)
		state = UPKEEP_AMISS;
	else if (end - r->now <= r->within)
		state = UPKEEP_SOON;
	clock_format(end, text);
	(void)deed_error_set(&why, DEED_CERT_INVALID, "%s %s at %s", t->what,
			     state == UPKEEP_AMISS ? "ended" : "ends", text);
	if (state != UPKEEP_GOOD)
		deed_error_remedy(&why,
				  state == UPKEEP_AMISS ? t->ended : t->soon,
				  t->owner);
	status = upkeep_add(r, t->kind, t->about, state, &why);
	if (status != DEED_OK)
		return status;
	item = &r->out->item[r->out->count - 1];
	item->has_end = true;
	item->end = end;
	return DEED_OK;
}

/* Is the root's key in the home, or was it put elsewhere by init? */
static bool root_key_here(const struct home *h)
{
	struct keystore *ks = NULL;
	char *path = NULL;
	bool here;

	here = keystore_open(h->keystore, &ks, NULL) == DEED_OK &&
	       keystore_key_path(ks, HOME_OFFICE, KEYSTORE_ROOT, &path, NULL) ==
		       DEED_OK;
	free(path);
	keystore_close(ks);
	return here;
}

/* A list that cannot be read is amiss, with the command that makes a new one.
 */
static enum deed_status check_crl(struct upkeep_run *r, const char *path,
				  const struct upkeep_topic *t)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct buf der = BUF_INIT;
	uint64_t number;
	int64_t next;
	enum deed_status status;

	status = file_read(path, CRL_MAX, &der, &why);
	if (status == DEED_OK)
		status = ca_crl_read(buf_get(&der), &number, &next, &why);
	buf_clear(&der);
	if (status == DEED_OK)
		return upkeep_add_end(r, t, next);
	why.hint[0][0] = '\0';
	deed_error_remedy(&why, t->ended, NULL);
	return upkeep_add(r, t->kind, NULL, UPKEEP_AMISS, &why);
}

/* The lists of earlier issuing CAs go on until their certificates end.  That
 * one cannot be read is said where the authorities are looked at. */
static enum deed_status check_earlier(struct upkeep_run *r,
				      const struct upkeep_topic *issuing)
{
	struct ca_issuers l = CA_ISSUERS_INIT;
	struct upkeep_topic t = *issuing;
	enum deed_status status = DEED_OK;
	char what[64];

	if (ca_issuers_load(r->home->ca, &l, NULL) != DEED_OK) {
		ca_issuers_clear(&l);
		return DEED_OK;
	}
	t.what = what;
	for (size_t i = 0; status == DEED_OK && i + 1 < l.count; i++) {
		if (cert_fields(l.item[i].cert)->not_after < r->now)
			continue;
		(void)snprintf(what, sizeof(what),
			       "the revocation list of issuing CA %u",
			       l.item[i].generation);
		status = check_crl(r, l.item[i].crl_path, &t);
	}
	ca_issuers_clear(&l);
	return status;
}

/* The root's key decides which command is named: one that is kept elsewhere
 * has to be brought. */
static enum deed_status check_crls(struct upkeep_run *r)
{
	const char *root =
		root_key_here(r->home) ? REMEDY_ROOT_CRL : REMEDY_ROOT_CRL_KEY;
	const struct upkeep_topic issuing = {
		.kind = "crl",
		.what = "the issuing CA's revocation list",
		.soon = REMEDY_CRL,
		.ended = REMEDY_CRL,
	};
	const struct upkeep_topic of_root = {
		.kind = "root-crl",
		.what = "the root's revocation list",
		.soon = root,
		.ended = root,
	};
	enum deed_status status =
		check_crl(r, r->home->ca_issuing_crl, &issuing);

	if (status == DEED_OK)
		status = check_earlier(r, &issuing);
	return status == DEED_OK ? check_crl(r, r->home->ca_root_crl, &of_root)
				 : status;
}

/* The first certificate of a file. */
static enum deed_status check_certificate(struct upkeep_run *r,
					  const char *path,
					  const struct upkeep_topic *t)
{
	struct cert_list list = CERT_LIST_INIT;
	struct deed_error why = DEED_ERROR_INIT;
	struct buf bytes = BUF_INIT;
	enum deed_status status;

	status = file_read(path, CERT_MAX_SIZE, &bytes, &why);
	if (status == DEED_OK)
		status = cert_list_load(&list, buf_get(&bytes), path, &why);
	if (status == DEED_OK)
		status = upkeep_add_end(r, t,
					cert_fields(list.items[0])->not_after);
	else
		status = upkeep_add(r, t->kind, NULL, UPKEEP_AMISS, &why);
	cert_list_clear(&list);
	buf_clear(&bytes);
	return status;
}

/* The certificates that no party stands for.  A root that ends cannot be
 * renewed: all that it vouches for ends with it. */
static enum deed_status check_authorities(struct upkeep_run *r)
{
	const struct upkeep_topic root = {
		.kind = "root",
		.what = "the root's certificate",
		.soon = REMEDY_NEW_HOUSE,
		.ended = REMEDY_NEW_HOUSE,
	};
	const struct upkeep_topic issuing = {
		.kind = "ca",
		.what = "the issuing CA's certificate",
		.soon = REMEDY_CA_RENEW,
		.ended = REMEDY_CA_RENEW,
	};
	const struct upkeep_topic service = {
		.kind = "service",
		.what = "the certificate of the archive's manifests",
		.soon = REMEDY_CA_RENEW,
		.ended = REMEDY_CA_RENEW,
	};
	char *manifest = path_join(r->home->keystore, "manifest.pem");
	enum deed_status status;

	if (manifest == NULL)
		return deed_error_memory(r->err);
	status = check_certificate(r, r->home->ca_root, &root);
	if (status == DEED_OK)
		status = check_certificate(r, r->home->ca_issuing, &issuing);
	if (status == DEED_OK)
		status = check_certificate(r, manifest, &service);
	free(manifest);
	return status;
}

enum deed_status upkeep_check_crls(const struct home *h, int64_t now,
				   int64_t within, struct upkeep *out,
				   struct deed_error *err)
{
	struct upkeep_run r = { h, now, within, out, err };

	*out = (struct upkeep)UPKEEP_INIT;
	return check_crls(&r);
}

enum deed_status upkeep_check(const struct home *h, int64_t now, int64_t within,
			      struct upkeep *out, struct deed_error *err)
{
	struct upkeep_run r = { h, now, within, out, err };
	struct pki_source *source = NULL;
	enum deed_status status;

	*out = (struct upkeep)UPKEEP_INIT;
	status = check_crls(&r);
	if (status == DEED_OK)
		status = check_authorities(&r);
	/* Where it cannot be read that is said already. */
	if (status == DEED_OK && authority_source(h, &source, NULL) == DEED_OK)
		status = upkeep_parties(&r, source);
	if (status == DEED_OK)
		status = upkeep_pending(&r);
	if (status == DEED_OK)
		status = upkeep_lists(&r);
	if (status == DEED_OK)
		status = upkeep_stores(&r);
	pki_source_free(source);
	return status;
}
