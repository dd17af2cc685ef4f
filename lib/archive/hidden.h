/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HIDDEN_H
#define DEED_ARCHIVE_HIDDEN_H

#include "archive/catalogue.h"

/*
 * Which manifests that the catalogue has, of generations before those of its
 * rows too, no place shows.  Nothing is read: places are asked for names, in
 * the order of the folders, so that one that tells many names at once is asked
 * little.
 */
typedef enum deed_status hidden_fn(void *arg, const uint8_t cms[SHA256_SIZE],
				   struct deed_error *err);

/* fn's first failure ends it; it may use the catalogue. */
enum deed_status hidden_manifests(struct archive *a, struct catalogue *c,
				  hidden_fn *fn, void *arg,
				  struct deed_error *err) DEED_MUST_USE;

#endif
