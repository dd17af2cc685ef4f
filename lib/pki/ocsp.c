/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/ocsp_priv.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "pki/signed_once.h"

struct ocsp {
	atomic_uint refs;
	struct ocsp_fields fields;
	struct ocsp_single *singles;
	struct cert *certs[OCSP_CERTS];
	struct signed_once *signed_once;
	struct buf owned;
};

static enum deed_status malformed(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the OCSP response is malformed: expected %s",
			      what);
}

/* A critical extension that is not processed is noted and not refused here:
 * who judges the response says why it does not count. extended-revoke (RFC
 * 6960 4.4.8) tells only what is answered about certificates that were never
 * issued. */
static bool take_extension(void *arg, enum oid id, bool critical,
			   struct slice value)
{
	struct ocsp_fields *f = arg;
	struct der_reader r;

	/* RFC 8954 2.1; before that some wrote the octets bare. */
	if (id == OID_OCSP_NONCE) {
		der_init(&r, value);
		if (!der_get(&r, DER_OCTET_STRING, &f->nonce) ||
		    !der_at_end(&r))
			f->nonce = value;
	} else if (id != OID_OCSP_EXTENDED_REVOKE) {
		f->unknown_critical = f->unknown_critical || critical;
	}
	return true;
}

/* Counted first, so that a response cannot make the table grow beyond its
 * limit. */
static enum deed_status parse_singles(struct ocsp *o, struct slice content,
				      struct deed_error *err)
{
	struct ocsp_fields *f = &o->fields;
	struct der_reader r, all;
	struct slice whole;

	der_init(&r, content);
	all = r;
	while (der_get_element(&r, DER_SEQUENCE, &whole)) {
		if (++f->single_count > OCSP_SINGLES)
			return deed_error_set(err, DEED_LIMIT,
					      "the OCSP response has more than "
					      "%d answers",
					      OCSP_SINGLES);
	}
	o->singles = calloc(f->single_count + 1, sizeof(*o->singles));
	if (o->singles == NULL)
		return deed_error_memory(err);
	f->single_count = 0;
	while (der_get_element(&all, DER_SEQUENCE, &whole)) {
		if (!ocsp_parse_single(whole, &o->singles[f->single_count]))
			return malformed(err, "a SingleResponse");
		f->single_count++;
	}
	return der_at_end(&all) ? DEED_OK : malformed(err, "a SingleResponse");
}

/* byName is tagged explicitly and holds a whole Name, which must be well
 * formed as it is compared with subjects of certificates. */
static bool parse_responder(struct der_reader *r, struct ocsp_fields *f)
{
	struct slice content;
	struct der_reader in;

	if (der_get(r, DER_CONTEXT_CONS(1), &content)) {
		f->responder_name = content;
		return x509_name_valid(content);
	}
	return der_enter(r, DER_CONTEXT_CONS(2), &in) &&
	       der_get(&in, DER_OCTET_STRING, &f->responder_key) &&
	       der_at_end(&in);
}

/* version [0] DEFAULT v1: some write the default out. */
static bool parse_version(struct der_reader *r)
{
	struct der_reader in;
	uint64_t version;

	if (!der_peek(r, DER_CONTEXT_CONS(0)))
		return true;
	return der_enter(r, DER_CONTEXT_CONS(0), &in) &&
	       der_get_uint64(&in, &version) && version == 0 && der_at_end(&in);
}

/* All answers are read at once: a response in which one is malformed is
 * malformed as a whole, whoever is asked about. */
static enum deed_status parse_data(struct ocsp *o, struct deed_error *err)
{
	struct ocsp_fields *f = &o->fields;
	struct slice answers, extensions;
	enum deed_status status;
	struct der_reader r;
	bool present;

	if (!der_open(f->tbs, DER_SEQUENCE, &r) || !parse_version(&r) ||
	    !parse_responder(&r, f) ||
	    !der_get_generalized(&r, &f->produced_at) ||
	    !der_get(&r, DER_SEQUENCE, &answers) ||
	    !der_get_optional(&r, DER_CONTEXT_CONS(1), &present, &extensions) ||
	    !der_at_end(&r))
		return malformed(err, "a ResponseData");
	status = parse_singles(o, answers, err);
	if (status == DEED_OK && present &&
	    !ocsp_each_extension(extensions, take_extension, f))
		status = malformed(err, "responseExtensions");
	return status;
}

/* A certificate that cannot be read is left out: it helps nobody. */
static enum deed_status parse_certs(struct ocsp *o, struct slice explicit_list,
				    struct deed_error *err)
{
	struct ocsp_fields *f = &o->fields;
	enum deed_status status;
	struct der_reader r;
	struct slice whole;

	if (!der_open(explicit_list, DER_SEQUENCE, &r))
		return malformed(err, "certs");
	while (!der_at_end(&r)) {
		if (!der_get_element(&r, DER_SEQUENCE, &whole))
			return malformed(err, "a certificate");
		if (f->cert_count == OCSP_CERTS)
			return deed_error_set(err, DEED_LIMIT,
					      "the OCSP response has more than "
					      "%d certificates",
					      OCSP_CERTS);
		status = cert_parse(whole, &o->certs[f->cert_count], NULL);
		if (status == DEED_NO_MEMORY)
			return deed_error_memory(err);
		if (status == DEED_OK)
			f->cert_count++;
	}
	return DEED_OK;
}

/* tbs is kept whole, as its octets are what was signed. */
static enum deed_status parse_basic(struct ocsp *o, struct deed_error *err)
{
	struct ocsp_fields *f = &o->fields;
	enum deed_status status;
	struct der_reader r;
	struct slice certs;
	bool present;

	if (!der_open(f->basic, DER_SEQUENCE, &r) ||
	    !der_get_element(&r, DER_SEQUENCE, &f->tbs) ||
	    !der_get_element(&r, DER_SEQUENCE, &f->signature_algorithm) ||
	    !der_get_bits(&r, &f->signature, NULL) ||
	    !der_get_optional(&r, DER_CONTEXT_CONS(0), &present, &certs) ||
	    !der_at_end(&r))
		return malformed(err, "a BasicOCSPResponse");
	status = parse_data(o, err);
	if (status == DEED_OK && present)
		status = parse_certs(o, certs, err);
	return status;
}

/* A refusal is the responder's word and no malformed response: DEED_REMOTE.
 * Number 4 is not used (RFC 6960 4.2.1). */
static enum deed_status answer_status(uint8_t answer, struct deed_error *err)
{
	static const char *const text[] = {
		[OCSP_MALFORMED_REQUEST] = "malformedRequest",
		[OCSP_INTERNAL_ERROR] = "internalError",
		[OCSP_TRY_LATER] = "tryLater",
		[OCSP_SIG_REQUIRED] = "sigRequired",
		[OCSP_UNAUTHORIZED] = "unauthorized",
	};

	if (answer == OCSP_SUCCESSFUL)
		return DEED_OK;
	if (answer > OCSP_UNAUTHORIZED || text[answer] == NULL)
		return malformed(err, "a known responseStatus");
	return deed_error_set(err, DEED_REMOTE,
			      "the OCSP responder does not answer: %s",
			      text[answer]);
}

/* The BasicOCSPResponse of an OCSPResponse (RFC 6960 4.2.1). */
static enum deed_status unwrap(struct ocsp_fields *f, struct deed_error *err)
{
	struct slice answer, outer, bytes;
	struct der_reader r, in;
	enum deed_status status;
	enum oid type;
	bool present;

	if (!der_open(f->der, DER_SEQUENCE, &r) ||
	    !der_get(&r, DER_ENUMERATED, &answer) || answer.len != 1)
		return malformed(err, "an OCSPResponse");
	status = answer_status(answer.data[0], err);
	if (status != DEED_OK)
		return status;
	if (!der_get_optional(&r, DER_CONTEXT_CONS(0), &present, &outer) ||
	    !present || !der_at_end(&r) ||
	    !der_open(outer, DER_SEQUENCE, &in) ||
	    !der_get_known_oid(&in, &type) ||
	    !der_get(&in, DER_OCTET_STRING, &bytes) || !der_at_end(&in))
		return malformed(err, "responseBytes");
	if (type != OID_OCSP_BASIC)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the OCSP response is of another type "
				      "than id-pkix-ocsp-basic");
	f->basic = bytes;
	return DEED_OK;
}

/* An OCSPResponse begins with its status; a BasicOCSPResponse has a SEQUENCE
 * there. */
static bool is_response(struct slice der)
{
	struct der_reader r;

	return der_open(der, DER_SEQUENCE, &r) && der_peek(&r, DER_ENUMERATED);
}

/* A BasicOCSPResponse that came alone gets the OCSPResponse around it that a
 * DSS takes, so that both kinds are handled as one from here on. */
static enum deed_status wrap(struct slice basic, struct buf *out,
			     struct deed_error *err)
{
	static const uint8_t successful[] = { OCSP_SUCCESSFUL };
	struct der_writer w;

	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put(&w, DER_ENUMERATED, slice_of(successful, 1));
	der_begin(&w, DER_CONTEXT_CONS(0));
	der_begin(&w, DER_SEQUENCE);
	der_put_oid(&w, OID_OCSP_BASIC);
	der_put_octets(&w, basic);
	der_end(&w);
	der_end(&w);
	der_end(&w);
	return der_writer_status(&w, err);
}

enum deed_status ocsp_parse(struct slice der, struct ocsp **out,
			    struct deed_error *err)
{
	enum deed_status status;
	struct ocsp *o;

	*out = NULL;
	if (der.len > OCSP_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "the OCSP response is larger than %u "
				      "octets",
				      OCSP_MAX);
	o = calloc(1, sizeof(*o));
	if (o == NULL)
		return deed_error_memory(err);
	atomic_init(&o->refs, 1);
	o->signed_once = signed_once_new();
	if (o->signed_once == NULL) {
		ocsp_free(o);
		return deed_error_memory(err);
	}
	if (is_response(der)) {
		buf_slice(&o->owned, der);
		status = buf_status(&o->owned, err);
	} else {
		status = wrap(der, &o->owned, err);
	}
	o->fields.der = buf_get(&o->owned);
	if (status == DEED_OK)
		status = unwrap(&o->fields, err);
	if (status == DEED_OK)
		status = parse_basic(o, err);
	if (status == DEED_OK) {
		*out = o;
		o = NULL;
	}
	ocsp_free(o);
	return status;
}

struct ocsp *ocsp_ref(struct ocsp *o)
{
	atomic_fetch_add(&o->refs, 1);
	return o;
}

void ocsp_free(struct ocsp *o)
{
	size_t i;

	if (o == NULL || atomic_fetch_sub(&o->refs, 1) != 1)
		return;
	for (i = 0; i < o->fields.cert_count; i++)
		cert_free(o->certs[i]);
	signed_once_free(o->signed_once);
	free(o->singles);
	buf_clear(&o->owned);
	free(o);
}

const struct ocsp_fields *ocsp_fields(const struct ocsp *o)
{
	return &o->fields;
}

const struct ocsp_single *ocsp_single_at(const struct ocsp *o, size_t i)
{
	return &o->singles[i];
}

struct cert *ocsp_cert_at(const struct ocsp *o, size_t i)
{
	return o->certs[i];
}

bool ocsp_signed_by(const struct ocsp *o, const struct cert *responder)
{
	return signed_once_check(o->signed_once, responder,
				 o->fields.signature_algorithm, o->fields.tbs,
				 o->fields.signature);
}

bool ocsp_looks_like(struct slice der)
{
	struct der_reader r, tbs;

	if (is_response(der))
		return true;
	if (!der_open(der, DER_SEQUENCE, &r) ||
	    !der_enter(&r, DER_SEQUENCE, &tbs))
		return false;
	/* A TBSCertificate has [0] too, but an INTEGER after it. */
	if (der_peek(&tbs, DER_CONTEXT_CONS(0)) && !der_skip(&tbs))
		return false;
	return der_peek(&tbs, DER_CONTEXT_CONS(1)) ||
	       der_peek(&tbs, DER_CONTEXT_CONS(2));
}
