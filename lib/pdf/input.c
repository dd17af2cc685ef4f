/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/input.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

struct pdf_input {
	char *name;
	uint64_t size;
	const uint8_t *bytes; /* NULL: read from fd */
	uint8_t *owned;
	int fd;
	bool close_fd;
	const struct secret *password;
};

/* fd is -1 from the start, so that an input over memory never closes a
 * descriptor. */
static enum deed_status new_input(const char *name, struct pdf_input **out,
				  struct deed_error *err)
{
	struct pdf_input *in = calloc(1, sizeof(*in));

	*out = NULL;
	if (in == NULL)
		return deed_error_memory(err);
	in->fd = -1;
	in->name = strdup(name);
	if (in->name == NULL) {
		free(in);
		return deed_error_memory(err);
	}
	*out = in;
	return DEED_OK;
}

/* A file that changes while it is judged is an error, never a verdict. */
static enum deed_status read_at(const struct pdf_input *in, uint64_t at,
				uint8_t *data, size_t len,
				struct deed_error *err)
{
	ssize_t got;

	while (len > 0) {
		got = pread(in->fd, data, len, (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return deed_error_errno(err, errno, "cannot read '%s'",
						in->name);
		if (got == 0)
			return deed_error_set(err, DEED_IO,
					      "'%s' became shorter while it "
					      "was read",
					      in->name);
		data += got;
		at += (uint64_t)got;
		len -= (size_t)got;
	}
	return DEED_OK;
}

enum deed_status pdf_input_from_fd(int fd, const char *name,
				   struct pdf_input **out,
				   struct deed_error *err)
{
	struct stat st;

	*out = NULL;
	if (fstat(fd, &st) != 0)
		return deed_error_errno(err, errno, "cannot read '%s'", name);
	return pdf_input_from_stat(fd, name, &st, out, err);
}

/* The size is taken here once, and every range held against it.  A small file
 * is read whole, so that a later change of it is not half seen. */
enum deed_status pdf_input_from_stat(int fd, const char *name,
				     const struct stat *st,
				     struct pdf_input **out,
				     struct deed_error *err)
{
	struct pdf_input *in;
	enum deed_status status;

	status = new_input(name, &in, err);
	*out = NULL;
	if (status != DEED_OK)
		return status;
	in->fd = fd;
	if (S_ISDIR(st->st_mode)) {
		status =
			deed_error_errno(err, EISDIR, "cannot read '%s'", name);
		goto out;
	}
	if (!S_ISREG(st->st_mode)) {
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"'%s' is no regular file", name);
		goto out;
	}
	if ((uint64_t)st->st_size > PDF_INPUT_MAX) {
		status = deed_error_set(err, DEED_LIMIT,
					"'%s' is larger than %llu bytes", name,
					(unsigned long long)PDF_INPUT_MAX);
		goto out;
	}
	in->size = (uint64_t)st->st_size;
	if (in->size <= PDF_INPUT_WHOLE) {
		in->owned = malloc(in->size > 0 ? (size_t)in->size : 1);
		if (in->owned == NULL) {
			status = deed_error_memory(err);
			goto out;
		}
		status = read_at(in, 0, in->owned, (size_t)in->size, err);
		in->bytes = in->owned;
	}
	if (status == DEED_OK) {
		*out = in;
		in = NULL;
	}
out:
	pdf_input_close(in);
	return status;
}

enum deed_status pdf_input_open(const char *path, struct pdf_input **out,
				struct deed_error *err)
{
	enum deed_status status;
	int fd;

	*out = NULL;
	status = file_open_regular(path, &fd, err);
	if (status != DEED_OK)
		return status;
	status = pdf_input_from_fd(fd, path, out, err);
	if (status == DEED_OK)
		(*out)->close_fd = true;
	else
		(void)close(fd);
	return status;
}

enum deed_status pdf_input_from_memory(struct slice bytes, const char *name,
				       struct pdf_input **out,
				       struct deed_error *err)
{
	static const uint8_t nothing;
	enum deed_status status;

	status = new_input(name, out, err);
	if (status != DEED_OK)
		return status;
	(*out)->bytes = bytes.len > 0 ? bytes.data : &nothing;
	(*out)->size = bytes.len;
	return DEED_OK;
}

void pdf_input_close(struct pdf_input *in)
{
	if (in == NULL)
		return;
	if (in->close_fd)
		(void)close(in->fd);
	free(in->owned);
	free(in->name);
	free(in);
}

void pdf_input_set_password(struct pdf_input *in, const struct secret *password)
{
	in->password = password;
}

const struct secret *pdf_input_password(const struct pdf_input *in)
{
	return in->password;
}

int pdf_input_fd(const struct pdf_input *in)
{
	return in->fd;
}

void pdf_input_cut(struct pdf_input *in, uint64_t size)
{
	if (size < in->size)
		in->size = size;
}

uint64_t pdf_input_size(const struct pdf_input *in)
{
	return in->size;
}

const char *pdf_input_name(const struct pdf_input *in)
{
	return in->name;
}

struct slice pdf_input_memory(const struct pdf_input *in)
{
	if (in->bytes == NULL)
		return SLICE_NONE;
	return slice_of(in->bytes, (size_t)in->size);
}

/* Without a sum that could wrap: offset and length come from the file. */
static enum deed_status check_range(const struct pdf_input *in, uint64_t at,
				    uint64_t len, struct deed_error *err)
{
	if (at <= in->size && len <= in->size - at)
		return DEED_OK;
	return deed_error_set(err, DEED_MALFORMED,
			      "'%s' ends before byte %llu, which it refers to",
			      in->name, (unsigned long long)at);
}

enum deed_status pdf_input_read(const struct pdf_input *in, uint64_t at,
				void *data, size_t len, struct deed_error *err)
{
	enum deed_status status = check_range(in, at, len, err);

	if (status != DEED_OK || len == 0)
		return status;
	if (in->bytes == NULL)
		return read_at(in, at, data, len, err);
	memcpy(data, in->bytes + at, len);
	return DEED_OK;
}

enum deed_status pdf_input_append(const struct pdf_input *in, uint64_t at,
				  size_t len, struct buf *b,
				  struct deed_error *err)
{
	enum deed_status status = check_range(in, at, len, err);
	uint8_t *room;

	if (status != DEED_OK)
		return status;
	room = buf_reserve(b, len);
	if (room == NULL)
		return deed_error_memory(err);
	status = pdf_input_read(in, at, room, len, err);
	if (status == DEED_OK)
		b->len += len;
	return status;
}

/* Over memory the window is the memory itself, nothing is copied; of a file
 * one window is held, whatever its size. */
enum deed_status pdf_input_each(const struct pdf_input *in, uint64_t at,
				uint64_t len, pdf_input_fn *fn, void *arg,
				struct deed_error *err)
{
	enum deed_status status = check_range(in, at, len, err);
	uint8_t *window = NULL;
	const uint8_t *data;
	size_t step;

	if (status != DEED_OK)
		return status;
	if (in->bytes == NULL && len > 0) {
		window = malloc(PDF_INPUT_WINDOW);
		if (window == NULL)
			return deed_error_memory(err);
	}
	while (status == DEED_OK && len > 0) {
		step = len < PDF_INPUT_WINDOW ? (size_t)len : PDF_INPUT_WINDOW;
		data = window;
		if (window != NULL)
			status = read_at(in, at, window, step, err);
		else
			data = in->bytes + at;
		if (status == DEED_OK)
			status = fn(arg, slice_of(data, step), err);
		at += step;
		len -= step;
	}
	free(window);
	return status;
}
