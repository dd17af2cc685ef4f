/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/enroll/enroll.h"

static const struct option person_options[] = { ENROLL_OPTIONS, { 0 } };

static const struct option org_options[] = {
	ENROLL_OPTIONS,
	{ OPTION_CHOICE(struct enroll_args, kind), .name = "kind",
	  .words = enroll_kinds, .initial = "enterprise",
	  .help = "what kind of organisation it is" },
	{ 0 }
};

static enum deed_status run_person(struct session *s, const void *args,
				   struct deed_error *err)
{
	return enroll_run(s, args, false, err);
}

static enum deed_status run_org(struct session *s, const void *args,
				struct deed_error *err)
{
	return enroll_run(s, args, true, err);
}

const struct command command_enroll_person = {
	.name = "enroll person",
	.operands = "PARTY",
	.summary = "register a person and make its keys",
	.options = person_options,
	.args_size = sizeof(struct enroll_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = 1,
	.run = run_person,
};

const struct command command_enroll_org = {
	.name = "enroll org",
	.operands = "PARTY",
	.summary = "register an enterprise or institution and make its keys",
	.options = org_options,
	.args_size = sizeof(struct enroll_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = 1,
	.run = run_org,
};
