/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/online.h"

#include <stdlib.h>

#include "crypto/random.h"
#include "trust/cache.h"
#include "trust/online_ask.h"
#include "trust/online_urls.h"

#define NONCE_SIZE 16 /* RFC 8954 2.1 */

/* ---- what is wanted ---- */

/* The first address that answers with something that fits; what came is
 * believed by its signature alone. */
static bool fetch_issuers(struct online_document *d,
			  const struct pki_want *want,
			  struct slice authority_info)
{
	struct online_request r = { .want = want,
				    .issuer = true,
				    .max = ONLINE_CERT_MAX,
				    .take = online_take_issuers };
	char url[HTTP_URL_MAX];
	unsigned i;

	for (i = 0;
	     i < ONLINE_URLS &&
	     online_access_url(authority_info, OID_AD_CA_ISSUERS, i, url);
	     i++) {
		r.url = url;
		if (online_ask(d, &r))
			return true;
	}
	return false;
}

/* What is kept is kept under the request without a nonce, so that a second run
 * finds it. */
static bool fetch_ocsp(struct online_document *d, const struct pki_want *want)
{
	const struct cert_extension *e;
	struct online_request r = { .want = want,
				    .max = ONLINE_OCSP_MAX,
				    .take = online_take_ocsp };
	uint8_t nonce[NONCE_SIZE];
	struct buf id = BUF_INIT, body = BUF_INIT;
	char url[HTTP_URL_MAX];
	bool came = false;
	unsigned i;

	e = cert_extension(want->cert, OID_AUTHORITY_INFO);
	if (e == NULL)
		return false;
	if (d->o->params.nonce &&
	    random_bytes(nonce, sizeof(nonce), NULL) == DEED_OK)
		r.nonce = slice_of(nonce, sizeof(nonce));
	if (ocsp_request(want->cert, want->issuer, SLICE_NONE, &id, NULL) ==
		    DEED_OK &&
	    ocsp_request(want->cert, want->issuer, r.nonce, &body, NULL) ==
		    DEED_OK) {
		r.id = buf_get(&id);
		r.body = buf_get(&body);
		for (i = 0; !came && i < ONLINE_URLS &&
			    online_access_url(e->value, OID_AD_OCSP, i, url);
		     i++) {
			r.url = url;
			came = online_ask(d, &r);
		}
	}
	buf_clear(&id);
	buf_clear(&body);
	return came;
}

/* Of each point the first URL that gives a CRL: they are copies. */
static bool fetch_points(struct online_document *d, const struct pki_want *want,
			 struct slice points)
{
	struct online_request r = { .want = want,
				    .max = ONLINE_CRL_MAX,
				    .take = online_take_crl };
	struct dist_point point;
	struct der_reader list;
	char url[HTTP_URL_MAX];
	bool came = false, here;
	unsigned i, k;

	if (!der_open(points, DER_SEQUENCE, &list))
		return false;
	for (i = 0; i < ONLINE_URLS && dist_point_next(&list, &point); i++) {
		here = false;
		for (k = 0; !here && k < ONLINE_URLS &&
			    online_name_url(point.name.full, k, url);
		     k++) {
			r.url = url;
			here = online_ask(d, &r);
		}
		came = came || here;
	}
	return came;
}

struct follow {
	struct online_document *d;
	const struct pki_want *want;
	const struct crl *crl;
	bool believed, came;
};

/* An indirect CRL's signer is one of the authority's, or of the anchor's. */
static bool is_signer(void *arg, struct cert *c, bool anchor)
{
	struct follow *w = arg;

	w->believed = crl_signed_by(w->crl, c) &&
		      (anchor || cert_equal(c, w->want->issuer) ||
		       cert_verify(c, w->want->issuer, NULL) == DEED_OK);
	return !w->believed;
}

/*
 * What a CRL leads to: its deltas, and who signed it.  Where its deltas lie
 * is its signer's word, and nobody's whose chain leads to no anchor.
 */
static bool follow_crl(void *arg, struct crl *crl)
{
	const struct crl_fields *f = crl_fields(crl);
	struct follow *w = arg;

	w->crl = crl;
	w->believed = false;
	if (f->freshest.data != NULL)
		pki_source_each_subject(w->d->o->source, f->issuer, is_signer,
					w);
	if (w->believed && fetch_points(w->d, w->want, f->freshest))
		w->came = true;
	if (fetch_issuers(w->d, w->want, f->authority_info))
		w->came = true;
	return true;
}

/* Indirect CRLs are found by the name of who issues them.  They are looked for
 * in the shared source: where a document's own CRLs lead is a stranger's word.
 */
static void follow_issuer(struct follow *w, struct slice points)
{
	struct dist_point point;
	struct der_reader list;
	struct slice name;
	unsigned i;

	if (!der_open(points, DER_SEQUENCE, &list))
		return;
	for (i = 0; i < ONLINE_URLS && dist_point_next(&list, &point); i++) {
		name = general_names_directory(point.crl_issuer);
		if (name.data != NULL)
			pki_source_each_crl(w->d->o->source, name, follow_crl,
					    w);
	}
}

/* First the CRLs themselves, then what they lead to: a delta or a signer's
 * certificate is asked for only once its CRL is there. */
static bool fetch_crls(struct online_document *d, const struct pki_want *want)
{
	const struct cert_extension *points, *freshest;
	struct follow w = { .d = d, .want = want };
	bool came = false;

	points = cert_extension(want->cert, OID_CRL_DISTRIBUTION_POINTS);
	freshest = cert_extension(want->cert, OID_FRESHEST_CRL);
	if (points != NULL)
		came = fetch_points(d, want, points->value);
	if (freshest != NULL && fetch_points(d, want, freshest->value))
		came = true;
	pki_source_each_crl(d->o->source, cert_fields(want->cert)->issuer,
			    follow_crl, &w);
	if (points != NULL)
		follow_issuer(&w, points->value);
	return came || w.came;
}

/*
 * OCSP first: it is smaller and newer.  If that does not do, the judge asks
 * again, and it is the CRLs' turn.  There is an issuer only where the chain
 * leads to an anchor (pki/source.h).
 */
static bool complete(void *arg, const struct pki_want *want)
{
	struct online_document *d = arg;
	const struct cert_extension *e;

	if (want->issuer != NULL)
		return fetch_ocsp(d, want) || fetch_crls(d, want);
	e = cert_extension(want->cert, OID_AUTHORITY_INFO);
	return e != NULL && fetch_issuers(d, want, e->value);
}

/* The monotonic clock: a wait must not be prolonged by somebody who sets the
 * time. */
static void prepare(struct online *o)
{
	pthread_condattr_t monotonic;

	(void)pthread_mutex_init(&o->lock, NULL);
	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&o->finished, &monotonic);
	(void)pthread_condattr_destroy(&monotonic);
}

enum deed_status online_new(const struct online_params *params,
			    struct pki_source *source, struct online **out,
			    struct deed_error *err)
{
	struct online *o;

	*out = NULL;
	o = calloc(1, sizeof(*o));
	if (o == NULL)
		return deed_error_memory(err);
	o->params = *params;
	if (params->cache != NULL)
		o->cache = strdup(params->cache);
	if (params->cache != NULL && o->cache == NULL) {
		free(o);
		return deed_error_memory(err);
	}
	if (o->params.fetches == 0)
		o->params.fetches = ONLINE_FETCHES;
	o->source = source;
	o->run.o = o;
	prepare(o);
	pki_source_set_finder(source, complete, &o->run);
	*out = o;
	return DEED_OK;
}

bool online_refused(const struct online *o)
{
	return o != NULL && atomic_load(&o->refused);
}

void online_free(struct online *o)
{
	if (o == NULL)
		return;
	pki_source_set_finder(o->source, NULL, NULL);
	if (atomic_load(&o->kept))
		(void)!cache_trim(o->cache, NULL);
	online_asked_clear(o);
	(void)pthread_cond_destroy(&o->finished);
	(void)pthread_mutex_destroy(&o->lock);
	free(o->cache);
	free(o);
}

/* ---- one document ---- */

enum deed_status online_begin(struct online *o, const char *name,
			      struct online_document **out,
			      struct deed_error *err)
{
	struct online_document *d = calloc(1, sizeof(*d));
	enum deed_status status;

	*out = NULL;
	if (d == NULL)
		return deed_error_memory(err);
	d->o = o;
	d->name = strdup(name);
	status = d->name == NULL ? deed_error_memory(err)
				 : pki_source_new(o->source, &d->source, err);
	if (status != DEED_OK) {
		online_end(d);
		return status;
	}
	pki_source_set_finder(d->source, complete, d);
	*out = d;
	return DEED_OK;
}

const struct pki_source *online_source(const struct online_document *d)
{
	return d->source;
}

void online_end(struct online_document *d)
{
	if (d == NULL)
		return;
	while (d->lack_count > 0) {
		free(d->lacks[--d->lack_count].url);
		free(d->lacks[d->lack_count].why);
	}
	pki_source_free(d->source);
	free(d->name);
	free(d);
}

bool online_lack(const struct online_document *d, size_t i, const char **url,
		 const char **why)
{
	if (i >= d->lack_count)
		return false;
	*url = d->lacks[i].url;
	*why = d->lacks[i].why;
	return true;
}
