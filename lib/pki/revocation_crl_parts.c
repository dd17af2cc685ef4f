/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/revocation_crl_priv.h"

/* What several CRLs say of one certificate together, with the steps of RFC
 * 5280 6.3.3 named as there. */

static void note_part(struct pki_evidence *e, const struct crl_part *p)
{
	if (e->crl_count + 2 > PKI_EVIDENCE_CRLS)
		return;
	e->crls[e->crl_count++] = crl_ref(p->crl);
	if (p->delta != NULL)
		e->crls[e->crl_count++] = crl_ref(p->delta);
}

/* An answer that this part decides. */
static void begin_evidence(struct pki_evidence *e, const struct crl_part *p)
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

void crl_survey_revoked(struct crl_survey *s, const struct crl_part *p)
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

/* The order in which parts are taken: as better() has it for answers. */
static int by_time(const struct crl_survey *s, const struct crl_part *a,
		   const struct crl_part *b)
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

static void sort_parts(struct crl_survey *s)
{
	struct crl_part p;
	unsigned i, k;

	for (i = 1; i < s->part_count; i++) {
		p = s->parts[i];
		for (k = i; k > 0 && by_time(s, &p, &s->parts[k - 1]) < 0; k--)
			s->parts[k] = s->parts[k - 1];
		s->parts[k] = p;
	}
}

/* An answer is as old, and good for as long, as its weakest part. */
static void weaken(struct pki_evidence *e, const struct crl_part *p)
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
void crl_survey_conclude(struct crl_survey *s)
{
	struct pki_evidence e = PKI_EVIDENCE_INIT;
	uint32_t covered = 0;
	unsigned i;

	sort_parts(s);
	for (i = 0; i < s->part_count && covered != REASONS_ALL; i++) {
		const struct crl_part *p = &s->parts[i];

		if ((p->reasons & ~covered) == 0 ||
		    !inquiry_in_time(s->in, &p->times, CRL_WHAT, p->listed))
			continue;
		if (p->listed && p->entry.revoked_at <= s->in->q->time) {
			crl_survey_revoked(s, p);
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
