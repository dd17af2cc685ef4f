/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_GET_PART_H
#define DEED_CMD_SHARD_GET_PART_H

#include "archive/members.h"
#include "cmd/frame/session.h"

/*
 * What of "deed shard get" reads documents one by one: "get ID/N", --range,
 * --list and --to.  Number N is file N of the index.
 */
struct get_part {
	struct session *s;
	const struct stored *stored;
	struct members *members;
	const char *folder; /* for what waits to go to standard output */
	size_t number;	    /* 0: none was named */
	const char *range;
	const char *proof; /* where the path to what the log says of it goes */
};

/* {"number", "name", "size", "sha256"} of a file. */
json_t *get_file_json(const struct index_file *f, size_t number);

/* "FROM-TO", both counted from 0 and included, or "FROM-"; *to is UINT64_MAX
 * then.  DEED_USAGE. */
enum deed_status get_range_parse(const char *text, uint64_t *from, uint64_t *to,
				 struct deed_error *err) DEED_MUST_USE;

/* Cut "/N" off an operand, which is changed: *number is 0 where there is none.
 * DEED_USAGE. */
enum deed_status get_number_parse(char *operand, size_t *number,
				  struct deed_error *err) DEED_MUST_USE;

/* One document, or with range some of its bytes. */
enum deed_status get_one(const struct get_part *g,
			 struct deed_error *err) DEED_MUST_USE;

/* What documents there are. */
enum deed_status get_list(const struct get_part *g,
			  struct deed_error *err) DEED_MUST_USE;

/* All of them into a folder (get_to.c). */
enum deed_status get_to(const struct get_part *g, const char *to,
			struct deed_error *err) DEED_MUST_USE;

#endif
