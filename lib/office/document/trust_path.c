/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/trust_path_load.h"

#include <stdlib.h>

#include "codec/utf8.h"
#include "trust/online.h"

struct rest {
	struct cert_list *list;
	enum deed_status status;
};

/* The source has each certificate once, though several signatures carry it. */
static bool add_carried(void *arg, struct cert *c, bool anchor)
{
	struct rest *rest = arg;

	(void)anchor;
	rest->status = cert_list_add(rest->list, c, NULL);
	return rest->status == DEED_OK;
}

/* By their hashes: an order that is the same in every run. */
static int compare_certs(const void *a, const void *b)
{
	const struct cert *const *x = a, *const *y = b;

	return memcmp(cert_sha256(*x), cert_sha256(*y), SHA256_SIZE);
}

/* Those that are not in the chain, which stands in own already: a document may
 * carry tens of thousands, so they are not compared with each other. */
static enum deed_status add_rest(struct cert_list *own,
				 const struct cert_list *all)
{
	enum deed_status status = DEED_OK;
	const size_t first = own->count;
	size_t i;

	for (i = 0; status == DEED_OK && i < all->count; i++) {
		const struct cert_list chain = { .items = own->items,
						 .count = first };

		if (!cert_list_has(&chain, all->items[i]))
			status = cert_list_add(own, all->items[i], NULL);
	}
	if (own->count > first)
		qsort(own->items + first, own->count - first,
		      sizeof(own->items[0]), compare_certs);
	return status;
}

/* All that a document carries: the chain's in its order, then the others in
 * one that does not depend on where they lie. */
static enum deed_status fill_own(struct trust_path *t, struct deed_error *err)
{
	struct cert_list all = CERT_LIST_INIT;
	struct rest rest = { &all, DEED_OK };
	size_t i;

	if (t->carried == NULL)
		return DEED_OK;
	pki_source_each_certificate(t->carried, add_carried, &rest);
	for (i = 1; rest.status == DEED_OK && i < t->path.len; i++) {
		if (cert_list_has(&all, t->path.chain[i]) &&
		    !cert_list_has(&t->own, t->path.chain[i]))
			rest.status =
				cert_list_add(&t->own, t->path.chain[i], NULL);
	}
	if (rest.status == DEED_OK)
		rest.status = add_rest(&t->own, &all);
	cert_list_clear(&all);
	return rest.status == DEED_OK ? DEED_OK : deed_error_memory(err);
}

/* Two passes, as the buffer may move while it grows.  The slices stand in
 * policy_bytes, which lives as long as t. */
static enum deed_status read_policies(struct trust_path *t,
				      const struct trust_path_params *p,
				      struct deed_error *err)
{
	size_t i, start, ends[TRUST_PATH_POLICIES];

	if (p->policy_count > TRUST_PATH_POLICIES)
		return deed_error_set(err, DEED_USAGE, "more than %d policies",
				      TRUST_PATH_POLICIES);
	t->policies = calloc(p->policy_count + 1, sizeof(*t->policies));
	if (t->policies == NULL)
		return deed_error_memory(err);
	for (i = 0; i < p->policy_count; i++) {
		if (!oid_encode(p->policies[i], &t->policy_bytes))
			return deed_error_set(
				err, DEED_USAGE,
				"'%s' is no object identifier: "
				"expected numbers and dots, as 1.2.840.1",
				p->policies[i]);
		ends[i] = t->policy_bytes.len;
	}
	/* The buffer grows no more: now it can be pointed into. */
	for (i = 0, start = 0; i < p->policy_count; start = ends[i++])
		t->policies[i] =
			slice_of(t->policy_bytes.data + start, ends[i] - start);
	t->policy_count = p->policy_count;
	return buf_status(&t->policy_bytes, err);
}

/* A pki_source_each_certificate callback; true goes on. */
static bool count(void *arg, struct cert *c, bool anchor)
{
	struct trust_path *t = arg;

	(void)c;
	t->anchors += anchor;
	t->others += !anchor;
	return true;
}

/* The first http(s) URI among the GeneralNames in here, at any depth that
 * AuthorityInfoAccess and DistributionPoint have. */
#define URI_DEPTH 4

/* The extension is searched rather than parsed: which name of which point it
 * is does not matter for a hint.  The depth is bounded, as the certificate is
 * anybody's. */
static bool find_uri(struct slice in, unsigned depth, struct buf *out)
{
	struct slice content;
	struct der_reader r;
	uint8_t tag;

	der_init(&r, in);
	while (der_get_any(&r, &tag, &content, NULL)) {
		if (tag == DER_CONTEXT(6) && content.len > 7 &&
		    memcmp(content.data, "http", 4) == 0) {
			utf8_clean(content, out);
			return true;
		}
		if ((tag & 0x20) != 0 && depth > 0 &&
		    find_uri(content, depth - 1, out))
			return true;
	}
	return false;
}

/* AccessDescription of this method (RFC 5280 4.2.2.1). */
static bool find_access(const struct cert *c, enum oid method, struct buf *out)
{
	const struct cert_extension *e = cert_extension(c, OID_AUTHORITY_INFO);
	struct der_reader r, access;
	enum oid is;

	if (e == NULL || !der_open(e->value, DER_SEQUENCE, &r))
		return false;
	while (der_enter(&r, DER_SEQUENCE, &access)) {
		if (der_get_known_oid(&access, &is) && is == method &&
		    find_uri(der_rest(&access), 0, out))
			return true;
	}
	return false;
}

/* A hint for the user: what the certificate itself says of where to look.
 * Nothing is fetched from there. */
static void find_place(struct trust_path *t)
{
	const struct pki_path *p = &t->path;
	const struct cert_extension *e;

	if (t->lack == TRUST_PATH_LACKS_ISSUER) {
		(void)find_access(p->chain[p->len - 1], OID_AD_CA_ISSUERS,
				  &t->place);
	} else if (t->lack == TRUST_PATH_LACKS_REVOCATION) {
		e = cert_extension(p->chain[p->failed],
				   OID_CRL_DISTRIBUTION_POINTS);
		if (e == NULL || !find_uri(e->value, URI_DEPTH, &t->place))
			(void)find_access(p->chain[p->failed], OID_AD_OCSP,
					  &t->place);
	}
}

/* Whoever brings revocation data wants to know what it says. */
static bool demands_revocation(const struct trust_path_params *p)
{
	return p->require_revocation || p->crl_count > 0 || p->ocsp_count > 0 ||
	       p->client != NULL;
}

/* A rule that was broken is a "no"; what could not be told, or a search that
 * was given up, leaves it open.  A certificate that no rule speaks against
 * passes without revocation data only where nobody asked for any. */
static void answer(struct trust_path *t, const struct trust_path_params *params)
{
	const struct pki_path *p = &t->path;

	t->answer = DEED_INDETERMINATE;
	switch (p->rule) {
	case PKI_RULE_NONE:
		t->answer = DEED_OK;
		break;
	case PKI_RULE_NO_ANCHOR:
		t->lack = cert_self_issued(p->chain[p->len - 1])
				  ? TRUST_PATH_LACKS_ANCHOR
				  : TRUST_PATH_LACKS_ISSUER;
		break;
	case PKI_RULE_MALFORMED:
		break;
	case PKI_RULE_REVOCATION_UNKNOWN:
		t->lack = TRUST_PATH_LACKS_REVOCATION;
		/* Something says "revoked", and cannot be believed: that is
		 * no reason to believe the certificate. */
		t->revocation_waived = !demands_revocation(params) &&
				       !p->evidence[p->failed].suspect;
		if (t->revocation_waived)
			t->answer = DEED_OK;
		break;
	case PKI_RULE_LIMIT:
		break;
	default:
		t->answer = DEED_NO;
	}
	find_place(t);
}

/* The path keeps its own references to certificates, so that the fetched ones
 * may be let go with the document's source. */
static enum deed_status judge(struct cert *leaf, struct pki_params *ask,
			      const struct trust_path_params *params,
			      struct trust_path *out, struct deed_error *err)
{
	const struct online_params online = { .client = params->client,
					      .now = params->at,
					      .budget_ms = params->online_ms };
	struct online_document *document = NULL;
	enum deed_status status = DEED_OK;
	struct online *o = NULL;

	if (params->client != NULL)
		status = online_new(&online, out->source, &o, err);
	if (status == DEED_OK && o != NULL)
		status = online_begin(o, params->certificate, &document, err);
	if (document != NULL)
		ask->source = online_source(document);
	if (status == DEED_OK)
		status = pki_judge_path(leaf, ask, &out->path, err);
	out->refused = online_refused(o);
	online_end(document);
	online_free(o);
	return status;
}

enum deed_status trust_path_judge(const struct trust_path_params *params,
				  struct trust_path *out,
				  struct deed_error *err)
{
	enum deed_status status;
	struct pki_params ask = {
		.time = params->at,
		.purpose = PKI_ANY,
		.no_revocation = params->no_revocation,
		.revocation_flags =
			params->allow_weak ? PKI_REVOCATION_WEAK : 0,
		.explicit_policy = params->explicit_policy,
		.inhibit_policy_mapping = params->inhibit_policy_mapping,
		.inhibit_any_policy = params->inhibit_any_policy,
	};

	*out = (struct trust_path){ .asked = params,
				    .own = CERT_LIST_INIT,
				    .policy_bytes = BUF_INIT };
	status = read_policies(out, params, err);
	if (status == DEED_OK)
		status = trust_path_load(out, params, err);
	if (status == DEED_OK) {
		pki_source_each_certificate(out->source, count, out);
		ask.source = out->source;
		ask.policies = out->policies;
		ask.policy_count = out->policy_count;
		status = judge(out->own.items[0], &ask, params, out, err);
	}
	if (status == DEED_OK)
		status = fill_own(out, err);
	if (status == DEED_OK) {
		answer(out, params);
		status = buf_status(&out->place, err);
	}
	return status;
}

void trust_path_clear(struct trust_path *t)
{
	pki_path_clear(&t->path);
	cert_list_clear(&t->own);
	pki_source_free(t->source);
	pki_source_free(t->carried);
	buf_clear(&t->place);
	buf_clear(&t->policy_bytes);
	free(t->policies);
	t->source = t->carried = NULL;
	t->policies = NULL;
}
