/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <string.h>

#include "cmd/frame/online.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "cmd/signing/signing_options.h"
#include "cmd/signing/timestamping.h"
#include "office/party/certificate_files.h"
#include "report/path_report.h"

struct path_args {
	struct option_list trust, untrusted, crl, ocsp, policy;
	bool explicit_policy, inhibit_policy_mapping, inhibit_any_policy;
	bool require_revocation, allow_weak, online;
	struct online_args fetching;
	long signature;
	const char *export, *document_passphrase;
};

static const struct option options[] = {
	{ OPTION_LIST(struct path_args, trust), .name = "trust",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "believe the certificates in FILE, and use its CRLs (PEM or "
		  "DER); home: those of the home" },
	{ OPTION_LIST(struct path_args, untrusted), .name = "untrusted",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "build with the certificates in FILE, without believing "
		  "them" },
	{ OPTION_LIST(struct path_args, crl), .name = "crl", .argument = "FILE",
	  .complete = COMPLETE_FILE, .help = "use the CRLs in FILE" },
	{ OPTION_LIST(struct path_args, ocsp), .name = "ocsp",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "use the OCSP response in FILE" },
	{ OPTION_FLAG(struct path_args, online), .name = "online",
	  .config = true, .excludes = "offline",
	  .help = "fetch missing issuers, OCSP responses and CRLs" },
	ONLINE_OPTIONS(struct path_args, fetching),
	{ OPTION_LIST(struct path_args, policy), .name = "policy",
	  .argument = "OID",
	  .help = "the chain is wanted for this certificate policy" },
	{ OPTION_FLAG(struct path_args, explicit_policy),
	  .name = "explicit-policy",
	  .help = "the chain must be valid for a policy" },
	{ OPTION_FLAG(struct path_args, inhibit_policy_mapping),
	  .name = "inhibit-policy-mapping",
	  .help = "no authority may map policies" },
	{ OPTION_FLAG(struct path_args, inhibit_any_policy),
	  .name = "inhibit-any-policy",
	  .help = "anyPolicy stands for no policy" },
	{ OPTION_FLAG(struct path_args, require_revocation),
	  .name = "require-revocation",
	  .help = "every certificate's revocation status must be known, as "
		  "with --crl, --ocsp and --online" },
	{ OPTION_FLAG(struct path_args, allow_weak), .name = "allow-weak",
	  .help = "accept SHA-1, MD5 and short keys" },
	{ OPTION_NUMBER(struct path_args, signature), .name = "signature",
	  .argument = "N", .min = 1, .max = 1000000,
	  .help = "of a document: whose signature, as deed verify counts them "
		  "(the first)" },
	{ OPTION_TEXT(struct path_args, export), .name = "export",
	  .argument = "DIR", .complete = COMPLETE_DIRECTORY,
	  .help = "write the certificates of the file or document to DIR" },
	DOCUMENT_PASSPHRASE_OPTION(struct path_args, document_passphrase),
	{ 0 }
};

/* The text is one block of lines that were made for it, of which each is
 * cleaned. */
static enum deed_status report(struct session *s, const struct trust_path *t,
			       struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status;
	json_t *object;

	output_set(s, "at", output_time(s->now));
	object = report_path_json(t);
	if (object == NULL || json_object_update(output_json(s), object) != 0)
		status = deed_error_memory(err);
	else
		status = DEED_OK;
	json_decref(object);
	report_path_text(t, &text);
	if (text.len > 0 && text.data[text.len - 1] == '\n')
		text.len--;
	buf_byte(&text, 0);
	if (status == DEED_OK)
		status = buf_status(&text, err);
	if (status == DEED_OK)
		output_lines(s, (const char *)text.data);
	buf_clear(&text);
	return status;
}

struct exported {
	struct session *s;
	json_t *files;
};

static void tell_exported(void *arg, const char *path, const struct cert *c)
{
	struct exported *e = arg;

	(void)c;
	(void)json_array_append_new(e->files, output_text(path));
	output_line(e->s, "written: %s", path);
}

/* Never over another file, so that a second run says so. */
static enum deed_status export_certificates(struct session *s,
					    const struct trust_path *t,
					    const char *folder,
					    struct deed_error *err)
{
	struct exported e = { s, json_array() };

	output_set(s, "exported", e.files);
	return certificate_files_write(&t->own, folder, s->force, tell_exported,
				       &e, err);
}

/* The answer comes without an error set, as in verify: a certificate that is
 * not trusted is a verdict and not a failure. */
static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	const struct path_args *a = arguments;
	struct trust_path_params params = {
		.certificate = s->operand[0],
		.signature = (size_t)a->signature,
		.at = s->now,
		.home = session_home(s),
		.trust = a->trust.item,
		.trust_count = a->trust.count,
		.untrusted = a->untrusted.item,
		.untrusted_count = a->untrusted.count,
		.crls = a->crl.item,
		.crl_count = a->crl.count,
		.ocsps = a->ocsp.item,
		.ocsp_count = a->ocsp.count,
		.policies = a->policy.item,
		.policy_count = a->policy.count,
		.explicit_policy = a->explicit_policy,
		.inhibit_policy_mapping = a->inhibit_policy_mapping,
		.inhibit_any_policy = a->inhibit_any_policy,
		.require_revocation = a->require_revocation,
		.allow_weak = a->allow_weak,
		.online_ms = online_budget(&a->fetching),
	};
	struct secret *password = NULL;
	struct trust_path path;
	enum deed_status status;

	if (strcmp(s->operand[0], "-") == 0)
		return deed_error_set(err, DEED_USAGE,
				      "expected a file, not standard input");
	if (a->online) {
		status = online_client(s, &a->fetching, &params.client, err);
		if (status != DEED_OK)
			return status;
	}
	status = document_password(s, a->document_passphrase, &password, err);
	if (status != DEED_OK) {
		http_client_free(params.client);
		return status;
	}
	params.password = password;
	status = trust_path_judge(&params, &path, err);
	if (status == DEED_OK)
		status = report(s, &path, err);
	if (status == DEED_OK && a->export != NULL)
		status = export_certificates(s, &path, a->export, err);
	/* Without an error set this is the answer. */
	if (status == DEED_OK)
		status = path.answer;
	online_hint(s, path.refused);
	trust_path_clear(&path);
	http_client_free(params.client);
	secret_free(password);
	return status;
}

const struct command command_trust_path = {
	.name = "trust path",
	.operands = "CERTIFICATE | DOCUMENT",
	.summary = "say why a certificate is trusted, or why not",
	.options = options,
	.args_size = sizeof(struct path_args),
	.flags = COMMAND_HOME | COMMAND_AT | COMMAND_FORCE,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_FILE,
	.run = run,
};
