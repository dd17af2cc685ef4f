/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/online.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/log.h"
#include "cms/signed.h"
#include "codec/pem.h"
#include "crypto/random.h"
#include "trust/cache.h"
#include "trust/online_urls.h"

#define NONCE_SIZE 16 /* RFC 8954 2.1 */

/* A request that was begun: each is made once. */
struct fetched {
	struct fetched *next;
	uint8_t key[SHA256_SIZE]; /* of the URL and what was posted */
	bool done;
};

#define BUCKETS 256

struct online {
	struct online_params params;
	char *cache; /* a folder, NULL */
	struct pki_source *source;
	pthread_mutex_t lock;
	pthread_cond_t finished;
	struct fetched *bucket[BUCKETS];
	unsigned made;
	bool told_limit;
	atomic_bool kept;
};

/* ---- each request once ---- */

static void key_of(const char *url, struct slice request,
		   uint8_t key[SHA256_SIZE])
{
	struct buf text = BUF_INIT;

	buf_str(&text, url);
	buf_byte(&text, 0);
	buf_slice(&text, request);
	sha256(buf_get(&text), key);
	buf_clear(&text);
}

static struct fetched *find(struct online *o, const uint8_t *key)
{
	struct fetched *f = o->bucket[key[0]];

	while (f != NULL && memcmp(f->key, key, SHA256_SIZE) != 0)
		f = f->next;
	return f;
}

/* True: this thread is to do it, and calls end.  False: it was done, by
 * another that is waited for. */
static struct fetched *begin(struct online *o, const char *url,
			     struct slice request)
{
	uint8_t key[SHA256_SIZE];
	struct fetched *f, *mine = NULL;

	key_of(url, request, key);
	(void)pthread_mutex_lock(&o->lock);
	f = find(o, key);
	while (f != NULL && !f->done)
		(void)pthread_cond_wait(&o->finished, &o->lock);
	if (f == NULL)
		mine = calloc(1, sizeof(*mine));
	if (mine != NULL) {
		memcpy(mine->key, key, SHA256_SIZE);
		mine->next = o->bucket[key[0]];
		o->bucket[key[0]] = mine;
	}
	(void)pthread_mutex_unlock(&o->lock);
	return mine;
}

static void end(struct online *o, struct fetched *f)
{
	(void)pthread_mutex_lock(&o->lock);
	f->done = true;
	(void)pthread_cond_broadcast(&o->finished);
	(void)pthread_mutex_unlock(&o->lock);
}

/* One request more, if there may be one. */
static bool spend(struct online *o)
{
	bool may, tell;

	(void)pthread_mutex_lock(&o->lock);
	may = o->made < o->params.fetches;
	tell = !may && !o->told_limit;
	o->told_limit = o->told_limit || tell;
	if (may)
		o->made++;
	(void)pthread_mutex_unlock(&o->lock);
	if (tell)
		log_say(LOG_WARNING, "no more than %u requests are made a run",
			o->params.fetches);
	return may;
}

static void tell_failure(const char *url, const struct deed_error *why)
{
	log_say(LOG_WARNING, "'%s' gave nothing: %s", url, why->message);
}

/* ---- what came ---- */

/* What is being asked for. */
struct request {
	const struct pki_want *want;
	const char *url;
	struct slice body;  /* posted; SLICE_NONE: get */
	struct slice id;    /* the same without a nonce */
	struct slice nonce; /* that must come back; SLICE_NONE */
	size_t max;
	/* Put it into the source.  current tells whether it is so now. */
	enum deed_status (*take)(struct online *o, const struct request *r,
				 struct slice data, bool *current,
				 struct deed_error *err);
};

static bool is_current(const struct online *o, int64_t this_update,
		       bool has_next, int64_t next_update)
{
	if (has_next)
		return next_update >= o->params.now;
	return o->params.now - this_update <= PKI_FRESH_SECONDS;
}

static enum deed_status take_crl_der(struct online *o, struct slice der,
				     bool *current, struct deed_error *err)
{
	const struct crl_fields *f;
	enum deed_status status;
	struct crl *crl;

	status = crl_parse(der, &crl, err);
	if (status != DEED_OK)
		return status;
	f = crl_fields(crl);
	*current = is_current(o, f->this_update, f->has_next_update,
			      f->next_update);
	status = pki_source_add_crl(o->source, crl, err);
	crl_free(crl);
	return status;
}

/* RFC 5280 4.2.1.13 wants DER; some serve PEM. */
static enum deed_status take_crl(struct online *o, const struct request *r,
				 struct slice data, bool *current,
				 struct deed_error *err)
{
	struct buf der = BUF_INIT;
	char label[PEM_LABEL];
	enum deed_status status;

	(void)r;
	if (data.len > 0 && data.data[0] == DER_SEQUENCE)
		return take_crl_der(o, data, current, err);
	status = pem_decode_next(&data, label, &der, err);
	if (status == DEED_OK)
		status = take_crl_der(o, buf_get(&der), current, err);
	buf_clear(&der);
	return status;
}

static enum deed_status take_ocsp(struct online *o, const struct request *r,
				  struct slice data, bool *current,
				  struct deed_error *err)
{
	const struct ocsp_single *single;
	enum deed_status status;
	struct ocsp *ocsp;

	status = ocsp_parse(data, &ocsp, err);
	if (status != DEED_OK)
		return status;
	single = ocsp_find(ocsp, r->want->cert, r->want->issuer);
	if (single == NULL)
		status = deed_error_set(err, DEED_REMOTE,
					"the OCSP response is about another "
					"certificate");
	else if (r->nonce.data != NULL &&
		 !slice_equal(ocsp_fields(ocsp)->nonce, r->nonce))
		status = deed_error_set(err, DEED_REMOTE,
					"the OCSP response has not the nonce "
					"of the request");
	else
		status = pki_source_add_ocsp(o->source, ocsp, err);
	if (status == DEED_OK)
		*current = is_current(o, single->this_update,
				      single->has_next_update,
				      single->next_update);
	ocsp_free(ocsp);
	return status;
}

static enum deed_status take_cert_der(struct online *o, struct slice der,
				      struct deed_error *err)
{
	enum deed_status status;
	struct cert *c;

	status = cert_parse(der, &c, err);
	if (status == DEED_OK)
		status = pki_source_add_certificate(o->source, c, err);
	cert_free(c);
	return status;
}

/* A certs-only CMS (RFC 5280 4.2.2.1). */
static enum deed_status take_bundle(struct online *o, struct slice data,
				    struct deed_error *err)
{
	struct cms_signed *sd;
	enum deed_status status;
	unsigned i;

	status = cms_signed_parse(data, &sd, err);
	for (i = 0; status == DEED_OK && i < sd->certificate_count; i++)
		status = take_cert_der(o, sd->certificates[i], err);
	cms_signed_free(sd);
	return status;
}

static enum deed_status take_issuers(struct online *o, const struct request *r,
				     struct slice data, bool *current,
				     struct deed_error *err)
{
	struct buf der = BUF_INIT;
	char label[PEM_LABEL];
	enum deed_status status;

	(void)r;
	*current = true;
	if (take_cert_der(o, data, NULL) == DEED_OK ||
	    take_bundle(o, data, NULL) == DEED_OK)
		return DEED_OK;
	status = pem_decode_next(&data, label, &der, err);
	if (status == DEED_OK && strcmp(label, "CERTIFICATE") == 0)
		status = take_cert_der(o, buf_get(&der), err);
	else if (status == DEED_OK)
		status = take_bundle(o, buf_get(&der), err);
	else
		status = deed_error_set(err, DEED_MALFORMED,
					"it is no certificate");
	buf_clear(&der);
	return status;
}

/* ---- from where ---- */

static bool from_cache(struct online *o, const struct request *r)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct buf data = BUF_INIT;
	bool current = false, taken;

	if (o->cache == NULL || r->nonce.data != NULL)
		return false;
	taken = cache_get(o->cache, r->url, r->id, &data, &why) == DEED_OK &&
		r->take(o, r, buf_get(&data), &current, &why) == DEED_OK;
	buf_clear(&data);
	if (taken)
		log_say(LOG_STEP, "'%s' is in the cache%s", r->url,
			current ? "" : ", but no longer current");
	return taken && (current || o->params.client == NULL);
}

static void to_cache(struct online *o, const struct request *r,
		     struct slice data)
{
	struct deed_error why = DEED_ERROR_INIT;

	if (o->cache == NULL || r->nonce.data != NULL)
		return;
	if (cache_put(o->cache, r->url, r->id, data, &why) != DEED_OK)
		log_say(LOG_WARNING, "'%s' is not kept: %s", r->url,
			why.message);
	else
		atomic_store(&o->kept, true);
}

static bool from_network(struct online *o, const struct request *r)
{
	struct http_response response = HTTP_RESPONSE_INIT;
	struct http_request ask = { .max = r->max };
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	bool current;

	if (o->params.client == NULL || !spend(o))
		return false;
	if (r->body.data != NULL) {
		ask.content = "application/ocsp-request";
		ask.body = r->body;
		status = http_post(o->params.client, r->url, &ask, &response,
				   &why);
	} else {
		status = http_get(o->params.client, r->url, &ask, &response,
				  &why);
	}
	if (status == DEED_OK)
		status = r->take(o, r, buf_get(&response.body), &current, &why);
	if (status == DEED_OK)
		to_cache(o, r, buf_get(&response.body));
	else
		tell_failure(r->url, &why);
	http_response_clear(&response);
	return status == DEED_OK;
}

/* True where something came that was not there before. */
static bool fetch(struct online *o, const struct request *r)
{
	struct fetched *mine = begin(o, r->url, r->id);
	bool came;

	if (mine == NULL)
		return false;
	came = from_cache(o, r) || from_network(o, r);
	end(o, mine);
	return came;
}

/* ---- what is wanted ---- */

static bool fetch_issuers(struct online *o, const struct pki_want *want,
			  struct slice authority_info)
{
	struct request r = { .want = want,
			     .max = ONLINE_CERT_MAX,
			     .take = take_issuers };
	char url[HTTP_URL_MAX];
	unsigned i;

	for (i = 0;
	     i < ONLINE_URLS &&
	     online_access_url(authority_info, OID_AD_CA_ISSUERS, i, url);
	     i++) {
		r.url = url;
		if (fetch(o, &r))
			return true;
	}
	return false;
}

static bool fetch_ocsp(struct online *o, const struct pki_want *want)
{
	const struct cert_extension *e;
	struct request r = { .want = want,
			     .max = ONLINE_OCSP_MAX,
			     .take = take_ocsp };
	uint8_t nonce[NONCE_SIZE];
	struct buf id = BUF_INIT, body = BUF_INIT;
	char url[HTTP_URL_MAX];
	bool came = false;
	unsigned i;

	e = cert_extension(want->cert, OID_AUTHORITY_INFO);
	if (e == NULL)
		return false;
	if (o->params.nonce &&
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
			came = fetch(o, &r);
		}
	}
	buf_clear(&id);
	buf_clear(&body);
	return came;
}

/* Of each point the first URL that gives a CRL: they are copies. */
static bool fetch_points(struct online *o, const struct pki_want *want,
			 struct slice points)
{
	struct request r = { .want = want,
			     .max = ONLINE_CRL_MAX,
			     .take = take_crl };
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
			here = fetch(o, &r);
		}
		came = came || here;
	}
	return came;
}

struct follow {
	struct online *o;
	const struct pki_want *want;
	bool came;
};

/* What a CRL leads to: its deltas, and who signed it. */
static bool follow_crl(void *arg, struct crl *crl)
{
	const struct crl_fields *f = crl_fields(crl);
	struct follow *w = arg;

	if (fetch_points(w->o, w->want, f->freshest))
		w->came = true;
	if (fetch_issuers(w->o, w->want, f->authority_info))
		w->came = true;
	return true;
}

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
			pki_source_each_crl(w->o->source, name, follow_crl, w);
	}
}

static bool fetch_crls(struct online *o, const struct pki_want *want)
{
	const struct cert_extension *points, *freshest;
	struct follow w = { .o = o, .want = want };
	bool came = false;

	points = cert_extension(want->cert, OID_CRL_DISTRIBUTION_POINTS);
	freshest = cert_extension(want->cert, OID_FRESHEST_CRL);
	if (points != NULL)
		came = fetch_points(o, want, points->value);
	if (freshest != NULL && fetch_points(o, want, freshest->value))
		came = true;
	pki_source_each_crl(o->source, cert_fields(want->cert)->issuer,
			    follow_crl, &w);
	if (points != NULL)
		follow_issuer(&w, points->value);
	return came || w.came;
}

/* OCSP first: it is smaller and newer.  If that does not do, the judge asks
 * again, and it is the CRLs' turn. */
static bool complete(void *arg, const struct pki_want *want)
{
	const struct cert_extension *e;
	struct online *o = arg;

	if (want->issuer != NULL)
		return fetch_ocsp(o, want) || fetch_crls(o, want);
	e = cert_extension(want->cert, OID_AUTHORITY_INFO);
	return e != NULL && fetch_issuers(o, want, e->value);
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
	(void)pthread_mutex_init(&o->lock, NULL);
	(void)pthread_cond_init(&o->finished, NULL);
	pki_source_set_finder(source, complete, o);
	*out = o;
	return DEED_OK;
}

void online_free(struct online *o)
{
	struct fetched *f;
	unsigned i;

	if (o == NULL)
		return;
	pki_source_set_finder(o->source, NULL, NULL);
	if (atomic_load(&o->kept))
		(void)!cache_trim(o->cache, NULL);
	for (i = 0; i < BUCKETS; i++) {
		while ((f = o->bucket[i]) != NULL) {
			o->bucket[i] = f->next;
			free(f);
		}
	}
	(void)pthread_cond_destroy(&o->finished);
	(void)pthread_mutex_destroy(&o->lock);
	free(o->cache);
	free(o);
}
