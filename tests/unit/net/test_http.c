/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/process.h"
#include "net/http.h"
#include "server.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define TO(where)                                    \
	"HTTP/1.1 302 Go\r\nLocation: " where "\r\n" \
	"Content-Length: 0\r\n\r\n"
#define TEN "0123456789"

static char elsewhere[128], credentials_go[128], by_name[128];

static struct server_page pages[] = {
	{ "/ok",
	  OK "Content-Type: Text/X-Test; charset=a\r\n"
	     "Content-Length: 5\r\n\r\nhello",
	  SERVER_KEEP },
	{ "/empty", OK "Content-Length: 0\r\n\r\n", SERVER_KEEP },
	{ "/until-closed", OK "\r\nhello", SERVER_CLOSE },
	{ "/chunked",
	  OK "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n"
	     "0\r\n\r\n",
	  SERVER_KEEP },
	{ "/too-much", OK "Content-Length: 5\r\n\r\nhelloAND MORE",
	  SERVER_CLOSE },
	{ "/gzip",
	  OK "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
	  SERVER_CLOSE },
	/* What fails, below. */
	{ "/short", OK "Content-Length: 50\r\n\r\nhello", SERVER_CLOSE },
	{ "/cut-chunk", OK "Transfer-Encoding: chunked\r\n\r\n30\r\nhello",
	  SERVER_CLOSE },
	{ "/no-last-chunk",
	  OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", SERVER_CLOSE },
	{ "/bad-chunk", OK "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello",
	  SERVER_CLOSE },
	{ "/huge-chunk",
	  OK "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello",
	  SERVER_CLOSE },
	{ "/negative", OK "Content-Length: -5\r\n\r\nhello", SERVER_CLOSE },
	{ "/huge", OK "Content-Length: 99999999999999999999999\r\n\r\nhello",
	  SERVER_ENDLESS },
	{ "/announced", OK "Content-Length: 1000000\r\n\r\n", SERVER_ENDLESS },
	{ "/endless", OK "\r\n", SERVER_ENDLESS },
	{ "/endless-chunk", OK "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n",
	  SERVER_ENDLESS },
	{ "/endless-header", OK "X-A: ", SERVER_ENDLESS },
	{ "/endless-status", "HTTP/1.1 200 ", SERVER_ENDLESS },
	{ "/hold", OK "Content-Length: 5\r\n\r\nhell", SERVER_HOLD },
	{ "/silent", "", SERVER_HOLD },
	{ "/drip", OK "Content-Length: 100\r\n\r\n" TEN TEN TEN TEN TEN,
	  SERVER_DRIP },
	{ "/nothing", "", SERVER_CLOSE },
	{ "/reset", "", SERVER_RESET },
	{ "/no-http", "hello, I am no server\r\n\r\n", SERVER_CLOSE },
	{ "/http-0.9", "<html>hello</html>", SERVER_CLOSE },
	{ "/http-7", "HTTP/7.1 200 OK\r\n\r\nhello", SERVER_CLOSE },
	{ "/no-status", "HTTP/1.1 abc\r\n\r\nhello", SERVER_CLOSE },
	{ "/204", "HTTP/1.1 204 None\r\n\r\n", SERVER_CLOSE },
	{ "/206", "HTTP/1.1 206 Part\r\nContent-Length: 5\r\n\r\nhello",
	  SERVER_CLOSE },
	{ "/304", "HTTP/1.1 304 Same\r\n\r\n", SERVER_CLOSE },
	{ "/400", "HTTP/1.1 400 Bad\r\nContent-Length: 5\r\n\r\nhello",
	  SERVER_CLOSE },
	{ "/401",
	  "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=a\r\n"
	  "Content-Length: 0\r\n\r\n",
	  SERVER_CLOSE },
	{ "/503", "HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nhello",
	  SERVER_CLOSE },
	{ "/202",
	  "HTTP/1.1 202 Later\r\nRetry-After: 120\r\n"
	  "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
	  SERVER_CLOSE },
	{ "/202-never",
	  "HTTP/1.1 202 Later\r\nRetry-After: soon\r\n"
	  "Content-Length: 0\r\n\r\n",
	  SERVER_CLOSE },
	/* Redirections. */
	{ "/to-ok", TO("/ok"), SERVER_KEEP },
	{ "/to-relative", TO("ok"), SERVER_KEEP },
	{ "/to-to", TO("/to-ok"), SERVER_CLOSE },
	{ "/loop", TO("/loop"), SERVER_CLOSE },
	{ "/ping", TO("/pong"), SERVER_CLOSE },
	{ "/pong", TO("/ping"), SERVER_CLOSE },
	{ "/to-file", TO("file:///etc/passwd"), SERVER_CLOSE },
	{ "/to-FILE", TO("FILE:///etc/passwd"), SERVER_CLOSE },
	{ "/to-ftp", TO("ftp://127.0.0.1/a"), SERVER_CLOSE },
	{ "/to-gopher", TO("gopher://127.0.0.1/a"), SERVER_CLOSE },
	{ "/to-dict", TO("dict://127.0.0.1:11211/stat"), SERVER_CLOSE },
	{ "/to-nothing", TO(""), SERVER_CLOSE },
	{ "/to-nowhere", "HTTP/1.1 302 Go\r\nContent-Length: 0\r\n\r\n",
	  SERVER_CLOSE },
	{ "/to-slow", TO("/silent"), SERVER_CLOSE },
	{ "/307",
	  "HTTP/1.1 307 Go\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n",
	  SERVER_CLOSE },
	{ "/303",
	  "HTTP/1.1 303 Go\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n",
	  SERVER_CLOSE },
	{ "/elsewhere", elsewhere, SERVER_CLOSE },
	{ "/elsewhere-too", credentials_go, SERVER_CLOSE },
	{ "/to-localhost", by_name, SERVER_CLOSE },
	{ NULL, NULL, SERVER_CLOSE },
};

static struct server *server, *other;
static struct http_client *client;
static char url[256];

static const char *at(const char *path)
{
	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%u%s",
		       server_port(server), path);
	return url;
}

static int set_up(void **state)
{
	const struct http_options options = { .connect_ms = 2000,
					      .total_ms = 800 };

	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	process_set_helpers(".");
	server = server_start(pages);
	other = server_start(pages);
	(void)snprintf(elsewhere, sizeof(elsewhere),
		       "HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:%u/ok"
		       "\r\nContent-Length: 0\r\n\r\n",
		       server_port(other));
	(void)snprintf(credentials_go, sizeof(credentials_go),
		       "HTTP/1.1 302 Go\r\nLocation: http://u:p@127.0.0.1:%u"
		       "/ok\r\nContent-Length: 0\r\n\r\n",
		       server_port(other));
	(void)snprintf(by_name, sizeof(by_name),
		       "HTTP/1.1 302 Go\r\nLocation: http://localhost:%u/ok"
		       "\r\nContent-Length: 0\r\n\r\n",
		       server_port(other));
	return http_client_new(&options, &client, NULL) == DEED_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	http_client_free(client);
	server_stop(server);
	server_stop(other);
	return 0;
}

/* ---- what comes back ---- */

static void test_get(void **state)
{
	static const char *const paths[] = {
		"/ok",	 "/until-closed", "/chunked",	  "/too-much",
		"/gzip", "/to-ok",	  "/to-relative", "/to-to",
		"/307",	 "/303",	  "/elsewhere"
	};
	struct http_response r = HTTP_RESPONSE_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_ok(http_get(client, at(paths[i]), NULL, &r, err));
		assert_true(slice_equal_str(buf_get(&r.body), "hello"));
		assert_int_equal(r.status, 200);
	}
	assert_ok(http_get(client, at("/ok"), NULL, &r, err));
	assert_string_equal(r.content_type, "text/x-test");
	assert_ok(http_get(client, at("/empty"), NULL, &r, err));
	assert_int_equal(r.body.len, 0);
	assert_string_equal(r.content_type, "");
	http_response_clear(&r);
}

static void test_post(void **state)
{
	struct http_response r = HTTP_RESPONSE_INIT;
	struct http_request q = { .content = "application/x-query",
				  .accept = "text/x-test" };
	struct buf large = BUF_INIT;

	(void)state;
	q.body = slice_str("a question");
	assert_ok(http_post(client, at("/ok"), &q, &r, err));
	assert_true(server_was_told(server, "POST /ok HTTP/1.1\r\n"));
	assert_true(server_was_told(
		server, "\r\nContent-Type: application/x-query\r\n"));
	assert_true(server_was_told(server, "\r\nAccept: text/x-test\r\n"));
	assert_int_equal(server_body(server), 10);
	/* No Expect, no proxy's header, whatever the size. */
	buf_fill(&large, 'q', 3000000);
	q.body = buf_get(&large);
	assert_ok(http_post(client, at("/ok"), &q, &r, err));
	assert_false(server_was_told(server, "Expect"));
	assert_int_equal(server_body(server), 3000000);
	/* 307 keeps the method and the body, 303 asks for what is there. */
	q.body = slice_str("again");
	assert_ok(http_post(client, at("/307"), &q, &r, err));
	assert_true(server_was_told(server, "POST /ok HTTP/1.1\r\n"));
	assert_int_equal(server_body(server), 5);
	assert_ok(http_post(client, at("/303"), &q, &r, err));
	assert_true(server_was_told(server, "GET /ok HTTP/1.1\r\n"));
	q.body = SLICE_NONE;
	assert_ok(http_post(client, at("/ok"), &q, &r, err));
	assert_int_equal(server_body(server), 0);
	http_response_clear(&r);
	buf_clear(&large);
}

/* Status, body and what the head says of it, where any will do. */
static void test_any_status(void **state)
{
	struct http_request q = { .accept = "text/x-test", .any_status = true };
	struct http_response r = HTTP_RESPONSE_INIT;

	(void)state;
	assert_ok(http_get(client, at("/202"), &q, &r, err));
	assert_int_equal(r.status, 202);
	assert_int_equal(r.retry_after, 120);
	assert_string_equal(r.content_type, "text/plain");
	assert_string_equal(r.authenticate, "");
	assert_true(slice_equal_str(buf_get(&r.body), "hello"));
	assert_ok(http_get(client, at("/202-never"), &q, &r, err));
	assert_int_equal(r.retry_after, 0);
	assert_ok(http_get(client, at("/401"), &q, &r, err));
	assert_int_equal(r.status, 401);
	assert_string_equal(r.authenticate, "Basic realm=a");
	assert_int_equal(r.body.len, 0);
	assert_ok(http_get(client, at("/ok"), &q, &r, err));
	assert_string_equal(r.authenticate, "");
	assert_int_equal(r.retry_after, 0);
	q.accept = "text/other";
	assert_status(DEED_REMOTE, http_get(client, at("/ok"), &q, &r, err));
	http_response_clear(&r);
}

static void test_kept_alive(void **state)
{
	struct http_response r = HTTP_RESPONSE_INIT;
	unsigned before;
	int i;

	(void)state;
	assert_ok(http_get(client, at("/ok"), NULL, &r, err));
	before = server_connections(server);
	for (i = 0; i < 20; i++)
		assert_ok(http_get(client, at("/ok"), NULL, &r, err));
	assert_true(server_connections(server) <= before + 1);
	http_response_clear(&r);
}

static void test_closed(void **state)
{
	const struct http_request q = { .close = true };
	struct http_response r = HTTP_RESPONSE_INIT;
	unsigned before;
	int i;

	(void)state;
	assert_ok(http_get(client, at("/ok"), &q, &r, err));
	assert_true(server_was_told(server, "\r\nConnection: close\r\n"));
	before = server_connections(server);
	for (i = 0; i < 3; i++)
		assert_ok(http_get(client, at("/ok"), &q, &r, err));
	assert_int_equal(server_connections(server), before + 3);
	assert_ok(http_get(client, at("/ok"), NULL, &r, err));
	assert_false(server_was_told(server, "Connection:"));
	http_response_clear(&r);
}

/* ---- hostile servers ---- */

static void test_hostile(void **state)
{
	static const struct {
		const char *path, *words;
	} cases[] = {
		{ "/short", "cut short" },
		{ "/cut-chunk", "cut short" },
		{ "/no-last-chunk", "cut short" },
		{ "/bad-chunk", "cut short" },
		{ "/huge-chunk", "" },
		{ "/huge", "" },
		{ "/announced", "more than 1000 octets" },
		{ "/endless", "more than 1000 octets" },
		{ "/endless-chunk", "more than 1000 octets" },
		{ "/endless-header", "head is too long" },
		{ "/endless-status", "" },
		{ "/hold", "does not answer within" },
		{ "/silent", "does not answer within" },
		{ "/drip", "does not answer within" },
		{ "/to-slow", "does not answer within" },
		{ "/nothing", "closes without an answer" },
		{ "/reset", "" },
		{ "/no-http", "no HTTP" },
		{ "/http-0.9", "no HTTP" },
		{ "/http-7", "no HTTP" },
		{ "/no-status", "" },
		{ "/204", "status 204" },
		{ "/206", "status 206" },
		{ "/304", "status 304" },
		{ "/400", "status 400" },
		{ "/401", "status 401" },
		{ "/503", "status 503" },
		{ "/not-there", "status 404" },
		{ "/loop", "redirects more than 5 times" },
		{ "/ping", "redirects more than 5 times" },
		{ "/to-file", "'file:///etc/passwd', which is not followed" },
		{ "/to-FILE", "not followed" },
		{ "/to-ftp", "not followed" },
		{ "/to-gopher", "not followed" },
		{ "/to-dict", "not followed" },
		{ "/to-nothing", "" },
		{ "/to-nowhere", "redirects to nowhere" },
		{ "/elsewhere-too", "not followed" },
	};
	const struct http_request q = { .max = 1000 };
	struct http_response r = HTTP_RESPONSE_INIT;
	struct deed_error error;
	enum deed_status status;
	int64_t start;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&error, 0, sizeof(error));
		start = clock_monotonic_ms();
		status = http_get(client, at(cases[i].path), &q, &r, &error);
		if (status != DEED_REMOTE ||
		    strstr(error.message, cases[i].words) == NULL ||
		    strstr(error.message, "http://127.0.0.1") == NULL)
			fail_msg("%s: %s: %s", cases[i].path,
				 deed_status_id(status), error.message);
		assert_true(clock_monotonic_ms() - start < 5000);
		assert_true(r.body.len <= 1000);
	}
	/* And the helper serves on. */
	assert_ok(http_get(client, at("/ok"), &q, &r, err));
	http_response_clear(&r);
}

static void test_limit(void **state)
{
	struct http_response r = HTTP_RESPONSE_INIT;
	struct http_request q = { .max = 5 };

	(void)state;
	assert_ok(http_get(client, at("/ok"), &q, &r, err));
	assert_ok(http_get(client, at("/chunked"), &q, &r, err));
	q.max = 4;
	assert_status(DEED_REMOTE, http_get(client, at("/ok"), &q, &r, err));
	assert_status(DEED_REMOTE,
		      http_get(client, at("/chunked"), &q, &r, err));
	assert_status(DEED_REMOTE,
		      http_get(client, at("/until-closed"), &q, &r, err));
	http_response_clear(&r);
}

static void test_type(void **state)
{
	struct http_request q = { .accept = "application/timestamp-reply" };
	struct http_response r = HTTP_RESPONSE_INIT;
	struct deed_error error = DEED_ERROR_INIT;

	(void)state;
	assert_int_equal(http_get(client, at("/ok"), &q, &r, &error),
			 DEED_REMOTE);
	assert_non_null(strstr(error.message, "answers with 'text/x-test'"));
	assert_int_equal(http_get(client, at("/empty"), &q, &r, &error),
			 DEED_REMOTE);
	assert_non_null(strstr(error.message, "no content type"));
	http_response_clear(&r);
}

static void test_urls(void **state)
{
	static const char *const bad[] = {
		"",
		"http",
		"http:",
		"http://",
		"https://",
		"http:///etc/passwd",
		"http://?a",
		"http://#a",
		"file:///etc/passwd",
		"ftp://127.0.0.1/",
		"ldap://127.0.0.1/",
		"gopher://127.0.0.1/",
		"javascript:alert(1)",
		"/etc/passwd",
		"127.0.0.1",
		"http://127.0.0.1/a b",
		"http://127.0.0.1/a\r\nX: y",
		"http://127.0.0.1/a\tb",
		"http://127.0.0.1/\"",
		"http://127.0.0.1/<a>",
		"http://127.0.0.1/\x7f",
		" http://127.0.0.1/",
		"http://user:pass@127.0.0.1/",
		"http://user@127.0.0.1/",
	};
	struct http_response r = HTTP_RESPONSE_INIT;
	struct buf long_url = BUF_INIT;
	unsigned before = server_requests(server);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (http_get(client, bad[i], NULL, &r, NULL) != DEED_USAGE)
			fail_msg("'%s' was accepted", bad[i]);
	buf_str(&long_url, at("/"));
	buf_fill(&long_url, 'a', HTTP_URL_MAX);
	buf_byte(&long_url, 0);
	assert_status(DEED_USAGE,
		      http_get(client, (char *)long_url.data, NULL, &r, err));
	assert_int_equal(server_requests(server), before);
	buf_clear(&long_url);
	http_response_clear(&r);
}

/* Whom a stranger's URL may lead to: the server lies on loopback. */
static void test_hosts(void **state)
{
	static const struct {
		const char *hosts, *path;
		enum deed_status status;
	} cases[] = {
		{ "", "/ok", DEED_REFUSED },
		{ "10.0.0.1 *.example", "/ok", DEED_REFUSED },
		{ "127.0.0.1", "/ok", DEED_OK },
		{ "*.example,127.*", "/ok", DEED_OK },
		{ "127.0.0.1", "/to-ok", DEED_OK },
		{ "127.0.0.1", "/to-localhost", DEED_REFUSED },
		{ "127.0.0.1 localhost", "/to-localhost", DEED_OK },
	};
	struct http_response r = HTTP_RESPONSE_INIT;
	unsigned before = server_connections(server);
	struct http_options options = { .hosts = "" };
	struct http_client *own;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		options.hosts = cases[i].hosts;
		assert_ok(http_client_new(&options, &own, err));
		assert_status(cases[i].status,
			      http_get(own, at(cases[i].path), NULL, &r, err));
		/* It serves on after that. */
		assert_status(cases[i].status,
			      http_get(own, at(cases[i].path), NULL, &r, err));
		http_client_free(own);
		if (i == 1)
			assert_int_equal(server_connections(server), before);
	}
	http_response_clear(&r);
}

/* A request may have less time than the client gives. */
static void test_own_time(void **state)
{
	struct http_request q = { .total_ms = 200 };
	struct http_response r = HTTP_RESPONSE_INIT;
	int64_t start = clock_monotonic_ms();

	(void)state;
	assert_status(DEED_REMOTE, http_get(client, at("/hold"), &q, &r, err));
	assert_in_range(clock_monotonic_ms() - start, 150, 700);
	http_response_clear(&r);
}

static void test_refused(void **state)
{
	struct server *gone = server_start(pages);
	struct http_response r = HTTP_RESPONSE_INIT;
	struct deed_error error = DEED_ERROR_INIT;

	(void)state;
	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/ok",
		       server_port(gone));
	server_stop(gone);
	assert_int_equal(http_get(client, url, NULL, &r, &error), DEED_REMOTE);
	assert_non_null(strstr(error.message, "refused"));
	assert_int_equal(deed_status_exit(error.status), 8);
	http_response_clear(&r);
}

/* ---- credentials ---- */

static void test_credentials(void **state)
{
	struct http_credentials who = { .user = "alice" };
	struct http_request q = { .credentials = &who };
	struct http_response r = HTTP_RESPONSE_INIT;
	struct secret *passphrase;

	(void)state;
	assert_ok(secret_copy("secret", 6, &passphrase, err));
	who.passphrase = passphrase;
	assert_ok(http_get(client, at("/ok"), &q, &r, err));
	assert_true(server_was_told(
		server, "\r\nAuthorization: Basic YWxpY2U6c2VjcmV0\r\n"));
	/* The same origin, after a redirection. */
	assert_ok(http_get(client, at("/to-ok"), &q, &r, err));
	assert_true(server_was_told(server, "GET /ok "));
	assert_true(server_was_told(server, "Authorization"));
	/* Not to another. */
	assert_ok(http_get(client, at("/elsewhere"), &q, &r, err));
	assert_true(server_was_told(other, "GET /ok "));
	assert_false(server_was_told(other, "Authorization"));
	/* Nor is it remembered. */
	assert_ok(http_get(client, at("/ok"), NULL, &r, err));
	assert_false(server_was_told(server, "Authorization"));
	secret_free(passphrase);
	http_response_clear(&r);
}

static void test_environment(void **state)
{
	struct http_response r = HTTP_RESPONSE_INIT;
	struct http_client *own;
	char proxy[64];

	(void)state;
	(void)snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%u",
		       server_port(other));
	(void)setenv("http_proxy", proxy, 1);
	(void)setenv("ALL_PROXY", proxy, 1);
	assert_ok(http_client_new(NULL, &own, err));
	assert_ok(http_get(own, at("/ok"), NULL, &r, err));
	assert_true(server_was_told(server, "GET /ok "));
	http_client_free(own);
	(void)unsetenv("http_proxy");
	(void)unsetenv("ALL_PROXY");
	http_response_clear(&r);
}

static void test_bad_files(void **state)
{
	const struct http_options options = { .ca = "no-such-file.pem" };
	struct http_credentials who = { .certificate = "no-such-file.pem" };
	struct http_request q = { .credentials = &who };
	struct http_response r = HTTP_RESPONSE_INIT;
	struct http_client *own;

	(void)state;
	(void)snprintf(url, sizeof(url), "https://127.0.0.1:%u/ok",
		       server_port(server));
	assert_status(DEED_IO, http_get(client, url, &q, &r, err));
	assert_ok(http_client_new(&options, &own, err));
	assert_status(DEED_IO, http_get(own, url, NULL, &r, err));
	http_client_free(own);
	/* No TLS at all over there. */
	assert_status(DEED_REMOTE, http_get(client, url, NULL, &r, err));
	http_response_clear(&r);
}

/* ---- telling, refusing, sharing ---- */

static void told(void *arg, const char *method, const char *where)
{
	struct buf *b = arg;

	buf_printf(b, "%s %s\n", method, where);
}

static void test_told(void **state)
{
	struct http_response r = HTTP_RESPONSE_INIT;
	struct buf said = BUF_INIT, expected = BUF_INIT;
	struct http_options options = { .told = told, .arg = &said };
	struct http_credentials who = { .user = "alice" };
	struct http_request q = { .credentials = &who };
	struct http_client *own;

	(void)state;
	assert_ok(http_client_new(&options, &own, err));
	/* A redirection is told without what we are known by. */
	assert_ok(http_get(own, at("/to-to"), &q, &r, err));
	buf_printf(&expected, "GET %s\n", at("/to-to"));
	buf_printf(&expected, "GET %s\n", at("/to-ok"));
	buf_printf(&expected, "GET %s\n", at("/ok"));
	assert_true(slice_equal(buf_get(&said), buf_get(&expected)));
	http_client_free(own);
	http_response_clear(&r);
	buf_clear(&said);
	buf_clear(&expected);
}

static void test_offline(void **state)
{
	const struct http_options options = { .offline = true };
	struct http_response r = HTTP_RESPONSE_INIT;
	unsigned before = server_requests(server);
	struct http_client *own;

	(void)state;
	assert_ok(http_client_new(&options, &own, err));
	assert_status(DEED_REFUSED, http_get(own, at("/ok"), NULL, &r, err));
	assert_int_equal(server_requests(server), before);
	http_client_free(own);
	http_response_clear(&r);
}

static void *many(void *arg)
{
	struct http_response r = HTTP_RESPONSE_INIT;
	const char *where = arg;
	size_t good = 0;
	int i;

	for (i = 0; i < 10; i++)
		if (http_get(client, where, NULL, &r, NULL) == DEED_OK &&
		    slice_equal_str(buf_get(&r.body), "hello"))
			good++;
	http_response_clear(&r);
	return good == 10 ? arg : NULL;
}

static void test_threads(void **state)
{
	pthread_t threads[6];
	void *good;
	size_t i;

	(void)state;
	(void)at("/ok");
	for (i = 0; i < 6; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, many, url),
				 0);
	for (i = 0; i < 6; i++) {
		assert_int_equal(pthread_join(threads[i], &good), 0);
		assert_non_null(good);
	}
}

static void test_missing_helper(void **state)
{
	struct http_response r = HTTP_RESPONSE_INIT;
	struct http_client *own;

	(void)state;
	process_set_helpers("no-such-folder");
	assert_ok(http_client_new(NULL, &own, err));
	assert_status(DEED_SYSTEM, http_get(own, at("/ok"), NULL, &r, err));
	http_client_free(own);
	process_set_helpers(".");
	http_response_clear(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_post),
		cmocka_unit_test(test_any_status),
		cmocka_unit_test(test_kept_alive),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_type),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_own_time),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_credentials),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_offline),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_missing_helper),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
