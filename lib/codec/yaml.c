/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/yaml.h"

#include <yaml.h>

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

struct yaml_node {
	enum yaml_kind kind;
	unsigned line;
	char *text;  /* scalar */
	char **keys; /* mapping: as many as items */
	struct yaml_node **items;
	size_t count; /* of items */
	size_t cap;
};

struct loader {
	const char *name;
	struct yaml_node *stack[YAML_MAX_DEPTH];
	char *key; /* read, its value not yet; of the top mapping */
	unsigned depth;
	size_t nodes, max_nodes;
	struct yaml_node *root;
	bool done;
};

void yaml_tree_free(struct yaml_node *node)
{
	size_t i;

	if (node == NULL)
		return;
	/* At most YAML_MAX_DEPTH calls deep. */
	for (i = 0; i < node->count; i++) {
		if (node->keys != NULL)
			free(node->keys[i]);
		yaml_tree_free(node->items[i]);
	}
	free(node->keys);
	free(node->items);
	free(node->text);
	free(node);
}

static enum deed_status fault(const struct loader *l, unsigned line,
			      const char *what, struct deed_error *err)
{
	return deed_error_set(err, DEED_CONFIG, "'%s', line %u: %s", l->name,
			      line, what);
}

/* Room for one more member. */
static bool grow(struct yaml_node *node)
{
	size_t items = node->cap, keys = node->cap;

	if (!array_room(&node->items, &items, node->count + 1))
		return false;
	if (node->kind == YAML_MAPPING &&
	    !array_room(&node->keys, &keys, node->count + 1))
		return false;
	node->cap = items;
	return true;
}

/* Put a new node where it belongs; it is the parent's, or freed. */
static enum deed_status attach(struct loader *l, struct yaml_node *node,
			       struct deed_error *err)
{
	struct yaml_node *parent;

	if (l->depth == 0) {
		l->root = node;
		return DEED_OK;
	}
	parent = l->stack[l->depth - 1];
	if (!grow(parent)) {
		yaml_tree_free(node);
		return deed_error_memory(err);
	}
	if (parent->kind == YAML_MAPPING) {
		parent->keys[parent->count] = l->key;
		l->key = NULL;
	}
	parent->items[parent->count++] = node;
	return DEED_OK;
}

/* The tree costs many times its text: a file of dashes alone would be a node
 * each. */
static enum deed_status new_node(struct loader *l, enum yaml_kind kind,
				 unsigned line, struct yaml_node **out,
				 struct deed_error *err)
{
	if (++l->nodes > l->max_nodes)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' has more than %zu nodes", l->name,
				      l->max_nodes);
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return deed_error_memory(err);
	(*out)->kind = kind;
	(*out)->line = line;
	return DEED_OK;
}

/* Keys and values come alternately; a key that is held has its value still to
 * come. */
static bool wants_key(const struct loader *l)
{
	return l->depth > 0 && l->key == NULL &&
	       l->stack[l->depth - 1]->kind == YAML_MAPPING;
}

/* Anchors, tags and aliases make small files large and surprising; no file of
 * deed needs them. */
static enum deed_status on_scalar(struct loader *l, const yaml_event_t *e,
				  unsigned line, struct deed_error *err)
{
	const char *value = (const char *)e->data.scalar.value;
	struct yaml_node *node;
	enum deed_status status;

	if (e->data.scalar.anchor != NULL || e->data.scalar.tag != NULL)
		return fault(l, line, "anchors and tags are not used here",
			     err);
	if (strlen(value) != e->data.scalar.length)
		return fault(l, line, "a NUL is not allowed", err);
	if (wants_key(l)) {
		l->key = strdup(value);
		return l->key != NULL ? DEED_OK : deed_error_memory(err);
	}
	status = new_node(l, YAML_SCALAR, line, &node, err);
	if (status != DEED_OK)
		return status;
	node->text = strdup(value);
	if (node->text == NULL) {
		yaml_tree_free(node);
		return deed_error_memory(err);
	}
	return attach(l, node, err);
}

/* The depth is that of the loader's own stack, which is an array. */
static enum deed_status on_start(struct loader *l, enum yaml_kind kind,
				 bool decorated, unsigned line,
				 struct deed_error *err)
{
	struct yaml_node *node;
	enum deed_status status;

	if (decorated)
		return fault(l, line, "anchors and tags are not used here",
			     err);
	if (wants_key(l))
		return fault(l, line, "a key must be plain text", err);
	if (l->depth == YAML_MAX_DEPTH)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s', line %u: more than %d levels deep",
				      l->name, line, YAML_MAX_DEPTH);
	status = new_node(l, kind, line, &node, err);
	if (status != DEED_OK)
		return status;
	status = attach(l, node, err);
	if (status != DEED_OK)
		return status;
	l->stack[l->depth++] = node;
	return DEED_OK;
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The end of a mapping: its keys must differ. */
static enum deed_status check_keys(const struct loader *l,
				   const struct yaml_node *node,
				   struct deed_error *err)
{
	char **sorted = calloc(node->count + 1, sizeof(*sorted));
	enum deed_status status = DEED_OK;
	size_t i;

	if (sorted == NULL)
		return deed_error_memory(err);
	if (node->count > 0)
		memcpy(sorted, node->keys, node->count * sizeof(*sorted));
	qsort(sorted, node->count, sizeof(*sorted), compare_text);
	for (i = 1; i < node->count && status == DEED_OK; i++) {
		if (!strcmp(sorted[i - 1], sorted[i]))
			status = deed_error_set(err, DEED_CONFIG,
						"'%s', line %u: '%s' is given "
						"twice",
						l->name, node->line, sorted[i]);
	}
	free(sorted);
	return status;
}

/* Only now all keys are there; checking each as it comes would be quadratic.
 */
static enum deed_status on_end(struct loader *l, struct deed_error *err)
{
	const struct yaml_node *node = l->stack[--l->depth];

	return node->kind == YAML_MAPPING ? check_keys(l, node, err) : DEED_OK;
}

/* Aliases are refused, for a few lines of them can stand for gigabytes. */
static enum deed_status on_event(struct loader *l, const yaml_event_t *e,
				 struct deed_error *err)
{
	unsigned line = (unsigned)e->start_mark.line + 1;

	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (l->root != NULL)
			return fault(l, line, "only one document is allowed",
				     err);
		return DEED_OK;
	case YAML_ALIAS_EVENT:
		return fault(l, line, "aliases are not used here", err);
	case YAML_SCALAR_EVENT:
		return on_scalar(l, e, line, err);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(l, YAML_SEQUENCE,
				e->data.sequence_start.anchor != NULL ||
					e->data.sequence_start.tag != NULL,
				line, err);
	case YAML_MAPPING_START_EVENT:
		return on_start(l, YAML_MAPPING,
				e->data.mapping_start.anchor != NULL ||
					e->data.mapping_start.tag != NULL,
				line, err);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return on_end(l, err);
	case YAML_STREAM_END_EVENT:
		l->done = true;
		return DEED_OK;
	default:
		return DEED_OK;
	}
}

/* Ends with the stream and not with the document: what follows the first
 * document is a fault and must be seen. */
static enum deed_status parse(struct loader *l, yaml_parser_t *parser,
			      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	yaml_event_t event;

	while (status == DEED_OK && !l->done) {
		if (!yaml_parser_parse(parser, &event)) {
			if (parser->error == YAML_MEMORY_ERROR)
				return deed_error_memory(err);
			return fault(l, (unsigned)parser->problem_mark.line + 1,
				     parser->problem != NULL
					     ? parser->problem
					     : "not proper YAML",
				     err);
		}
		status = on_event(l, &event, err);
		yaml_event_delete(&event);
	}
	return status;
}

enum deed_status yaml_load(struct slice text, const char *name,
			   struct yaml_node **out, struct deed_error *err)
{
	return yaml_load_within(text, name, YAML_MAX_SIZE, YAML_MAX_NODES, out,
				err);
}

/* An empty file is an empty mapping, so that no reader has to know of a
 * missing root. */
enum deed_status yaml_load_within(struct slice text, const char *name,
				  size_t max_size, size_t max_nodes,
				  struct yaml_node **out,
				  struct deed_error *err)
{
	struct loader l = { .name = name, .max_nodes = max_nodes };
	enum deed_status status;
	yaml_parser_t parser;

	*out = NULL;
	if (text.len > max_size)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' is over the limit of %zu bytes",
				      name, max_size);
	if (!yaml_parser_initialize(&parser))
		return deed_error_memory(err);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	/* libyaml asserts that there is a pointer, even to no octets. */
	yaml_parser_set_input_string(
		&parser, text.len > 0 ? text.data : (const uint8_t *)"",
		text.len);
	status = parse(&l, &parser, err);
	yaml_parser_delete(&parser);
	if (status == DEED_OK && l.root == NULL)
		status = new_node(&l, YAML_MAPPING, 1, &l.root, err);
	free(l.key);
	if (status != DEED_OK) {
		yaml_tree_free(l.root);
		return status;
	}
	*out = l.root;
	return DEED_OK;
}

enum yaml_kind yaml_kind(const struct yaml_node *node)
{
	return node != NULL ? node->kind : YAML_SCALAR;
}

unsigned yaml_line(const struct yaml_node *node)
{
	return node != NULL ? node->line : 0;
}

const char *yaml_string(const struct yaml_node *node)
{
	return node != NULL ? node->text : NULL;
}

size_t yaml_count(const struct yaml_node *node)
{
	return node != NULL ? node->count : 0;
}

const struct yaml_node *yaml_at(const struct yaml_node *node, size_t i)
{
	return i < yaml_count(node) ? node->items[i] : NULL;
}

const char *yaml_key_at(const struct yaml_node *node, size_t i)
{
	return i < yaml_count(node) && node->keys != NULL ? node->keys[i]
							  : NULL;
}

const struct yaml_node *yaml_get(const struct yaml_node *node, const char *key)
{
	size_t i;

	if (node == NULL || node->keys == NULL)
		return NULL;
	for (i = 0; i < node->count; i++) {
		if (!strcmp(node->keys[i], key))
			return node->items[i];
	}
	return NULL;
}

const char *yaml_get_string(const struct yaml_node *node, const char *key)
{
	return yaml_string(yaml_get(node, key));
}

bool yaml_integer(const struct yaml_node *node, int64_t *out)
{
	const char *text = yaml_string(node);
	long long value;
	char *end;

	if (text == NULL || *text == '\0' || *text == ' ' || *text == '\t')
		return false;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno != 0 || *end != '\0')
		return false;
	*out = value;
	return true;
}

bool yaml_bool(const struct yaml_node *node, bool *out)
{
	const char *text = yaml_string(node);

	if (text == NULL)
		return false;
	if (!strcmp(text, "true") || !strcmp(text, "yes"))
		*out = true;
	else if (!strcmp(text, "false") || !strcmp(text, "no"))
		*out = false;
	else
		return false;
	return true;
}
