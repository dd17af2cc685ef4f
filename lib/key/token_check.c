/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "key/gnutls_priv.h"
#include "key/token_priv.h"

enum deed_status token_check(const char *uri, bool *last,
			     struct deed_error *err)
{
	enum deed_status status = token_load_module(uri, err);
	unsigned flags = 0;
	char *path;
	int ret;

	*last = false;
	if (status != DEED_OK)
		return status;
	path = token_path(uri);
	if (path == NULL)
		return deed_error_memory(err);
	ret = gnutls_pkcs11_token_get_flags(path, &flags);
	if (ret != 0)
		status = deed_error_set(err, DEED_NO_KEY,
					"the token '%s' is not here", path);
	else if ((flags & GNUTLS_PKCS11_TOKEN_USER_PIN_LOCKED) != 0)
		status = deed_error_set(err, DEED_NO_KEY,
					"the PIN of the token '%s' is locked",
					path);
	*last = (flags & GNUTLS_PKCS11_TOKEN_USER_PIN_FINAL_TRY) != 0;
	free(path);
	return status;
}
