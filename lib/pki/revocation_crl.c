/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pki/revocation_crl_priv.h"

/*
 * RFC 5280 6.3.3, with the steps named as there.  Every CRL that a
 * distribution point leads to is looked at, not the first that would do: one
 * that says "revoked" must not be hidden by another that does not.
 */
#define POINTS_MAX 64	/* of one certificate */
#define DELTAS_MAX 1024 /* compared with their bases */

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
static bool issuer_fits(const struct crl_survey *s, const struct crl_fields *f)
{
	const struct dist_point *p = s->point;

	if (p->crl_issuer.data != NULL)
		return f->indirect &&
		       general_names_have(p->crl_issuer, f->issuer);
	return x509_name_equal(f->issuer, cert_fields(s->in->cert)->issuer);
}

/* (b)(2)(i): is it the CRL of this distribution point? */
static bool point_fits(const struct crl_survey *s, const struct crl_fields *f)
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
static bool in_scope(const struct crl_survey *s, const struct crl_fields *f)
{
	bool is_ca = cert_fields(s->in->cert)->is_ca;

	return issuer_fits(s, f) && point_fits(s, f) &&
	       !(f->only_user && is_ca) && !(f->only_ca && !is_ca) &&
	       !f->only_attribute && (s->point->reasons & f->reasons) != 0;
}

/* Does a list that does not count say "revoked"? */
bool crl_survey_accuses(const struct crl_survey *s, const struct crl *crl)
{
	const struct cert_fields *f = cert_fields(s->in->cert);
	struct crl_entry entry;
	bool listed;

	return !s->in->have_best &&
	       crl_lookup(crl, f->issuer, f->serial, &listed, &entry, NULL) ==
		       DEED_OK &&
	       listed && entry.reason != PKI_REASON_REMOVE_FROM_CRL;
}

void crl_survey_reject(struct crl_survey *s, const struct crl *crl,
		       enum nearness near, const char *why)
{
	inquiry_reject(s->in, near, CRL_WHAT, crl_survey_accuses(s, crl), why);
}

static bool may_use(const struct inquiry *in, const struct crl *crl)
{
	return in->q->usable == NULL ||
	       in->q->usable(in->q->usable_arg, crl, NULL);
}

struct delta_search {
	struct crl_survey *s;
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
	    inquiry_spend_signature(d->s->in) && crl_signed_by(crl, d->signer))
		d->found = crl;
	return true;
}

static struct crl *find_delta(struct crl_survey *s,
			      const struct crl_fields *base,
			      const struct cert *signer)
{
	struct delta_search d = { .s = s, .base = base, .signer = signer };

	if (base->number.data != NULL)
		pki_source_each_crl(s->in->q->source, base->issuer, try_delta,
				    &d);
	return d.found;
}

static bool look_up(struct crl_survey *s, const struct crl *crl,
		    struct crl_part *p)
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
static bool ask(struct crl_survey *s, struct crl_part *p)
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

/* NULL where too many have been looked at, or one too often: each point that
 * leads to a list costs its comparisons again. */
static struct crl_seen *see(struct crl_survey *s, const struct crl *crl)
{
	unsigned i;

	if (s->looks == CRL_LOOKS_MAX)
		return NULL;
	s->looks++;
	for (i = 0; i < s->seen_count; i++) {
		if (s->seen[i].crl == crl)
			return &s->seen[i];
	}
	if (s->seen_count == CRL_SEEN_MAX)
		return NULL;
	s->seen[s->seen_count].crl = crl;
	return &s->seen[s->seen_count++];
}

/* Each signature that is checked counts against hostile lists: one that is
 * known is not checked again for another point. */
static struct cert *signer_of(struct crl_survey *s, struct crl_seen *seen)
{
	bool named = s->point->crl_issuer.data != NULL;

	if (!seen->whose[named].known) {
		seen->whose[named].signer = crl_survey_signer(s, seen->crl);
		seen->whose[named].known = true;
	}
	return seen->whose[named].signer;
}

/* Another distribution point led to it, and this one adds its reasons. */
static bool is_part(struct crl_survey *s, const struct crl_part *p)
{
	unsigned i;

	for (i = 0; i < s->part_count; i++) {
		if (s->parts[i].crl != p->crl ||
		    s->parts[i].signer != p->signer)
			continue;
		s->parts[i].reasons |= p->reasons;
		return true;
	}
	return false;
}

static bool too_many(struct crl_survey *s)
{
	inquiry_why(s->in, NEAR_TIME, "there are too many CRLs");
	s->in->nesting.budget->cut = true;
	return false;
}

/* What cannot be used is told with the reason, and whether it lists the
 * certificate: a list that accuses and cannot be used leaves a doubt, never a
 * pass. */
static bool consider(void *arg, struct crl *crl)
{
	const struct crl_fields *f = crl_fields(crl);
	struct crl_survey *s = arg;
	struct crl_part p = { .crl = crl, .times = times_of(f) };
	struct crl_seen *seen = see(s, crl);

	if (seen == NULL)
		return too_many(s);
	if (!may_use(s->in, crl)) {
		inquiry_unusable(s->in, &p.times, CRL_WHAT,
				 crl_survey_accuses(s, crl));
		return true;
	}
	if (f->unknown_critical || !in_scope(s, f)) {
		crl_survey_reject(s, crl, NEAR_SCOPE,
				  f->unknown_critical
					  ? "has a critical extension that is "
					    "not processed"
					  : "is about other certificates of "
					    "its issuer "
					    "(issuingDistributionPoint)");
		return true;
	}
	p.signer = signer_of(s, seen);
	p.reasons = s->point->reasons & f->reasons;
	if (p.signer == NULL || is_part(s, &p))
		return true;
	if (!f->delta)
		p.delta = find_delta(s, f, p.signer);
	if (!ask(s, &p))
		return true;
	if (p.listed &&
	    inquiry_is_final(s->in, p.entry.revoked_at, p.entry.reason))
		crl_survey_revoked(s, &p);
	/* By itself a delta says nothing of what it does not list. */
	if (f->delta) {
		inquiry_reject(s->in, NEAR_SCOPE, "a delta CRL", p.listed,
			       "has no base that fits");
		return true;
	}
	if (s->part_count == CRL_PARTS_MAX)
		return too_many(s);
	s->parts[s->part_count++] = p;
	return true;
}

/* RFC 5280 6.3.3: the CRLs of one distribution point, by the issuer that it
 * names or the certificate's own.  A name that it repeats leads nowhere else,
 * and of more than GENERAL_NAMES_MAX none would fit (general_names_have). */
static void of_point(struct crl_survey *s, const struct dist_point *point)
{
	const struct pki_source *source = s->in->q->source;
	struct slice name, before = slice_of(point->crl_issuer.data, 0);
	struct der_reader r;
	unsigned i;
	uint8_t tag;

	s->point = point;
	if (point->crl_issuer.data == NULL) {
		pki_source_each_crl(source, cert_fields(s->in->cert)->issuer,
				    consider, s);
		return;
	}
	der_init(&r, point->crl_issuer);
	for (i = 0; i < GENERAL_NAMES_MAX && der_get_any(&r, &tag, &name, NULL);
	     i++) {
		if (tag == DER_CONTEXT_CONS(4) &&
		    !general_names_have(before, name))
			pki_source_each_crl(source, name, consider, s);
		before.len = (size_t)(name.data + name.len - before.data);
	}
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

static void named_points(struct crl_survey *s)
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
	struct crl_survey *s = calloc(1, sizeof(*s));
	struct buf name = BUF_INIT;
	struct dist_point implied;

	if (s == NULL || !implied_point(in, &name, &implied)) {
		in->no_memory = true;
	} else {
		s->in = in;
		named_points(s);
		of_point(s, &implied);
		crl_survey_conclude(s);
	}
	free(s);
	buf_clear(&name);
}
