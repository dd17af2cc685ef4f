/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/dropbox.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/secret.h"
#include "cms/envelope.h"
#include "codec/hex.h"
#include "crypto/digest.h"
#include "key/deposit_key.h"
#include "key/pubkey.h"

/* A record lies in a folder of its first two digits. */
#define FAN 2
#define SUFFIX ".cms"
#define NAME_SIZE (2 * DROPBOX_HASH + sizeof(SUFFIX))

enum deed_status dropbox_create(const char *dir, struct deed_error *err)
{
	enum deed_status status = file_mkdirs(dir, 0700, err);

	return status == DEED_OK ? file_sync_parent(dir, err) : status;
}

/* A record is named after the SHA-256 of its octets: two writers cannot be in
 * each other's way, and a changed one is found out. */
static void record_name(const uint8_t hash[DROPBOX_HASH], char out[NAME_SIZE])
{
	hex_text(slice_of(hash, DROPBOX_HASH), out);
	memcpy(out + 2 * (size_t)DROPBOX_HASH, SUFFIX, sizeof(SUFFIX));
}

/* DIR/HA, allocated. */
static char *fan_path(const char *dir, const char *name)
{
	char digits[FAN + 1];

	memcpy(digits, name, FAN);
	digits[FAN] = '\0';
	return path_join(dir, digits);
}

/* DIR/HA/HASH.cms, allocated, unless there is DIR/HASH.cms, as all once were;
 * NULL without memory. */
static char *record_path(const char *dir, const uint8_t hash[DROPBOX_HASH])
{
	char name[NAME_SIZE], *fan, *path, *old;

	record_name(hash, name);
	fan = fan_path(dir, name);
	path = fan == NULL ? NULL : path_join(fan, name);
	free(fan);
	if (path == NULL || file_exists(path))
		return path;
	old = path_join(dir, name);
	if (old != NULL && !file_exists(old)) {
		free(old);
		return path;
	}
	free(path);
	return old;
}

/* The folder for a record: it is made, and on the disk, before the record. */
static enum deed_status make_folder(const char *dir,
				    const uint8_t hash[DROPBOX_HASH],
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char name[NAME_SIZE], *fan;

	record_name(hash, name);
	fan = fan_path(dir, name);
	if (fan == NULL)
		return deed_error_memory(err);
	if (mkdir(fan, 0700) == 0)
		status = file_sync_parent(fan, err);
	else if (errno != EEXIST)
		status = deed_error_errno(err, errno, "cannot make '%s'", fan);
	free(fan);
	return status;
}

/* One reader as a recipient; id has room for a key identifier. */
static enum deed_status recipient(const struct dropbox_reader *reader,
				  uint8_t id[KEY_ID_SIZE],
				  struct envelope_to *to,
				  struct deed_error *err)
{
	struct pubkey *key;
	enum deed_status status;

	memset(to, 0, sizeof(*to));
	status = pubkey_from_spki(reader->spki, &key, err);
	if (status != DEED_OK)
		return status;
	to->kind =
		pubkey_type(key) == PUBKEY_RSA ? ENVELOPE_RSA : ENVELOPE_ECDH;
	pubkey_free(key);
	to->spki = reader->spki;
	to->id = reader->ski;
	if (to->id.len == 0) {
		if (!spki_key_id(reader->spki, id))
			return deed_error_set(err, DEED_MALFORMED,
					      "a reader's public key is "
					      "malformed");
		to->id = slice_of(id, KEY_ID_SIZE);
	}
	return DEED_OK;
}

/* Named after what was encrypted, which is different each time: the names do
 * not tell whether two records are the same. */
enum deed_status dropbox_put(const char *dir, const struct dropbox_reader *to,
			     size_t count, struct slice record,
			     uint8_t hash[DROPBOX_HASH], struct deed_error *err)
{
	struct envelope_to recipients[DROPBOX_READERS_MAX];
	uint8_t ids[DROPBOX_READERS_MAX][KEY_ID_SIZE];
	struct buf cms = BUF_INIT;
	enum deed_status status = DEED_OK;
	char *path = NULL;
	size_t i;

	if (count == 0 || count > DROPBOX_READERS_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "a record has 1 to %d readers",
				      DROPBOX_READERS_MAX);
	for (i = 0; i < count && status == DEED_OK; i++)
		status = recipient(&to[i], ids[i], &recipients[i], err);
	if (status == DEED_OK)
		status = envelope_write(recipients, count, NULL, record, &cms,
					err);
	if (status == DEED_OK && cms.len > DROPBOX_RECORD_MAX)
		status = deed_error_set(err, DEED_LIMIT,
					"the record is too long");
	if (status != DEED_OK)
		goto out;
	sha256(buf_get(&cms), hash);
	status = make_folder(dir, hash, err);
	if (status != DEED_OK)
		goto out;
	path = record_path(dir, hash);
	if (path == NULL)
		status = deed_error_memory(err);
	else
		status =
			file_write(path, 0600, buf_get(&cms), OUTFILE_NEW, err);
out:
	free(path);
	buf_clear(&cms);
	return status;
}

/* The hash is held against the name before anything of the record is parsed.
 */
enum deed_status dropbox_get(const char *dir, const uint8_t hash[DROPBOX_HASH],
			     struct buf *out, struct deed_error *err)
{
	char *path = record_path(dir, hash);
	uint8_t seen[DROPBOX_HASH];
	size_t before = out->len;
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	if (!file_exists(path))
		status = deed_error_set(err, DEED_NOT_FOUND,
					"the drop box lacks the record '%s'",
					path_base(path));
	else
		status = file_read(path, DROPBOX_RECORD_MAX, out, err);
	if (status == DEED_OK) {
		sha256(slice_of(out->data + before, out->len - before), seen);
		if (memcmp(seen, hash, DROPBOX_HASH) != 0)
			status = deed_error_set(err, DEED_DAMAGED,
						"the record '%s' is not what "
						"its name says",
						path_base(path));
	}
	free(path);
	return status;
}

enum deed_status dropbox_open(const char *dir, const uint8_t hash[DROPBOX_HASH],
			      struct slice ski, const struct deposit_key *key,
			      struct buf *out, struct deed_error *err)
{
	struct envelope *e = NULL;
	struct secret *cek = NULL;
	struct buf cms = BUF_INIT;
	enum deed_status status = dropbox_get(dir, hash, &cms, err);

	if (status != DEED_OK)
		goto out;
	e = calloc(1, sizeof(*e));
	if (e == NULL) {
		status = deed_error_memory(err);
		goto out;
	}
	status = envelope_parse(buf_get(&cms), e, err);
	if (status == DEED_OK)
		status = envelope_unwrap_key(e, ski, key, &cek, err);
	if (status == DEED_OK)
		status = envelope_decrypt(e, cek, out, err);
out:
	secret_free(cek);
	free(e);
	buf_clear(&cms);
	return status;
}

bool dropbox_has(const char *dir, const uint8_t hash[DROPBOX_HASH])
{
	char *path = record_path(dir, hash);
	bool there = path != NULL && file_exists(path);

	free(path);
	return there;
}

enum deed_status dropbox_remove(const char *dir,
				const uint8_t hash[DROPBOX_HASH],
				struct deed_error *err)
{
	char *path = record_path(dir, hash);
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	if (!file_exists(path))
		status = deed_error_set(err, DEED_NOT_FOUND,
					"the drop box lacks the record '%s'",
					path_base(path));
	else
		status = file_remove(path, err);
	if (status == DEED_OK)
		status = file_sync_parent(path, err);
	free(path);
	return status;
}

/* The hash that a file name says, in lower-case digits. */
static bool parse_name(const char *name, uint8_t hash[DROPBOX_HASH])
{
	char again[NAME_SIZE];

	if (strlen(name) != NAME_SIZE - 1 ||
	    !hex_read(slice_of(name, 2 * (size_t)DROPBOX_HASH), hash,
		      DROPBOX_HASH))
		return false;
	record_name(hash, again);
	return !strcmp(again, name);
}

/* Not the folder itself, and not what an interrupted write left. */
static int is_entry(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* A link is none: the drop box makes its folders itself.
 * Not by d_type, which some file systems do not say. */
static bool is_fan(const char *path, const char *name)
{
	struct stat st;

	return strspn(name, "0123456789abcdef") == FAN && name[FAN] == '\0' &&
	       lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* fan is the folder of two digits that dir is, or NULL: a record in the wrong
 * one is none, for nobody looks for it there. */
static enum deed_status tell(const char *fan, const char *name, dropbox_fn *fn,
			     void *arg, struct deed_error *err)
{
	uint8_t hash[DROPBOX_HASH];
	bool record = parse_name(name, hash);

	if (fan != NULL && strncmp(fan, name, FAN) != 0)
		record = false;
	return fn(arg, name, record ? hash : NULL, err);
}

/* Sorted, so that two runs tell the same order.  At most two levels: a folder
 * of two digits is entered in the uppermost only, and what is not known is
 * told rather than passed over. */
static enum deed_status list_in(const char *dir, const char *fan,
				dropbox_fn *fn, void *arg,
				struct deed_error *err)
{
	struct dirent **names = NULL;
	enum deed_status status = DEED_OK;
	int count = scandir(dir, &names, is_entry, alphasort), i;

	if (count < 0)
		return deed_error_errno(err, errno, "cannot read '%s'", dir);
	for (i = 0; i < count; i++) {
		const char *name = names[i]->d_name;
		char *inner = path_join(dir, name);

		if (status == DEED_OK && inner == NULL)
			status = deed_error_memory(err);
		else if (status == DEED_OK && fan == NULL &&
			 is_fan(inner, name))
			status = list_in(inner, name, fn, arg, err);
		else if (status == DEED_OK)
			status = tell(fan, name, fn, arg, err);
		free(inner);
		free(names[i]);
	}
	free(names);
	return status;
}

enum deed_status dropbox_list(const char *dir, dropbox_fn *fn, void *arg,
			      struct deed_error *err)
{
	return list_in(dir, NULL, fn, arg, err);
}
