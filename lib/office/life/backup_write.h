/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_BACKUP_WRITE_H
#define DEED_OFFICE_BACKUP_WRITE_H

#include <sys/stat.h>

#include "base/file.h"
#include "cms/envelope.h"
#include "office/life/backup.h"
#include "office/life/backup_format.h"

struct tar;

/*
 * A backup while it is written: files go into the inner tar, which is
 * enveloped piece by piece and goes out as members of the outer tar.  One
 * piece is in memory at a time and nothing in clear leaves it.
 *
 * The caller fills the first part, calls backup_writer_open, and
 * backup_writer_close in any case.
 */
struct backup_writer {
	const struct envelope_to *to;
	struct backup_index *index; /* learns pieces, files and size */
	struct outfile *out;	    /* NULL: nothing is written */
	int64_t now;
	backup_progress_fn *progress; /* may be NULL */
	void *progress_arg;

	uint8_t *room; /* BACKUP_PIECE bytes */
	size_t used;
};

enum deed_status backup_writer_open(struct backup_writer *w,
				    struct deed_error *err) DEED_MUST_USE;
void backup_writer_close(struct backup_writer *w);

/*
 * A file into the inner tar under name; *st is what it was when it was read.
 * DEED_NOT_FOUND where it is gone.
 */
enum deed_status backup_write_file(struct backup_writer *w, const char *path,
				   const char *name, struct stat *st,
				   struct deed_error *err) DEED_MUST_USE;

/* Bytes at hand, as a file of the inner tar. */
enum deed_status backup_write_bytes(struct backup_writer *w, const char *name,
				    struct slice bytes,
				    struct deed_error *err) DEED_MUST_USE;

/* The end of the inner tar, and its last piece. */
enum deed_status backup_write_end(struct backup_writer *w,
				  struct deed_error *err) DEED_MUST_USE;

/* A member of the outer tar; and its end. */
enum deed_status backup_write_member(struct backup_writer *w, const char *name,
				     struct slice bytes,
				     struct deed_error *err) DEED_MUST_USE;
enum deed_status backup_write_close(struct backup_writer *w,
				    struct deed_error *err) DEED_MUST_USE;

#endif
