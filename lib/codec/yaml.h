/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_YAML_H
#define DEED_CODEC_YAML_H

#include "base/buf.h"

/*
 * YAML for configuration, policies and batch manifests: a small tree over
 * libyaml's events.  One document; mappings, sequences and scalars; no
 * anchors, aliases, tags or merge keys; keys are scalars and unique.  All
 * scalars are text: what they mean is the reader's matter, so `no` and
 * `0123` stay what was written.
 *
 * Limits: YAML_MAX_SIZE octets, YAML_MAX_DEPTH levels, YAML_MAX_NODES nodes.
 * Messages name the file and the line.
 */
#define YAML_MAX_SIZE (1024 * 1024)
#define YAML_MAX_DEPTH 16
#define YAML_MAX_NODES 65536

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node;

/*
 * name is for messages.  *out is the caller's (yaml_tree_free of the root); an
 * empty document is an empty mapping.  DEED_CONFIG or DEED_LIMIT.
 */
enum deed_status yaml_load(struct slice text, const char *name,
			   struct yaml_node **out,
			   struct deed_error *err) DEED_MUST_USE;
void yaml_tree_free(struct yaml_node *root);

/* The same with other limits, for a list that may be long. */
enum deed_status yaml_load_within(struct slice text, const char *name,
				  size_t max_size, size_t max_nodes,
				  struct yaml_node **out,
				  struct deed_error *err) DEED_MUST_USE;

/* All below borrow from the root and accept NULL. */
enum yaml_kind yaml_kind(const struct yaml_node *node);
unsigned yaml_line(const struct yaml_node *node);

/* Text of a scalar; NULL for anything else. */
const char *yaml_string(const struct yaml_node *node);

/* Members of a mapping or a sequence, in the order of the file. */
size_t yaml_count(const struct yaml_node *node);
const struct yaml_node *yaml_at(const struct yaml_node *node, size_t i);

/* Key of member i of a mapping; NULL in a sequence. */
const char *yaml_key_at(const struct yaml_node *node, size_t i);

/* The member under key; NULL if absent or not a mapping. */
const struct yaml_node *yaml_get(const struct yaml_node *node, const char *key);

/* The scalar under key as text; NULL if absent or no scalar. */
const char *yaml_get_string(const struct yaml_node *node, const char *key);

/* A scalar as integer or boolean (true, false, yes, no); false if it is
 * none. */
bool yaml_integer(const struct yaml_node *node, int64_t *out);
bool yaml_bool(const struct yaml_node *node, bool *out);

#endif
