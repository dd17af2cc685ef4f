/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/source.h"

#include <stdlib.h>

#include "codec/der.h"
#include "codec/pem.h"
#include "key/x509_name.h"

struct known_cert {
	struct cert *cert;
	bool anchor;
};

struct pki_source {
	const struct pki_source *base;
	struct known_cert *certs;
	size_t cert_count, cert_cap;
	struct crl **crls;
	size_t crl_count, crl_cap;
};

enum deed_status pki_source_new(const struct pki_source *base,
				struct pki_source **out, struct deed_error *err)
{
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return deed_error_memory(err);
	(*out)->base = base;
	return DEED_OK;
}

void pki_source_free(struct pki_source *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->cert_count; i++)
		cert_free(s->certs[i].cert);
	for (i = 0; i < s->crl_count; i++)
		crl_free(s->crls[i]);
	free(s->certs);
	free(s->crls);
	free(s);
}

static enum deed_status room(void *list, size_t count, size_t *cap, size_t size,
			     struct deed_error *err)
{
	void **where = list;
	size_t want = *cap == 0 ? 16 : *cap * 2;
	void *bigger;

	if (count >= SOURCE_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "more than %d certificates or CRLs",
				      SOURCE_MAX);
	if (count < *cap)
		return DEED_OK;
	bigger = reallocarray(*where, want, size);
	if (bigger == NULL)
		return deed_error_memory(err);
	*where = bigger;
	*cap = want;
	return DEED_OK;
}

static enum deed_status add_cert(struct pki_source *s, struct cert *c,
				 bool anchor, struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	for (i = 0; i < s->cert_count; i++) {
		if (!cert_equal(s->certs[i].cert, c))
			continue;
		s->certs[i].anchor = s->certs[i].anchor || anchor;
		return DEED_OK;
	}
	status = room(&s->certs, s->cert_count, &s->cert_cap, sizeof(*s->certs),
		      err);
	if (status == DEED_OK)
		s->certs[s->cert_count++] =
			(struct known_cert){ cert_ref(c), anchor };
	return status;
}

enum deed_status pki_source_add_anchor(struct pki_source *s, struct cert *c,
				       struct deed_error *err)
{
	return add_cert(s, c, true, err);
}

enum deed_status pki_source_add_certificate(struct pki_source *s,
					    struct cert *c,
					    struct deed_error *err)
{
	return add_cert(s, c, false, err);
}

enum deed_status pki_source_add_crl(struct pki_source *s, struct crl *c,
				    struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	for (i = 0; i < s->crl_count; i++) {
		if (slice_equal(crl_fields(s->crls[i])->der,
				crl_fields(c)->der))
			return DEED_OK;
	}
	status = room(&s->crls, s->crl_count, &s->crl_cap, sizeof(struct crl *),
		      err);
	if (status == DEED_OK)
		s->crls[s->crl_count++] = crl_ref(c);
	return status;
}

static enum deed_status add_crl_der(struct pki_source *s, struct slice der,
				    struct deed_error *err)
{
	enum deed_status status;
	struct crl *crl;

	status = crl_parse(der, &crl, err);
	if (status == DEED_OK)
		status = pki_source_add_crl(s, crl, err);
	crl_free(crl);
	return status;
}

static enum deed_status add_cert_der(struct pki_source *s, struct slice der,
				     bool anchor, struct deed_error *err)
{
	enum deed_status status;
	struct cert *c;

	status = cert_parse(der, &c, err);
	if (status == DEED_OK)
		status = add_cert(s, c, anchor, err);
	cert_free(c);
	return status;
}

/* The third element of a TBSCertificate or TBSCertList that is a time tells
 * a CRL; a certificate has its serial number before. */
static bool looks_like_crl(struct slice der)
{
	struct der_reader r, tbs;
	struct slice ignored;

	if (!der_open(der, DER_SEQUENCE, &r) ||
	    !der_enter(&r, DER_SEQUENCE, &tbs))
		return false;
	if (der_peek(&tbs, DER_INTEGER) && !der_skip(&tbs))
		return false;
	return der_get(&tbs, DER_SEQUENCE, &ignored) &&
	       der_get(&tbs, DER_SEQUENCE, &ignored) &&
	       (der_peek(&tbs, DER_UTC_TIME) ||
		der_peek(&tbs, DER_GENERALIZED_TIME));
}

static enum deed_status add_der(struct pki_source *s, struct slice der,
				bool anchors, struct deed_error *err)
{
	if (looks_like_crl(der))
		return add_crl_der(s, der, err);
	return add_cert_der(s, der, anchors, err);
}

static enum deed_status add_pem(struct pki_source *s, struct slice text,
				bool anchors, struct deed_error *err)
{
	struct buf der = BUF_INIT;
	struct deed_error why = DEED_ERROR_INIT;
	char label[PEM_LABEL];
	enum deed_status status;
	unsigned found = 0;

	for (;;) {
		buf_reset(&der);
		status = pem_decode_next(&text, label, &der, &why);
		if (status != DEED_OK) {
			/* The end of the blocks is no error. */
			if (status != DEED_NOT_FOUND && err != NULL)
				*err = why;
			break;
		}
		if (strcmp(label, "X509 CRL") == 0)
			status = add_crl_der(s, buf_get(&der), err);
		else if (strcmp(label, "CERTIFICATE") == 0 ||
			 strcmp(label, "X509 CERTIFICATE") == 0)
			status = add_cert_der(s, buf_get(&der), anchors, err);
		else
			continue;
		if (status != DEED_OK)
			break;
		found++;
	}
	buf_clear(&der);
	if (status == DEED_NOT_FOUND)
		status = found > 0 ? DEED_OK
				   : deed_error_set(err, DEED_MALFORMED,
						    "there is no certificate "
						    "and no CRL in it");
	return status;
}

enum deed_status pki_source_add_data(struct pki_source *s, struct slice data,
				     bool anchors, const char *name,
				     struct deed_error *err)
{
	enum deed_status status;
	struct slice whole;
	struct der_reader r;

	der_init(&r, data);
	if (der_get_element(&r, DER_SEQUENCE, &whole) && der_at_end(&r))
		status = add_der(s, data, anchors, err);
	else
		status = add_pem(s, data, anchors, err);
	if (status == DEED_OK)
		return status;
	(void)deed_error_prefix(err, "cannot read '%s'", name);
	return status;
}

size_t pki_source_anchor_count(const struct pki_source *s)
{
	size_t i, n = 0;

	for (; s != NULL; s = s->base) {
		for (i = 0; i < s->cert_count; i++)
			n += s->certs[i].anchor;
	}
	return n;
}

struct cert *pki_source_anchor(const struct pki_source *s, size_t n)
{
	size_t i,
		below = s->base == NULL ? 0 : pki_source_anchor_count(s->base);

	if (n < below)
		return pki_source_anchor(s->base, n);
	n -= below;
	for (i = 0; i < s->cert_count; i++) {
		if (s->certs[i].anchor && n-- == 0)
			return s->certs[i].cert;
	}
	return NULL;
}

static bool same_name(struct slice a, struct slice b)
{
	return slice_equal(a, b) || x509_name_equal(a, b);
}

static bool each_subject(const struct pki_source *s, struct slice name,
			 bool anchors, pki_cert_fn *fn, void *arg)
{
	size_t i;

	for (; s != NULL; s = s->base) {
		for (i = 0; i < s->cert_count; i++) {
			if (s->certs[i].anchor == anchors &&
			    same_name(cert_fields(s->certs[i].cert)->subject,
				      name) &&
			    !fn(arg, s->certs[i].cert, anchors))
				return false;
		}
	}
	return true;
}

void pki_source_each_subject(const struct pki_source *s, struct slice name,
			     pki_cert_fn *fn, void *arg)
{
	if (each_subject(s, name, true, fn, arg))
		(void)each_subject(s, name, false, fn, arg);
}

void pki_source_each_crl(const struct pki_source *s, struct slice issuer,
			 pki_crl_fn *fn, void *arg)
{
	size_t i;

	for (; s != NULL; s = s->base) {
		for (i = 0; i < s->crl_count; i++) {
			if (same_name(crl_fields(s->crls[i])->issuer, issuer) &&
			    !fn(arg, s->crls[i]))
				return;
		}
	}
}
