/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/keys_keep.h"

#include <stdlib.h>

#include "base/file.h"
#include "codec/hex.h"
#include "crypto/digest.h"
#include "keystore/keystore.h"
#include "office/party/party.h"

/* What is kept of a party is what was written: no larger. */
#define KEPT_MAX (1024 * 1024)

/* A copy of what lies at from; nothing where nothing does. */
static enum deed_status keep(const char *from, const char *to, struct event *ev,
			     struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status;

	status = file_read(from, KEPT_MAX, &b, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, to, OUTFILE_NEW, buf_get(&b),
					    err);
	buf_clear(&b);
	return status;
}

enum deed_status keys_keep_chain(const struct home *h, const char *party,
				 bool deposit, struct event *ev,
				 struct deed_error *err)
{
	enum keystore_role role =
		deposit ? KEYSTORE_DEPOSIT : KEYSTORE_SIGNATURE;
	struct keystore *ks = NULL;
	char *from = NULL, *to = NULL;
	enum deed_status status;

	status = keystore_open(h->keystore, &ks, err);
	if (status == DEED_OK)
		status = keystore_chain_path(ks, party, role, &from, err);
	if (status == DEED_OK && file_exists(from)) {
		status = keystore_old_chain_path(ks, party, role, &to, err);
		if (status == DEED_OK)
			status = keep(from, to, ev, err);
	}
	keystore_close(ks);
	free(from);
	free(to);
	return status;
}

enum deed_status status_keep(const struct home *h, const char *party,
			     struct event *ev, struct deed_error *err)
{
	struct buf b = BUF_INIT, to = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	char *from = NULL, *dir = NULL;
	enum deed_status status;

	status = home_status_path(h, party, &from, err);
	if (status != DEED_OK || !file_exists(from))
		goto out;
	status = party_statuses_path(h, party, &dir, err);
	if (status == DEED_OK)
		status = file_mkdirs(dir, 0700, err);
	if (status == DEED_OK)
		status = file_read(from, KEPT_MAX, &b, err);
	if (status != DEED_OK)
		goto out;
	sha256(buf_get(&b), hash);
	buf_printf(&to, "%s/", dir);
	hex_encode(slice_of(hash, sizeof(hash)), &to);
	buf_printf(&to, ".cms%c", 0);
	status = buf_status(&to, err);
	/* By its bytes: there already means put back, and kept. */
	if (status == DEED_OK && !file_exists((const char *)to.data))
		status = event_output_bytes(ev, 0, (const char *)to.data,
					    OUTFILE_NEW, buf_get(&b), err);
out:
	free(from);
	free(dir);
	buf_clear(&b);
	buf_clear(&to);
	return status;
}
