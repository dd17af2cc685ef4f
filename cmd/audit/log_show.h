/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_AUDIT_LOG_SHOW_H
#define DEED_CMD_AUDIT_LOG_SHOW_H

#include "cmd/audit/audit.h"
#include "event/audit_find.h"

/*
 * An entry of the log as "deed audit log" shows it: a line of text, a record
 * of CSV (RFC 4180), an item of JSON.
 *
 * CSV is opened by spreadsheets, which take a cell that begins with = + - or
 * @ (or with what their fonts make of these, or a tab) for a formula.  Before
 * such a cell there stands an apostrophe.
 */
struct log_show {
	struct session *s;
	struct home *home; /* whose parties have names; with open */
	bool csv, open;
	json_t *names; /* of handles: text, or null */
};

void log_show_init(struct log_show *show, struct session *s, struct home *home,
		   bool csv, bool open);
void log_show_clear(struct log_show *show);

/* The head of a table, once it is known that there will be one. */
void log_show_begin(struct log_show *show);

/* openings and match of an entry that nobody asked to open are none. */
enum deed_status log_show_entry(struct log_show *show,
				const struct audit_found *f,
				struct deed_error *err) DEED_MUST_USE;

#endif
