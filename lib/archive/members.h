/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_MEMBERS_H
#define DEED_ARCHIVE_MEMBERS_H

#include "archive/index.h"
#include "archive/stored.h"

/*
 * The files of a deposit one by one, in any order, by its index, which has the
 * hash that the manifest gives it.  Of the places no more is read than the
 * chunks that the index and what is asked for lie in.
 *
 *	members_open(a, d, p, jobs, &m, err)
 *	members_index(m)			file 0 is deposit.json
 *	members_get(m, i, fn, arg, err)		any number of times
 *	members_close(m)			always
 *
 * Where all files were got, every byte of the tar was compared.  It belongs to
 * one thread.
 */
struct members;

/* DEED_UNSUPPORTED for a deposit of the first edition, which has no index. */
enum deed_status members_open(struct archive *a, const struct stored *d,
			      const struct secret *p, unsigned jobs,
			      struct members **out,
			      struct deed_error *err) DEED_MUST_USE;
void members_close(struct members *m);

const struct index *members_index(const struct members *m);

/* Takes what was read.  It is good only when members_get says DEED_OK. */
typedef enum deed_status members_fn(void *arg, struct slice part,
				    struct deed_error *err);

/*
 * File i: its header in the tar, its content, by the hash in the index, and
 * the zero bytes behind it are compared.  DEED_DAMAGED.
 */
enum deed_status members_get(struct members *m, size_t i, members_fn *fn,
			     void *arg, struct deed_error *err) DEED_MUST_USE;

/*
 * len bytes of file i from offset from, which it must have.  No hash speaks
 * for a part of a file: each chunk opens only as what was encrypted, and only
 * in its place.
 */
enum deed_status members_range(struct members *m, size_t i, uint64_t from,
			       uint64_t len, members_fn *fn, void *arg,
			       struct deed_error *err) DEED_MUST_USE;

/* Files up to i will be got in order: chunks may be brought back ahead. */
void members_ahead(struct members *m, size_t i);

#endif
