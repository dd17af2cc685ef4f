/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/unpack_serve.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

#include "base/frame.h"
#include "codec/tar_wire.h"

struct reader {
	struct archive *archive;
	int in, out;
	bool opened;
	uint64_t owed; /* bytes that the caller has passed over for us */
	struct buf block;
	struct deed_error err;
};

/* Only headers are asked for.  Where bytes of content are still owed,
 * libarchive wants to read what it should skip: that is an entry which the two
 * sides see differently, and ends the reading. */
static la_ssize_t on_read(struct archive *a, void *arg, const void **data)
{
	struct reader *r = arg;
	uint32_t type = 0;

	(void)a;
	*data = NULL;
	if (r->owed != 0)
		return -1;
	if (frame_write(r->out, TAR_READ, SLICE_NONE, &r->err) != DEED_OK ||
	    frame_read(r->in, &type, &r->block, TAR_BLOCK, &r->err) !=
		    DEED_OK ||
	    type != TAR_READ || r->block.len != TAR_BLOCK)
		return -1;
	*data = r->block.data;
	return TAR_BLOCK;
}

/* The caller has these bytes behind it already. */
static la_int64_t on_skip(struct archive *a, void *arg, la_int64_t request)
{
	struct reader *r = arg;

	(void)a;
	if (request < 0 || (uint64_t)request > r->owed)
		request = (la_int64_t)r->owed;
	r->owed -= (uint64_t)request;
	return request;
}

/* Also for one that was made by half. */
static void reader_free(struct reader *r)
{
	if (r == NULL)
		return;
	if (r->archive != NULL)
		(void)archive_read_free(r->archive);
	buf_clear(&r->block);
	free(r);
}

/* No filter is allowed for, and tar alone of the formats: a compressed
 * container is none of ours, and every decoder less is one that a hostile file
 * cannot reach. */
static enum deed_status reader_new(int in, int out, struct reader **reader,
				   struct deed_error *err)
{
	struct reader *r = calloc(1, sizeof(*r));

	*reader = NULL;
	if (r == NULL)
		return deed_error_memory(err);
	r->in = in;
	r->out = out;
	r->archive = archive_read_new();
	if (r->archive == NULL ||
	    archive_read_support_format_tar(r->archive) != ARCHIVE_OK) {
		reader_free(r);
		return deed_error_memory(err);
	}
	*reader = r;
	return DEED_OK;
}

/* What failed beneath libarchive, when asking for a block, is told in its own
 * words: libarchive only knows that reading failed. */
static enum deed_status malformed(struct reader *r, struct deed_error *err)
{
	const char *why = archive_error_string(r->archive);

	if (r->err.status != DEED_OK) {
		if (err != NULL)
			*err = r->err;
		return r->err.status;
	}
	return deed_error_set(err, DEED_MALFORMED, "the tar is malformed: %s",
			      why == NULL ? "an entry that is no file" : why);
}

/* A plain file of a known size, with a name that we can give out. */
static bool read_entry(struct archive_entry *from, struct tar_entry *e)
{
	const char *name = archive_entry_pathname_utf8(from);
	la_int64_t size = archive_entry_size(from);

	if (name == NULL || !tar_name_valid(slice_str(name)) ||
	    archive_entry_filetype(from) != AE_IFREG ||
	    archive_entry_hardlink(from) != NULL ||
	    archive_entry_sparse_count(from) != 0 ||
	    !archive_entry_size_is_set(from) || size < 0)
		return false;
	memcpy(e->name, name, strlen(name) + 1);
	e->size = (uint64_t)size;
	e->mtime = archive_entry_mtime(from);
	e->mode = archive_entry_perm(from) & 0777;
	return true;
}

/* What was not read of the entry before is owed: libarchive would pass over it
 * in silence, and with it over a file that is cut. */
static enum deed_status reader_next(struct reader *r, struct tar_entry *e,
				    bool *end, struct deed_error *err)
{
	struct archive_entry *entry;
	int result;

	*end = false;
	if (!r->opened) {
		r->opened = true;
		if (archive_read_set_skip_callback(r->archive, on_skip) !=
			    ARCHIVE_OK ||
		    archive_read_set_read_callback(r->archive, on_read) !=
			    ARCHIVE_OK ||
		    archive_read_set_callback_data(r->archive, r) !=
			    ARCHIVE_OK ||
		    archive_read_open1(r->archive) != ARCHIVE_OK)
			return malformed(r, err);
	}
	result = archive_read_next_header(r->archive, &entry);
	*end = result == ARCHIVE_EOF;
	if (*end)
		return DEED_OK;
	if (result != ARCHIVE_OK || r->owed != 0 || !read_entry(entry, e))
		return malformed(r, err);
	r->owed = e->size + tar_padding(e->size);
	return DEED_OK;
}

struct server {
	int in, out;
	struct buf body, answer;
	struct reader *tar;
};

/* An empty answer is the end of the tar.  The reader stays from one order to
 * the next, since libarchive reads on where it was. */
static enum deed_status on_tar_next(struct server *s, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct tar_entry e;
	bool end;

	if (s->tar == NULL)
		status = reader_new(s->in, s->out, &s->tar, err);
	if (status == DEED_OK)
		status = reader_next(s->tar, &e, &end, err);
	if (status == DEED_OK && !end)
		tar_put_entry(&e, &s->answer);
	return status;
}

/* An error ends the helper: libarchive does not go on behind one. */
enum deed_status tar_serve(int in, int out, struct deed_error *err)
{
	struct server s = { .in = in, .out = out };
	enum deed_status status;
	uint32_t type;

	for (;;) {
		status = frame_read(in, &type, &s.body, TAR_BODY, err);
		if (status != DEED_OK || type == FRAME_END)
			break;
		buf_reset(&s.answer);
		status = type == TAR_NEXT
				 ? on_tar_next(&s, err)
				 : deed_error_set(err, DEED_MALFORMED,
						  "deed-unpack has no order %u",
						  type);
		if (status == DEED_OK)
			status = buf_status(&s.answer, err);
		if (status == DEED_OK)
			status =
				frame_write(out, type, buf_get(&s.answer), err);
		if (status != DEED_OK)
			break;
	}
	reader_free(s.tar);
	buf_clear(&s.body);
	buf_clear(&s.answer);
	return status;
}
