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
	{ OID_DSA_SHA1, SIG_DSA, DIGEST_SHA1 },
	{ OID_DSA_SHA256, SIG_DSA, DIGEST_SHA256 },
};

#define KNOWN (sizeof(known) / sizeof(known[0]))
#define SALT_MAX 2048 /* octets: no modulus holds more */

static enum deed_status unsupported(struct slice oid, struct deed_error *err)
{
	struct buf b = BUF_INIT;

	oid_dotted(oid, &b);
	buf_byte(&b, 0);
	deed_error_set(err, DEED_UNSUPPORTED,
		       "the signature algorithm '%s' is not known",
		       b.failed ? "?" : (const char *)b.data);
	buf_clear(&b);
	return DEED_UNSUPPORTED;
}

static enum deed_status malformed(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "a signature algorithm is malformed");
}

/* maskGenAlgorithm [1]: MGF1 over which digest?  RFC 4055 2.2. */
static bool read_mask(struct slice content, enum digest_alg *out)
{
	struct der_reader r, inner;
	struct slice algorithm;
	enum oid oid;

	der_init(&r, content);
	if (!der_enter(&r, DER_SEQUENCE, &inner) || !der_at_end(&r) ||
	    !der_get_known_oid(&inner, &oid) || oid != OID_MGF1 ||
	    !der_get_element(&inner, DER_SEQUENCE, &algorithm) ||
	    !der_at_end(&inner))
		return false;
	*out = digest_from_algorithm(algorithm);
	return *out != DIGEST_NONE;
}

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
static enum deed_status read_pss(struct der_reader *r, struct sig_alg *out,
				 struct deed_error *err)
{
	struct slice hash, mask, salt, trailer;
	bool has_hash, has_mask, has_salt, has_trailer;
	enum digest_alg mask_digest = DIGEST_SHA1;
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
	*out = (struct sig_alg){ SIG_RSA_PSS, DIGEST_SHA1, 20 };
	if ((has_salt && !read_small(salt, &out->salt_len)) ||
	    (has_trailer && !read_small(trailer, &trailer_field)))
		return malformed(err);
	if (has_hash)
		out->digest = digest_from_algorithm(hash);
	if ((has_mask && !read_mask(mask, &mask_digest)) ||
	    out->digest == DIGEST_NONE || mask_digest != out->digest ||
	    trailer_field != 1)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the RSA-PSS parameters are not "
				      "supported");
	return DEED_OK;
}

enum deed_status sig_alg_parse(struct slice algorithm, struct sig_alg *out,
			       struct deed_error *err)
{
	struct der_reader r;
	struct slice dotted;
	enum oid oid;
	size_t i;

	*out = (struct sig_alg){ SIG_NONE, DIGEST_NONE, 0 };
	if (!der_open(algorithm, DER_SEQUENCE, &r) || !der_get_oid(&r, &dotted))
		return malformed(err);
	oid = oid_find(dotted);
	if (oid == OID_RSA_PSS)
		return read_pss(&r, out, err);
	for (i = 0; i < KNOWN && known[i].oid != oid; i++)
		;
	if (i == KNOWN)
		return unsupported(dotted, err);
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

static void write_pss(struct der_writer *w, const struct sig_alg *alg)
{
	der_put_oid(w, OID_RSA_PSS);
	der_begin(w, DER_SEQUENCE);
	if (alg->digest != DIGEST_SHA1) {
		der_begin(w, DER_CONTEXT_CONS(0));
		der_put_algorithm(w, digest_oid(alg->digest), true);
		der_end(w);
		der_begin(w, DER_CONTEXT_CONS(1));
		der_begin(w, DER_SEQUENCE);
		der_put_oid(w, OID_MGF1);
		der_put_algorithm(w, digest_oid(alg->digest), true);
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

const char *sig_scheme_name(enum sig_scheme scheme)
{
	static const char *const names[] = { "unknown", "RSA",	   "RSA-PSS",
					     "ECDSA",	"Ed25519", "DSA" };

	assert(scheme >= SIG_NONE && scheme <= SIG_DSA);
	return names[scheme];
}

void sig_alg_text(const struct sig_alg *alg, struct buf *out)
{
	buf_str(out, sig_scheme_name(alg->scheme));
	if (alg->digest != DIGEST_NONE)
		buf_printf(out, " with %s", digest_name(alg->digest));
}
