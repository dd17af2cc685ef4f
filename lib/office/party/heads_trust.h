/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_HEADS_TRUST_H
#define DEED_OFFICE_HEADS_TRUST_H

#include "office/party/heads.h"

/*
 * The trust lists in the heads of a home: which statement is held as each
 * name, and which note (the pinned signer, and where the list came from).
 * Only what is under "trust" is read and written; a home that holds none has
 * no such member.
 */

#define HEADS_TRUST "trust"
#define HEADS_TRUST_LIST "statement"
#define HEADS_TRUST_NOTE "note"

/* The folder of the lists, as targets of a change are; *out is NULL where
 * there is none yet. */
enum deed_status heads_trust_folder(const struct home *h, char **out,
				    struct deed_error *err) DEED_MUST_USE;

/* Is it a file of a list?  folder may be NULL. */
bool heads_trust_concerns(const char *folder, const char *target);

enum deed_status heads_trust_apply(json_t *heads, const char *folder,
				   const struct event_change *change,
				   struct deed_error *err) DEED_MUST_USE;

/* Of the home, as it is. */
enum deed_status heads_trust_build(const struct home *h, json_t *heads,
				   struct deed_error *err) DEED_MUST_USE;

/* What is held otherwise than the heads say, as findings "heads". */
enum deed_status heads_trust_compare(const struct home *h, const json_t *heads,
				     struct audit_report *r,
				     struct deed_error *err) DEED_MUST_USE;

#endif
