/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_EACH_H
#define DEED_ARCHIVE_EACH_H

#include "archive/archive.h"
#include "base/pool.h"

/*
 * What is asked of places and cannot be begun and finished (a list, a probe)
 * is asked of all at the same time where some are elsewhere, and one after
 * another where all are folders of this machine: there threads cost more than
 * they save.
 */
void each_run(const struct archive *a, size_t count, pool_fn *fn, void *arg);

/* How many jobs, of at most so many, are worth it: one a processor, but all
 * where places are elsewhere, for they wait. */
unsigned each_jobs(const struct archive *a, unsigned most);

/* Are all of them folders of this machine? */
bool each_is_local(const struct archive *a);

#endif
