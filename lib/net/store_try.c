/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_try.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "codec/hex.h"
#include "net/store_target.h"
#include "net/store_url.h"
#include "net/store_wire.h"
#include "net/store_xml.h"

#define HEADERS_MAX 65536 /* octets of all header lines of one answer */
#define ERROR_MAX 65536	  /* octets of an answer that is not 2xx */
#define BUFFER 262144	  /* octets that libcurl moves at once */
#define SLOW 64		  /* octets a second: as good as nothing */

/* SHA-256 of nothing. */
#define SHA256_EMPTY                       \
	"e3b0c44298fc1c149afbf4c8996fb924" \
	"27ae41e4649b934ca495991b7852b855"

/* ---- what libcurl calls ---- */

/* Out of the request's own memory, which stays until the transfer is answered;
 * seek_body begins anew. */
static size_t give_body(char *to, size_t size, size_t count, void *arg)
{
	struct store_try *t = arg;
	size_t len = t->request->body.len - t->sent;

	if (len > size * count)
		len = size * count;
	if (len > 0)
		memcpy(to, t->request->body.data + t->sent, len);
	t->sent += len;
	return len;
}

/* A connection that had been closed meanwhile: once more from the start. */
static int seek_body(void *arg, curl_off_t offset, int origin)
{
	struct store_try *t = arg;

	if (origin != SEEK_SET || offset < 0 ||
	    (uint64_t)offset > t->request->body.len)
		return CURL_SEEKFUNC_FAIL;
	t->sent = (size_t)offset;
	return CURL_SEEKFUNC_OK;
}

static long status_of(const struct store_try *t)
{
	long status = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* The most that this request's answer may be. */
static size_t most_of(const struct store_request *r)
{
	switch (r->method) {
	case STORE_GET:
		return r->max != 0 ? r->max : STORE_OBJECT_MAX;
	case STORE_LIST:
	case STORE_VERSIONS:
		return STORE_XML_MAX;
	default:
		return ERROR_MAX;
	}
}

/* Memory at once, where the length is told. */
static bool expect_body(struct store_try *t)
{
	curl_off_t len = -1;

	t->begun = true;
	(void)curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
				&len);
	if (len <= 0)
		return true;
	if ((uint64_t)len > t->max)
		return false;
	return buf_reserve(&t->body, (size_t)len) != NULL;
}

/* With 2xx the bytes are the object's or the list's, and none is over the
 * limit; with any other status they may tell why, and what is too long of that
 * is thrown away while the transfer goes on. */
static size_t take_body(char *data, size_t size, size_t count, void *arg)
{
	struct store_try *t = arg;
	size_t len = size * count, room;
	long status = status_of(t);

	if (status < 200 || status >= 300) {
		/* What tells of an error is read as far as it matters. */
		room = ERROR_MAX - t->body.len;
		buf_append(&t->body, data, len < room ? len : room);
		return t->body.failed ? 0 : len;
	}
	t->over = (!t->begun && !expect_body(t)) || len > t->max - t->body.len;
	if (t->over)
		return 0;
	buf_append(&t->body, data, len);
	return t->body.failed ? 0 : len;
}

/* Only counted; those that matter are asked for when the answer is whole
 * (read_reply). */
static size_t take_header(char *data, size_t size, size_t count, void *arg)
{
	struct store_try *t = arg;

	(void)data;
	t->head += size * count;
	return t->head > HEADERS_MAX ? 0 : size * count;
}

/* All of 127.0.0.0/8, and ::1; an IPv4 address within an IPv6 one counts as
 * none, and is refused. */
static bool is_loopback(const struct sockaddr *address)
{
	const struct sockaddr_in *four = (const void *)address;
	const struct sockaddr_in6 *six = (const void *)address;

	if (address->sa_family == AF_INET)
		return ntohl(four->sin_addr.s_addr) >> 24 == 127;
	return address->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

/* "localhost" is what a resolver makes of it. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose,
				 struct curl_sockaddr *to)
{
	struct store_try *t = arg;
	const char *url = (const char *)t->url.data;

	if (purpose != CURLSOCKTYPE_IPCXN ||
	    (store_endpoint_plain(url) && !t->target->insecure &&
	     !is_loopback(&to->addr))) {
		t->refused = true;
		address_text(&to->addr, t->address);
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- how it is set up ---- */

#define SET(option, value) (curl_easy_setopt(c, option, value) == CURLE_OK)

/* A try has a limit for all of it and one for standing still, for a store that
 * sends a byte now and then would have the first to the end. */
static bool set_limits(CURL *c, const struct store_try_order *o)
{
	return SET(CURLOPT_NOSIGNAL, 1L) &&
	       /* A resolver that hangs is not waited for. */
	       SET(CURLOPT_QUICK_EXIT, 1L) &&
	       SET(CURLOPT_CONNECTTIMEOUT_MS,
		   (long)(o->connect_ms < o->ms ? o->connect_ms : o->ms)) &&
	       SET(CURLOPT_TIMEOUT_MS, (long)o->ms) &&
	       SET(CURLOPT_LOW_SPEED_LIMIT, (long)SLOW) &&
	       SET(CURLOPT_LOW_SPEED_TIME,
		   (long)(o->idle_ms < 1000 ? 1 : o->idle_ms / 1000)) &&
	       SET(CURLOPT_FOLLOWLOCATION, 0L) &&
	       SET(CURLOPT_PROTOCOLS_STR, "http,https") &&
	       SET(CURLOPT_BUFFERSIZE, (long)BUFFER) &&
	       SET(CURLOPT_UPLOAD_BUFFERSIZE, (long)BUFFER);
}

/* No proxy but the one that was named, and that for every host: what the
 * environment says is passed over. */
static bool set_manners(CURL *c, const struct store_target *t)
{
	return SET(CURLOPT_PROXY, t->proxy != NULL ? t->proxy : "") &&
	       SET(CURLOPT_NOPROXY, t->proxy != NULL ? "" : "*") &&
	       SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
	       SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
	       SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
	       SET(CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION) &&
	       /* The path as it is signed. */
	       SET(CURLOPT_PATH_AS_IS, 1L) &&
	       /* An empty "Expect:" would be signed, but not sent. */
	       SET(CURLOPT_EXPECT_100_TIMEOUT_MS, 1L) &&
	       (t->ca == NULL ||
		(SET(CURLOPT_CAPATH, NULL) && SET(CURLOPT_CAINFO, t->ca)));
}

/* libcurl makes AWS Signature Version 4 of it, over the URL as it stands
 * (net/store_url.h). */
static bool set_signer(CURL *c, const struct store_try_order *o)
{
	char what[STORE_NAME_MAX + 16];

	(void)snprintf(what, sizeof(what), "aws:amz:%s:s3", o->target->region);
	/* Apart: an access key may have a colon in it. */
	return SET(CURLOPT_AWS_SIGV4, what) &&
	       SET(CURLOPT_USERNAME, o->target->access_key) &&
	       SET(CURLOPT_PASSWORD, o->secret);
}

static bool add_header(struct store_try *t, const char *line)
{
	struct curl_slist *more = curl_slist_append(t->headers, line);

	if (more != NULL)
		t->headers = more;
	return more != NULL;
}

/* The hash of the body is given, for libcurl reads a body only while it sends
 * it; of all methods but PUT it is that of nothing. */
static bool set_headers(struct store_try *t)
{
	char line[96] = "x-amz-content-sha256: " SHA256_EMPTY;
	size_t at = strlen("x-amz-content-sha256: ");
	CURL *c = t->easy;

	if (t->request->method == STORE_PUT)
		hex_text(slice_of(t->request->sha256, 32), line + at);
	return add_header(t, line) &&
	       (t->request->method != STORE_PUT || !t->request->if_absent ||
		add_header(t, "If-None-Match: *")) &&
	       SET(CURLOPT_HTTPHEADER, t->headers);
}

/* Both ends are within it (RFC 9110 14.1.2).  No length asks for all. */
static bool set_range(CURL *c, const struct store_request *r)
{
	char range[64];

	if (r->length == 0)
		return true;
	(void)snprintf(range, sizeof(range), "%llu-%llu",
		       (unsigned long long)r->from,
		       (unsigned long long)(r->from + r->length - 1));
	return SET(CURLOPT_RANGE, range);
}

/* With its length, though that be none. */
static bool set_body(CURL *c, struct store_try *t)
{
	return SET(CURLOPT_UPLOAD, 1L) &&
	       SET(CURLOPT_INFILESIZE_LARGE,
		   (curl_off_t)t->request->body.len) &&
	       SET(CURLOPT_READFUNCTION, give_body) &&
	       SET(CURLOPT_READDATA, t) &&
	       SET(CURLOPT_SEEKFUNCTION, seek_body) && SET(CURLOPT_SEEKDATA, t);
}

/* A list and what a bucket says of itself are GETs of the bucket, told apart
 * by their query (net/store_url.h). */
static bool set_method(CURL *c, struct store_try *t)
{
	switch (t->request->method) {
	case STORE_PUT:
		return set_body(c, t);
	case STORE_HEAD:
		return SET(CURLOPT_NOBODY, 1L);
	case STORE_DELETE:
		/* Without a Content-Length, Swift waits for a body before it
		 * removes a version. */
		return set_body(c, t) && SET(CURLOPT_CUSTOMREQUEST, "DELETE");
	case STORE_GET:
		return SET(CURLOPT_HTTPGET, 1L) && set_range(c, t->request);
	default:
		return SET(CURLOPT_HTTPGET, 1L);
	}
}

/* The socket is opened by us (open_socket), so that what a name leads to by
 * now is looked at. */
static bool set_receivers(CURL *c, struct store_try *t)
{
	return SET(CURLOPT_WRITEFUNCTION, take_body) &&
	       SET(CURLOPT_WRITEDATA, t) &&
	       SET(CURLOPT_HEADERFUNCTION, take_header) &&
	       SET(CURLOPT_HEADERDATA, t) &&
	       SET(CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
	       SET(CURLOPT_OPENSOCKETDATA, t) && SET(CURLOPT_PRIVATE, t);
}

enum deed_status store_try_begin(struct store_try *t,
				 const struct store_try_order *o,
				 struct deed_error *err)
{
	store_try_clear(t);
	t->target = o->target;
	t->request = o->request;
	t->max = most_of(o->request);
	store_url_put(o->target->endpoint[o->endpoint], o->target->bucket,
		      o->request, &t->url);
	buf_byte(&t->url, 0);
	t->easy = curl_easy_init();
	if (t->easy == NULL || buf_status(&t->url, NULL) != DEED_OK ||
	    !set_limits(t->easy, o) || !set_manners(t->easy, o->target) ||
	    !set_signer(t->easy, o) || !set_headers(t) ||
	    !set_method(t->easy, t) || !set_receivers(t->easy, t) ||
	    curl_easy_setopt(t->easy, CURLOPT_URL, t->url.data) != CURLE_OK) {
		store_try_clear(t);
		return deed_error_memory(err);
	}
	return DEED_OK;
}

void store_try_clear(struct store_try *t)
{
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	buf_clear(&t->url);
	buf_clear(&t->body);
	*t = (struct store_try){ .easy = NULL };
}

/* ---- how it ended ---- */

static const char *header(const struct store_try *t, const char *name)
{
	struct curl_header *h = NULL;

	if (curl_easy_header(t->easy, name, 0, CURLH_HEADER, -1, &h) !=
	    CURLHE_OK)
		return NULL;
	return h->value;
}

/* With a key of the store's own (AES256) an ETag still is the MD5 of what was
 * sent; with any other it is not, and is not compared. */
static bool is_sealed(const struct store_try *t)
{
	const char *how = header(t, "x-amz-server-side-encryption");

	return (how != NULL && strcasecmp(how, "AES256") != 0) ||
	       header(t, "x-amz-server-side-encryption-customer-algorithm") !=
		       NULL;
}

/* libcurl keeps one header at a time: texts are copied by who judges. */
struct texts {
	char etag[256], version[1040], range[128], location[1024];
};

/* Cut to its room: who reads the text says what a value that is too long
 * means. */
static const char *copy(const struct store_try *t, const char *name, char *out,
			size_t size)
{
	const char *value = header(t, name);

	if (value == NULL)
		return NULL;
	(void)snprintf(out, size, "%s", value);
	return out;
}

/* In seconds; 0 where there is none, or none that can be read. */
static int64_t time_in(const struct store_try *t, const char *name)
{
	const char *text = header(t, name);
	time_t when = text != NULL ? curl_getdate(text, NULL) : -1;

	return when > 0 ? (int64_t)when : 0;
}

/* All that judging needs, out of libcurl's hands; the texts live as long as
 * those of the caller. */
static void read_reply(const struct store_try *t, struct texts *texts,
		       struct store_reply *out)
{
	const char *marker;
	curl_off_t len = -1;

	(void)curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
				&len);
	*out = (struct store_reply){
		.status = (unsigned)status_of(t),
		.has_length = len >= 0,
		.length = len >= 0 ? (uint64_t)len : 0,
		.date = time_in(t, "Date"),
		.modified = time_in(t, "Last-Modified"),
		.sealed = is_sealed(t),
		.body = buf_get(&t->body),
	};
	marker = header(t, "x-amz-delete-marker");
	out->marker = marker != NULL && strcasecmp(marker, "true") == 0;
	out->etag = copy(t, "ETag", texts->etag, sizeof(texts->etag));
	out->version = copy(t, "x-amz-version-id", texts->version,
			    sizeof(texts->version));
	out->range =
		copy(t, "Content-Range", texts->range, sizeof(texts->range));
	out->location =
		copy(t, "Location", texts->location, sizeof(texts->location));
}

static const struct {
	CURLcode code;
	enum deed_status status;
	bool again;
	const char *what;
} ends[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, DEED_REMOTE, true,
	  "there is no such host" },
	{ CURLE_COULDNT_RESOLVE_PROXY, DEED_REMOTE, true,
	  "there is no such proxy" },
	{ CURLE_COULDNT_CONNECT, DEED_REMOTE, true,
	  "the connection is refused" },
	{ CURLE_OPERATION_TIMEDOUT, DEED_REMOTE, true,
	  "it does not answer in time" },
	{ CURLE_GOT_NOTHING, DEED_REMOTE, true, "it closes without an answer" },
	{ CURLE_SEND_ERROR, DEED_REMOTE, true, "it closes while being asked" },
	{ CURLE_RECV_ERROR, DEED_REMOTE, true, "the connection is cut" },
	{ CURLE_PARTIAL_FILE, DEED_REMOTE, true, "its answer is cut short" },
	{ CURLE_WEIRD_SERVER_REPLY, DEED_REMOTE, true,
	  "its answer is no HTTP" },
	{ CURLE_UNSUPPORTED_PROTOCOL, DEED_REMOTE, true,
	  "its answer is no HTTP" },
	{ CURLE_BAD_CONTENT_ENCODING, DEED_DAMAGED, true,
	  "its answer is no HTTP" },
	{ CURLE_PEER_FAILED_VERIFICATION, DEED_REMOTE, false,
	  "its certificate is not trusted" },
	{ CURLE_SSL_CONNECT_ERROR, DEED_REMOTE, true,
	  "no secure connection comes about" },
};

static enum deed_status say(const struct store_asked *asked,
			    enum deed_status status, const char *what,
			    struct deed_error *err)
{
	return deed_error_set(err, status, "'%s/%s': %s", asked->endpoint,
			      asked->bucket, what);
}

/* First what ended it on our side, which says nothing against the endpoint;
 * everything below lets it rest for a while. */
static enum deed_status explain(const struct store_try *t, CURLcode code,
				const struct store_asked *asked,
				struct store_verdict *verdict,
				struct deed_error *err)
{
	size_t i;

	if (t->refused)
		return deed_error_set(err, DEED_REFUSED,
				      "'%s/%s' is not asked: without https "
				      "%s is not on this machine",
				      asked->endpoint, asked->bucket,
				      t->address);
	if (t->body.failed)
		return deed_error_memory(err);
	if (t->over && asked->request->method == STORE_GET)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s/%s': an object has more than %zu "
				      "bytes",
				      asked->endpoint, asked->bucket, t->max);
	*verdict = (struct store_verdict){ .again = true, .rest = true };
	if (t->head > HEADERS_MAX)
		return say(asked, DEED_REMOTE, "its answer's head is too long",
			   err);
	if (t->over)
		return say(asked, DEED_DAMAGED, "its answer is too long", err);
	if (code == CURLE_SSL_CACERT_BADFILE) {
		verdict->again = false;
		return deed_error_set(err, DEED_NO_KEY,
				      "'%s' holds no certificate to check a "
				      "server with",
				      t->target->ca != NULL ? t->target->ca
							    : "the system");
	}
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i].code == code) {
			verdict->again = ends[i].again;
			return say(asked, ends[i].status, ends[i].what, err);
		}
	return say(asked, DEED_REMOTE, "the request fails", err);
}

enum deed_status store_try_end(struct store_try *t, CURLcode code,
			       const struct store_asked *asked,
			       struct store_answer *answer, struct buf *items,
			       struct store_verdict *verdict,
			       struct deed_error *err)
{
	struct store_reply reply;
	struct texts texts;

	*verdict = (struct store_verdict){ .again = false };
	answer->sent += t->sent;
	answer->got += t->body.len;
	if (code != CURLE_OK)
		return explain(t, code, asked, verdict, err);
	read_reply(t, &texts, &reply);
	return store_judge(asked, &reply, answer, items, verdict, err);
}
