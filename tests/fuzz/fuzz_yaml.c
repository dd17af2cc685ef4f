/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "codec/yaml.h"
#include "fuzz/fuzz.h"

static size_t walk(const struct yaml_node *node, unsigned depth)
{
	size_t i, seen = 1;
	int64_t number;
	bool flag;

	assert(depth <= YAML_MAX_DEPTH);
	(void)yaml_integer(node, &number);
	(void)yaml_bool(node, &flag);
	if (yaml_kind(node) == YAML_SCALAR) {
		assert(yaml_string(node) != NULL);
		return seen;
	}
	for (i = 0; i < yaml_count(node); i++) {
		if (yaml_kind(node) == YAML_MAPPING)
			assert(yaml_get(node, yaml_key_at(node, i)) ==
			       yaml_at(node, i));
		seen += walk(yaml_at(node, i), depth + 1);
	}
	return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct yaml_node *root;

	if (yaml_load(slice_of(data, size), "input", &root, NULL) == DEED_OK)
		assert(walk(root, 0) <= YAML_MAX_NODES);
	else
		assert(root == NULL);
	yaml_tree_free(root);
	return 0;
}
