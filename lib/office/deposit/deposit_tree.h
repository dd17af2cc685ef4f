/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_TREE_H
#define DEED_OFFICE_DEPOSIT_TREE_H

#include "tlog/tree.h"
#include "crypto/digest.h"

/*
 * What the log says of the documents of a pack: the root of a Merkle tree
 * (tlog/tree.h) over all of them, so that one can be proven without a word
 * about the others.  The leaf of document N, counted from 1, is
 *
 *	salt ‖ SHA-256 of the document
 *
 * with a salt of its own, HMAC-SHA256(salt of the index, "document N"): whoever
 * has the pack has all of them, and of those nobody else learns but the one
 * that he is shown.
 */
struct deposit_tree;

/* Over count documents, their hashes one after another. */
enum deed_status deposit_tree_new(const uint8_t salt[SHA256_SIZE],
				  const uint8_t *sha256, size_t count,
				  struct deposit_tree **out,
				  struct deed_error *err) DEED_MUST_USE;
void deposit_tree_free(struct deposit_tree *t);

enum deed_status deposit_tree_root(const struct deposit_tree *t,
				   struct tree_hash *out,
				   struct deed_error *err) DEED_MUST_USE;

/* The salt of document n, and its path to the root. */
void deposit_tree_salt(const uint8_t salt[SHA256_SIZE], size_t n,
		       uint8_t out[SHA256_SIZE]);
enum deed_status deposit_tree_path(const struct deposit_tree *t, size_t n,
				   struct tree_proof *out,
				   struct deed_error *err) DEED_MUST_USE;

/* Its leaf. */
void deposit_tree_leaf(const uint8_t salt[SHA256_SIZE],
		       const uint8_t sha256[SHA256_SIZE],
		       struct tree_hash *out);

#endif
