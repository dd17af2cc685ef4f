/* SPDX-License-Identifier: Apache-2.0 */

/*
 * net/store.h for tests, over the helper that $STORE_HELPERS holds:
 *
 *	store_tool [-o KEY=VALUE]... ENDPOINT[,ENDPOINT]... BUCKET ORDER...
 *
 * The secret is read from descriptor 3, the access key is -o key=.  Orders:
 *
 *	put KEY FILE		get KEY FILE [FROM LENGTH]	head KEY
 *	delete KEY [VERSION]	list PREFIX			versions PREFIX
 *	absent KEY FILE		a put with If-None-Match
 *	versioning
 *	many put|get|head|delete COUNT SIZE THREADS	objects many/N
 *
 * One line an order: the status's id, what was answered, the error's words.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "crypto/digest.h"
#include "net/store.h"

static struct store_client *client;
static struct store *store;
static unsigned limit;
static size_t max_get;
static bool quiet;

static void fail(const char *what)
{
	(void)fprintf(stderr, "store_tool: %s\n", what);
	exit(99);
}

static void say(enum deed_status status, const struct store_answer *a,
		const struct deed_error *err)
{
	printf("%s status=%u code=%s tries=%u size=%llu etag=%s date=%d%s%s%s",
	       deed_status_id(status), a->status, a->code, a->tries,
	       (unsigned long long)a->size, a->etag[0] != '\0' ? "yes" : "no",
	       a->date != 0, a->marker ? " marker" : "",
	       a->version[0] != '\0' ? " version=" : "", a->version);
	printf("%s%s\n", status != DEED_OK ? " | " : "",
	       status != DEED_OK ? err->message : "");
}

static enum deed_status ask(const struct store_request *r,
			    struct store_answer *a, struct deed_error *err)
{
	struct store_call *call;
	enum deed_status status = store_begin(store, r, &call, err);

	return status == DEED_OK ? store_finish(call, a, err) : status;
}

static void put(const char *key, const char *path, bool if_absent)
{
	struct store_answer a = STORE_ANSWER_INIT;
	struct deed_error err = DEED_ERROR_INIT;
	struct buf body = BUF_INIT;
	struct store_request r = { .method = STORE_PUT,
				   .key = key,
				   .if_absent = if_absent };

	if (file_read(path, 64u << 20, &body, &err) != DEED_OK)
		fail(err.message);
	r.body = buf_get(&body);
	say(ask(&r, &a, &err), &a, &err);
	store_answer_clear(&a);
	buf_clear(&body);
}

static void get(const char *key, const char *path, const char *from,
		const char *length)
{
	struct store_answer a = STORE_ANSWER_INIT;
	struct deed_error err = DEED_ERROR_INIT;
	struct store_request r = { .method = STORE_GET,
				   .key = key,
				   .max = max_get };
	enum deed_status status;
	FILE *f;

	if (from != NULL) {
		r.from = strtoull(from, NULL, 10);
		r.length = strtoull(length, NULL, 10);
	}
	status = ask(&r, &a, &err);
	say(status, &a, &err);
	f = fopen(path, "wb");
	if (f == NULL ||
	    (a.body.len > 0 && fwrite(a.body.data, 1, a.body.len, f) < 1) ||
	    fclose(f) != 0)
		fail("cannot write");
	store_answer_clear(&a);
}

static void simple(enum store_method method, const char *key,
		   const char *version)
{
	struct store_answer a = STORE_ANSWER_INIT;
	struct deed_error err = DEED_ERROR_INIT;
	struct store_request r = { .method = method,
				   .key = key,
				   .version = version };
	enum deed_status status = ask(&r, &a, &err);

	say(status, &a, &err);
	if (method == STORE_VERSIONING && status == DEED_OK)
		printf("versioning %s\n",
		       a.versioning == STORE_VERSIONED ? "on" : "off");
	store_answer_clear(&a);
}

static void list(enum store_method method, const char *prefix)
{
	struct store_request r = { .method = method,
				   .key = prefix,
				   .limit = limit };
	struct deed_error err = DEED_ERROR_INIT;
	struct store_answer a, before = STORE_ANSWER_INIT;
	enum deed_status status;
	const struct store_item *it;
	size_t i;

	do {
		a = (struct store_answer)STORE_ANSWER_INIT;
		status = ask(&r, &a, &err);
		say(status, &a, &err);
		for (i = 0; i < a.item_count; i++) {
			it = &a.item[i];
			printf("\t%s %llu%s%s%s\n", it->key,
			       (unsigned long long)it->size,
			       it->latest ? " latest" : "",
			       it->marker ? " marker" : "",
			       it->version != NULL && it->version[0] != '\0'
				       ? " versioned"
				       : "");
			r.after = it->key;
			r.after_version = it->version;
		}
		store_answer_clear(&before);
		before = a;
	} while (status == DEED_OK && a.more);
	store_answer_clear(&before);
}

/* ---- many ---- */

struct many {
	enum store_method method;
	unsigned count, threads, next;
	size_t size;
	pthread_mutex_t lock;
	unsigned failed;
	unsigned tries;
	struct deed_error err;
};

/* Object n: its own bytes, to be known again. */
static void fill(uint8_t *at, size_t size, unsigned n)
{
	uint64_t x = 88172645463325252ULL + n;
	size_t i;

	for (i = 0; i + 8 <= size; i += 8) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		memcpy(at + i, &x, 8);
	}
	for (; i < size; i++)
		at[i] = (uint8_t)n;
}

static bool is_right(const struct store_answer *a, const uint8_t *bytes,
		     const struct many *m)
{
	if (m->method == STORE_HEAD)
		return a->size == m->size;
	return m->method != STORE_GET ||
	       (a->body.len == m->size &&
		(m->size == 0 || memcmp(a->body.data, bytes, m->size) == 0));
}

static void many_one(struct many *m, unsigned n, uint8_t *bytes)
{
	struct store_answer a = STORE_ANSWER_INIT;
	struct deed_error err = DEED_ERROR_INIT;
	struct store_request r = { .method = m->method, .max = m->size };
	enum deed_status status;
	char key[32];

	(void)snprintf(key, sizeof(key), "many/%06u", n);
	r.key = key;
	if (m->method == STORE_PUT || m->method == STORE_GET)
		fill(bytes, m->size, n);
	if (m->method == STORE_PUT)
		r.body = slice_of(bytes, m->size);
	status = ask(&r, &a, &err);
	if (status == DEED_OK && !is_right(&a, bytes, m))
		status = deed_error_set(&err, DEED_DAMAGED, "other bytes");
	(void)pthread_mutex_lock(&m->lock);
	m->tries += a.tries;
	if (status != DEED_OK) {
		m->failed++;
		m->err = err;
	}
	(void)pthread_mutex_unlock(&m->lock);
	store_answer_clear(&a);
}

static void *many_thread(void *arg)
{
	struct many *m = arg;
	uint8_t *bytes = malloc(m->size + 1);
	unsigned n;

	if (bytes == NULL)
		fail("no memory");
	for (;;) {
		(void)pthread_mutex_lock(&m->lock);
		n = m->next++;
		(void)pthread_mutex_unlock(&m->lock);
		if (n >= m->count)
			break;
		many_one(m, n, bytes);
	}
	free(bytes);
	return NULL;
}

static enum store_method method_named(const char *name)
{
	return strcmp(name, "put") == 0	   ? STORE_PUT
	       : strcmp(name, "get") == 0  ? STORE_GET
	       : strcmp(name, "head") == 0 ? STORE_HEAD
					   : STORE_DELETE;
}

static void many(char **argv)
{
	struct many m = { .method = method_named(argv[0]),
			  .count = (unsigned)strtoul(argv[1], NULL, 10),
			  .size = strtoul(argv[2], NULL, 10),
			  .threads = (unsigned)strtoul(argv[3], NULL, 10) };
	pthread_t thread[256];
	int64_t start = clock_monotonic_ms();
	unsigned i;

	(void)pthread_mutex_init(&m.lock, NULL);
	for (i = 0; i < m.threads && i < 256; i++)
		if (pthread_create(&thread[i], NULL, many_thread, &m) != 0)
			fail("no thread");
	while (i > 0)
		(void)pthread_join(thread[--i], NULL);
	printf("%s failed=%u of %u tries=%u", m.failed == 0 ? "ok" : "failed",
	       m.failed, m.count, m.tries);
	if (!quiet)
		printf(" ms=%lld", (long long)(clock_monotonic_ms() - start));
	printf("%s%s\n", m.failed != 0 ? " | " : "", m.err.message);
}

/* ---- the command line ---- */

static int order(char **argv, int argc)
{
	if (argc >= 3 && strcmp(argv[0], "put") == 0)
		return put(argv[1], argv[2], false), 3;
	if (argc >= 3 && strcmp(argv[0], "absent") == 0)
		return put(argv[1], argv[2], true), 3;
	if (argc >= 5 && strcmp(argv[0], "range") == 0)
		return get(argv[1], argv[2], argv[3], argv[4]), 5;
	if (argc >= 3 && strcmp(argv[0], "get") == 0)
		return get(argv[1], argv[2], NULL, NULL), 3;
	if (argc >= 2 && strcmp(argv[0], "head") == 0)
		return simple(STORE_HEAD, argv[1], NULL), 2;
	if (argc >= 2 && strcmp(argv[0], "delete") == 0)
		return simple(STORE_DELETE, argv[1], NULL), 2;
	if (argc >= 2 && strcmp(argv[0], "list") == 0)
		return list(STORE_LIST, argv[1]), 2;
	if (argc >= 2 && strcmp(argv[0], "versions") == 0)
		return list(STORE_VERSIONS, argv[1]), 2;
	if (argc >= 1 && strcmp(argv[0], "versioning") == 0)
		return simple(STORE_VERSIONING, "", NULL), 1;
	if (argc >= 5 && strcmp(argv[0], "many") == 0)
		return many(argv + 1), 5;
	if (argc >= 2 && strcmp(argv[0], "sleep") == 0)
		return (void)usleep((useconds_t)strtoul(argv[1], NULL, 10) *
				    1000),
		       2;
	fail("expected an order");
	return 0;
}

static void told(void *arg, const char *method, const char *url)
{
	(void)arg;
	(void)fprintf(stderr, "told %s %s\n", method, url);
}

static void option(const char *text, struct store_target *t,
		   struct store_client_options *o)
{
	const char *value = strchr(text, '=');

	if (value == NULL)
		fail("expected KEY=VALUE");
	value++;
	if (strncmp(text, "key=", 4) == 0)
		t->access_key = value;
	else if (strncmp(text, "region=", 7) == 0)
		t->region = value;
	else if (strncmp(text, "ca=", 3) == 0)
		t->ca = value;
	else if (strncmp(text, "proxy=", 6) == 0)
		t->proxy = value;
	else if (strncmp(text, "transfers=", 10) == 0)
		t->transfers = (unsigned)strtoul(value, NULL, 10);
	else if (strncmp(text, "insecure=", 9) == 0)
		t->insecure = *value == '1';
	else if (strncmp(text, "offline=", 8) == 0)
		o->offline = *value == '1';
	else if (strncmp(text, "deadline=", 9) == 0)
		o->deadline_ms = (unsigned)strtoul(value, NULL, 10);
	else if (strncmp(text, "told=", 5) == 0)
		o->told = told;
	else if (strncmp(text, "quiet=", 6) == 0)
		quiet = true;
	else if (strncmp(text, "limit=", 6) == 0)
		limit = (unsigned)strtoul(value, NULL, 10);
	else if (strncmp(text, "max=", 4) == 0)
		max_get = strtoul(value, NULL, 10);
	else
		fail("no such option");
}

static void endpoints(char *text, struct store_target *t)
{
	char *comma;

	do {
		comma = strchr(text, ',');
		if (comma != NULL)
			*comma++ = '\0';
		if (t->endpoint_count == STORE_ENDPOINTS)
			fail("too many endpoints");
		t->endpoint[t->endpoint_count++] = text;
		text = comma;
	} while (text != NULL);
}

int main(int argc, char **argv)
{
	struct store_client_options options = { .offline = false };
	struct deed_error err = DEED_ERROR_INIT;
	struct store_target target = { .bucket = NULL };
	struct secret *secret = NULL;
	enum deed_status status;
	char text[256];
	ssize_t len;
	int at = 1;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	process_set_helpers(getenv("STORE_HELPERS"));
	for (; at + 1 < argc && strcmp(argv[at], "-o") == 0; at += 2)
		option(argv[at + 1], &target, &options);
	if (argc - at < 2)
		fail("expected ENDPOINT BUCKET ORDER...");
	endpoints(argv[at], &target);
	target.bucket = argv[at + 1];
	len = read(3, text, sizeof(text));
	if (len > 0 && secret_copy(text, (size_t)len, &secret, &err) != DEED_OK)
		fail(err.message);
	secret_wipe(text, sizeof(text));
	(void)close(3);
	target.secret = secret;
	status = store_client_new(&options, &client, &err);
	if (status == DEED_OK)
		status = store_new(client, &target, &store, &err);
	if (status != DEED_OK)
		printf("%s | %s\n", deed_status_id(status), err.message);
	for (at += 2; status == DEED_OK && at < argc;)
		at += order(argv + at, argc - at);
	store_free(store);
	store_client_free(client);
	secret_free(secret);
	return status == DEED_OK ? 0 : 1;
}
