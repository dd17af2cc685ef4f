/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <stdlib.h>

#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "office/party/authority.h"

struct revoke_args {
	const char *serial;
	int reason;
	const char *operator_passphrase;
};

static const char *const reasons[] = {
	"unspecified", "key-compromise",	 "affiliation-changed",
	"superseded",  "cessation-of-operation", "privilege-withdrawn",
	NULL,
};

static const struct option options[] = {
	{ OPTION_TEXT(struct revoke_args, serial), .name = "serial",
	  .argument = "HEX",
	  .help = "one certificate by its serial number, not a party's two" },
	{ OPTION_CHOICE(struct revoke_args, reason), .name = "reason",
	  .words = reasons, .initial = "unspecified",
	  .help = "why, as the list will say" },
	{ OPTION_PASSPHRASE(struct revoke_args, operator_passphrase),
	  .name = "operator-passphrase", .config = true,
	  .help = "opens the issuing CA's key" },
	{ 0 }
};

/* A party is all of its certificates, a serial number one; with both it could
 * not be told which was meant. */
static enum deed_status check_args(const struct session *s,
				   const struct revoke_args *a,
				   enum ca_reason *reason,
				   struct deed_error *err)
{
	if ((s->operand_count == 1) == (a->serial != NULL))
		return deed_error_set(err, DEED_USAGE,
				      "expected a party or --serial, not both");
	if (!ca_reason_find(reasons[a->reason], reason))
		return deed_error_set(err, DEED_USAGE,
				      "there is no reason '%s'",
				      reasons[a->reason]);
	return DEED_OK;
}

/* The lists that say so are made with it, so that nothing is revoked which no
 * list names. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct revoke_args *a = args;
	struct authority_revocation r = {
		.party = s->operand_count == 1 ? s->operand[0] : NULL,
		.serial = a->serial,
		.dry_run = s->dry_run,
		.now = s->now,
		.wait = (unsigned)s->wait,
	};
	struct home *home = NULL;
	struct secret *passphrase = NULL;
	enum deed_status status;

	status = check_args(s, a, &r.reason, err);
	if (status == DEED_OK)
		status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = passphrase_operator(s, a->operator_passphrase,
					     &passphrase, err);
	if (status == DEED_OK) {
		r.passphrase = passphrase;
		status = authority_revoke(home, &r, err);
	}
	if (status == DEED_OK) {
		if (s->dry_run)
			session_say(s, "%zu certificates would be revoked",
				    r.revoked);
		else
			session_say(s,
				    "revoked %zu certificates; log entry "
				    "%llu",
				    r.revoked, (unsigned long long)r.index);
		output_set(s, "revoked", json_integer((json_int_t)r.revoked));
		if (!s->dry_run)
			output_set(s, "log_index",
				   json_integer((json_int_t)r.index));
	}
	secret_free(passphrase);
	home_close(home);
	return status;
}

const struct command command_ca_revoke = {
	.name = "ca revoke",
	.operands = "[PARTY]",
	.summary = "take certificates back, and publish the list that says so",
	.options = options,
	.args_size = sizeof(struct revoke_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.max_operands = 1,
	.complete = COMPLETE_PARTY,
	.run = run,
};
