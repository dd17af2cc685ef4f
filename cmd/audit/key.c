/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <inttypes.h>
#include <stdio.h>

#include "cmd/audit/audit.h"
#include "cmd/frame/output.h"

/* As a verifier key of signed notes, which other tools read as well; whoever
 * keeps it can judge a proof without the home. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	struct buf text = BUF_INIT;
	struct note_verifier v;
	struct audit_session as;
	enum deed_status status = audit_session_open(s, &as, err);

	(void)args;
	if (status == DEED_OK)
		status = audit_key(as.log, &v, err);
	if (status == DEED_OK) {
		note_verifier_format(&v, &text);
		buf_byte(&text, 0);
		status = buf_status(&text, err);
	}
	if (status == DEED_OK) {
		output_line(s, "%s", (const char *)text.data);
		output_set(s, "key", output_text((const char *)text.data));
		output_set(s, "origin", output_text(v.name));
	}
	buf_clear(&text);
	audit_session_close(&as);
	return status;
}

const struct command command_audit_key = {
	.name = "audit key",
	.operands = "",
	.summary = "print the public key that verifies the log",
	.flags = COMMAND_HOME,
	.run = run,
};
