/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TLOG_TREE_PRIV_H
#define DEED_TLOG_TREE_PRIV_H

#include "tlog/tree.h"

/* What making proofs (tree.c) and checking them (tree_check.c) share. */

/* No log has as many leaves: sizes are exact in JSON. */
#define TREE_SIZE_LIMIT (UINT64_C(1) << 53)

/* DEED_MALFORMED: no tree of that size has such a leaf, or such an earlier
 * size. */
enum deed_status tree_impossible(struct deed_error *err);

#endif
