/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/path_check.h"

#include "base/clock.h"
#include "codec/der.h"

#define RSA_LEAST_BITS 2048

bool pki_weak_algorithm(struct slice algorithm)
{
	struct sig_alg alg;

	return sig_alg_parse(algorithm, &alg, NULL) == DEED_OK &&
	       (alg.digest == DIGEST_MD5 || alg.digest == DIGEST_SHA1);
}

static void check_strength(struct pki_path *path, unsigned i,
			   const struct cert *c, bool anchor, unsigned flags)
{
	const struct pubkey *pk;

	if (cert_pubkey(c, &pk, NULL) != DEED_OK)
		pki_path_fail(path, i, PKI_RULE_ALGORITHM,
			      "a public key is not known");
	else if ((flags & PKI_REVOCATION_WEAK) != 0)
		return;
	else if (!anchor &&
		 pki_weak_algorithm(cert_fields(c)->signature_algorithm))
		pki_path_fail(path, i, PKI_RULE_WEAK,
			      "a certificate is signed over MD5 or SHA-1");
	else if ((pubkey_type(pk) == PUBKEY_RSA ||
		  pubkey_type(pk) == PUBKEY_RSA_PSS) &&
		 pubkey_bits(pk) < RSA_LEAST_BITS)
		pki_path_fail(path, i, PKI_RULE_WEAK,
			      "an RSA key has %u bits: expected at least %d",
			      pubkey_bits(pk), RSA_LEAST_BITS);
}

/*
 * RFC 5280 4.2: an extension that is critical and not processed here rejects
 * the path.  Name constraints and policy constraints change what a path may
 * say even where they are not critical, so they always do.
 */
static void check_extensions(struct pki_path *path, unsigned at,
			     const struct cert *c)
{
	const struct cert_extension *e;
	size_t i, n = cert_fields(c)->extension_count;

	for (i = 0; i < n && path->outcome == PKI_GOOD; i++) {
		e = cert_extension_at(c, i);
		switch (e->id) {
		case OID_BASIC_CONSTRAINTS:
		case OID_KEY_USAGE:
		case OID_SUBJECT_ALT_NAME:
		case OID_SUBJECT_KEY_ID:
		case OID_AUTHORITY_KEY_ID:
			continue;
		case OID_EXTENDED_KEY_USAGE:
			if (at == 0 || !e->critical)
				continue;
			break;
		case OID_NAME_CONSTRAINTS:
		case OID_POLICY_CONSTRAINTS:
			break;
		default:
			if (!e->critical)
				continue;
		}
		pki_path_fail(path, at, PKI_RULE_CRITICAL,
			      "the extension %s of a certificate is not "
			      "processed",
			      e->id == OID_NONE ? "(unknown)"
						: oid_text(e->id));
	}
}

/* RFC 5280 6.1.4 (k) to (n): may this certificate issue others? */
static void check_issuer(struct pki_path *path, unsigned i,
			 const struct cert *c, unsigned below, bool anchor)
{
	const struct cert_fields *f = cert_fields(c);

	/* An anchor of version 1 is trusted by name and key alone. */
	if (anchor && f->version < 3)
		return;
	if (!f->has_basic_constraints || !f->is_ca)
		pki_path_fail(path, i, PKI_RULE_NOT_CA,
			      "an issuer's certificate is not an authority's "
			      "(basicConstraints)");
	else if (f->has_key_usage && (f->key_usage & KU_CERT_SIGN) == 0)
		pki_path_fail(path, i, PKI_RULE_CERT_SIGN,
			      "an issuer may not sign certificates "
			      "(keyUsage)");
	else if (f->has_path_len && below > f->path_len)
		pki_path_fail(path, i, PKI_RULE_PATH_LENGTH,
			      "the chain is longer than an issuer allows "
			      "(pathLenConstraint %u)",
			      (unsigned)f->path_len);
}

/* RFC 3161 2.3: timeStamping, critical, and alone. */
static bool may_timestamp(const struct cert *c)
{
	const struct cert_extension *e;
	struct der_reader r;
	enum oid purpose;

	e = cert_extension(c, OID_EXTENDED_KEY_USAGE);
	return e != NULL && e->critical &&
	       der_open(e->value, DER_SEQUENCE, &r) &&
	       der_get_known_oid(&r, &purpose) &&
	       purpose == OID_KP_TIMESTAMPING && der_at_end(&r);
}

static void check_leaf(struct pki_path *path, const struct cert *c,
		       enum pki_purpose purpose)
{
	const struct cert_fields *f = cert_fields(c);

	if (purpose == PKI_ANY)
		return;
	if (f->has_key_usage &&
	    (f->key_usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
		pki_path_fail(path, 0, PKI_RULE_KEY_USAGE,
			      "the certificate is not for signatures "
			      "(keyUsage)");
	else if (purpose == PKI_TIMESTAMP && !may_timestamp(c))
		pki_path_fail(path, 0, PKI_RULE_KEY_PURPOSE,
			      "the certificate is not for time-stamps "
			      "(extKeyUsage)");
}

static void check_validity(struct pki_path *path, unsigned i,
			   const struct cert *c, int64_t time)
{
	const struct cert_fields *f = cert_fields(c);
	char text[CLOCK_TEXT];

	if (time > f->not_after) {
		clock_format(f->not_after, text);
		pki_path_fail(path, i, PKI_RULE_EXPIRED,
			      "%s certificate expired at %s",
			      i == 0 ? "the" : "an issuer's", text);
	} else if (time < f->not_before) {
		clock_format(f->not_before, text);
		pki_path_fail(path, i, PKI_RULE_NOT_YET_VALID,
			      "%s certificate is not valid before %s",
			      i == 0 ? "the" : "an issuer's", text);
	}
}

void pki_check_path(struct pki_path *path, const struct pki_params *params)
{
	unsigned i, below = 0;
	bool leaf, anchor;

	for (i = 0; i < path->len && path->outcome == PKI_GOOD; i++) {
		struct cert *c = path->chain[i];

		leaf = i == 0;
		anchor = i + 1 == path->len;
		check_strength(path, i, c, anchor, params->revocation_flags);
		if (path->outcome == PKI_GOOD)
			check_extensions(path, i, c);
		if (path->outcome == PKI_GOOD && leaf)
			check_leaf(path, c, params->purpose);
		if (path->outcome == PKI_GOOD && !leaf)
			check_issuer(path, i, c, below, anchor);
		/* Self-issued ones do not count (RFC 5280 6.1.4 (l)). */
		if (!leaf && !cert_self_issued(c))
			below++;
	}
	for (i = 0; i < path->len && path->outcome == PKI_GOOD; i++)
		check_validity(path, i, path->chain[i], params->time);
	if (params->no_revocation)
		path->revocation = PKI_REVOCATION_NOT_CHECKED;
	else if (path->outcome == PKI_GOOD)
		pki_check_revocation(path, params);
	else
		path->revocation = PKI_REVOCATION_UNKNOWN;
}
