/* SPDX-License-Identifier: Apache-2.0 */
#include "key/token.h"

#include <gnutls/abstract.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/log.h"
#include "key/gnutls_priv.h"
#include "key/token_priv.h"

/* ---- modules ---- */

static pthread_mutex_t modules_mutex = PTHREAD_MUTEX_INITIALIZER;
static char *modules[TOKEN_MODULES];
static size_t module_count;

/* Under modules_mutex.  A module stays loaded to the end of the run, as open
 * keys rest on it. */
static enum deed_status load(const char *module, struct deed_error *err)
{
	char *copy;
	size_t i;

	for (i = 0; i < module_count; i++)
		if (strcmp(modules[i], module) == 0)
			return DEED_OK;
	if (module_count == TOKEN_MODULES)
		return deed_error_set(err, DEED_LIMIT,
				      "expected at most %d PKCS#11 modules",
				      TOKEN_MODULES);
	copy = strdup(module);
	if (copy == NULL)
		return deed_error_memory(err);
	/* MANUAL: or p11-kit loads every module of the system. */
	if ((module_count == 0 &&
	     gnutls_pkcs11_init(GNUTLS_PKCS11_FLAG_MANUAL, NULL) != 0) ||
	    gnutls_pkcs11_add_provider(module, NULL) != 0) {
		free(copy);
		return deed_error_set(err, DEED_NO_KEY,
				      "cannot load '%s': expected a PKCS#11 "
				      "module",
				      module);
	}
	modules[module_count++] = copy;
	return DEED_OK;
}

enum deed_status token_load_module(const char *uri, struct deed_error *err)
{
	char *module = token_query(uri, "module-path");
	enum deed_status status;

	if (module == NULL || module[0] != '/') {
		status = deed_error_set(err, DEED_USAGE,
					"'%s': expected module-path with the "
					"full path of a PKCS#11 module",
					uri);
	} else {
		(void)pthread_mutex_lock(&modules_mutex);
		status = load(module, err);
		(void)pthread_mutex_unlock(&modules_mutex);
	}
	free(module);
	return status;
}

/* ---- PINs ---- */

/* As people write it: file:/path, file:///path or the path alone.  One newline
 * at the end, in either form, is an editor's and not the PIN's: with it a try
 * would be lost. */
static enum deed_status pin_from(const char *source, struct secret **out,
				 struct deed_error *err)
{
	struct secret *file;
	enum deed_status status;
	const char *path = source;
	size_t len;

	if (strncmp(path, "file:", 5) == 0)
		path += 5;
	if (path[0] == '/' && path[1] == '/')
		path += 2;
	if (path[0] != '/')
		return deed_error_set(err, DEED_USAGE,
				      "pin-source '%s': expected file: with a "
				      "full path",
				      source);
	status = file_read_secret(path, &file, err);
	if (status != DEED_OK)
		return status;
	len = secret_len(file);
	if (len > 0 && secret_bytes(file)[len - 1] == '\n')
		len--;
	if (len > 0 && len < secret_len(file) &&
	    secret_bytes(file)[len - 1] == '\r')
		len--;
	if (len == 0)
		status = deed_error_set(err, DEED_NO_PASSPHRASE,
					"'%s' holds no PIN", path);
	else
		status = secret_copy(secret_bytes(file), len, out, err);
	secret_free(file);
	return status;
}

enum deed_status token_pin(const char *uri, struct slice pin,
			   struct secret **out, struct deed_error *err)
{
	enum deed_status status;
	char *source;

	*out = NULL;
	if (pin.len > TOKEN_PIN_MAX)
		return deed_error_set(err, DEED_WRONG_PASSPHRASE,
				      "a PIN has at most %d octets",
				      TOKEN_PIN_MAX);
	if (pin.len > 0)
		return secret_copy(pin.data, pin.len, out, err);
	source = token_query(uri, "pin-source");
	if (source == NULL)
		return deed_error_set(err, DEED_NO_PASSPHRASE,
				      "the token wants a PIN");
	status = pin_from(source, out, err);
	free(source);
	return status;
}

/* Never a second time: it is the same PIN, and the token would lock. */
int token_give_pin(void *userdata, int attempt, const char *url,
		   const char *label, unsigned flags, char *pin, size_t pin_max)
{
	const struct secret *secret = userdata;

	(void)url;
	if (attempt > 0 || secret == NULL || secret_len(secret) >= pin_max)
		return -1;
	if ((flags & GNUTLS_PIN_FINAL_TRY) != 0)
		log_say(LOG_WARNING,
			"the token '%s' locks if the PIN is wrong once more",
			label);
	memcpy(pin, secret_bytes(secret), secret_len(secret));
	pin[secret_len(secret)] = '\0';
	return 0;
}

enum deed_status token_error(int ret, const char *uri, struct deed_error *err)
{
	int len = (int)strcspn(uri, "?");

	switch (ret) {
	case GNUTLS_E_MEMORY_ERROR:
		return deed_error_memory(err);
	case GNUTLS_E_PKCS11_PIN_ERROR:
	case GNUTLS_E_PKCS11_PIN_EXPIRED:
		return deed_error_set(err, DEED_WRONG_PASSPHRASE,
				      "the token refuses the PIN");
	case GNUTLS_E_PKCS11_PIN_LOCKED:
		return deed_error_set(err, DEED_NO_KEY, "the token is locked");
	case GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE:
		return deed_error_set(err, DEED_NO_KEY,
				      "no token that is here has the key "
				      "'%.*s'",
				      len, uri);
	case GNUTLS_E_PARSING_ERROR:
	case GNUTLS_E_INVALID_REQUEST:
		return deed_error_set(err, DEED_USAGE,
				      "'%.*s' is no PKCS#11 URI", len, uri);
	default:
		return deed_error_set(err, DEED_NO_KEY,
				      "the token does not open the key '%.*s'",
				      len, uri);
	}
}

/* ---- one key ---- */

/* The attribute itself: a value may have "type=" in it, behind a colon too
 * (RFC 7512 2.3), and a name end with it. */
static const char *find_type(const char *path)
{
	const char *at = path;

	while ((at = strstr(at, "type=")) != NULL) {
		if (at == path + strlen("pkcs11:") ||
		    (at > path && at[-1] == ';'))
			break;
		at++;
	}
	return at;
}

/* With its type at the end, whatever it had. */
char *token_typed(const char *path, const char *type)
{
	const char *at = find_type(path);
	struct buf b = BUF_INIT;
	size_t len = at == NULL ? strlen(path) : (size_t)(at - path);

	while (len > 0 && path[len - 1] == ';')
		len--;
	buf_append(&b, path, len);
	buf_printf(&b, "%stype=%s", path[len - 1] == ':' ? "" : ";", type);
	if (at != NULL && strchr(at, ';') != NULL)
		buf_str(&b, strchr(at, ';'));
	return buf_take(&b, NULL);
}

/* Tokens that do not tell the public half of a private key keep it as an
 * object of its own, or in a certificate. */
static int pubkey_beside(gnutls_pubkey_t pub, const char *path,
			 const char *type)
{
	char *url = token_typed(path, type);
	int ret = GNUTLS_E_MEMORY_ERROR;

	if (url != NULL)
		ret = gnutls_pubkey_import_url(pub, url, 0);
	free(url);
	return ret;
}

enum deed_status token_spki(gnutls_privkey_t key, const char *path,
			    struct buf *out, struct deed_error *err)
{
	gnutls_datum_t der = { NULL, 0 };
	gnutls_pubkey_t pub;
	int ret;

	if (gnutls_pubkey_init(&pub) != 0)
		return deed_error_memory(err);
	ret = gnutls_pubkey_import_privkey(pub, key, 0, 0);
	if (ret != 0)
		ret = pubkey_beside(pub, path, "public");
	if (ret != 0)
		ret = pubkey_beside(pub, path, "cert");
	if (ret == 0)
		ret = gnutls_pubkey_export2(pub, GNUTLS_X509_FMT_DER, &der);
	gnutls_pubkey_deinit(pub);
	if (ret != 0)
		return deed_error_set(err, DEED_NO_KEY,
				      "the token does not tell the public key "
				      "of '%s'",
				      path);
	buf_append(out, der.data, der.size);
	gnutls_free(der.data);
	return buf_status(out, err);
}

enum deed_status token_import(const char *uri, const char *path,
			      const struct secret *pin, gnutls_privkey_t *out,
			      struct deed_error *err)
{
	gnutls_pkcs11_privkey_t key;
	gnutls_privkey_t wrapped;
	int ret;

	*out = NULL;
	if (gnutls_pkcs11_privkey_init(&key) != 0)
		return deed_error_memory(err);
	gnutls_pkcs11_privkey_set_pin_function(key, token_give_pin,
					       (void *)(uintptr_t)pin);
	ret = gnutls_pkcs11_privkey_import_url(key, path, 0);
	if (ret != 0) {
		gnutls_pkcs11_privkey_deinit(key);
		return token_error(ret, uri, err);
	}
	ret = gnutls_privkey_init(&wrapped);
	if (ret == 0) {
		ret = gnutls_privkey_import_pkcs11(
			wrapped, key, GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE);
		if (ret != 0)
			gnutls_privkey_deinit(wrapped);
	}
	if (ret != 0) {
		gnutls_pkcs11_privkey_deinit(key);
		return token_error(ret, uri, err);
	}
	*out = wrapped;
	return DEED_OK;
}
