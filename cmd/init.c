/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <stdlib.h>

#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "office/life/init.h"

struct init_args {
	const char *office;
	const char *id;
	const char *phone;
	const char *email;
	const char *operator_passphrase;
	const char *root_passphrase;
	const char *root_out;
	const char *backup_to;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct init_args, office), .name = "office",
	  .argument = "NAME", .required = true,
	  .help = "the real name of the office" },
	{ OPTION_TEXT(struct init_args, id), .name = "id",
	  .argument = "KIND:NUMBER", .required = true,
	  .help = "its identity number, such as cn-uscc:..." },
	{ OPTION_TEXT(struct init_args, phone), .name = "phone",
	  .argument = "NUMBER",
	  .help = "its phone number, with + and country code" },
	{ OPTION_TEXT(struct init_args, email), .name = "email",
	  .argument = "ADDRESS", .help = "its e-mail address" },
	{ OPTION_PASSPHRASE(struct init_args, operator_passphrase),
	  .name = "operator-passphrase", .config = true,
	  .help = "protects the register's, the notary's and the issuing "
		  "CA's keys" },
	{ OPTION_PASSPHRASE(struct init_args, root_passphrase),
	  .name = "root-passphrase", .help = "protects the root CA's key" },
	{ OPTION_TEXT(struct init_args, root_out), .name = "root-out",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "keep the root CA's key in this file, outside the home" },
	{ OPTION_TEXT(struct init_args, backup_to), .name = "backup-to",
	  .argument = "CERT.pem", .complete = COMPLETE_FILE,
	  .help = "the certificate that deed backup encrypts to" },
	{ 0 }
};

/* Both are new, with a least length: whoever guesses the operator's has the
 * register, the root's the whole house. */
static enum deed_status ask(struct session *s, const char *source,
			    const char *option, const char *key,
			    const char *owner, struct secret **out,
			    struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = source,
		.option = option,
		.key = key,
		.owner = owner,
		.create = true,
		.least = PASSPHRASE_LEAST,
	};

	return passphrase_get(s, &request, out, err);
}

/* With -n there is no root and no log yet that could be named. */
static void report(struct session *s, const struct init_form *form)
{
	session_say(s, "'%s' is the home of %s", form->home, form->name);
	output_set(s, "home", output_text(form->home));
	output_set(s, "office", output_text(form->name));
	if (s->dry_run)
		return;
	output_set(s, "root", output_sha256(form->root));
	output_set(s, "log", output_text(form->origin));
}

/* The form is checked before a passphrase is asked for, which nobody wants to
 * have typed in vain.  Both passphrases are wiped whatever comes of it. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct init_args *a = args;
	struct init_form form = {
		.home = session_home(s),
		.name = a->office,
		.id = a->id,
		.phone = a->phone,
		.email = a->email,
		.root_out = a->root_out,
		.backup_to = a->backup_to,
		.now = s->now,
		.timestamps = s->timestamps,
	};
	struct secret *operator= NULL, *root = NULL;
	enum deed_status status;

	if (form.home == NULL)
		return deed_error_set(err, DEED_CONFIG,
				      "cannot tell where the home is to be");
	status = session_ca_urls(s, &form.crl_url, &form.issuer_url, err);
	if (status == DEED_OK)
		status = init_check(&form, err);
	if (status == DEED_OK)
		status = ask(s, a->operator_passphrase, "--operator-passphrase",
			     "operator", "the operator", &operator, err);
	if (status == DEED_OK)
		status = ask(s, a->root_passphrase, "--root-passphrase", "root",
			     "the root CA", &root, err);
	if (status == DEED_OK && !s->dry_run) {
		form.operator_passphrase = operator;
		form.root_passphrase = root;
		status = init_home(&form, err);
	}
	if (status == DEED_OK)
		report(s, &form);
	free(form.origin);
	secret_free(operator);
	secret_free(root);
	return status;
}

const struct command command_init = {
	.name = "init",
	.operands = "",
	.summary = "make a home: keystore, register, log, archive, house CA",
	.options = options,
	.args_size = sizeof(struct init_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.run = run,
};
