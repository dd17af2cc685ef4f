/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/catalogue_row_priv.h"

#include "archive/catalogue_file.h"
#include "base/clock.h"
#include "codec/hex.h"

/* What is entered for a deposit, as healthy; id is its archive id, cms the
 * SHA-256 of its signed manifest. */
static void catalogue_item_of(const struct manifest *m,
			      const uint8_t id[SHA256_SIZE],
			      const uint8_t cms[SHA256_SIZE],
			      struct catalogue_item *item)
{
	memset(item, 0, sizeof(*item));
	hex_text(slice_of(id, SHA256_SIZE), item->id);
	manifest_folder(m, item->folder);
	memcpy(item->cms, cms, SHA256_SIZE);
	item->generation = m->generation;
	item->deposited = m->deposited;
	item->size = manifest_size(m);
	item->k = m->k;
	item->n = m->n;
	item->recipients = (unsigned)m->recipient_count;
	item->state = CATALOGUE_HEALTHY;
	item->has_label = m->has_label;
	if (m->has_label)
		memcpy(item->label, m->label, SHA256_SIZE);
}

void catalogue_row_of(const struct manifest *m, const uint8_t id[SHA256_SIZE],
		      const uint8_t cms[SHA256_SIZE], struct catalogue_row *row)
{
	catalogue_item_of(m, id, cms, &row->item);
	row->key_count = m->recipient_count;
	for (size_t i = 0; i < m->recipient_count; i++) {
		row->key[i].len = m->recipient[i].key_id_len;
		memcpy(row->key[i].id, m->recipient[i].key_id,
		       m->recipient[i].key_id_len);
	}
}

bool catalogue_item_same(const struct catalogue_item *a,
			 const struct catalogue_item *b)
{
	return !strcmp(a->id, b->id) && !strcmp(a->folder, b->folder) &&
	       !memcmp(a->cms, b->cms, SHA256_SIZE) &&
	       a->generation == b->generation && a->deposited == b->deposited &&
	       a->size == b->size && a->k == b->k && a->n == b->n &&
	       a->recipients == b->recipients && a->has_label == b->has_label &&
	       !memcmp(a->label, b->label, SHA256_SIZE);
}

/* Digits of our own making. */
static void unhex(const char *text, uint8_t *out, size_t size)
{
	for (size_t i = 0; i < size; i++)
		out[i] = (uint8_t)(hex_digit((uint8_t)text[2 * i]) << 4 |
				   hex_digit((uint8_t)text[2 * i + 1]));
}

void catalogue_row_id(const struct catalogue_item *item,
		      uint8_t out[SHA256_SIZE])
{
	unhex(item->id, out, SHA256_SIZE);
}

void catalogue_row_folder(const struct catalogue_item *item,
			  uint8_t out[ARCHIVE_DEPOSIT])
{
	unhex(item->folder, out, ARCHIVE_DEPOSIT);
}

/* Eight octets, big-endian, whatever the machine: a catalogue moves with its
 * home. */
static uint8_t *put_number(uint8_t *p, uint64_t n)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		*p++ = (uint8_t)(n >> shift);
	return p;
}

/* No key goes in, for a forged row opens nothing. */
int64_t catalogue_row_mark(const struct catalogue_item *item)
{
	uint8_t bytes[8 * 8 + 2 * sizeof(item->folder) +
		      3 * (size_t)SHA256_SIZE],
		hash[SHA256_SIZE], *p = bytes;
	uint64_t mark = 0;

	p = put_number(p, (uint64_t)item->deposited);
	p = put_number(p, item->size);
	p = put_number(p, item->k);
	p = put_number(p, item->n);
	p = put_number(p, item->recipients);
	p = put_number(p, (uint64_t)item->state);
	p = put_number(p, item->has_label);
	p = put_number(p, item->generation);
	catalogue_row_id(item, p);
	p += SHA256_SIZE;
	catalogue_row_folder(item, p);
	p += ARCHIVE_DEPOSIT;
	memcpy(p, item->cms, SHA256_SIZE);
	p += SHA256_SIZE;
	memcpy(p, item->label, SHA256_SIZE);
	p += SHA256_SIZE;
	sha256(slice_of(bytes, (size_t)(p - bytes)), hash);
	for (int i = 0; i < 8; i++)
		mark = mark << 8 | hash[i];
	return (int64_t)mark;
}

bool catalogue_read_blob(sqlite3_stmt *q, int column, size_t size,
			 const void **out)
{
	if (sqlite3_column_type(q, column) != SQLITE_BLOB)
		return false;
	*out = sqlite3_column_blob(q, column);
	return *out != NULL && (size_t)sqlite3_column_bytes(q, column) == size;
}

bool catalogue_read_number(sqlite3_stmt *q, int column, int64_t min,
			   int64_t max, int64_t *out)
{
	*out = sqlite3_column_int64(q, column);
	return sqlite3_column_type(q, column) == SQLITE_INTEGER &&
	       *out >= min && *out <= max;
}

/* NULL is a deposit without label; the columns are those of CATALOGUE_COLUMNS.
 */
static bool read_label(sqlite3_stmt *q, struct catalogue_item *item)
{
	const void *blob;

	if (sqlite3_column_type(q, 9) == SQLITE_NULL)
		return true;
	if (!catalogue_read_blob(q, 9, SHA256_SIZE, &blob))
		return false;
	item->has_label = true;
	memcpy(item->label, blob, SHA256_SIZE);
	return true;
}

/* Within the bounds that a manifest has, so that nothing behind this has to
 * look again. */
static bool read_numbers(sqlite3_stmt *q, struct catalogue_item *item)
{
	int64_t size, k, n, recipients, state, generation;

	if (!catalogue_read_number(q, 0, CLOCK_MIN, CLOCK_MAX,
				   &item->deposited) ||
	    !catalogue_read_number(q, 4, 0, INT64_MAX, &size) ||
	    !catalogue_read_number(q, 6, 1, ERASURE_MAX, &n) ||
	    !catalogue_read_number(q, 5, 1, n, &k) ||
	    !catalogue_read_number(q, 7, 1, MANIFEST_RECIPIENTS, &recipients) ||
	    !catalogue_read_number(q, 8, 0, CATALOGUE_STATES - 1, &state) ||
	    !catalogue_read_number(q, 10, 1, UINT32_MAX, &generation))
		return false;
	item->size = (uint64_t)size;
	item->generation = (uint64_t)generation;
	item->k = (unsigned)k;
	item->n = (unsigned)n;
	item->recipients = (unsigned)recipients;
	item->state = (enum catalogue_state)state;
	return true;
}

/* The check value is over all of the item, so that it is compared last. */
static bool read_row(sqlite3_stmt *q, struct catalogue_item *item)
{
	const void *id, *folder, *cms;
	int64_t mark;

	memset(item, 0, sizeof(*item));
	if (!catalogue_read_blob(q, 1, SHA256_SIZE, &id) ||
	    !catalogue_read_blob(q, 2, ARCHIVE_DEPOSIT, &folder) ||
	    !catalogue_read_blob(q, 3, SHA256_SIZE, &cms) ||
	    !read_numbers(q, item) || !read_label(q, item))
		return false;
	hex_text(slice_of(id, SHA256_SIZE), item->id);
	hex_text(slice_of(folder, ARCHIVE_DEPOSIT), item->folder);
	memcpy(item->cms, cms, SHA256_SIZE);
	return catalogue_read_number(q, 11, INT64_MIN, INT64_MAX, &mark) &&
	       mark == catalogue_row_mark(item);
}

enum deed_status catalogue_row_read(sqlite3_stmt *q,
				    struct catalogue_item *item,
				    struct deed_error *err)
{
	if (read_row(q, item))
		return DEED_OK;
	return deed_error_set(err, DEED_DAMAGED,
			      "catalogue '%s': a row is not as it was written",
			      CATALOGUE_FILE);
}

enum deed_status catalogue_row_count(sqlite3 *db, uint64_t *out,
				     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	sqlite3_stmt *q = NULL;

	*out = 0;
	if (sqlite3_prepare_v2(db, "SELECT count(*) FROM deposit", -1, &q,
			       NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		*out = (uint64_t)sqlite3_column_int64(q, 0);
	else
		status = catalogue_failed(db, err);
	sqlite3_finalize(q);
	return status;
}

#define FIND "SELECT " CATALOGUE_COLUMNS ", d.run FROM deposit d WHERE d."

/* The run is told also of a row that is broken: whoever fills the catalogue
 * has to know that there is one. */
static enum deed_status find(sqlite3 *db, const char *sql,
			     const uint8_t value[SHA256_SIZE],
			     struct catalogue_item *item, int64_t *run,
			     struct deed_error *err)
{
	enum deed_status status;
	sqlite3_stmt *q = NULL;
	int step = SQLITE_ERROR;

	*run = 0;
	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_bind_blob(q, 1, value, SHA256_SIZE, SQLITE_STATIC) ==
		    SQLITE_OK)
		step = sqlite3_step(q);
	if (step == SQLITE_ROW) {
		*run = sqlite3_column_int64(q, CATALOGUE_COLUMN_COUNT);
		status = catalogue_row_read(q, item, err);
	} else if (step == SQLITE_DONE) {
		status = DEED_NOT_FOUND;
	} else {
		status = catalogue_failed(db, err);
	}
	sqlite3_finalize(q);
	return status;
}

enum deed_status catalogue_row_of_id(sqlite3 *db, const uint8_t id[SHA256_SIZE],
				     struct catalogue_item *item, int64_t *run,
				     struct deed_error *err)
{
	return find(db, FIND "id = ?1", id, item, run, err);
}

enum deed_status catalogue_row_of_cms(sqlite3 *db,
				      const uint8_t cms[SHA256_SIZE],
				      struct catalogue_item *item, int64_t *run,
				      struct deed_error *err)
{
	return find(db, FIND "cms = ?1", cms, item, run, err);
}

enum deed_status catalogue_row_state(sqlite3 *db, const char *id,
				     enum catalogue_state state,
				     struct deed_error *err)
{
	uint8_t bytes[SHA256_SIZE];
	struct catalogue_item item;
	enum deed_status status;
	sqlite3_stmt *q = NULL;
	int64_t run;

	unhex(id, bytes, sizeof(bytes));
	status = catalogue_row_of_id(db, bytes, &item, &run, err);
	if (status != DEED_OK)
		return status == DEED_NOT_FOUND ? DEED_OK : status;
	item.state = state;
	if (sqlite3_prepare_v2(db,
			       "UPDATE deposit SET state = ?1, mark = ?2"
			       " WHERE deposited = ?3 AND id = ?4",
			       -1, &q, NULL) != SQLITE_OK ||
	    sqlite3_bind_int(q, 1, (int)state) != SQLITE_OK ||
	    sqlite3_bind_int64(q, 2, catalogue_row_mark(&item)) != SQLITE_OK ||
	    sqlite3_bind_int64(q, 3, item.deposited) != SQLITE_OK ||
	    !catalogue_bind_blob(q, 4, bytes, sizeof(bytes)) ||
	    sqlite3_step(q) != SQLITE_DONE)
		status = catalogue_failed(db, err);
	sqlite3_finalize(q);
	return status;
}
