/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "base/clock.h"
#include "cmd/frame/confirm.h"
#include "cmd/enroll/listed.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "codec/hex.h"
#include "key/x509_name.h"
#include "office/party/prove.h"

struct verify_id_args {
	const char *attest;
	const char *location;
	int method;
	long days;
	bool real_number;
	bool yes;
	const char *accept_ca;
	const char *operator_passphrase;
};

static const char *const methods[] = { "in-person", "video", "register-extract",
				       NULL };

static const struct option options[] = {
	{ OPTION_TEXT(struct verify_id_args, attest), .name = "attest",
	  .argument = "TEXT", .required = true,
	  .help = "what was seen, and how it was compared" },
	{ OPTION_TEXT(struct verify_id_args, location), .name = "location",
	  .argument = "TOWN", .required = true, .help = "where" },
	{ OPTION_CHOICE(struct verify_id_args, method), .name = "method",
	  .words = methods, .initial = "in-person",
	  .help = "how the party was before the notary" },
	{ OPTION_NUMBER(struct verify_id_args, days), .name = "days",
	  .argument = "N", .initial = "1095", .min = 1, .max = 3650,
	  .config = true, .help = "how long the certificates are valid" },
	{ OPTION_FLAG(struct verify_id_args, real_number),
	  .name = "real-number",
	  .help = "let the certificate tell the identity number, not a "
		  "pseudonym" },
	{ OPTION_TEXT(struct verify_id_args, accept_ca), .name = "accept-ca",
	  .argument = "SHA256",
	  .help = "take the word of the CA of this certificate, which no "
		  "trust list names" },
	{ OPTION_FLAG(struct verify_id_args, yes), .name = "yes",
	  .help = "certify what is shown without asking" },
	{ OPTION_PASSPHRASE(struct verify_id_args, operator_passphrase),
	  .name = "operator-passphrase", .config = true,
	  .help = "opens the register's, the notary's and the issuing CA's "
		  "keys" },
	{ 0 }
};

/* What the operator accepts instead of certifying: whose word that is. */
static void show_external(struct session *s, const struct prove_view *view)
{
	const struct cert *c = view->external, *ca = view->external_ca;
	struct buf issuer = BUF_INIT;
	char hash[65];

	x509_name_text(cert_fields(c)->issuer, &issuer);
	hex_text(slice_of(cert_sha256(c), 32), hash);
	output_line(s, "certificate: sha256:%s", hash);
	output_line(s, "issued by: %.*s", (int)issuer.len,
		    (const char *)issuer.data);
	output_set(
		s, "external",
		json_pack("{s:o,s:o}", "certificate",
			  output_sha256(cert_sha256(c)), "issuer",
			  json_stringn((const char *)issuer.data, issuer.len)));
	buf_clear(&issuer);
	if (ca != NULL) {
		hex_text(slice_of(cert_sha256(ca), 32), hash);
		output_line(s, "CA: sha256:%s", hash);
		output_set(s, "external_ca", output_sha256(cert_sha256(ca)));
	}
	if (view->listed != NULL)
		listed_show(s, view->listed);
	if (view->differs[0] != '\0') {
		output_line(s, "name in certificate: %s", view->differs);
		output_set(s, "name_in_certificate",
			   output_text(view->differs));
	}
}

/* An enrolment that follows another: by whose word. */
static void show_before(struct session *s, const struct prove_view *view)
{
	static const char *const links[] = {
		[ROLL_FIRST] = "first",
		[ROLL_SAME_KEY] = "same-key",
		[ROLL_SUCCEEDS] = "old-key",
		[ROLL_UNSIGNED] = "none",
	};
	static const char *const words[] = {
		[ROLL_FIRST] = NULL,
		[ROLL_SAME_KEY] = "signed with the same key",
		[ROLL_SUCCEEDS] = "the old key speaks for the new one",
		[ROLL_UNSIGNED] = "nothing of the old key speaks for it",
	};

	output_set(s, "word", json_string(links[view->link]));
	output_set(s, "enrolments", json_integer((json_int_t)view->enrolments));
	if (words[view->link] == NULL)
		return;
	output_line(s, "it is the party's enrolment %zu: %s", view->enrolments,
		    words[view->link]);
	if (view->old_name != NULL)
		output_line(s, "name before: %s", view->old_name);
}

/* What the operator is about to certify, with the key: the same key is to be
 * on what the party brings.  Phone and address were never tried, and say so.
 */
static void show(struct session *s, const struct prove_view *view)
{
	const struct enrolment *e = view->enrolment;
	char key[65];

	hex_text(slice_of(e->key, 32), key);
	output_line(s, "name: %s", e->name);
	output_line(s, "kind: %s", e->kind);
	output_line(s, "number: %s (%s)", e->id,
		    id_state_name(view->id->state));
	if (e->phone != NULL)
		output_line(s, "phone: %s (unconfirmed)", e->phone);
	if (e->email != NULL)
		output_line(s, "email: %s (unconfirmed)", e->email);
	output_line(s, "key: sha256:%s", key);
	output_line(s, "enrolment: log entry %llu",
		    (unsigned long long)view->index);
	show_before(s, view);
	if (view->external != NULL)
		show_external(s, view);
	output_set(s, "party", output_text(e->party));
	output_set(s, "name", output_text(e->name));
	output_set(s, "kind", output_text(e->kind));
	output_set(s, "id", output_text(e->id));
	output_set(s, "key", output_sha256(e->key));
	output_set(s, "enrolment", json_integer((json_int_t)view->index));
}

/* Shown before the question, not after: whoever answers takes them upon
 * himself. */
static void show_problems(struct session *s, const struct prove_view *view)
{
	json_t *list = json_array();

	for (size_t i = 0; i < view->problem_count; i++) {
		session_warn(s, "%s", view->problem[i]);
		json_array_append_new(list, output_text(view->problem[i]));
	}
	if (view->id->warning[0] != '\0')
		session_warn(s, "%s", view->id->warning);
	output_set(s, "problems", list);
}

/* Whoever answers may not see what was printed: it may go to a file. */
static enum deed_status ask(struct session *s, const struct prove_view *view,
			    bool yes, struct deed_error *err)
{
	const struct enrolment *e = view->enrolment;
	struct buf question = BUF_INIT;
	enum deed_status status;

	buf_printf(&question, "Certify '%s', number %s, key sha256:", e->name,
		   e->id);
	hex_encode(slice_of(e->key, 32), &question);
	buf_printf(&question, ", as party '%s'?%c", e->party, 0);
	status = buf_status(&question, err);
	if (status == DEED_OK)
		status = confirm(s, yes, (const char *)question.data, err);
	buf_clear(&question);
	return status;
}

/* Only what was logged is reported, with the entry, after it is final. */
static void report(struct session *s, const struct prove_view *view,
		   const struct prove_act *act)
{
	char until[CLOCK_TEXT];

	clock_format(act->not_after, until);
	session_say(s, "party '%s' is verified to %s; log entry %llu",
		    view->enrolment->party, until,
		    (unsigned long long)act->index);
	output_set(s, "state", json_string(STATE_VERIFIED));
	output_set(s, "attestation", output_sha256(act->attestation));
	output_set(s, "certificate", output_sha256(act->certificate));
	output_set(s, "not_after", output_time(act->not_after));
	output_set(s, "log_index", json_integer((json_int_t)act->index));
}

/* "sha256:" before the digits, or none. */
static enum deed_status read_accept(const char *text, uint8_t out[32],
				    struct deed_error *err)
{
	const char *digits = text;

	if (strncmp(digits, "sha256:", 7) == 0)
		digits += 7;
	if (hex_read(slice_str(digits), out, 32))
		return DEED_OK;
	return deed_error_set(err, DEED_USAGE,
			      "--accept-ca '%.80s': expected the 64 digits of "
			      "a certificate's SHA-256",
			      text);
}

/* What is to be certified is shown and asked about between opening and
 * issuing, so that exactly what was shown is issued; -n shows it, asks nobody
 * and issues nothing. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct verify_id_args *a = args;
	struct prove_act act = {
		.method = methods[a->method],
		.statement = a->attest,
		.location = a->location,
		.real_number = a->real_number,
		.days = (unsigned)a->days,
	};
	struct home *home = NULL;
	struct secret *passphrase = NULL;
	struct prove *prove = NULL;
	struct prove_view view;
	uint8_t accept[32];
	enum deed_status status = DEED_OK;

	if (a->accept_ca != NULL) {
		status = read_accept(a->accept_ca, accept, err);
		act.accept_ca = accept;
	}
	if (status == DEED_OK)
		status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = passphrase_operator(s, a->operator_passphrase,
					     &passphrase, err);
	if (status == DEED_OK)
		status = prove_open(home, s->operand[0], passphrase, s->now,
				    (unsigned)s->wait, &prove, err);
	if (status != DEED_OK)
		goto out;
	prove_view(prove, &view);
	show(s, &view);
	show_problems(s, &view);
	status = ask(s, &view, a->yes, err);
	if (status == DEED_OK && !s->dry_run) {
		status = prove_issue(prove, &act, err);
		if (status == DEED_OK)
			report(s, &view, &act);
	}
out:
	prove_close(prove);
	secret_free(passphrase);
	home_close(home);
	return status;
}

const struct command command_verify_id = {
	.name = "verify-id",
	.operands = "PARTY",
	.summary = "prove the real name of a party, and certify it",
	.options = options,
	.args_size = sizeof(struct verify_id_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_PARTY,
	.run = run,
};
