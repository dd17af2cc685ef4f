/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CATALOGUE_PRIV_H
#define DEED_ARCHIVE_CATALOGUE_PRIV_H

#include "archive/catalogue.h"
#include "archive/catalogue_file.h"

/* An open catalogue, for those who ask it and those who note something. */
struct catalogue {
	struct archive *a;
	char *path;
	sqlite3 *db;
	struct catalogue_about about;
	bool mended; /* once is enough */
	char *remade;
	struct catalogue_seen *seen; /* that wait to be written, or NULL */
	size_t seen_count;
};

/* catalogue_listed.c: write what waits. */
void catalogue_seen_flush(struct catalogue *c);

#endif
