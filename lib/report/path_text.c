/* SPDX-License-Identifier: Apache-2.0 */
#include "report/path_report.h"

#include "base/clock.h"
#include "codec/utf8.h"
#include "pki/policy_read.h"

static void put_date(int64_t t, struct buf *out)
{
	char text[CLOCK_TEXT];

	clock_format(t, text);
	buf_append(out, text, 10);
}

static void put_name(const struct cert *c, struct buf *out)
{
	buf_byte(out, '\'');
	x509_name_display(cert_fields(c)->subject, out);
	buf_byte(out, '\'');
}

static void put_issuer(const struct cert *c, struct buf *out)
{
	buf_byte(out, '\'');
	x509_name_text(cert_fields(c)->issuer, out);
	buf_byte(out, '\'');
}

/* How revocation was decided for a certificate below the anchor. */
static void put_revocation(const struct pki_evidence *e, struct buf *out)
{
	static const char *const kinds[] = {
		[PKI_EVIDENCE_NONE] = "",
		[PKI_EVIDENCE_CRL] = "CRL",
		[PKI_EVIDENCE_OCSP] = "OCSP response",
	};

	switch (e->status) {
	case PKI_REVOCATION_NOT_CHECKED:
		return;
	case PKI_REVOCATION_GOOD:
		buf_str(out, "       not revoked");
		if (e->listed) {
			buf_str(out, " yet, but from ");
			put_date(e->revoked_at, out);
			buf_str(out, " on");
		}
		break;
	case PKI_REVOCATION_REVOKED:
		buf_str(out, "       revoked on ");
		put_date(e->revoked_at, out);
		if (pki_reason_text(e->reason)[0] != '\0')
			buf_printf(out, " (%s)", pki_reason_text(e->reason));
		break;
	case PKI_REVOCATION_UNKNOWN:
		buf_printf(out, "       revocation not known: %s", e->message);
		break;
	}
	if (e->kind != PKI_EVIDENCE_NONE) {
		buf_printf(out, ", says the %s of ", kinds[e->kind]);
		put_date(e->this_update, out);
		if (e->has_next_update) {
			buf_str(out, ", good to ");
			put_date(e->next_update, out);
		}
	}
	buf_byte(out, '\n');
}

/* The certificate at which the path fails is marked, so that the eye finds it
 * in a long one. */
static void put_certificate(const struct trust_path *t, unsigned i,
			    struct buf *out)
{
	const struct pki_path *p = &t->path;
	const struct cert *c = p->chain[i];
	const struct cert_fields *f = cert_fields(c);
	bool anchor = p->anchored && i + 1 == p->len;
	bool failed = p->rule != PKI_RULE_NONE && !t->revocation_waived &&
		      p->failed == i;

	buf_printf(out, "  %s %u. ", failed ? "!" : " ", i + 1);
	x509_name_text(f->subject, out);
	buf_byte(out, '\n');
	buf_printf(out, "       %s%s, valid ",
		   anchor   ? "trust anchor"
		   : i == 0 ? "the certificate"
			    : "authority",
		   !anchor && cert_self_issued(c) ? ", self-issued" : "");
	put_date(f->not_before, out);
	buf_str(out, " to ");
	put_date(f->not_after, out);
	buf_byte(out, '\n');
	if (!anchor)
		put_revocation(&p->evidence[i], out);
}

/* From the certificate upwards; what could not be continued is told as far as
 * it was found. */
static void put_chain(const struct trust_path *t, struct buf *out)
{
	unsigned i;

	buf_str(out, t->path.anchored ? "chain:\n" : "chain so far:\n");
	for (i = 0; i < t->path.len; i++)
		put_certificate(t, i, out);
}

/* The policies for which the whole path is valid, not those that the
 * certificate names. */
static void put_policies(const struct pki_path *p, struct buf *out)
{
	unsigned i;

	buf_str(out, "policies:");
	for (i = 0; i < p->policy_count; i++) {
		buf_byte(out, ' ');
		oid_dotted(p->policies[i], out);
	}
	if (p->any_policy)
		buf_str(out, p->policy_count == 0 ? " any" : " and any other");
	else if (p->policy_count == 0)
		buf_str(out, " none");
	buf_byte(out, '\n');
}

/* What the certificate says about its policies, to those who rely on it. */
static void put_qualifiers(const struct cert *c, struct buf *out)
{
	const struct cert_extension *e =
		cert_extension(c, OID_CERTIFICATE_POLICIES);
	struct slice policy, qualifiers;
	struct der_reader r, q;
	struct buf text = BUF_INIT;
	enum oid kind;

	if (e == NULL || !policy_open(e->value, &r))
		return;
	while (policy_next(&r, &policy, &qualifiers)) {
		der_init(&q, qualifiers);
		while (policy_qualifier_next(&q, &kind, &text)) {
			if (text.len > 0) {
				buf_str(out, "  about ");
				oid_dotted(policy, out);
				buf_printf(out, ": %.*s\n", (int)text.len,
					   (const char *)text.data);
			}
			buf_reset(&text);
		}
	}
	if (text.failed)
		out->failed = true;
	buf_clear(&text);
}

/* Whose certificate it is, where it was taken out of a document. */
static void put_document(const struct trust_path *t, struct buf *out)
{
	if (t->signatures == 0)
		return;
	buf_printf(out, "signer: of signature %zu of %zu in ", t->signature,
		   t->signatures);
	utf8_clean(slice_str(t->asked->certificate), out);
	buf_str(out, t->signatures > 1 && t->asked->signature == 0
			     ? " (--signature N takes another)\n"
			     : "\n");
}

static void put_rule(const struct pki_path *p, struct buf *out)
{
	buf_printf(out, "because: %s\n", p->message);
	buf_printf(out, "rule: %s (%s): %s\n", pki_rule_id(p->rule),
		   pki_rule_clause(p->rule), pki_rule_text(p->rule));
}

/* Names come from the command line, and are cleaned like all else that a
 * terminal shows. */
static void put_files(const char *option, const char *const *files,
		      size_t count, struct buf *out)
{
	size_t i;

	for (i = 0; i < count; i++) {
		buf_printf(out, ", %s ", option);
		utf8_clean(slice_str(files[i]), out);
	}
}

/* Everything that was asked for is named, with how many certificates it held:
 * a file that was forgotten, or that held none, is seen that way. */
static void put_looked_in(const struct trust_path *t, struct buf *out)
{
	const struct trust_path_params *p = t->asked;

	buf_str(out, "looked in: ");
	utf8_clean(slice_str(p->certificate), out);
	put_files("--trust", p->trust, p->trust_count, out);
	put_files("--untrusted", p->untrusted, p->untrusted_count, out);
	put_files("--crl", p->crls, p->crl_count, out);
	put_files("--ocsp", p->ocsps, p->ocsp_count, out);
	buf_printf(out, "%s (%zu trusted and %zu other certificates)\n",
		   p->client != NULL ? ", and online" : "", t->anchors,
		   t->others);
}

/* What is missing, where it was looked for, and what adds it. */
static void put_lack(const struct trust_path *t, struct buf *out)
{
	const struct pki_path *p = &t->path;
	const struct cert *last = p->chain[p->len - 1];
	const char *remedy = "";

	switch (t->lack) {
	case TRUST_PATH_LACKS_NOTHING:
		return;
	case TRUST_PATH_LACKS_ANCHOR:
		buf_str(out, "missing: trust in ");
		put_name(last, out);
		buf_str(out, ", which no other certificate vouches for\n");
		remedy = "if you know it to be right, --trust FILE with this "
			 "certificate";
		break;
	case TRUST_PATH_LACKS_ISSUER:
		buf_str(out, "missing: the certificate of the issuer ");
		put_issuer(last, out);
		buf_byte(out, '\n');
		remedy = "--untrusted FILE with that certificate, or --trust "
			 "FILE to believe it itself";
		break;
	case TRUST_PATH_LACKS_REVOCATION:
		buf_str(out, "missing: a valid CRL or OCSP response of ");
		put_issuer(p->chain[p->failed], out);
		buf_str(out, " about ");
		put_name(p->chain[p->failed], out);
		buf_byte(out, '\n');
		remedy = "--crl FILE or --ocsp FILE";
		break;
	}
	put_looked_in(t, out);
	if (t->place.len > 0)
		buf_printf(out, "it should be at: %.*s\n", (int)t->place.len,
			   (const char *)t->place.data);
	buf_printf(out, "add it with: %s%s%s\n",
		   t->place.len > 0 && t->asked->client == NULL
			   ? "--online, or "
			   : "",
		   remedy,
		   t->lack == TRUST_PATH_LACKS_ANCHOR && t->signatures > 0
			   ? "; --export DIR writes it"
			   : "");
}

void report_path_text(const struct trust_path *t, struct buf *out)
{
	const struct pki_path *p = &t->path;

	buf_str(out, t->answer == DEED_OK   ? "trusted: "
		     : t->answer == DEED_NO ? "not trusted: "
					    : "cannot be told: ");
	put_name(p->chain[0], out);
	buf_byte(out, '\n');
	put_document(t, out);
	if (t->answer != DEED_OK)
		put_rule(p, out);
	put_chain(t, out);
	if (t->answer == DEED_OK) {
		put_policies(p, out);
		put_qualifiers(p->chain[0], out);
		if (t->revocation_waived)
			buf_printf(out,
				   "note: %s; --require-revocation would "
				   "insist\n",
				   p->message);
	} else {
		put_lack(t, out);
	}
}
