/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/path_check.h"

#include <stdio.h>

#include "base/clock.h"
#include "codec/der.h"
#include "pki/name_constraints.h"
#include "pki/policy.h"

#define RSA_LEAST_BITS 2048

_Static_assert(POLICY_LEVELS >= PKI_PATH_MAX &&
		       NAME_CONSTRAINTS_SETS > PKI_PATH_MAX,
	       "the states hold the longest path");

/* The state variables of RFC 5280 6.1.2. */
struct validation {
	struct pki_path *path;
	const struct pki_params *params;
	struct name_constraints names;
	struct policy_inputs inputs;
	struct policy_graph policies;
	uint32_t path_len; /* max_path_length: how many more issuers */
};

bool pki_weak_algorithm(struct slice algorithm)
{
	struct sig_alg alg;

	return sig_alg_parse(algorithm, &alg, NULL) == DEED_OK &&
	       (alg.digest == DIGEST_MD5 || alg.digest == DIGEST_SHA1 ||
		alg.scheme == SIG_DSA);
}

static bool is_good(const struct validation *v)
{
	return v->path->outcome == PKI_GOOD;
}

static const char *which(unsigned i)
{
	return i == 0 ? "the" : "an issuer's";
}

/* An anchor's own signature is not looked at: it is trusted because somebody
 * said so, not because it signed itself. */
static void check_strength(struct validation *v, unsigned i)
{
	const struct cert *c = v->path->chain[i];
	struct deed_error why = DEED_ERROR_INIT;
	bool anchor = i + 1 == v->path->len;
	const struct pubkey *pk;

	if (cert_pubkey(c, &pk, &why) != DEED_OK)
		pki_path_fail(v->path, i, PKI_RULE_ALGORITHM,
			      "cannot use the public key of %s certificate: "
			      "%.180s",
			      which(i), why.message);
	else if ((v->params->revocation_flags & PKI_REVOCATION_WEAK) != 0)
		return;
	else if (!anchor &&
		 pki_weak_algorithm(cert_fields(c)->signature_algorithm))
		pki_path_fail(v->path, i, PKI_RULE_WEAK,
			      "%s certificate is signed with DSA, or over "
			      "MD5 or SHA-1",
			      which(i));
	else if ((pubkey_type(pk) == PUBKEY_RSA ||
		  pubkey_type(pk) == PUBKEY_RSA_PSS) &&
		 pubkey_bits(pk) < RSA_LEAST_BITS)
		pki_path_fail(v->path, i, PKI_RULE_WEAK,
			      "%s certificate has an RSA key of %u bits: "
			      "expected at least %d",
			      which(i), pubkey_bits(pk), RSA_LEAST_BITS);
}

/* Extensions whose meaning for a path is worked through, here or where
 * revocation is asked about. */
static bool is_processed(const struct cert_extension *e, bool leaf)
{
	switch (e->id) {
	case OID_BASIC_CONSTRAINTS:
	case OID_KEY_USAGE:
	case OID_SUBJECT_ALT_NAME:
	case OID_SUBJECT_KEY_ID:
	case OID_AUTHORITY_KEY_ID:
	case OID_NAME_CONSTRAINTS:
	case OID_CERTIFICATE_POLICIES:
	case OID_POLICY_MAPPINGS:
	case OID_POLICY_CONSTRAINTS:
	case OID_INHIBIT_ANY_POLICY:
	case OID_CRL_DISTRIBUTION_POINTS:
	case OID_OCSP_NOCHECK:
		return true;
	case OID_EXTENDED_KEY_USAGE:
		/* Of the leaf whoever uses it judges; above it what a
		 * critical one means no standard says. */
		return leaf;
	default:
		return false;
	}
}

/* RFC 5280 4.2, 6.1.4 (o), 6.1.5 (f). */
static void check_extensions(struct validation *v, unsigned at)
{
	const struct cert *c = v->path->chain[at];
	const struct cert_extension *e;
	struct buf oid = BUF_INIT;
	size_t i, n = cert_fields(c)->extension_count;

	for (i = 0; i < n; i++) {
		e = cert_extension_at(c, i);
		if (!e->critical || is_processed(e, at == 0))
			continue;
		oid_dotted(e->oid, &oid);
		buf_byte(&oid, 0);
		pki_path_fail(v->path, at, PKI_RULE_CRITICAL,
			      "the critical extension %s of %s certificate is "
			      "not processed",
			      e->id != OID_NONE ? oid_text(e->id)
			      : oid.failed	? "(unknown)"
						: (const char *)oid.data,
			      which(at));
		break;
	}
	buf_clear(&oid);
}

/* RFC 5280 6.1.4 (m): the length only ever falls, or a CA could lift what is
 * laid on it. */
static void lower_path_len(struct validation *v, const struct cert_fields *f)
{
	if (f->has_path_len && f->path_len < v->path_len)
		v->path_len = f->path_len;
}

/*
 * An anchor is a name and a key (6.1.1 (d)), but where it comes as a
 * certificate of version 3 what that says of authority, use, length and
 * names is meant, and holds too (RFC 5937).
 */
static void start_at_anchor(struct validation *v, unsigned i)
{
	const struct cert *c = v->path->chain[i];
	const struct cert_fields *f = cert_fields(c);
	const struct cert_extension *e =
		cert_extension(c, OID_NAME_CONSTRAINTS);

	v->path_len = UINT32_MAX;
	check_extensions(v, i);
	if (!is_good(v) || i == 0 || f->version < 3)
		return;
	if (!f->has_basic_constraints || !f->is_ca)
		pki_path_fail(v->path, i, PKI_RULE_NOT_CA,
			      "the trust anchor is not an authority's "
			      "certificate (basicConstraints)");
	else if (f->has_key_usage && (f->key_usage & KU_CERT_SIGN) == 0)
		pki_path_fail(v->path, i, PKI_RULE_CERT_SIGN,
			      "the trust anchor may not sign certificates "
			      "(keyUsage)");
	else if (e != NULL && !name_constraints_add(&v->names, e->value))
		pki_path_fail(v->path, i, PKI_RULE_EXTENSION,
			      "the nameConstraints of the trust anchor are "
			      "malformed");
	lower_path_len(v, f);
}

/* 6.1.3 (b), (c): a self-issued certificate is held to names only where it
 * is the last one. */
static void check_names(struct validation *v, unsigned i)
{
	const struct cert *c = v->path->chain[i];
	struct buf what = BUF_INIT;
	enum pki_rule rule;

	if (i > 0 && cert_self_issued(c))
		return;
	rule = name_constraints_check(&v->names, c, &what);
	buf_byte(&what, 0);
	if (rule == PKI_RULE_EXTENSION)
		pki_path_fail(v->path, i, rule,
			      "a name in %s certificate is malformed",
			      which(i));
	else if (rule == PKI_RULE_LIMIT)
		pki_path_fail(v->path, i, rule,
			      "%s certificate has too many names for the name "
			      "constraints above it",
			      which(i));
	else if (rule != PKI_RULE_NONE)
		pki_path_fail(v->path, i, rule,
			      "the name %.180s of %s "
			      "certificate %s",
			      what.failed ? "" : (const char *)what.data,
			      which(i),
			      rule == PKI_RULE_EXCLUDED
				      ? "is excluded by the name constraints "
					"above it"
			      : rule == PKI_RULE_PERMITTED
				      ? "is not permitted by the name "
					"constraints above it"
				      : "is of a form that the name "
					"constraints above it restrict and "
					"deed does not process");
	buf_clear(&what);
}

/* The words for the rules that policy.h gives; it gives no others. */
static void fail_policy(struct validation *v, unsigned i, enum pki_rule rule)
{
	static const char *const why[PKI_RULE_COUNT] = {
		[PKI_RULE_POLICY] = "leaves no valid policy, and one is "
				    "required",
		[PKI_RULE_ANY_POLICY_MAPPED] = "maps anyPolicy",
		[PKI_RULE_EXTENSION] = "has malformed policy extensions",
		[PKI_RULE_LIMIT] = "has too many policies",
	};

	if (rule != PKI_RULE_NONE)
		pki_path_fail(v->path, i, rule, "%s certificate %s", which(i),
			      why[rule]);
}

/* 6.1.4 (g): from here down. */
static void constrain_names(struct validation *v, unsigned i)
{
	const struct cert_extension *e =
		cert_extension(v->path->chain[i], OID_NAME_CONSTRAINTS);

	if (e != NULL && !name_constraints_add(&v->names, e->value))
		pki_path_fail(v->path, i, PKI_RULE_EXTENSION,
			      "the nameConstraints of %s certificate are "
			      "malformed",
			      which(i));
}

/* 6.1.4 (k) to (n): may this certificate issue others? */
static void check_issuer(struct validation *v, unsigned i)
{
	const struct cert *c = v->path->chain[i];
	const struct cert_fields *f = cert_fields(c);

	if (f->version < 3)
		pki_path_fail(v->path, i, PKI_RULE_NOT_CA,
			      "an issuer's certificate is of version %u and "
			      "cannot say that it is an authority's",
			      f->version);
	else if (!f->has_basic_constraints || !f->is_ca)
		pki_path_fail(v->path, i, PKI_RULE_NOT_CA,
			      "an issuer's certificate is not an authority's "
			      "(basicConstraints)");
	else if (!cert_self_issued(c) && v->path_len == 0)
		pki_path_fail(v->path, i, PKI_RULE_PATH_LENGTH,
			      "the chain is longer than an authority above "
			      "allows (pathLenConstraint)");
	else if (f->has_key_usage && (f->key_usage & KU_CERT_SIGN) == 0)
		pki_path_fail(v->path, i, PKI_RULE_CERT_SIGN,
			      "an issuer may not sign certificates "
			      "(keyUsage)");
	if (!cert_self_issued(c) && v->path_len > 0)
		v->path_len--;
	lower_path_len(v, f);
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

/* As octets, so that a purpose that deed has no name for can be listed too. */
static bool is_listed(const struct slice *purposes, size_t count,
		      struct slice purpose)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (slice_equal(purposes[i], purpose))
			return true;
	}
	return false;
}

/* RFC 5280 4.2.1.12: one of the purposes has to fit.  Where the extension is
 * not critical it is taken for advice, as most signers' are. */
bool pki_purpose_fits(const struct cert *c, const struct slice *purposes,
		      size_t count, char out[PKI_PURPOSES_TEXT])
{
	const struct cert_extension *e =
		cert_extension(c, OID_EXTENDED_KEY_USAGE);
	struct buf has = BUF_INIT;
	struct slice purpose;
	struct der_reader r;
	bool fits = false;

	out[0] = '\0';
	if (purposes == NULL || e == NULL || !e->critical)
		return true;
	der_init(&r, SLICE_NONE);
	(void)der_open(e->value, DER_SEQUENCE, &r);
	while (!fits && has.len < PKI_PURPOSES_TEXT &&
	       der_get(&r, DER_OID, &purpose)) {
		fits = is_listed(purposes, count, purpose);
		buf_str(&has, has.len == 0 ? "" : ", ");
		if (oid_find(purpose) != OID_NONE)
			buf_str(&has, oid_text(oid_find(purpose)));
		else
			oid_dotted(purpose, &has);
	}
	buf_byte(&has, 0);
	(void)snprintf(out, PKI_PURPOSES_TEXT, "%s",
		       has.failed || has.len == 1 ? "empty"
						  : (const char *)has.data);
	buf_clear(&has);
	return fits;
}

/* Of the leaf alone, and only a critical extKeyUsage restricts it: see
 * pki_purpose_fits. */
static void check_key_purpose(struct validation *v)
{
	char has[PKI_PURPOSES_TEXT];

	if (!pki_purpose_fits(v->path->chain[0], v->params->purposes,
			      v->params->purpose_count, has))
		pki_path_fail(v->path, 0, PKI_RULE_KEY_PURPOSE,
			      "the certificate is not for signing documents: "
			      "its critical extKeyUsage is %s",
			      has);
}

/* keyUsage and extKeyUsage restrict where they are there, and say nothing
 * where they are not (RFC 5280 4.2.1.3, 4.2.1.12). */
static void check_purpose(struct validation *v)
{
	const struct cert *c = v->path->chain[0];
	const struct cert_fields *f = cert_fields(c);

	if (v->params->purpose == PKI_ANY)
		return;
	if (f->has_key_usage &&
	    (f->key_usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
		pki_path_fail(v->path, 0, PKI_RULE_KEY_USAGE,
			      "the certificate is not for signatures "
			      "(keyUsage)");
	else if (v->params->purpose == PKI_TIMESTAMP && !may_timestamp(c))
		pki_path_fail(v->path, 0, PKI_RULE_KEY_PURPOSE,
			      "the certificate is not for time-stamps "
			      "(extKeyUsage)");
	else if (v->params->purpose == PKI_SIGNATURE)
		check_key_purpose(v);
}

/* Both ends belong to the validity (RFC 5280 4.1.2.5).  Whether it is the leaf
 * or one above that expired, pki_path_fail tells from i. */
static void check_validity(struct validation *v, unsigned i)
{
	const struct cert_fields *f = cert_fields(v->path->chain[i]);
	char text[CLOCK_TEXT];

	if (v->params->time > f->not_after) {
		clock_format(f->not_after, text);
		pki_path_fail(v->path, i, PKI_RULE_EXPIRED,
			      "%s certificate expired at %s", which(i), text);
	} else if (v->params->time < f->not_before) {
		clock_format(f->not_before, text);
		pki_path_fail(v->path, i, PKI_RULE_NOT_YET_VALID,
			      "%s certificate is not valid before %s", which(i),
			      text);
	}
}

/* 6.1.3 and, but for the last, 6.1.4. */
static enum deed_status check_certificate(struct validation *v, unsigned i,
					  struct deed_error *err)
{
	struct cert *c = v->path->chain[i];
	enum deed_status status;
	enum pki_rule rule;

	check_names(v, i);
	if (!is_good(v))
		return DEED_OK;
	status = policy_process(&v->policies, c, &rule, err);
	if (status != DEED_OK)
		return status;
	fail_policy(v, i, rule);
	if (i == 0) {
		if (is_good(v))
			check_extensions(v, i);
		return DEED_OK;
	}
	if (is_good(v)) {
		status = policy_prepare(&v->policies, c, &rule, err);
		if (status != DEED_OK)
			return status;
		fail_policy(v, i, rule);
	}
	if (is_good(v))
		constrain_names(v, i);
	if (is_good(v))
		check_issuer(v, i);
	if (is_good(v))
		check_extensions(v, i);
	return DEED_OK;
}

/* 6.1.5, and the output of 6.1.6. */
static void wrap_up(struct validation *v)
{
	struct pki_path *path = v->path;
	enum pki_rule rule;

	if (path->len > 1) {
		policy_wrap_up(&v->policies, &v->inputs, path->chain[0],
			       path->policies, PKI_POLICIES_MAX,
			       &path->policy_count, &path->any_policy, &rule);
		fail_policy(v, 0, rule);
	}
	if (is_good(v))
		check_purpose(v);
}

/* From the anchor to the leaf, as what a certificate constrains holds for all
 * below it.  The caller's constraints hold for the whole path and so come
 * first. */
static enum deed_status walk_down(struct validation *v, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned i = v->path->len - 1;

	if (v->params->name_constraints.data != NULL &&
	    !name_constraints_add(&v->names, v->params->name_constraints))
		pki_path_fail(v->path, i, PKI_RULE_EXTENSION,
			      "the name constraints given are malformed");
	if (is_good(v))
		start_at_anchor(v, i);
	while (status == DEED_OK && is_good(v) && i > 0)
		status = check_certificate(v, --i, err);
	if (status == DEED_OK && is_good(v))
		wrap_up(v);
	return status;
}

/*
 * Times and strength come after all that no clock can change, and those
 * before revocation: judging in the past builds on a path that was good but
 * for them.
 */
enum deed_status pki_check_path(struct pki_path *path,
				const struct pki_params *params,
				struct deed_error *err)
{
	struct validation v = {
		.path = path,
		.params = params,
		.inputs = { .policies = params->policies,
			    .count = params->policy_count,
			    .explicit_policy = params->explicit_policy,
			    .inhibit_mapping = params->inhibit_policy_mapping,
			    .inhibit_any = params->inhibit_any_policy },
	};
	enum deed_status status;
	unsigned i;

	policy_init(&v.policies, &v.inputs, path->len - 1);
	status = walk_down(&v, err);
	policy_clear(&v.policies);
	if (status != DEED_OK)
		return status;
	for (i = 0; i < path->len && is_good(&v); i++)
		check_validity(&v, i);
	for (i = 0; i < path->len && is_good(&v); i++)
		check_strength(&v, i);
	if (params->no_revocation)
		path->revocation = PKI_REVOCATION_NOT_CHECKED;
	else if (path->outcome == PKI_GOOD)
		pki_check_revocation(path, params);
	else
		path->revocation = PKI_REVOCATION_UNKNOWN;
	return DEED_OK;
}
