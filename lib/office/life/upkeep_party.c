/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "office/party/authority.h"
#include "office/keys.h"
#include "office/party/party.h"
#include "office/life/upkeep_priv.h"

/* A party while it is looked at. */
struct look {
	struct upkeep_run *run;
	struct pki_source *source;
	const char *party;
	bool office;
	struct status status;
	struct cert_list chain, deposit;
};

static enum deed_status say(struct look *l, enum upkeep_state state,
			    const struct deed_error *why)
{
	return upkeep_add(l->run, l->office ? "office" : "party",
			  l->office ? NULL : l->party, state, why);
}

/* Said of the party alone: no end, and what remedies it, or NULL. */
static enum deed_status tell(struct look *l, enum upkeep_state state,
			     const char *remedy, const char *text)
{
	struct deed_error why = DEED_ERROR_INIT;

	(void)deed_error_set(&why, DEED_NOT_VERIFIED, "%s", text);
	if (remedy != NULL)
		deed_error_remedy(&why, remedy, l->party);
	return say(l, state, &why);
}

/* Which of what a party needs ends first decides. */
static enum deed_status add_end(struct look *l, bool of_house)
{
	const char *ended = l->office ? REMEDY_REKEY_OFFICE : REMEDY_RENEW;
	struct upkeep_topic t = {
		.kind = l->office ? "office" : "party",
		.about = l->office ? NULL : l->party,
		.what = "what its identity was proven by",
		.soon = REMEDY_RENEW,
		.ended = ended,
		.owner = l->party,
	};
	int64_t end = l->status.not_after, other;

	other = cert_fields(l->chain.items[0])->not_after;
	if (other <= end) {
		end = other;
		t.what = "its certificate";
		t.soon = of_house ? REMEDY_RENEW : REMEDY_RENEW_ELSEWHERE;
		t.ended = of_house ? ended : REMEDY_RENEW_ELSEWHERE;
	}
	if (l->deposit.count > 0) {
		other = cert_fields(l->deposit.items[0])->not_after;
		if (other < end) {
			end = other;
			t.what = "its deposit certificate";
			t.soon = REMEDY_RENEW;
			t.ended = ended;
		}
	}
	return upkeep_add_end(l->run, &t, end);
}

/* Another CA's, unless it is of a CA of the house whose certificate is missing;
 * that nobody revoked it is not known then. */
static enum deed_status check_not_ours(struct look *l, const struct cert *c)
{
	struct deed_error why = DEED_ERROR_INIT;
	bool ours;

	if (authority_issued(l->run->home, c, &ours, &why) != DEED_OK)
		return say(l, UPKEEP_AMISS, &why);
	if (!ours)
		return add_end(l, false);
	return tell(l, UPKEEP_AMISS, REMEDY_VERIFY_ID,
		    "its certificate is of this house, and leads to no CA that "
		    "the house holds");
}

/* The certificate: the one that the status names, of this house or not,
 * revoked or not. */
static enum deed_status check_certificate(struct look *l)
{
	struct pki_params params = { .time = l->run->now,
				     .purpose = PKI_SIGNATURE,
				     .source = l->source };
	struct pki_path path = { .len = 0 };
	struct cert *c = l->chain.items[0];
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	if (memcmp(cert_sha256(c), l->status.certificate, 32) != 0)
		return tell(l, UPKEEP_AMISS, REMEDY_VERIFY_ID,
			    "its status is about another certificate");
	status = pki_judge_path(c, &params, &path, &why);
	if (status != DEED_OK)
		status = say(l, UPKEEP_AMISS, &why);
	else if (path.outcome == PKI_REVOKED && l->office)
		status = tell(l, UPKEEP_AMISS, REMEDY_REKEY_OFFICE,
			      "its certificate is revoked");
	else if (path.outcome == PKI_REVOKED)
		/* Somebody wanted it so. */
		status = tell(l, UPKEEP_GOOD, NULL,
			      "its certificate is revoked");
	else if (path.outcome == PKI_NO_PATH)
		status = check_not_ours(l, c);
	else
		status = add_end(l, true);
	pki_path_clear(&path);
	return status;
}

/* A suspension is somebody's decision and nothing that upkeep would have to
 * mend, so it is good. */
static enum deed_status check_verified(struct look *l)
{
	struct deed_error why = DEED_ERROR_INIT;
	char from[CLOCK_TEXT];
	enum deed_status status;

	if (strcmp(l->status.state, STATE_SUSPENDED) == 0)
		return tell(l, UPKEEP_GOOD, NULL, "it is suspended");
	if (l->run->now < l->status.not_before) {
		clock_format(l->status.not_before, from);
		(void)deed_error_set(&why, DEED_NOT_VERIFIED,
				     "its status holds from %s only", from);
		return say(l, UPKEEP_AMISS, &why);
	}
	status = keys_chain(l->run->home, l->party, &l->chain, &why);
	if (status == DEED_OK)
		status = keys_deposit_chain(l->run->home, l->party, &l->deposit,
					    &why);
	if (status != DEED_OK)
		return say(l, UPKEEP_AMISS, &why);
	if (l->chain.count == 0)
		return tell(l, UPKEEP_AMISS, REMEDY_VERIFY_ID,
			    "it has no certificate");
	return check_certificate(l);
}

/* The office has to have a status; of a party that is only registered nothing
 * is wrong yet. */
static enum deed_status check_party(struct look *l)
{
	struct deed_error why = DEED_ERROR_INIT;
	char *path = NULL;
	bool proven;
	enum deed_status status;

	status = home_status_path(l->run->home, l->party, &path, &why);
	if (status != DEED_OK)
		return say(l, UPKEEP_AMISS, &why);
	proven = file_exists(path);
	free(path);
	/* Enrolled, and not proven yet: that is a beginning. */
	if (!proven && !l->office)
		return tell(l, UPKEEP_GOOD, NULL, "it is registered only");
	status = party_status_by(l->run->home, l->source, l->party, l->run->now,
				 &l->status, &why);
	if (status == DEED_OK)
		return check_verified(l);
	why.hint[0][0] = '\0';
	if (status == DEED_NOT_VERIFIED && l->office)
		deed_error_remedy(&why, REMEDY_REKEY_OFFICE, NULL);
	else if (status == DEED_NOT_VERIFIED)
		deed_error_remedy(&why, REMEDY_VERIFY_ID, l->party);
	return say(l, UPKEEP_AMISS, &why);
}

enum deed_status upkeep_parties(struct upkeep_run *r, struct pki_source *source)
{
	struct deed_error why = DEED_ERROR_INIT;
	char **names = NULL;
	size_t count = 0;
	enum deed_status status;

	/* Without a fresh list no status can be judged, and no party is to
	 * blame: the list is told. */
	if (authority_crl_fresh(r->home, r->now, NULL) != DEED_OK)
		return DEED_OK;
	status = party_names(r->home, &names, &count, &why);
	if (status != DEED_OK)
		return upkeep_add(r, "party", NULL, UPKEEP_AMISS, &why);
	for (size_t i = 0; status == DEED_OK && i < count; i++) {
		struct look l = {
			.run = r,
			.source = source,
			.party = names[i],
			.office = strcmp(names[i], HOME_OFFICE) == 0,
			.chain = CERT_LIST_INIT,
			.deposit = CERT_LIST_INIT,
		};

		status = check_party(&l);
		status_clear(&l.status);
		cert_list_clear(&l.chain);
		cert_list_clear(&l.deposit);
	}
	party_names_free(names, count);
	return status;
}
