/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_TEXTS_H
#define DEED_ARCHIVE_TEXTS_H

#include "base/buf.h"

/*
 * The two texts that lie at every place, so that a deposit can be opened
 * when deed is forgotten: lib/archive/README.in and lib/archive/deed-join.py,
 * compiled in.
 */

/* Append the README of a deposit of which k of n places are needed. */
void texts_readme(unsigned k, unsigned n, struct buf *out);

/* The script; static storage. */
struct slice texts_script(void);

#endif
