/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pki/revocation_priv.h"

/*
 * RFC 5280 6.3.3, with the steps named as there.  Every CRL that a
 * distribution point leads to is looked at, not the first that would do: one
 * that says "revoked" must not be hidden by another that does not.
 */
#define POINTS_MAX 64	/* of one certificate */
#define CRLS_MAX 512	/* looked at for one certificate */
#define PARTS_MAX 64	/* that answer */
#define SIGNERS_MAX 8	/* judged, remembered */
#define DELTAS_MAX 1024 /* compared with their bases */

#define WHAT "a CRL" /* in reasons */

/* A CRL that speaks about the certificate, with the delta that goes with
 * it, and for which reasons. */
struct part {
	struct crl *crl, *delta; /* borrowed from the source */
	uint32_t reasons;
	bool listed;
	struct crl_entry entry;
	struct cert *signer;
	struct object_times times;
};

struct survey {
	struct inquiry *in;
	const struct dist_point *point;
	struct part parts[PARTS_MAX];
	unsigned part_count, crls, deltas;
	struct {
		struct cert *cert;
		int64_t time;
		bool good;
	} signers[SIGNERS_MAX];
	unsigned signer_count;
};

/* A CRL says when it was made by its thisUpdate alone. */
static struct object_times times_of(const struct crl_fields *f)
{
	return (struct object_times){ .this_update = f->this_update,
				      .produced_at = f->this_update,
				      .has_next_update = f->has_next_update,
				      .next_update = f->next_update,
				      .keeps = f->has_expired_since,
				      .keeps_since = f->expired_since };
}

/* (b)(1): whose CRL is it? */
static bool issuer_fits(const struct survey *s, const struct crl_fields *f)
{
	const struct dist_point *p = s->point;

	if (p->crl_issuer.data != NULL)
		return f->indirect &&
		       general_names_have(p->crl_issuer, f->issuer);
	return x509_name_equal(f->issuer, cert_fields(s->in->cert)->issuer);
}

/* (b)(2)(i): is it the CRL of this distribution point? */
static bool point_fits(const struct survey *s, const struct crl_fields *f)
{
	const struct dist_point *p = s->point;
	struct dist_point_name issuer = { .full = p->crl_issuer };
	struct slice under = cert_fields(s->in->cert)->issuer;

	if (f->name.full.data == NULL && f->name.relative.data == NULL)
		return true;
	if (p->name.full.data == NULL && p->name.relative.data == NULL)
		return dist_point_same_name(&f->name, f->issuer, &issuer,
					    SLICE_NONE);
	if (p->crl_issuer.data != NULL)
		under = general_names_directory(p->crl_issuer);
	return dist_point_same_name(&f->name, f->issuer, &p->name, under);
}

/* (b): is the list about such certificates? */
static bool in_scope(const struct survey *s, const struct crl_fields *f)
{
	bool is_ca = cert_fields(s->in->cert)->is_ca;

	return issuer_fits(s, f) && point_fits(s, f) &&
	       !(f->only_user && is_ca) && !(f->only_ca && !is_ca) &&
	       !f->only_attribute && (s->point->reasons & f->reasons) != 0;
}

static bool keys_fit(struct slice authority_key_id, const struct cert *c)
{
	struct slice id = cert_fields(c)->subject_key_id;

	return authority_key_id.data == NULL || id.data == NULL ||
	       slice_equal(authority_key_id, id);
}

/* One budget for whatever nests: signers of signers do not multiply it. */
static bool spend_signature(struct inquiry *in)
{
	if (in->nesting.budget->signatures == INQUIRY_SIGNATURES) {
		inquiry_why(in, NEAR_TIME, "too many signatures to check");
		in->nesting.budget->cut = true;
		return false;
	}
	in->nesting.budget->signatures++;
	return true;
}

/* Does a list that does not count say "revoked"? */
static bool accuses(const struct survey *s, const struct crl *crl)
{
	const struct cert_fields *f = cert_fields(s->in->cert);
	struct crl_entry entry;
	bool listed;

	return !s->in->have_best &&
	       crl_lookup(crl, f->issuer, f->serial, &listed, &entry, NULL) ==
		       DEED_OK &&
	       listed && entry.reason != PKI_REASON_REMOVE_FROM_CRL;
}

static void reject(struct survey *s, const struct crl *crl, enum nearness near,
		   const char *why)
{
	inquiry_reject(s->in, near, WHAT, accuses(s, crl), why);
}

/* Why a list is of nobody who may speak: the later, the nearer. */
enum miss {
	MISS_NOBODY,
	MISS_KEY,
	MISS_SIGNATURE,
	MISS_USAGE,
	MISS_PATH,
	MISS_NOTHING, /* it is signed by whom it should be */
};

/* (f), (g) but for the path: is it the signature of this certificate's key,
 * and may that sign CRLs? */
static enum miss signed_by(struct survey *s, const struct crl *crl,
			   const struct cert *c)
{
	const struct crl_fields *f = crl_fields(crl);
	const struct cert_fields *k = cert_fields(c);

	if (!x509_name_equal(k->subject, f->issuer))
		return MISS_NOBODY;
	if (!keys_fit(f->authority_key_id, c))
		return MISS_KEY;
	if (!spend_signature(s->in) || !crl_signed_by(crl, c))
		return MISS_SIGNATURE;
	if (k->has_key_usage && (k->key_usage & KU_CRL_SIGN) == 0)
		return MISS_USAGE;
	return MISS_NOTHING;
}

/* Is the path of this signer good?  Asked once. */
static bool good_signer(struct survey *s, struct cert *c, int64_t time)
{
	unsigned i;
	bool good;

	for (i = 0; i < s->signer_count; i++) {
		if (s->signers[i].cert == c && s->signers[i].time == time)
			return s->signers[i].good;
	}
	good = inquiry_good_signer(s->in, c, time);
	if (s->signer_count < SIGNERS_MAX) {
		s->signers[s->signer_count].cert = c;
		s->signers[s->signer_count].time = time;
		s->signers[s->signer_count++].good = good;
	}
	return good;
}

struct signer_search {
	struct survey *s;
	const struct crl *crl;
	struct cert *found;
	enum miss miss; /* of the one that came nearest */
};

static bool fits(struct signer_search *search, struct cert *c)
{
	enum miss miss = signed_by(search->s, search->crl, c);

	if (miss == MISS_NOTHING)
		return true;
	if (miss > search->miss)
		search->miss = miss;
	return false;
}

static bool try_signer(void *arg, struct cert *c, bool anchor)
{
	struct signer_search *search = arg;
	const struct crl_fields *f = crl_fields(search->crl);
	struct survey *s = search->s;

	(void)anchor;
	if (!fits(search, c))
		return true;
	/* Nobody speaks about himself, unless his issuer wants it so: by
	 * naming him as cRLIssuer in his own certificate. */
	if (cert_equal(c, s->in->cert)) {
		if (s->point->crl_issuer.data != NULL)
			search->found = c;
		return search->found == NULL;
	}
	if (!good_signer(s, c, inquiry_signer_time(s->in, f->this_update))) {
		search->miss = MISS_PATH;
		return true;
	}
	search->found = c;
	return false;
}

static void tell_miss(struct survey *s, const struct crl *crl, enum miss miss)
{
	static const char *const why[] = {
		[MISS_NOBODY] = "is of an issuer whose certificate is not at "
				"hand",
		[MISS_KEY] = "is not signed by its issuer, but with another "
			     "key (authorityKeyIdentifier)",
		[MISS_SIGNATURE] = "is not signed by its issuer: its signature "
				   "does not verify",
		[MISS_USAGE] = "is signed by an authority that may not sign "
			       "CRLs (keyUsage without cRLSign)",
		[MISS_PATH] = "is signed by someone who is not to be believed",
	};

	/* What is wrong with the signer's path was told in detail. */
	if (miss != MISS_PATH || accuses(s, crl))
		reject(s, crl, NEAR_SIGNER, why[miss]);
}

/* Those above the certificate in its path are judged together with it;
 * others need a path of their own. */
static struct cert *find_signer(struct survey *s, const struct crl *crl)
{
	const struct pki_revocation_query *q = s->in->q;
	struct signer_search search = { .s = s, .crl = crl };
	unsigned i;

	if (!inquiry_accepts_algorithm(s->in,
				       crl_fields(crl)->signature_algorithm)) {
		reject(s, crl, NEAR_SIGNER, "is signed over MD5 or SHA-1");
		return NULL;
	}
	for (i = 1; i < q->len; i++) {
		if (fits(&search, q->chain[i]))
			return q->chain[i];
	}
	pki_source_each_subject(q->source, crl_fields(crl)->issuer, try_signer,
				&search);
	if (search.found == NULL)
		tell_miss(s, crl, search.miss);
	return search.found;
}

static bool may_use(const struct inquiry *in, const struct crl *crl)
{
	return in->q->usable == NULL ||
	       in->q->usable(in->q->usable_arg, crl, NULL);
}

struct delta_search {
	struct survey *s;
	const struct crl_fields *base;
	const struct cert *signer;
	struct crl *found;
};

/* (c), 5.2.4: same issuer, same scope, same key, and made for this base. */
static bool try_delta(void *arg, struct crl *crl)
{
	const struct crl_fields *f = crl_fields(crl);
	struct delta_search *d = arg;
	struct object_times times = times_of(f);

	if (!f->delta)
		return true;
	if (++d->s->deltas > DELTAS_MAX) {
		d->s->in->nesting.budget->cut = true;
		return false;
	}
	if (f->unknown_critical || f->number.data == NULL ||
	    !slice_equal(f->idp, d->base->idp) ||
	    !slice_equal(f->authority_key_id, d->base->authority_key_id) ||
	    crl_number_compare(f->base_number, d->base->number) > 0 ||
	    crl_number_compare(f->number, d->base->number) <= 0)
		return true;
	if (d->found != NULL &&
	    crl_number_compare(f->number, crl_fields(d->found)->number) <= 0)
		return true;
	if (inquiry_is_current(d->s->in, &times) && may_use(d->s->in, crl) &&
	    inquiry_accepts_algorithm(d->s->in, f->signature_algorithm) &&
	    spend_signature(d->s->in) && crl_signed_by(crl, d->signer))
		d->found = crl;
	return true;
}

static struct crl *find_delta(struct survey *s, const struct crl_fields *base,
			      const struct cert *signer)
{
	struct delta_search d = { .s = s, .base = base, .signer = signer };

	if (base->number.data != NULL)
		pki_source_each_crl(s->in->q->source, base->issuer, try_delta,
				    &d);
	return d.found;
}

static bool look_up(struct survey *s, const struct crl *crl, struct part *p)
{
	const struct cert_fields *f = cert_fields(s->in->cert);
	enum deed_status status;

	status = crl_lookup(crl, f->issuer, f->serial, &p->listed, &p->entry,
			    NULL);
	if (status == DEED_OK)
		return true;
	s->in->no_memory = s->in->no_memory || status == DEED_NO_MEMORY;
	/* Whom it lists cannot be told. */
	s->in->best->suspect = s->in->best->suspect || !s->in->have_best;
	inquiry_why(s->in, NEAR_CONTENT, "a CRL's entries are not understood");
	return false;
}

/* (i) to (k): the delta first; it may take an entry back. */
static bool ask(struct survey *s, struct part *p)
{
	if (p->delta != NULL) {
		if (!look_up(s, p->delta, p))
			return false;
		p->times = times_of(crl_fields(p->delta));
		if (p->listed) {
			p->listed =
				p->entry.reason != PKI_REASON_REMOVE_FROM_CRL;
			return true;
		}
	}
	if (!look_up(s, p->crl, p))
		return false;
	if (p->entry.reason == PKI_REASON_REMOVE_FROM_CRL)
		p->listed = false;
	return true;
}

static void note_part(struct pki_evidence *e, const struct part *p)
{
	if (e->crl_count + 2 > PKI_EVIDENCE_CRLS)
		return;
	e->crls[e->crl_count++] = crl_ref(p->crl);
	if (p->delta != NULL)
		e->crls[e->crl_count++] = crl_ref(p->delta);
}

/* An answer that this part decides. */
static void begin_evidence(struct pki_evidence *e, const struct part *p)
{
	*e = (struct pki_evidence)PKI_EVIDENCE_INIT;
	e->status = PKI_REVOCATION_GOOD;
	e->kind = PKI_EVIDENCE_CRL;
	e->signer = cert_ref(p->signer);
	e->this_update = p->times.this_update;
	e->produced_at = p->times.this_update;
	e->has_next_update = p->times.has_next_update;
	e->next_update = p->times.next_update;
}

static void offer_revoked(struct survey *s, const struct part *p)
{
	struct pki_evidence e;

	begin_evidence(&e, p);
	note_part(&e, p);
	e.status = PKI_REVOCATION_REVOKED;
	e.listed = true;
	e.revoked_at = p->entry.revoked_at;
	e.reason = p->entry.reason;
	inquiry_offer(s->in, &e);
}

/* Another distribution point led to it, for no fewer reasons. */
static bool is_part(const struct survey *s, const struct crl *crl)
{
	uint32_t reasons = s->point->reasons & crl_fields(crl)->reasons;
	unsigned i;

	for (i = 0; i < s->part_count; i++) {
		if (s->parts[i].crl == crl &&
		    (reasons & ~s->parts[i].reasons) == 0)
			return true;
	}
	return false;
}

/* What cannot be used is told with the reason, and whether it lists the
 * certificate: a list that accuses and cannot be used leaves a doubt, never a
 * pass. */
static bool consider(void *arg, struct crl *crl)
{
	const struct crl_fields *f = crl_fields(crl);
	struct survey *s = arg;
	struct part p = { .crl = crl, .times = times_of(f) };

	if (is_part(s, crl))
		return true;
	if (++s->crls > CRLS_MAX || s->part_count == PARTS_MAX) {
		inquiry_why(s->in, NEAR_TIME, "there are too many CRLs");
		s->in->nesting.budget->cut = true;
		return false;
	}
	if (!may_use(s->in, crl)) {
		inquiry_unusable(s->in, &p.times, WHAT, accuses(s, crl));
		return true;
	}
	if (f->unknown_critical || !in_scope(s, f)) {
		reject(s, crl, NEAR_SCOPE,
		       f->unknown_critical
			       ? "has a critical extension that is not "
				 "processed"
			       : "is about other certificates of its issuer "
				 "(issuingDistributionPoint)");
		return true;
	}
	p.signer = find_signer(s, crl);
	if (p.signer == NULL)
		return true;
	if (!f->delta)
		p.delta = find_delta(s, f, p.signer);
	if (!ask(s, &p))
		return true;
	if (p.listed &&
	    inquiry_is_final(s->in, p.entry.revoked_at, p.entry.reason))
		offer_revoked(s, &p);
	/* By itself a delta says nothing of what it does not list. */
	if (f->delta) {
		inquiry_reject(s->in, NEAR_SCOPE, "a delta CRL", p.listed,
			       "has no base that fits");
		return true;
	}
	p.reasons = s->point->reasons & f->reasons;
	s->parts[s->part_count++] = p;
	return true;
}

/* RFC 5280 6.3.3: the CRLs of one distribution point, by the issuer that it
 * names or the certificate's own. */
static void of_point(struct survey *s, const struct dist_point *point)
{
	const struct pki_source *source = s->in->q->source;
	struct slice name;
	struct der_reader r;
	uint8_t tag;

	s->point = point;
	if (point->crl_issuer.data == NULL) {
		pki_source_each_crl(source, cert_fields(s->in->cert)->issuer,
				    consider, s);
		return;
	}
	der_init(&r, point->crl_issuer);
	while (der_get_any(&r, &tag, &name, NULL)) {
		if (tag == DER_CONTEXT_CONS(4))
			pki_source_each_crl(source, name, consider, s);
	}
}

/* The order in which parts are taken: as better() has it for answers. */
static int by_time(const struct survey *s, const struct part *a,
		   const struct part *b)
{
	int64_t limit = s->in->q->time + PKI_CLOCK_SKEW;
	int64_t x = a->times.this_update, y = b->times.this_update;
	bool later = x > limit;

	if (later != (y > limit))
		return later ? -1 : 1;
	if (x == y)
		return 0;
	return (x < y) == later ? -1 : 1;
}

static void sort_parts(struct survey *s)
{
	struct part p;
	unsigned i, k;

	for (i = 1; i < s->part_count; i++) {
		p = s->parts[i];
		for (k = i; k > 0 && by_time(s, &p, &s->parts[k - 1]) < 0; k--)
			s->parts[k] = s->parts[k - 1];
		s->parts[k] = p;
	}
}

/* An answer is as old, and good for as long, as its weakest part. */
static void weaken(struct pki_evidence *e, const struct part *p)
{
	if (p->times.this_update < e->this_update)
		e->this_update = e->produced_at = p->times.this_update;
	if (p->times.has_next_update &&
	    (!e->has_next_update || p->times.next_update < e->next_update)) {
		e->has_next_update = true;
		e->next_update = p->times.next_update;
	}
	if (p->listed) {
		e->listed = true;
		e->revoked_at = p->entry.revoked_at;
		e->reason = p->entry.reason;
	}
}

/* (l): until all reasons are covered. */
static void conclude(struct survey *s)
{
	struct pki_evidence e = PKI_EVIDENCE_INIT;
	uint32_t covered = 0;
	unsigned i;

	sort_parts(s);
	for (i = 0; i < s->part_count && covered != REASONS_ALL; i++) {
		const struct part *p = &s->parts[i];

		if ((p->reasons & ~covered) == 0 ||
		    !inquiry_in_time(s->in, &p->times, WHAT, p->listed))
			continue;
		if (p->listed && p->entry.revoked_at <= s->in->q->time) {
			offer_revoked(s, p);
			break;
		}
		if (covered == 0)
			begin_evidence(&e, p);
		weaken(&e, p);
		note_part(&e, p);
		covered |= p->reasons;
	}
	if (covered == REASONS_ALL)
		inquiry_offer(s->in, &e);
	else if (covered != 0)
		inquiry_why(s->in, NEAR_TIME,
			    "the CRLs do not cover all reasons");
	pki_evidence_clear(&e);
}

/* "Assume a DP with both the reasons and the cRLIssuer fields omitted and a
 * distribution point name of the certificate issuer." */
static bool implied_point(const struct inquiry *in, struct buf *name,
			  struct dist_point *out)
{
	struct der_writer w;

	der_writer_init(&w, name);
	der_begin(&w, DER_CONTEXT_CONS(4));
	der_put_raw(&w, cert_fields(in->cert)->issuer);
	der_end(&w);
	*out = (struct dist_point){ .reasons = REASONS_ALL };
	if (der_writer_status(&w, NULL) != DEED_OK)
		return false;
	out->name.full = buf_get(name);
	return true;
}

static void named_points(struct survey *s)
{
	const struct cert_extension *e;
	struct dist_point point;
	struct der_reader r;
	unsigned i;

	e = cert_extension(s->in->cert, OID_CRL_DISTRIBUTION_POINTS);
	if (e == NULL || !der_open(e->value, DER_SEQUENCE, &r))
		return;
	for (i = 0; i < POINTS_MAX && dist_point_next(&r, &point); i++)
		of_point(s, &point);
}

void inquiry_crls(struct inquiry *in)
{
	struct survey *s = calloc(1, sizeof(*s));
	struct buf name = BUF_INIT;
	struct dist_point implied;

	if (s == NULL || !implied_point(in, &name, &implied)) {
		in->no_memory = true;
	} else {
		s->in = in;
		named_points(s);
		of_point(s, &implied);
		conclude(s);
	}
	free(s);
	buf_clear(&name);
}
