/* SPDX-License-Identifier: Apache-2.0 */
/*
 * light_key PASSPHRASE KEY...: guards key files anew by the passphrase that
 * the first file holds, with the one pass that a reader accepts at least
 * instead of the three that deed makes.  For a house that tests open
 * thousands of times; the linker puts the function below in the place of
 * argon2_new.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "crypto/argon2.h"
#include "keystore/keyfile.h"

enum deed_status __real_argon2_new(unsigned target_ms, struct slice passphrase,
				   struct argon2_params *params,
				   struct secret **out, struct deed_error *err);
enum deed_status __wrap_argon2_new(unsigned target_ms, struct slice passphrase,
				   struct argon2_params *params,
				   struct secret **out, struct deed_error *err);

enum deed_status __wrap_argon2_new(unsigned target_ms, struct slice passphrase,
				   struct argon2_params *params,
				   struct secret **out, struct deed_error *err)
{
	enum deed_status status =
		__real_argon2_new(target_ms, passphrase, params, out, err);

	if (status != DEED_OK)
		return status;
	secret_free(*out);
	params->passes = 1;
	return argon2_derive(params, passphrase, out, err);
}

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
