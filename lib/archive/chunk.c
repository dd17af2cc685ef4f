/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/chunk.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "crypto/kdf.h"

/* From what the parties have and what the places have: neither opens a chunk
 * without the other.  Number and "last" are in it, so that chunks cannot be
 * swapped or left off at the end. */
enum deed_status chunk_kek(const struct secret *p, const struct secret *s,
			   const uint8_t deposit[ARCHIVE_DEPOSIT],
			   uint64_t number, bool last, struct secret **kek,
			   struct deed_error *err)
{
	struct secret *both = NULL;
	enum deed_status status;
	char info[64];

	*kek = NULL;
	assert(secret_len(p) == ARCHIVE_SECRET);
	assert(secret_len(s) == ARCHIVE_SECRET);
	snprintf(info, sizeof(info), "deed-shard-v1 chunk %" PRIu64 "%s",
		 number, last ? " last" : "");
	status = secret_new(2 * (size_t)ARCHIVE_SECRET, &both, err);
	if (status == DEED_OK)
		status = secret_new(32, kek, err);
	if (status == DEED_OK) {
		memcpy(secret_data(both), secret_bytes(p), ARCHIVE_SECRET);
		memcpy(secret_data(both) + ARCHIVE_SECRET, secret_bytes(s),
		       ARCHIVE_SECRET);
		hkdf(DIGEST_SHA256, secret_slice(both),
		     slice_of(deposit, ARCHIVE_DEPOSIT), slice_str(info),
		     secret_data(*kek), 32);
	}
	secret_free(both);
	return status;
}
