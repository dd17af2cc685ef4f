/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_PROVE_RENAME_H
#define DEED_OFFICE_PROVE_RENAME_H

#include "event/event.h"
#include "office/party/prove.h"

/*
 * A change of handle touches a directory (the keystore's) that no
 * transaction of the log renames.  So the new names are made by the
 * transaction, then the directory is renamed, then the old names removed:
 * whatever was interrupted, the same command typed again finishes it, since
 * it starts from whatever of the two is still there.  The caller holds the
 * lock of the parties, so that nobody enrols under the new handle meanwhile.
 */

/* Into the transaction, under the lock: the new signpost for the old one.
 * enrolment is what both say. */
enum deed_status prove_rename_add(const struct home *h,
				  const struct prove_change *in,
				  uint64_t enrolment, struct event *ev,
				  struct deed_error *err) DEED_MUST_USE;

/* Did a run before come as far as its transaction, and no further? */
bool prove_rename_is_half(const struct home *h, const struct prove_change *in);

/* What is left after the transaction.  Each step does nothing where it was
 * done before. */
enum deed_status prove_rename_finish(const struct home *h,
				     const struct prove_change *in,
				     struct deed_error *err) DEED_MUST_USE;

#endif
