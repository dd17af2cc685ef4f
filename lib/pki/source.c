/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/source.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "key/cert_peek.h"
#include "key/x509_name.h"
#include "pki/source_digests.h"
#include "pki/source_table.h"

struct pki_source {
	const struct pki_source *base;
	pthread_mutex_t lock; /* for adding */
	/* Certificates by subject, by issuer and serial number, and by subject
	 * key identifier; the nodes of the first by SHA-256. */
	struct source_table certs, issued, keys;
	struct source_digests digests;
	struct source_table crls; /* by issuer */
	/* By serial number, each as often as it has one. */
	struct source_table ocsps;
	struct source_table malformed; /* struct malformed, by subject */
	struct cert **anchors;
	size_t anchor_count;
	pki_finder_fn *finder;
	void *finder_arg;
};

/* A certificate that cannot be used. */
struct malformed {
	char why[160];
	struct slice subject; /* in octets */
	uint8_t octets[];
};

static void drop_cert(void *c)
{
	cert_free(c);
}

static void drop_crl(void *c)
{
	crl_free(c);
}

static void drop_ocsp(void *o)
{
	ocsp_free(o);
}

enum deed_status pki_source_new(const struct pki_source *base,
				struct pki_source **out, struct deed_error *err)
{
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return deed_error_memory(err);
	(*out)->base = base;
	(void)pthread_mutex_init(&(*out)->lock, NULL);
	return DEED_OK;
}

void pki_source_free(struct pki_source *s)
{
	if (s == NULL)
		return;
	source_digests_clear(&s->digests);
	source_table_clear(&s->certs, drop_cert);
	source_table_clear(&s->issued, drop_cert);
	source_table_clear(&s->keys, drop_cert);
	source_table_clear(&s->crls, drop_crl);
	source_table_clear(&s->ocsps, drop_ocsp);
	source_table_clear(&s->malformed, free);
	free(s->anchors);
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}

/* The list of anchors borrows from the table. */
static enum deed_status note_anchor(struct pki_source *s, struct cert *c,
				    struct deed_error *err)
{
	struct cert **bigger;

	bigger = reallocarray(s->anchors, s->anchor_count + 1, sizeof(*bigger));
	if (bigger == NULL)
		return deed_error_memory(err);
	s->anchors = bigger;
	s->anchors[s->anchor_count++] = c;
	return DEED_OK;
}

/*
 * The same in a base, or what is to be added itself: what is one object is
 * parsed and checked once, however many documents bring it.
 */
static struct cert *shared_cert(const struct pki_source *s, struct cert *c)
{
	const struct source_node *n = NULL;

	for (s = s->base; s != NULL && n == NULL; s = s->base)
		n = source_digests_find(&s->digests, c);
	return n == NULL ? c : n->object;
}

/* Of one issuer there are many lists, which their octets tell apart. */
static struct crl *find_crl(const struct pki_source *s, uint64_t hash,
			    const struct crl *c)
{
	const struct source_node *n;

	for (n = source_first(&s->crls, hash); n != NULL; n = source_next(n)) {
		if (n->hash == hash &&
		    slice_equal(crl_fields(n->object)->der, crl_fields(c)->der))
			return n->object;
	}
	return NULL;
}

/* A base's own: its entries are read and its signature is checked once for all
 * documents. */
static struct crl *shared_crl(const struct pki_source *s, uint64_t hash,
			      struct crl *c)
{
	struct crl *found = NULL;

	for (s = s->base; s != NULL && found == NULL; s = s->base)
		found = find_crl(s, hash, c);
	return found == NULL ? c : found;
}

/* FNV-1a.  Who makes octets collide makes a chain longer, and no more. */
static uint64_t hash_octets(struct slice octets)
{
	uint64_t h = 0xcbf29ce484222325;
	size_t i;

	for (i = 0; i < octets.len; i++)
		h = (h ^ octets.data[i]) * 0x100000001b3;
	return h;
}

static uint64_t hash_issued(struct slice issuer, struct slice serial)
{
	return x509_name_hash(issuer) ^ hash_octets(serial);
}

/* As signers name certificates (RFC 5652 5.3). */
static enum deed_status index_cert(struct pki_source *s, struct cert *c,
				   struct deed_error *err)
{
	const struct cert_fields *f = cert_fields(c);
	enum deed_status status;

	status = source_append(&s->issued, hash_issued(f->issuer, f->serial),
			       cert_ref(c), false, drop_cert, err);
	if (status == DEED_OK && f->subject_key_id.data != NULL)
		status = source_append(&s->keys, hash_octets(f->subject_key_id),
				       cert_ref(c), false, drop_cert, err);
	return status;
}

/* The same certificate often comes twice, from the file and from the store: it
 * is kept once, and is an anchor if either says so. */
static enum deed_status add_cert_locked(struct pki_source *s, struct cert *c,
					bool anchor, struct deed_error *err)
{
	uint64_t hash = x509_name_hash(cert_fields(c)->subject);
	enum deed_status status = DEED_OK;
	struct source_node *n = source_digests_find(&s->digests, c);

	if (n == NULL) {
		c = shared_cert(s, c);
		status = source_append(&s->certs, hash, cert_ref(c), anchor,
				       drop_cert, err);
		if (status == DEED_OK)
			status = source_digests_add(
				&s->digests,
				s->certs.last[hash % SOURCE_BUCKETS], err);
		if (status == DEED_OK)
			status = index_cert(s, c, err);
		return status == DEED_OK && anchor ? note_anchor(s, c, err)
						   : status;
	}
	if (anchor && !atomic_exchange(&n->anchor, true))
		status = note_anchor(s, n->object, err);
	return status;
}

/* Looked for and added in one go, or two threads would add it twice. */
static enum deed_status add_cert(struct pki_source *s, struct cert *c,
				 bool anchor, struct deed_error *err)
{
	enum deed_status status;

	(void)pthread_mutex_lock(&s->lock);
	status = add_cert_locked(s, c, anchor, err);
	(void)pthread_mutex_unlock(&s->lock);
	return status;
}

enum deed_status pki_source_add_anchor(struct pki_source *s, struct cert *c,
				       struct deed_error *err)
{
	return add_cert(s, c, true, err);
}

enum deed_status pki_source_add_certificate(struct pki_source *s,
					    struct cert *c,
					    struct deed_error *err)
{
	return add_cert(s, c, false, err);
}

enum deed_status pki_source_add_crl(struct pki_source *s, struct crl *c,
				    struct deed_error *err)
{
	uint64_t hash = x509_name_hash(crl_fields(c)->issuer);
	enum deed_status status = DEED_OK;

	(void)pthread_mutex_lock(&s->lock);
	if (find_crl(s, hash, c) == NULL)
		status = source_append(&s->crls, hash,
				       crl_ref(shared_crl(s, hash, c)), false,
				       drop_crl, err);
	(void)pthread_mutex_unlock(&s->lock);
	return status;
}

/* A response with one serial number in several answers meets itself here. */
static struct ocsp *find_ocsp(const struct pki_source *s, uint64_t hash,
			      const struct ocsp *o)
{
	const struct source_node *n;

	for (n = source_first(&s->ocsps, hash); n != NULL; n = source_next(n)) {
		if (n->hash == hash &&
		    (n->object == o || slice_equal(ocsp_fields(n->object)->der,
						   ocsp_fields(o)->der)))
			return n->object;
	}
	return NULL;
}

/* As shared_crl. */
static struct ocsp *shared_ocsp(const struct pki_source *s, uint64_t hash,
				struct ocsp *o)
{
	struct ocsp *found = NULL;

	for (s = s->base; s != NULL && found == NULL; s = s->base)
		found = find_ocsp(s, hash, o);
	return found == NULL ? o : found;
}

enum deed_status pki_source_add_ocsp(struct pki_source *s, struct ocsp *o,
				     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	uint64_t hash;
	size_t i;

	(void)pthread_mutex_lock(&s->lock);
	for (i = 0; status == DEED_OK && i < ocsp_fields(o)->single_count;
	     i++) {
		hash = hash_octets(ocsp_single_at(o, i)->serial);
		if (find_ocsp(s, hash, o) == NULL)
			status =
				source_append(&s->ocsps, hash,
					      ocsp_ref(shared_ocsp(s, hash, o)),
					      false, drop_ocsp, err);
	}
	(void)pthread_mutex_unlock(&s->lock);
	return status;
}

enum deed_status pki_source_add_malformed(struct pki_source *s,
					  struct slice der, const char *why,
					  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct malformed *m;
	struct cert_peek p;

	if (!cert_peek(der, &p) || p.subject.data == NULL ||
	    !x509_name_valid(p.subject))
		return DEED_OK;
	m = malloc(sizeof(*m) + p.subject.len);
	if (m == NULL)
		return deed_error_memory(err);
	(void)snprintf(m->why, sizeof(m->why), "%s", why);
	memcpy(m->octets, p.subject.data, p.subject.len);
	m->subject = slice_of(m->octets, p.subject.len);
	(void)pthread_mutex_lock(&s->lock);
	if (s->malformed.count < SOURCE_MALFORMED)
		status =
			source_append(&s->malformed, x509_name_hash(m->subject),
				      m, false, free, err);
	else
		free(m);
	(void)pthread_mutex_unlock(&s->lock);
	return status;
}

const char *pki_source_malformed(const struct pki_source *s,
				 struct slice subject)
{
	uint64_t hash = x509_name_hash(subject);
	const struct malformed *m;
	const struct source_node *n;

	for (; s != NULL; s = s->base) {
		for (n = source_first(&s->malformed, hash); n != NULL;
		     n = source_next(n)) {
			m = n->object;
			if (n->hash == hash &&
			    x509_name_equal(m->subject, subject))
				return m->why;
		}
	}
	return NULL;
}

size_t pki_source_anchor_count(const struct pki_source *s)
{
	size_t n = 0;

	for (; s != NULL; s = s->base)
		n += s->anchor_count;
	return n;
}

struct cert *pki_source_anchor(const struct pki_source *s, size_t n)
{
	size_t below = s->base == NULL ? 0 : pki_source_anchor_count(s->base);

	if (n < below)
		return pki_source_anchor(s->base, n);
	return n - below < s->anchor_count ? s->anchors[n - below] : NULL;
}

/* Equal names have equal hashes (x509_name_hash).  The own come before the
 * base's. */
static bool each_subject(const struct pki_source *s, struct slice name,
			 bool anchors, pki_cert_fn *fn, void *arg)
{
	uint64_t hash = x509_name_hash(name);
	const struct source_node *n;

	for (; s != NULL; s = s->base) {
		for (n = source_first(&s->certs, hash); n != NULL;
		     n = source_next(n)) {
			if (n->hash == hash &&
			    atomic_load(&n->anchor) == anchors &&
			    x509_name_equal(cert_fields(n->object)->subject,
					    name) &&
			    !fn(arg, n->object, anchors))
				return false;
		}
	}
	return true;
}

void pki_source_each_subject(const struct pki_source *s, struct slice name,
			     pki_cert_fn *fn, void *arg)
{
	if (each_subject(s, name, true, fn, arg))
		(void)each_subject(s, name, false, fn, arg);
}

void pki_source_each_certificate(const struct pki_source *s, pki_cert_fn *fn,
				 void *arg)
{
	const struct source_node *n;
	size_t i;

	for (; s != NULL; s = s->base) {
		for (i = 0; i < SOURCE_BUCKETS; i++) {
			for (n = source_first(&s->certs, i); n != NULL;
			     n = source_next(n)) {
				if (!fn(arg, n->object,
					atomic_load(&n->anchor)))
					return;
			}
		}
	}
}

/* By hash alone: whoever asks compares (pki/source.h). */
static void each_named(const struct source_table *t, uint64_t hash, bool *go_on,
		       pki_named_fn *fn, void *arg)
{
	const struct source_node *n;

	for (n = source_first(t, hash); *go_on && n != NULL;
	     n = source_next(n)) {
		if (n->hash == hash)
			*go_on = fn(arg, n->object);
	}
}

void pki_source_each_issued(const struct pki_source *s, struct slice issuer,
			    struct slice serial, pki_named_fn *fn, void *arg)
{
	uint64_t hash = hash_issued(issuer, serial);
	bool go_on = true;

	for (; s != NULL; s = s->base)
		each_named(&s->issued, hash, &go_on, fn, arg);
}

void pki_source_each_key(const struct pki_source *s, struct slice key_id,
			 pki_named_fn *fn, void *arg)
{
	uint64_t hash = hash_octets(key_id);
	bool go_on = true;

	for (; s != NULL; s = s->base)
		each_named(&s->keys, hash, &go_on, fn, arg);
}

void pki_source_each_crl(const struct pki_source *s, struct slice issuer,
			 pki_crl_fn *fn, void *arg)
{
	uint64_t hash = x509_name_hash(issuer);
	const struct source_node *n;

	for (; s != NULL; s = s->base) {
		for (n = source_first(&s->crls, hash); n != NULL;
		     n = source_next(n)) {
			if (n->hash == hash &&
			    x509_name_equal(crl_fields(n->object)->issuer,
					    issuer) &&
			    !fn(arg, n->object))
				return;
		}
	}
}

void pki_source_each_ocsp(const struct pki_source *s, struct slice serial,
			  pki_ocsp_fn *fn, void *arg)
{
	uint64_t hash = hash_octets(serial);
	const struct source_node *n;

	for (; s != NULL; s = s->base) {
		for (n = source_first(&s->ocsps, hash); n != NULL;
		     n = source_next(n)) {
			if (n->hash == hash && !fn(arg, n->object))
				return;
		}
	}
}

void pki_source_set_finder(struct pki_source *s, pki_finder_fn *fn, void *arg)
{
	s->finder = fn;
	s->finder_arg = arg;
}

/* The nearest, so that a document's own goes before the run's. */
static const struct pki_source *with_finder(const struct pki_source *s)
{
	while (s != NULL && s->finder == NULL)
		s = s->base;
	return s;
}

bool pki_source_find(const struct pki_source *s, const struct pki_want *want)
{
	s = with_finder(s);
	return s != NULL && s->finder(s->finder_arg, want);
}

bool pki_source_has_finder(const struct pki_source *s)
{
	return with_finder(s) != NULL;
}

size_t pki_source_size(const struct pki_source *s)
{
	size_t n = 0;

	for (; s != NULL; s = s->base)
		n += atomic_load(&s->certs.count) +
		     atomic_load(&s->crls.count) + atomic_load(&s->ocsps.count);
	return n;
}

bool pki_source_has_crls(const struct pki_source *s)
{
	while (s != NULL && atomic_load(&s->crls.count) == 0)
		s = s->base;
	return s != NULL;
}

bool pki_source_has_ocsps(const struct pki_source *s)
{
	while (s != NULL && atomic_load(&s->ocsps.count) == 0)
		s = s->base;
	return s != NULL;
}
