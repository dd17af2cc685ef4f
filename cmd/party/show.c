/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "base/clock.h"
#include "cmd/frame/output.h"
#include "cmd/party/party.h"
#include "cmd/frame/secret.h"
#include "codec/hex.h"
#include "office/party/prove.h"

struct show_args {
	bool open;
	const char *operator_passphrase;
};

static const struct option options[] = {
	{ OPTION_FLAG(struct show_args, open), .name = "open", .excludes = "at",
	  .help = "as the operator, open the enrolment: name, number, "
		  "contact" },
	{ OPTION_PASSPHRASE(struct show_args, operator_passphrase),
	  .name = "operator-passphrase", .config = true,
	  .help = "opens the register's key" },
	{ 0 }
};

/* What anybody who reads the home may know: the status that the notary signed.
 * The enrolled name is not in it before it is proven. */
static void print_public(struct session *s, const struct party_info *info)
{
	struct buf problem = BUF_INIT;
	char text[65];

	output_line(s, "party: %s", info->party);
	output_line(s, "state: %s", party_state_name(info->state));
	if (info->problem != NULL) {
		party_problem(s, info, &problem);
		if (!problem.failed)
			output_line(s, "problem: %s",
				    (const char *)problem.data);
		buf_clear(&problem);
	}
	output_line(s, "enrolment: log entry %llu",
		    (unsigned long long)info->enrolment);
	if (info->name == NULL)
		return;
	output_line(s, "kind: %s", info->kind);
	output_line(s, "name: %s", info->name);
	hex_text(slice_of(info->key, 32), text);
	output_line(s, "key: sha256:%s", text);
	clock_format(info->not_before, text);
	output_line(s, "from: %s", text);
	clock_format(info->not_after, text);
	output_line(s, "to: %s", text);
	output_line(s, "may: sign%s", info->may_seal ? ", seal" : "");
	output_line(s, "status: log entry %llu",
		    (unsigned long long)info->index);
}

/* Nobody ever tried the number or the address, and that is said wherever one
 * is shown. */
static void print_contact(struct session *s, json_t *object, const char *label,
			  const char *value)
{
	if (value == NULL)
		return;
	output_line(s, "%s: %s (unconfirmed)", label, value);
	json_object_set_new(
		object, label,
		json_pack("{s:s,s:b}", "value", value, "confirmed", 0));
}

/* The number counts as confirmed only where a status statement vouches for it
 * now; a damaged party has none. */
static void print_record(struct session *s, const struct party_info *info,
			 const struct prove_view *view)
{
	const struct enrolment *e = view->enrolment;
	json_t *object = json_object();
	bool proven = info->name != NULL && info->state != PARTY_DAMAGED;

	output_line(s, "enrolled as: %s, %s", e->name, e->kind);
	output_line(s, "number: %s (%s)", e->id,
		    proven ? "confirmed by the notary" : "well-formed");
	json_object_set_new(object, "name", output_text(e->name));
	json_object_set_new(object, "kind", output_text(e->kind));
	json_object_set_new(object, "id", output_text(e->id));
	json_object_set_new(object, "id_state",
			    json_string(proven ? "confirmed" : "well-formed"));
	print_contact(s, object, "phone", e->phone);
	print_contact(s, object, "email", e->email);
	for (size_t i = 0; i < view->problem_count; i++)
		session_warn(s, "%s", view->problem[i]);
	output_set(s, "enrolled", object);
}

/* The whole chain of records is checked as for a proof, not only the last one
 * read: what is shown is what would be certified. */
static enum deed_status open_record(struct session *s, const struct home *home,
				    const struct party_info *info,
				    const struct show_args *a,
				    struct deed_error *err)
{
	struct secret *passphrase = NULL;
	struct prove *prove = NULL;
	struct prove_view view;
	enum deed_status status;

	status = passphrase_operator(s, a->operator_passphrase, &passphrase,
				     err);
	if (status == DEED_OK)
		status = prove_open(home, info->party, passphrase, s->now,
				    (unsigned)s->wait, &prove, err);
	if (status == DEED_OK) {
		prove_view(prove, &view);
		print_record(s, info, &view);
	}
	prove_close(prove);
	secret_free(passphrase);
	return status;
}

/* What another status took the place of is told, or why it is not. */
static void show_past(struct session *s, const struct home *home)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct past past;

	if (past_load(home, s->operand[0], &past, &why) == DEED_OK)
		party_show_generations(s, &past);
	else
		session_warn(s, "the generations are not known: %s",
			     why.message);
	past_clear(&past);
}

/* The party is sought first, so that a mistyped name is told from one that had
 * no status then. */
static enum deed_status show_at(struct session *s, const struct home *home,
				struct deed_error *err)
{
	uint64_t enrolment;
	struct past past = { NULL, 0 };
	enum deed_status status;

	status = party_signpost(home, s->operand[0], &enrolment, err);
	if (status == DEED_OK)
		status = past_load(home, s->operand[0], &past, err);
	if (status == DEED_OK)
		party_show_at(s, s->operand[0], &past, s->at.value);
	past_clear(&past);
	return status;
}

/* The generations are told even where the status is damaged.  Who names a
 * passphrase wants the record opened, with --open or without. */
static enum deed_status show_now(struct session *s, const struct home *home,
				 const struct show_args *a,
				 struct deed_error *err)
{
	struct party_info info = { .party = NULL };
	json_t *object;
	enum deed_status status;

	status = party_load(home, s->operand[0], s->now, &info, err);
	if (status == DEED_OK) {
		print_public(s, &info);
		object = party_json(s, &info);
		if (object != NULL)
			json_object_update(output_json(s), object);
		json_decref(object);
		show_past(s, home);
		if (a->open || a->operator_passphrase != NULL)
			status = open_record(s, home, &info, a, err);
	}
	party_info_clear(&info);
	return status;
}

/* With --at the status statements of the past are gone through instead; what
 * the keystore holds now says nothing of then. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct show_args *a = args;
	struct home *home = NULL;
	enum deed_status status;

	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = s->at.given ? show_at(s, home, err)
				     : show_now(s, home, a, err);
	home_close(home);
	return status;
}

const struct command command_party_show = {
	.name = "party show",
	.operands = "PARTY",
	.summary = "show what is known of a party",
	.options = options,
	.args_size = sizeof(struct show_args),
	.flags = COMMAND_HOME | COMMAND_AT,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_PARTY,
	.run = run,
};
