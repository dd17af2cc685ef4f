/* SPDX-License-Identifier: Apache-2.0 */
#include "report/path_report.h"

#include "codec/json.h"
#include "pki/policy_read.h"
#include "report/json_build.h"

static json_t *name(struct slice dn)
{
	struct buf b = BUF_INIT;

	x509_name_text(dn, &b);
	return json_build_take(&b);
}

/* An OID stands in dots, whether it has a name or not: names are for people,
 * and change. */
static json_t *dotted(struct slice oid)
{
	struct buf b = BUF_INIT;

	oid_dotted(oid, &b);
	return json_build_take(&b);
}

static const char *const status[] = {
	[PKI_REVOCATION_NOT_CHECKED] = "not-checked",
	[PKI_REVOCATION_GOOD] = "good",
	[PKI_REVOCATION_REVOKED] = "revoked",
	[PKI_REVOCATION_UNKNOWN] = "unknown",
};

/* The times belong to the evidence and are null without it; the time of a
 * revocation stands also where it lies ahead and the status is good. */
static json_t *revocation(const struct pki_evidence *e)
{
	static const char *const by[] = {
		[PKI_EVIDENCE_NONE] = NULL,
		[PKI_EVIDENCE_CRL] = "crl",
		[PKI_EVIDENCE_OCSP] = "ocsp",
	};
	bool known = e->kind != PKI_EVIDENCE_NONE;
	json_t *o = json_object();

	json_build_set(&o, "status", json_string(status[e->status]));
	json_build_set(&o, "by", json_build_text(by[e->kind]));
	json_build_set(&o, "this_update",
		       json_build_time(known, e->this_update));
	json_build_set(
		&o, "next_update",
		json_build_time(known && e->has_next_update, e->next_update));
	json_build_set(&o, "revoked_at",
		       json_build_time(e->listed, e->revoked_at));
	json_build_set(&o, "reason",
		       e->listed && pki_reason_text(e->reason)[0] != '\0'
			       ? json_string(pki_reason_text(e->reason))
			       : json_null());
	json_build_set(&o, "message",
		       e->message[0] == '\0' ? json_null()
					     : json_string(e->message));
	return o;
}

/* The last one is an anchor only if the path reached one; nobody is asked
 * whether an anchor was revoked. */
static json_t *certificate(const struct pki_path *p, unsigned i)
{
	const struct cert *c = p->chain[i];
	const struct cert_fields *f = cert_fields(c);
	bool anchor = p->anchored && i + 1 == p->len;
	json_t *o = json_object();

	json_build_set(&o, "role",
		       json_string(anchor   ? "trust-anchor"
				   : i == 0 ? "certificate"
					    : "authority"));
	json_build_set(&o, "subject", name(f->subject));
	json_build_set(&o, "issuer", name(f->issuer));
	json_build_set(&o, "serial", json_hex(f->serial));
	json_build_set(&o, "certificate", json_sha256(cert_sha256(c)));
	json_build_set(&o, "not_before", json_build_time(true, f->not_before));
	json_build_set(&o, "not_after", json_build_time(true, f->not_after));
	json_build_set(&o, "self_issued", json_boolean(cert_self_issued(c)));
	json_build_set(&o, "revocation",
		       anchor ? json_null() : revocation(&p->evidence[i]));
	return o;
}

/* The clause is that of the standard behind the rule, so that whoever
 * disagrees knows where to look. */
static json_t *rule(enum pki_rule r)
{
	json_t *o;

	if (r == PKI_RULE_NONE)
		return json_null();
	o = json_object();
	json_build_set(&o, "id", json_string(pki_rule_id(r)));
	json_build_set(&o, "clause", json_string(pki_rule_clause(r)));
	json_build_set(&o, "text", json_string(pki_rule_text(r)));
	return o;
}

/* Of the certificate: what its policies point to and say. */
static json_t *qualifiers(const struct cert *c)
{
	const struct cert_extension *e =
		cert_extension(c, OID_CERTIFICATE_POLICIES);
	json_t *list = json_array(), *o;
	struct slice policy, content;
	struct buf text = BUF_INIT;
	struct der_reader r, q;
	enum oid kind;

	if (e == NULL || !policy_open(e->value, &r))
		return list;
	while (policy_next(&r, &policy, &content)) {
		der_init(&q, content);
		while (policy_qualifier_next(&q, &kind, &text)) {
			o = json_object();
			json_build_set(&o, "policy", dotted(policy));
			json_build_set(&o,
				       kind == OID_PQ_CPS ? "cps" : "notice",
				       json_build_take(&text));
			if (kind == OID_PQ_CPS || kind == OID_PQ_NOTICE)
				json_build_append(&list, o);
			else
				json_decref(o);
		}
	}
	buf_clear(&text);
	return list;
}

/* A path that was trusted all the same, revocation being waived, lacks nothing
 * that anybody has to bring. */
static json_t *missing(const struct trust_path *t)
{
	static const char *const what[] = {
		[TRUST_PATH_LACKS_ANCHOR] = "trust-anchor",
		[TRUST_PATH_LACKS_ISSUER] = "issuer",
		[TRUST_PATH_LACKS_REVOCATION] = "revocation",
	};
	static const char *const add[] = {
		[TRUST_PATH_LACKS_ANCHOR] = "--trust",
		[TRUST_PATH_LACKS_ISSUER] = "--untrusted",
		[TRUST_PATH_LACKS_REVOCATION] = "--crl",
	};
	const struct pki_path *p = &t->path;
	json_t *o;

	if (t->lack == TRUST_PATH_LACKS_NOTHING || t->answer == DEED_OK)
		return json_null();
	o = json_object();
	json_build_set(&o, "what", json_string(what[t->lack]));
	json_build_set(&o, "of",
		       name(cert_fields(p->chain[p->failed])->issuer));
	json_build_set(&o, "at",
		       t->place.len == 0
			       ? json_null()
			       : json_stringn((const char *)t->place.data,
					      t->place.len));
	json_build_set(&o, "add_with", json_string(add[t->lack]));
	return o;
}

json_t *report_path_json(const struct trust_path *t)
{
	const struct pki_path *p = &t->path;
	json_t *o = json_object(), *chain = json_array(),
	       *policies = json_array();
	bool failed = t->answer != DEED_OK;
	unsigned i;

	for (i = 0; i < p->len; i++)
		json_build_append(&chain, certificate(p, i));
	for (i = 0; i < p->policy_count; i++)
		json_build_append(&policies, dotted(p->policies[i]));
	json_build_set(&o, "answer",
		       json_string(t->answer == DEED_OK	  ? "trusted"
				   : t->answer == DEED_NO ? "not-trusted"
							  : "unknown"));
	json_build_set(&o, "signature",
		       t->signatures == 0
			       ? json_null()
			       : json_integer((json_int_t)t->signature));
	json_build_set(&o, "rule", rule(failed ? p->rule : PKI_RULE_NONE));
	json_build_set(&o, "failed",
		       failed ? json_integer(p->failed) : json_null());
	json_build_set(&o, "message",
		       failed ? json_string(p->message) : json_null());
	json_build_set(&o, "revocation", json_string(status[p->revocation]));
	json_build_set(&o, "anchored", json_boolean(p->anchored));
	json_build_set(&o, "chain", chain);
	json_build_set(&o, "any_policy", json_boolean(p->any_policy));
	json_build_set(&o, "policies", policies);
	json_build_set(&o, "qualifiers", qualifiers(p->chain[0]));
	json_build_set(&o, "missing", missing(t));
	return o;
}
