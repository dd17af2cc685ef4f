/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACEMENT_H
#define DEED_ARCHIVE_PLACEMENT_H

#include "archive/manifest.h"

/*
 * Which part of a deposit goes to which place, when it moves to others: with
 * as few moves as can be.  A part keeps its number, and a place that has one
 * keeps it.
 */
struct placement {
	unsigned n;
	char place[ERASURE_MAX][MANIFEST_PLACE_NAME + 1]; /* of part i + 1 */
	bool moves[ERASURE_MAX];
	unsigned moved; /* how many do */
};

/* As the manifest has it: nothing moves. */
void placement_of(const struct manifest *m, struct placement *out);

/*
 * To the places of these names, all different: DEED_USAGE unless there are as
 * many as the deposit has parts.  A part that moves goes to a place that had
 * it once, by the earlier manifests (newest first), where there is one: it
 * may lie there still.  The others go in the order of the names.
 */
enum deed_status placement_plan(const struct manifest *m,
				const struct manifest *const *before,
				size_t before_count, const char *const *to,
				size_t count, struct placement *out,
				struct deed_error *err) DEED_MUST_USE;

#endif
