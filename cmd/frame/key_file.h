/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_KEY_FILE_H
#define DEED_CMD_FRAME_KEY_FILE_H

#include "cmd/frame/secret.h"
#include "key/deposit_key.h"

/*
 * A private key that decrypts, from a file that --key names: PKCS#8 or PKCS#12,
 * PEM or DER.  The passphrase is only asked for where the file is encrypted.
 * *out is the caller's.  Errors name the file.
 */
enum deed_status key_file_read(struct session *s, const char *path,
			       const struct passphrase_request *request,
			       struct deposit_key **out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
