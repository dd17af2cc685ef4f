/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/verify_qualified.h"

#include <string.h>

enum answer {
	ANSWER_YES,
	ANSWER_OPEN,
	ANSWER_NO,
};

/* What all lists together say, and the one that decides; NULL: none. */
struct finding {
	enum answer answer;
	bool contradict;
	const struct verdict_qualification *by;
};

static bool is_asked(const struct verdict_signature *sig)
{
	return sig->kind != KIND_DOCUMENT_TIMESTAMP &&
	       sig->kind != KIND_CONTAINER_TIMESTAMP;
}

/* Is it a list that can answer? */
static bool may_say(const char *scheme, const struct verdict_qualification *q)
{
	if (scheme == NULL)
		return q->qualifies;
	return q->scheme != NULL && strcmp(q->scheme, scheme) == 0;
}

/* A qualified certificate for web sites alone signs no document.  "Licensed"
 * answers the question for a scheme and never that for qualified; what is
 * neither leaves it open. */
static enum answer answer_of(const char *scheme,
			     const struct verdict_qualification *q)
{
	bool fit = q->for_signatures || q->for_seals;

	if (strcmp(q->is, "not") == 0)
		return ANSWER_NO;
	if (strcmp(q->is, "qualified") == 0)
		return fit ? ANSWER_YES : ANSWER_NO;
	if (strcmp(q->is, "licensed") == 0)
		return scheme != NULL && fit ? ANSWER_YES : ANSWER_NO;
	return ANSWER_OPEN;
}

/* Of lists that name the authority doubt outweighs the rest, and they do not
 * outvote each other; what others do not say counts where none names it. */
static void add(struct finding *f, enum answer answer,
		const struct verdict_qualification *q)
{
	if (f->by != NULL && f->by->named && !q->named)
		return;
	if (f->by != NULL && f->by->named == q->named) {
		if (answer != f->answer && q->named && answer != ANSWER_OPEN &&
		    f->answer != ANSWER_OPEN)
			f->contradict = true;
		if (f->answer == ANSWER_OPEN || answer == f->answer)
			return;
	}
	f->answer = f->contradict ? ANSWER_OPEN : answer;
	f->by = q;
}

/* Lists that cannot answer the question have no say in it, not even as doubt.
 */
static struct finding find(const char *scheme,
			   const struct verdict_signature *sig)
{
	struct finding f = { .answer = ANSWER_OPEN };
	const struct verdict_qualification *q;
	size_t i;

	for (i = 0; i < sig->qualification_count; i++) {
		q = &sig->qualifications[i];
		if (may_say(scheme, q))
			add(&f, answer_of(scheme, q), q);
	}
	return f;
}

static const char *text_of(const struct verdict_qualification *q)
{
	return q->message == NULL ? q->is : q->message;
}

/* In the order in which a user can do something about it: no list that could
 * say, lists that contradict each other, one's own word, a list that is over,
 * and then the rest. */
static void doubt(struct verdict_signature *sig, const char *scheme,
		  const struct finding *f)
{
	const char *what = scheme == NULL ? "qualified" : "licensed by ";
	const char *name = scheme == NULL ? "" : scheme;

	if (f->by == NULL)
		verdict_doubt(sig, SUB_CHAIN_CONSTRAINTS_FAILURE,
			      sig->signer == NULL ? "signer-unknown"
						  : "trust-list-scheme",
			      sig->signer == NULL
				      ? "whether the signer is %s%s cannot be "
					"told: there is no certificate of his"
				      : "no trust list that was given can say "
					"who is %s%s",
			      what, name);
	else if (f->contradict)
		verdict_doubt(sig, SUB_CHAIN_CONSTRAINTS_FAILURE,
			      "trust-lists-contradict",
			      "trust lists contradict each other about "
			      "whether the signer is %s%s",
			      what, name);
	else if (strcmp(f->by->is, "self-asserted") == 0)
		verdict_doubt(sig, SUB_CHAIN_CONSTRAINTS_FAILURE,
			      "self-asserted", "the signer is %s",
			      text_of(f->by));
	else if (f->by->why != NULL && strcmp(f->by->why, "list-ended") == 0)
		verdict_doubt(sig, SUB_CHAIN_CONSTRAINTS_FAILURE,
			      "trust-list-ended",
			      "whether the signer is %s%s is %s", what, name,
			      text_of(f->by));
	else
		verdict_doubt(sig, SUB_CHAIN_CONSTRAINTS_FAILURE,
			      "qualification-unknown",
			      "whether the signer is %s%s is %s", what, name,
			      text_of(f->by));
}

void verify_qualified_tell(const char *scheme, struct verdict_document *doc)
{
	struct verdict_signature *sig;
	struct finding f;
	size_t i;

	for (i = 0; i < doc->signature_count; i++) {
		sig = &doc->signatures[i];
		if (!is_asked(sig))
			continue;
		f = find(scheme, sig);
		if (f.answer == ANSWER_OPEN)
			doubt(sig, scheme, &f);
		else if (f.answer == ANSWER_NO)
			verdict_note(
				sig, "not-qualified",
				"the signer is not %s%s: %s",
				scheme == NULL ? "qualified" : "licensed by ",
				scheme == NULL ? "" : scheme, text_of(f.by));
	}
}

bool verify_qualified_met(const char *scheme,
			  const struct verdict_document *doc)
{
	size_t i, asked = 0;

	for (i = 0; i < doc->signature_count; i++) {
		if (!is_asked(&doc->signatures[i]))
			continue;
		asked++;
		if (find(scheme, &doc->signatures[i]).answer == ANSWER_NO)
			return false;
	}
	return asked > 0;
}
