/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/der.h"
#include "pki/ocsp.h"

/* Who a certID or a responder ID means: digests of names and keys. */

/* The octets of subjectPublicKey (RFC 6960 4.1.1: without tag, length and
 * unused bits). */
static bool key_octets(const struct cert *c, struct slice *out)
{
	struct slice algorithm;
	struct der_reader r;

	return der_open(cert_fields(c)->spki, DER_SEQUENCE, &r) &&
	       der_get_element(&r, DER_SEQUENCE, &algorithm) &&
	       der_get_bits(&r, out, NULL) && der_at_end(&r);
}

/* Hashes of one issuer, each made once: a response of many answers may use
 * several algorithms. */
struct issuer_hashes {
	struct slice name, key;
	bool known[DIGEST_COUNT];
	uint8_t names[DIGEST_COUNT][DIGEST_MAX];
	uint8_t keys[DIGEST_COUNT][DIGEST_MAX];
};

/* The lengths first: memcmp reads size octets of what the response gave. */
static bool same_issuer(struct issuer_hashes *h, const struct ocsp_single *s)
{
	size_t size = digest_size(s->digest);

	if (s->digest == DIGEST_NONE || s->name_hash.len != size ||
	    s->key_hash.len != size)
		return false;
	if (!h->known[s->digest]) {
		digest_once(s->digest, h->name, h->names[s->digest]);
		digest_once(s->digest, h->key, h->keys[s->digest]);
		h->known[s->digest] = true;
	}
	return memcmp(h->names[s->digest], s->name_hash.data, size) == 0 &&
	       memcmp(h->keys[s->digest], s->key_hash.data, size) == 0;
}

const struct ocsp_single *ocsp_find(const struct ocsp *o,
				    const struct cert *cert,
				    const struct cert *issuer)
{
	const struct ocsp_single *s, *best = NULL;
	/* The name as this certificate writes it (4.1.1). */
	struct issuer_hashes h = { .name = cert_fields(cert)->issuer };
	size_t i;

	if (!key_octets(issuer, &h.key))
		return NULL;
	for (i = 0; i < ocsp_fields(o)->single_count; i++) {
		s = ocsp_single_at(o, i);
		if (slice_equal(s->serial, cert_fields(cert)->serial) &&
		    same_issuer(&h, s) &&
		    (best == NULL || s->this_update > best->this_update))
			best = s;
	}
	return best;
}

bool ocsp_names(const struct ocsp *o, const struct cert *responder)
{
	const struct ocsp_fields *f = ocsp_fields(o);
	uint8_t hash[DIGEST_MAX];
	struct slice key;

	if (f->responder_name.data != NULL)
		return x509_name_equal(f->responder_name,
				       cert_fields(responder)->subject);
	if (!key_octets(responder, &key))
		return false;
	digest_once(DIGEST_SHA1, key, hash);
	return slice_equal(f->responder_key,
			   slice_of(hash, digest_size(DIGEST_SHA1)));
}

enum deed_status ocsp_request(const struct cert *cert,
			      const struct cert *issuer, struct slice nonce,
			      struct buf *out, struct deed_error *err)
{
	uint8_t name_hash[DIGEST_MAX], key_hash[DIGEST_MAX];
	size_t size = digest_size(DIGEST_SHA1);
	struct der_writer w;
	struct slice key;

	if (!key_octets(issuer, &key))
		return deed_error_set(err, DEED_MALFORMED,
				      "the issuer's public key is malformed");
	digest_once(DIGEST_SHA1, cert_fields(cert)->issuer, name_hash);
	digest_once(DIGEST_SHA1, key, key_hash);
	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE); /* OCSPRequest */
	der_begin(&w, DER_SEQUENCE); /* TBSRequest */
	der_begin(&w, DER_SEQUENCE); /* requestList */
	der_begin(&w, DER_SEQUENCE); /* Request */
	der_begin(&w, DER_SEQUENCE); /* CertID */
	der_put_algorithm(&w, OID_SHA1, true);
	der_put_octets(&w, slice_of(name_hash, size));
	der_put_octets(&w, slice_of(key_hash, size));
	der_put_integer(&w, cert_fields(cert)->serial);
	der_end(&w);
	der_end(&w);
	der_end(&w);
	if (nonce.data != NULL) {
		der_begin(&w, DER_CONTEXT_CONS(2));
		der_begin(&w, DER_SEQUENCE);
		der_begin(&w, DER_SEQUENCE);
		der_put_oid(&w, OID_OCSP_NONCE);
		der_begin(&w, DER_OCTET_STRING);
		der_put_octets(&w, nonce);
		der_end(&w);
		der_end(&w);
		der_end(&w);
		der_end(&w);
	}
	der_end(&w);
	der_end(&w);
	return der_writer_status(&w, err);
}
