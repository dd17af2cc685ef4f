/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TLOG_PROOF_H
#define DEED_TLOG_PROOF_H

#include "tlog/tree.h"

/*
 * The two files in which a proof travels: an inclusion proof with its
 * checkpoint (c2sp.org/tlog-proof@v1) and a consistency proof with its new
 * checkpoint (the body of add-checkpoint, c2sp.org/tlog-witness).  Reading
 * judges nothing: the checkpoint inside is a signed note for
 * checkpoint_open, the hashes are for tree_check_inclusion and
 * tree_check_consistency.  Limits: PROOF_MAX bytes, TREE_PROOF_MAX hashes.
 * Everything read borrows from the caller's bytes but extra, which is
 * decoded.
 */
#define PROOF_MAX (1u << 20)

struct proof_file {
	uint64_t index;	  /* inclusion: the entry; consistency: old */
	struct buf extra; /* what the extra line holds, or empty */
	struct tree_proof proof;
	struct slice checkpoint; /* the signed note, verbatim */
};

#define PROOF_FILE_INIT                      \
	{                                    \
		0, BUF_INIT, { .count = 0 }, \
		{                            \
			NULL, 0              \
		}                            \
	}

void proof_file_clear(struct proof_file *p);

/* Does it begin as a tlog-proof? */
bool proof_is_inclusion(struct slice bytes);

/* A tlog-proof: DEED_MALFORMED, DEED_LIMIT.  Clear p in any case. */
enum deed_status proof_parse_inclusion(struct slice bytes, struct proof_file *p,
				       struct deed_error *err) DEED_MUST_USE;

/* "old N", hashes, empty line, checkpoint. */
enum deed_status proof_parse_consistency(struct slice bytes,
					 struct proof_file *p,
					 struct deed_error *err) DEED_MUST_USE;

/* Append either in its textual form. */
void proof_format_inclusion(const struct proof_file *p, struct buf *out);
void proof_format_consistency(const struct proof_file *p, struct buf *out);

#endif
