/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/online_urls.h"

#include <strings.h>

#include "base/log.h"
#include "codec/der.h"
#include "pki/dist_point.h"

#define URI DER_CONTEXT(6)

/* And something behind it.  Schemes have no case (RFC 3986 3.1). */
static bool has_scheme(struct slice s, const char *scheme)
{
	size_t n = strlen(scheme);

	return s.len > n && strncasecmp((const char *)s.data, scheme, n) == 0;
}

/* A URL stands in a stranger's certificate and goes into a request and into
 * messages: printable ASCII alone, and no file: or ldap:. */
static bool may_fetch(struct slice s, char url[HTTP_URL_MAX])
{
	size_t i;

	if (s.len >= HTTP_URL_MAX)
		return false;
	for (i = 0; i < s.len; i++) {
		if (s.data[i] <= ' ' || s.data[i] > '~')
			return false;
		url[i] = (char)s.data[i];
	}
	url[s.len] = '\0';
	if (has_scheme(s, "http://") || has_scheme(s, "https://"))
		return true;
	log_say(LOG_STEP, "'%s' is not fetched: neither http nor https", url);
	return false;
}

bool online_access_url(struct slice value, enum oid method, unsigned i,
		       char url[HTTP_URL_MAX])
{
	struct der_reader list, one;
	struct slice where;
	enum oid id;

	if (!der_open(value, DER_SEQUENCE, &list))
		return false;
	while (der_enter(&list, DER_SEQUENCE, &one)) {
		if (der_get_known_oid(&one, &id) && id == method &&
		    der_get(&one, URI, &where) && may_fetch(where, url) &&
		    i-- == 0)
			return true;
	}
	return false;
}

bool online_name_url(struct slice names, unsigned i, char url[HTTP_URL_MAX])
{
	struct der_reader r;
	struct slice where;

	der_init(&r, names);
	while (general_names_next_uri(&r, &where)) {
		if (may_fetch(where, url) && i-- == 0)
			return true;
	}
	return false;
}
