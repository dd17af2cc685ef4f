/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/catalogue_hold.h"

#include <stdlib.h>

#include "archive/catalogue_file.h"
#include "base/file.h"

struct catalogue_hold {
	sqlite3 *db;
};

enum deed_status catalogue_hold(const char *dir, struct catalogue_hold **out,
				struct deed_error *err)
{
	struct catalogue_hold *hold = calloc(1, sizeof(*hold));
	char *path = path_join(dir, CATALOGUE_FILE);
	struct catalogue_about about;
	enum deed_status status;

	*out = NULL;
	if (hold == NULL || path == NULL)
		status = deed_error_memory(err);
	/* Reading is what takes the lock, and what rolls back a change that
	 * somebody did not live to finish: therefore opened for writing. */
	else
		status = catalogue_file_open(path, &hold->db, &about, err);
	if (status == DEED_NOT_FOUND)
		status = DEED_DAMAGED;
	if (status == DEED_OK)
		status = catalogue_exec(
			hold->db, "BEGIN; SELECT count(*) FROM sqlite_master",
			err);
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
