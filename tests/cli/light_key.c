/* SPDX-License-Identifier: Apache-2.0 */
/*
 * light_key PASSPHRASE KEY...: guards key files anew by the passphrase that
 * the first file holds, with less work than deed does: tests/light_argon2.c.
 */
#include <stdio.h>

#include "base/file.h"
#include "keystore/keyfile.h"

int main(int argc, char *argv[])
{
	struct deed_error err = DEED_ERROR_INIT;
	struct buf text = BUF_INIT;
	struct slice passphrase;
	enum deed_status status;
	int i;

	if (argc < 2)
		return 2;
	status = file_read(argv[1], 4096, &text, &err);
	passphrase = slice_of(text.data,
			      text.len > 0 && text.data[text.len - 1] == '\n'
				      ? text.len - 1
				      : text.len);
	for (i = 2; i < argc && status == DEED_OK; i++)
		status = keyfile_passphrase(argv[i], passphrase, passphrase, 0,
					    &err);
	if (status != DEED_OK)
		fprintf(stderr, "light_key: %s\n", err.message);
	buf_clear(&text);
	return status != DEED_OK;
}
