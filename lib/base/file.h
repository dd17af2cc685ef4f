/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_FILE_H
#define DEED_BASE_FILE_H

#include "base/buf.h"
#include "base/secret.h"

/*
 * Reading files whole, and writing them so that a crash leaves either the
 * old state or the new one.
 *
 * An output is written to a file without a name in its own directory
 * (O_TMPFILE, mode as given), synced, and then named without overwriting:
 *
 *	outfile_open(&out, path, 0644, err)	the file exists
 *	outfile_write(out, data, len, err)	any number of times
 *	outfile_sync(out, err)			content is durable
 *	outfile_commit(out, OUTFILE_NEW, err)	named, directory synced
 *	outfile_free(out)			always; removes what was
 *						not committed
 *
 * A process that is killed leaves nothing but, where it was just replacing a
 * file, a temporary (".NAME.deed-XXXXXXXX").  Where the file system has no
 * files without a name it is ".NAME.deed~XXXXXXXX" until then, and what a
 * killed process left of those is removed by the next that writes into that
 * directory.  All functions name the path in their error.
 */

/*
 * Open what is to be read at any position, in windows: a regular file.
 * Nothing is waited for: a pipe, a device, a socket is DEED_UNSUPPORTED, a
 * folder DEED_IO.  After a failed open errno is that of open(2).
 */
enum deed_status file_open_regular(const char *path, int *fd,
				   struct deed_error *err) DEED_MUST_USE;

/* The same, and what it is. */
struct stat;
enum deed_status file_open_regular_stat(const char *path, int *fd,
					struct stat *st,
					struct deed_error *err) DEED_MUST_USE;

/* What is read of a large file at once. */
#define FILE_WINDOW (256 * 1024)

/* What a pipe without a writer is waited for, by the two that follow. */
#define FILE_WRITER_MS 3000

/* Read a whole file of at most max bytes (more is DEED_LIMIT) into b, which
 * the caller has initialised.  A pipe will do; one that nobody writes into
 * is DEED_IO.  "-" is not special here. */
enum deed_status file_read(const char *path, size_t max, struct buf *b,
			   struct deed_error *err) DEED_MUST_USE;

/* The same from a descriptor; name is for messages. */
enum deed_status file_read_fd(int fd, const char *name, size_t max,
			      struct buf *b,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * Read a secret of at most SECRET_MAX bytes; refuses (DEED_REFUSED) a regular
 * file that group or others may read.  An empty file is DEED_MALFORMED.
 */
enum deed_status file_read_secret(const char *path, struct secret **out,
				  struct deed_error *err) DEED_MUST_USE;

bool file_exists(const char *path);

/* Same device and inode?  False if either does not exist. */
bool file_same(const char *a, const char *b);

/* mkdir -p, each made with mode; fine if it is there. */
enum deed_status file_mkdirs(const char *path, unsigned mode,
			     struct deed_error *err) DEED_MUST_USE;

/* fsync the directory that holds path. */
enum deed_status file_sync_parent(const char *path,
				  struct deed_error *err) DEED_MUST_USE;

/* write(2) until all is written.  name is for messages. */
enum deed_status file_write_fd(int fd, const char *name, const void *data,
			       size_t len,
			       struct deed_error *err) DEED_MUST_USE;

/* Remove a file; fine if it is not there. */
enum deed_status file_remove(const char *path,
			     struct deed_error *err) DEED_MUST_USE;

/* "dir/name", allocated; NULL without memory. */
char *path_join(const char *dir, const char *name);

/* What follows the last slash; borrowed from path. */
const char *path_base(const char *path);

/* The path without its last suffix: "a/b.pdf" of "a/b.pdf.p7s"; allocated;
 * NULL without memory. */
char *path_stem(const char *path);

/* The directory part, "." if none; allocated; NULL without memory. */
char *path_dir(const char *path);

struct outfile;

enum outfile_mode {
	OUTFILE_NEW,	 /* never overwrites: DEED_EXISTS, with a hint */
	OUTFILE_REPLACE, /* puts the new in the place of the old at once */
};

enum deed_status outfile_open(struct outfile **out, const char *path,
			      unsigned mode,
			      struct deed_error *err) DEED_MUST_USE;
enum deed_status outfile_write(struct outfile *out, const void *data,
			       size_t len,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * So many bytes are about to be written to an empty file: from OUTFILE_LARGE on
 * they go past the kernel's cache (base/direct.h).  outfile_fd then has them
 * when all are written, or after outfile_sync.
 */
#define OUTFILE_LARGE (UINT64_C(32) << 20)
void outfile_expect(struct outfile *out, uint64_t size);

/* Overwrite at an offset already written; the position stays at the end. */
enum deed_status outfile_patch(struct outfile *out, uint64_t at,
			       const void *data, size_t len,
			       struct deed_error *err) DEED_MUST_USE;
enum deed_status outfile_sync(struct outfile *out,
			      struct deed_error *err) DEED_MUST_USE;

/* The content of all of them is durable: for many, at the price of a few. */
enum deed_status outfile_sync_all(struct outfile *const outs[], size_t count,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * It is to replace a file of this owner, group and mode, and keeps them.
 * DEED_REFUSED where this process may not give it to them.
 */
enum deed_status outfile_own(struct outfile *out, const struct stat *as,
			     struct deed_error *err) DEED_MUST_USE;

/* Sync if that was not done, name, sync the directory. */
enum deed_status outfile_commit(struct outfile *out, enum outfile_mode mode,
				struct deed_error *err) DEED_MUST_USE;

/* Give it the name of outfile_temporary, for somebody who renames it: who
 * was told of the name, for it is not removed by outfile_remove_all any
 * more.  Its directory is not synced. */
enum deed_status outfile_link(struct outfile *out,
			      struct deed_error *err) DEED_MUST_USE;

/* It has no name any more, if it had one, and can still be read. */
void outfile_drop(struct outfile *out);

/*
 * Leave the temporary in place for somebody else to rename (the log's
 * recovery, a group's commit): outfile_free then removes nothing.
 */
void outfile_keep(struct outfile *out);

/*
 * Remove every temporary that is neither committed nor kept.  Safe in a
 * signal handler that ends the process; for nothing else.
 */
void outfile_remove_all(void);

int outfile_fd(const struct outfile *out);
/* The name that outfile_link gives; borrowed. */
const char *outfile_temporary(const struct outfile *out);
const char *outfile_target(const struct outfile *out); /* borrowed path */
uint64_t outfile_size(const struct outfile *out);      /* bytes written */
void outfile_free(struct outfile *out);

/*
 * Rename from to to, both in one directory, and sync it.  The last step of
 * outfile_commit, for those who kept a temporary.
 */
enum deed_status file_rename(const char *from, const char *to,
			     enum outfile_mode mode,
			     struct deed_error *err) DEED_MUST_USE;

/* The same without the sync: who renames many files calls file_sync_parent
 * once a directory. */
enum deed_status file_rename_unsynced(const char *from, const char *to,
				      enum outfile_mode mode,
				      struct deed_error *err) DEED_MUST_USE;

/* Open, write, sync, commit in one call. */
enum deed_status file_write(const char *path, unsigned mode, struct slice data,
			    enum outfile_mode how,
			    struct deed_error *err) DEED_MUST_USE;

#endif
