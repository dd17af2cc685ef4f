/* SPDX-License-Identifier: Apache-2.0 */
#include "key/cert.h"

#include <stdlib.h>

#include "base/array.h"
#include "codec/pem.h"

/* Lists of certificates, as key/cert.h has them. */

#define TRUSTED "TRUSTED CERTIFICATE" /* "openssl x509 -trustout" */

enum deed_status cert_list_add(struct cert_list *l, struct cert *c,
			       struct deed_error *err)
{
	if (!array_room(&l->items, &l->cap, l->count + 1))
		return deed_error_memory(err);
	l->items[l->count++] = cert_ref(c);
	return DEED_OK;
}

bool cert_list_has(const struct cert_list *l, const struct cert *c)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (cert_equal(l->items[i], c))
			return true;
	}
	return false;
}

void cert_list_clear(struct cert_list *l)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		cert_free(l->items[i]);
	free(l->items);
	*l = (struct cert_list)CERT_LIST_INIT;
}

/* The list has a reference of its own. */
static enum deed_status add_der(struct cert_list *l, struct slice der,
				struct deed_error *err)
{
	enum deed_status status;
	struct cert *c;

	status = cert_parse(der, &c, err);
	if (status != DEED_OK)
		return status;
	status = cert_list_add(l, c, err);
	cert_free(c);
	return status;
}

static bool is_certificate(const char *label)
{
	return !strcmp(label, "CERTIFICATE") ||
	       !strcmp(label, "X509 CERTIFICATE") || !strcmp(label, TRUSTED);
}

/* OpenSSL puts what a certificate is trusted for behind it, in a block of its
 * own label. */
static struct slice certificate_of(const char *label, const struct buf *der)
{
	struct der_reader r;
	struct slice whole;

	der_init(&r, buf_get(der));
	return strcmp(label, TRUSTED) == 0 &&
			       der_get_element(&r, DER_SEQUENCE, &whole)
		       ? whole
		       : buf_get(der);
}

/* Blocks of other kinds are passed over undecoded, so that no copy is made of
 * a private key that lies in the same file. */
static enum deed_status load_pem(struct cert_list *l, struct slice file,
				 struct deed_error *err)
{
	struct deed_error end = DEED_ERROR_INIT; /* of the file: no error */
	struct buf der = BUF_INIT;
	char label[PEM_LABEL];
	enum deed_status status;
	struct slice body, at;

	for (;;) {
		at = file;
		status = pem_next(&file, label, &body, &end);
		if (status != DEED_OK && status != DEED_NOT_FOUND &&
		    err != NULL)
			*err = end;
		if (status != DEED_OK)
			break;
		if (!is_certificate(label))
			continue;
		buf_reset(&der);
		status = pem_decode_next(&at, label, &der, err);
		if (status == DEED_OK)
			status = add_der(l, certificate_of(label, &der), err);
		if (status != DEED_OK)
			break;
	}
	buf_clear(&der);
	return status == DEED_NOT_FOUND ? DEED_OK : status;
}

/* Certificates one after another, with nothing between or behind. */
static enum deed_status load_der(struct cert_list *l, struct slice file,
				 struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct der_reader r;
	struct slice whole;

	der_init(&r, file);
	while (status == DEED_OK && !der_at_end(&r)) {
		if (!der_get_element(&r, DER_SEQUENCE, &whole))
			return deed_error_set(err, DEED_MALFORMED,
					      "neither PEM nor DER");
		status = add_der(l, whole, err);
	}
	return status;
}

enum deed_status cert_list_load(struct cert_list *l, struct slice file,
				const char *name, struct deed_error *err)
{
	size_t before = l->count;
	enum deed_status status;

	status = pem_looks_like(file) ? load_pem(l, file, err)
				      : load_der(l, file, err);
	if (status != DEED_OK) {
		deed_error_prefix(err, "cannot read '%s'", name);
		return status;
	}
	if (l->count == before)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "there is no certificate in '%s'", name);
	return DEED_OK;
}
