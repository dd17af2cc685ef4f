/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/catalogue_row_priv.h"

#include <stdlib.h>

#include "archive/catalogue_file.h"

/* The manifests that deposits had before those of their rows. */

/* As for any broken row: the catalogue is made anew. */
static enum deed_status broken_past(struct deed_error *err)
{
	return deed_error_set(err, DEED_DAMAGED,
			      "catalogue '%s': a row is not as it was written",
			      CATALOGUE_FILE);
}

/* They have no check value: the form is all that is looked at, and who reads
 * such a manifest compares its hash. */
static enum deed_status add_past(sqlite3_stmt *q, struct stored_past **list,
				 size_t *count, struct deed_error *err)
{
	struct stored_past *more;
	const void *cms;
	int64_t number;

	if (!catalogue_read_blob(q, 0, SHA256_SIZE, &cms) ||
	    !catalogue_read_number(q, 1, 1, UINT32_MAX, &number))
		return broken_past(err);
	more = reallocarray(*list, *count + 1, sizeof(*more));
	if (more == NULL)
		return deed_error_memory(err);
	*list = more;
	more[*count].number = (uint64_t)number;
	memcpy(more[(*count)++].cms, cms, SHA256_SIZE);
	return DEED_OK;
}

enum deed_status catalogue_row_past(sqlite3 *db, const uint8_t id[SHA256_SIZE],
				    struct stored_past **out, size_t *count,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	sqlite3_stmt *q = NULL;
	int step = SQLITE_ERROR;

	*out = NULL;
	*count = 0;
	/* Its index is not demanded: see BY_FOLDER in catalogue_list.c. */
	if (sqlite3_prepare_v2(db,
			       "SELECT cms, generation FROM past"
			       " WHERE id = ?1",
			       -1, &q, NULL) == SQLITE_OK &&
	    catalogue_bind_blob(q, 1, id, SHA256_SIZE))
		while (status == DEED_OK &&
		       (step = sqlite3_step(q)) == SQLITE_ROW)
			status = add_past(q, out, count, err);
	if (status == DEED_OK && step != SQLITE_DONE)
		status = catalogue_failed(db, err);
	sqlite3_finalize(q);
	if (status != DEED_OK) {
		free(*out);
		*out = NULL;
		*count = 0;
	}
	return status;
}

/* err is not told that there is none: mostly there is none. */
static enum deed_status find_past(sqlite3 *db, const uint8_t cms[SHA256_SIZE],
				  uint8_t id[SHA256_SIZE], uint64_t *generation,
				  struct deed_error *err)
{
	enum deed_status status = DEED_NOT_FOUND;
	sqlite3_stmt *q = NULL;
	int step = SQLITE_ERROR;
	const void *blob;
	int64_t number;

	if (sqlite3_prepare_v2(db,
			       "SELECT id, generation FROM past"
			       " WHERE cms = ?1",
			       -1, &q, NULL) == SQLITE_OK &&
	    catalogue_bind_blob(q, 1, cms, SHA256_SIZE))
		step = sqlite3_step(q);
	if (step == SQLITE_ROW &&
	    catalogue_read_blob(q, 0, SHA256_SIZE, &blob) &&
	    catalogue_read_number(q, 1, 1, UINT32_MAX, &number)) {
		memcpy(id, blob, SHA256_SIZE);
		*generation = (uint64_t)number;
		status = DEED_OK;
	} else if (step != SQLITE_DONE) {
		status = step == SQLITE_ROW ? broken_past(err)
					    : catalogue_failed(db, err);
	}
	sqlite3_finalize(q);
	return status;
}

enum deed_status catalogue_row_of_manifest(sqlite3 *db,
					   const uint8_t cms[SHA256_SIZE],
					   struct catalogue_item *item,
					   uint64_t *generation, int64_t *run,
					   struct deed_error *err)
{
	uint8_t id[SHA256_SIZE];
	enum deed_status status = catalogue_row_of_cms(db, cms, item, run, err);

	if (status == DEED_OK)
		*generation = item->generation;
	if (status != DEED_NOT_FOUND)
		return status;
	status = find_past(db, cms, id, generation, err);
	return status == DEED_OK ? catalogue_row_of_id(db, id, item, run, err)
				 : status;
}
