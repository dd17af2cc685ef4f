/* SPDX-License-Identifier: Apache-2.0 */
#include "office/life/restore_read.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cms/envelope.h"
#include "sign/statement.h"

#define INDEX_MAX STATEMENT_MAX

/* ---- the outer tar ---- */

/* The outer tar, read in order. */
struct outer {
	struct backup_reader *r;
	uint64_t at;
	const char *within; /* for messages */
};

static enum deed_status cut_off(const struct backup_reader *r,
				const char *within, struct deed_error *err)
{
	return deed_error_set(err, DEED_DAMAGED,
			      "'%s' is cut off: it ends in %s", r->name,
			      within);
}

/* pread: the pieces are read long after the table, in the order of the index.
 */
static enum deed_status read_at(const struct backup_reader *r, uint64_t at,
				uint8_t *out, uint64_t len,
				struct deed_error *err)
{
	uint64_t done = 0;

	while (done < len) {
		ssize_t got = pread(r->fd, out + done, (size_t)(len - done),
				    (off_t)(at + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return deed_error_errno(err, errno, "cannot read '%s'",
						r->name);
		if (got == 0)
			return cut_off(r, "a file", err);
		done += (uint64_t)got;
	}
	return DEED_OK;
}

/* A tar_read_fn. */
static enum deed_status read_outer(void *arg, uint8_t *out, uint64_t len,
				   struct deed_error *err)
{
	struct outer *o = arg;
	enum deed_status status = DEED_OK;

	if (len > o->r->file_size || o->at > o->r->file_size - len)
		return cut_off(o->r, o->within, err);
	if (out != NULL)
		status = read_at(o->r, o->at, out, len, err);
	o->at += len;
	return status;
}

/* The only member that is kept in memory, so its size is bounded before room
 * is made. */
static enum deed_status read_index(struct outer *o, uint64_t size,
				   struct deed_error *err)
{
	uint8_t *room;

	if (o->r->der.len > 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "'%s' has two indexes", o->r->name);
	if (size > INDEX_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "the index of '%s' has over %u bytes",
				      o->r->name, INDEX_MAX);
	room = buf_reserve(&o->r->der, (size_t)size);
	if (room == NULL)
		return deed_error_memory(err);
	o->r->der.len = (size_t)size;
	return read_outer(o, room, size, err);
}

struct found {
	uint64_t size[BACKUP_PIECES];
	size_t pieces;
};

/* Pieces have to come in their order and under their own names; anything else
 * is no backup.  Of a piece only the place is noted. */
static enum deed_status see_member(struct outer *o, const struct tar_entry *e,
				   struct found *found, struct deed_error *err)
{
	char expected[BACKUP_NAME];

	o->within = "one of its files";
	backup_piece_name(found->pieces + 1, expected);
	if (!strcmp(e->name, BACKUP_INDEX)) {
		o->within = "its index";
		return read_index(o, e->size, err);
	}
	if (!strcmp(e->name, BACKUP_README))
		return read_outer(o, NULL, e->size, err);
	if (strcmp(e->name, expected) != 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "'%s' in '%s' is no part of a backup, "
				      "expected '%s'",
				      e->name, o->r->name, expected);
	if (found->pieces == BACKUP_PIECES)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' has over %d pieces", o->r->name,
				      BACKUP_PIECES);
	o->within = "a piece";
	o->r->offset[found->pieces] = o->at;
	found->size[found->pieces++] = e->size;
	return read_outer(o, NULL, e->size, err);
}

/* Members are passed over by their size, so a table of any length is read
 * without reading the pieces. */
static enum deed_status read_members(struct backup_reader *r,
				     struct found *found,
				     struct deed_error *err)
{
	struct outer o = { .r = r, .within = "its table" };
	struct tar *tar = NULL;
	struct tar_entry e;
	enum deed_status status = tar_start(&tar, err);

	while (status == DEED_OK) {
		o.within = "its table";
		status = tar_next(tar, read_outer, &o, &e, err);
		if (status == DEED_OK)
			status = see_member(&o, &e, found, err);
		if (status == DEED_OK)
			status = read_outer(&o, NULL, tar_padding(e.size), err);
	}
	tar_stop(tar);
	if (status == DEED_MALFORMED)
		deed_error_prefix(err, "'%s' is no backup", r->name);
	return status == DEED_NOT_FOUND ? DEED_OK : status;
}

/* Are the pieces in number and size what the index says? */
static enum deed_status compare(struct backup_reader *r,
				const struct found *found,
				struct deed_error *err)
{
	char name[BACKUP_NAME];
	size_t i;

	if (found->pieces != r->index.pieces)
		return deed_error_set(err, DEED_DAMAGED,
				      "'%s' has %zu pieces, its index names "
				      "%zu",
				      r->name, found->pieces, r->index.pieces);
	for (i = 0; i < found->pieces; i++) {
		backup_piece_name(i + 1, name);
		if (found->size[i] != r->index.piece[i].size)
			return deed_error_set(
				err, DEED_DAMAGED,
				"'%s' in '%s' has %llu bytes, "
				"its index names %llu",
				name, r->name,
				(unsigned long long)found->size[i],
				(unsigned long long)r->index.piece[i].size);
		r->left += found->size[i];
	}
	return DEED_OK;
}

/* The index is opened as anybody's word here, and judged by the house's own
 * root once the home is unpacked. */
static enum deed_status read_table(struct backup_reader *r, struct found *found,
				   struct deed_error *err)
{
	json_t *json = NULL;
	enum deed_status status = read_members(r, found, err);

	if (status == DEED_OK && r->der.len == 0)
		status = deed_error_set(err, DEED_MALFORMED,
					"'%s' is no backup: it has no index",
					r->name);
	if (status != DEED_OK)
		return status;
	status = statement_open(buf_get(&r->der), BACKUP_TYPE,
				STATEMENT_BY_ITSELF, NULL, &json, NULL, err);
	if (status == DEED_OK)
		status = backup_index_read(json, &r->index, err);
	if (status != DEED_OK)
		deed_error_prefix(err, "the index of '%s'", r->name);
	json_decref(json);
	return status == DEED_OK ? compare(r, found, err) : status;
}

enum deed_status backup_reader_open(struct backup_reader *r, const char *path,
				    const struct deposit_key *key,
				    struct deed_error *err)
{
	struct found *found = calloc(1, sizeof(*found));
	enum deed_status status;
	struct stat st;

	*r = (struct backup_reader){
		.name = path,
		.fd = -1,
		.der = BUF_INIT,
		.sealed = BUF_INIT,
		.plain = BUF_INIT,
		.index = BACKUP_INDEX_INIT,
		.key = key,
		.offset = calloc(BACKUP_PIECES, sizeof(uint64_t)),
	};
	if (found == NULL || r->offset == NULL)
		status = deed_error_memory(err);
	else
		status = file_open_regular(path, &r->fd, err);
	if (status == DEED_OK && fstat(r->fd, &st) != 0)
		status = deed_error_errno(err, errno, "cannot look at '%s'",
					  path);
	if (status == DEED_OK) {
		r->file_size = (uint64_t)st.st_size;
		status = read_table(r, found, err);
	}
	free(found);
	return status;
}

void backup_reader_close(struct backup_reader *r)
{
	if (r->plain.data != NULL)
		secret_wipe(r->plain.data, r->plain.len);
	buf_clear(&r->der);
	buf_clear(&r->sealed);
	buf_clear(&r->plain);
	backup_index_clear(&r->index);
	free(r->offset);
	if (r->fd >= 0)
		(void)close(r->fd);
	r->fd = -1;
}

/* ---- the inner tar ---- */

/* Which piece is this, if not the one that belongs here? */
static enum deed_status wrong_piece(const struct backup_reader *r,
				    const uint8_t hash[SHA256_SIZE],
				    struct deed_error *err)
{
	char name[BACKUP_NAME];
	size_t i;

	backup_piece_name(r->next + 1, name);
	for (i = 0; i < r->index.pieces; i++)
		if (!memcmp(hash, r->index.piece[i].sha256, SHA256_SIZE))
			return deed_error_set(err, DEED_DAMAGED,
					      "'%s' in '%s' is piece %zu of "
					      "the backup, in the wrong place",
					      name, r->name, i + 1);
	return deed_error_set(err, DEED_DAMAGED,
			      "'%s' in '%s' is damaged or of another backup: "
			      "it is not what the index names",
			      name, r->name);
}

/* Each recipient of this kind is tried: the identifier in the envelope may be
 * made in another way than from the key. */
static enum deed_status open_piece(struct backup_reader *r,
				   const struct envelope *e,
				   struct deed_error *err)
{
	/* A key of the other kind is another key, no wrong use of this one. */
	const enum envelope_kind kind =
		pubkey_type(deposit_key_public(r->key)) == PUBKEY_RSA
			? ENVELOPE_RSA
			: ENVELOPE_ECDH;
	enum deed_status status = DEED_NOT_RECIPIENT;
	struct secret *cek = NULL;
	size_t i;

	for (i = 0; i < e->count && status == DEED_NOT_RECIPIENT; i++)
		if (e->to[i].kind == kind)
			status = envelope_unwrap_key(e, e->to[i].id, r->key,
						     &cek, err);
	if (status == DEED_NOT_RECIPIENT)
		return deed_error_set(err, DEED_NOT_RECIPIENT,
				      "the key does not open '%s'", r->name);
	if (status == DEED_OK)
		status = envelope_decrypt(e, cek, &r->plain, err);
	secret_free(cek);
	return status;
}

/* The size comes from the index, which is bounded, and the hash is compared
 * before anything is decrypted.  The plain piece before it is wiped first. */
static enum deed_status load(struct backup_reader *r, struct deed_error *err)
{
	const struct backup_piece *piece = &r->index.piece[r->next];
	struct envelope *e = calloc(1, sizeof(*e));
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;
	uint8_t *room;

	buf_reset(&r->sealed);
	if (r->plain.data != NULL)
		secret_wipe(r->plain.data, r->plain.len);
	buf_reset(&r->plain);
	r->at = 0;
	room = buf_reserve(&r->sealed, (size_t)piece->size);
	if (room == NULL || e == NULL) {
		free(e);
		return deed_error_memory(err);
	}
	r->sealed.len = (size_t)piece->size;
	status = read_at(r, r->offset[r->next], room, piece->size, err);
	if (status == DEED_OK) {
		sha256(buf_get(&r->sealed), hash);
		if (memcmp(hash, piece->sha256, SHA256_SIZE) != 0)
			status = wrong_piece(r, hash, err);
	}
	if (status == DEED_OK)
		status = envelope_parse(buf_get(&r->sealed), e, err);
	if (status == DEED_OK)
		status = open_piece(r, e, err);
	r->left -= piece->size;
	r->next++;
	free(e);
	return status;
}

enum deed_status backup_read(void *arg, uint8_t *out, uint64_t len,
			     struct deed_error *err)
{
	struct backup_reader *r = arg;
	enum deed_status status = DEED_OK;

	while (len > 0 && status == DEED_OK) {
		uint64_t part = r->plain.len - r->at;

		if (part > len)
			part = len;
		if (part == 0 && r->next == r->index.pieces)
			return deed_error_set(err, DEED_DAMAGED,
					      "the tar in '%s' is cut off",
					      r->name);
		if (part == 0) {
			status = load(r, err);
			continue;
		}
		if (out != NULL) {
			memcpy(out, r->plain.data + r->at, (size_t)part);
			out += part;
		}
		r->at += (size_t)part;
		len -= part;
	}
	return status;
}

uint64_t backup_left(const struct backup_reader *r)
{
	return r->left + r->plain.len - r->at;
}

enum deed_status backup_read_rest(struct backup_reader *r,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	while (status == DEED_OK) {
		for (; r->at < r->plain.len; r->at++)
			if (r->plain.data[r->at] != 0)
				return deed_error_set(err, DEED_MALFORMED,
						      "something follows the "
						      "end of the tar in '%s'",
						      r->name);
		if (r->next == r->index.pieces)
			break;
		status = load(r, err);
	}
	return status;
}
