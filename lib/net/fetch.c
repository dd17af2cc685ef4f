/* SPDX-License-Identifier: Apache-2.0 */
#include "net/fetch_priv.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/clock.h"

struct fetch {
	CURL *curl;
};

enum deed_status fetch_new(struct fetch **out, struct deed_error *err)
{
	struct fetch *f = calloc(1, sizeof(*f));

	*out = NULL;
	if (f == NULL)
		return deed_error_memory(err);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		f->curl = curl_easy_init();
	if (f->curl == NULL) {
		free(f);
		return deed_error_set(err, DEED_SYSTEM, "cannot start libcurl");
	}
	*out = f;
	return DEED_OK;
}

void fetch_free(struct fetch *f)
{
	if (f == NULL)
		return;
	curl_easy_cleanup(f->curl);
	curl_global_cleanup();
	free(f);
}

/* The length that a server announces is not believed: what is over the limit
 * ends the transfer where it is noticed. */
static size_t take_body(char *data, size_t size, size_t count, void *arg)
{
	struct fetch_arriving *a = arg;
	size_t len = size * count;

	if (len > a->max - a->body->len) {
		a->over = true;
		return 0;
	}
	buf_append(a->body, data, len);
	return a->body->failed ? 0 : len;
}

/* Only counted: a server could send header lines for ever. */
static size_t take_header(char *data, size_t size, size_t count, void *arg)
{
	struct fetch_arriving *a = arg;
	size_t len = size * count;

	(void)data;
	a->headers += len;
	a->over = a->headers > FETCH_HEADERS_MAX;
	return a->over ? 0 : len;
}

/* ---- to where ---- */

/* Is the host of this URL named?  libcurl has made one of what looks like an
 * address in some way, as 0x7f.1 does. */
static bool is_named(const char *hosts, const char *url)
{
	CURLU *u = curl_url();
	char *host = NULL;
	bool named = false;
	size_t len;

	if (u != NULL && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
		len = strlen(host);
		if (len > 1 && host[0] == '[' && host[len - 1] == ']') {
			host[len - 1] = '\0';
			named = address_named(hosts, host + 1);
		} else {
			named = address_named(hosts, host);
		}
	}
	curl_free(host);
	curl_url_cleanup(u);
	return named;
}

/* Called with the address that is about to be connected to. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose,
				 struct curl_sockaddr *to)
{
	struct fetch_arriving *a = arg;

	if (purpose != CURLSOCKTYPE_IPCXN ||
	    (!a->any_address && !address_is_public(&to->addr))) {
		a->refused = true;
		address_text(&to->addr, a->address);
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- one request ---- */

/* libcurl follows no redirection: fetch_run does, and tells of each, counts
 * them, and keeps the credentials from other origins. */
static bool set_limits(CURL *c, const struct net_order *o)
{
	return curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       /* A resolver that hangs is not waited for. */
	       curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
				(long)o->connect_ms) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)o->total_ms) ==
		       CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE,
				(curl_off_t)o->max) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") ==
		       CURLE_OK;
}

/* Nothing of the environment has a say: no proxy and no netrc.  TLS 1.2 is the
 * least. */
static bool set_manners(CURL *c)
{
	return curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_NOPROXY, "*") == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) ==
		       CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_HTTP_VERSION,
				(long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_SSLVERSION,
				(long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_USERAGENT,
				PACKAGE_NAME "/" PACKAGE_VERSION) == CURLE_OK;
}

static bool set_text(CURL *c, CURLoption option, const char *text)
{
	return text == NULL || curl_easy_setopt(c, option, text) == CURLE_OK;
}

/* Only for the origin that they were given for (see once).  A key that is not
 * named lies in the certificate's file. */
static bool set_credentials(CURL *c, const struct fetch_order *o)
{
	return curl_easy_setopt(c, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) ==
		       CURLE_OK &&
	       set_text(c, CURLOPT_USERNAME, fetch_text(o, NET_FRAME_USER)) &&
	       set_text(c, CURLOPT_PASSWORD,
			fetch_text(o, NET_FRAME_PASSPHRASE)) &&
	       set_text(c, CURLOPT_SSLCERT,
			fetch_text(o, NET_FRAME_CERTIFICATE)) &&
	       set_text(c, CURLOPT_SSLKEY,
			fetch_text(o, fetch_text(o, NET_FRAME_KEY) != NULL
					      ? NET_FRAME_KEY
					      : NET_FRAME_CERTIFICATE)) &&
	       set_text(c, CURLOPT_KEYPASSWD,
			fetch_text(o, NET_FRAME_KEY_PASSPHRASE));
}

/* With anchors of our own the folder of the system's is taken away: libcurl
 * would believe both. */
static bool set_trust(CURL *c, const struct fetch_order *o)
{
	const char *ca = fetch_text(o, NET_FRAME_CA);

	return ca == NULL ||
	       (curl_easy_setopt(c, CURLOPT_CAPATH, NULL) == CURLE_OK &&
		curl_easy_setopt(c, CURLOPT_CAINFO, ca) == CURLE_OK);
}

/* libcurl copies the line.  Where it fails the list is as it was, and still to
 * be freed. */
static bool add_header(struct curl_slist **list, const char *name,
		       const char *value)
{
	struct curl_slist *more;
	struct buf line = BUF_INIT;

	buf_printf(&line, "%s: %s", name, value);
	buf_byte(&line, 0);
	more = line.failed ? NULL : curl_slist_append(*list, (char *)line.data);
	buf_clear(&line);
	if (more == NULL)
		return false;
	*list = more;
	return true;
}

/* The list is freed by once whatever comes of it.  After a 303 the method is
 * GET and neither body nor its type is sent (fetch_run). */
static bool set_method(CURL *c, const struct fetch_order *o,
		       struct curl_slist **headers)
{
	const char *accept = fetch_text(o, NET_FRAME_ACCEPT);
	const char *content = fetch_text(o, NET_FRAME_CONTENT);
	bool fine = true;

	if (accept != NULL)
		fine = add_header(headers, "Accept", accept);
	if (o->order.close)
		fine = fine && add_header(headers, "Connection", "close") &&
		       curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L) ==
			       CURLE_OK;
	if (o->order.method == NET_POST) {
		fine = fine &&
		       add_header(headers, "Content-Type",
				  content != NULL ? content
						  : "application/octet-stream");
		/* A large body is sent at once, without "Expect". */
		fine = fine && curl_slist_append(*headers, "Expect:") != NULL &&
		       curl_easy_setopt(c, CURLOPT_POST, 1L) == CURLE_OK &&
		       curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE,
					(curl_off_t)o->body.len) == CURLE_OK &&
		       curl_easy_setopt(c, CURLOPT_POSTFIELDS,
					o->body.len > 0
						? (const char *)o->body.data
						: "") == CURLE_OK;
	}
	return fine &&
	       curl_easy_setopt(c, CURLOPT_HTTPHEADER, *headers) == CURLE_OK;
}

/* The socket is opened by us, so that the address is looked at which is
 * connected to and not the one that a name had before. */
static bool set_receivers(CURL *c, struct fetch_arriving *a)
{
	return curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body) ==
		       CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_WRITEDATA, a) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header) ==
		       CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_HEADERDATA, a) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket) ==
		       CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, a) == CURLE_OK;
}

/* "Application/Timestamp-Reply; charset=x" is application/timestamp-reply. */
static void put_type(CURL *c, struct http_response *out)
{
	const char *type = NULL;
	size_t i, len;

	out->content_type[0] = '\0';
	if (curl_easy_getinfo(c, CURLINFO_CONTENT_TYPE, &type) != CURLE_OK ||
	    type == NULL)
		return;
	len = strcspn(type, "; \t\r\n");
	if (len >= sizeof(out->content_type))
		return;
	for (i = 0; i < len; i++)
		out->content_type[i] = (char)tolower((unsigned char)type[i]);
	out->content_type[len] = '\0';
}

/* A number of seconds or a date: libcurl tells seconds of both. */
static void put_retry(CURL *c, struct http_response *out)
{
	curl_off_t seconds = 0;

	out->retry_after = 0;
	if (curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK &&
	    seconds > 0)
		out->retry_after =
			seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
}

/* The first of these headers in the last response, cut to the room that there
 * is. */
static void put_authenticate(CURL *c, struct http_response *out)
{
	struct curl_header *header = NULL;

	out->authenticate[0] = '\0';
	if (curl_easy_header(c, "WWW-Authenticate", 0, CURLH_HEADER, -1,
			     &header) == CURLHE_OK)
		(void)snprintf(out->authenticate, sizeof(out->authenticate),
			       "%s", header->value);
}

/* One request and its response, which may be a redirection. */
static enum deed_status once(CURL *c, const struct fetch_order *order,
			     const char *url, bool own_origin,
			     struct http_response *out, struct deed_error *err)
{
	struct fetch_arriving a = { .body = &out->body,
				    .max = (size_t)order->order.max };
	const char *hosts = fetch_text(order, NET_FRAME_HOSTS);
	struct curl_slist *headers = NULL;
	CURLcode code = CURLE_OUT_OF_MEMORY;
	long status = 0, sent = 0;

	curl_easy_reset(c);
	buf_reset(&out->body);
	a.any_address = hosts == NULL || is_named(hosts, url);
	if (set_limits(c, &order->order) && set_manners(c) &&
	    set_trust(c, order) && (!own_origin || set_credentials(c, order)) &&
	    set_method(c, order, &headers) && set_receivers(c, &a) &&
	    curl_easy_setopt(c, CURLOPT_URL, url) == CURLE_OK)
		code = curl_easy_perform(c);
	curl_slist_free_all(headers);
	(void)curl_easy_getinfo(c, CURLINFO_REQUEST_SIZE, &sent);
	a.asked = sent > 0;
	if (code != CURLE_OK)
		return fetch_explain(code, &a, order, url, err);
	(void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	out->status = (unsigned)status;
	put_type(c, out);
	put_retry(c, out);
	put_authenticate(c, out);
	return DEED_OK;
}

static bool is_redirection(unsigned status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

enum deed_status fetch_run(struct fetch *f, const struct fetch_order *order,
			   fetch_told_fn *told, void *arg,
			   struct http_response *out, struct deed_error *err)
{
	const char *first = fetch_text(order, NET_FRAME_URL), *url = first;
	int64_t start = clock_monotonic_ms(), spent;
	struct fetch_order now = *order;
	char *owned = NULL, *next;
	enum deed_status status;
	unsigned hops;

	for (hops = 0;; hops++) {
		spent = clock_monotonic_ms() - start;
		/* For all hops together; 0 would be no limit to curl. */
		now.order.total_ms =
			spent < order->order.total_ms
				? order->order.total_ms - (uint32_t)spent
				: 1;
		status = once(f->curl, &now, url, fetch_same_origin(first, url),
			      out, err);
		if (status != DEED_OK || !is_redirection(out->status))
			break;
		if (hops == HTTP_REDIRECTS) {
			status = deed_error_set(err, DEED_REMOTE,
						"'%s' redirects more than %d "
						"times",
						first, HTTP_REDIRECTS);
			break;
		}
		status = fetch_redirection(f->curl, url, &next, err);
		if (status == DEED_OK)
			status = told(arg, next, err);
		if (status != DEED_OK)
			break;
		/* 15.4.4: what is elsewhere is got; others keep the method. */
		if (out->status == 303)
			now.order.method = NET_GET;
		free(owned);
		owned = next;
		url = owned;
	}
	free(owned);
	return status;
}
