/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/key_file.h"

#include "base/file.h"
#include "key/pkcs12.h"
#include "key/pkcs8.h"

/* A passphrase is asked for only where the file needs one.  The chain of a
 * PKCS #12 file is of no use here: only the key opens a deposit. */
static enum deed_status import(struct session *s, struct slice file,
			       const struct passphrase_request *request,
			       struct secret **pkcs8, struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	bool p12 = pkcs12_looks_like(file);
	struct secret *passphrase = NULL;
	struct slice text = SLICE_NONE;
	enum deed_status status = DEED_OK;

	if (p12 || pkcs8_is_encrypted(file)) {
		status = passphrase_get(s, request, &passphrase, err);
		if (status == DEED_OK)
			text = secret_slice(passphrase);
	}
	if (status == DEED_OK)
		status = p12 ? pkcs12_import(file, text, pkcs8, &chain, err)
			     : pkcs8_import(file, text, pkcs8, err);
	cert_list_clear(&chain);
	secret_free(passphrase);
	return status;
}

enum deed_status key_file_read(struct session *s, const char *path,
			       const struct passphrase_request *request,
			       struct deposit_key **out, struct deed_error *err)
{
	struct secret *file = NULL, *pkcs8 = NULL;
	enum deed_status status = file_read_secret(path, &file, err);

	*out = NULL;
	if (status == DEED_OK)
		status = import(s, secret_slice(file), request, &pkcs8, err);
	if (status == DEED_OK)
		status = deposit_key_from_pkcs8(pkcs8, out, err);
	if (status != DEED_OK)
		deed_error_prefix(err, "'%s'", path);
	secret_free(pkcs8);
	secret_free(file);
	return status;
}
