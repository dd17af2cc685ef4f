/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/qualify_list.h"

#include <stdlib.h>
#include <string.h>

#define ETSI "http://uri.etsi.org/TrstSvc/"
#define STATUS ETSI "TrustedList/Svcstatus/"
#define STATUS_OLD ETSI "eSigDir-1999-93-EC-TrustedList/Svcstatus/"
#define QUALIFIER ETSI "TrustedList/SvcInfoExt/"
#define QUALIFIER_OLD ETSI "eSigDir-1999-93-EC-TrustedList/SvcInfoExt/"
#define TYPE_CA_QC ETSI "Svctype/CA/QC"

struct word {
	const char *text;
	unsigned value;
};

/* TS 119 612 5.5.4 and annex D.5, and those from before July 2016. */
static const struct word statuses[] = {
	{ "granted", QUALIFY_STATUS_GRANTED },
	{ "undersupervision", QUALIFY_STATUS_GRANTED },
	{ "accredited", QUALIFY_STATUS_GRANTED },
	{ "supervisionincessation", QUALIFY_STATUS_GRANTED },
	{ "withdrawn", QUALIFY_STATUS_WITHDRAWN },
	{ "supervisionceased", QUALIFY_STATUS_WITHDRAWN },
	{ "supervisionrevoked", QUALIFY_STATUS_WITHDRAWN },
	{ "accreditationceased", QUALIFY_STATUS_WITHDRAWN },
	{ "accreditationrevoked", QUALIFY_STATUS_WITHDRAWN },
	{ NULL, QUALIFY_STATUS_OTHER },
};

static const struct word licences[] = {
	{ "licensed", QUALIFY_STATUS_GRANTED },
	{ "suspended", QUALIFY_STATUS_WITHDRAWN },
	{ "ended", QUALIFY_STATUS_WITHDRAWN },
	{ NULL, QUALIFY_STATUS_OTHER },
};

/* 5.5.9.2.3; those of the device and of the holder decide nothing here. */
static const struct word qualifiers[] = {
	{ "QCStatement", QUALIFIER_STATEMENT },
	{ "NotQualified", QUALIFIER_NOT_QUALIFIED },
	{ "QCForESig", QUALIFIER_SIGNATURES },
	{ "QCForESeal", QUALIFIER_SEALS },
	{ "QCForWSA", QUALIFIER_WEBSITES },
	{ "QCForLegalPerson", 0 },
	{ "QCWithSSCD", 0 },
	{ "QCNoSSCD", 0 },
	{ "QCSSCDStatusAsInCert", 0 },
	{ "QCWithQSCD", 0 },
	{ "QCNoQSCD", 0 },
	{ "QCQSCDStatusAsInCert", 0 },
	{ "QCQSCDManagedOnBehalf", 0 },
	{ NULL, QUALIFIER_OTHER },
};

static unsigned find_word(const struct word *w, const char *text)
{
	while (w->text != NULL && strcmp(w->text, text) != 0)
		w++;
	return w->value;
}

/* What stands behind one of the two prefixes; "": neither. */
static const char *behind(const char *uri, const char *prefix, const char *old)
{
	if (strncmp(uri, prefix, strlen(prefix)) == 0)
		return uri + strlen(prefix);
	if (strncmp(uri, old, strlen(old)) == 0)
		return uri + strlen(old);
	return "";
}

static unsigned purpose_of(unsigned uses)
{
	return (uses & TRUST_USE_SIGNATURE ? QC_FOR_SIGNATURES : 0) |
	       (uses & TRUST_USE_SEAL ? QC_FOR_SEALS : 0) |
	       (uses & TRUST_USE_WEB ? QC_FOR_WEBSITES : 0);
}

static void fill_rule(struct qualify_rule *r,
		      const struct trust_qualification *from,
		      const struct cert *signer)
{
	size_t i;

	*r = (struct qualify_rule){ .match = qualify_criteria(&from->criteria,
							      signer) };
	for (i = 0; i < from->qualifier_count; i++)
		r->qualifiers |=
			find_word(qualifiers, behind(from->qualifiers[i],
						     QUALIFIER, QUALIFIER_OLD));
}

/* One rule more, that nobody can judge, where something is not known. */
static enum deed_status
fill_period(struct qualify_period *p, const struct trust_list *list,
	    const struct trust_status *from, const struct cert *signer,
	    struct qualify_rule **owned, struct deed_error *err)
{
	size_t i, n = from->qualification_count;
	struct qualify_rule *rules = calloc(n + 1, sizeof(*rules));

	if (rules == NULL)
		return deed_error_memory(err);
	for (i = 0; i < n; i++)
		fill_rule(&rules[i], &from->qualifications[i], signer);
	if (from->unsupported != NULL)
		rules[n++].match = QUALIFY_MATCH_UNKNOWN;
	p->from = from->since;
	p->status = list->kind == TRUST_LIST_TS119612
			    ? find_word(statuses, behind(from->status, STATUS,
							 STATUS_OLD))
			    : find_word(licences, from->status);
	p->purpose = purpose_of(from->uses);
	p->rules = *owned = rules;
	p->rule_count = n;
	return DEED_OK;
}

/* The one period of a service that counts at a time; NULL before its first. */
static const struct trust_status *status_at(const struct trust_operator *o,
					    const struct trust_service *s,
					    int64_t at)
{
	size_t i;

	if (o->licence_from != TRUST_NO_TIME && at < o->licence_from)
		return NULL;
	for (i = 0; i < s->status_count; i++) {
		if (s->statuses[i].since <= at)
			return &s->statuses[i];
	}
	return NULL;
}

/* The same CA, whatever certificate of it this is. */
static bool is_same(const struct cert *a, const struct cert *b)
{
	return memcmp(cert_spki_sha256(a), cert_spki_sha256(b), 32) == 0 &&
	       x509_name_equal(cert_fields(a)->subject,
			       cert_fields(b)->subject);
}

/* A certificate stands for its name and key (TS 119 612 5.5.3): one that was
 * issued anew, or by another, is of the same service. */
static bool names(const struct trust_list *list, const struct trust_service *s,
		  const struct cert *c)
{
	const struct cert *listed;
	size_t i;

	for (i = 0; i < s->identity_count; i++) {
		if (memcmp(s->identities[i].bytes, cert_sha256(c), 32) == 0)
			return true;
		listed = trust_list_certificate(list, &s->identities[i]);
		if (listed != NULL && is_same(listed, c))
			return true;
	}
	return false;
}

/* One that issues what may be qualified, or licensed. */
static bool issues(const struct trust_list *list, const struct trust_status *s)
{
	if (list->kind == TRUST_LIST_TS119612)
		return s->type != NULL && strcmp(s->type, TYPE_CA_QC) == 0;
	return (s->uses & (TRUST_USE_SIGNATURE | TRUST_USE_SEAL)) != 0 ||
	       (s->uses == 0 && strcmp(s->status, "licensed") != 0);
}

/* The services that name one certificate, and what they are at one time. */
struct inquiry {
	const struct trust_list *list;
	const struct cert *signer, *ca;
	const struct trust_operator **by;
	const struct trust_service **service;
	struct qualify_service *services;
	struct qualify_period *periods; /* one of each service */
	struct qualify_rule **rules;	/* of each period, owned */
	size_t count;
};

static void clear_periods(struct inquiry *q)
{
	size_t i;

	for (i = 0; i < q->count; i++) {
		free(q->rules[i]);
		q->rules[i] = NULL;
		q->periods[i] = (struct qualify_period){ 0 };
		q->services[i] = (struct qualify_service){ &q->periods[i], 0 };
	}
}

static void clear(struct inquiry *q)
{
	if (q->periods != NULL && q->services != NULL && q->rules != NULL)
		clear_periods(q);
	free(q->by);
	free(q->service);
	free(q->services);
	free(q->periods);
	free(q->rules);
}

/* How many name it; they are noted where there is room. */
static size_t find_services(struct inquiry *q, const struct cert *ca, bool note)
{
	const struct trust_operator *o;
	size_t i, k, n = 0;

	for (i = 0; i < q->list->operator_count; i++) {
		o = &q->list->operators[i];
		for (k = 0; k < o->service_count; k++) {
			if (!names(q->list, &o->services[k], ca))
				continue;
			if (note) {
				q->by[n] = o;
				q->service[n] = &o->services[k];
			}
			n++;
		}
	}
	return n;
}

static enum deed_status gather(struct inquiry *q, struct cert *const *chain,
			       size_t count, struct deed_error *err)
{
	size_t i, n = 0;

	for (i = 1; n == 0 && i < count; i++)
		n = find_services(q, chain[i], false);
	q->by = calloc(n + 1, sizeof(*q->by));
	q->service = calloc(n + 1, sizeof(*q->service));
	q->services = calloc(n + 1, sizeof(*q->services));
	q->periods = calloc(n + 1, sizeof(*q->periods));
	q->rules = calloc(n + 1, sizeof(*q->rules));
	if (q->rules == NULL || q->by == NULL || q->service == NULL ||
	    q->services == NULL || q->periods == NULL)
		return deed_error_memory(err);
	q->count = n;
	if (n > 0) {
		q->ca = chain[i - 1];
		(void)find_services(q, q->ca, true);
	}
	return DEED_OK;
}

static enum deed_status fill_service(struct inquiry *q, size_t i, int64_t at,
				     struct deed_error *err)
{
	const struct trust_operator *o = q->by[i];
	const struct trust_status *now = status_at(o, q->service[i], at);
	enum deed_status status;

	if (now == NULL || !issues(q->list, now))
		return DEED_OK;
	status = fill_period(&q->periods[i], q->list, now, q->signer,
			     &q->rules[i], err);
	if (o->licence_until != TRUST_NO_TIME && at > o->licence_until)
		q->periods[i].status = QUALIFY_STATUS_WITHDRAWN;
	if (status == DEED_OK)
		q->services[i].period_count = 1;
	return status;
}

static enum deed_status ask(struct inquiry *q, bool own_house,
			    const struct qc_statements *claims, int64_t at,
			    struct qualify_answer *out, struct deed_error *err)
{
	const struct trust_list *l = q->list;
	struct qualify_list list = {
		.form = l->kind == TRUST_LIST_TS119612 ? QUALIFY_FORM_TS119612
						       : QUALIFY_FORM_LICENCES,
		/* A closed list speaks until it was made. */
		.next_update = l->next_update == TRUST_NO_TIME ? l->issued
							       : l->next_update,
		.own_house = own_house,
		.services = q->services,
		.service_count = q->count,
	};
	enum deed_status status = DEED_OK;
	size_t i;

	clear_periods(q);
	for (i = 0; status == DEED_OK && i < q->count; i++)
		status = fill_service(q, i, at, err);
	if (status == DEED_OK)
		qualify_at(&list, claims, at, out);
	return status;
}

/* Would it be another answer, had the certificate claimed something else? */
static bool rests_on_claims(const struct qualify_answer *a)
{
	return a->is == QUALIFICATION_QUALIFIED ||
	       a->reason == QUALIFY_NOT_QUALIFIED ||
	       a->reason == QUALIFY_OTHER_PURPOSE;
}

enum deed_status qualify_chain(const struct trust_list *list,
			       struct cert *const *chain, size_t count,
			       bool own_house, int64_t best_time,
			       struct qualify_result *out,
			       struct deed_error *err)
{
	struct inquiry q = { .list = list, .signer = chain[0] };
	struct qualify_answer later;
	struct qc_statements claims;
	enum deed_status status;
	bool broken;

	*out = (struct qualify_result){ .answer.is = QUALIFICATION_UNKNOWN };
	broken = qc_statements_read(chain[0], &claims, NULL) != DEED_OK;
	status = gather(&q, chain, count, err);
	if (status == DEED_OK)
		status = ask(&q, own_house, &claims,
			     cert_fields(chain[0])->not_before, &out->answer,
			     err);
	if (status == DEED_OK)
		status = ask(&q, own_house, &claims, best_time, &later, err);
	if (status == DEED_OK) {
		out->ca = q.ca;
		out->at_issuance = out->answer.is;
		out->at_best_time = later.is;
		qualify_worse(&out->answer, &later);
		if (broken && rests_on_claims(&out->answer))
			qualify_doubt(&out->answer, QUALIFY_CLAIMS_BROKEN);
	}
	if (status == DEED_OK && out->answer.has_service) {
		out->by = q.by[out->answer.service];
		out->service = q.service[out->answer.service];
	}
	clear(&q);
	return status;
}
