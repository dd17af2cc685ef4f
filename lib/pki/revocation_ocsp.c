/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/der.h"
#include "pki/revocation_priv.h"

/*
 * RFC 6960: a response is believed from the certificate's own issuer, from
 * whom the issuer made a responder (4.2.2.2), or from a responder's
 * certificate that is itself a trust anchor ("local configuration").
 */
#define RESPONSES_MAX 128 /* looked at for one certificate */

#define WHAT "an OCSP response" /* in reasons */

struct survey {
	struct inquiry *in;
	unsigned responses;
};

/* OCSPSigning itself: anyExtendedKeyUsage does not do, as a responder is
 * designated explicitly (RFC 6960 4.2.2.2). */
static bool has_purpose(const struct cert *c)
{
	const struct cert_extension *e;
	struct der_reader r;
	enum oid purpose;

	e = cert_extension(c, OID_EXTENDED_KEY_USAGE);
	if (e == NULL || !der_open(e->value, DER_SEQUENCE, &r))
		return false;
	while (der_get_known_oid(&r, &purpose)) {
		if (purpose == OID_KP_OCSP)
			return true;
	}
	return false;
}

/* Either of the bits that make signatures; without the extension anything may.
 */
static bool may_sign(const struct cert *c)
{
	const struct cert_fields *f = cert_fields(c);

	return !f->has_key_usage || (f->key_usage & (KU_DIGITAL_SIGNATURE |
						     KU_NON_REPUDIATION)) != 0;
}

static bool valid_at(const struct cert *c, int64_t time)
{
	return cert_fields(c)->not_before <= time &&
	       time <= cert_fields(c)->not_after;
}

/* The responder's certificate is judged as any other, below the same path;
 * within tells where this began, so that responders that vouch for each other
 * come to an end. */
static bool ask_about(struct inquiry *in, struct cert *responder, int64_t time,
		      struct pki_evidence *e)
{
	struct cert *chain[PKI_PATH_MAX];
	struct pki_revocation_query q = *in->q;
	unsigned i;

	chain[0] = responder;
	for (i = 1; i < q.len && i < PKI_PATH_MAX; i++)
		chain[i] = in->q->chain[i];
	q.chain = chain;
	q.len = i;
	q.time = time;
	q.within = &in->nesting;
	if (pki_revocation_of(&q, e, NULL) != DEED_OK) {
		in->no_memory = true;
		return false;
	}
	return true;
}

/*
 * 4.2.2.2.1: id-pkix-ocsp-nocheck, or the responder's own status.  Where its
 * certificate names no way to learn that, it is good for as long as it is
 * valid.
 */
static bool not_revoked(struct inquiry *in, struct cert *responder,
			int64_t time)
{
	struct pki_want want = { .cert = responder,
				 .issuer = in->issuer,
				 .time = time };
	bool no_way =
		cert_extension(responder, OID_AUTHORITY_INFO) == NULL &&
		cert_extension(responder, OID_CRL_DISTRIBUTION_POINTS) == NULL;
	struct pki_evidence e = PKI_EVIDENCE_INIT;
	bool good;

	if (cert_extension(responder, OID_OCSP_NOCHECK) != NULL)
		return true;
	good = ask_about(in, responder, time, &e);
	if (good && e.status == PKI_REVOCATION_UNKNOWN && !no_way &&
	    pki_source_find(in->q->source, &want)) {
		pki_evidence_clear(&e);
		good = ask_about(in, responder, time, &e);
	}
	good = good && (e.status == PKI_REVOCATION_GOOD ||
			(no_way && e.status == PKI_REVOCATION_UNKNOWN));
	pki_evidence_clear(&e);
	return good;
}

/* Without budget the same as a signature that does not hold. */
static bool signed_by(struct inquiry *in, const struct ocsp *o,
		      const struct cert *c)
{
	return inquiry_spend_signature(in) && ocsp_signed_by(o, c);
}

struct responder_search {
	struct inquiry *in;
	const struct ocsp *o;
	int64_t time;
	struct cert *found;
	const char *miss; /* why the one that came nearest is not found */
};

/* Signed by the key that signed the certificate, for this purpose, and good
 * at the time. */
static bool is_delegate(struct responder_search *s, struct cert *c)
{
	struct inquiry *in = s->in;

	if (!has_purpose(c) || !may_sign(c) ||
	    !x509_name_equal(cert_fields(c)->issuer,
			     cert_fields(in->issuer)->subject))
		return false;
	if (!inquiry_spend_signature(in) ||
	    cert_verify(c, in->issuer, NULL) != DEED_OK ||
	    !inquiry_accepts_algorithm(in,
				       cert_fields(c)->signature_algorithm)) {
		s->miss = "is signed by a responder whose certificate is not "
			  "from the certificate's issuer";
		return false;
	}
	if (!valid_at(c, s->time)) {
		s->miss = "is signed by a responder whose certificate is "
			  "expired or not yet valid";
		return false;
	}
	if (!not_revoked(in, c, s->time)) {
		s->miss = "is signed by a responder whose certificate is "
			  "revoked, or whether it is cannot be told";
		return false;
	}
	return true;
}

/* Nobody answers about himself.  An anchor that has the purpose answers by
 * local configuration; everyone else must be a delegate of the certificate's
 * issuer. */
static bool try_responder(void *arg, struct cert *c, bool anchor)
{
	struct responder_search *s = arg;

	if (cert_equal(c, s->in->cert) || !ocsp_names(s->o, c))
		return true;
	if (!signed_by(s->in, s->o, c))
		s->miss = "has a signature that does not verify with the key "
			  "of the responder that it names";
	else if ((anchor && has_purpose(c) && valid_at(c, s->time)) ||
		 is_delegate(s, c))
		s->found = c;
	return s->found == NULL;
}

/* Nobody of that name: did somebody sign who is not the one named? */
static bool is_misnamed(const struct responder_search *s)
{
	size_t i;

	if (signed_by(s->in, s->o, s->in->issuer))
		return true;
	for (i = 0; i < ocsp_fields(s->o)->cert_count; i++) {
		struct cert *c = ocsp_cert_at(s->o, i);

		if (!ocsp_names(s->o, c) && signed_by(s->in, s->o, c))
			return true;
	}
	return false;
}

/* The issuer itself needs no purpose: it could make itself a responder. */
static void search_responder(struct responder_search *s)
{
	const struct ocsp_fields *f = ocsp_fields(s->o);
	struct inquiry *in = s->in;
	size_t i;

	if (!inquiry_accepts_algorithm(in, f->signature_algorithm)) {
		s->miss = "is signed over MD5 or SHA-1";
		return;
	}
	if (ocsp_names(s->o, in->issuer)) {
		if (signed_by(in, s->o, in->issuer)) {
			s->found = in->issuer;
			return;
		}
		s->miss = "has a signature that does not verify with the "
			  "issuer's key";
	}
	for (i = 0; i < f->cert_count && s->found == NULL; i++)
		(void)try_responder(s, ocsp_cert_at(s->o, i), false);
	if (s->found == NULL && f->responder_name.data != NULL)
		pki_source_each_subject(in->q->source, f->responder_name,
					try_responder, s);
	if (s->found == NULL && s->miss == NULL)
		s->miss = is_misnamed(s)
				  ? "names another responder than the one "
				    "that signed it"
				  : "is not signed by someone who may answer "
				    "for the issuer";
}

/* The response is believed to be of this one; NULL, and told why, of none. */
static struct cert *find_responder(struct inquiry *in, const struct ocsp *o,
				   bool revoked)
{
	int64_t signed_at = ocsp_fields(o)->produced_at;
	struct responder_search s = {
		.in = in,
		.o = o,
		.time = inquiry_signer_time(in, signed_at),
	};

	search_responder(&s);
	if (s.found == NULL)
		inquiry_reject(in, NEAR_SIGNER, WHAT, revoked, s.miss);
	return s.found;
}

/* archiveCutoff (RFC 6960 4.4.4) says since when the responder keeps what it
 * knows about certificates that expired. */
static struct object_times times_of(const struct ocsp *o,
				    const struct ocsp_single *single)
{
	return (struct object_times){
		.this_update = single->this_update,
		.produced_at = ocsp_fields(o)->produced_at,
		.has_next_update = single->has_next_update,
		.next_update = single->next_update,
		.keeps = single->has_archive_cutoff,
		.keeps_since = single->archive_cutoff,
	};
}

/* An old answer that says "revoked" holds, where a revocation is for ever. */
static void answer(struct inquiry *in, struct ocsp *o,
		   const struct ocsp_single *single, struct cert *signer)
{
	struct object_times times = times_of(o, single);
	bool revoked = single->status == OCSP_REVOKED;
	struct pki_evidence e = PKI_EVIDENCE_INIT;

	if (!(revoked &&
	      inquiry_is_final(in, single->revoked_at, single->reason)) &&
	    !inquiry_in_time(in, &times, WHAT, revoked))
		return;
	e.kind = PKI_EVIDENCE_OCSP;
	e.status = revoked && single->revoked_at <= in->q->time
			   ? PKI_REVOCATION_REVOKED
			   : PKI_REVOCATION_GOOD;
	e.listed = revoked;
	e.revoked_at = single->revoked_at;
	e.reason = single->reason;
	e.ocsp = ocsp_ref(o);
	e.signer = cert_ref(signer);
	e.this_update = single->this_update;
	e.produced_at = ocsp_fields(o)->produced_at;
	e.has_next_update = single->has_next_update;
	e.next_update = single->next_update;
	inquiry_offer(in, &e);
}

/* The number is bounded: a document may carry as many responses as it likes,
 * and each costs a verification. */
static bool consider(void *arg, struct ocsp *o)
{
	const struct ocsp_single *single;
	struct survey *s = arg;
	struct inquiry *in = s->in;
	struct object_times times;
	struct cert *signer;
	bool revoked;

	if (++s->responses > RESPONSES_MAX) {
		inquiry_why(in, NEAR_TIME, "there are too many OCSP responses");
		in->nesting.budget->cut = true;
		return false;
	}
	single = ocsp_find(o, in->cert, in->issuer);
	if (single == NULL)
		return true;
	revoked = single->status == OCSP_REVOKED;
	if (in->q->usable != NULL &&
	    !in->q->usable(in->q->usable_arg, NULL, o)) {
		times = times_of(o, single);
		inquiry_unusable(in, &times, WHAT, revoked);
		return true;
	}
	if (single->unknown_critical || ocsp_fields(o)->unknown_critical) {
		inquiry_reject(in, NEAR_SCOPE, WHAT, revoked,
			       "has a critical extension that is not "
			       "processed");
		return true;
	}
	signer = find_responder(in, o, revoked);
	if (signer == NULL)
		return true;
	if (single->status == OCSP_UNKNOWN)
		inquiry_why(in, NEAR_ANSWER,
			    "the OCSP responder does not know the "
			    "certificate");
	else
		answer(in, o, single, signer);
	return true;
}

void inquiry_ocsps(struct inquiry *in)
{
	struct survey s = { .in = in };

	pki_source_each_ocsp(in->q->source, cert_fields(in->cert)->serial,
			     consider, &s);
}
