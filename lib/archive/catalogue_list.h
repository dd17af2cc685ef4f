/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CATALOGUE_LIST_H
#define DEED_ARCHIVE_CATALOGUE_LIST_H

#include <sqlite3.h>

#include "archive/catalogue.h"

/* Deposits that are read at once: a page. */
#define CATALOGUE_PAGE 128

struct catalogue_page {
	size_t want, count;
	struct catalogue_item item[CATALOGUE_PAGE];
};

#define CATALOGUE_SQL 1024

/*
 * The statement for one key (or none): each question has the index that
 * answers it in the order of the list, so that a page costs a page.  For
 * tests, which ask SQLite how it would do it.
 */
void catalogue_list_sql(const struct catalogue_query *query,
			char out[CATALOGUE_SQL]);

/* The page after last (NULL: the first), page->want items at most. */
enum deed_status catalogue_list_page(sqlite3 *db,
				     const struct catalogue_query *query,
				     const struct catalogue_item *last,
				     struct catalogue_page *page,
				     struct deed_error *err) DEED_MUST_USE;

#endif
