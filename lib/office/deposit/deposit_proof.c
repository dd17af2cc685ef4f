/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_proof.h"

#include <stdlib.h>

#include "codec/json.h"
#include "office/deposit/deposit_tree.h"

/* File 0 of the index is the record and no document, so the leaves begin with
 * file 1. */
static enum deed_status make_tree(const struct index *x,
				  struct deposit_tree **out,
				  struct deed_error *err)
{
	uint8_t *sha256 = calloc(x->count, SHA256_SIZE);
	enum deed_status status;
	size_t i;

	*out = NULL;
	if (sha256 == NULL)
		return deed_error_memory(err);
	for (i = 1; i < x->count; i++)
		memcpy(sha256 + (i - 1) * SHA256_SIZE, x->file[i].sha256,
		       SHA256_SIZE);
	status = deposit_tree_new(x->salt, sha256, x->count - 1, out, err);
	free(sha256);
	return status;
}

/* NULL for want of memory; json_pack then fails as a whole. */
static json_t *path_json(const struct tree_proof *path)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < path->count; i++)
		if (json_array_append_new(list,
					  json_hex(slice_of(path->hash[i].bytes,
							    TREE_HASH))) != 0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

/* RFC 8785, so that who checks it can make the same bytes.  The salt is of
 * this document alone: nothing is told of the others. */
static enum deed_status write_proof(const struct index *x, size_t number,
				    const struct tree_hash *root,
				    const struct tree_proof *path,
				    struct buf *out, struct deed_error *err)
{
	uint8_t salt[SHA256_SIZE];
	enum deed_status status;
	json_t *json;

	deposit_tree_salt(x->salt, number, salt);
	json = json_pack(
		"{s:I, s:I, s:o, s:o, s:o, s:s, s:o}", "document",
		(json_int_t)number, "documents", (json_int_t)(x->count - 1),
		"path", path_json(path), "root",
		json_hex(slice_of(root->bytes, TREE_HASH)), "salt",
		json_hex(slice_of(salt, sizeof(salt))), "schema",
		DEPOSIT_PROOF_SCHEMA, "sha256",
		json_hex(slice_of(x->file[number].sha256, SHA256_SIZE)));
	if (json == NULL)
		return deed_error_memory(err);
	status = json_canonical(json, out, err);
	buf_byte(out, '\n');
	json_decref(json);
	return status == DEED_OK ? buf_status(out, err) : status;
}

enum deed_status deposit_prove(const struct index *x, size_t number,
			       struct buf *out, struct deed_error *err)
{
	struct deposit_tree *tree = NULL;
	struct tree_proof path;
	struct tree_hash root;
	enum deed_status status = make_tree(x, &tree, err);

	if (status == DEED_OK)
		status = deposit_tree_root(tree, &root, err);
	if (status == DEED_OK)
		status = deposit_tree_path(tree, number, &path, err);
	if (status == DEED_OK)
		status = write_proof(x, number, &root, &path, out, err);
	deposit_tree_free(tree);
	return status;
}
