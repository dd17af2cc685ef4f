/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACES_JSON_H
#define DEED_ARCHIVE_PLACES_JSON_H

#include <jansson.h>

#include "archive/place/describe.h"

/*
 * The text of places.json (archive/archive.h):
 *
 *	{"schema": "deed.places/1", "needed": 3, "places": [
 *	  {"name": "1", "place": "dir:places/1"},
 *	  {"name": "2", "place": "s3:BUCKET/PREFIX",
 *	   "endpoints": ["https://HOST"], "region": "us-east-1",
 *	   "access-key": "ID", "secret": "credential:deed.2",
 *	   "ca": "FILE", "proxy": "http://HOST:PORT",
 *	   "transfers": 8, "insecure": false}]}
 *
 * Of a place in a bucket all but name, place and access-key may be left out.
 * A member that is not listed, of another type or out of its bounds is an
 * error: one that is misspelt would be as if it were not there.  So is a name
 * that places_name_valid does not have.  Names and places are each there once,
 * which is for who opens them (archive/archive.c).
 */

/* Strings are borrowed from the JSON. */
struct places_entry {
	const char *name;
	struct place_description place;
};

struct places_list {
	unsigned needed;
	size_t count;
	const json_t *places;
};

/* path is for messages; DEED_CONFIG. */
enum deed_status places_list_read(json_t *json, const char *path,
				  struct places_list *out,
				  struct deed_error *err) DEED_MUST_USE;
enum deed_status places_entry_read(const struct places_list *list, size_t i,
				   const char *path, struct places_entry *out,
				   struct deed_error *err) DEED_MUST_USE;

/* A new object; NULL without memory. */
json_t *places_entry_write(const struct places_entry *e);

/* Letters, digits, '-', '.' and '_', MANIFEST_PLACE_NAME at most, the first no
 * '-' and no '.'. */
bool places_name_valid(const char *name);

#endif
