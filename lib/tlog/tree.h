/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TLOG_TREE_H
#define DEED_TLOG_TREE_H

#include "base/buf.h"

/*
 * The Merkle tree of RFC 6962 section 2.1 over SHA-256: hashes, roots and
 * proofs, from the hashes of complete subtrees, which a caller stores where
 * it likes.  A node is named by its level (0: leaves) and its number there;
 * it covers the leaves number << level to (number + 1) << level.  Sizes are
 * below 2^53, so that a proof has at most TREE_PROOF_MAX hashes.
 */
#define TREE_HASH 32
#define TREE_PROOF_MAX 64
#define TREE_ENTRY_MAX 65535

struct tree_hash {
	uint8_t bytes[TREE_HASH];
};

struct tree_proof {
	struct tree_hash hash[TREE_PROOF_MAX];
	size_t count;
};

/* Gives the hash of a complete subtree. */
typedef enum deed_status tree_read_fn(void *arg, unsigned level,
				      uint64_t number, struct tree_hash *out,
				      struct deed_error *err);

/* SHA-256(00 ‖ entry) and SHA-256(01 ‖ left ‖ right); an entry has at most
 * TREE_ENTRY_MAX bytes. */
void tree_leaf(struct slice entry, struct tree_hash *out);
void tree_node(const struct tree_hash *left, const struct tree_hash *right,
	       struct tree_hash *out);

/* The root of the first size leaves; of none: SHA-256 of nothing. */
enum deed_status tree_root(uint64_t size, tree_read_fn *read, void *arg,
			   struct tree_hash *out,
			   struct deed_error *err) DEED_MUST_USE;

/* PATH(index, D[size]), RFC 6962 2.1.1; index is below size. */
enum deed_status tree_inclusion(uint64_t index, uint64_t size,
				tree_read_fn *read, void *arg,
				struct tree_proof *out,
				struct deed_error *err) DEED_MUST_USE;

/* PROOF(old, D[size]), RFC 6962 2.1.2; empty where old is 0 or size. */
enum deed_status tree_consistency(uint64_t old, uint64_t size,
				  tree_read_fn *read, void *arg,
				  struct tree_proof *out,
				  struct deed_error *err) DEED_MUST_USE;

/* The proofs judged (RFC 9162 2.1.3.2 and 2.1.4.2): DEED_INCONSISTENT where
 * one does not hold, DEED_MALFORMED where index or sizes are impossible. */
enum deed_status tree_check_inclusion(uint64_t index, uint64_t size,
				      const struct tree_hash *leaf,
				      const struct tree_hash *root,
				      const struct tree_proof *proof,
				      struct deed_error *err) DEED_MUST_USE;
enum deed_status tree_check_consistency(uint64_t old, uint64_t size,
					const struct tree_hash *old_root,
					const struct tree_hash *root,
					const struct tree_proof *proof,
					struct deed_error *err) DEED_MUST_USE;

#endif
