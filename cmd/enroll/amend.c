/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/enroll/enroll.h"

#include "ca/request.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "office/party/enroll_again.h"

struct amend_args {
	const char *from, *name, *phone, *email, *id, *csr;
	const char *passphrase, *pin;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct amend_args, from), .name = "from",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "read what is new of name, phone, email and id from a YAML "
		  "file, or - for standard input" },
	{ OPTION_TEXT(struct amend_args, name), .name = "name",
	  .argument = "NAME", .help = "the real name" },
	{ OPTION_TEXT(struct amend_args, phone), .name = "phone",
	  .argument = "NUMBER",
	  .help = "phone number, with + and country code" },
	{ OPTION_TEXT(struct amend_args, email), .name = "email",
	  .argument = "ADDRESS", .help = "e-mail address" },
	{ OPTION_TEXT(struct amend_args, id), .name = "id",
	  .argument = "KIND:NUMBER",
	  .help = "identity number, such as cn-ric:..." },
	{ OPTION_TEXT(struct amend_args, csr), .name = "csr",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "of a key that is elsewhere: its certification request for "
		  "the new name" },
	{ OPTION_PASSPHRASE(struct amend_args, passphrase),
	  .name = "passphrase", .config = true,
	  .help = "opens the party's keys" },
	{ OPTION_PASSPHRASE(struct amend_args, pin), .name = "pin",
	  .help = "where the token's PIN comes from" },
	{ 0 }
};

/* The party is sought before its passphrase is asked for: a mistyped name
 * costs no typing. */
static enum deed_status amend(struct session *s, const struct amend_args *a,
			      struct enroll_amendment *e,
			      struct deed_error *err)
{
	struct secret *passphrase = NULL, *pin = NULL;
	struct home *home = NULL;
	enum deed_status status;

	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = party_signpost(home, e->form.party, &e->index, err);
	if (status == DEED_OK)
		status = enroll_ask(s, a->passphrase, a->pin, &passphrase, &pin,
				    err);
	e->passphrase = passphrase;
	e->pin = pin;
	if (status == DEED_OK)
		status = enroll_amend(home, e, err);
	secret_free(passphrase);
	secret_free(pin);
	home_close(home);
	return status;
}

/* What was certified stays valid until the new name is proven, and the line
 * says so: an enrolment is a claim. */
static void report(struct session *s, const struct enroll_amendment *e)
{
	output_set(s, "party", json_string(e->form.party));
	if (s->dry_run) {
		session_say(s, "party '%s' would be enrolled anew",
			    e->form.party);
		return;
	}
	output_set(s, "log_index", json_integer((json_int_t)e->index));
	session_say(s,
		    "party '%s' is enrolled anew, and what was certified stays "
		    "until that is proven; log entry %llu",
		    e->form.party, (unsigned long long)e->index);
}

/* The kind decides which certificates a party may have, and is not changed by
 * words; another kind is another party. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct amend_args *a = args;
	struct enroll_amendment e = {
		.form = { .party = s->operand[0],
			  .name = a->name,
			  .phone = a->phone,
			  .email = a->email,
			  .id = a->id },
		.dry_run = s->dry_run,
		.now = s->now,
		.wait = (unsigned)s->wait,
	};
	struct yaml_node *yaml = NULL;
	struct buf request = BUF_INIT;
	enum deed_status status = DEED_OK;

	if (a->from != NULL)
		status = enroll_read_form(a->from, &yaml, &e.form, err);
	if (status == DEED_OK && e.form.kind != NULL)
		status = deed_error_set(err, DEED_USAGE,
					"the kind of a party stays as it is");
	if (status == DEED_OK && a->csr != NULL)
		status =
			enroll_read_operand(a->csr, REQUEST_MAX, &request, err);
	e.request = buf_get(&request);
	if (status == DEED_OK)
		status = amend(s, a, &e, err);
	if (status == DEED_OK)
		report(s, &e);
	yaml_tree_free(yaml);
	buf_clear(&request);
	return status;
}

const struct command command_enroll_amend = {
	.name = "enroll amend",
	.operands = "PARTY",
	.summary = "enrol another name, number or contact of a party",
	.options = options,
	.args_size = sizeof(struct amend_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_PARTY,
	.run = run,
};
