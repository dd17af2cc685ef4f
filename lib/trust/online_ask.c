/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/online_ask.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "crypto/digest.h"
#include "trust/cache.h"
#include "trust/online_hosts.h"

/* Each is made once; one that another document's end cut short is forgotten,
 * and made again. */
struct online_asked {
	struct online_asked *next;
	uint8_t key[SHA256_SIZE]; /* of the URL and what was posted */
	bool done, came;
	struct deed_error why; /* where it did not */
};

/* ---- the budget of a document ---- */

static bool has_budget(const struct online_document *d)
{
	return d->source != NULL && d->o->params.budget_ms > 0;
}

/* What is left, in milliseconds; the clock starts when it is first asked. */
static int64_t left_of(struct online_document *d)
{
	int64_t now = clock_monotonic_ms();

	if (!has_budget(d))
		return INT32_MAX;
	if (d->until == 0)
		d->until = now + d->o->params.budget_ms;
	return d->until - now;
}

/* Told once for a document, and not for each of its URLs. */
static bool has_time(struct online_document *d)
{
	if (left_of(d) > 0)
		return true;
	if (!d->told)
		log_say(LOG_WARNING,
			"'%s': nothing more is fetched: the %u seconds for a "
			"document are over",
			d->name, d->o->params.budget_ms / 1000);
	d->told = true;
	return false;
}

/* Strangers choose what a missing issuer's URL is. */
static bool may_seek_issuer(struct online_document *d)
{
	if (d->source == NULL || d->issuers < ONLINE_ISSUERS)
		return true;
	if (!d->told)
		log_say(LOG_WARNING,
			"'%s': no more than %d missing issuers are fetched for "
			"a document",
			d->name, ONLINE_ISSUERS);
	d->told = true;
	return false;
}

/* ---- each request once ---- */

/* A URL holds no NUL, so that URL and request cannot run into each other. */
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

/* Where the entry hangs, so that end can take it out.  The digest's first
 * octet spreads over the buckets. */
static struct online_asked **find(struct online *o, const uint8_t *key)
{
	struct online_asked **f = &o->asked[key[0]];

	while (*f != NULL && memcmp((*f)->key, key, SHA256_SIZE) != 0)
		f = &(*f)->next;
	return f;
}

/* Until another thread has an end, or the document's time is over. */
static bool wait_for_end(struct online_document *d)
{
	int64_t ms = left_of(d);
	struct timespec until;

	if (ms <= 0)
		return false;
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	return pthread_cond_timedwait(&d->o->finished, &d->o->lock, &until) ==
	       0;
}

/* Not NULL: this thread is to do it, and calls end.  NULL: it was done, by
 * another that is waited for; *came, or why it did not. */
static struct online_asked *begin(struct online_document *d,
				  const struct online_request *r, bool *came,
				  struct deed_error *why)
{
	struct online *o = d->o;
	struct online_asked **f, *mine = NULL;
	uint8_t key[SHA256_SIZE];
	bool waited = true;

	key_of(r->url, r->id, key);
	(void)pthread_mutex_lock(&o->lock);
	while (*(f = find(o, key)) != NULL && !(*f)->done && waited)
		waited = wait_for_end(d);
	if (*f != NULL && (*f)->done) {
		*came = (*f)->came;
		*why = (*f)->why;
	} else if (*f != NULL) {
		deed_error_set(why, DEED_LIMIT,
			       "the time for the document is over");
	} else {
		mine = calloc(1, sizeof(*mine));
	}
	if (mine != NULL) {
		memcpy(mine->key, key, SHA256_SIZE);
		mine->next = o->asked[key[0]];
		o->asked[key[0]] = mine;
	}
	(void)pthread_mutex_unlock(&o->lock);
	return mine;
}

/* Others wait for this one.  With forget it is as if it had never been asked,
 * and whoever waited asks for himself. */
static void end(struct online *o, struct online_asked *mine, bool came,
		bool forget, const struct deed_error *why)
{
	(void)pthread_mutex_lock(&o->lock);
	mine->done = true;
	mine->came = came;
	mine->why = *why;
	if (forget) {
		*find(o, mine->key) = mine->next;
		free(mine);
	}
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

/* ---- from where ---- */

/* With a nonce only a fresh answer does.  What is no longer current counts
 * where nothing can be fetched, and otherwise goes into the source as well
 * without ending the search. */
static bool from_cache(struct online *o, const struct online_request *r)
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

/* Only what could be taken is kept.  An answer to a nonce is of use once. */
static void to_cache(struct online *o, const struct online_request *r,
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

/* What has a body is an OCSP request; all else is fetched. */
static enum deed_status request(struct online *o,
				const struct online_request *r, unsigned ms,
				struct http_response *response,
				struct deed_error *err)
{
	struct http_request ask = { .max = r->max, .total_ms = ms };

	if (r->body.data == NULL)
		return http_get(o->params.client, r->url, &ask, response, err);
	ask.content = "application/ocsp-request";
	ask.body = r->body;
	return http_post(o->params.client, r->url, &ask, response, err);
}

/* Only this document is cut short: the request is forgotten, and another may
 * make it. */
static void refuse(struct deed_error *why, bool *cut, const char *text)
{
	*cut = true;
	deed_error_set(why, DEED_LIMIT, "%s", text);
}

/* *cut: another document may. */
static bool may_ask(struct online_document *d, const struct online_request *r,
		    bool *cut, struct deed_error *why)
{
	struct online *o = d->o;

	*cut = false;
	if (o->params.client == NULL)
		deed_error_set(why, DEED_REFUSED, "nothing is fetched");
	else if (online_host_given_up(o, r->url))
		deed_error_set(why, DEED_REMOTE,
			       "its host gave no answer in this run");
	else if (!has_time(d))
		refuse(why, cut, "the time for the document is over");
	else if (r->issuer && !may_seek_issuer(d))
		refuse(why, cut, "it is one missing issuer too many");
	else if (!spend(o))
		deed_error_set(why, DEED_LIMIT, "there were too many requests");
	else
		return true;
	return false;
}

/*
 * One that stalls gets half of the budget, so that something is left for
 * others.  Where it was short, because others had taken it, nothing is held
 * against the host, and *cut.
 */
static bool from_network(struct online_document *d,
			 const struct online_request *r, bool *cut,
			 struct deed_error *why)
{
	struct http_response response = HTTP_RESPONSE_INIT;
	unsigned budget = has_budget(d) ? d->o->params.budget_ms : INT32_MAX;
	struct online *o = d->o;
	enum deed_status status;
	bool current, answered, stalled;
	int64_t ms, start;

	if (!may_ask(d, r, cut, why))
		return false;
	d->issuers += r->issuer && d->source != NULL;
	start = clock_monotonic_ms();
	ms = left_of(d);
	if (ms > budget / 2)
		ms = budget / 2;
	status = request(o, r, ms > 0 ? (unsigned)ms : 1, &response, why);
	answered = response.status != 0;
	stalled = clock_monotonic_ms() - start >= ms / 2;
	if (status == DEED_OK)
		status = r->take(o, r, buf_get(&response.body), &current, why);
	if (status == DEED_OK)
		to_cache(o, r, buf_get(&response.body));
	else
		log_say(LOG_WARNING, "'%s' gave nothing: %s", r->url,
			why->message);
	if (status == DEED_REFUSED)
		atomic_store(&o->refused, true);
	*cut = !answered && status != DEED_REFUSED && ms < budget / 4;
	if (!*cut)
		online_host_note(o, r->url,
				 answered ? HOST_ANSWERED
				 : stalled || status == DEED_REFUSED
					 ? HOST_STALLED
					 : HOST_BROKE_OFF);
	http_response_clear(&response);
	return status == DEED_OK;
}

/* What is wanted in vain, each once; without memory it is not told. */
static void note_lack(struct online_document *d, const char *url,
		      const char *why)
{
	struct online_lack *l = &d->lacks[d->lack_count];
	size_t i;

	if (d->source == NULL || d->lack_count == ONLINE_LACKS)
		return;
	for (i = 0; i < d->lack_count; i++)
		if (strcmp(d->lacks[i].url, url) == 0)
			return;
	l->url = strdup(url);
	l->why = strdup(why);
	if (l->url != NULL && l->why != NULL) {
		d->lack_count++;
		return;
	}
	free(l->url);
	free(l->why);
}

bool online_ask(struct online_document *d, const struct online_request *r)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct online_asked *mine = NULL;
	bool came = false, cut = false, before = false;

	if (has_time(d))
		mine = begin(d, r, &before, &why);
	else
		refuse(&why, &cut, "the time for the document is over");
	if (mine != NULL) {
		came = from_cache(d->o, r) || from_network(d, r, &cut, &why);
		end(d->o, mine, came, cut, &why);
	}
	if (!came && !before)
		note_lack(d, r->url, why.message);
	return came;
}

void online_asked_clear(struct online *o)
{
	struct online_asked *f;
	unsigned i;

	for (i = 0; i < ONLINE_BUCKETS; i++) {
		while ((f = o->asked[i]) != NULL) {
			o->asked[i] = f->next;
			free(f);
		}
	}
	online_hosts_clear(o);
}
