/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/qualify.h"

/* What one service says of the certificate at one time. */
struct opinion {
	enum qualification is;
	enum qualify_reason reason;
	unsigned purpose;
	unsigned about; /* QC_FOR_… that a "no" denies */
	enum qualify_device device;
};

#define ANY (QC_FOR_SIGNATURES | QC_FOR_SEALS | QC_FOR_WEBSITES)

static struct opinion opinion(enum qualification is, enum qualify_reason why)
{
	return (struct opinion){ .is = is, .reason = why };
}

/* The period of a time: the last that had begun; NULL: none had. */
static const struct qualify_period *find_period(const struct qualify_service *s,
						int64_t at, bool *twice)
{
	const struct qualify_period *found = NULL, *p;
	size_t i;

	*twice = false;
	for (i = 0; i < s->period_count; i++) {
		p = &s->periods[i];
		if (p->from > at || (found != NULL && p->from < found->from))
			continue;
		*twice = found != NULL && p->from == found->from;
		found = p;
	}
	return found;
}

/* The qualifiers of all rules that match; false where that is not known. */
static bool gather(const struct qualify_period *p, unsigned *qualifiers)
{
	size_t i;

	*qualifiers = 0;
	for (i = 0; i < p->rule_count; i++) {
		if (p->rules[i].match == QUALIFY_MATCH_UNKNOWN)
			return false;
		if (p->rules[i].match == QUALIFY_MATCH_YES)
			*qualifiers |= p->rules[i].qualifiers;
	}
	return (*qualifiers & QUALIFIER_OTHER) == 0;
}

/* QC_FOR_… of qualifiers. */
static unsigned qualifier_purpose(unsigned qualifiers)
{
	return (qualifiers & QUALIFIER_SIGNATURES ? QC_FOR_SIGNATURES : 0) |
	       (qualifiers & QUALIFIER_SEALS ? QC_FOR_SEALS : 0) |
	       (qualifiers & QUALIFIER_WEBSITES ? QC_FOR_WEBSITES : 0);
}

static bool is_one(unsigned bits)
{
	return bits != 0 && (bits & (bits - 1)) == 0;
}

static struct opinion deny(enum qualify_reason why, unsigned about)
{
	struct opinion o = opinion(QUALIFICATION_NOT, why);

	o.about = about;
	return o;
}

static struct opinion doubt(enum qualify_reason why)
{
	return opinion(QUALIFICATION_UNKNOWN, why);
}

static struct opinion grant(unsigned purpose)
{
	struct opinion o = opinion(QUALIFICATION_QUALIFIED, QUALIFY_FINE);

	o.purpose = purpose;
	return o;
}

/*
 * For what it is (tables 1 to 3): the list's word goes before the
 * certificate's, whether that calls itself qualified or the list does; one
 * that calls itself qualified and does not say for what is for signatures
 * (EN 319 412-5 4.2.3).
 */
static struct opinion find_purpose(const struct qualify_period *p,
				   const struct qc_statements *q,
				   unsigned qualifiers)
{
	unsigned listed = qualifier_purpose(qualifiers), purpose = listed;

	if (listed == 0 && q->has_type)
		purpose = q->other_type ? 0 : q->purpose;
	else if (listed == 0 && !q->compliance)
		return doubt(QUALIFY_PURPOSE_UNKNOWN);
	else if (listed == 0)
		purpose = QC_FOR_SIGNATURES;
	if (!is_one(purpose))
		return doubt(QUALIFY_RULES_CONTRADICT);
	if ((p->purpose & purpose) == 0)
		return listed != 0 ? doubt(QUALIFY_RULES_CONTRADICT)
				   : deny(QUALIFY_OTHER_PURPOSE, 0);
	if (purpose == QC_FOR_SIGNATURES &&
	    (qualifiers & QUALIFIER_LEGAL_PERSON))
		return doubt(QUALIFY_RULES_CONTRADICT);
	return grant(purpose);
}

/* Under Regulation 910/2014: the list's word against qualification first, then
 * whether anybody says that it is qualified, then for what. */
static struct opinion by_regulation(const struct qualify_period *p,
				    const struct qualify_claims *c,
				    unsigned qualifiers)
{
	unsigned purpose = qualifier_purpose(qualifiers);

	if (purpose != 0 && !is_one(purpose))
		return doubt(QUALIFY_RULES_CONTRADICT);
	if (qualifiers & QUALIFIER_NOT_QUALIFIED)
		return deny(QUALIFY_NOT_QUALIFIED, ANY);
	/* Qualified by the laws of another country, it is not by these. */
	if (!(qualifiers & QUALIFIER_STATEMENT) &&
	    (!c->qc.compliance || c->qc.elsewhere))
		return deny(QUALIFY_NOT_QUALIFIED, p->purpose);
	return find_purpose(p, &c->qc, qualifiers);
}

/* PRO-4.4.4-33: the Directive had no seals, and no QcType. */
static struct opinion by_directive(const struct qualify_period *p,
				   const struct qualify_claims *c,
				   unsigned qualifiers)
{
	unsigned purpose = qualifier_purpose(qualifiers);

	if ((purpose & ~QC_FOR_SIGNATURES) != 0 ||
	    (c->qc.has_type && (c->qc.purpose & QC_FOR_SIGNATURES) == 0))
		return doubt(QUALIFY_RULES_CONTRADICT);
	if (qualifiers & QUALIFIER_NOT_QUALIFIED)
		return deny(QUALIFY_NOT_QUALIFIED, ANY);
	if ((p->purpose & QC_FOR_SIGNATURES) == 0)
		return deny(QUALIFY_OTHER_PURPOSE, 0);
	if (!(qualifiers & QUALIFIER_STATEMENT) &&
	    ((!c->qc.compliance && !c->policy) || c->qc.elsewhere))
		return deny(QUALIFY_NOT_QUALIFIED, QC_FOR_SIGNATURES);
	return grant(QC_FOR_SIGNATURES);
}

/* Which law it is judged by goes by the earlier of the time asked and the time
 * of issue.  Web sites have no device. */
static struct opinion judge_qualified(const struct qualify_period *p,
				      const struct qualify_claims *c,
				      int64_t at)
{
	const unsigned both = QUALIFIER_STATEMENT | QUALIFIER_NOT_QUALIFIED;
	struct opinion o;
	unsigned qualifiers;

	if (!gather(p, &qualifiers))
		return doubt(QUALIFY_RULE_UNKNOWN);
	if ((qualifiers & both) == both)
		return doubt(QUALIFY_RULES_CONTRADICT);
	o = at < QUALIFY_EIDAS || c->issued < QUALIFY_EIDAS
		    ? by_directive(p, c, qualifiers)
		    : by_regulation(p, c, qualifiers);
	if (o.is == QUALIFICATION_QUALIFIED && o.purpose != QC_FOR_WEBSITES)
		o.device = qualify_device(qualifiers, c, at);
	return o;
}

/* A licence says nothing of a single certificate. */
static struct opinion judge_licensed(const struct qualify_list *list,
				     const struct qualify_period *p)
{
	struct opinion o =
		list->own_house ? opinion(QUALIFICATION_SELF_ASSERTED,
					  QUALIFY_OWN_HOUSE)
				: opinion(QUALIFICATION_LICENSED, QUALIFY_FINE);

	if (p->rule_count > 0)
		return doubt(QUALIFY_RULE_UNKNOWN);
	o.purpose = p->purpose & (QC_FOR_SIGNATURES | QC_FOR_SEALS);
	return o.purpose != 0 ? o : deny(QUALIFY_OTHER_PURPOSE, 0);
}

bool qualify_grants(enum qualify_status status, bool licences, int64_t at)
{
	return status == (!licences && at < QUALIFY_EIDAS
				  ? QUALIFY_STATUS_SUPERVISED
				  : QUALIFY_STATUS_GRANTED);
}

/* The order is that of TS 119 615: whether it is listed, licensed, for this
 * purpose, and then what it is. */
static struct opinion ask(const struct qualify_list *list,
			  const struct qualify_service *s,
			  const struct qualify_claims *c, int64_t at)
{
	const struct qualify_period *p;
	bool twice;

	p = find_period(s, at, &twice);
	if (p == NULL)
		return opinion(QUALIFICATION_NOT, QUALIFY_NOT_LISTED);
	if (twice)
		return doubt(QUALIFY_HISTORY_CONTRADICTS);
	if (p->status == QUALIFY_STATUS_WITHDRAWN)
		return deny(QUALIFY_NOT_LICENSED,
			    p->purpose != 0 ? p->purpose : ANY);
	if (list->form == QUALIFY_FORM_OTHER)
		return doubt(QUALIFY_OTHER_SCHEME);
	/* Before what it is (PRO-4.4.4-10) comes what it is for. */
	if (list->form == QUALIFY_FORM_TS119612 && p->purpose == 0)
		return deny(QUALIFY_OTHER_PURPOSE, 0);
	if (!qualify_grants(p->status, list->form == QUALIFY_FORM_LICENCES, at))
		return doubt(QUALIFY_STATUS_UNKNOWN);
	return list->form == QUALIFY_FORM_TS119612 ? judge_qualified(p, c, at)
						   : judge_licensed(list, p);
}

void qualify_doubt(struct qualify_answer *a, enum qualify_reason reason)
{
	a->is = QUALIFICATION_UNKNOWN;
	a->reason = reason;
	a->purpose = 0;
	a->device = QUALIFY_DEVICE_UNASKED;
}

/* What the services say that say the same, and which was the first. */
struct said {
	struct opinion o;
	size_t service;
	bool there;
};

struct opinions {
	struct said doubt, yes, no;
};

/* A service that had not begun says nothing. */
static void add(struct opinions *all, const struct opinion *o, size_t i)
{
	struct said *s = o->is == QUALIFICATION_UNKNOWN ? &all->doubt
			 : o->is == QUALIFICATION_NOT	? &all->no
							: &all->yes;

	if (o->reason == QUALIFY_NOT_LISTED)
		return;
	if (!s->there)
		*s = (struct said){ .o = *o, .service = i, .there = true };
	s->o.about |= o->about;
	if (s->o.device != o->device)
		s->o.device = QUALIFY_DEVICE_UNKNOWN;
	if (s == &all->yes)
		s->o.purpose |= o->purpose;
}

/* Of one purpose both "yes" and "no"; or a certificate that is for two. */
static bool contradict(const struct opinions *all)
{
	const struct opinion *yes = &all->yes.o;

	if (!all->yes.there)
		return false;
	return (all->no.there && (yes->purpose & all->no.o.about) != 0) ||
	       (yes->is == QUALIFICATION_QUALIFIED && !is_one(yes->purpose));
}

/* Doubt outweighs the others. */
static void conclude(const struct opinions *all, struct qualify_answer *a)
{
	const struct said *s = all->doubt.there ? &all->doubt
			       : all->yes.there ? &all->yes
						: &all->no;

	if (!s->there)
		return;
	a->is = s->o.is;
	a->reason = s->o.reason;
	a->purpose = s->o.purpose;
	a->device = s->o.device;
	a->service = s->service;
	a->has_service = true;
	if (s != &all->doubt && contradict(all)) {
		qualify_doubt(a, QUALIFY_SERVICES_CONTRADICT);
		a->has_service = false;
	}
}

void qualify_at(const struct qualify_list *list, const struct qualify_claims *c,
		int64_t at, struct qualify_answer *out)
{
	struct opinions all = { 0 };
	struct opinion o;
	size_t i;

	*out = (struct qualify_answer){ .is = QUALIFICATION_NOT,
					.reason = QUALIFY_NOT_LISTED,
					.at = at };
	if (at > list->next_update) {
		out->is = QUALIFICATION_UNKNOWN;
		out->reason = QUALIFY_LIST_ENDED;
		return;
	}
	for (i = 0; i < list->service_count; i++) {
		o = ask(list, &list->services[i], c, at);
		add(&all, &o, i);
	}
	conclude(&all, out);
}

void qualify_worse(struct qualify_answer *a, const struct qualify_answer *later)
{
	bool granted = a->is <= QUALIFICATION_SELF_ASSERTED &&
		       later->is <= QUALIFICATION_SELF_ASSERTED;
	unsigned both = a->purpose & later->purpose;
	enum qualify_device device = later->device;
	bool fewer = granted && both != a->purpose;

	if (later->is > a->is || (later->is == a->is && fewer))
		*a = *later;
	if (!granted)
		return;
	a->purpose = both;
	a->device = device;
	if (both != 0)
		return;
	qualify_doubt(a, QUALIFY_RULES_CONTRADICT);
	/* For each purpose it lacked the licence at one of the times. */
	if (later->is != QUALIFICATION_QUALIFIED) {
		a->is = QUALIFICATION_NOT;
		a->reason = QUALIFY_OTHER_PURPOSE;
	}
}

void qualify(const struct qualify_list *list, const struct qualify_claims *c,
	     int64_t best_time, struct qualify_answer *out)
{
	struct qualify_answer later;

	qualify_at(list, c, c->issued, out);
	qualify_at(list, c, best_time, &later);
	qualify_worse(out, &later);
}

const char *qualification_text(enum qualification is)
{
	static const char *const text[] = {
		[QUALIFICATION_QUALIFIED] = "qualified",
		[QUALIFICATION_LICENSED] = "licensed",
		[QUALIFICATION_SELF_ASSERTED] = "self-asserted",
		[QUALIFICATION_UNKNOWN] = "unknown",
		[QUALIFICATION_NOT] = "not",
	};

	return text[is];
}

static const struct {
	const char *word, *text;
} reasons[] = {
	[QUALIFY_FINE] = { NULL, "" },
	[QUALIFY_OWN_HOUSE] = { "own-house",
				"by a list that its own house made, and that "
				"nobody else who is believed counter-signed" },
	[QUALIFY_LIST_ENDED] = { "list-ended",
				 "the list ends before the time asked" },
	[QUALIFY_STATUS_UNKNOWN] = { "status-unknown",
				     "the list gives a status that is not "
				     "known" },
	[QUALIFY_RULE_UNKNOWN] = { "rule-unknown",
				   "the list has a rule that is not known" },
	[QUALIFY_RULES_CONTRADICT] = { "rules-contradict",
				       "the list's rules contradict each "
				       "other or the certificate" },
	[QUALIFY_PURPOSE_UNKNOWN] = { "purpose-unknown",
				      "neither it nor the list says for what "
				      "it is qualified" },
	[QUALIFY_SERVICES_CONTRADICT] = { "services-contradict",
					  "services of the list contradict "
					  "each other" },
	[QUALIFY_CLAIMS_BROKEN] = { "claims-broken",
				    "what the certificate says of itself "
				    "cannot be read" },
	[QUALIFY_HISTORY_CONTRADICTS] = { "history-contradicts",
					  "the list gives two statuses of one "
					  "second" },
	[QUALIFY_NOT_LISTED] = { "not-listed",
				 "the list did not name its authority then" },
	[QUALIFY_NOT_LICENSED] = { "not-licensed",
				   "its authority was suspended or had ended "
				   "then" },
	[QUALIFY_NOT_QUALIFIED] = { "not-qualified",
				    "neither it nor the list says that it is "
				    "qualified" },
	[QUALIFY_OTHER_PURPOSE] = { "other-purpose",
				    "its authority might not issue for this "
				    "purpose then" },
	[QUALIFY_NO_PATH] = { "no-path",
			      "there is no path from it to an authority" },
	[QUALIFY_OTHER_SCHEME] = { "other-scheme",
				   "the list is not one of the European "
				   "Union's, and qualifies nobody" },
};

const char *qualify_reason_word(enum qualify_reason reason)
{
	return reasons[reason].word;
}

const char *qualify_reason_text(enum qualify_reason reason)
{
	return reasons[reason].text;
}
