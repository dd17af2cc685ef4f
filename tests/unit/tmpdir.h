/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_TMPDIR_H
#define DEED_TESTS_UNIT_TMPDIR_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A directory of a test's own, below the one it runs in. */
struct tmpdir {
	char path[64];
};

static inline int tmpdir_unlink(const char *path, const struct stat *st,
				int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int tmpdir_make(struct tmpdir *t)
{
	(void)snprintf(t->path, sizeof(t->path), "test-XXXXXX");
	return mkdtemp(t->path) == NULL ? -1 : 0;
}

static inline int tmpdir_remove(struct tmpdir *t)
{
	return nftw(t->path, tmpdir_unlink, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
