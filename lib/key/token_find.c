/* SPDX-License-Identifier: Apache-2.0 */
#include "key/token.h"

#include <gnutls/abstract.h>
#include <pthread.h>
#include <stdlib.h>

#include "key/gnutls_priv.h"
#include "key/token_priv.h"

/* Which private keys are there: GnuTLS asks for the PIN by one function for
 * the whole process, so searches take turns. */
static pthread_mutex_t search_mutex = PTHREAD_MUTEX_INITIALIZER;

/* Keys that are listed in a hint. */
#define LISTED 4

struct search {
	const char *uri;
	const struct secret *pin;
	const struct cert *match;
	char *found;
	size_t count; /* that fit */
	struct buf names;
};

/* With a certificate: is it of this key? */
static enum deed_status fits(const struct search *s, const char *path,
			     bool *answer, struct deed_error *err)
{
	gnutls_privkey_t key;
	struct buf spki = BUF_INIT;
	enum deed_status status;

	*answer = true;
	if (s->match == NULL)
		return DEED_OK;
	status = token_import(s->uri, path, s->pin, &key, err);
	if (status != DEED_OK)
		return status;
	status = token_spki(key, path, &spki, err);
	gnutls_privkey_deinit(key);
	*answer = status == DEED_OK &&
		  spki_same_key(buf_get(&spki), cert_fields(s->match)->spki);
	buf_clear(&spki);
	return status;
}

/* The URI that names just this object, with the query of ours. */
static enum deed_status take(struct search *s, const char *path,
			     struct deed_error *err)
{
	const char *query = strchr(s->uri, '?');
	struct buf b = BUF_INIT;

	if (s->count++ < LISTED)
		buf_printf(&s->names, "%s%s", s->names.len > 0 ? " " : "",
			   path);
	if (s->found != NULL)
		return DEED_OK;
	buf_str(&b, path);
	buf_str(&b, query != NULL ? query : "");
	s->found = buf_take(&b, NULL);
	return s->found == NULL ? deed_error_memory(err) : DEED_OK;
}

/* Any failure but that of a key that is not ours ends the search: a wrong PIN
 * must not be shown to the token again. */
static enum deed_status look_at(struct search *s, gnutls_pkcs11_obj_t object,
				struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = DEED_OK;
	char *path = NULL;
	bool fit;

	if (gnutls_pkcs11_obj_get_type(object) != GNUTLS_PKCS11_OBJ_PRIVKEY)
		return DEED_OK;
	if (gnutls_pkcs11_obj_export_url(object, GNUTLS_PKCS11_URL_GENERIC,
					 &path) != 0)
		return DEED_OK;
	/* A key of a kind that GnuTLS does not know is none of ours. */
	status = fits(s, path, &fit, &why);
	if (status == DEED_OK && fit)
		status = take(s, path, err);
	else if (status == DEED_NO_KEY)
		status = DEED_OK;
	else if (status != DEED_OK && err != NULL)
		*err = why;
	gnutls_free(path);
	return status;
}

/* LOGIN, as tokens list private keys only to those who have logged in. */
static enum deed_status search(struct search *s, const char *path,
			       struct deed_error *err)
{
	gnutls_pkcs11_obj_t *objects = NULL;
	enum deed_status status = DEED_OK;
	unsigned count = 0, i;
	int ret;

	(void)pthread_mutex_lock(&search_mutex);
	gnutls_pkcs11_set_pin_function(token_give_pin,
				       (void *)(uintptr_t)s->pin);
	ret = gnutls_pkcs11_obj_list_import_url4(
		&objects, &count, path,
		GNUTLS_PKCS11_OBJ_FLAG_PRIVKEY | GNUTLS_PKCS11_OBJ_FLAG_LOGIN);
	gnutls_pkcs11_set_pin_function(NULL, NULL);
	(void)pthread_mutex_unlock(&search_mutex);
	if (ret != 0)
		return token_error(ret, s->uri, err);
	for (i = 0; i < count; i++) {
		if (status == DEED_OK)
			status = look_at(s, objects[i], err);
		gnutls_pkcs11_obj_deinit(objects[i]);
	}
	gnutls_free(objects);
	return status;
}

/* Does the token of this URL have what the URI says of its token? */
static bool is_meant(const char *uri, const char *url)
{
	static const char *const names[] = { "token", "serial", "model",
					     "manufacturer" };
	char *wanted, *has;
	bool same = true;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		wanted = token_attribute(uri, names[i]);
		has = token_attribute(url, names[i]);
		same = same && (wanted == NULL ||
				(has != NULL && strcmp(wanted, has) == 0));
		free(wanted);
		free(has);
	}
	return same;
}

/* A PIN is shown to one token: another would count it as wrong. */
static enum deed_status check_one_token(const char *uri, struct deed_error *err)
{
	struct buf names = BUF_INIT;
	enum deed_status status = DEED_OK;
	unsigned count = 0, i, flags;
	char *url;

	for (i = 0;; i++) {
		url = NULL;
		if (gnutls_pkcs11_token_get_url(i, GNUTLS_PKCS11_URL_GENERIC,
						&url) != 0)
			break;
		if (gnutls_pkcs11_token_get_flags(url, &flags) == 0 &&
		    (flags & GNUTLS_PKCS11_TOKEN_INITIALIZED) != 0 &&
		    is_meant(uri, url)) {
			if (count++ < LISTED)
				buf_printf(&names, "%s%s",
					   names.len > 0 ? " " : "", url);
		}
		gnutls_free(url);
	}
	if (count == 0) {
		status = deed_error_set(err, DEED_NO_KEY,
					"no token is here that '%.*s' stands "
					"for",
					(int)strcspn(uri, "?"), uri);
	} else if (count > 1) {
		status = deed_error_set(err, DEED_NO_KEY,
					"'%.*s' stands for %u tokens: expected "
					"one",
					(int)strcspn(uri, "?"), uri, count);
		deed_error_hint(err, "%.*s", (int)names.len,
				(const char *)names.data);
	}
	buf_clear(&names);
	return status;
}

/* The candidates are listed, so that the caller can name one of them. */
static enum deed_status conclude(const struct search *s, struct deed_error *err)
{
	if (s->count == 1)
		return DEED_OK;
	if (s->count == 0)
		return deed_error_set(err, DEED_NO_KEY,
				      "no token that is here has the key "
				      "'%.*s'%s",
				      (int)strcspn(s->uri, "?"), s->uri,
				      s->match != NULL ? " of the certificate"
						       : "");
	deed_error_set(err, DEED_NO_KEY,
		       "'%.*s' stands for %zu keys: expected one",
		       (int)strcspn(s->uri, "?"), s->uri, s->count);
	deed_error_hint(err, "%.*s", (int)s->names.len,
			(const char *)s->names.data);
	return DEED_NO_KEY;
}

enum deed_status token_find(const char *uri, struct slice pin,
			    const struct cert *match, char **found,
			    struct deed_error *err)
{
	struct search s = { .uri = uri, .match = match, .names = BUF_INIT };
	struct secret *secret = NULL;
	char *path = token_path(uri);
	enum deed_status status;

	*found = NULL;
	if (path == NULL)
		return deed_error_memory(err);
	status = token_load_module(uri, err);
	if (status == DEED_OK)
		status = check_one_token(uri, err);
	if (status == DEED_OK)
		status = token_pin(uri, pin, &secret, err);
	s.pin = secret;
	if (status == DEED_OK)
		status = search(&s, path, err);
	if (status == DEED_OK)
		status = conclude(&s, err);
	if (status == DEED_OK) {
		*found = s.found;
		s.found = NULL;
	}
	free(s.found);
	free(path);
	buf_clear(&s.names);
	secret_free(secret);
	return status;
}
