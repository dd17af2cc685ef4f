/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_PUT_PACK_H
#define DEED_CMD_SHARD_PUT_PACK_H

#include "cmd/frame/batch.h"
#include "office/deposit/deposit_put.h"

/*
 * "deed shard put --pack": one deposit of all operands.  A file in a folder
 * that was given is called by its path in there; one that was given itself by
 * that path if it is relative and leads nowhere up, else by its own name.
 */
struct pack {
	struct operands *list; /* what each operand became */
	size_t lists;
	struct deposit_document *document;
	size_t count, room;
	struct batch_item spool; /* standard input */
};

#define PACK_INIT                         \
	{                                 \
		.spool = { .spool = -1 }, \
	}

/* The documents of the operands, folders opened: DEED_LIMIT. */
enum deed_status pack_list(struct pack *p, const struct operands *operands,
			   struct deed_error *err) DEED_MUST_USE;
void pack_clear(struct pack *p);

/* Deposit them and tell so. */
enum deed_status pack_put(struct session *s, const struct pack *p,
			  struct deposit_group *group,
			  struct deed_error *err) DEED_MUST_USE;

#endif
