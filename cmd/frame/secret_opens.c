/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "cmd/frame/secret.h"
#include "keystore/keystore.h"
#include "office/home.h"

/* Only a wrong passphrase tells anything: a key that is not there or cannot be
 * read is for the command to say. */
static bool opens_role(const struct keystore *ks, const char *owner,
		       enum keystore_role role, const struct secret *passphrase,
		       bool *told)
{
	struct secret *pkcs8 = NULL;
	enum deed_status status;

	status = keystore_unlock(ks, owner, role, secret_slice(passphrase),
				 &pkcs8, NULL);
	secret_free(pkcs8);
	if (status == DEED_WRONG_PASSPHRASE)
		*told = true;
	return status == DEED_OK;
}

/* A PIN is not tried for nothing: tokens count, and lock. */
static bool may_be_pin(const struct keystore *ks, const char *owner)
{
	char *uri = NULL;
	bool token;

	token = keystore_token(ks, owner, KEYSTORE_SIGNATURE, &uri, NULL) ==
			DEED_OK &&
		uri != NULL;
	free(uri);
	return token;
}

/* False where a key says that it is another, and none is opened. */
static bool opens_any(struct session *s, const char *owner,
		      enum keystore_role first, enum keystore_role last,
		      const struct secret *passphrase)
{
	const char *path = session_home(s);
	struct keystore *ks = NULL;
	struct home *home = NULL;
	bool told = false, opened = false;

	if (path == NULL || home_open(path, &home, NULL) != DEED_OK)
		return true;
	if (keystore_open(home->keystore, &ks, NULL) == DEED_OK &&
	    !may_be_pin(ks, owner))
		for (int role = (int)first; !opened && role <= (int)last;
		     role++)
			opened = opens_role(ks, owner, (enum keystore_role)role,
					    passphrase, &told);
	keystore_close(ks);
	home_close(home);
	return opened || !told;
}

bool passphrase_opens_party(struct session *s,
			    const struct passphrase_request *request,
			    const struct secret *passphrase)
{
	return opens_any(s, request->owner, KEYSTORE_SIGNATURE,
			 KEYSTORE_DEPOSIT, passphrase);
}

bool passphrase_opens_office(struct session *s,
			     const struct passphrase_request *request,
			     const struct secret *passphrase)
{
	(void)request;
	return opens_any(s, HOME_OFFICE, KEYSTORE_SIGNATURE, KEYSTORE_ROOT,
			 passphrase);
}

bool passphrase_opens_root(struct session *s,
			   const struct passphrase_request *request,
			   const struct secret *passphrase)
{
	(void)request;
	return opens_any(s, HOME_OFFICE, KEYSTORE_ROOT, KEYSTORE_ROOT,
			 passphrase);
}

enum deed_status passphrase_operator(struct session *s, const char *source,
				     struct secret **out,
				     struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = source,
		.option = "--operator-passphrase",
		.key = "operator",
		.owner = "the operator",
		.opens = passphrase_opens_office,
	};

	return passphrase_get(s, &request, out, err);
}
