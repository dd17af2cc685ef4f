/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_GROUP_H
#define DEED_OFFICE_DEPOSIT_GROUP_H

#include "archive/put.h"
#include "event/event.h"
#include "judge/parser.h"
#include "office/deposit/deposit_put.h"
#include "office/deposit/deposit_signer.h"

/*
 * What the files behind office/deposit/deposit_put.h share:
 * deposit_group.c opens the group, deposit_make.c makes one deposit,
 * deposit_pack.c one of many documents, and deposit_commit.c makes all of them
 * final.
 */
struct deposit_group {
	const struct home *home;
	const struct deposit_order *order;
	struct archive *archive;
	struct begun *begun; /* NULL with dry_run */
	struct deposit_signer signer;
	struct event_home *events;
	struct parser *parser; /* of the documents */
	struct archive_recipient to[MANIFEST_RECIPIENTS];
	uint8_t ski[MANIFEST_RECIPIENTS][KEY_ID_SIZE];
	uint8_t label[SHA256_SIZE]; /* where order has one */
	bool unsure;		    /* something is left to archive_sweep */
};

/* The document among the inputs; deposit.json is the first. */
#define DEPOSIT_DOCUMENT 1

/* What the order says of every deposit, into the manifest of its draft. */
void deposit_group_complete(const struct deposit_group *g,
			    struct deposit_made *made);

#endif
