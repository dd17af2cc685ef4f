/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "base/clock.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "office/party/authority.h"

struct renew_args {
	const char *root_key;
	long days;
	const char *operator_passphrase;
	const char *root_passphrase;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct renew_args, root_key), .name = "root-key",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "the root's key, if init put it outside the home" },
	{ OPTION_NUMBER(struct renew_args, days), .name = "days",
	  .argument = "N", .initial = "3660", .min = 1, .max = 7320,
	  .help = "how long the new CA certifies; not longer than the root" },
	{ OPTION_PASSPHRASE(struct renew_args, operator_passphrase),
	  .name = "operator-passphrase", .config = true,
	  .help = "protects the new CA's key, as it does the present one's" },
	{ OPTION_PASSPHRASE(struct renew_args, root_passphrase),
	  .name = "root-passphrase", .help = "opens the root's key" },
	{ 0 }
};

static enum deed_status ask_operator(struct session *s,
				     const struct renew_args *a,
				     struct secret **out,
				     struct deed_error *err)
{
	return passphrase_operator(s, a->operator_passphrase, out, err);
}

/* Where the root's key is in a file outside, the keystore cannot tell whether
 * an answer opens it. */
static enum deed_status ask_root(struct session *s, const struct renew_args *a,
				 struct secret **out, struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = a->root_passphrase,
		.option = "--root-passphrase",
		.key = "root",
		.owner = "the root CA",
		.opens = a->root_key == NULL ? passphrase_opens_root : NULL,
	};

	return passphrase_get(s, &request, out, err);
}

/* A timer that makes lists opens the keys of both CAs by a slot. */
static void report_slots(struct session *s, const struct authority_renewal *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->slots; i++) {
		session_warn(s,
			     "the new key %s no slot '%s'; deed key slot add "
			     "office %s --role issuing",
			     s->dry_run ? "would have" : "has", r->slot[i],
			     r->slot[i]);
		json_array_append_new(list, json_string(r->slot[i]));
	}
	output_set(s, "slots", list);
}

/* Slots are told with -n as well: they are what the operator has to do
 * afterwards. */
static void report(struct session *s, const struct authority_renewal *r)
{
	char until[CLOCK_TEXT];

	clock_format(r->not_after, until);
	if (s->dry_run)
		session_say(s, "would make issuing CA %u, valid to %s",
			    r->generation, until);
	else
		session_say(s,
			    "issuing CA %u certifies from now on, to %s; log "
			    "entry %llu",
			    r->generation, until, (unsigned long long)r->index);
	output_set(s, "generation", json_integer((json_int_t)r->generation));
	output_set(s, "not_after", output_time(r->not_after));
	report_slots(s, r);
	if (s->dry_run)
		return;
	output_set(s, "certificate", output_sha256(r->certificate));
	output_set(s, "log_index", json_integer((json_int_t)r->index));
}

/* The root signs and the operator's passphrase protects, so that both are
 * asked for before anything is made. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct renew_args *a = args;
	struct authority_renewal renewal = {
		.root_key = a->root_key,
		.days = (unsigned)a->days,
		.dry_run = s->dry_run,
		.now = s->now,
		.wait = (unsigned)s->wait,
	};
	struct secret *operator= NULL, *root = NULL;
	struct home *home = NULL;
	enum deed_status status;

	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = ask_operator(s, a, &operator, err);
	if (status == DEED_OK)
		status = ask_root(s, a, &root, err);
	if (status == DEED_OK) {
		renewal.operator_passphrase = operator;
		renewal.root_passphrase = root;
		status = authority_renew(home, &renewal, err);
	}
	if (status == DEED_OK)
		report(s, &renewal);
	secret_free(operator);
	secret_free(root);
	home_close(home);
	return status;
}

const struct command command_ca_renew = {
	.name = "ca renew",
	.operands = "",
	.summary = "make a new issuing CA under the root",
	.options = options,
	.args_size = sizeof(struct renew_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.run = run,
};
