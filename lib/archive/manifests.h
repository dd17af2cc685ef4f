/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_MANIFESTS_H
#define DEED_ARCHIVE_MANIFESTS_H

#include "archive/manifest.h"

/*
 * Going through the places: sees the first generation of every deposit's
 * manifest that is there and has the bytes its name promises, once for each
 * place that has it.  No signature is judged.  id is the archive id, cms the
 * SHA-256 of the signed manifest, which the log has too; all are borrowed.
 */
typedef enum deed_status manifests_fn(void *arg, const struct manifest *m,
				      const uint8_t id[SHA256_SIZE],
				      const uint8_t cms[SHA256_SIZE],
				      struct deed_error *err);

/* Is the manifest of that hash in that folder known, so that it need not be
 * read? */
typedef bool manifests_known_fn(void *arg, const char *folder,
				const uint8_t cms[SHA256_SIZE]);

/* A place, folder or manifest that is gone, broken or cannot be read is passed
 * over; what fn returns ends the walk unless it is DEED_OK.  known may be NULL.
 * unread (or NULL) says whether something could not be read: it may be there
 * all the same. */
enum deed_status manifests_walk(struct archive *a, manifests_known_fn *known,
				manifests_fn *fn, void *arg, bool *unread,
				struct deed_error *err) DEED_MUST_USE;

/* Has every place of the deposit something under the name of its first
 * manifest, or has any place of
 * the archive?  Nothing is read. */
bool manifests_everywhere(struct archive *a, const struct manifest *m,
			  const uint8_t cms[SHA256_SIZE]);
bool manifests_anywhere(struct archive *a, const char *folder,
			const uint8_t cms[SHA256_SIZE]);

#endif
