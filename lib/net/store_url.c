/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_url.h"

#include <ctype.h>
#include <stdio.h>

/* RFC 3986 2.3: what is unreserved stands for itself, everything else is %XX
 * in upper case.  AWS Signature Version 4 is over this very form. */
static void put_encoded(struct buf *out, const char *text, bool keep_slash)
{
	const char *p;

	for (p = text; *p != '\0'; p++)
		if (isalnum((unsigned char)*p) || strchr("-._~", *p) != NULL ||
		    (*p == '/' && keep_slash))
			buf_byte(out, (uint8_t)*p);
		else
			buf_printf(out, "%%%02X", (unsigned char)*p);
}

/* A subresource is "name=", as it is signed. */
static void put_query(struct buf *out, const char *name, const char *value,
		      bool *first)
{
	if (value == NULL)
		return;
	buf_byte(out, *first ? '?' : '&');
	*first = false;
	buf_str(out, name);
	buf_byte(out, '=');
	put_encoded(out, value, false);
}

/* Sorted by name, as the signature wants the query. encoding-type=url lets a
 * page hold keys with characters that XML has not. */
static void put_list(struct buf *out, const struct store_request *r,
		     const char *limit)
{
	bool first = true;

	put_query(out, "encoding-type", "url", &first);
	put_query(out, "list-type", "2", &first);
	put_query(out, "max-keys", limit, &first);
	put_query(out, "prefix", r->key, &first);
	put_query(out, "start-after", r->after, &first);
}

/* Sorted by name; "versions" is the subresource, and has no value. */
static void put_versions(struct buf *out, const struct store_request *r,
			 const char *limit)
{
	bool first = true;

	put_query(out, "encoding-type", "url", &first);
	put_query(out, "key-marker", r->after, &first);
	put_query(out, "max-keys", limit, &first);
	put_query(out, "prefix", r->key, &first);
	put_query(out, "version-id-marker", r->after_version, &first);
	put_query(out, "versions", "", &first);
}

void store_url_put(const char *endpoint, const char *bucket,
		   const struct store_request *r, struct buf *out)
{
	size_t len = strlen(endpoint);
	bool first = true;
	char limit[16];

	while (len > 0 && endpoint[len - 1] == '/')
		len--;
	buf_append(out, endpoint, len);
	buf_byte(out, '/');
	put_encoded(out, bucket, false);
	(void)snprintf(limit, sizeof(limit), "%u",
		       r->limit != 0 ? r->limit : STORE_PAGE);
	switch (r->method) {
	case STORE_LIST:
		put_list(out, r, limit);
		break;
	case STORE_VERSIONS:
		put_versions(out, r, limit);
		break;
	case STORE_VERSIONING:
		put_query(out, "versioning", "", &first);
		break;
	default:
		buf_byte(out, '/');
		put_encoded(out, r->key, true);
		put_query(out, "versionId", r->version, &first);
	}
}
