/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_MANIFESTS_H
#define DEED_ARCHIVE_MANIFESTS_H

#include "archive/stored.h"

/*
 * Going through the places: sees the manifest of every deposit that is there
 * and has the bytes its name promises, in the order of their folders
 * (archive/folders.h), several being read at the same time.  No signature is
 * judged.  Of a deposit with several generations that one is seen which would
 * be in force if all were signed (archive/generations.h).
 */
struct manifests_item {
	const struct manifest *m;
	const uint8_t *id;  /* the archive id */
	const uint8_t *cms; /* SHA-256 of the signed manifest, as in the log */
	const struct stored_past *past; /* the generations before it */
	size_t past_count;
	uint64_t shown; /* places that list it: bit i is the archive's i */
};

/* All of it is borrowed. */
typedef enum deed_status manifests_fn(void *arg,
				      const struct manifests_item *item,
				      struct deed_error *err);

/* Is the manifest of that hash in that folder known, so that it need not be
 * read?  Asked of every one that a place shows, before any of the folder is
 * seen. */
typedef bool manifests_known_fn(void *arg, const char *folder,
				const uint8_t cms[SHA256_SIZE]);

/* A place, folder or manifest that is gone, broken or cannot be read is passed
 * over; what fn returns ends the walk unless it is DEED_OK.  known may be NULL.
 * unread (or NULL) says whether something could not be read: it may be there
 * all the same. */
enum deed_status manifests_walk(struct archive *a, manifests_known_fn *known,
				manifests_fn *fn, void *arg, bool *unread,
				struct deed_error *err) DEED_MUST_USE;

/* Has every place of the deposit something under the name of that manifest
 * (those that did not list it are asked for it), or how many of the archive
 * under that of generation number?  Nothing is read.  unsure (or NULL) is how
 * many places could not say so. */
bool manifests_everywhere(struct archive *a, const struct manifests_item *item);
unsigned manifests_shown(struct archive *a, const char *folder, uint64_t number,
			 const uint8_t cms[SHA256_SIZE], unsigned *unsure);

#endif
