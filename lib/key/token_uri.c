/* SPDX-License-Identifier: Apache-2.0 */
#include "key/token.h"

#include <stdlib.h>

#include "key/token_priv.h"

/* PKCS#11 URIs (RFC 7512) as far as they are not the token's matter. */

#define SCHEME "pkcs11:"

bool token_is_uri(const char *text)
{
	return strncmp(text, SCHEME, strlen(SCHEME)) == 0;
}

/* 2.3: what may stand in an attribute's value as it is. */
static bool unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;
}

/* More is escaped than RFC 7512 asks for, which decoding undoes. */
static void put_encoded(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++) {
		if (unreserved(*text))
			buf_byte(b, (uint8_t)*text);
		else
			buf_printf(b, "%%%02X", (unsigned char)*text);
	}
}

/* In either case (RFC 3986 2.1); -1 for what is no digit. */
static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The value up to the attribute's end, decoded; NULL if it is malformed. */
static char *decoded(const char *value, size_t len)
{
	char *out = malloc(len + 1), *to = out;
	size_t i;

	for (i = 0; out != NULL && i < len; i++) {
		if (value[i] != '%') {
			*to++ = value[i];
			continue;
		}
		if (i + 2 >= len || digit(value[i + 1]) < 0 ||
		    digit(value[i + 2]) < 0 ||
		    (value[i + 1] == '0' && value[i + 2] == '0')) {
			free(out);
			return NULL;
		}
		*to++ = (char)(digit(value[i + 1]) * 16 + digit(value[i + 2]));
		i += 2;
	}
	if (out != NULL)
		*to = '\0';
	return out;
}

/* The query attribute of that name, or NULL; *len is its value's length. */
static const char *find_query(const char *uri, const char *name, size_t *len)
{
	const char *p = strchr(uri, '?');
	size_t n = strlen(name);

	while (p != NULL) {
		p++;
		if (strncmp(p, name, n) == 0 && p[n] == '=') {
			*len = strcspn(p + n + 1, "&");
			return p + n + 1;
		}
		p = strchr(p, '&');
	}
	return NULL;
}

char *token_attribute(const char *uri, const char *name)
{
	const char *p = uri + strlen(SCHEME);
	size_t n = strlen(name), len;

	while (*p != '\0' && *p != '?') {
		len = strcspn(p, ";?");
		if (len > n && strncmp(p, name, n) == 0 && p[n] == '=')
			return decoded(p + n + 1, len - n - 1);
		p += len;
		p += *p == ';';
	}
	return NULL;
}

char *token_query(const char *uri, const char *name)
{
	size_t len;
	const char *value = find_query(uri, name, &len);

	return value == NULL ? NULL : decoded(value, len);
}

char *token_path(const char *uri)
{
	return strndup(uri, strcspn(uri, "?"));
}

bool token_has_pin(const char *uri)
{
	size_t len;

	return find_query(uri, "pin-source", &len) != NULL;
}

/* A PIN in a URI would stand in the list of processes and in the shell's
 * history. */
static enum deed_status check_uri(const char *uri, struct deed_error *err)
{
	const char *p;
	size_t len;

	if (strlen(uri) > TOKEN_URI_MAX)
		return deed_error_set(err, DEED_USAGE,
				      "a PKCS#11 URI has at most %d octets",
				      TOKEN_URI_MAX);
	for (p = uri; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 0x7f)
			return deed_error_set(err, DEED_USAGE,
					      "'%s' is no PKCS#11 URI: what is "
					      "not ASCII is written as %%XX",
					      uri);
	if (find_query(uri, "pin-value", &len) != NULL ||
	    strstr(uri, ";pin-value=") != NULL ||
	    strstr(uri, ":pin-value=") != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "a PIN does not belong into a URI: "
				      "pin-source names a file that has it");
	return DEED_OK;
}

enum deed_status token_uri(const char *text, const char *module, char **out,
			   struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status;
	size_t len;

	*out = NULL;
	if (token_is_uri(text)) {
		buf_str(&b, text);
	} else {
		buf_str(&b, SCHEME "object=");
		put_encoded(&b, text);
	}
	buf_byte(&b, 0);
	status = buf_status(&b, err);
	if (status == DEED_OK)
		status = check_uri((const char *)b.data, err);
	if (status == DEED_OK) {
		b.len--;
		if (find_query((const char *)b.data, "module-path", &len) ==
		    NULL) {
			if (module == NULL) {
				status = deed_error_set(err, DEED_USAGE,
							"no PKCS#11 module is "
							"named");
				deed_error_remedy(err, "token-module", NULL);
			} else {
				buf_byte(&b, strchr((const char *)b.data,
						    '?') != NULL
						     ? '&'
						     : '?');
				buf_str(&b, "module-path=");
				put_encoded(&b, module);
			}
		}
	}
	if (status == DEED_OK) {
		*out = buf_take(&b, NULL);
		if (*out == NULL)
			status = deed_error_memory(err);
	}
	buf_clear(&b);
	return status;
}
