/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/s3.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

#define FAN 2
/* So long a place that was seen is taken to be there: before something in it is
 * called absent, and before it is changed or only asked for. */
#define SEEN_MS 2000
#define CHANGE_MS 60000

/* So long after a place failed to answer what it says is absent may be what
 * it cannot get at. */
#define DOUBT_MS 60000

/* The state is the back end's own; others only have the place. */
static struct s3 *of(const struct place *p)
{
	return p->state;
}

void s3_key(const struct s3 *s, const char *folder, const char *name,
	    char out[STORE_KEY_MAX + 1])
{
	bool fan = folder != NULL && place_is_deposit(folder);

	(void)snprintf(out, STORE_KEY_MAX + 1, "%s%.*s%s%s%s%s", s->prefix,
		       fan ? FAN : 0, fan ? folder : "", fan ? "/" : "",
		       folder == NULL ? "" : folder, folder == NULL ? "" : "/",
		       name == NULL ? "" : name);
}

/* ---- opening ---- */

/* A copy of a text within s->text, by its offset until all are there. */
static size_t keep(struct s3 *s, const char *text)
{
	size_t at = s->text.len;

	buf_str(&s->text, text == NULL ? "" : text);
	buf_byte(&s->text, 0);
	return at;
}

/* Offsets become pointers only when all texts are there, since the buffer
 * moves as it grows. */
static const char *kept(const struct s3 *s, const char *text, size_t at)
{
	return text == NULL ? NULL : (const char *)s->text.data + at;
}

/* By offsets as long as the buffer may move; the endpoints are written out,
 * Amazon's too where none is named. */
static enum deed_status copy(struct s3 *s, const struct place_description *d,
			     struct deed_error *err)
{
	const char **const text[] = { &s->d.region, &s->d.access_key,
				      &s->d.secret, &s->d.ca, &s->d.proxy };
	enum { TEXTS = sizeof(text) / sizeof(text[0]) };
	size_t at[TEXTS + STORE_ENDPOINTS], i;
	char url[PLACE_URL_MAX + 1];
	enum deed_status status;

	s->d = *d;
	for (i = 0; i < TEXTS; i++)
		at[i] = keep(s, *text[i]);
	for (i = 0; place_description_endpoint(d, i, url); i++)
		at[TEXTS + i] = keep(s, url);
	s->d.endpoint_count = i;
	status = buf_status(&s->text, err);
	for (i = 0; status == DEED_OK && i < TEXTS; i++)
		*text[i] = kept(s, *text[i], at[i]);
	for (i = 0; status == DEED_OK && i < s->d.endpoint_count; i++)
		s->d.endpoint[i] = kept(s, "", at[TEXTS + i]);
	return status;
}

/* Nothing is asked, and no secret: that is for the first request. place_close
 * is called after a failure as well. */
static enum deed_status
s3_open(struct place *p, const struct place_description *d, const char *base,
	const struct place_means *means, struct deed_error *err)
{
	enum deed_status status = place_description_check(d, err);
	const char *prefix;
	struct s3 *s;

	(void)base;
	if (status != DEED_OK)
		return status;
	s = p->state = calloc(1, sizeof(*s));
	p->where = strdup(d->where);
	if (s == NULL || p->where == NULL)
		return deed_error_memory(err);
	(void)pthread_mutex_init(&s->ahead_mutex, NULL);
	s->place = p;
	s->means = means;
	p->transfers = d->transfers == 0 ? STORE_TRANSFERS : d->transfers;
	place_description_bucket(d, s->bucket, &prefix);
	if (asprintf(&s->prefix, "%s/", prefix) < 0) {
		s->prefix = NULL;
		return deed_error_memory(err);
	}
	status = place_store_get(means == NULL ? NULL : means->stores, p->name,
				 d, &s->store, err);
	if (status == DEED_OK)
		status = copy(s, d, err);
	s->d.where = p->where;
	p->endpoint = s->d.endpoint;
	p->endpoint_count = s->d.endpoint_count;
	return status;
}

/* After any failure of s3_open: what it had not come to is NULL. */
static void s3_close(struct place *p)
{
	struct s3 *s = of(p);

	if (s == NULL)
		return;
	place_store_put_back(s->store);
	store_answer_clear(&s->page);
	(void)pthread_mutex_destroy(&s->ahead_mutex);
	buf_clear(&s->text);
	free(s->prefix);
	free(s);
}

/* The secret is asked for when it is needed, not by a command that looks into
 * the catalogue alone. */
static enum deed_status make_store(struct s3 *s, struct deed_error *err)
{
	struct store_target target = {
		.endpoint_count = s->d.endpoint_count,
		.bucket = s->bucket,
		.region = s->d.region == NULL ? PLACE_REGION : s->d.region,
		.access_key = s->d.access_key,
		.ca = s->d.ca,
		.proxy = s->d.proxy,
		.transfers = s->d.transfers,
		.insecure = s->d.insecure,
	};
	struct secret *secret = NULL;
	enum deed_status status;

	if (s->means == NULL || s->means->client == NULL)
		return deed_error_set(err, DEED_CONFIG,
				      "'%s' cannot be used here: it is a "
				      "bucket",
				      s->d.where);
	if (s->means->secret == NULL)
		return deed_error_set(err, DEED_NO_KEY,
				      "nobody has the secret of '%s'",
				      s->d.where);
	memcpy(target.endpoint, s->d.endpoint, sizeof(target.endpoint));
	status = s->means->secret(s->means->arg, s->place->name, s->d.secret,
				  &secret, err);
	target.secret = secret;
	if (status == DEED_OK)
		status = store_new(s->means->client, &target, &s->store->store,
				   err);
	secret_free(secret);
	return status;
}

/* ---- requests ---- */

/* No answer, or that it cannot. */
static void hear(struct place_store *p, enum deed_status status,
		 const struct store_answer *a)
{
	if (status != DEED_REMOTE ||
	    (a->status != 0 && a->status < 500 && a->status != 429))
		return;
	(void)pthread_mutex_lock(&p->mutex);
	p->failed = true;
	p->failed_ms = clock_monotonic_ms();
	(void)pthread_mutex_unlock(&p->mutex);
}

/* The lock is held while the secret is asked for, so that of several threads
 * one asks. */
static enum deed_status s3_begin(struct s3 *s, const struct store_request *r,
				 struct store_call **out,
				 struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	*out = NULL;
	(void)pthread_mutex_lock(&s->store->mutex);
	if (s->store->store == NULL)
		status = make_store(s, err);
	(void)pthread_mutex_unlock(&s->store->mutex);
	return status == DEED_OK ? store_begin(s->store->store, r, out, err)
				 : status;
}

int64_t s3_clock(const struct s3 *s, const struct store_answer *a)
{
	if (a->date == 0 || s->means == NULL || s->means->now == NULL)
		return 0;
	return a->date - s->means->now(s->means->arg);
}

/* Minutes are enough: below one nothing is said of clocks (S3_CLOCK_MAX). */
static void span_text(int64_t seconds, char out[48])
{
	int64_t minutes = (seconds < 0 ? -seconds : seconds) / 60;

	if (minutes < 60)
		(void)snprintf(out, 48, "%d min", (int)minutes);
	else if (minutes < 48 * 60)
		(void)snprintf(out, 48, "%d h %d min", (int)(minutes / 60),
			       (int)(minutes % 60));
	else
		(void)snprintf(out, 48, "%lld days",
			       (long long)(minutes / (24 * 60)));
}

enum deed_status s3_clock_off(const struct s3 *s, int64_t seconds,
			      struct deed_error *err)
{
	char span[48];

	span_text(seconds, span);
	return deed_error_set(err, DEED_DENIED,
			      "the clock of '%s' is %s %s this machine's: "
			      "requests are refused where they are more than "
			      "%d min apart",
			      s->d.where, span,
			      seconds < 0 ? "behind" : "ahead of",
			      S3_CLOCK_MAX / 60);
}

/* What a store refuses for its clock shows in its Date (RFC 9110 6.6.1). */
static bool off(const struct s3 *s, const struct store_answer *a)
{
	int64_t seconds = s3_clock(s, a);

	return seconds > S3_CLOCK_MAX || seconds < -S3_CLOCK_MAX;
}

/* It says that we may not, and means that one of two clocks is wrong. */
static enum deed_status denied(const struct s3 *s, const struct store_answer *a,
			       struct deed_error *err)
{
	if (off(s, a))
		return s3_clock_off(s, s3_clock(s, a), err);
	if (!strcmp(a->code, "RequestTimeTooSkewed"))
		return deed_error_set(err, DEED_DENIED,
				      "'%s' says that its clock and this "
				      "machine's are too far apart",
				      s->d.where);
	return DEED_DENIED;
}

/* Every try is counted, as a bill counts it.  A refusal because of the clock
 * is put into words that say so. */
static enum deed_status s3_finish(struct s3 *s, enum place_operation operation,
				  struct store_call *call,
				  struct store_answer *out,
				  struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = store_finish(call, out, &why);

	place_count(s->place, operation, out->tries, out->sent, out->got);
	hear(s->store, status, out);
	if (status == DEED_DENIED)
		status = denied(s, out, &why);
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

enum deed_status s3_ask(struct s3 *s, enum place_operation operation,
			const struct store_request *r, struct store_answer *out,
			struct deed_error *err)
{
	struct store_call *call;
	enum deed_status status = s3_begin(s, r, &call, err);

	return status == DEED_OK ? s3_finish(s, operation, call, out, err)
				 : status;
}

/* ---- is it a place? ---- */

/* By its marker, else by anything of an archive: a HEAD is denied without a
 * word where a list would say why. */
static enum deed_status look(struct s3 *s, struct deed_error *err)
{
	struct store_answer a = STORE_ANSWER_INIT;
	char key[STORE_KEY_MAX + 1];
	const struct store_request r = { .method = STORE_HEAD, .key = key };
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	bool found = true;

	s3_key(s, PLACE_ABOUT, S3_MARKER, key);
	status = s3_ask(s, PLACE_HEAD, &r, &a, &why);
	/* A HEAD is denied without a word: a listing says why. */
	if (status == DEED_NOT_FOUND ||
	    (status == DEED_DENIED && a.code[0] == '\0' && !off(s, &a)))
		status = s3_has_any(s, &found, &why);
	store_answer_clear(&a);
	if (status == DEED_OK && !found)
		return deed_error_set(err, DEED_REMOTE,
				      "'%s' has nothing of an archive in it",
				      s->d.where);
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

/* Was it seen to be a place in the time before now? */
static bool seen_within(struct s3 *s, int64_t ms)
{
	int64_t now = clock_monotonic_ms();
	bool fresh;

	(void)pthread_mutex_lock(&s->store->mutex);
	fresh = s->store->seen && now - s->store->seen_ms < ms;
	(void)pthread_mutex_unlock(&s->store->mutex);
	return fresh;
}

enum deed_status s3_seen(struct s3 *s, struct deed_error *err)
{
	enum deed_status status;

	if (seen_within(s, SEEN_MS))
		return DEED_OK;
	status = look(s, err);
	(void)pthread_mutex_lock(&s->store->mutex);
	s->store->seen = status == DEED_OK;
	s->store->seen_ms = clock_monotonic_ms();
	(void)pthread_mutex_unlock(&s->store->mutex);
	return status;
}

/* Not each time, for who begins something asks: but after a failure. */
static enum deed_status s3_probe(struct place *p, struct deed_error *err)
{
	struct s3 *s = of(p);
	bool well;

	(void)pthread_mutex_lock(&s->store->mutex);
	well = !s->store->failed || s->store->failed_ms < s->store->seen_ms;
	(void)pthread_mutex_unlock(&s->store->mutex);
	return well && seen_within(s, CHANGE_MS) ? DEED_OK : s3_seen(s, err);
}

/* A place that is there stays as it is: its marker may be kept by a lock. */
static enum deed_status s3_make(struct place *p, const char **made,
				struct deed_error *err)
{
	static const char marker[] = "A place of an archive of deed.\n";
	struct s3 *s = of(p);
	struct store_answer a = STORE_ANSWER_INIT;
	char key[STORE_KEY_MAX + 1];
	const struct store_request r = {
		.method = STORE_PUT,
		.key = key,
		.body = slice_of(marker, sizeof(marker) - 1),
	};
	const struct store_request h = { .method = STORE_HEAD, .key = key };
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	bool absent;

	s3_key(s, PLACE_ABOUT, S3_MARKER, key);
	status = s3_ask(s, PLACE_HEAD, &h, &a, &why);
	store_answer_clear(&a);
	absent = status == DEED_NOT_FOUND;
	/* If it is denied, this is told why. */
	if (status == DEED_NOT_FOUND || status == DEED_DENIED) {
		a = (struct store_answer)STORE_ANSWER_INIT;
		status = s3_ask(s, PLACE_PUT, &r, &a, &why);
		store_answer_clear(&a);
	}
	if (status == DEED_OK && absent)
		*made = S3_MARKER;
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

/* ---- transfers ---- */

/* Of a part one byte more is asked for where the object must end with it: that
 * is how one which is longer is noticed. */
static void fill(const struct place_ticket *t, const char *key,
		 struct store_request *r)
{
	static const enum store_method method[] = {
		[PLACE_PUT] = STORE_PUT,
		[PLACE_GET] = STORE_GET,
		[PLACE_HEAD] = STORE_HEAD,
		[PLACE_REMOVE] = STORE_DELETE,
	};

	*r = (struct store_request){
		.method = method[t->operation],
		.key = key,
		.body = t->bytes,
		.max = t->max,
		.into = t->into,
		.unhashed = t->known && !t->doubted,
	};
	if (t->operation == PLACE_GET && (t->from > 0 || !t->whole)) {
		/* One more, to see whether it ends there. */
		r->from = t->from;
		r->length = (uint64_t)t->max + t->whole;
		if (r->length > STORE_OBJECT_MAX)
			r->length = STORE_OBJECT_MAX;
		/* None is all. */
		if (r->length == 0)
			r->length = 1;
		r->max = (size_t)r->length;
	}
}

/* Changed is a place alone: a bucket that was emptied, or is another's, is
 * none, and what is absent is removed with a 204 from any. */
static enum deed_status s3_start(struct place_ticket *t, struct deed_error *err)
{
	struct s3 *s = of(t->place);
	char key[STORE_KEY_MAX + 1];
	struct store_call *call = NULL;
	struct store_request r;
	enum deed_status status = DEED_OK;

	if ((t->operation == PLACE_PUT || t->operation == PLACE_REMOVE) &&
	    !seen_within(s, CHANGE_MS))
		status = s3_seen(s, err);
	s3_key(s, t->folder, t->name, key);
	fill(t, key, &r);
	if (status == DEED_OK)
		status = s3_begin(s, &r, &call, err);
	t->call = call;
	return status;
}

/* The limit is the caller's: nothing that deed has written there is larger. */
static enum deed_status over(const struct place_ticket *t,
			     struct deed_error *err)
{
	return deed_error_set(err, DEED_LIMIT,
			      "'%s/%s' at '%s' is over %zu bytes", t->folder,
			      t->name, t->place->where, t->max);
}

#define RANGE_BEHIND_END 416 /* RFC 9110 15.5.17 */

/* A range that had one byte more than is wanted is of an object that is too
 * long. */
static enum deed_status take_body(struct place_ticket *t,
				  const struct store_answer *a,
				  struct deed_error *err)
{
	if (t->whole && a->body.len > t->max)
		return over(t, err);
	if (t->into != NULL) {
		t->filled = a->filled;
		return DEED_OK;
	}
	buf_append(t->out, a->body.data,
		   a->body.len < t->max ? a->body.len : t->max);
	return buf_status(t->out, err);
}

/* Behind the end of an object there is nothing, which is an answer and no
 * failure. */
static enum deed_status got(struct place_ticket *t, enum deed_status status,
			    const struct store_answer *a,
			    struct deed_error *err)
{
	if (t->operation == PLACE_GET && (t->from > 0 || !t->whole) &&
	    a->status == RANGE_BEHIND_END)
		return DEED_OK;
	if (status == DEED_OK && t->operation == PLACE_GET)
		return take_body(t, a, err);
	if (status == DEED_LIMIT && t->operation == PLACE_GET)
		return over(t, err);
	if (status == DEED_OK && t->operation == PLACE_HEAD && t->size != NULL)
		*t->size = a->size;
	return status;
}

/* What a place never answers is a store that fails. */
static enum deed_status settled(enum deed_status status, struct deed_error *err)
{
	if (status != DEED_EXISTS && status != DEED_UNSUPPORTED)
		return status;
	if (err != NULL)
		err->status = DEED_REMOTE;
	return DEED_REMOTE;
}

/*
 * That something is absent is believed of a place alone, and not of one that
 * fails beside: a store of which a part is down may say it of what lies there.
 */
static enum deed_status s3_absent(struct s3 *s, struct deed_error *err)
{
	enum deed_status status = s3_seen(s, err);
	struct place_store *p = s->store;
	bool doubt;

	(void)pthread_mutex_lock(&p->mutex);
	doubt = p->failed && clock_monotonic_ms() - p->failed_ms < DOUBT_MS;
	(void)pthread_mutex_unlock(&p->mutex);
	if (status != DEED_OK || !doubt)
		return status;
	return deed_error_set(err, DEED_REMOTE,
			      "'%s' fails, so that what it says is absent may "
			      "be there",
			      s->d.where);
}

/* That it is absent is believed only of a place that is there and does not
 * fail (s3_absent); what is absent and was to be removed is done. */
static enum deed_status s3_end(struct place_ticket *t, struct deed_error *err)
{
	struct store_answer a = STORE_ANSWER_INIT;
	struct s3 *s = of(t->place);
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	status = s3_finish(s, t->operation, t->call, &a, &why);
	t->call = NULL;
	status = settled(got(t, status, &a, &why), &why);
	store_answer_clear(&a);
	if (status == DEED_NOT_FOUND) {
		if (s3_absent(s, &why) != DEED_OK)
			status = why.status;
		else if (t->operation == PLACE_REMOVE)
			status = DEED_OK;
	}
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

/* A 2xx of a store is durable. */
static enum deed_status s3_sync(struct place *p, struct deed_error *err)
{
	(void)p;
	(void)err;
	return DEED_OK;
}

/* There are none but in names. */
static enum deed_status s3_remove_folder(struct place *p, const char *folder,
					 struct deed_error *err)
{
	(void)p;
	(void)folder;
	(void)err;
	return DEED_OK;
}

const struct place_backend place_s3 = {
	.scheme = PLACE_S3,
	.open = s3_open,
	.close = s3_close,
	.probe = s3_probe,
	.make = s3_make,
	.begin = s3_start,
	.finish = s3_end,
	.sync = s3_sync,
	.remove_folder = s3_remove_folder,
	.list = s3_list,
	.sizes = s3_sizes,
	.walk = s3_walk,
	.modified = s3_modified,
	.ascending = s3_ascending,
	.fresh = s3_fresh,
	.versions = s3_versions,
	.undelete = s3_undelete,
	.examine = s3_examine,
	.head_beneath = s3_head_beneath,
};
