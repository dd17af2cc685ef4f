/* SPDX-License-Identifier: Apache-2.0 */
#include "key/cert.h"

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

static enum deed_status malformed(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the certificate is malformed: %s", what);
}

/* RFC 5280 4.2.1.3; bit 0 is the highest of the first octet. */
static bool read_key_usage(struct slice value, struct cert_fields *f)
{
	struct der_reader r;
	struct slice bits;
	unsigned unused;
	size_t i;

	der_init(&r, value);
	if (!der_get_bits(&r, &bits, &unused) || !der_at_end(&r))
		return false;
	for (i = 0; i < bits.len * 8 && i < 32; i++) {
		if ((bits.data[i / 8] & (0x80 >> i % 8)) != 0)
			f->key_usage |= 1u << i;
	}
	f->has_key_usage = true;
	return true;
}

/* RFC 5280 4.2.1.9.  cA FALSE is often encoded, against DER. */
static bool read_basic_constraints(struct slice value, struct cert_fields *f)
{
	struct der_reader r, s;
	uint64_t path_len;

	der_init(&r, value);
	if (!der_enter(&r, DER_SEQUENCE, &s) || !der_at_end(&r))
		return false;
	if (der_peek(&s, DER_BOOLEAN) && !der_get_bool(&s, &f->is_ca))
		return false;
	if (!der_at_end(&s)) {
		if (!der_get_uint64(&s, &path_len))
			return false;
		f->has_path_len = true;
		f->path_len =
			path_len > UINT32_MAX ? UINT32_MAX : (uint32_t)path_len;
	}
	f->has_basic_constraints = true;
	return der_at_end(&s);
}

/* Of any length: it is compared and never computed, as authorities make it in
 * several ways (RFC 5280 4.2.1.2). */
static bool read_subject_key_id(struct slice value, struct cert_fields *f)
{
	struct der_reader r;

	der_init(&r, value);
	return der_get(&r, DER_OCTET_STRING, &f->subject_key_id) &&
	       der_at_end(&r);
}

/* RFC 5280 4.2.1.1: of the three only keyIdentifier is of use. */
static bool read_authority_key_id(struct slice value, struct cert_fields *f)
{
	struct der_reader r, s;
	bool present;

	der_init(&r, value);
	return der_enter(&r, DER_SEQUENCE, &s) && der_at_end(&r) &&
	       der_get_optional(&s, DER_CONTEXT(0), &present,
				&f->authority_key_id);
}

/* Those that nearly every use of a certificate asks for.  All others are read
 * by whom they concern, and may be malformed until then. */
static bool read_known(const struct cert_extension *e, struct cert_fields *f)
{
	switch (e->id) {
	case OID_KEY_USAGE:
		return read_key_usage(e->value, f);
	case OID_BASIC_CONSTRAINTS:
		return read_basic_constraints(e->value, f);
	case OID_SUBJECT_KEY_ID:
		return read_subject_key_id(e->value, f);
	case OID_AUTHORITY_KEY_ID:
		return read_authority_key_id(e->value, f);
	default:
		return true;
	}
}

/* The status is DEED_MALFORMED whether or not there is memory for the name,
 * which may be a long dotted number. */
static enum deed_status malformed_extension(struct deed_error *err,
					    struct slice oid, const char *what)
{
	struct buf name = BUF_INIT;

	oid_describe(oid, &name);
	buf_byte(&name, 0);
	deed_error_set(err, DEED_MALFORMED,
		       "the certificate is malformed: the extension %.300s %s",
		       name.failed ? "?" : (const char *)name.data, what);
	buf_clear(&name);
	return DEED_MALFORMED;
}

/* Whether one that is critical is processed is not asked here: that is for
 * path validation. */
static enum deed_status read_extension(struct der_reader *r,
				       struct cert_extension *e,
				       struct deed_error *err)
{
	struct der_reader s;

	if (!der_enter(r, DER_SEQUENCE, &s) || !der_get_oid(&s, &e->oid))
		return malformed(err, "an extension has no name");
	e->id = oid_find(e->oid);
	e->critical = false;
	/* A written FALSE breaks DER and harms nobody. */
	if (der_peek(&s, DER_BOOLEAN) && !der_get_bool(&s, &e->critical))
		return malformed_extension(err, e->oid,
					   "says neither FF nor 00 of whether "
					   "it is critical");
	if (!der_get(&s, DER_OCTET_STRING, &e->value) || !der_at_end(&s))
		return malformed_extension(err, e->oid, "has no value");
	return DEED_OK;
}

/* RFC 5280 4.2: not more than one instance of an extension. */
static bool is_duplicate(const struct cert *c, struct slice oid)
{
	size_t i;

	for (i = 0; i < c->f.extension_count; i++) {
		if (slice_equal(c->extensions[i].oid, oid))
			return true;
	}
	return false;
}

/* RFC 5280 4.2: no extension twice.  What is not known is kept, and judged
 * when the path is. */
static enum deed_status read_extensions(struct cert *c, struct slice explicit,
					struct deed_error *err)
{
	struct der_reader r, count_r;
	struct cert_extension e;
	enum deed_status status;
	size_t count = 0;

	if (!der_open(explicit, DER_SEQUENCE, &r))
		return malformed(err, "extensions");
	count_r = r;
	while (der_skip(&count_r))
		count++;
	if (count > CERT_MAX_EXTENSIONS)
		return deed_error_set(err, DEED_LIMIT,
				      "the certificate has more than %d "
				      "extensions",
				      CERT_MAX_EXTENSIONS);
	c->extensions = calloc(count + 1, sizeof(*c->extensions));
	if (c->extensions == NULL)
		return deed_error_memory(err);
	while (!der_at_end(&r)) {
		status = read_extension(&r, &e, err);
		if (status != DEED_OK)
			return status;
		if (is_duplicate(c, e.oid))
			return malformed_extension(err, e.oid,
						   "is there twice");
		if (!read_known(&e, &c->f))
			return malformed_extension(err, e.oid,
						   "cannot be read");
		c->extensions[c->f.extension_count++] = e;
	}
	return DEED_OK;
}

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
		return malformed(err, "validity");
	status = read_time(&r, "notBefore", &f->not_before, err);
	if (status == DEED_OK)
		status = read_time(&r, "notAfter", &f->not_after, err);
	if (status == DEED_OK && !der_at_end(&r))
		status = malformed(err, "validity");
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
		return malformed(err, "version");
	if (!der_get_integer(&r, &f->serial))
		return malformed(err, "serial number");
	if (!der_get_element(&r, DER_SEQUENCE, &algorithm))
		return malformed(err, "signature algorithm");
	/* RFC 5280 4.1.1.2; otherwise the outer one is not protected. */
	if (!slice_equal(algorithm, outer_algorithm))
		return malformed(err, "its two signature algorithms differ");
	if (!der_get_element(&r, DER_SEQUENCE, &f->issuer) ||
	    !x509_name_valid(f->issuer))
		return malformed(err, "issuer");
	status = read_validity(&r, f, err);
	if (status != DEED_OK)
		return status;
	if (!der_get_element(&r, DER_SEQUENCE, &f->subject) ||
	    !x509_name_valid(f->subject))
		return malformed(err, "subject");
	if (!der_get_element(&r, DER_SEQUENCE, &f->spki))
		return malformed(err, "public key");
	/* issuerUniqueID and subjectUniqueID mean nothing any more. */
	if (!der_get_optional(&r, DER_CONTEXT(1), &present, &content) ||
	    !der_get_optional(&r, DER_CONTEXT(2), &present, &content) ||
	    !der_get_optional(&r, DER_CONTEXT_CONS(3), &present, &content) ||
	    !der_at_end(&r))
		return malformed(err, "what follows the public key");
	if (!present)
		return DEED_OK;
	if (f->version != 3)
		return malformed(err, "extensions before version 3");
	return read_extensions(c, content, err);
}

/* All fields are slices of the certificate's own copy of the DER. */
static enum deed_status read_certificate(struct cert *c, struct deed_error *err)
{
	struct cert_fields *f = &c->f;
	struct der_reader r;
	unsigned unused;

	if (!der_open(f->der, DER_SEQUENCE, &r))
		return malformed(err, "not one DER structure");
	if (!der_get_element(&r, DER_SEQUENCE, &f->tbs) ||
	    !der_get_element(&r, DER_SEQUENCE, &f->signature_algorithm) ||
	    !der_get_bits(&r, &f->signature, &unused) || !der_at_end(&r))
		return malformed(err, "not three parts");
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
