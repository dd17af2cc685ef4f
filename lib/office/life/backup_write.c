/* SPDX-License-Identifier: Apache-2.0 */
#include "office/life/backup_write.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/tar_write.h"

enum deed_status backup_writer_open(struct backup_writer *w,
				    struct deed_error *err)
{
	w->used = 0;
	w->room = malloc(BACKUP_PIECE);
	return w->room == NULL ? deed_error_memory(err) : DEED_OK;
}

void backup_writer_close(struct backup_writer *w)
{
	/* Keys that need no passphrase went through here. */
	if (w->room != NULL)
		secret_wipe(w->room, w->used);
	free(w->room);
	w->room = NULL;
}

/* In a dry run all is done but the writing. */
static enum deed_status out_bytes(struct backup_writer *w, struct slice bytes,
				  struct deed_error *err)
{
	if (w->out == NULL)
		return DEED_OK;
	return outfile_write(w->out, bytes.data, bytes.len, err);
}

/* The length is checked here, as the entry has room for no longer name. */
static enum deed_status header(const char *name, uint64_t size, int64_t mtime,
			       unsigned mode, struct buf *out,
			       struct deed_error *err)
{
	struct tar_entry e = { .size = size, .mtime = mtime, .mode = mode };

	if (strlen(name) > TAR_NAME)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is too long a name", name);
	memcpy(e.name, name, strlen(name) + 1);
	return tar_header(&e, out, err);
}

enum deed_status backup_write_member(struct backup_writer *w, const char *name,
				     struct slice bytes, struct deed_error *err)
{
	static const uint8_t zero[512];
	struct buf head = BUF_INIT;
	enum deed_status status;

	status = header(name, bytes.len, w->now, 0644, &head, err);
	if (status == DEED_OK)
		status = out_bytes(w, buf_get(&head), err);
	if (status == DEED_OK)
		status = out_bytes(w, bytes, err);
	if (status == DEED_OK)
		status = out_bytes(w, slice_of(zero, tar_padding(bytes.len)),
				   err);
	buf_clear(&head);
	return status;
}

enum deed_status backup_write_close(struct backup_writer *w,
				    struct deed_error *err)
{
	struct buf end = BUF_INIT;
	enum deed_status status;

	tar_end(&end);
	status = buf_status(&end, err);
	if (status == DEED_OK)
		status = out_bytes(w, buf_get(&end), err);
	buf_clear(&end);
	return status;
}

/* What has gathered becomes a piece. */
static enum deed_status flush(struct backup_writer *w, struct deed_error *err)
{
	struct backup_piece piece;
	struct buf sealed = BUF_INIT;
	char name[BACKUP_NAME];
	enum deed_status status = DEED_OK;

	if (w->used == 0)
		return DEED_OK;
	if (w->out != NULL)
		status = envelope_write(w->to, 1, NULL,
					slice_of(w->room, w->used), &sealed,
					err);
	if (status == DEED_OK) {
		sha256(buf_get(&sealed), piece.sha256);
		piece.size = sealed.len;
		status = backup_index_add(w->index, &piece, err);
	}
	if (status == DEED_OK) {
		backup_piece_name(w->index->pieces, name);
		status = backup_write_member(w, name, buf_get(&sealed), err);
	}
	buf_clear(&sealed);
	w->index->size += w->used;
	if (status == DEED_OK && w->progress != NULL)
		w->progress(w->progress_arg, w->index->size);
	secret_wipe(w->room, w->used);
	w->used = 0;
	return status;
}

/* Room for at least a byte more of the inner tar. */
static enum deed_status room(struct backup_writer *w, uint8_t **at,
			     size_t *free_bytes, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (w->used == BACKUP_PIECE)
		status = flush(w, err);
	*at = w->room + w->used;
	*free_bytes = BACKUP_PIECE - w->used;
	return status;
}

/* bytes.data NULL: zeros. */
static enum deed_status put_bytes(struct backup_writer *w, struct slice bytes,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t done = 0, part;
	uint8_t *at;

	while (done < bytes.len && status == DEED_OK) {
		status = room(w, &at, &part, err);
		if (status != DEED_OK)
			break;
		if (part > bytes.len - done)
			part = bytes.len - done;
		if (bytes.data == NULL)
			memset(at, 0, part);
		else
			memcpy(at, bytes.data + done, part);
		w->used += part;
		done += part;
	}
	return status;
}

/* The header may lie across two pieces, as anything in the inner tar may. */
static enum deed_status put_header(struct backup_writer *w, const char *name,
				   uint64_t size, int64_t mtime, unsigned mode,
				   struct deed_error *err)
{
	struct buf head = BUF_INIT;
	enum deed_status status;

	status = header(name, size, mtime, mode, &head, err);
	if (status == DEED_OK)
		status = put_bytes(w, buf_get(&head), err);
	buf_clear(&head);
	return status;
}

/* The size stands before the content in a tar, and a file may grow while it is
 * read: what came later is not in this backup. */
static enum deed_status put_content(struct backup_writer *w, int fd,
				    const char *path, uint64_t size,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	uint64_t left = size;
	uint8_t *at;
	size_t part;

	while (left > 0 && status == DEED_OK) {
		ssize_t got;

		status = room(w, &at, &part, err);
		if (status != DEED_OK)
			return status;
		if (part > left)
			part = (size_t)left;
		got = read(fd, at, part);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return deed_error_errno(err, errno, "cannot read '%s'",
						path);
		if (got == 0)
			return deed_error_set(err, DEED_IO,
					      "'%s' became shorter while it "
					      "was read",
					      path);
		w->used += (size_t)got;
		left -= (uint64_t)got;
	}
	return put_bytes(w, slice_of(NULL, tar_padding(size)), err);
}

/* As many bytes as the file had when it was opened: what is appended meanwhile
 * is left to the second round, and one that shrinks ends the backup. */
enum deed_status backup_write_file(struct backup_writer *w, const char *path,
				   const char *name, struct stat *st,
				   struct deed_error *err)
{
	enum deed_status status;
	int fd = -1;

	status = file_open_regular(path, &fd, err);
	if (status != DEED_OK)
		return errno == ENOENT ? DEED_NOT_FOUND : status;
	if (fstat(fd, st) != 0)
		status = deed_error_errno(err, errno, "cannot look at '%s'",
					  path);
	if (status == DEED_OK)
		status = put_header(w, name, (uint64_t)st->st_size,
				    st->st_mtime, st->st_mode & 0777, err);
	if (status == DEED_OK)
		status = put_content(w, fd, path, (uint64_t)st->st_size, err);
	(void)close(fd);
	if (status == DEED_OK)
		w->index->files++;
	return status;
}

enum deed_status backup_write_bytes(struct backup_writer *w, const char *name,
				    struct slice bytes, struct deed_error *err)
{
	enum deed_status status;

	status = put_header(w, name, bytes.len, w->now, 0600, err);
	if (status == DEED_OK)
		status = put_bytes(w, bytes, err);
	if (status == DEED_OK)
		status = put_bytes(w, slice_of(NULL, tar_padding(bytes.len)),
				   err);
	return status;
}

enum deed_status backup_write_end(struct backup_writer *w,
				  struct deed_error *err)
{
	struct buf end = BUF_INIT;
	enum deed_status status;

	tar_end(&end);
	status = buf_status(&end, err);
	if (status == DEED_OK)
		status = put_bytes(w, buf_get(&end), err);
	if (status == DEED_OK)
		status = flush(w, err);
	buf_clear(&end);
	return status;
}
