/* SPDX-License-Identifier: Apache-2.0 */
#include "key/cert_priv.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "codec/pem.h"
#include "key/cert_peek.h"

struct cert {
	atomic_uint refs;
	uint8_t *der;
	struct cert_fields f;
	struct cert_extension *extensions;
	uint8_t sha256[SHA256_SIZE];
	uint8_t spki_sha256[SHA256_SIZE];
	pthread_mutex_t lock; /* guards the three below */
	struct pubkey *pubkey;
	bool pubkey_tried;
	struct deed_error pubkey_error;
};

/* Absent means version 1; a written 0 breaks DER and is taken for the same. */
static bool read_version(struct der_reader *tbs, unsigned *out)
{
	struct slice content;
	struct der_reader r;
	uint64_t version = 0;
	bool present;

	if (!der_get_optional(tbs, DER_CONTEXT_CONS(0), &present, &content))
		return false;
	if (present) {
		der_init(&r, content);
		if (!der_get_uint64(&r, &version) || !der_at_end(&r) ||
		    version > 2)
			return false;
	}
	*out = (unsigned)version + 1;
	return true;
}

/* Which of the two it is, and what is wrong with it, is told: such
 * certificates are in use, and their holders ask why. */
static enum deed_status read_time(struct der_reader *r, const char *name,
				  int64_t *out, struct deed_error *err)
{
	if (der_get_time(r, out))
		return DEED_OK;
	return deed_error_set(err, DEED_MALFORMED,
			      "the certificate is malformed: %s %s", name,
			      cert_time_fault(r));
}

/* That notAfter is before notBefore is no fault of form: such a certificate is
 * valid at no time. */
static enum deed_status read_validity(struct der_reader *tbs,
				      struct cert_fields *f,
				      struct deed_error *err)
{
	enum deed_status status;
	struct der_reader r;

	if (!der_enter(tbs, DER_SEQUENCE, &r))
		return cert_malformed(err, "validity");
	status = read_time(&r, "notBefore", &f->not_before, err);
	if (status == DEED_OK)
		status = read_time(&r, "notAfter", &f->not_after, err);
	if (status == DEED_OK && !der_at_end(&r))
		status = cert_malformed(err, "validity");
	return status;
}

/* TBSCertificate (RFC 5280 4.1.2). */
static enum deed_status read_tbs(struct cert *c, struct slice outer_algorithm,
				 struct deed_error *err)
{
	struct cert_fields *f = &c->f;
	struct slice algorithm, content;
	enum deed_status status;
	struct der_reader r;
	bool present;

	if (!der_open(f->tbs, DER_SEQUENCE, &r) ||
	    !read_version(&r, &f->version))
		return cert_malformed(err, "version");
	if (!der_get_integer(&r, &f->serial))
		return cert_malformed(err, "serial number");
	if (!der_get_element(&r, DER_SEQUENCE, &algorithm))
		return cert_malformed(err, "signature algorithm");
	/* RFC 5280 4.1.1.2; otherwise the outer one is not protected. */
	if (!slice_equal(algorithm, outer_algorithm))
		return cert_malformed(err,
				      "its two signature algorithms differ");
	if (!der_get_element(&r, DER_SEQUENCE, &f->issuer) ||
	    !x509_name_valid(f->issuer))
		return cert_malformed(err, "issuer");
	status = read_validity(&r, f, err);
	if (status != DEED_OK)
		return status;
	if (!der_get_element(&r, DER_SEQUENCE, &f->subject) ||
	    !x509_name_valid(f->subject))
		return cert_malformed(err, "subject");
	if (!der_get_element(&r, DER_SEQUENCE, &f->spki))
		return cert_malformed(err, "public key");
	/* issuerUniqueID and subjectUniqueID mean nothing any more. */
	if (!der_get_optional(&r, DER_CONTEXT(1), &present, &content) ||
	    !der_get_optional(&r, DER_CONTEXT(2), &present, &content) ||
	    !der_get_optional(&r, DER_CONTEXT_CONS(3), &present, &content) ||
	    !der_at_end(&r))
		return cert_malformed(err, "what follows the public key");
	if (!present)
		return DEED_OK;
	if (f->version != 3)
		return cert_malformed(err, "extensions before version 3");
	return cert_read_extensions(content, &c->f, &c->extensions, err);
}

/* All fields are slices of the certificate's own copy of the DER. */
static enum deed_status read_certificate(struct cert *c, struct deed_error *err)
{
	struct cert_fields *f = &c->f;
	struct der_reader r;
	unsigned unused;

	if (!der_open(f->der, DER_SEQUENCE, &r))
		return cert_malformed(err, "not one DER structure");
	if (!der_get_element(&r, DER_SEQUENCE, &f->tbs) ||
	    !der_get_element(&r, DER_SEQUENCE, &f->signature_algorithm) ||
	    !der_get_bits(&r, &f->signature, &unused) || !der_at_end(&r))
		return cert_malformed(err, "not three parts");
	/* No algorithm makes part of an octet: then none has made this. */
	if (unused != 0)
		f->signature.len = 0;
	return read_tbs(c, f->signature_algorithm, err);
}

/* One octet more, so that malloc is never asked for none. */
static struct cert *new_cert(struct slice der)
{
	struct cert *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->der = malloc(der.len + 1);
	if (c->der == NULL || pthread_mutex_init(&c->lock, NULL) != 0) {
		free(c->der);
		free(c);
		return NULL;
	}
	if (der.len > 0)
		memcpy(c->der, der.data, der.len);
	c->f.der = slice_of(c->der, der.len);
	atomic_init(&c->refs, 1);
	return c;
}

enum deed_status cert_parse(struct slice der, struct cert **out,
			    struct deed_error *err)
{
	enum deed_status status;
	struct cert *c;

	*out = NULL;
	if (der.len > CERT_MAX_SIZE)
		return deed_error_set(err, DEED_LIMIT,
				      "a certificate of %zu bytes is over the "
				      "limit of %d",
				      der.len, CERT_MAX_SIZE);
	c = new_cert(der);
	if (c == NULL)
		return deed_error_memory(err);
	status = read_certificate(c, err);
	if (status != DEED_OK) {
		cert_free(c);
		return status;
	}
	sha256(c->f.der, c->sha256);
	sha256(c->f.spki, c->spki_sha256);
	*out = c;
	return DEED_OK;
}

struct cert *cert_ref(struct cert *c)
{
	atomic_fetch_add_explicit(&c->refs, 1, memory_order_relaxed);
	return c;
}

void cert_free(struct cert *c)
{
	if (c == NULL ||
	    atomic_fetch_sub_explicit(&c->refs, 1, memory_order_acq_rel) != 1)
		return;
	pubkey_free(c->pubkey);
	(void)pthread_mutex_destroy(&c->lock);
	free(c->extensions);
	free(c->der);
	free(c);
}

const struct cert_fields *cert_fields(const struct cert *c)
{
	return &c->f;
}

const struct cert_extension *cert_extension_at(const struct cert *c, size_t i)
{
	return i < c->f.extension_count ? &c->extensions[i] : NULL;
}

const struct cert_extension *cert_extension(const struct cert *c, enum oid id)
{
	size_t i;

	for (i = 0; i < c->f.extension_count; i++) {
		if (c->extensions[i].id == id)
			return &c->extensions[i];
	}
	return NULL;
}

const uint8_t *cert_sha256(const struct cert *c)
{
	return c->sha256;
}

const uint8_t *cert_spki_sha256(const struct cert *c)
{
	return c->spki_sha256;
}

enum deed_status cert_pubkey(const struct cert *c, const struct pubkey **out,
			     struct deed_error *err)
{
	/* The key is a cache: making it changes nothing that can be seen. */
	struct cert *m = (struct cert *)(uintptr_t)c;
	enum deed_status status;

	*out = NULL;
	(void)pthread_mutex_lock(&m->lock);
	if (!m->pubkey_tried) {
		status = pubkey_from_spki(m->f.spki, &m->pubkey,
					  &m->pubkey_error);
		m->pubkey_tried = status != DEED_NO_MEMORY;
	} else {
		status = m->pubkey_error.status;
	}
	if (status == DEED_OK)
		*out = m->pubkey;
	else if (err != NULL)
		*err = m->pubkey_error;
	(void)pthread_mutex_unlock(&m->lock);
	return status;
}

bool cert_equal(const struct cert *a, const struct cert *b)
{
	return a == b || !memcmp(a->sha256, b->sha256, SHA256_SIZE);
}

bool cert_self_issued(const struct cert *c)
{
	return x509_name_equal(c->f.issuer, c->f.subject);
}

bool cert_same_holder(const struct cert *a, const struct cert *b)
{
	return memcmp(cert_spki_sha256(a), cert_spki_sha256(b), SHA256_SIZE) ==
		       0 &&
	       x509_name_equal(a->f.subject, b->f.subject);
}

enum deed_status cert_verify(const struct cert *c, const struct cert *issuer,
			     struct deed_error *err)
{
	const struct pubkey *pk;
	struct sig_alg alg;
	enum deed_status status;

	status = sig_alg_parse(c->f.signature_algorithm, &alg, err);
	if (status != DEED_OK)
		return status;
	status = cert_pubkey(issuer, &pk, err);
	if (status != DEED_OK)
		return status;
	return pubkey_verify(pk, &alg, c->f.tbs, c->f.signature, err);
}

void cert_pem(const struct cert *c, struct buf *out)
{
	pem_encode(out, "CERTIFICATE", c->f.der);
}

bool cert_has_policy(const struct cert *c, enum oid policy)
{
	const struct cert_extension *e =
		cert_extension(c, OID_CERTIFICATE_POLICIES);
	struct der_reader list, info;
	struct slice oid;

	if (e == NULL || !der_open(e->value, DER_SEQUENCE, &list))
		return false;
	while (der_enter(&list, DER_SEQUENCE, &info)) {
		if (der_get_oid(&info, &oid) && oid_find(oid) == policy)
			return true;
	}
	return false;
}
