/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/existence.h"

#include <stdlib.h>

#include "codec/der.h"

/* Open addressing; at most half full. */
struct slot {
	bool used;
	uint8_t id[SHA256_SIZE];
	int64_t time;
};

struct existence {
	struct slot *slots;
	size_t cap; /* a power of two */
	size_t count;
};

#define FIRST_CAP 64

enum deed_status existence_new(struct existence **out, struct deed_error *err)
{
	struct existence *p = calloc(1, sizeof(*p));

	*out = NULL;
	if (p == NULL)
		return deed_error_memory(err);
	p->slots = calloc(FIRST_CAP, sizeof(*p->slots));
	p->cap = FIRST_CAP;
	if (p->slots == NULL) {
		free(p);
		return deed_error_memory(err);
	}
	*out = p;
	return DEED_OK;
}

void existence_free(struct existence *p)
{
	if (p == NULL)
		return;
	free(p->slots);
	free(p);
}

/* A digest is as good as random: its first bytes are the place. */
static struct slot *find(struct slot *slots, size_t cap,
			 const uint8_t id[SHA256_SIZE])
{
	size_t at;

	memcpy(&at, id, sizeof(at));
	for (at &= cap - 1; slots[at].used; at = (at + 1) & (cap - 1)) {
		if (memcmp(slots[at].id, id, SHA256_SIZE) == 0)
			break;
	}
	return &slots[at];
}

/* The old table stays as it is until the new one is whole, so that a lack of
 * memory loses no proof that was there. */
static bool widen(struct existence *p)
{
	struct slot *wider = calloc(p->cap * 2, sizeof(*wider));
	size_t i;

	if (wider == NULL)
		return false;
	for (i = 0; i < p->cap; i++) {
		if (p->slots[i].used)
			*find(wider, p->cap * 2, p->slots[i].id) = p->slots[i];
	}
	free(p->slots);
	p->slots = wider;
	p->cap *= 2;
	return true;
}

enum deed_status existence_add(struct existence *p, struct slice object,
			       int64_t time, struct deed_error *err)
{
	uint8_t id[SHA256_SIZE];
	struct slot *s;

	sha256(object, id);
	s = find(p->slots, p->cap, id);
	if (s->used) {
		s->time = time < s->time ? time : s->time;
		return DEED_OK;
	}
	if (p->count == EXISTENCE_MAX)
		return DEED_OK;
	if (p->count * 2 >= p->cap) {
		if (!widen(p))
			return deed_error_memory(err);
		s = find(p->slots, p->cap, id);
	}
	s->used = true;
	memcpy(s->id, id, SHA256_SIZE);
	s->time = time;
	p->count++;
	return DEED_OK;
}

bool existence_find(const struct existence *p, struct slice object,
		    int64_t *time)
{
	uint8_t id[SHA256_SIZE];
	const struct slot *s;

	if (p == NULL || p->count == 0)
		return false;
	sha256(object, id);
	s = find(p->slots, p->cap, id);
	if (s->used)
		*time = s->time;
	return s->used;
}

int64_t existence_time(const struct existence *p, struct slice object,
		       int64_t now)
{
	int64_t time = now;

	return existence_find(p, object, &time) && time < now ? time : now;
}

/* ---- what lies inside ---- */

static enum deed_status add_cms(struct existence *p,
				const struct cms_signed *sd, int64_t time,
				unsigned depth, struct deed_error *err);
static enum deed_status add_signer(struct existence *p,
				   const struct cms_signer *signer,
				   int64_t time, unsigned depth,
				   struct deed_error *err);

/* An OCSP answer is known by its BasicOCSPResponse, however it is wrapped:
 * OCSPResponse { responseStatus, [0] { type, OCTET STRING } }. */
struct slice existence_ocsp(struct slice value)
{
	struct der_reader r, wrap, bytes;
	struct slice type, basic;

	if (!der_open(value, DER_SEQUENCE, &r) || !der_peek(&r, DER_ENUMERATED))
		return value;
	if (!der_skip(&r) || !der_enter(&r, DER_CONTEXT_CONS(0), &wrap) ||
	    !der_enter(&wrap, DER_SEQUENCE, &bytes) ||
	    !der_get_oid(&bytes, &type) ||
	    !der_get(&bytes, DER_OCTET_STRING, &basic))
		return value;
	return basic;
}

/* A token proves itself, and what it embeds; one that cannot be read proves
 * nothing more, which is no fault of the document. */
static enum deed_status add_token(struct existence *p, struct slice value,
				  int64_t time, unsigned depth,
				  struct deed_error *err)
{
	enum deed_status status;
	struct cms_signed *sd;

	status = existence_add(p, value, time, err);
	if (status != DEED_OK || depth == 0)
		return status;
	status = cms_signed_parse(value, &sd, NULL);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK)
		return DEED_OK;
	status = add_cms(p, sd, time, depth - 1, err);
	cms_signed_free(sd);
	return status;
}

/* The elements of a SEQUENCE OF within a field of revocation-values. */
static enum deed_status add_list(struct existence *p, struct der_reader *r,
				 uint8_t tag, int64_t time,
				 struct deed_error *err)
{
	struct der_reader field, list;
	enum deed_status status = DEED_OK;
	struct slice whole;

	if (!der_peek(r, tag))
		return DEED_OK;
	if (!der_enter(r, tag, &field) ||
	    !der_enter(&field, DER_SEQUENCE, &list))
		return DEED_OK;
	while (status == DEED_OK && der_get_any(&list, NULL, NULL, &whole))
		status = existence_add(p, whole, time, err);
	return status;
}

/* CertificateValues, RevocationValues (EN 319 122-1 A.1.1.2, A.1.2.2). */
static enum deed_status add_values(struct existence *p, enum oid type,
				   struct slice value, int64_t time,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct der_reader r;
	struct slice whole;

	if (!der_open(value, DER_SEQUENCE, &r))
		return DEED_OK;
	if (type == OID_REVOCATION_VALUES) {
		status = add_list(p, &r, DER_CONTEXT_CONS(0), time, err);
		if (status == DEED_OK)
			status =
				add_list(p, &r, DER_CONTEXT_CONS(1), time, err);
		return status;
	}
	while (status == DEED_OK && der_get_any(&r, NULL, NULL, &whole))
		status = existence_add(p, whole, time, err);
	return status;
}

/* A counter-signature is a SignerInfo (RFC 5652 11.4) and may carry tokens and
 * values as any other. */
static enum deed_status add_counter(struct existence *p, struct slice value,
				    int64_t time, unsigned depth,
				    struct deed_error *err)
{
	struct cms_signer counter;
	enum deed_status status;

	if (depth == 0)
		return DEED_OK;
	status = cms_signer_parse(value, &counter, NULL);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK)
		return DEED_OK;
	status = add_signer(p, &counter, time, depth - 1, err);
	cms_signer_clear(&counter);
	return status;
}

/* Only attributes with evidence in them; what else is there was hashed with
 * the whole. */
static enum deed_status add_attribute(struct existence *p, enum oid type,
				      struct slice value, int64_t time,
				      unsigned depth, struct deed_error *err)
{
	switch (type) {
	case OID_TIMESTAMP_TOKEN:
	case OID_CONTENT_TIMESTAMP:
	case OID_ARCHIVE_TIMESTAMP:
	case OID_ARCHIVE_TIMESTAMP_V2:
	case OID_ARCHIVE_TIMESTAMP_V3:
	case OID_ESC_TIMESTAMP:
	case OID_CERT_CRL_TIMESTAMP:
		return add_token(p, value, time, depth, err);
	case OID_CERTIFICATE_VALUES:
	case OID_REVOCATION_VALUES:
		return add_values(p, type, value, time, err);
	case OID_COUNTERSIGNATURE:
		return add_counter(p, value, time, depth, err);
	default:
		return DEED_OK;
	}
}

/* Every value of an attribute counts, even where the standard allows one only:
 * whatever was covered existed, well formed or not. */
static enum deed_status add_attributes(struct existence *p,
				       const struct cms_attributes *attrs,
				       int64_t time, unsigned depth,
				       struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct der_reader r;
	struct slice value;
	unsigned i;

	for (i = 0; status == DEED_OK && i < attrs->count; i++) {
		der_init(&r, attrs->list[i].values);
		while (status == DEED_OK && der_get_any(&r, NULL, NULL, &value))
			status = add_attribute(p, attrs->list[i].oid, value,
					       time, depth, err);
	}
	return status;
}

/* The signature value stands for the signer, as existence_find is asked with
 * it.  The depth goes down in tokens and counter-signatures only. */
static enum deed_status add_signer(struct existence *p,
				   const struct cms_signer *signer,
				   int64_t time, unsigned depth,
				   struct deed_error *err)
{
	enum deed_status status;

	status = existence_add(p, signer->signature, time, err);
	if (status == DEED_OK)
		status = add_attributes(p, &signer->signed_attrs, time, depth,
					err);
	if (status == DEED_OK)
		status = add_attributes(p, &signer->unsigned_attrs, time, depth,
					err);
	return status;
}

/* An answer of OCSP is entered by its BasicOCSPResponse, as the other places
 * do that ask for it, however the CMS wraps it. */
static enum deed_status add_cms(struct existence *p,
				const struct cms_signed *sd, int64_t time,
				unsigned depth, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned i;

	for (i = 0; status == DEED_OK && i < sd->certificate_count; i++)
		status = existence_add(p, sd->certificates[i], time, err);
	for (i = 0; status == DEED_OK && i < sd->crl_count; i++)
		status = existence_add(p, sd->crls[i], time, err);
	for (i = 0; status == DEED_OK && i < sd->other_count; i++)
		status = existence_add(p, existence_ocsp(sd->others[i].value),
				       time, err);
	for (i = 0; status == DEED_OK && i < sd->signer_count; i++)
		status = add_signer(p, &sd->signers[i], time, depth, err);
	return status;
}

enum deed_status existence_add_cms(struct existence *p, struct slice in,
				   int64_t time, struct deed_error *err)
{
	return add_token(p, in, time, EXISTENCE_DEPTH + 1, err);
}

enum deed_status existence_add_attribute(struct existence *p, enum oid type,
					 struct slice value, int64_t time,
					 struct deed_error *err)
{
	return add_attribute(p, type, value, time, EXISTENCE_DEPTH, err);
}
