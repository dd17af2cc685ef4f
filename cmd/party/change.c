/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "office/party/prove.h"

struct change_args {
	const char *reason;
	bool lift;
	const char *operator_passphrase;
};

#define OPERATOR_OPTION                                                     \
	{                                                                   \
		OPTION_PASSPHRASE(struct change_args, operator_passphrase), \
			.name = "operator-passphrase", .config = true,      \
			.help = "opens the notary's signature key"          \
	}

static const struct option suspend_options[] = {
	{ OPTION_TEXT(struct change_args, reason), .name = "reason",
	  .argument = "TEXT",
	  .help = "why; it is public in the status statement" },
	{ OPTION_FLAG(struct change_args, lift), .name = "lift",
	  .excludes = "reason", .help = "end the suspension" },
	OPERATOR_OPTION,
	{ 0 }
};

static const struct option rename_options[] = { OPERATOR_OPTION, { 0 } };

/* A status statement by the notary, so that it is the operator's passphrase
 * that is asked for, not the party's. */
static enum deed_status change(struct session *s, const struct change_args *a,
			       struct prove_change *c, struct deed_error *err)
{
	struct home *home = NULL;
	struct secret *passphrase = NULL;
	enum deed_status status;

	c->party = s->operand[0];
	c->dry_run = s->dry_run;
	c->now = s->now;
	c->wait = (unsigned)s->wait;
	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = passphrase_operator(s, a->operator_passphrase,
					     &passphrase, err);
	if (status == DEED_OK) {
		c->passphrase = passphrase;
		status = prove_change(home, c, err);
	}
	if (status == DEED_OK) {
		output_set(s, "party",
			   json_string(c->new_party != NULL ? c->new_party
							    : c->party));
		if (!s->dry_run)
			output_set(s, "log_index",
				   json_integer((json_int_t)c->index));
	}
	secret_free(passphrase);
	home_close(home);
	return status;
}

/* Ending a suspension is the same statement with the other state: there is no
 * deletion, and the log has both. */
static enum deed_status run_suspend(struct session *s, const void *args,
				    struct deed_error *err)
{
	const struct change_args *a = args;
	struct prove_change c = {
		.state = a->lift ? STATE_VERIFIED : STATE_SUSPENDED,
		.reason = a->reason,
	};
	enum deed_status status;

	status = change(s, a, &c, err);
	if (status == DEED_OK) {
		if (s->dry_run)
			session_say(s, "party '%s' would be %s", c.party,
				    c.state);
		else
			session_say(s, "party '%s' is %s; log entry %llu",
				    c.party, c.state,
				    (unsigned long long)c.index);
		if (!s->dry_run)
			output_set(s, "state", json_string(c.state));
	}
	return status;
}

/* Only the handle, by which commands call the party: what it signed and what
 * was certified name no handle. */
static enum deed_status run_rename(struct session *s, const void *args,
				   struct deed_error *err)
{
	struct prove_change c = { .new_party = s->operand[1] };
	enum deed_status status = change(s, args, &c, err);

	if (status == DEED_OK && s->dry_run)
		session_say(s, "party '%s' would be called '%s'", c.party,
			    c.new_party);
	else if (status == DEED_OK)
		session_say(s, "party '%s' is called '%s' now; log entry %llu",
			    c.party, c.new_party, (unsigned long long)c.index);
	return status;
}

const struct command command_party_suspend = {
	.name = "party suspend",
	.operands = "PARTY",
	.summary = "keep a party from signing, or let it sign again",
	.options = suspend_options,
	.args_size = sizeof(struct change_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_PARTY,
	.run = run_suspend,
};

const struct command command_party_rename = {
	.name = "party rename",
	.operands = "PARTY NEW",
	.summary = "give a party another handle",
	.options = rename_options,
	.args_size = sizeof(struct change_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 2,
	.max_operands = 2,
	.complete = COMPLETE_PARTY,
	.run = run_rename,
};
