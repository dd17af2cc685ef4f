/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_INPUT_H
#define DEED_PDF_INPUT_H

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/slice.h"

/*
 * Read access to the bytes of a document of any size.  A file of up to
 * PDF_INPUT_WHOLE bytes is read whole when it is opened; a larger one is read
 * in windows by pread, so that memory does not grow with it.  The size is
 * taken once, when the input is opened; a file that becomes shorter later
 * gives DEED_IO.  Nothing here looks at the content.
 *
 * An input may be shared by any number of readers in one thread.
 */
struct pdf_input;

/* Files up to this size are held in memory. */
#define PDF_INPUT_WHOLE (UINT64_C(4) << 20)

/* The largest window that pdf_input_each hands out. */
#define PDF_INPUT_WINDOW FILE_WINDOW

/* The largest file: what ten digits of a ByteRange and a classic
 * cross-reference table can address. */
#define PDF_INPUT_MAX UINT64_C(9999999999)

/*
 * Open a regular file.  A file that is none (a pipe) is DEED_UNSUPPORTED: the
 * caller reads it into memory.  More than PDF_INPUT_MAX is DEED_LIMIT.
 */
enum deed_status pdf_input_open(const char *path, struct pdf_input **out,
				struct deed_error *err) DEED_MUST_USE;

/* The same over a descriptor, which stays the caller's and must stay open. */
enum deed_status pdf_input_from_fd(int fd, const char *name,
				   struct pdf_input **out,
				   struct deed_error *err) DEED_MUST_USE;

/* The same where it is known what the descriptor is. */
struct stat;
enum deed_status pdf_input_from_stat(int fd, const char *name,
				     const struct stat *st,
				     struct pdf_input **out,
				     struct deed_error *err) DEED_MUST_USE;

/* Over memory, which must outlive the input.  name is copied. */
enum deed_status pdf_input_from_memory(struct slice bytes, const char *name,
				       struct pdf_input **out,
				       struct deed_error *err) DEED_MUST_USE;

/*
 * The password of an encrypted document, for every pdf_open of this input;
 * UTF-8, the user's or the owner's.  Borrowed: it must outlive the input.
 * NULL, as at first, tries the empty one, which most such files have.
 */
void pdf_input_set_password(struct pdf_input *in,
			    const struct secret *password);
const struct secret *pdf_input_password(const struct pdf_input *in);

/* Close.  NULL does nothing. */
void pdf_input_close(struct pdf_input *in);

/* The descriptor that it reads from, open as long as it is; -1 over memory. */
int pdf_input_fd(const struct pdf_input *in);

/* See only the first size bytes from now on, as an earlier revision was. */
void pdf_input_cut(struct pdf_input *in, uint64_t size);

uint64_t pdf_input_size(const struct pdf_input *in);

/* What it is called in messages; borrowed. */
const char *pdf_input_name(const struct pdf_input *in);

/* All bytes if they are held in memory, else SLICE_NONE. */
struct slice pdf_input_memory(const struct pdf_input *in);

/* Read exactly len bytes at offset at; DEED_MALFORMED past the end. */
enum deed_status pdf_input_read(const struct pdf_input *in, uint64_t at,
				void *data, size_t len,
				struct deed_error *err) DEED_MUST_USE;

/* Append len bytes at offset at to b. */
enum deed_status pdf_input_append(const struct pdf_input *in, uint64_t at,
				  size_t len, struct buf *b,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * Call fn on the len bytes at offset at, in order, in windows of at most
 * PDF_INPUT_WINDOW bytes, until it answers other than DEED_OK.  The slice is
 * valid during the call.
 */
typedef enum deed_status pdf_input_fn(void *arg, struct slice window,
				      struct deed_error *err);
enum deed_status pdf_input_each(const struct pdf_input *in, uint64_t at,
				uint64_t len, pdf_input_fn *fn, void *arg,
				struct deed_error *err) DEED_MUST_USE;

#endif
