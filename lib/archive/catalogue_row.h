/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CATALOGUE_ROW_H
#define DEED_ARCHIVE_CATALOGUE_ROW_H

#include <sqlite3.h>

#include "archive/catalogue.h"

/* A row of the table "deposit", as SQLite has it and as deed does. */

/* What is selected for catalogue_row_read, of the table as d. */
#define CATALOGUE_COLUMNS                                                 \
	"d.deposited, d.id, d.folder, d.cms, d.size, d.needed, d.places," \
	" d.recipients, d.state, d.label, d.generation, d.mark"
#define CATALOGUE_COLUMN_COUNT 12

/* A deposit to be entered. */
struct catalogue_row {
	struct catalogue_item item;
	struct stored_past *past; /* what is known before it; the caller's, or
				   * NULL */
	size_t past_count;
	size_t key_count;
	struct catalogue_key key[MANIFEST_RECIPIENTS];
};

void catalogue_row_of(const struct manifest *m, const uint8_t id[SHA256_SIZE],
		      const uint8_t cms[SHA256_SIZE],
		      struct catalogue_row *row);

/* The archive id of an item, and its folder, in binary. */
void catalogue_row_id(const struct catalogue_item *item,
		      uint8_t out[SHA256_SIZE]);
void catalogue_row_folder(const struct catalogue_item *item,
			  uint8_t out[ARCHIVE_DEPOSIT]);

/* DEED_DAMAGED where it is not what deed writes, or its check value does not
 * fit. */
enum deed_status catalogue_row_read(sqlite3_stmt *q,
				    struct catalogue_item *item,
				    struct deed_error *err) DEED_MUST_USE;

/* Enter it as seen in this run, in the place of one that may be there; if that
 * is of an earlier generation it is found by its manifest all the same. */
enum deed_status catalogue_row_write(sqlite3 *db,
				     const struct catalogue_row *row,
				     int64_t run,
				     struct deed_error *err) DEED_MUST_USE;

/* How many there are. */
enum deed_status catalogue_row_count(sqlite3 *db, uint64_t *out,
				     struct deed_error *err) DEED_MUST_USE;

/* Is every key of it entered? */
enum deed_status catalogue_row_keys(sqlite3 *db,
				    const struct catalogue_row *row, bool *all,
				    struct deed_error *err) DEED_MUST_USE;

/* Change what was seen of the deposit of that whole id. */
enum deed_status catalogue_row_state(sqlite3 *db, const char *id,
				     enum catalogue_state state,
				     struct deed_error *err) DEED_MUST_USE;

/* The row of that id or of that signed manifest; run is the one that saw it
 * last.  DEED_NOT_FOUND, err as it was; DEED_DAMAGED as catalogue_row_read,
 * with run. */
enum deed_status catalogue_row_of_id(sqlite3 *db, const uint8_t id[SHA256_SIZE],
				     struct catalogue_item *item, int64_t *run,
				     struct deed_error *err) DEED_MUST_USE;

/* The same, also by a manifest that the deposit had before; generation is the
 * number of that one. */
enum deed_status
catalogue_row_of_manifest(sqlite3 *db, const uint8_t cms[SHA256_SIZE],
			  struct catalogue_item *item, uint64_t *generation,
			  int64_t *run, struct deed_error *err) DEED_MUST_USE;

/* The manifests that a deposit had before its row's: see catalogue_past. */
enum deed_status catalogue_row_past(sqlite3 *db, const uint8_t id[SHA256_SIZE],
				    struct stored_past **out, size_t *count,
				    struct deed_error *err) DEED_MUST_USE;

/* Do both say the same, but for the state? */
bool catalogue_item_same(const struct catalogue_item *a,
			 const struct catalogue_item *b);

#endif
