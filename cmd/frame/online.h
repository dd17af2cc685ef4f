/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_ONLINE_H
#define DEED_CMD_FRAME_ONLINE_H

#include "cmd/frame/session.h"
#include "net/http.h"

/*
 * The options that bound what the certificates of strangers make a command
 * fetch, the same for every command that judges them: rows of its table, and
 * a member of what they fill.
 */
struct online_args {
	struct option_list hosts;
	long timeout;
};

#define ONLINE_OPTIONS(args, f)                                               \
	{ OPTION_LIST(args, f.hosts), .config = true, .name = "online-hosts", \
	  .argument = "PATTERN",                                              \
	  .help = "fetch from hosts of this name, although their address "    \
		  "is not public; * stands for anything" },                   \
	{                                                                     \
		OPTION_NUMBER(args, f.timeout),                               \
			.config = true, .name = "online-timeout",             \
			.argument = "SECONDS", .initial = "20", .min = 1,     \
			.max = 3600,                                          \
			.help = "the time that fetching may take a document"  \
	}

/* A client that asks nobody but whom a stranger may name. */
enum deed_status online_client(struct session *s, const struct online_args *a,
			       struct http_client **out,
			       struct deed_error *err) DEED_MUST_USE;

/* The budget of a document. */
static inline unsigned online_budget(const struct online_args *a)
{
	return (unsigned)a->timeout * 1000;
}

/* Say what would have it fetched, where something was not. */
void online_hint(struct session *s, bool refused);

#endif
