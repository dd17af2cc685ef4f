/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/der.h"
#include "judge/judge_private.h"

/*
 * SignaturePolicyId ::= SEQUENCE { sigPolicyId OID, sigPolicyHash
 * OtherHashAlgAndValue OPTIONAL, … }; NULL instead says that it is implied.
 */
struct named {
	struct slice oid;
	bool has_hash;
	enum digest_alg alg;
	struct slice hash;
};

/* What follows the hash is not looked at: qualifiers say where the policy can
 * be read and what to show, and nothing is fetched or shown. */
static bool parse(struct slice value, struct named *out, bool *implied)
{
	struct der_reader r, hash;
	struct slice algorithm;

	*out = (struct named){ .alg = DIGEST_NONE };
	der_init(&r, value);
	*implied = der_get_null(&r) && der_at_end(&r);
	if (*implied)
		return true;
	if (!der_open(value, DER_SEQUENCE, &r) || !der_get_oid(&r, &out->oid))
		return false;
	if (!der_peek(&r, DER_SEQUENCE) || !der_enter(&r, DER_SEQUENCE, &hash))
		return der_at_end(&r);
	/* Qualifiers may stand where no hash does. */
	if (!der_get_element(&hash, DER_SEQUENCE, &algorithm) ||
	    !der_get(&hash, DER_OCTET_STRING, &out->hash))
		return true;
	out->has_hash = true;
	out->alg = digest_from_algorithm(algorithm);
	return true;
}

/* The OID alone decides; whether the digest fits is told apart from it, so
 * that a known policy with another digest is a doubt of its own. */
static const struct constraints_policy *find(const struct constraints *c,
					     struct slice oid)
{
	size_t i;

	for (i = 0; i < c->policy_count; i++) {
		if (slice_equal(slice_of(c->policies[i].oid,
					 c->policies[i].oid_len),
				oid))
			return &c->policies[i];
	}
	return NULL;
}

static bool hash_fits(const struct constraints_policy *p, const struct named *n)
{
	return !p->has_sha256 ||
	       (n->has_hash && n->alg == DIGEST_SHA256 &&
		slice_equal(n->hash, slice_of(p->sha256, SHA256_SIZE)));
}

void judge_policy(struct verdict_signature *sig,
		  const struct cms_attributes *attrs,
		  const struct constraints *c)
{
	const struct constraints_policy *known;
	struct buf dotted = BUF_INIT;
	struct slice value;
	const char *name;
	struct named named;
	bool implied;

	if (cms_find(attrs, OID_SIGNATURE_POLICY, NULL) == NULL)
		return;
	if (!cms_single(attrs, OID_SIGNATURE_POLICY, &value) ||
	    !parse(value, &named, &implied)) {
		verdict_doubt(sig, SUB_POLICY_PROCESSING_ERROR,
			      "signature-policy",
			      "the signature names a signature policy in a "
			      "form that is not understood");
		return;
	}
	if (implied)
		return;
	oid_dotted(named.oid, &dotted);
	buf_byte(&dotted, 0);
	/* Without memory the text is lost, never the doubt. */
	name = dotted.failed ? "?" : (const char *)dotted.data;
	known = find(c, named.oid);
	if (known != NULL && !hash_fits(known, &named))
		verdict_doubt(sig, SUB_POLICY_PROCESSING_ERROR,
			      "signature-policy",
			      "the signature policy %s is known by another "
			      "digest than the signature names",
			      name);
	else if (known == NULL && !c->any_policy)
		verdict_doubt(sig, SUB_SIGNATURE_POLICY_NOT_AVAILABLE,
			      "signature-policy",
			      "the signature policy %s is none of those "
			      "that the policy accepts",
			      name);
	else if (known == NULL)
		verdict_note(sig, "signature-policy",
			     "the signer signed under the signature policy "
			     "%s, whose own rules are not applied",
			     name);
	buf_clear(&dotted);
}
