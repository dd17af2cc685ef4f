/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_PROOF_H
#define DEED_OFFICE_DEPOSIT_PROOF_H

#include "archive/index.h"

/*
 * That one document of a pack is under the root that the log commits to as
 * "documents" (office/deposit/deposit_tree.h), as canonical JSON and a newline:
 *
 *	{"document":N,"documents":COUNT,"path":[HEX,...],"root":HEX,
 *	 "salt":HEX,"schema":"deed.document-proof/1","sha256":HEX}
 *
 * With a proof of the entry in which "documents" is opened (deed audit prove)
 * it shows that this document was deposited then, and tells nothing of the
 * others but how many there are.  Appends to out.
 */
#define DEPOSIT_PROOF_SCHEMA "deed.document-proof/1"

enum deed_status deposit_prove(const struct index *x, size_t number,
			       struct buf *out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
