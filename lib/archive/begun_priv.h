/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_BEGUN_PRIV_H
#define DEED_ARCHIVE_BEGUN_PRIV_H

#include "archive/begun.h"

/*
 * begun/HEX is locked by who makes deposits; begun/HEX.names has their
 * folders, one a line.  What is here and not locked was left by a process
 * that died.  Without a list the deposit is HEX itself: so it was when each
 * had a file of its own.
 */
#define BEGUN_FOLDER "begun"
#define BEGUN_NAMES ".names"
#define BEGUN_DIGITS (2 * (size_t)ARCHIVE_DEPOSIT)
#define BEGUN_NAMES_MAX ((BEGUN_DIGITS + 1) * ARCHIVE_TOGETHER)

/* The path of a name with that end, the caller's; of the folder itself where
 * the name is empty. */
enum deed_status begun_path(const struct archive *a, const char *name,
			    const char *end, char **out,
			    struct deed_error *err) DEED_MUST_USE;

#endif
