/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_INPUTS_H
#define DEED_ARCHIVE_INPUTS_H

#include "archive/source.h"

/*
 * The files of a deposit while they are read.  A pack has more of them than a
 * process may have open: those that are named by their path are opened when
 * the first of their bytes is asked for, once, and closed after the last.
 *
 *	inputs_take(in, i, &fd, err)
 *	... pread from it ...
 *	inputs_give(in, i, len, err)	if that went well
 *
 * For any thread.  DEED_IO where a file is not, or is no longer, what was
 * found when the deposit was planned.
 */
struct inputs;

/* The array must live as long. */
enum deed_status inputs_new(const struct archive_input *input, size_t count,
			    struct inputs **out,
			    struct deed_error *err) DEED_MUST_USE;
void inputs_free(struct inputs *in);

enum deed_status inputs_take(struct inputs *in, size_t i, int *fd,
			     struct deed_error *err) DEED_MUST_USE;

/* So many of its bytes were read; each is once. */
enum deed_status inputs_give(struct inputs *in, size_t i, uint64_t len,
			     struct deed_error *err) DEED_MUST_USE;

#endif
