/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/enroll/enroll.h"

#include <stdlib.h>

#include "base/clock.h"
#include "cmd/frame/confirm.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "office/deposit/deposit_lost.h"
#include "office/party/enroll_again.h"

struct rekey_args {
	bool lost, yes;
	int key, deposit_key, reason;
	const char *passphrase, *pin, *operator_passphrase;
};

static const char *const reasons[] = {
	"unspecified",	       "key-compromise",      "superseded",
	"affiliation-changed", "privilege-withdrawn", NULL,
};

static const struct option options[] = {
	{ OPTION_FLAG(struct rekey_args, lost), .name = "lost",
	  .help = "the old keys cannot be used any more: revoke their "
		  "certificates; the name is proven anew" },
	{ OPTION_CHOICE(struct rekey_args, reason), .name = "reason",
	  .words = reasons, .initial = "unspecified",
	  .help = "with --lost, or of the office: why, as the revocation "
		  "list will say" },
	{ OPTION_FLAG(struct rekey_args, yes), .name = "yes",
	  .help = "with --lost, or of the office: do not ask" },
	{ OPTION_CHOICE(struct rekey_args, key), .name = "key",
	  .words = enroll_keys, .initial = "p256", .config = true,
	  .help = "kind of signature key to make" },
	{ OPTION_CHOICE(struct rekey_args, deposit_key), .name = "deposit-key",
	  .words = enroll_deposit_keys, .initial = "p256", .config = true,
	  .help = "kind of deposit key to make" },
	{ OPTION_PASSPHRASE(struct rekey_args, passphrase),
	  .name = "passphrase", .config = true,
	  .help = "opens the party's keys and protects the new ones" },
	{ OPTION_PASSPHRASE(struct rekey_args, pin), .name = "pin",
	  .help = "where the PIN of an old key on a token comes from" },
	{ OPTION_PASSPHRASE(struct rekey_args, operator_passphrase),
	  .name = "operator-passphrase", .config = true,
	  .help = "opens the register's, the notary's and the issuing CA's "
		  "keys" },
	{ 0 }
};

/* What nobody will open any more, and whether that is meant. */
static enum deed_status ask(struct session *s, const struct home *home,
			    const struct rekey_args *a, struct deed_error *err)
{
	const char *party = s->operand[0];
	struct catalogue_item *item = NULL;
	struct buf question = BUF_INIT;
	json_t *list = json_array();
	size_t count = 0;
	enum deed_status status;

	status = deposit_only_of(home, party, s->now, &item, &count, err);
	for (size_t i = 0; status == DEED_OK && i < count; i++) {
		output_line(s, "only the lost key opens deposit %.16s",
			    item[i].id);
		json_array_append_new(list, json_string(item[i].id));
	}
	output_set(s, "lost_deposits", list);
	if (status == DEED_OK) {
		buf_printf(&question,
			   "Revoke the certificates of party '%s', and give it "
			   "new keys?  %zu deposits are lost with the old "
			   "ones.%c",
			   party, count, 0);
		status = buf_status(&question, err);
	}
	if (status == DEED_OK)
		status = confirm(s, a->yes, (const char *)question.data, err);
	buf_clear(&question);
	free(item);
	return status;
}

/* Without --lost the certificate is there already, for the old key spoke for
 * the new one; with it the party is only registered again. */
static void report(struct session *s, const struct enroll_rekey *r)
{
	const char *party = s->operand[0];
	char until[CLOCK_TEXT];

	output_set(s, "party", json_string(party));
	output_set(s, "lost", json_boolean(r->lost));
	if (s->dry_run) {
		session_say(s, "party '%s' would get new keys", party);
		return;
	}
	output_set(s, "key", output_sha256(r->fingerprint));
	output_set(s, "log_index", json_integer((json_int_t)r->index));
	if (r->lost) {
		output_set(s, "revoked", json_integer((json_int_t)r->revoked));
		output_set(s, "state", json_string("registered"));
		session_say(s,
			    "party '%s' has new keys, %zu certificates are "
			    "revoked, and its name is to be proven anew; log "
			    "entry %llu",
			    party, r->revoked, (unsigned long long)r->index);
		return;
	}
	clock_format(r->not_after, until);
	output_set(s, "certificate", output_sha256(r->certificate));
	output_set(s, "not_after", output_time(r->not_after));
	output_set(s, "state", json_string("verified"));
	session_say(s,
		    "party '%s' has new keys, certified to %s; log entry %llu",
		    party, until, (unsigned long long)r->index);
}

/* With --lost the party's passphrase is a new one, for the old one opens
 * nothing any more; without, the same protects the new keys. */
static enum deed_status
ask_passphrases(struct session *s, const struct rekey_args *a,
		struct secret **operator, struct secret ** party,
		struct secret **pin, struct deed_error *err)
{
	const struct passphrase_request of_party = {
		.source = a->passphrase,
		.option = "--passphrase",
		.key = s->operand[0],
		.owner = s->operand[0],
		.create = a->lost,
		.opens = a->lost ? NULL : passphrase_opens_party,
	};
	const struct passphrase_request of_token = {
		.source = a->pin,
		.option = "--pin",
		.key = "pin",
		.owner = "the token",
	};
	enum deed_status status;

	status = passphrase_operator(s, a->operator_passphrase, operator, err);
	if (status == DEED_OK)
		status = passphrase_get(s, &of_party, party, err);
	if (status == DEED_OK && a->pin != NULL && !a->lost)
		status = passphrase_get(s, &of_token, pin, err);
	return status;
}

/* The session opens register, notary and issuing CA by the operator's
 * passphrase; it is closed before the passphrases are wiped. */
static enum deed_status rekey(struct session *s, const struct home *home,
			      const struct rekey_args *a,
			      struct enroll_rekey *r, struct deed_error *err)
{
	struct secret *operator= NULL, *party = NULL, *pin = NULL;
	struct prove_session *prove = NULL;
	enum deed_status status;

	status = ask_passphrases(s, a, &operator, & party, &pin, err);
	r->passphrase = party;
	r->pin = pin;
	if (status == DEED_OK)
		status = prove_session_open(home, operator, s->now,
					    (unsigned)s->wait, &prove, err);
	if (status == DEED_OK)
		status = enroll_rekey(prove, s->operand[0], r, err);
	prove_session_close(prove);
	secret_free(operator);
	secret_free(party);
	secret_free(pin);
	return status;
}

/* A run that was cut short is gone on with by the next, which says so. */
static void report_office(struct session *s, const struct rekey_office *r)
{
	output_set(s, "party", json_string(HOME_OFFICE));
	output_set(s, "resumed", json_boolean(r->resumed));
	if (s->dry_run) {
		session_say(s, "%s",
			    r->resumed ? "what was begun would be gone on with"
				       : "the office would get a new key");
		return;
	}
	output_set(s, "attested", json_integer((json_int_t)r->attested));
	output_set(s, "revoked", json_integer((json_int_t)r->revoked));
	session_say(s,
		    "the office has a new key%s; %zu parties are attested "
		    "again, %zu old certificates are revoked",
		    r->resumed ? " (gone on with)" : "", r->attested,
		    r->revoked);
}

/* Nothing of the office can be lost but with the operator's passphrase, and
 * without that nothing of it is done. */
static enum deed_status rekey_office(struct session *s, const struct home *home,
				     const struct rekey_args *a,
				     struct rekey_office *r,
				     struct deed_error *err)
{
	struct secret *passphrase = NULL;
	enum deed_status status;

	status = confirm(s, a->yes,
			 "Make the office a new key, attest all parties "
			 "again, and revoke the old key's certificates?",
			 err);
	if (status == DEED_OK)
		status = passphrase_operator(s, a->operator_passphrase,
					     &passphrase, err);
	r->passphrase = passphrase;
	if (status == DEED_OK)
		status = enroll_rekey_office(home, r, err);
	if (status == DEED_OK)
		report_office(s, r);
	secret_free(passphrase);
	return status;
}

/* The reason is superseded unless told: a new key of the office is the usual
 * end of an old one, not a sign of a theft. */
static enum deed_status run_office(struct session *s,
				   const struct rekey_args *a,
				   struct deed_error *err)
{
	struct rekey_office r = {
		.dry_run = s->dry_run,
		.now = s->now,
		.wait = (unsigned)s->wait,
	};
	struct home *home = NULL;
	enum deed_status status;

	if (a->lost)
		return deed_error_set(err, DEED_USAGE,
				      "--lost is of a party: the office's keys "
				      "are replaced with the operator's "
				      "passphrase");
	if (!ca_reason_find(a->reason == 0 ? "superseded" : reasons[a->reason],
			    &r.reason))
		return deed_error_set(err, DEED_USAGE, "no such reason");
	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = rekey_office(s, home, a, &r, err);
	home_close(home);
	return status;
}

/* The party is sought and, with --lost, what would be lost is shown, before
 * any passphrase is asked for. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct rekey_args *a = args;
	struct enroll_rekey r = { .lost = a->lost, .dry_run = s->dry_run };
	struct home *home = NULL;
	uint64_t enrolment;
	enum deed_status status;

	if (strcmp(s->operand[0], HOME_OFFICE) == 0)
		return run_office(s, a, err);
	if (!a->lost && (a->yes || a->reason != 0))
		return deed_error_set(err, DEED_USAGE,
				      "--reason and --yes go with --lost");
	if (!key_alg_from_name(enroll_keys[a->key], &r.key) ||
	    !key_alg_from_name(enroll_deposit_keys[a->deposit_key],
			       &r.deposit_key) ||
	    !ca_reason_find(reasons[a->reason], &r.reason))
		return deed_error_set(err, DEED_USAGE, "no such kind of key");
	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = party_signpost(home, s->operand[0], &enrolment, err);
	if (status == DEED_OK && a->lost)
		status = ask(s, home, a, err);
	if (status == DEED_OK)
		status = rekey(s, home, a, &r, err);
	if (status == DEED_OK)
		report(s, &r);
	home_close(home);
	return status;
}

const struct command command_enroll_rekey = {
	.name = "enroll rekey",
	.operands = "PARTY",
	.summary = "give a party new keys",
	.options = options,
	.args_size = sizeof(struct rekey_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_PARTY,
	.run = run,
};
