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
#define FOR QUALIFIER "For"
#define UNION "EUgeneric/"

struct word {
	const char *text;
	unsigned value;
};

/* TS 119 612 5.5.4 and annex D.5, and those from before July 2016. */
static const struct word statuses[] = {
	{ "granted", QUALIFY_STATUS_GRANTED },
	{ "undersupervision", QUALIFY_STATUS_SUPERVISED },
	{ "accredited", QUALIFY_STATUS_SUPERVISED },
	{ "supervisionincessation", QUALIFY_STATUS_SUPERVISED },
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

/* 5.5.9.2.3 */
static const struct word qualifiers[] = {
	{ "QCStatement", QUALIFIER_STATEMENT },
	{ "NotQualified", QUALIFIER_NOT_QUALIFIED },
	{ "QCForESig", QUALIFIER_SIGNATURES },
	{ "QCForESeal", QUALIFIER_SEALS },
	{ "QCForWSA", QUALIFIER_WEBSITES },
	{ "QCForLegalPerson", QUALIFIER_LEGAL_PERSON },
	{ "QCWithSSCD", QUALIFIER_WITH_SSCD },
	{ "QCNoSSCD", QUALIFIER_NO_SSCD },
	{ "QCSSCDStatusAsInCert", QUALIFIER_CERT_SSCD },
	{ "QCWithQSCD", QUALIFIER_WITH_QSCD },
	{ "QCNoQSCD", QUALIFIER_NO_QSCD },
	{ "QCQSCDStatusAsInCert", QUALIFIER_CERT_QSCD },
	{ "QCQSCDManagedOnBehalf", QUALIFIER_BEHALF },
	{ NULL, QUALIFIER_OTHER },
};

/* The row that ends a table has the value for a word that is not in it. */
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

enum qualify_status qualify_status_of(const struct trust_list *l,
				      const struct trust_status *s)
{
	return l->kind == TRUST_LIST_TS119612
		       ? find_word(statuses,
				   behind(s->status, STATUS, STATUS_OLD))
		       : find_word(licences, s->status);
}

static unsigned purpose_of(unsigned uses)
{
	return (uses & TRUST_USE_SIGNATURE ? QC_FOR_SIGNATURES : 0) |
	       (uses & TRUST_USE_SEAL ? QC_FOR_SEALS : 0) |
	       (uses & TRUST_USE_WEB ? QC_FOR_WEBSITES : 0);
}

/* Before the Regulation a list need not have said it; since, it must
 * (PRO-4.4.4-08, TS 119 612 5.5.9.4). */
static bool says_purpose(const struct trust_list *l,
			 const struct trust_status *s, int64_t at)
{
	size_t i;

	if (l->kind != TRUST_LIST_TS119612 || at < QUALIFY_EIDAS ||
	    s->since >= QUALIFY_EIDAS)
		return true;
	for (i = 0; i < s->additional_count; i++) {
		if (strncmp(s->additional[i], FOR, sizeof(FOR) - 1) == 0)
			return true;
	}
	return false;
}

bool qualify_list_qualifies(const struct trust_list *l)
{
	return l->kind == TRUST_LIST_TS119612 &&
	       strncmp(l->scheme, UNION, sizeof(UNION) - 1) == 0;
}

/* A list of TS 119 612 that is none of the Union's has the form and qualifies
 * nobody. */
static enum qualify_form form_of(const struct trust_list *l)
{
	if (l->kind != TRUST_LIST_TS119612)
		return QUALIFY_FORM_LICENCES;
	return qualify_list_qualifies(l) ? QUALIFY_FORM_TS119612
					 : QUALIFY_FORM_OTHER;
}

/* A qualifier that is not known becomes QUALIFIER_OTHER: where such a rule
 * matches nothing is qualified. */
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
	    int64_t at, struct qualify_rule **owned, struct deed_error *err)
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
	p->status = qualify_status_of(list, from);
	p->purpose = says_purpose(list, from, at) ? purpose_of(from->uses) : 0;
	p->rules = *owned = rules;
	p->rule_count = n;
	return DEED_OK;
}

/* The one period of a service that counts at a time; NULL before its first. */
static const struct trust_status *status_at(const struct trust_operator *o,
					    const struct trust_service *s,
					    int64_t at)
{
	return o->licence_from != TRUST_NO_TIME && at < o->licence_from
		       ? NULL
		       : trust_service_at(s, at);
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

/* The same places serve for each time that is asked: a service without a
 * period says nothing. */
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

/* Also where gather had no memory for all of them. */
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

/* The first certificate of the path that a service names, from the issuer's
 * on; count: none. */
static size_t find_named(const struct trust_list *list,
			 const struct trust_service *s,
			 struct cert *const *chain, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++) {
		if (trust_service_names(list, s, chain[i]))
			break;
	}
	return i < count ? i : count;
}

/* How many are asked; they are noted where there is room. */
static size_t find_services(struct inquiry *q, struct cert *const *chain,
			    size_t count, bool note)
{
	const struct trust_operator *o;
	size_t i, k, at, nearest = count, n = 0;

	for (i = 0; i < q->list->operator_count; i++) {
		o = &q->list->operators[i];
		for (k = 0; k < o->service_count; k++) {
			at = find_named(q->list, &o->services[k], chain, count);
			if (at == count)
				continue;
			if (note) {
				q->by[n] = o;
				q->service[n] = &o->services[k];
			}
			if (at < nearest)
				nearest = at;
			n++;
		}
	}
	q->ca = nearest < count ? chain[nearest] : NULL;
	return n;
}

/* Of a European list every service on the path has its say (PRO-4.3.4-03); a
 * licence is that of the nearest. */
static enum deed_status gather(struct inquiry *q, struct cert *const *chain,
			       size_t count, struct deed_error *err)
{
	size_t n = 0, some;

	for (some = count < 2 ? count : 2; some <= count; some++) {
		if (q->list->kind == TRUST_LIST_TS119612)
			some = count;
		n = find_services(q, chain, some, false);
		if (n > 0)
			break;
	}
	q->by = calloc(n + 1, sizeof(*q->by));
	q->service = calloc(n + 1, sizeof(*q->service));
	q->services = calloc(n + 1, sizeof(*q->services));
	q->periods = calloc(n + 1, sizeof(*q->periods));
	q->rules = calloc(n + 1, sizeof(*q->rules));
	if (q->rules == NULL || q->by == NULL || q->service == NULL ||
	    q->services == NULL || q->periods == NULL)
		return deed_error_memory(err);
	q->count = n;
	if (n > 0)
		(void)find_services(q, chain, some, true);
	return DEED_OK;
}

/* Whoever works after his licence has ended counts as withdrawn, whatever
 * status the list gives him. */
static enum deed_status fill_service(struct inquiry *q, size_t i, int64_t at,
				     struct deed_error *err)
{
	const struct trust_operator *o = q->by[i];
	const struct trust_status *now = status_at(o, q->service[i], at);
	enum deed_status status;

	if (now == NULL || !issues(q->list, now))
		return DEED_OK;
	status = fill_period(&q->periods[i], q->list, now, q->signer, at,
			     &q->rules[i], err);
	if (o->licence_until != TRUST_NO_TIME && at > o->licence_until)
		q->periods[i].status = QUALIFY_STATUS_WITHDRAWN;
	if (status == DEED_OK)
		q->services[i].period_count = 1;
	return status;
}

/* Whose service it is must be one's alone (PRO-4.3.4-11). */
static bool two_operators(const struct inquiry *q)
{
	const char *name = NULL;
	size_t i;

	if (q->list->kind != TRUST_LIST_TS119612)
		return false;
	for (i = 0; i < q->count; i++) {
		if (q->services[i].period_count == 0)
			continue;
		if (name != NULL && strcmp(name, q->by[i]->name) != 0)
			return true;
		name = q->by[i]->name;
	}
	return false;
}

/* Two services of different operators with the same key contradict each other,
 * whatever each would say. */
static enum deed_status ask(struct inquiry *q, bool own_house,
			    const struct qualify_claims *claims, int64_t at,
			    struct qualify_answer *out, struct deed_error *err)
{
	const struct trust_list *l = q->list;
	struct qualify_list list = {
		.form = form_of(l),
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
	if (status == DEED_OK && out->has_service && two_operators(q))
		qualify_doubt(out, QUALIFY_SERVICES_CONTRADICT);
	return status;
}

/* Would it be another answer, had the certificate claimed something else? */
static bool rests_on_claims(const struct qualify_answer *a)
{
	return a->is == QUALIFICATION_QUALIFIED ||
	       a->reason == QUALIFY_NOT_QUALIFIED ||
	       a->reason == QUALIFY_PURPOSE_UNKNOWN ||
	       a->reason == QUALIFY_OTHER_PURPOSE;
}

/* False where what it says cannot be read. */
static bool read_claims(const struct cert *c, struct qualify_claims *out)
{
	static const enum oid policies[] = { OID_QCP_PUBLIC,
					     OID_QCP_PUBLIC_SSCD };
	enum qualify_match match;
	bool good = qc_statements_read(c, &out->qc, NULL) == DEED_OK;
	size_t i;

	out->policy = out->device_policy = false;
	out->issued = cert_fields(c)->not_before;
	for (i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		match = qualify_policy(c, oid_slice(policies[i]));
		good = good && match != QUALIFY_MATCH_UNKNOWN;
		out->policy |= match == QUALIFY_MATCH_YES;
		out->device_policy |= match == QUALIFY_MATCH_YES &&
				      policies[i] == OID_QCP_PUBLIC_SSCD;
	}
	return good;
}

enum deed_status qualify_chain(const struct trust_list *list,
			       struct cert *const *chain, size_t count,
			       bool own_house, int64_t best_time,
			       struct qualify_result *out,
			       struct deed_error *err)
{
	struct inquiry q = { .list = list, .signer = chain[0] };
	struct qualify_answer later;
	struct qualify_claims claims;
	enum deed_status status;
	bool broken;

	*out = (struct qualify_result){ .answer.is = QUALIFICATION_UNKNOWN };
	broken = !read_claims(chain[0], &claims);
	status = gather(&q, chain, count, err);
	if (status == DEED_OK)
		status = ask(&q, own_house, &claims, claims.issued,
			     &out->answer, err);
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
