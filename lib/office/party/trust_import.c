/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/trust_import.h"

#include "office/house.h"
#include "office/keys.h"
#include "trust/list_statement.h"

/* The house is asked first whether it may state anything now: a statement by a
 * notary that has ended would never be believed. */
static enum deed_status sign(const struct home *h, struct trust_import *t,
			     struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct signing_key *key = NULL;
	enum deed_status status = house_check(h, t->now, err);

	if (status == DEED_OK)
		status = keys_notary_chain(h, &chain, err);
	if (status == DEED_OK)
		status = keys_notary(h, t->passphrase, &key, err);
	if (status == DEED_OK)
		status = list_statement_sign(t->list, key, &chain, t->now,
					     &t->statement, err);
	signing_key_free(key);
	cert_list_clear(&chain);
	return status;
}

enum deed_status trust_import(const struct home *h, struct trust_import *t,
			      struct deed_error *err)
{
	enum deed_status status;

	t->list = NULL;
	t->statement = (struct buf)BUF_INIT;
	status = list_source_read(&t->source, &t->list, err);
	if (status == DEED_OK && t->passphrase != NULL)
		status = sign(h, t, err);
	return status;
}

void trust_import_clear(struct trust_import *t)
{
	trust_list_free(t->list);
	t->list = NULL;
	buf_clear(&t->statement);
}
