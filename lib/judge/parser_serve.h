/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_PARSER_SERVE_H
#define DEED_JUDGE_PARSER_SERVE_H

#include "judge/parser.h"

/*
 * The helper's end of judge/parser.h.  Whoever is able to serve an order has
 * a table of them; libexec/deed-parse.c puts the tables together.
 */

/* An order, taken apart. */
struct parser_job {
	int fd;
	char name[PARSER_NAME_MAX + 1];
	struct secret *password; /* NULL: none */
	struct slice more;
};

typedef enum deed_status parser_serve_fn(const struct parser_job *job,
					 struct buf *answer,
					 struct deed_error *err);

struct parser_order {
	uint32_t number; /* 0 ends a table */
	parser_serve_fn *serve;
};

/* Surveys of PDFs and directories of containers. */
extern const struct parser_order parser_orders[];

/* Serves a socket until it is closed, by any of these tables, which end with
 * NULL. */
enum deed_status parser_serve(int socket,
			      const struct parser_order *const *tables,
			      struct deed_error *err) DEED_MUST_USE;

#endif
