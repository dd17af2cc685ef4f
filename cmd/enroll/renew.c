/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "base/clock.h"
#include "cmd/frame/duration.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "office/party/enroll_again.h"
#include "office/party/party.h"

struct renew_args {
	const char *within, *evidence_age;
	long days;
	const char *operator_passphrase;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct renew_args, within), .name = "within",
	  .argument = "TIME", .config = true,
	  .help = "renew what ends within this: a number and h, d or w; 30d "
		  "where no party is named" },
	{ OPTION_TEXT(struct renew_args, evidence_age), .name = "evidence-age",
	  .argument = "TIME", .initial = "1825d", .config = true,
	  .help = "how old the proof of a name may be" },
	{ OPTION_NUMBER(struct renew_args, days), .name = "days",
	  .argument = "N", .initial = "1095", .min = 1, .max = 3650,
	  .config = true, .help = "how long the certificates are valid" },
	{ OPTION_PASSPHRASE(struct renew_args, operator_passphrase),
	  .name = "operator-passphrase", .config = true,
	  .help = "opens the register's, the notary's and the issuing CA's "
		  "keys" },
	{ 0 }
};

/* One run over some parties; keys are opened when the first is due. */
struct run {
	struct session *session;
	const struct renew_args *args;
	struct home *home;
	struct secret *passphrase;
	struct prove_session *prove;
	struct enroll_renewal each; /* what holds for all */
	json_t *list;
	size_t renewed, failed;
	enum deed_status status; /* of the failures */
};

/* Once for all parties, and only when one is due: a timer that finds nothing
 * due needs no passphrase. */
static enum deed_status open_keys(struct run *r, struct deed_error *err)
{
	enum deed_status status;

	if (r->prove != NULL)
		return DEED_OK;
	status = passphrase_operator(r->session, r->args->operator_passphrase,
				     &r->passphrase, err);
	if (status == DEED_OK)
		status = prove_session_open(
			r->home, r->passphrase, r->session->now,
			(unsigned)r->session->wait, &r->prove, err);
	return status;
}

/* Each party when it is done, since a run over many may end in between, and
 * what was renewed stays. */
static void report(struct run *r, const char *party,
		   const struct enroll_renewal *e)
{
	json_t *object = json_pack("{s:s,s:o}", "party", party, "not_after",
				   output_time(e->not_after));
	char until[CLOCK_TEXT];

	clock_format(e->not_after, until);
	r->renewed++;
	if (r->session->dry_run) {
		output_line(r->session, "%s: would be renewed to %s", party,
			    until);
	} else {
		output_line(r->session, "%s: renewed to %s; log entry %llu",
			    party, until, (unsigned long long)e->index);
		json_object_set_new(object, "certificate",
				    output_sha256(e->certificate));
		json_object_set_new(object, "log_index",
				    json_integer((json_int_t)e->index));
	}
	json_array_append_new(r->list, object);
}

/* A failure is this party's; what ends the run is returned. */
static enum deed_status renew_one(struct run *r, const char *party,
				  struct deed_error *err)
{
	struct enroll_renewal e = r->each;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = DEED_OK;

	if (e.within >= 0) {
		status = enroll_due(r->home, party, r->session->now, &e, &why);
		if (status == DEED_OK && !e.due)
			return DEED_OK;
	}
	if (status == DEED_OK) {
		status = open_keys(r, err);
		if (status != DEED_OK)
			return status;
		status = enroll_renew(r->prove, party, &e, &why);
	}
	if (status == DEED_OK) {
		report(r, party, &e);
		return DEED_OK;
	}
	session_error(r->session, party, &why);
	r->status =
		r->failed++ == 0 || r->status == status ? status : DEED_MIXED;
	return DEED_OK;
}

/* The office first: no party's certificate outlives its own. */
static enum deed_status renew_all(struct run *r, struct deed_error *err)
{
	char **names = NULL;
	size_t count = 0;
	enum deed_status status = party_names(r->home, &names, &count, err);

	if (status == DEED_OK)
		status = renew_one(r, HOME_OFFICE, err);
	for (size_t i = 0; status == DEED_OK && i < count; i++)
		if (strcmp(names[i], HOME_OFFICE) != 0)
			status = renew_one(r, names[i], err);
	party_names_free(names, count);
	return status;
}

/* In the order of the command line; a failure of one is no reason to leave the
 * others. */
static enum deed_status renew_named(struct run *r, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	for (size_t i = 0; status == DEED_OK && i < r->session->operand_count;
	     i++)
		status = renew_one(r, r->session->operand[i], err);
	return status;
}

/* A party that is named is renewed in any case, unless --within says
 * otherwise; all parties are never renewed without a bound. */
static enum deed_status read_times(struct run *r, struct deed_error *err)
{
	const char *within = r->args->within;
	enum deed_status status = DEED_OK;

	if (within == NULL && r->session->operand_count == 0)
		within = "30d";
	r->each.within = -1;
	if (within != NULL)
		status = duration_parse(within, &r->each.within, err);
	if (status != DEED_OK) {
		deed_error_prefix(err, "--within");
		return status;
	}
	status = duration_parse(r->args->evidence_age, &r->each.evidence_age,
				err);
	if (status != DEED_OK)
		deed_error_prefix(err, "--evidence-age");
	return status;
}

/* The list and the count are reported even where the run ended early: what was
 * renewed before that is final. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	struct run r = {
		.session = s,
		.args = args,
		.list = json_array(),
	};
	enum deed_status status = read_times(&r, err);

	r.each.days = (unsigned)r.args->days;
	r.each.dry_run = s->dry_run;
	if (status == DEED_OK)
		status = session_open_home(s, &r.home, err);
	if (status == DEED_OK)
		status = s->operand_count > 0 ? renew_named(&r, err)
					      : renew_all(&r, err);
	output_set(s, "parties", r.list);
	output_set(s, "failed", json_integer((json_int_t)r.failed));
	if (status == DEED_OK && r.renewed == 0 && r.failed == 0)
		session_say(s, "nothing is due");
	else if (status == DEED_OK)
		session_say(s, "%zu %srenewed, %zu failed", r.renewed,
			    s->dry_run ? "would be " : "", r.failed);
	prove_session_close(r.prove);
	secret_free(r.passphrase);
	home_close(r.home);
	return status == DEED_OK ? r.status : status;
}

const struct command command_enroll_renew = {
	.name = "enroll renew",
	.operands = "[PARTY ...]",
	.summary = "certify the same keys anew before their certificates end",
	.options = options,
	.args_size = sizeof(struct renew_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_PARTY,
	.run = run,
};
