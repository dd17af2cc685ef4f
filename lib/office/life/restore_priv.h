/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_RESTORE_PRIV_H
#define DEED_OFFICE_RESTORE_PRIV_H

#include "office/life/restore.h"
#include "office/life/restore_read.h"

/*
 * The checks of a home that was unpacked and is not in its place yet; h is
 * where it was unpacked.
 */

/* The index is the word of the service of that very house. */
enum deed_status restore_check_index(const struct home *h,
				     const struct backup_reader *b,
				     struct deed_error *err) DEED_MUST_USE;

/* The log is sound, is the index's, and agrees with what was kept. */
enum deed_status restore_check_log(const struct home *h,
				   const struct backup_reader *b,
				   struct restore *r,
				   struct deed_error *err) DEED_MUST_USE;

/* The same as far as the index alone can tell; nothing is verified. */
enum deed_status restore_peek_log(const struct backup_reader *b,
				  struct restore *r,
				  struct deed_error *err) DEED_MUST_USE;

/* What stands as good, and the numbers of the lists to come. */
enum deed_status restore_check_revoked(const struct home *h, struct restore *r,
				       struct deed_error *err) DEED_MUST_USE;

#endif
