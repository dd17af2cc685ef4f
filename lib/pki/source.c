/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/source.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "key/cert_peek.h"
#include "key/x509_name.h"

/*
 * A table from a hash to objects.  Only ever added to, at the end of a
 * bucket's chain and under the source's lock, so that readers walk it
 * without: a link is set when what it leads to is whole.
 */
#define BUCKETS 256

struct node {
	_Atomic(struct node *) next;
	uint64_t hash;
	void *object; /* a reference */
	atomic_bool anchor;
};

struct table {
	_Atomic(struct node *) bucket[BUCKETS];
	atomic_size_t count;
};

struct pki_source {
	const struct pki_source *base;
	pthread_mutex_t lock;	/* for adding */
	struct table certs;	/* by subject */
	struct table issued;	/* certificates by issuer and serial number */
	struct table keys;	/* certificates by subject key identifier */
	struct table crls;	/* by issuer */
	struct table ocsps;	/* by serial number, each as often as it has */
	struct table malformed; /* struct malformed, by subject */
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

/* Acquired: whoever sees a node sees all that was written before it was
 * linked. */
static struct node *first(const struct table *t, uint64_t hash)
{
	return atomic_load_explicit(&t->bucket[hash % BUCKETS],
				    memory_order_acquire);
}

static struct node *following(const struct node *n)
{
	return atomic_load_explicit(&n->next, memory_order_acquire);
}

/* Takes the reference, also where it fails: drop says how to give it back. */
static enum deed_status append(struct table *t, uint64_t hash, void *object,
			       bool anchor, void (*drop)(void *),
			       struct deed_error *err)
{
	_Atomic(struct node *) *where = &t->bucket[hash % BUCKETS];
	struct node *n;

	n = t->count < SOURCE_MAX ? calloc(1, sizeof(*n)) : NULL;
	if (n == NULL) {
		drop(object);
		return t->count < SOURCE_MAX
			       ? deed_error_memory(err)
			       : deed_error_set(err, DEED_LIMIT,
						"more than %d certificates, "
						"CRLs or OCSP responses",
						SOURCE_MAX);
	}
	n->hash = hash;
	n->object = object;
	atomic_init(&n->next, NULL);
	atomic_init(&n->anchor, anchor);
	while (atomic_load_explicit(where, memory_order_relaxed) != NULL)
		where = &atomic_load_explicit(where, memory_order_relaxed)
				 ->next;
	atomic_store_explicit(where, n, memory_order_release);
	t->count++;
	return DEED_OK;
}

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

/* When no reader is left: nothing here is locked. */
static void table_clear(struct table *t, void (*drop)(void *))
{
	struct node *n, *next;
	size_t i;

	for (i = 0; i < BUCKETS; i++) {
		for (n = first(t, i); n != NULL; n = next) {
			next = following(n);
			drop(n->object);
			free(n);
		}
	}
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
	table_clear(&s->certs, drop_cert);
	table_clear(&s->issued, drop_cert);
	table_clear(&s->keys, drop_cert);
	table_clear(&s->crls, drop_crl);
	table_clear(&s->ocsps, drop_ocsp);
	table_clear(&s->malformed, free);
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
static struct cert *shared_cert(const struct pki_source *s, uint64_t hash,
				struct cert *c)
{
	const struct node *n;

	for (s = s->base; s != NULL; s = s->base) {
		for (n = first(&s->certs, hash); n != NULL; n = following(n)) {
			if (n->hash == hash && cert_equal(n->object, c))
				return n->object;
		}
	}
	return c;
}

/* Of one issuer there are many lists, which their octets tell apart. */
static struct crl *find_crl(const struct pki_source *s, uint64_t hash,
			    const struct crl *c)
{
	const struct node *n;

	for (n = first(&s->crls, hash); n != NULL; n = following(n)) {
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

	status = append(&s->issued, hash_issued(f->issuer, f->serial),
			cert_ref(c), false, drop_cert, err);
	if (status == DEED_OK && f->subject_key_id.data != NULL)
		status = append(&s->keys, hash_octets(f->subject_key_id),
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
	struct node *n;

	for (n = first(&s->certs, hash); n != NULL; n = following(n)) {
		if (n->hash == hash && cert_equal(n->object, c))
			break;
	}
	if (n == NULL) {
		c = shared_cert(s, hash, c);
		status = append(&s->certs, hash, cert_ref(c), anchor, drop_cert,
				err);
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
		status = append(&s->crls, hash, crl_ref(shared_crl(s, hash, c)),
				false, drop_crl, err);
	(void)pthread_mutex_unlock(&s->lock);
	return status;
}

/* A response with one serial number in several answers meets itself here. */
static struct ocsp *find_ocsp(const struct pki_source *s, uint64_t hash,
			      const struct ocsp *o)
{
	const struct node *n;

	for (n = first(&s->ocsps, hash); n != NULL; n = following(n)) {
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
			status = append(&s->ocsps, hash,
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
		status = append(&s->malformed, x509_name_hash(m->subject), m,
				false, free, err);
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
	const struct node *n;

	for (; s != NULL; s = s->base) {
		for (n = first(&s->malformed, hash); n != NULL;
		     n = following(n)) {
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
	const struct node *n;

	for (; s != NULL; s = s->base) {
		for (n = first(&s->certs, hash); n != NULL; n = following(n)) {
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
	const struct node *n;
	size_t i;

	for (; s != NULL; s = s->base) {
		for (i = 0; i < BUCKETS; i++) {
			for (n = first(&s->certs, i); n != NULL;
			     n = following(n)) {
				if (!fn(arg, n->object,
					atomic_load(&n->anchor)))
					return;
			}
		}
	}
}

/* By hash alone: whoever asks compares (pki/source.h). */
static void each_named(const struct table *t, uint64_t hash, bool *go_on,
		       pki_named_fn *fn, void *arg)
{
	const struct node *n;

	for (n = first(t, hash); *go_on && n != NULL; n = following(n)) {
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
	const struct node *n;

	for (; s != NULL; s = s->base) {
		for (n = first(&s->crls, hash); n != NULL; n = following(n)) {
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
	const struct node *n;

	for (; s != NULL; s = s->base) {
		for (n = first(&s->ocsps, hash); n != NULL; n = following(n)) {
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
