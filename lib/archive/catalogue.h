/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CATALOGUE_H
#define DEED_ARCHIVE_CATALOGUE_H

#include "archive/manifest.h"

/*
 * What was deposited, in SQLite, so that it is found without asking every
 * place: ids, sizes, times, certificates' hashes, and labels as HMAC under
 * the catalogue's key.  It proves nothing and is needed for nothing: it is
 * made anew from the manifests at the places when it is missing or broken.
 * Writers wait for each other by SQLite's own locks.
 */
#define CATALOGUE_ID (2 * SHA256_SIZE)

struct catalogue_item {
	char id[CATALOGUE_ID + 1];
	char folder[2 * ARCHIVE_DEPOSIT + 1];
	int64_t deposited;
	uint64_t size; /* encrypted, of all chunks */
	unsigned k, n, recipients;
	bool has_label;
	uint8_t label[SHA256_SIZE];
};

/* What is entered for a deposit; id is its archive id. */
void catalogue_item_of(const struct manifest *m, const uint8_t id[SHA256_SIZE],
		       struct catalogue_item *item);
bool catalogue_item_same(const struct catalogue_item *a,
			 const struct catalogue_item *b);

/* An empty one in the archive's directory. */
enum deed_status catalogue_create(const char *dir,
				  struct deed_error *err) DEED_MUST_USE;

/* Enter a deposit; fine if it is there.  id is its archive id. */
enum deed_status catalogue_add(struct archive *a, const struct manifest *m,
			       const uint8_t id[SHA256_SIZE],
			       struct deed_error *err) DEED_MUST_USE;

/* Make it anew from what lies at the places. */
enum deed_status catalogue_rebuild(struct archive *a,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * The deposit whose id begins with text (8 digits at least).  DEED_NOT_FOUND;
 * DEED_USAGE where text is no id or begins several.  A missing or broken
 * catalogue is made anew first, and once where nothing is found.
 */
enum deed_status catalogue_find(struct archive *a, const char *text,
				struct catalogue_item *out,
				struct deed_error *err) DEED_MUST_USE;

/*
 * Every deposit, oldest first; with label only those that bear it.  *out is
 * an array of *count items that the caller frees.
 */
enum deed_status catalogue_list(struct archive *a, const uint8_t *label,
				struct catalogue_item **out, size_t *count,
				struct deed_error *err) DEED_MUST_USE;

#endif
