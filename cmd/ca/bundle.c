/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "cmd/frame/output.h"
#include "office/party/authority.h"

typedef enum deed_status print_fn(const struct home *h, struct buf *out,
				  struct deed_error *err);

/* As bytes and nothing else on standard output, which is most often a file for
 * another program. */
static enum deed_status print(struct session *s, print_fn *fn,
			      struct deed_error *err)
{
	struct home *home = NULL;
	struct buf pem = BUF_INIT;
	enum deed_status status;

	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = fn(home, &pem, err);
	if (status == DEED_OK)
		output_bytes(s, buf_get(&pem));
	buf_clear(&pem);
	home_close(home);
	return status;
}

static enum deed_status run_bundle(struct session *s, const void *args,
				   struct deed_error *err)
{
	(void)args;
	return print(s, authority_bundle, err);
}

static enum deed_status run_root(struct session *s, const void *args,
				 struct deed_error *err)
{
	(void)args;
	return print(s, authority_root, err);
}

const struct command command_ca_bundle = {
	.name = "ca bundle",
	.operands = "",
	.summary = "print the house root and the CRLs, for verify --trust",
	.flags = COMMAND_HOME | COMMAND_RAW,
	.run = run_bundle,
};

const struct command command_ca_root = {
	.name = "ca root",
	.operands = "",
	.summary = "print the certificate of the house root",
	.flags = COMMAND_HOME | COMMAND_RAW,
	.run = run_root,
};
