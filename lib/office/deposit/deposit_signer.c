/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_signer.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "sign/statement.h"

/* A manifest that is logged cannot be taken back, and one signed outside the
 * validity would never verify. */
static enum deed_status holds(const struct deposit_signer *s, int64_t now,
			      struct deed_error *err)
{
	const struct cert_fields *f = cert_fields(s->chain.items[0]);
	char text[CLOCK_TEXT];

	if (now >= f->not_before && now <= f->not_after)
		return DEED_OK;
	clock_format(f->not_after, text);
	deed_error_set(err, DEED_CERT_INVALID,
		       "the certificate with which the office signs manifests "
		       "does not hold now; it ends at %s",
		       text);
	deed_error_remedy(err, "ca-renew", NULL);
	return DEED_CERT_INVALID;
}

enum deed_status deposit_signer_open(struct keystore *ks, int64_t now,
				     struct deposit_signer *out,
				     struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status;
	char *path = NULL;

	*out = (struct deposit_signer){ .key = NULL };
	status = keystore_manifest_key(ks, &out->key, err);
	if (status == DEED_OK)
		status = keystore_manifest_chain_path(ks, &path, err);
	if (status == DEED_OK)
		status = file_read(path, CERT_MAX_SIZE, &text, err);
	if (status == DEED_OK)
		status = cert_list_load(&out->chain, buf_get(&text), path, err);
	if (status == DEED_OK)
		status = holds(out, now, err);
	buf_clear(&text);
	free(path);
	return status;
}

void deposit_signer_clear(struct deposit_signer *s)
{
	cert_list_clear(&s->chain);
	signing_key_free(s->key);
	s->key = NULL;
}

enum deed_status deposit_signer_sign(const struct deposit_signer *s,
				     const json_t *manifest, int64_t now,
				     struct buf *cms, struct deed_error *err)
{
	return statement_sign(manifest, s->key,
			      (const struct cert *const *)s->chain.items,
			      s->chain.count, now, cms, err);
}
