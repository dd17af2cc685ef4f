/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/command.h"

#include "cmd/output.h"
#include "cmd/timestamping.h"
#include "report/path_report.h"

struct path_args {
	struct option_list trust, untrusted, crl, ocsp, policy;
	bool explicit_policy, inhibit_policy_mapping, inhibit_any_policy;
	bool require_revocation, allow_weak, online;
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
	  .config = true,
	  .help = "fetch missing issuers, OCSP responses and CRLs" },
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
	{ 0 }
};

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

static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	const struct path_args *a = arguments;
	struct trust_path_params params = {
		.certificate = s->operand[0],
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
	};
	struct trust_path path;
	enum deed_status status;

	if (a->online && s->offline)
		return deed_error_set(err, DEED_USAGE,
				      "--online and --offline contradict each "
				      "other");
	if (a->online) {
		status = session_http(s, NULL, &params.client, err);
		if (status != DEED_OK)
			return status;
	}
	status = trust_path_judge(&params, &path, err);
	if (status == DEED_OK)
		status = report(s, &path, err);
	/* Without an error set this is the answer. */
	if (status == DEED_OK)
		status = path.answer;
	trust_path_clear(&path);
	http_client_free(params.client);
	return status;
}

const struct command command_trust_path = {
	.name = "trust path",
	.operands = "CERTIFICATE",
	.summary = "say why a certificate is trusted, or why not",
	.options = options,
	.args_size = sizeof(struct path_args),
	.flags = COMMAND_HOME | COMMAND_AT,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_FILE,
	.run = run,
};
