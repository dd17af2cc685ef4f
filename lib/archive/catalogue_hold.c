/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/catalogue_hold.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "base/file.h"

#define FILE_NAME "catalogue.db"
#define WAIT_MS 10000

struct catalogue_hold {
	sqlite3 *db;
};

static enum deed_status failed(sqlite3 *db, const char *path,
			       struct deed_error *err)
{
	int code = db == NULL ? SQLITE_NOMEM : sqlite3_errcode(db);
	enum deed_status status = DEED_IO;

	if (code == SQLITE_NOMEM)
		return deed_error_memory(err);
	if (code == SQLITE_BUSY)
		status = DEED_LOCKED;
	else if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB ||
		 code == SQLITE_CANTOPEN || code == SQLITE_ERROR)
		status = DEED_DAMAGED;
	return deed_error_set(err, status, "catalogue '%s': %s", path,
			      db == NULL ? "" : sqlite3_errmsg(db));
}

enum deed_status catalogue_hold(const char *dir, struct catalogue_hold **out,
				struct deed_error *err)
{
	struct catalogue_hold *hold = calloc(1, sizeof(*hold));
	char *path = path_join(dir, FILE_NAME);
	enum deed_status status = DEED_OK;

	*out = NULL;
	if (hold == NULL || path == NULL)
		status = deed_error_memory(err);
	/* Reading is what takes the lock, and what rolls back a change that
	 * somebody did not live to finish: therefore opened for writing. */
	else if (sqlite3_open_v2(path, &hold->db,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
				 NULL) != SQLITE_OK ||
		 sqlite3_busy_timeout(hold->db, WAIT_MS) != SQLITE_OK ||
		 sqlite3_exec(hold->db,
			      "BEGIN; SELECT count(*) FROM sqlite_master", NULL,
			      NULL, NULL) != SQLITE_OK)
		status = failed(hold->db, path, err);
	free(path);
	if (status != DEED_OK) {
		catalogue_release(hold);
		return status;
	}
	*out = hold;
	return DEED_OK;
}

void catalogue_release(struct catalogue_hold *hold)
{
	if (hold == NULL)
		return;
	sqlite3_close(hold->db);
	free(hold);
}
