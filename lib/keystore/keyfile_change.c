/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keyfile.h"

#include <stdlib.h>

#include "base/file.h"
#include "keystore/keyfile_priv.h"

/*
 * Changes to the slots of a key file.  Recipients whose passphrase is not at
 * hand are kept as they stand, and with them the content key; where only the
 * slot at hand remains, the content key is fresh.
 */

struct change {
	struct keyfile *kf;
	struct keyfile_opened opened;
	struct envelope_to to[KEYFILE_MAX_SLOTS];
	struct keyfile_slot slots[KEYFILE_MAX_SLOTS];
	char ids[2][KEYFILE_ID_MAX]; /* of the recipients that are made */
	size_t made;
	size_t kept;
	size_t count;
};

/* Secrets go first; the key file only has what lies on the disk. */
static void change_clear(struct change *c)
{
	keyfile_opened_clear(&c->opened);
	keyfile_free(c->kf);
}

/* The passphrase at hand opens the content key, which every kept slot needs: a
 * file that it does not open cannot be changed. */
static enum deed_status change_open(struct change *c, const char *path,
				    struct slice passphrase,
				    struct deed_error *err)
{
	enum deed_status status;

	*c = (struct change){ .kf = NULL };
	status = keyfile_load(path, &c->kf, err);
	if (status == DEED_OK)
		status = keyfile_open_slots(c->kf, NULL, passphrase, &c->opened,
					    err);
	if (status != DEED_OK)
		change_clear(c);
	return status;
}

/* The recipient's octets are copied as they stand: without its passphrase
 * nothing else could be made of it. */
static void keep(struct change *c, size_t i)
{
	c->to[c->count] =
		(struct envelope_to){ .kind = ENVELOPE_KEPT,
				      .der = c->kf->envelope.to[i].der };
	c->slots[c->count++] = c->kf->slots[i];
	c->kept++;
}

/* kek is borrowed until the change is written. */
static void make(struct change *c, const struct keyfile_slot *slot,
		 const struct secret *kek)
{
	char *id = c->ids[c->made++];

	keyfile_slot_id(slot, id);
	c->to[c->count] = (struct envelope_to){ .kind = ENVELOPE_KEK,
						.id = slice_str(id),
						.kek = kek };
	c->slots[c->count++] = *slot;
}

/* One rename puts the new file in the place of the old. */
static enum deed_status change_write(struct change *c, const char *path,
				     struct deed_error *err)
{
	struct buf file = BUF_INIT;
	enum deed_status status;

	status = keyfile_encode(c->to, c->slots, c->count,
				c->kept > 0 ? c->opened.cek : NULL,
				c->opened.pkcs8, &file, err);
	if (status == DEED_OK)
		status = file_write(path, 0600, buf_get(&file), OUTFILE_REPLACE,
				    err);
	buf_clear(&file);
	return status;
}

enum deed_status keyfile_passphrase(const char *path, struct slice old,
				    struct slice passphrase, unsigned kdf_ms,
				    struct deed_error *err)
{
	struct keyfile_slot slot;
	struct secret *kek;
	enum deed_status status;
	struct change c;
	size_t i;

	status = change_open(&c, path, old, err);
	if (status != DEED_OK)
		return status;
	status = keyfile_new_slot(c.kf->slots[c.opened.slot].label, passphrase,
				  kdf_ms, &slot, &kek, err);
	if (status == DEED_OK) {
		for (i = 0; i < c.kf->count; i++) {
			if (i == c.opened.slot)
				make(&c, &slot, kek);
			else
				keep(&c, i);
		}
		status = change_write(&c, path, err);
	}
	secret_free(kek);
	change_clear(&c);
	return status;
}

static bool has_label(const struct keyfile *kf, const char *label)
{
	size_t i;

	for (i = 0; i < kf->count; i++) {
		if (!strcmp(kf->slots[i].label, label))
			return true;
	}
	return false;
}

/* Before the passphrase is stretched, which takes its time. */
static enum deed_status check_added(const struct keyfile *kf, const char *label,
				    struct deed_error *err)
{
	if (has_label(kf, label))
		return deed_error_set(err, DEED_EXISTS,
				      "'%s' has a slot '%s' already", kf->name,
				      label);
	if (kf->count == KEYFILE_MAX_SLOTS)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' has %d slots already", kf->name,
				      KEYFILE_MAX_SLOTS);
	return DEED_OK;
}

enum deed_status keyfile_slot_add(const char *path, struct slice passphrase,
				  const char *label, struct slice added,
				  unsigned kdf_ms, struct deed_error *err)
{
	struct keyfile_slot slot;
	struct secret *kek = NULL;
	enum deed_status status;
	struct change c;
	size_t i;

	status = keyfile_check_label(label, err);
	if (status != DEED_OK)
		return status;
	status = change_open(&c, path, passphrase, err);
	if (status != DEED_OK)
		return status;
	status = check_added(c.kf, label, err);
	if (status == DEED_OK)
		status = keyfile_new_slot(label, added, kdf_ms, &slot, &kek,
					  err);
	if (status == DEED_OK) {
		for (i = 0; i < c.kf->count; i++)
			keep(&c, i);
		make(&c, &slot, kek);
		status = change_write(&c, path, err);
	}
	secret_free(kek);
	change_clear(&c);
	return status;
}

/* Whoever opens one slot may remove any, their own too, but not the last: its
 * key could be opened by nobody. */
enum deed_status keyfile_slot_remove(const char *path, struct slice passphrase,
				     const char *label, struct deed_error *err)
{
	enum deed_status status;
	struct change c;
	size_t i, own;

	status = change_open(&c, path, passphrase, err);
	if (status != DEED_OK)
		return status;
	own = c.opened.slot;
	if (!has_label(c.kf, label)) {
		status = deed_error_set(err, DEED_NOT_FOUND,
					"'%s' has no slot '%s'", path, label);
	} else if (c.kf->count == 1) {
		status = deed_error_set(err, DEED_REFUSED,
					"'%s' is the last slot of '%s'", label,
					path);
	} else {
		for (i = 0; i < c.kf->count; i++) {
			if (!strcmp(c.kf->slots[i].label, label))
				continue;
			/* Two slots, one of them ours, the other goes. */
			if (i == own && c.kf->count == 2)
				make(&c, &c.kf->slots[i], c.opened.kek);
			else
				keep(&c, i);
		}
		status = change_write(&c, path, err);
	}
	change_clear(&c);
	return status;
}
