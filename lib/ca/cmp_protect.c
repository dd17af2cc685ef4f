/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/cmp_protect.h"

#include "crypto/hmac.h"
#include "crypto/random.h"

/* PBMParameter, RFC 4210 5.1.3.1. */
struct pbm {
	struct slice salt;
	enum digest_alg owf;
	uint64_t iterations;
	enum digest_alg mac;
};

void cmp_credentials_clear(struct cmp_credentials *c)
{
	signing_key_free(c->key);
	c->key = NULL;
	cert_list_clear(&c->chain);
	cert_list_clear(&c->anchors);
}

/* The base key: the one-way function over secret and salt, again and again. */
static enum deed_status pbm_mac(const struct pbm *p,
				const struct secret *secret, struct slice data,
				uint8_t mac[DIGEST_MAX], struct deed_error *err)
{
	struct secret *seed, *key = NULL;
	size_t size = digest_size(p->owf), len = secret_len(secret);
	enum deed_status status;
	uint64_t i;

	status = secret_new(len + p->salt.len, &seed, err);
	if (status == DEED_OK)
		status = secret_new(size, &key, err);
	if (status == DEED_OK) {
		memcpy(secret_data(seed), secret_bytes(secret), len);
		memcpy(secret_data(seed) + len, p->salt.data, p->salt.len);
		digest_once(p->owf, secret_slice(seed), secret_data(key));
		for (i = 1; i < p->iterations; i++)
			digest_once(p->owf, secret_slice(key),
				    secret_data(key));
		hmac(p->mac, secret_slice(key), data, mac);
	}
	secret_free(seed);
	secret_free(key);
	return status;
}

/* PBMParameter (RFC 4210 5.1.3.1), by which the CA derives the same key. */
static enum deed_status write_pbm(const struct pbm *p, struct buf *out,
				  struct deed_error *err)
{
	struct der_writer w;

	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_oid(&w, OID_PASSWORD_BASED_MAC);
	der_begin(&w, DER_SEQUENCE);
	der_put_octets(&w, p->salt);
	der_put_algorithm(&w, digest_oid(p->owf), false);
	der_put_uint64(&w, p->iterations);
	der_put_algorithm(&w, OID_HMAC_SHA256, false);
	der_end(&w);
	der_end(&w);
	return der_writer_status(&w, err);
}

/* HMAC with SHA-1 has two identifiers in use.  It is accepted here, as finding
 * collisions of SHA-1 does not forge an HMAC. */
static enum digest_alg mac_digest(enum oid oid)
{
	switch (oid) {
	case OID_HMAC_SHA1:
	case OID_HMAC_SHA1_PKIX:
		return DIGEST_SHA1;
	case OID_HMAC_SHA256:
		return DIGEST_SHA256;
	case OID_HMAC_SHA384:
		return DIGEST_SHA384;
	case OID_HMAC_SHA512:
		return DIGEST_SHA512;
	default:
		return DIGEST_NONE;
	}
}

/* Absent parameters and NULL are both in use for digests and HMACs. */
static bool get_algorithm(struct der_reader *r, enum oid *oid)
{
	struct der_reader in;

	return der_enter(r, DER_SEQUENCE, &in) && der_get_known_oid(&in, oid) &&
	       (der_at_end(&in) || (der_get_null(&in) && der_at_end(&in)));
}

/* RFC 9045 and RFC 4211 4.4.  The iterations are bounded on both sides: few
 * give the secret away, many stop the program. */
static enum deed_status read_pbm(struct der_reader *r, struct pbm *p,
				 struct deed_error *err)
{
	struct der_reader in;
	enum oid owf, mac;

	if (!der_enter(r, DER_SEQUENCE, &in) || !der_at_end(r) ||
	    !der_get(&in, DER_OCTET_STRING, &p->salt) ||
	    !get_algorithm(&in, &owf) || !der_get_uint64(&in, &p->iterations) ||
	    !get_algorithm(&in, &mac) || !der_at_end(&in))
		return deed_error_set(err, DEED_MALFORMED,
				      "its password-based MAC cannot be read");
	if (p->iterations < CMP_ITERATIONS_MIN ||
	    p->iterations > CMP_ITERATIONS_MAX || p->salt.len > CMP_SALT_MAX ||
	    p->salt.len == 0)
		return deed_error_set(err, DEED_LIMIT,
				      "its password-based MAC wants %llu "
				      "iterations and a salt of %zu octets",
				      (unsigned long long)p->iterations,
				      p->salt.len);
	p->owf = digest_from_oid(owf);
	p->mac = mac_digest(mac);
	if (p->owf == DIGEST_MD5 || p->owf == DIGEST_NONE ||
	    p->owf == DIGEST_SHAKE256 || p->mac == DIGEST_NONE)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "its password-based MAC uses an "
				      "algorithm that is not known");
	return DEED_OK;
}

/* ProtectedPart: header and body. */
static enum deed_status protected_part(struct slice header, struct slice body,
				       struct buf *out, struct deed_error *err)
{
	struct der_writer w;

	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_raw(&w, header);
	der_put_raw(&w, body);
	der_end(&w);
	return der_writer_status(&w, err);
}

/* extraCerts are not under the protection and need not be.  With a shared
 * secret there are none. */
static void write_certs(struct der_writer *w, const struct cert_list *l)
{
	size_t i;

	if (l->count == 0)
		return;
	der_begin(w, DER_CONTEXT_CONS(1));
	der_begin(w, DER_SEQUENCE);
	for (i = 0; i < l->count; i++)
		der_put_raw(w, cert_fields(l->items[i])->der);
	der_end(w);
	der_end(w);
}

/* It goes into the header, and so is under the protection that it names. */
static enum deed_status algorithm_of(const struct cmp_credentials *c,
				     const struct pbm *pbm,
				     const struct sig_alg *alg, struct buf *out,
				     struct deed_error *err)
{
	struct der_writer w;

	if (c->secret != NULL)
		return write_pbm(pbm, out, err);
	der_writer_init(&w, out);
	sig_alg_write(&w, alg);
	return der_writer_status(&w, err);
}

/* The members of a header that the credentials decide. */
static void fill_header(const struct cmp_credentials *c, struct slice algorithm,
			struct cmp_header *h)
{
	h->time = c->now;
	h->algorithm = algorithm;
	h->recipient = c->anchors.count > 0
			       ? cert_fields(c->anchors.items[0])->subject
			       : SLICE_NONE;
	if (c->secret != NULL) {
		h->sender = SLICE_NONE;
		h->sender_kid = c->reference != NULL ? slice_str(c->reference)
						     : SLICE_NONE;
		return;
	}
	h->sender = cert_fields(c->chain.items[0])->subject;
	h->sender_kid = cert_fields(c->chain.items[0])->subject_key_id;
}

/* Over header and body exactly as they are sent. */
static enum deed_status protection_of(const struct cmp_credentials *c,
				      const struct pbm *pbm,
				      const struct sig_alg *alg,
				      struct slice part, struct buf *out,
				      struct deed_error *err)
{
	uint8_t mac[DIGEST_MAX];
	enum deed_status status;

	if (c->secret == NULL)
		return signing_key_sign(c->key, alg, part, out, err);
	status = pbm_mac(pbm, c->secret, part, mac, err);
	if (status == DEED_OK)
		buf_append(out, mac, digest_size(pbm->mac));
	return status;
}

/* The CA verifies with our certificate, which may bind the key to RSA-PSS. */
static enum deed_status signature_alg(const struct cmp_credentials *c,
				      struct sig_alg *alg,
				      struct deed_error *err)
{
	const struct pubkey *pk;
	enum deed_status status = cert_pubkey(c->chain.items[0], &pk, err);

	if (status == DEED_OK)
		signing_key_alg_for(c->key, pk, alg);
	return status;
}

enum deed_status cmp_protect(const struct cmp_credentials *c,
			     struct cmp_header *h, struct slice body,
			     struct buf *out, struct deed_error *err)
{
	struct buf algorithm = BUF_INIT, header = BUF_INIT, part = BUF_INIT,
		   protection = BUF_INIT;
	uint8_t salt[16] = { 0 };
	struct pbm pbm = { slice_of(salt, sizeof(salt)), DIGEST_SHA256,
			   CMP_ITERATIONS, DIGEST_SHA256 };
	struct sig_alg alg = { 0 };
	struct der_writer w;
	enum deed_status status;

	status = random_bytes(salt, sizeof(salt), err);
	if (status == DEED_OK && c->secret == NULL)
		status = signature_alg(c, &alg, err);
	if (status == DEED_OK)
		status = algorithm_of(c, &pbm, &alg, &algorithm, err);
	if (status == DEED_OK) {
		fill_header(c, buf_get(&algorithm), h);
		der_writer_init(&w, &header);
		cmp_header_write(&w, h);
		status = der_writer_status(&w, err);
	}
	if (status == DEED_OK)
		status = protected_part(buf_get(&header), body, &part, err);
	if (status == DEED_OK)
		status = protection_of(c, &pbm, &alg, buf_get(&part),
				       &protection, err);
	if (status == DEED_OK) {
		der_writer_init(&w, out);
		der_begin(&w, DER_SEQUENCE);
		der_put_raw(&w, buf_get(&header));
		der_put_raw(&w, body);
		der_begin(&w, DER_CONTEXT_CONS(0));
		der_put_bits(&w, buf_get(&protection));
		der_end(&w);
		write_certs(&w, &c->chain);
		der_end(&w);
		status = der_writer_status(&w, err);
	}
	buf_clear(&algorithm);
	buf_clear(&header);
	buf_clear(&part);
	buf_clear(&protection);
	return status;
}

/* The comparison tells by its time nothing about the secret. */
static enum deed_status verify_mac(const struct cmp_credentials *c,
				   const struct cmp_message *m,
				   struct der_reader *params, struct slice part,
				   struct deed_error *err)
{
	uint8_t mac[DIGEST_MAX];
	struct pbm pbm;
	enum deed_status status;

	status = read_pbm(params, &pbm, err);
	if (status == DEED_OK)
		status = pbm_mac(&pbm, c->secret, part, mac, err);
	if (status == DEED_OK &&
	    !secret_equal(slice_of(mac, digest_size(pbm.mac)), m->protection))
		status =
			deed_error_set(err, DEED_BAD_SIGNATURE,
				       "its protection does not hold under the "
				       "secret shared with the CA");
	return status;
}

enum deed_status cmp_verify(const struct cmp_credentials *c,
			    const struct cmp_message *m, struct deed_error *err)
{
	struct buf part = BUF_INIT;
	struct der_reader alg;
	enum oid oid;
	enum deed_status status;

	if (m->protection.len == 0 || m->algorithm.len == 0)
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "it is not protected");
	if (!der_open(m->algorithm, DER_SEQUENCE, &alg) ||
	    !der_get_known_oid(&alg, &oid))
		return deed_error_set(err, DEED_MALFORMED,
				      "its protection cannot be read");
	if ((oid == OID_PASSWORD_BASED_MAC) != (c->secret != NULL))
		return deed_error_set(
			err, DEED_BAD_SIGNATURE,
			"it is protected by %s, the request was "
			"by %s",
			c->secret != NULL ? "a signature" : "a secret",
			c->secret != NULL ? "a secret" : "a signature");
	status = protected_part(m->header, m->body_whole, &part, err);
	if (status == DEED_OK)
		status = c->secret != NULL
				 ? verify_mac(c, m, &alg, buf_get(&part), err)
				 : cmp_verify_signature(c, m, buf_get(&part),
							err);
	buf_clear(&part);
	return status;
}
