/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/catalogue_list.h"

#include "archive/catalogue_file.h"
#include "archive/catalogue_row.h"

/* Parameters: ?1 label, ?2 key, ?3 and ?4 time (or folder) and id to begin
 * after, ?5 the end, ?6 state, ?7 how many. */
enum { P_LABEL = 1, P_KEY, P_TIME, P_ID, P_END, P_STATE, P_COUNT };

#define FOR_KEY                                                   \
	" AND EXISTS (SELECT 1 FROM recipient k WHERE k.key = ?2" \
	" AND k.deposited = d.deposited AND k.id = d.id)"

/* Its index is not demanded: a catalogue that is read as it is may be of a
 * version that lacks it. */
#define BY_FOLDER                                     \
	"SELECT " CATALOGUE_COLUMNS " FROM deposit d" \
	" WHERE (d.folder, d.id) > (?3, ?4) ORDER BY d.folder, d.id LIMIT ?7"

/* Most deposits are healthy: no index is for that. */
static bool by_state(const struct catalogue_query *q)
{
	return q->has_state && q->state != CATALOGUE_HEALTHY;
}

void catalogue_list_sql(const struct catalogue_query *q,
			char out[CATALOGUE_SQL])
{
	const char *from, *t = "d", *key = "", *state = "", *until = "";

	if (q->by_folder) {
		sqlite3_snprintf(CATALOGUE_SQL, out, "%s", BY_FOLDER);
		return;
	}
	if (q->label != NULL)
		from = "deposit d INDEXED BY deposit_label WHERE d.label = ?1";
	else if (by_state(q))
		from = "deposit d INDEXED BY deposit_state WHERE d.state > 0"
		       " AND d.state = ?6";
	else if (q->key_count > 0)
		/* A key's row without its deposit is to be seen. */
		from = "recipient r LEFT JOIN deposit d ON d.deposited ="
		       " r.deposited AND d.id = r.id WHERE r.key = ?2";
	else
		from = "deposit d WHERE 1";
	if (q->label == NULL && !by_state(q) && q->key_count > 0)
		t = "r";
	else if (q->key_count > 0)
		key = FOR_KEY;
	if (q->has_state && (q->label != NULL || !by_state(q)))
		state = " AND ifnull(d.state, ?6) = ?6";
	if (q->has_until)
		until = t[0] == 'r' ? " AND r.deposited < ?5"
				    : " AND d.deposited < ?5";
	sqlite3_snprintf(CATALOGUE_SQL, out,
			 "SELECT " CATALOGUE_COLUMNS
			 " FROM %s AND (%s.deposited, %s.id) > (?3, ?4)%s%s%s"
			 " ORDER BY %s.deposited, %s.id LIMIT ?7",
			 from, t, t, until, state, key, t, t);
}

/* What was not given stays unbound: the statement does not ask for it. */
static bool bind_number(sqlite3_stmt *s, int at, bool given, int64_t value)
{
	return !given || sqlite3_bind_int64(s, at, value) == SQLITE_OK;
}

/* No octets, but not NULL: everything is behind an empty blob, so that a list
 * begins at the first row, while nothing compares with NULL. */
static bool bind_blob(sqlite3_stmt *s, int at, const uint8_t *data, int len)
{
	return sqlite3_bind_blob(s, at, len == 0 ? (const void *)"" : data, len,
				 SQLITE_TRANSIENT) == SQLITE_OK;
}

/* Of the first page both are empty, which comes before every folder. */
static bool bind_folder(sqlite3_stmt *s, const struct catalogue_item *last)
{
	uint8_t id[SHA256_SIZE], folder[ARCHIVE_DEPOSIT];

	if (last == NULL)
		return bind_blob(s, P_TIME, NULL, 0) &&
		       bind_blob(s, P_ID, NULL, 0);
	catalogue_row_id(last, id);
	catalogue_row_folder(last, folder);
	return bind_blob(s, P_TIME, folder, sizeof(folder)) &&
	       bind_blob(s, P_ID, id, sizeof(id));
}

/* Where the page begins: after last, and not before since. */
static bool bind_start(sqlite3_stmt *s, const struct catalogue_query *q,
		       const struct catalogue_item *last)
{
	uint8_t id[SHA256_SIZE];
	int64_t time = q->has_since ? q->since : INT64_MIN;
	int len = 0;

	if (q->by_folder)
		return bind_folder(s, last);
	if (last != NULL && last->deposited >= time) {
		time = last->deposited;
		catalogue_row_id(last, id);
		len = SHA256_SIZE;
	}
	return sqlite3_bind_int64(s, P_TIME, time) == SQLITE_OK &&
	       bind_blob(s, P_ID, id, len);
}

/* What is asked for by folder has no other condition. */
static bool bind_all(sqlite3_stmt *s, const struct catalogue_query *q,
		     const struct catalogue_key *key,
		     const struct catalogue_item *last, size_t want)
{
	if (!bind_start(s, q, last) ||
	    sqlite3_bind_int64(s, P_COUNT, (sqlite3_int64)want) != SQLITE_OK)
		return false;
	if (q->by_folder)
		return true;
	return (q->label == NULL ||
		sqlite3_bind_blob(s, P_LABEL, q->label, SHA256_SIZE,
				  SQLITE_STATIC) == SQLITE_OK) &&
	       (key == NULL ||
		sqlite3_bind_blob(s, P_KEY, key->id, (int)key->len,
				  SQLITE_STATIC) == SQLITE_OK) &&
	       bind_number(s, P_END, q->has_until, q->until) &&
	       bind_number(s, P_STATE, q->has_state, (int64_t)q->state);
}

/* As the statement sorts: binary ids and folders have the order of their
 * digits. */
static int compare(const struct catalogue_query *q,
		   const struct catalogue_item *a,
		   const struct catalogue_item *b)
{
	int order = q->by_folder ? strcmp(a->folder, b->folder) : 0;

	if (order != 0)
		return order;
	if (!q->by_folder && a->deposited != b->deposited)
		return a->deposited < b->deposited ? -1 : 1;
	return strcmp(a->id, b->id);
}

/* In its order and once, although two keys of a party may open it; what does
 * not fit goes. */
static void insert(const struct catalogue_query *q, struct catalogue_page *page,
		   const struct catalogue_item *item)
{
	size_t at = page->count;
	int order = -1;

	while (at > 0 && (order = compare(q, &page->item[at - 1], item)) > 0)
		at--;
	if ((at > 0 && order == 0) || at == page->want)
		return;
	if (page->count == page->want)
		page->count--;
	memmove(&page->item[at + 1], &page->item[at],
		(page->count - at) * sizeof(*item));
	page->item[at] = *item;
	page->count++;
}

/* A row that is not as it was written ends it, for the catalogue is broken
 * then.  Of several keys each brings a page; insert keeps the least of all. */
static enum deed_status
add_rows(sqlite3 *db, const char *sql, const struct catalogue_query *query,
	 const struct catalogue_key *key, const struct catalogue_item *last,
	 struct catalogue_page *page, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct catalogue_item item;
	sqlite3_stmt *s = NULL;
	int step = SQLITE_ERROR;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK &&
	    bind_all(s, query, key, last, page->want))
		while (status == DEED_OK &&
		       (step = sqlite3_step(s)) == SQLITE_ROW) {
			status = catalogue_row_read(s, &item, err);
			if (status == DEED_OK)
				insert(query, page, &item);
		}
	if (status == DEED_OK && step != SQLITE_DONE)
		status = catalogue_failed(db, err);
	sqlite3_finalize(s);
	return status;
}

enum deed_status catalogue_list_page(sqlite3 *db,
				     const struct catalogue_query *query,
				     const struct catalogue_item *last,
				     struct catalogue_page *page,
				     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char sql[CATALOGUE_SQL];
	size_t i;

	page->count = 0;
	catalogue_list_sql(query, sql);
	if (query->key_count == 0 || query->by_folder)
		return add_rows(db, sql, query, NULL, last, page, err);
	for (i = 0; i < query->key_count && status == DEED_OK; i++)
		status = add_rows(db, sql, query, &query->key[i], last, page,
				  err);
	return status;
}
