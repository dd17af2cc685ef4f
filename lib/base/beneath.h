/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_BENEATH_H
#define DEED_BASE_BENEATH_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Files under names that somebody else chose, in one folder and nowhere else.
 * Every step of a name is opened by openat2(2) with RESOLVE_BENEATH,
 * RESOLVE_NO_SYMLINKS and RESOLVE_NO_XDEV: whatever links lie there, and
 * whoever changes folders meanwhile, nothing is read or written outside.
 *
 *	beneath_open(dir, &b, err)		made if it is not there
 *	beneath_create(b, "a/b.pdf", &f, err)	no name yet; a/ is made
 *	... write to f->fd ...
 *	beneath_sync(b, err)			all that was written
 *	beneath_name(b, f, false, err)		now it is there, whole
 *	beneath_drop(b, f)			always
 *	beneath_close(b)
 *
 * Names are relative, without empty parts, "." and "..".  A process that is
 * killed leaves nothing but, where it was just replacing a file or the file
 * system has no files without a name, a temporary ".deed-XXXXXXXXXXXXXXXX".
 */
struct beneath;

/* A file that is being written. */
struct beneath_file {
	int fd;
	char *path;	    /* for messages */
	const char *name;   /* of it, as given */
	char temporary[32]; /* what it is called in its folder, or "" */
};

/* DEED_UNSUPPORTED where the kernel has no openat2 (Linux 5.6). */
enum deed_status beneath_open(const char *dir, struct beneath **out,
			      struct deed_error *err) DEED_MUST_USE;
void beneath_close(struct beneath *b);

/* Open a file that is there for reading.  DEED_NOT_FOUND where the name is
 * free; DEED_EXISTS where something else than a regular file has it. */
enum deed_status beneath_read(struct beneath *b, const char *name, int *fd,
			      struct deed_error *err) DEED_MUST_USE;

enum deed_status beneath_create(struct beneath *b, const char *name,
				struct beneath_file *out,
				struct deed_error *err) DEED_MUST_USE;

/* What was written and named is durable. */
enum deed_status beneath_sync(struct beneath *b,
			      struct deed_error *err) DEED_MUST_USE;

/* DEED_EXISTS where something has the name, unless it is to be replaced. */
enum deed_status beneath_name(struct beneath *b, struct beneath_file *f,
			      bool replace,
			      struct deed_error *err) DEED_MUST_USE;
void beneath_drop(struct beneath *b, struct beneath_file *f);

#endif
