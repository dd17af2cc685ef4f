/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "keystore/keystore.h"
#include "office/life/backup.h"

#define CERTIFICATE "backup.pem"

/* A backup that only what it contains can open is none. */
static enum deed_status not_of_home(const struct home *h, const struct cert *c,
				    const char *name, struct deed_error *err)
{
	struct keystore_list list = { NULL, 0 };
	struct keystore *ks = NULL;
	struct buf spki = BUF_INIT;
	enum deed_status status;
	size_t i;

	status = keystore_open(h->keystore, &ks, err);
	if (status == DEED_OK)
		status = keystore_list(ks, NULL, &list, err);
	for (i = 0; i < list.count && status == DEED_OK; i++) {
		buf_reset(&spki);
		if (list.items[i].public_path == NULL ||
		    keystore_read_public(list.items[i].public_path, &spki,
					 NULL) != DEED_OK)
			continue;
		if (slice_equal(buf_get(&spki), cert_fields(c)->spki))
			status = deed_error_set(
				err, DEED_REFUSED,
				"the key of '%s' is in this home, that of "
				"'%s': it would be lost with what it is to "
				"bring back",
				name, list.items[i].owner);
	}
	buf_clear(&spki);
	keystore_list_clear(&list);
	keystore_close(ks);
	return status;
}

/* After its end a certificate's key still opens; so it is only told. */
static void warn_of_end(const struct cert *c, const char *name, int64_t now)
{
	char end[CLOCK_TEXT];

	if (now <= cert_fields(c)->not_after)
		return;
	clock_format(cert_fields(c)->not_after, end);
	log_say(LOG_WARNING,
		"the certificate '%s' ended at %s; is its key still kept?",
		name, end);
}

/*
 * Does this certificate suit, and is its key not one of the home's own?
 * DEED_UNSUPPORTED, DEED_REFUSED.  h may be NULL: then only the first.
 */
static enum deed_status backup_suits(const struct home *h, const struct cert *c,
				     const char *name, int64_t now,
				     struct deed_error *err)
{
	const struct cert_fields *f = cert_fields(c);
	const struct pubkey *pk = NULL;
	uint32_t wanted = KU_KEY_AGREEMENT;
	enum deed_status status = cert_pubkey(c, &pk, err);

	if (status != DEED_OK) {
		deed_error_prefix(err, "'%s'", name);
		return status;
	}
	if (pubkey_type(pk) == PUBKEY_RSA)
		wanted = KU_KEY_ENCIPHERMENT;
	if (pubkey_type(pk) == PUBKEY_RSA ? pubkey_bits(pk) < 2048
					  : pubkey_curve(pk) != EC_P256)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the key of '%s' is %s, expected P-256 "
				      "or RSA of 2048 bits or more",
				      name, pubkey_text(pk));
	if (f->has_key_usage && !(f->key_usage & wanted))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the certificate '%s' is not meant for "
				      "encryption",
				      name);
	if (h != NULL)
		status = not_of_home(h, c, name, err);
	if (status == DEED_OK)
		warn_of_end(c, name, now);
	return status;
}

enum deed_status backup_certificate(const struct home *h, const char *path,
				    int64_t now, struct cert **out,
				    struct deed_error *err)
{
	struct cert_list list = CERT_LIST_INIT;
	struct buf bytes = BUF_INIT;
	enum deed_status status;

	*out = NULL;
	status = file_read(path, CERT_MAX_SIZE, &bytes, err);
	if (status == DEED_OK)
		status = cert_list_load(&list, buf_get(&bytes), path, err);
	if (status == DEED_OK)
		status = backup_suits(h, list.items[0], path, now, err);
	if (status == DEED_OK)
		*out = cert_ref(list.items[0]);
	cert_list_clear(&list);
	buf_clear(&bytes);
	return status;
}

enum deed_status backup_certificate_path(const struct home *h, char **out,
					 struct deed_error *err)
{
	*out = path_join(h->root, CERTIFICATE);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}
