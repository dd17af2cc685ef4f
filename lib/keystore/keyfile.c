/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keyfile.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "codec/pem.h"
#include "crypto/digest.h"
#include "key/pkcs8.h"
#include "keystore/keyfile_priv.h"

static const char pem_label[] = "CMS";

enum deed_status keyfile_check_label(const char *label, struct deed_error *err)
{
	size_t len = strlen(label);

	if (len > 0 && len <= KEYFILE_LABEL_MAX &&
	    strspn(label, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len)
		return DEED_OK;
	return deed_error_set(err, DEED_USAGE,
			      "'%s' is no label of a slot: 1 to %d of a-z, "
			      "0-9, '.', '_', '-'",
			      label, KEYFILE_LABEL_MAX);
}

static enum deed_status damaged(const struct keyfile *kf,
				struct deed_error *err)
{
	return deed_error_set(err, DEED_DAMAGED, "the key file '%s' is damaged",
			      kf->name);
}

void keyfile_slot_id(const struct keyfile_slot *slot, char out[KEYFILE_ID_MAX])
{
	(void)snprintf(out, KEYFILE_ID_MAX,
		       "argon2id$v=19$m=%u,t=%u,p=%u$%s$%s",
		       slot->params.memory, slot->params.passes,
		       slot->params.lanes, slot->params.salt, slot->label);
}

/* The text of an identifier back to a slot; only the form that is written. */
static bool read_slot(struct slice id, struct keyfile_slot *slot)
{
	char text[KEYFILE_ID_MAX], again[KEYFILE_ID_MAX];

	if (id.len == 0 || id.len >= sizeof(text) ||
	    memchr(id.data, 0, id.len) != NULL)
		return false;
	memcpy(text, id.data, id.len);
	text[id.len] = '\0';
	*slot = (struct keyfile_slot){ .label = "" };
	if (sscanf(text, "argon2id$v=19$m=%9u,t=%9u,p=%9u$%32[0-9a-f]$%32s",
		   &slot->params.memory, &slot->params.passes,
		   &slot->params.lanes, slot->params.salt, slot->label) != 5)
		return false;
	keyfile_slot_id(slot, again);
	return !strcmp(text, again) &&
	       keyfile_check_label(slot->label, NULL) == DEED_OK &&
	       strlen(slot->params.salt) == ARGON2_SALT;
}

static enum deed_status read_slots(struct keyfile *kf, struct deed_error *err)
{
	size_t i, j;

	if (kf->envelope.count > KEYFILE_MAX_SLOTS)
		return deed_error_set(err, DEED_LIMIT,
				      "the key file '%s' has more than %d "
				      "slots",
				      kf->name, KEYFILE_MAX_SLOTS);
	for (i = 0; i < kf->envelope.count; i++) {
		const struct envelope_recipient *r = &kf->envelope.to[i];

		if (r->kind != ENVELOPE_KEK || !read_slot(r->id, &kf->slots[i]))
			return damaged(kf, err);
		for (j = 0; j < i; j++) {
			if (!strcmp(kf->slots[j].label, kf->slots[i].label))
				return damaged(kf, err);
		}
	}
	kf->count = i;
	return i > 0 ? DEED_OK : damaged(kf, err);
}

/* PEM with exactly one block, or DER. */
static enum deed_status read_file(struct keyfile *kf, struct slice file,
				  struct deed_error *err)
{
	char label[PEM_LABEL];
	enum deed_status status;

	if (pem_looks_like(file)) {
		if (pem_decode_next(&file, label, &kf->der, NULL) != DEED_OK ||
		    strcmp(label, pem_label) != 0)
			return damaged(kf, err);
	} else {
		buf_slice(&kf->der, file);
	}
	status = buf_status(&kf->der, err);
	if (status != DEED_OK)
		return status;
	if (envelope_parse(buf_get(&kf->der), &kf->envelope, NULL) != DEED_OK)
		return damaged(kf, err);
	return read_slots(kf, err);
}

enum deed_status keyfile_parse(struct slice file, const char *name,
			       struct keyfile **out, struct deed_error *err)
{
	enum deed_status status;
	struct keyfile *kf;

	*out = NULL;
	if (file.len > KEYFILE_MAX_SIZE)
		return deed_error_set(err, DEED_LIMIT,
				      "the key file '%s' is over %d bytes",
				      name, KEYFILE_MAX_SIZE);
	kf = calloc(1, sizeof(*kf));
	if (kf == NULL)
		return deed_error_memory(err);
	kf->name = strdup(name);
	status = kf->name != NULL ? read_file(kf, file, err)
				  : deed_error_memory(err);
	if (status != DEED_OK) {
		keyfile_free(kf);
		return status;
	}
	*out = kf;
	return DEED_OK;
}

enum deed_status keyfile_load(const char *path, struct keyfile **out,
			      struct deed_error *err)
{
	struct buf file = BUF_INIT;
	enum deed_status status;

	*out = NULL;
	if (!file_exists(path))
		return deed_error_set(err, DEED_NO_KEY,
				      "there is no key file '%s'", path);
	status = file_read(path, KEYFILE_MAX_SIZE, &file, err);
	if (status == DEED_OK)
		status = keyfile_parse(buf_get(&file), path, out, err);
	buf_clear(&file);
	return status;
}

void keyfile_free(struct keyfile *kf)
{
	if (kf == NULL)
		return;
	buf_clear(&kf->der);
	free(kf->name);
	free(kf);
}

size_t keyfile_slot_count(const struct keyfile *kf)
{
	return kf->count;
}

const struct keyfile_slot *keyfile_slot(const struct keyfile *kf, size_t i)
{
	return i < kf->count ? &kf->slots[i] : NULL;
}

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
		status = damaged(kf, err);
	else if (!keyfile_strip(plain, kf->slots, kf->count, &out->pkcs8))
		status = damaged(kf, err);
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
		pem_encode(out, pem_label, buf_get(&der));
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
	status = argon2_calibrate(kdf_ms, &slot->params, err);
	if (status != DEED_OK)
		return status;
	return argon2_derive(&slot->params, passphrase, kek, err);
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
