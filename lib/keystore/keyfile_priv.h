/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEYSTORE_KEYFILE_PRIV_H
#define DEED_KEYSTORE_KEYFILE_PRIV_H

#include "cms/envelope.h"
#include "keystore/keyfile.h"

/* What the files of a key file share; private to keystore. */

#define KEYFILE_ID_MAX 160 /* with its NUL */
#define KEYFILE_PEM_LABEL "CMS"

struct keyfile {
	char *name;
	struct buf der;
	struct envelope envelope;		      /* borrows from der */
	struct keyfile_slot slots[KEYFILE_MAX_SLOTS]; /* as its recipients */
	size_t count;
};

/* An opened file: what is needed to write it anew. */
struct keyfile_opened {
	size_t slot; /* the one that the passphrase opens */
	struct secret *kek;
	struct secret *cek;
	struct secret *pkcs8; /* without attributes */
};

/* DEED_DAMAGED, naming the file. */
enum deed_status keyfile_damaged(const struct keyfile *kf,
				 struct deed_error *err);

/* The key identifier of a slot: text. */
void keyfile_slot_id(const struct keyfile_slot *slot, char out[KEYFILE_ID_MAX]);

enum deed_status keyfile_open_slots(const struct keyfile *kf, const char *label,
				    struct slice passphrase,
				    struct keyfile_opened *out,
				    struct deed_error *err) DEED_MUST_USE;
void keyfile_opened_clear(struct keyfile_opened *o);

/* Parameters and key-encryption key of a slot to be. */
enum deed_status keyfile_new_slot(const char *label, struct slice passphrase,
				  unsigned kdf_ms, struct keyfile_slot *slot,
				  struct secret **kek,
				  struct deed_error *err) DEED_MUST_USE;

/* The whole file for these recipients; slots are what they stand for. */
enum deed_status keyfile_encode(const struct envelope_to *to,
				const struct keyfile_slot *slots, size_t count,
				const struct secret *cek,
				const struct secret *pkcs8, struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

/* PrivateKeyInfo with the attributes that repeat slots and public key. */
enum deed_status keyfile_dress(const struct secret *pkcs8,
			       const struct keyfile_slot *slots, size_t count,
			       struct secret **out,
			       struct deed_error *err) DEED_MUST_USE;

/* The reverse; false where the attributes are not what they must be. */
bool keyfile_strip(const struct secret *plain, const struct keyfile_slot *slots,
		   size_t count, struct secret **pkcs8);

#endif
