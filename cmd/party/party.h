/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_PARTY_PARTY_H
#define DEED_CMD_PARTY_PARTY_H

#include <jansson.h>

#include "cmd/frame/session.h"
#include "office/party/party.h"
#include "office/document/past.h"

/* What the party commands share: one party as --json shows it.  NULL
 * without memory. */
json_t *party_json(const struct session *s, const struct party_info *info);

/* "why; the command that mends it", where something is to be said; with a NUL
 * at the end. */
void party_problem(const struct session *s, const struct party_info *info,
		   struct buf *out);

/* A line a generation; and what held at a time. */
void party_show_generations(struct session *s, const struct past *past);
void party_show_at(struct session *s, const char *party,
		   const struct past *past, int64_t time);

#endif
