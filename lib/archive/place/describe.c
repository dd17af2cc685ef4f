/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define REGION_MAX 64
#define ACCESS_KEY_MAX 256
#define PORT_MAX 65535

bool place_description_is_bucket(const struct place_description *d)
{
	return !strncmp(d->where, PLACE_S3, strlen(PLACE_S3));
}

/* Lower case, as buckets are named; strchr would find the NUL as well, which
 * is none. */
static bool is_alnum(char c)
{
	return c != '\0' && strchr(LOWER DIGITS, c) != NULL;
}

/* Four numbers, or what begins as they do. */
static bool is_address(const char *text, size_t len)
{
	size_t stops = 0;

	for (size_t i = 0; i < len; i++)
		stops += text[i] == '.';
	return stops == 3 && strspn(text, DIGITS ".") >= len;
}

/* The rules of S3 for the names of buckets that are in use today, and no
 * address, which some programs would take it for. */
static bool bucket_valid(const char *text, size_t len)
{
	if (len < 3 || len > PLACE_BUCKET_MAX || is_address(text, len) ||
	    strspn(text, LOWER DIGITS "-.") < len || !is_alnum(text[0]) ||
	    !is_alnum(text[len - 1]))
		return false;
	for (size_t i = 1; i + 1 < len; i++)
		if (text[i] == '.' &&
		    (!is_alnum(text[i - 1]) || !is_alnum(text[i + 1])))
			return false;
	return true;
}

/* Folders, none of which begins with a full stop: so none goes up, and none is
 * hidden where a bucket is copied to a directory. */
static bool prefix_valid(const char *text)
{
	size_t len;

	if (strlen(text) > PLACE_PREFIX)
		return false;
	for (;;) {
		len = strspn(text, LOWER UPPER DIGITS "-._");
		if (len == 0 || len > PLACE_NAME || text[0] == '.')
			return false;
		text += len;
		if (*text == '\0')
			return true;
		if (*text++ != '/')
			return false;
	}
}

/* A host's name or address, up to a port or a path; *len is its length. */
static bool host_valid(const char *text, size_t *len)
{
	if (text[0] == '[') {
		*len = 1 + strspn(text + 1, DIGITS "abcdefABCDEF:.");
		return *len > 2 && text[(*len)++] == ']';
	}
	*len = strspn(text, LOWER UPPER DIGITS "-.");
	return *len > 0 && *len <= 253 && text[0] != '.' && text[0] != '-';
}

/* Five digits at most, which no long overflows by. *text is moved behind it.
 */
static bool port_valid(const char **text)
{
	size_t len;

	if (**text != ':')
		return true;
	++*text;
	len = strspn(*text, DIGITS);
	if (len == 0 || len > 5 || strtol(*text, NULL, 10) > PORT_MAX ||
	    strtol(*text, NULL, 10) == 0)
		return false;
	*text += len;
	return true;
}

/* As it is written; where a name leads to is looked at when the socket is
 * opened (net/store_try.c). */
static bool is_loopback(const char *host, size_t len)
{
	return (len == 9 && !strncmp(host, "localhost", 9)) ||
	       (len == 5 && !strncmp(host, "[::1]", 5)) ||
	       (!strncmp(host, "127.", 4) && is_address(host, len));
}

/* What an endpoint is behind its scheme: HOST[:PORT][/PATH]. */
static bool authority_valid(const char *text, bool path, size_t *host)
{
	if (!host_valid(text, host))
		return false;
	text += *host;
	if (!port_valid(&text))
		return false;
	if (*text == '/' && path && text[1] != '\0')
		return prefix_valid(text + 1);
	return *text == '\0' || (*text == '/' && text[1] == '\0');
}

/* The scheme in lower case alone, for two places are told apart by what is
 * written (place_descriptions_meet). */
static enum deed_status check_endpoint(const struct place_description *d,
				       const char *url, struct deed_error *err)
{
	bool secure = !strncmp(url, "https://", 8);
	size_t host;

	if (strlen(url) > PLACE_URL_MAX ||
	    (!secure && strncmp(url, "http://", 7) != 0) ||
	    !authority_valid(url + (secure ? 8 : 7), true, &host))
		return deed_error_set(err, DEED_CONFIG,
				      "'%s' is no endpoint: expected "
				      "https://HOST[:PORT][/PATH]",
				      url);
	if (secure || d->insecure ||
	    (is_loopback(url + 7, host) && d->proxy == NULL))
		return DEED_OK;
	return deed_error_set(err, DEED_CONFIG,
			      "'%s' would be asked without encryption: "
			      "expected https, unless the place is insecure",
			      url);
}

/* There are STORE_ENDPOINTS of them at most: each is held against those before
 * it. */
static enum deed_status check_endpoints(const struct place_description *d,
					struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (d->endpoint_count > STORE_ENDPOINTS)
		return deed_error_set(err, DEED_CONFIG,
				      "a place has at most %d endpoints",
				      STORE_ENDPOINTS);
	for (size_t i = 0; i < d->endpoint_count && status == DEED_OK; i++) {
		status = check_endpoint(d, d->endpoint[i], err);
		for (size_t j = 0; j < i && status == DEED_OK; j++)
			if (!strcmp(d->endpoint[i], d->endpoint[j]))
				status = deed_error_set(
					err, DEED_CONFIG,
					"'%s' is twice among the endpoints",
					d->endpoint[i]);
	}
	return status;
}

/* Text that goes into no URL and no signature. */
static bool text_valid(const char *text)
{
	size_t len = 0;

	for (; text[len] != '\0'; len++)
		if ((unsigned char)text[len] < ' ' || text[len] == 0x7f)
			return false;
	return len > 0 && len <= PLACE_TEXT;
}

/* It stands in the header that carries the signature, which has slashes and
 * commas of its own. */
static bool access_key_valid(const char *text)
{
	size_t len = 0;

	for (; text[len] != '\0'; len++)
		if (text[len] <= ' ' || text[len] > '~' ||
		    strchr("/,", text[len]) != NULL)
			return false;
	return len > 0 && len <= ACCESS_KEY_MAX;
}

/* It goes into the request and its signature as it stands. */
static bool region_valid(const char *text)
{
	size_t len = strspn(text, LOWER UPPER DIGITS "-_");

	return len > 0 && len <= REGION_MAX && text[len] == '\0';
}

/* http alone and no path: through it TLS goes end to end, and it has nothing
 * to serve itself. */
static bool proxy_valid(const char *text)
{
	size_t host;

	return strlen(text) <= PLACE_URL_MAX && !strncmp(text, "http://", 7) &&
	       authority_valid(text + 7, false, &host);
}

/* The first that is wrong is named.  Of the secret this is where it is found,
 * not the secret itself. */
static enum deed_status check_members(const struct place_description *d,
				      struct deed_error *err)
{
	const char *what = NULL;

	if (d->access_key == NULL || !access_key_valid(d->access_key))
		what = "access key";
	else if (d->region != NULL && !region_valid(d->region))
		what = "region";
	else if (d->proxy != NULL && !proxy_valid(d->proxy))
		what = "proxy (expected http://HOST:PORT)";
	else if (d->ca != NULL && !text_valid(d->ca))
		what = "file of anchors";
	else if (d->secret != NULL && !text_valid(d->secret))
		what = "source of its secret";
	else if (d->transfers > STORE_TRANSFERS_MAX)
		what = "number of transfers";
	if (what == NULL)
		return DEED_OK;
	return deed_error_set(err, DEED_CONFIG, "'%s' has no usable %s",
			      d->where, what);
}

/* A member that a folder has no use for was meant for something: it is
 * refused, not passed over. */
static enum deed_status check_folder(const struct place_description *d,
				     struct deed_error *err)
{
	if (strncmp(d->where, "dir:", 4) != 0 || d->where[4] == '\0')
		return deed_error_set(err, DEED_CONFIG,
				      "'%s' is no place: expected dir:PATH or "
				      "s3:BUCKET/PREFIX",
				      d->where);
	if (d->endpoint_count == 0 && d->region == NULL &&
	    d->access_key == NULL && d->secret == NULL && d->ca == NULL &&
	    d->proxy == NULL && d->transfers == 0 && !d->insecure)
		return DEED_OK;
	return deed_error_set(err, DEED_CONFIG,
			      "'%s' is a folder, which has no endpoint, "
			      "account or limit of transfers",
			      d->where);
}

enum deed_status place_description_check(const struct place_description *d,
					 struct deed_error *err)
{
	const char *bucket = d->where + strlen(PLACE_S3), *slash;
	enum deed_status status;

	if (!place_description_is_bucket(d))
		return check_folder(d, err);
	slash = strchr(bucket, '/');
	if (slash == NULL || !bucket_valid(bucket, (size_t)(slash - bucket)) ||
	    !prefix_valid(slash + 1))
		return deed_error_set(err, DEED_CONFIG,
				      "'%s' is no place: expected "
				      "s3:BUCKET/PREFIX",
				      d->where);
	status = check_endpoints(d, err);
	return status == DEED_OK ? check_members(d, err) : status;
}

void place_description_bucket(const struct place_description *d,
			      char bucket[PLACE_BUCKET_MAX + 1],
			      const char **prefix)
{
	const char *from = d->where + strlen(PLACE_S3);
	const char *slash = strchr(from, '/');

	(void)snprintf(bucket, PLACE_BUCKET_MAX + 1, "%.*s",
		       (int)(slash - from), from);
	*prefix = slash + 1;
}

bool place_description_endpoint(const struct place_description *d,
				size_t number, char out[PLACE_URL_MAX + 1])
{
	if (number < d->endpoint_count) {
		(void)snprintf(out, PLACE_URL_MAX + 1, "%s",
			       d->endpoint[number]);
		return true;
	}
	(void)snprintf(out, PLACE_URL_MAX + 1, "https://s3.%s.amazonaws.com",
		       d->region == NULL ? PLACE_REGION : d->region);
	return number == 0;
}

/* Is one the other, or in it? */
static bool within(const char *prefix, const char *of)
{
	size_t len = strlen(of);

	return !strncmp(prefix, of, len) &&
	       (prefix[len] == '\0' || prefix[len] == '/');
}

/* Where an endpoint leads to, cut into what is compared. */
struct url {
	bool secure;
	const char *host, *path;
	size_t host_len, path_len;
	long port;
};

static struct url cut_url(const char *text)
{
	struct url u = { .secure = !strncmp(text, "https://", 8) };
	const char *p;

	u.host = text + (u.secure ? 8 : 7);
	if (!host_valid(u.host, &u.host_len))
		u.host_len = strcspn(u.host, ":/");
	p = u.host + u.host_len;
	u.port = *p == ':' ? strtol(p + 1, NULL, 10) : u.secure ? 443 : 80;
	u.path = p + strcspn(p, "/");
	u.path_len = strlen(u.path);
	u.path_len -= u.path_len > 0 && u.path[u.path_len - 1] == '/';
	return u;
}

/* A host's name has no case, a scheme its port, and a '/' at the end is
 * nothing. */
static bool same_url(const char *a, const char *b)
{
	struct url one = cut_url(a), other = cut_url(b);

	return one.secure == other.secure && one.port == other.port &&
	       one.host_len == other.host_len &&
	       !strncasecmp(one.host, other.host, one.host_len) &&
	       one.path_len == other.path_len &&
	       !strncmp(one.path, other.path, one.path_len);
}

/* Without endpoints it is Amazon's for the region
 * (place_description_endpoint), so that there is one to compare in any case.
 */
static bool share_endpoint(const struct place_description *a,
			   const struct place_description *b)
{
	char one[PLACE_URL_MAX + 1], other[PLACE_URL_MAX + 1];

	for (size_t i = 0; place_description_endpoint(a, i, one); i++)
		for (size_t j = 0; place_description_endpoint(b, j, other); j++)
			if (same_url(one, other))
				return true;
	return false;
}

bool place_descriptions_meet(const struct place_description *a,
			     const struct place_description *b)
{
	char one[PLACE_BUCKET_MAX + 1], other[PLACE_BUCKET_MAX + 1];
	const char *prefix, *second;

	if (!place_description_is_bucket(a) || !place_description_is_bucket(b))
		return false;
	place_description_bucket(a, one, &prefix);
	place_description_bucket(b, other, &second);
	return !strcmp(one, other) &&
	       (within(prefix, second) || within(second, prefix)) &&
	       share_endpoint(a, b);
}
