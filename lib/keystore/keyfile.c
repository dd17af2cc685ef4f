/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keyfile.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "codec/pem.h"
#include "keystore/keyfile_priv.h"

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

enum deed_status keyfile_damaged(const struct keyfile *kf,
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

/* Only recipients by passphrase, each of another label: a hostile file cannot
 * have a slot shadow another or bring a kind of recipient that is never tried.
 */
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
			return keyfile_damaged(kf, err);
		for (j = 0; j < i; j++) {
			if (!strcmp(kf->slots[j].label, kf->slots[i].label))
				return keyfile_damaged(kf, err);
		}
	}
	kf->count = i;
	return i > 0 ? DEED_OK : keyfile_damaged(kf, err);
}

/* PEM with exactly one block, or DER. */
static enum deed_status read_file(struct keyfile *kf, struct slice file,
				  struct deed_error *err)
{
	char label[PEM_LABEL];
	enum deed_status status;

	if (pem_looks_like(file)) {
		if (pem_decode_next(&file, label, &kf->der, NULL) != DEED_OK ||
		    strcmp(label, KEYFILE_PEM_LABEL) != 0)
			return keyfile_damaged(kf, err);
	} else {
		buf_slice(&kf->der, file);
	}
	status = buf_status(&kf->der, err);
	if (status != DEED_OK)
		return status;
	if (envelope_parse(buf_get(&kf->der), &kf->envelope, NULL) != DEED_OK)
		return keyfile_damaged(kf, err);
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
