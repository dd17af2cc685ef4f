/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CHUNK_H
#define DEED_ARCHIVE_CHUNK_H

#include "archive/archive.h"
#include "base/secret.h"

/*
 * The key of a chunk, from the two halves of a deposit's secret: P, which
 * the parties can open, and S, of which each place has a share.
 */
#define ARCHIVE_SECRET 32

/*
 * KEK = HKDF-SHA256(P ‖ S, salt = the deposit's 16 bytes, info =
 * "deed-shard-v1 chunk N", with " last" behind it for the last).
 * *kek is the caller's, 32 bytes.
 */
enum deed_status chunk_kek(const struct secret *p, const struct secret *s,
			   const uint8_t deposit[ARCHIVE_DEPOSIT],
			   uint64_t number, bool last, struct secret **kek,
			   struct deed_error *err) DEED_MUST_USE;

#endif
