/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keyfile.h"

#include <stdio.h>

#include "base/file.h"
#include "codec/pem.h"
#include "keystore/keyfile_priv.h"

/* Opening a key file, and making a new one. */

/* Try one slot; DEED_NOT_RECIPIENT: the passphrase is not this slot's. */
static enum deed_status try_slot(const struct keyfile *kf, size_t i,
				 struct slice passphrase,
				 struct keyfile_opened *out,
				 struct deed_error *err)
{
	enum deed_status status;

	status =
		argon2_derive(&kf->slots[i].params, passphrase, &out->kek, err);
	if (status != DEED_OK)
		return status;
	out->slot = i;
	status = envelope_unwrap_kek(&kf->envelope, kf->envelope.to[i].id,
				     out->kek, &out->cek, NULL);
	if (status == DEED_OK)
		return DEED_OK;
	secret_free(out->kek);
	out->kek = NULL;
	return status == DEED_NO_MEMORY ? deed_error_memory(err)
					: DEED_NOT_RECIPIENT;
}

enum deed_status keyfile_open_slots(const struct keyfile *kf, const char *label,
				    struct slice passphrase,
				    struct keyfile_opened *out,
				    struct deed_error *err)
{
	enum deed_status status = DEED_NOT_FOUND;
	struct secret *plain;
	size_t i;

	*out = (struct keyfile_opened){ .kek = NULL };
	for (i = 0; i < kf->count; i++) {
		if (label != NULL && strcmp(label, kf->slots[i].label) != 0)
			continue;
		status = try_slot(kf, i, passphrase, out, err);
		if (status != DEED_NOT_RECIPIENT)
			break;
	}
	if (status == DEED_NOT_FOUND)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "'%s' has no slot '%s'", kf->name, label);
	if (status == DEED_NOT_RECIPIENT)
		return deed_error_set(err, DEED_WRONG_PASSPHRASE,
				      "the passphrase does not open '%s'",
				      kf->name);
	if (status != DEED_OK)
		return status;
	if (envelope_decrypt_secret(&kf->envelope, out->cek, &plain, NULL) !=
	    DEED_OK)
		status = keyfile_damaged(kf, err);
	else if (!keyfile_strip(plain, kf->slots, kf->count, &out->pkcs8))
		status = keyfile_damaged(kf, err);
	secret_free(plain);
	if (status != DEED_OK)
		keyfile_opened_clear(out);
	return status;
}

void keyfile_opened_clear(struct keyfile_opened *o)
{
	secret_free(o->kek);
	secret_free(o->cek);
	secret_free(o->pkcs8);
	*o = (struct keyfile_opened){ .kek = NULL };
}

enum deed_status keyfile_unlock(const struct keyfile *kf, const char *label,
				struct slice passphrase, struct secret **pkcs8,
				struct deed_error *err)
{
	struct keyfile_opened o;
	enum deed_status status;

	*pkcs8 = NULL;
	status = keyfile_open_slots(kf, label, passphrase, &o, err);
	if (status != DEED_OK)
		return status;
	*pkcs8 = o.pkcs8;
	o.pkcs8 = NULL;
	keyfile_opened_clear(&o);
	return DEED_OK;
}

enum deed_status keyfile_encode(const struct envelope_to *to,
				const struct keyfile_slot *slots, size_t count,
				const struct secret *cek,
				const struct secret *pkcs8, struct buf *out,
				struct deed_error *err)
{
	struct buf der = BUF_INIT;
	struct secret *plain;
	enum deed_status status;

	status = keyfile_dress(pkcs8, slots, count, &plain, err);
	if (status != DEED_OK)
		return status;
	status = envelope_write(to, count, cek, secret_slice(plain), &der, err);
	if (status == DEED_OK) {
		pem_encode(out, KEYFILE_PEM_LABEL, buf_get(&der));
		status = buf_status(out, err);
	}
	secret_free(plain);
	buf_clear(&der);
	return status;
}

enum deed_status keyfile_new_slot(const char *label, struct slice passphrase,
				  unsigned kdf_ms, struct keyfile_slot *slot,
				  struct secret **kek, struct deed_error *err)
{
	enum deed_status status;

	*kek = NULL;
	status = keyfile_check_label(label, err);
	if (status != DEED_OK)
		return status;
	if (passphrase.len == 0)
		return deed_error_set(err, DEED_NO_PASSPHRASE,
				      "an empty passphrase protects nothing");
	(void)snprintf(slot->label, sizeof(slot->label), "%s", label);
	return argon2_new(kdf_ms, passphrase, &slot->params, kek, err);
}

enum deed_status keyfile_seal(const struct secret *pkcs8, const char *label,
			      struct slice passphrase, unsigned kdf_ms,
			      struct buf *out, struct deed_error *err)
{
	struct envelope_to to = { .kind = ENVELOPE_KEK };
	char id[KEYFILE_ID_MAX];
	struct keyfile_slot slot;
	struct secret *kek;
	enum deed_status status;

	status = keyfile_new_slot(label, passphrase, kdf_ms, &slot, &kek, err);
	if (status != DEED_OK)
		return status;
	keyfile_slot_id(&slot, id);
	to.id = slice_str(id);
	to.kek = kek;
	status = keyfile_encode(&to, &slot, 1, NULL, pkcs8, out, err);
	secret_free(kek);
	return status;
}

enum deed_status keyfile_create(const char *path, const struct secret *pkcs8,
				const char *label, struct slice passphrase,
				unsigned kdf_ms, struct deed_error *err)
{
	struct buf file = BUF_INIT;
	enum deed_status status;

	/* Before the derivation, which costs. */
	if (file_exists(path))
		return deed_error_set(err, DEED_EXISTS, "'%s' exists", path);
	status = keyfile_seal(pkcs8, label, passphrase, kdf_ms, &file, err);
	if (status == DEED_OK)
		status = file_write(path, 0600, buf_get(&file), OUTFILE_NEW,
				    err);
	buf_clear(&file);
	return status;
}
