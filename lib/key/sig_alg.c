/* SPDX-License-Identifier: Apache-2.0 */
#include "key/sig_alg.h"

#include <assert.h>

/* Algorithms whose identifier says it all. */
static const struct {
	enum oid oid;
	enum sig_scheme scheme;
	enum digest_alg digest;
} known[] = {
	{ OID_RSA, SIG_RSA, DIGEST_NONE },
	{ OID_RSA_MD5, SIG_RSA, DIGEST_MD5 },
	{ OID_RSA_SHA1, SIG_RSA, DIGEST_SHA1 },
	{ OID_RSA_SHA224, SIG_RSA, DIGEST_SHA224 },
	{ OID_RSA_SHA256, SIG_RSA, DIGEST_SHA256 },
	{ OID_RSA_SHA384, SIG_RSA, DIGEST_SHA384 },
	{ OID_RSA_SHA512, SIG_RSA, DIGEST_SHA512 },
	{ OID_RSA_SHA3_224, SIG_RSA, DIGEST_SHA3_224 },
	{ OID_RSA_SHA3_256, SIG_RSA, DIGEST_SHA3_256 },
	{ OID_RSA_SHA3_384, SIG_RSA, DIGEST_SHA3_384 },
	{ OID_RSA_SHA3_512, SIG_RSA, DIGEST_SHA3_512 },
	{ OID_RSA_SHA1_OIW, SIG_RSA, DIGEST_SHA1 },
	{ OID_EC, SIG_ECDSA, DIGEST_NONE },
	{ OID_ECDSA_SHA1, SIG_ECDSA, DIGEST_SHA1 },
	{ OID_ECDSA_SHA224, SIG_ECDSA, DIGEST_SHA224 },
	{ OID_ECDSA_SHA256, SIG_ECDSA, DIGEST_SHA256 },
	{ OID_ECDSA_SHA384, SIG_ECDSA, DIGEST_SHA384 },
	{ OID_ECDSA_SHA512, SIG_ECDSA, DIGEST_SHA512 },
	{ OID_ECDSA_SHA3_224, SIG_ECDSA, DIGEST_SHA3_224 },
	{ OID_ECDSA_SHA3_256, SIG_ECDSA, DIGEST_SHA3_256 },
	{ OID_ECDSA_SHA3_384, SIG_ECDSA, DIGEST_SHA3_384 },
	{ OID_ECDSA_SHA3_512, SIG_ECDSA, DIGEST_SHA3_512 },
	{ OID_ED25519, SIG_ED25519, DIGEST_NONE },
	{ OID_ED448, SIG_ED448, DIGEST_NONE },
	{ OID_DSA_SHA1, SIG_DSA, DIGEST_SHA1 },
	{ OID_DSA_SHA256, SIG_DSA, DIGEST_SHA256 },
	{ OID_SM2_SM3, SIG_SM2, DIGEST_SM3 },
	{ OID_SM2_SIGN, SIG_SM2, DIGEST_NONE },
};

#define KNOWN (sizeof(known) / sizeof(known[0]))
#define SALT_MAX 2048 /* octets: no modulus holds more */

static enum deed_status malformed(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "a signature algorithm is malformed");
}

/* A digest in the parameters of RSA-PSS.  SHAKE256 there is a mask and a hash
 * in one, with a name of its own (RFC 8702 2.2.1). */
static enum deed_status read_digest(const char *what, struct slice algorithm,
				    enum digest_alg *out,
				    struct deed_error *err)
{
	struct der_reader r;
	struct slice dotted;

	if (!der_open(algorithm, DER_SEQUENCE, &r) || !der_get_oid(&r, &dotted))
		return malformed(err);
	*out = digest_from_algorithm(algorithm);
	if (*out == DIGEST_NONE || *out == DIGEST_SHAKE256)
		return oid_not_known(what, dotted, err);
	return DEED_OK;
}

/* maskGenAlgorithm [1]: MGF1 over which digest?  RFC 4055 2.2. */
static enum deed_status read_mask(struct slice content, enum digest_alg *out,
				  struct deed_error *err)
{
	struct der_reader r, inner;
	struct slice algorithm, dotted;

	der_init(&r, content);
	if (!der_enter(&r, DER_SEQUENCE, &inner) || !der_at_end(&r) ||
	    !der_get_oid(&inner, &dotted))
		return malformed(err);
	if (oid_find(dotted) != OID_MGF1)
		return oid_not_known("mask generation function of RSA-PSS",
				     dotted, err);
	if (!der_get_element(&inner, DER_SEQUENCE, &algorithm) ||
	    !der_at_end(&inner))
		return malformed(err);
	return read_digest("hash of MGF1, the mask generation function of "
			   "RSA-PSS,",
			   algorithm, out, err);
}

/* Bounded before it becomes an unsigned: the salt's length and the trailer
 * field. */
static bool read_small(struct slice content, unsigned *out)
{
	struct der_reader r;
	uint64_t value;

	der_init(&r, content);
	if (!der_get_uint64(&r, &value) || !der_at_end(&r) || value > SALT_MAX)
		return false;
	*out = (unsigned)value;
	return true;
}

/* RSASSA-PSS-params (RFC 4055 3.1), all with defaults. */
enum deed_status sig_alg_read_pss(struct der_reader *r, struct sig_alg *out,
				  struct deed_error *err)
{
	struct slice hash, mask, salt, trailer;
	bool has_hash, has_mask, has_salt, has_trailer;
	enum deed_status status = DEED_OK;
	unsigned trailer_field = 1;
	struct der_reader p;

	/* Without parameters only the key could say (RFC 4055 3.1). */
	if (!der_enter(r, DER_SEQUENCE, &p) || !der_at_end(r) ||
	    !der_get_optional(&p, DER_CONTEXT_CONS(0), &has_hash, &hash) ||
	    !der_get_optional(&p, DER_CONTEXT_CONS(1), &has_mask, &mask) ||
	    !der_get_optional(&p, DER_CONTEXT_CONS(2), &has_salt, &salt) ||
	    !der_get_optional(&p, DER_CONTEXT_CONS(3), &has_trailer,
			      &trailer) ||
	    !der_at_end(&p))
		return malformed(err);
	*out = (struct sig_alg){ .scheme = SIG_RSA_PSS,
				 .digest = DIGEST_SHA1,
				 .salt_len = 20,
				 .mask = DIGEST_SHA1 };
	if ((has_salt && !read_small(salt, &out->salt_len)) ||
	    (has_trailer && !read_small(trailer, &trailer_field)))
		return malformed(err);
	if (has_hash)
		status =
			read_digest("hash of RSA-PSS", hash, &out->digest, err);
	if (status == DEED_OK && has_mask)
		status = read_mask(mask, &out->mask, err);
	if (status == DEED_OK && trailer_field != 1)
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"the trailer field %u of RSA-PSS is "
					"not known",
					trailer_field);
	if (out->mask == out->digest)
		out->mask = DIGEST_NONE;
	return status;
}

enum deed_status sig_alg_parse(struct slice algorithm, struct sig_alg *out,
			       struct deed_error *err)
{
	struct der_reader r;
	struct slice dotted;
	enum oid oid;
	size_t i;

	*out = (struct sig_alg){ .scheme = SIG_NONE };
	if (!der_open(algorithm, DER_SEQUENCE, &r) || !der_get_oid(&r, &dotted))
		return malformed(err);
	oid = oid_find(dotted);
	if (oid == OID_RSA_PSS)
		return sig_alg_read_pss(&r, out, err);
	for (i = 0; i < KNOWN && known[i].oid != oid; i++)
		;
	if (i == KNOWN)
		return oid_not_known("signature algorithm", dotted, err);
	out->scheme = known[i].scheme;
	out->digest = known[i].digest;
	/* id-ecPublicKey may bring its curve along; the key decides that. */
	if (oid == OID_EC)
		return DEED_OK;
	/* RSA has NULL (RFC 4055 5); ECDSA and EdDSA have nothing, but some
	 * write NULL there. */
	if (!der_at_end(&r) && (!der_get_null(&r) || !der_at_end(&r)))
		return malformed(err);
	return DEED_OK;
}

/* The digest of MGF1. */
static enum digest_alg sig_alg_mask(const struct sig_alg *alg)
{
	return alg->mask != DIGEST_NONE ? alg->mask : alg->digest;
}

/* DER leaves out what is the default: SHA-1, MGF1 with SHA-1 and a salt of 20
 * octets (RFC 4055 3.1). */
static void write_pss(struct der_writer *w, const struct sig_alg *alg)
{
	enum digest_alg mask = sig_alg_mask(alg);

	der_put_oid(w, OID_RSA_PSS);
	der_begin(w, DER_SEQUENCE);
	if (alg->digest != DIGEST_SHA1) {
		der_begin(w, DER_CONTEXT_CONS(0));
		der_put_algorithm(w, digest_oid(alg->digest), true);
		der_end(w);
	}
	if (mask != DIGEST_SHA1) {
		der_begin(w, DER_CONTEXT_CONS(1));
		der_begin(w, DER_SEQUENCE);
		der_put_oid(w, OID_MGF1);
		der_put_algorithm(w, digest_oid(mask), true);
		der_end(w);
		der_end(w);
	}
	if (alg->salt_len != 20) {
		der_begin(w, DER_CONTEXT_CONS(2));
		der_put_uint64(w, alg->salt_len);
		der_end(w);
	}
	der_end(w);
}

void sig_alg_write(struct der_writer *w, const struct sig_alg *alg)
{
	size_t i;

	der_begin(w, DER_SEQUENCE);
	if (alg->scheme == SIG_RSA_PSS) {
		write_pss(w, alg);
	} else {
		for (i = 0; i < KNOWN; i++) {
			if (known[i].scheme == alg->scheme &&
			    known[i].digest == alg->digest)
				break;
		}
		assert(i < KNOWN);
		der_put_oid(w, known[i].oid);
		if (alg->scheme == SIG_RSA)
			der_put_null(w);
	}
	der_end(w);
}

bool sig_scheme_hashes(enum sig_scheme scheme)
{
	return scheme != SIG_ED25519 && scheme != SIG_ED448;
}

const char *sig_scheme_name(enum sig_scheme scheme)
{
	static const char *const names[] = {
		[SIG_NONE] = "unknown",	   [SIG_RSA] = "RSA",
		[SIG_RSA_PSS] = "RSA-PSS", [SIG_ECDSA] = "ECDSA",
		[SIG_ED25519] = "Ed25519", [SIG_ED448] = "Ed448",
		[SIG_DSA] = "DSA",	   [SIG_SM2] = "SM2",
	};

	assert(scheme >= SIG_NONE && scheme <= SIG_SM2);
	return names[scheme];
}
