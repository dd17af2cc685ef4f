/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Verifies XML signatures for tests/interop/trust-lists.t:
 *
 *	trust_list_tool HELPERS signature SIGNER.pem FILE...
 *
 * prints of each FILE a line: name, id of the status, message.
 */
#include <signal.h>
#include <stdio.h>

#include "base/file.h"
#include "base/process.h"
#include "trust/xmldsig.h"

#define MAX (32u << 20)

static void signature(const char *path, const struct cert_list *signers)
{
	struct deed_error err = DEED_ERROR_INIT;
	struct xmldsig x = { 0 };
	struct buf file = BUF_INIT;
	enum deed_status status;

	status = file_read(path, MAX, &file, &err);
	if (status == DEED_OK)
		status =
			xmldsig_verify(buf_get(&file), path, signers, &x, &err);
	printf("%s\t%s\t%s\n", path, deed_status_id(status),
	       status == DEED_OK ? "" : err.message);
	xmldsig_clear(&x);
	buf_clear(&file);
}

int main(int argc, char **argv)
{
	struct deed_error err = DEED_ERROR_INIT;
	struct cert_list signers = CERT_LIST_INIT;
	struct buf file = BUF_INIT;
	int i;

	(void)signal(SIGPIPE, SIG_IGN);
	process_set_helpers(argc > 1 ? argv[1] : ".");
	if (argc < 5 || file_read(argv[3], MAX, &file, &err) != DEED_OK ||
	    cert_list_load(&signers, buf_get(&file), argv[3], &err) !=
		    DEED_OK) {
		fprintf(stderr, "%s\n", err.message);
		return 2;
	}
	for (i = 4; i < argc; i++)
		signature(argv[i], &signers);
	cert_list_clear(&signers);
	buf_clear(&file);
	return 0;
}
