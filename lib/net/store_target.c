/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_target.h"

#include <ctype.h>
#include <strings.h>

#include "base/file.h"
#include "net/store_wire.h"

#define CA_MAX (4u << 20)

/* RFC 3986 has no controls, spaces, quotes. */
static bool url_octets(const char *url)
{
	const char *p;

	for (p = url; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f ||
		    strchr("\"<>\\^`{|}?#@", *p))
			return false;
	return true;
}

bool store_endpoint_plain(const char *endpoint)
{
	return strncasecmp(endpoint, "http://", 7) == 0;
}

/* Empty where there is none. */
static struct slice host_of(const char *url)
{
	const char *host = strstr(url, "//") + 2;
	size_t len = strcspn(host, "]/");

	if (*host == '[')
		return slice_of(host, host[len] == ']' ? len + 1 : 0);
	return slice_of(host, strcspn(host, ":/"));
}

/* [PORT], and nothing or a path behind it. */
static bool good_port(const char *at)
{
	size_t digits;

	if (*at != ':')
		return *at == '\0' || *at == '/';
	digits = strspn(at + 1, "0123456789");
	return digits >= 1 && digits <= 5 &&
	       (at[1 + digits] == '\0' || at[1 + digits] == '/');
}

/* Keys and queries are put behind it as it stands: it must end in a host, a
 * port or a path, and go nowhere up. */
static bool is_url(const char *url)
{
	struct slice host;

	if (strncasecmp(url, "http://", 7) != 0 &&
	    strncasecmp(url, "https://", 8) != 0)
		return false;
	host = host_of(url);
	return url_octets(url) && strlen(url) <= STORE_URL_MAX &&
	       host.len > 0 && strstr(url, "/../") == NULL &&
	       good_port((const char *)host.data + host.len);
}

/* deed-fetch looks at the address that the name leads to, too. */
static bool is_loopback(const char *url)
{
	struct slice host = host_of(url);
	size_t i, dots = 0;

	if (slice_equal_str(host, "[::1]"))
		return true;
	if (host.len == 9 &&
	    strncasecmp((const char *)host.data, "localhost", 9) == 0)
		return true;
	for (i = 0; i < host.len; i++) {
		if (!isdigit(host.data[i]) && host.data[i] != '.')
			return false;
		dots += host.data[i] == '.';
	}
	return dots == 3 && host.len > 4 && memcmp(host.data, "127.", 4) == 0;
}

/* What is not encrypted a proxy reads, wherever it goes. */
static enum deed_status check_endpoint(const struct store_target *t,
				       const char *endpoint,
				       struct deed_error *err)
{
	if (!is_url(endpoint))
		return deed_error_set(err, DEED_USAGE,
				      "'%.200s' is no endpoint: expected "
				      "https://HOST[:PORT]",
				      endpoint);
	if (!store_endpoint_plain(endpoint) || t->insecure ||
	    (is_loopback(endpoint) && t->proxy == NULL))
		return DEED_OK;
	deed_error_set(err, DEED_REFUSED,
		       "'%s' is not asked: without https anyone on the way "
		       "could answer in its place",
		       endpoint);
	deed_error_remedy(err, "insecure", NULL);
	return DEED_REFUSED;
}

/* What S3 and those that speak it allow anywhere; never a path. */
static bool is_name(const char *text, size_t min, size_t max,
		    const char *others)
{
	const char *p;

	for (p = text; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr(others, *p) == NULL)
			return false;
	return (size_t)(p - text) >= min && (size_t)(p - text) <= max &&
	       text[0] != '.';
}

/* Into headers and the string that is signed. */
static bool is_access_key(const char *text)
{
	const char *p;

	for (p = text; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 0x7f || *p == '/' || *p == ',')
			return false;
	return p > text && p - text <= STORE_NAME_MAX;
}

/* libcurl would not tell a file that is not there, or has no certificate,
 * from a server that is not trusted. */
static enum deed_status check_ca(const char *path, struct deed_error *err)
{
	static const char begin[] = "-----BEGIN";
	struct buf pem = BUF_INIT;
	enum deed_status status;

	if (path == NULL)
		return DEED_OK;
	if (strlen(path) > STORE_PATH_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "the path '%.100s...' is too long", path);
	status = file_read(path, CA_MAX, &pem, err);
	if (status == DEED_OK &&
	    (pem.len == 0 ||
	     memmem(pem.data, pem.len, begin, sizeof(begin) - 1) == NULL))
		status = deed_error_set(err, DEED_NO_KEY,
					"'%s' holds no certificate to check a "
					"server with",
					path);
	buf_clear(&pem);
	return status;
}

/* All of this goes into URLs, headers or the string that is signed: what is
 * not plain is refused, and nothing is escaped to make it fit. */
static enum deed_status check_names(const struct store_target *t,
				    struct deed_error *err)
{
	if (t->bucket == NULL || !is_name(t->bucket, 1, 255, "-._"))
		return deed_error_set(err, DEED_USAGE,
				      "'%.200s' is no name of a bucket",
				      t->bucket != NULL ? t->bucket : "");
	if (t->region != NULL && !is_name(t->region, 1, 64, "-_"))
		return deed_error_set(err, DEED_USAGE,
				      "'%.200s' is no name of a region",
				      t->region);
	if (t->proxy != NULL &&
	    (!is_url(t->proxy) || !store_endpoint_plain(t->proxy)))
		return deed_error_set(err, DEED_USAGE,
				      "'%.200s' is no proxy: expected "
				      "http://HOST:PORT",
				      t->proxy);
	if (t->transfers > STORE_TRANSFERS_MAX)
		return deed_error_set(err, DEED_USAGE,
				      "%u transfers at once: expected at most "
				      "%d",
				      t->transfers, STORE_TRANSFERS_MAX);
	return DEED_OK;
}

enum deed_status store_target_check(const struct store_target *t,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	if (t->endpoint_count == 0 || t->endpoint_count > STORE_ENDPOINTS)
		return deed_error_set(err, DEED_USAGE,
				      "a store has 1 to %d endpoints",
				      STORE_ENDPOINTS);
	for (i = 0; status == DEED_OK && i < t->endpoint_count; i++)
		status = check_endpoint(t, t->endpoint[i], err);
	if (status == DEED_OK)
		status = check_names(t, err);
	if (status != DEED_OK)
		return status;
	if (t->access_key == NULL || t->secret == NULL)
		return deed_error_set(err, DEED_NO_KEY,
				      "the bucket '%s' needs an access key and "
				      "its secret",
				      t->bucket);
	if (!is_access_key(t->access_key))
		return deed_error_set(err, DEED_USAGE,
				      "'%.200s' is no access key",
				      t->access_key);
	if (memchr(secret_bytes(t->secret), 0, secret_len(t->secret)) != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "the secret of '%s' is not text",
				      t->access_key);
	return check_ca(t->ca, err);
}

static bool too_long(const char *text, size_t max)
{
	return text != NULL && strlen(text) > max;
}

enum deed_status store_request_check(const struct store_request *r,
				     struct deed_error *err)
{
	if (r->key == NULL || (r->method <= STORE_DELETE && r->key[0] == '\0'))
		return deed_error_set(err, DEED_USAGE,
				      "an object without name is asked for");
	if (too_long(r->key, STORE_KEY_MAX) ||
	    too_long(r->after, STORE_KEY_MAX) ||
	    too_long(r->version, STORE_VERSION_MAX) ||
	    too_long(r->after_version, STORE_VERSION_MAX))
		return deed_error_set(err, DEED_LIMIT,
				      "'%.100s...': a store's names have at "
				      "most %d bytes",
				      r->key, STORE_KEY_MAX);
	if (r->body.len > STORE_OBJECT_MAX || r->length > STORE_OBJECT_MAX ||
	    r->from > INT64_MAX - STORE_OBJECT_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "'%.300s': an object has at most %u "
				      "bytes",
				      r->key, STORE_OBJECT_MAX);
	return DEED_OK;
}
