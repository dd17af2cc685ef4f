/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "archive/catalogue_priv.h"
#include "archive/catalogue_row.h"

/* So many are written in one transaction. */
#define BATCH 256

struct catalogue_seen {
	uint8_t id[SHA256_SIZE], digest[SHA256_SIZE];
};

/* A digest in a table that is broken is none: the manifest is read then. */
enum deed_status catalogue_listed(struct catalogue *c,
				  const struct catalogue_item *item,
				  uint8_t digest[SHA256_SIZE], bool *known,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	uint8_t id[SHA256_SIZE];
	sqlite3_stmt *q = NULL;
	int step = SQLITE_ERROR;

	*known = false;
	catalogue_row_id(item, id);
	if (sqlite3_prepare_v2(c->db, "SELECT digest FROM listed WHERE id = ?1",
			       -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_bind_blob(q, 1, id, SHA256_SIZE, SQLITE_STATIC) ==
		    SQLITE_OK)
		step = sqlite3_step(q);
	if (step == SQLITE_ROW && sqlite3_column_bytes(q, 0) == SHA256_SIZE) {
		memcpy(digest, sqlite3_column_blob(q, 0), SHA256_SIZE);
		*known = true;
	} else if (step != SQLITE_ROW && step != SQLITE_DONE) {
		status = catalogue_failed(c->db, err);
	}
	sqlite3_finalize(q);
	return status == DEED_DAMAGED ? DEED_OK : status;
}

enum deed_status catalogue_listed_count(struct catalogue *c, uint64_t *out,
					struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	sqlite3_stmt *q = NULL;

	*out = 0;
	if (sqlite3_prepare_v2(c->db, "SELECT count(*) FROM listed", -1, &q,
			       NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		*out = (uint64_t)sqlite3_column_int64(q, 0);
	else
		status = catalogue_failed(c->db, err);
	sqlite3_finalize(q);
	return status;
}

/* In the transaction of the caller.  Any failure gives up all of them: they
 * cost no more than to be looked at again. */
static bool write_all(struct catalogue *c)
{
	sqlite3_stmt *q = NULL;
	bool ok;

	ok = sqlite3_prepare_v2(c->db,
				"INSERT OR REPLACE INTO listed VALUES (?1, ?2)",
				-1, &q, NULL) == SQLITE_OK;
	for (size_t i = 0; i < c->seen_count && ok; i++)
		ok = sqlite3_bind_blob(q, 1, c->seen[i].id, SHA256_SIZE,
				       SQLITE_STATIC) == SQLITE_OK &&
		     sqlite3_bind_blob(q, 2, c->seen[i].digest, SHA256_SIZE,
				       SQLITE_STATIC) == SQLITE_OK &&
		     sqlite3_step(q) == SQLITE_DONE &&
		     sqlite3_reset(q) == SQLITE_OK;
	sqlite3_finalize(q);
	return ok;
}

void catalogue_seen_flush(struct catalogue *c)
{
	if (c->seen_count == 0)
		return;
	if (catalogue_exec(c->db, "BEGIN IMMEDIATE", NULL) == DEED_OK &&
	    !(write_all(c) && catalogue_exec(c->db, "COMMIT", NULL) == DEED_OK))
		(void)!catalogue_exec(c->db, "ROLLBACK", NULL);
	c->seen_count = 0;
}

void catalogue_set_listed(struct catalogue *c, const uint8_t id[SHA256_SIZE],
			  const uint8_t digest[SHA256_SIZE])
{
	struct catalogue_seen *one;

	if (c->seen == NULL)
		c->seen = calloc(BATCH, sizeof(*c->seen));
	if (c->seen == NULL)
		return;
	one = &c->seen[c->seen_count++];
	memcpy(one->id, id, SHA256_SIZE);
	memcpy(one->digest, digest, SHA256_SIZE);
	if (c->seen_count == BATCH)
		catalogue_seen_flush(c);
}
