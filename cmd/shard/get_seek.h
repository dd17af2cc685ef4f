/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_GET_SEEK_H
#define DEED_CMD_SHARD_GET_SEEK_H

#include "archive/stored.h"
#include "cmd/frame/session.h"
#include "pki/source.h"

/*
 * "deed shard get --places": without a home, by a list of places and whom to
 * believe.  Clear it in any case, the deposit first.
 */
struct get_seek {
	const char *places;		 /* --places */
	const struct option_list *trust; /* --trust */
	struct pki_source *anchors;	 /* what --trust names */
};

/* Of an operand: the folder as places have it and "deed shard show" tells it,
 * "ab/abcd...", without what repeats its beginning. */
const char *get_seek_operand(const char *operand);

/* By its id or the name of its folder (office/deposit/deposit_seek.h). */
enum deed_status get_seek(struct session *s, struct get_seek *g, const char *id,
			  struct archive **a, struct stored **d,
			  struct deed_error *err) DEED_MUST_USE;
void get_seek_clear(struct get_seek *g);

#endif
