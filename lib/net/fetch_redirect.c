/* SPDX-License-Identifier: Apache-2.0 */
#include "net/fetch_priv.h"

#include <stdlib.h>

/* Redirections (RFC 9110 15.4). */

/* Scheme, host and port, or NULL; curl_free. */
static char *url_part(CURLU *u, CURLUPart part)
{
	char *text = NULL;

	if (curl_url_get(u, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
		return NULL;
	return text;
}

static bool same_part(CURLU *a, CURLU *b, CURLUPart part)
{
	char *x = url_part(a, part), *y = url_part(b, part);
	bool same = x != NULL && y != NULL && strcasecmp(x, y) == 0;

	curl_free(x);
	curl_free(y);
	return same;
}

bool fetch_same_origin(const char *one, const char *other)
{
	CURLU *a = curl_url(), *b = curl_url();
	bool same = a != NULL && b != NULL &&
		    curl_url_set(a, CURLUPART_URL, one, 0) == CURLUE_OK &&
		    curl_url_set(b, CURLUPART_URL, other, 0) == CURLUE_OK &&
		    same_part(a, b, CURLUPART_SCHEME) &&
		    same_part(a, b, CURLUPART_HOST) &&
		    same_part(a, b, CURLUPART_PORT);

	curl_url_cleanup(a);
	curl_url_cleanup(b);
	return same;
}

/* http or https, but never from https to http, and without a user. */
static bool may_follow(const char *from, const char *to)
{
	const char *host;

	if (strncasecmp(to, "https://", 8) != 0 &&
	    (strncasecmp(to, "http://", 7) != 0 ||
	     strncasecmp(from, "https://", 8) == 0))
		return false;
	host = strstr(to, "//") + 2;
	return memchr(host, '@', strcspn(host, "/?#")) == NULL;
}

/* Location, which may be relative, as a URL; NULL where it is none.  Not
 * CURLINFO_REDIRECT_URL: that would have our own passphrase in it. */
static char *location(CURL *c, const char *url)
{
	struct curl_header *header = NULL;
	CURLU *u = curl_url();
	char *text = NULL, *copy = NULL;

	if (u != NULL &&
	    curl_easy_header(c, "Location", 0, CURLH_HEADER, -1, &header) ==
		    CURLHE_OK &&
	    curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_set(u, CURLUPART_URL, header->value,
			 CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_URL, &text, 0) == CURLUE_OK)
		copy = strdup(text);
	curl_free(text);
	curl_url_cleanup(u);
	return copy;
}

static enum deed_status refuse(const char *url, const char *what,
			       struct deed_error *err)
{
	return deed_error_set(err, DEED_REMOTE, "'%s': the server redirects %s",
			      url, what);
}

enum deed_status fetch_redirection(CURL *c, const char *url, char **next,
				   struct deed_error *err)
{
	char *to = location(c, url);
	enum deed_status status = DEED_OK;

	*next = NULL;
	if (to == NULL)
		return refuse(url, "to nowhere", err);
	if (strlen(to) > HTTP_URL_MAX)
		status = refuse(url, "to no URL", err);
	else if (!may_follow(url, to))
		status = deed_error_set(err, DEED_REMOTE,
					"'%s' redirects to '%.200s', which is "
					"not followed",
					url, to);
	else
		*next = to;
	if (status != DEED_OK)
		free(to);
	return status;
}
