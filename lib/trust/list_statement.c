/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/list_statement.h"

#include <stdlib.h>

#include "codec/json.h"
#include "crypto/digest.h"
#include "key/name_fold.h"

/* Authorities above a signer that are looked at. */
#define CHAIN_MAX 8

enum deed_status list_statement_sign(const struct trust_list *l,
				     const struct signing_key *key,
				     const struct cert_list *chain,
				     int64_t time, struct buf *out,
				     struct deed_error *err)
{
	size_t count = chain->count + l->certificate_count;
	const struct cert **all = calloc(count + 1, sizeof(*all));
	json_t *payload = trust_list_write(l);
	enum deed_status status = DEED_OK;
	size_t n = 0;

	if (all == NULL || payload == NULL)
		status = deed_error_memory(err);
	for (size_t i = 0; status == DEED_OK && i < chain->count; i++)
		all[n++] = chain->items[i];
	/* One that is in the chain as well goes in once. */
	for (size_t i = 0; status == DEED_OK && i < l->certificate_count; i++)
		if (!cert_list_has(chain, l->certificates[i]))
			all[n++] = l->certificates[i];
	if (status == DEED_OK)
		status = statement_sign(payload, key, all, n, time, out, err);
	json_decref(payload);
	free(all);
	return status;
}

/* Of the canonical text: two statements with the same list have the same
 * digest, whoever signed them. */
static enum deed_status hash_payload(const json_t *payload, uint8_t out[32],
				     struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status = json_canonical(payload, &text, err);

	if (status == DEED_OK)
		sha256(buf_get(&text), out);
	buf_clear(&text);
	return status;
}

enum deed_status list_statement_open(struct slice der,
				     struct list_statement **out,
				     struct deed_error *err)
{
	struct list_statement *o = calloc(1, sizeof(*o));
	json_t *payload = NULL;
	enum deed_status status;

	*out = NULL;
	if (o == NULL)
		return deed_error_memory(err);
	status = statement_open_beside(der, TRUST_LIST_TYPE, &payload,
				       &o->signer, &o->beside, err);
	if (status == DEED_OK)
		status = trust_list_read(payload, o->beside.certificates.items,
					 o->beside.certificates.count, &o->list,
					 err);
	if (status == DEED_OK)
		status = hash_payload(payload, o->sha256, err);
	json_decref(payload);
	if (status == DEED_OK) {
		*out = o;
		o = NULL;
	}
	list_statement_free(o);
	return status;
}

void list_statement_free(struct list_statement *s)
{
	if (s == NULL)
		return;
	trust_list_free(s->list);
	cert_free(s->signer);
	statement_beside_clear(&s->beside);
	free(s);
}

static bool same_key(const struct cert *a, const struct cert *b)
{
	return memcmp(cert_spki_sha256(a), cert_spki_sha256(b), 32) == 0;
}

/* By key, so that a renewed certificate is still its holder's. */
static bool is_among(const struct cert *c, struct cert *const *certs,
		     size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (same_key(c, certs[i]))
			return true;
	return false;
}

enum deed_status list_statement_believe(struct list_statement *s,
					struct cert *const *signers,
					size_t count, struct deed_error *err)
{
	const struct cert_list *counters = &s->beside.countersigners;
	struct buf name = BUF_INIT;

	s->by_signer = is_among(s->signer, signers, count);
	s->by_counter = false;
	for (size_t i = 0; i < counters->count; i++)
		/* Nobody is the second house to himself. */
		if (!same_key(counters->items[i], s->signer) &&
		    is_among(counters->items[i], signers, count))
			s->by_counter = true;
	if (s->by_signer || s->by_counter)
		return DEED_OK;
	if (list_statement_signer_name(s, &name, NULL) != DEED_OK)
		buf_reset(&name);
	buf_byte(&name, 0);
	(void)deed_error_set(
		err, DEED_NOT_VERIFIED,
		"the trust list is signed by '%.200s', who is none "
		"of the signers named or pinned",
		name.failed ? "" : (const char *)name.data);
	buf_clear(&name);
	return DEED_NOT_VERIFIED;
}

/* The signer's certificate and what is above it, as far as it is there. */
static size_t chain_of(const struct list_statement *s,
		       const struct cert *chain[CHAIN_MAX])
{
	const struct cert_list *all = &s->beside.certificates;
	size_t n = 0;

	chain[n++] = s->signer;
	for (size_t i = 0; i < all->count && n < CHAIN_MAX; i++) {
		const struct cert *top = chain[n - 1];

		if (cert_self_issued(top))
			break;
		if (!x509_name_equal(cert_fields(all->items[i])->subject,
				     cert_fields(top)->issuer) ||
		    cert_verify(top, all->items[i], NULL) != DEED_OK)
			continue;
		chain[n++] = all->items[i];
		i = (size_t)-1;
	}
	return n;
}

/* Wide on purpose: what is wrongly taken for the signer's own lacks a
 * countersigner and no more. */
static bool kin(const struct cert *a, const struct cert *b)
{
	const struct cert_fields *x = cert_fields(a), *y = cert_fields(b);

	return same_key(a, b) || x509_name_equal(x->subject, y->subject) ||
	       x509_name_equal(x->subject, y->issuer) ||
	       x509_name_equal(x->issuer, y->subject) ||
	       x509_name_equal(x->issuer, y->issuer);
}

/* Folded as names in certificates are, so that spelling hides no kinship.
 * Nothing is the same as nothing. */
static bool same_text(const char *a, struct slice b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	bool same;

	if (a == NULL || b.len == 0)
		return false;
	name_fold(slice_str(a), &x);
	name_fold(b, &y);
	same = !x.failed && !y.failed && slice_equal(buf_get(&x), buf_get(&y));
	buf_clear(&x);
	buf_clear(&y);
	return same;
}

/* Of a list written by hand, whose operators have names that the compiler
 * chose. */
static bool named_alike(const struct list_statement *s,
			const struct trust_operator *operator)
{
	static const enum oid types[] = { OID_ORGANISATION, OID_COMMON_NAME };
	struct slice subject = cert_fields(s->signer)->subject;
	bool same =
		same_text(operator->name, slice_str(s->list->scheme_operator));

	for (size_t i = 0; !same && i < sizeof(types) / sizeof(types[0]); i++) {
		struct buf name = BUF_INIT;

		same = x509_name_get(subject, types[i], &name) &&
		       same_text(operator->name, buf_get(&name));
		buf_clear(&name);
	}
	return same;
}

bool list_statement_own(const struct list_statement *s, const struct cert *ca,
			const struct trust_operator *operator)
{
	const struct cert *chain[CHAIN_MAX];
	size_t n = chain_of(s, chain);

	for (size_t i = 0; i < n; i++)
		if (kin(ca, chain[i]))
			return true;
	return s->list->kind == TRUST_LIST_YAML && operator!= NULL &&
	       named_alike(s, operator);
}

enum deed_status list_statement_signer_name(const struct list_statement *s,
					    struct buf *out,
					    struct deed_error *err)
{
	x509_name_display(cert_fields(s->signer)->subject, out);
	return buf_status(out, err);
}
