/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/batch_manifest.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/frame/option_value.h"
#include "sign/despite.h"

static enum deed_status fault(const struct batch_manifest *m,
			      const struct yaml_node *node, const char *what,
			      struct deed_error *err)
{
	return deed_error_set(err, DEED_CONFIG, "'%s', line %u: %s", m->name,
			      yaml_line(node), what);
}

/* ---- one value ---- */

/* Each reads a scalar into its member; false: expected says what was. */
typedef bool value_fn(const struct yaml_node *node, void *member);

static bool read_text(const struct yaml_node *node, void *member)
{
	const char **out = member;

	*out = yaml_string(node);
	return *out != NULL;
}

static bool read_name(const struct yaml_node *node, void *member)
{
	return read_text(node, member) && *yaml_string(node) != '\0';
}

static bool read_path(const struct yaml_node *node, void *member)
{
	return read_name(node, member) && strcmp(yaml_string(node), "-") != 0;
}

bool batch_manifest_page(const char *text, long *page)
{
	char *end;

	*page = -1;
	if (!strcmp(text, "last"))
		return true;
	errno = 0;
	*page = strtol(text, &end, 10);
	return errno == 0 && *end == '\0' && end != text && *page != 0;
}

static bool read_reasons(const struct yaml_node *node, void *member)
{
	return read_text(node, member) &&
	       despite_words_valid(yaml_string(node));
}

static bool read_page(const struct yaml_node *node, void *member)
{
	const char *text = yaml_string(node);

	return text != NULL && batch_manifest_page(text, member);
}

/* As the option reads it, so that a place in a manifest is the same as on the
 * command line. */
static bool read_position(const struct yaml_node *node, void *member)
{
	static const struct option point = { .type = OPTION_TYPE_POINT };
	const char *text = yaml_string(node);

	return text != NULL &&
	       option_value_set(&point, member, text, NULL) == DEED_OK;
}

static bool read_flag(const struct yaml_node *node, void *member)
{
	return yaml_bool(node, member);
}

#define NOT_SAID ((size_t)-1)

static const struct key {
	const char *name;
	value_fn *read;
	size_t member, said; /* offsets in the entry; said: a bool */
	const char *expected;
} keys[] = {
#define KEY(n, fn, s, what)                                          \
	{                                                            \
#n, fn, offsetof(struct batch_manifest_entry, n), s, \
			"'" #n "': "                                 \
			"expected " what                             \
	}
#define SAID(n) offsetof(struct batch_manifest_entry, n)
	KEY(file, read_path, NOT_SAID, "the path of a document"),
	KEY(output, read_path, NOT_SAID, "the path of a file to write"),
	KEY(field, read_name, NOT_SAID, "the name of a field"),
	KEY(reason, read_text, NOT_SAID, "a text"),
	KEY(location, read_text, NOT_SAID, "a text"),
	KEY(despite, read_reasons, NOT_SAID,
	    "ids of reasons, with spaces between them"),
	KEY(page, read_page, SAID(has_page),
	    "a number from 1, or from -1 for the last, or last"),
	KEY(position, read_position, NOT_SAID,
	    "millimetres from the left and the top, for instance 150,40"),
	KEY(visible, read_flag, SAID(says_visible), "true or false"),
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* An unknown key is an error, not passed over: a misspelt one would sign a
 * document without what it was to say. */
static enum deed_status read_key(const struct batch_manifest *m,
				 const char *name, const struct yaml_node *node,
				 struct batch_manifest_entry *e,
				 struct deed_error *err)
{
	const struct key *k;
	char *at = (char *)e;

	for (k = keys; k < keys + KEYS && strcmp(k->name, name) != 0; k++)
		;
	if (k == keys + KEYS)
		return deed_error_set(err, DEED_CONFIG,
				      "'%s', line %u: '%s' is no key of a "
				      "document",
				      m->name, yaml_line(node), name);
	if (yaml_kind(node) != YAML_SCALAR || !k->read(node, at + k->member))
		return fault(m, node, k->expected, err);
	if (k->said != NOT_SAID)
		*(bool *)(at + k->said) = true;
	return DEED_OK;
}

/* ---- the whole ---- */

/* The reader refuses a key that stands twice, so that none is read over
 * another here; only the file must be there. */
static enum deed_status read_entry(const struct batch_manifest *m,
				   const struct yaml_node *node,
				   struct batch_manifest_entry *e,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	e->line = yaml_line(node);
	if (yaml_kind(node) != YAML_MAPPING)
		return fault(m, node, "expected a document, as 'file: NAME'",
			     err);
	for (i = 0; status == DEED_OK && i < yaml_count(node); i++)
		status = read_key(m, yaml_key_at(node, i), yaml_at(node, i), e,
				  err);
	if (status == DEED_OK && e->file == NULL)
		return fault(m, node, "the document has no file", err);
	return status;
}

/* A list that is empty is none of this file's faults; one more than counted,
 * for calloc may give NULL for nothing.  Texts stay in the tree, which lives
 * as long as the entries. */
static enum deed_status read_entries(struct batch_manifest *m,
				     struct deed_error *err)
{
	const struct yaml_node *list = yaml_get(m->root, "documents");
	enum deed_status status = DEED_OK;
	size_t i;

	if (yaml_kind(m->root) != YAML_MAPPING)
		return fault(m, m->root, "expected 'documents:' and a list",
			     err);
	for (i = 0; i < yaml_count(m->root); i++) {
		if (strcmp(yaml_key_at(m->root, i), "documents") != 0)
			return deed_error_set(err, DEED_CONFIG,
					      "'%s', line %u: '%s' is no key "
					      "of a manifest",
					      m->name,
					      yaml_line(yaml_at(m->root, i)),
					      yaml_key_at(m->root, i));
	}
	if (list == NULL || yaml_kind(list) != YAML_SEQUENCE)
		return fault(m, list == NULL ? m->root : list,
			     "expected 'documents:' and a list", err);
	m->entry = calloc(yaml_count(list) + 1, sizeof(*m->entry));
	if (m->entry == NULL)
		return deed_error_memory(err);
	m->count = yaml_count(list);
	for (i = 0; status == DEED_OK && i < m->count; i++)
		status = read_entry(m, yaml_at(list, i), &m->entry[i], err);
	return status;
}

enum deed_status batch_manifest_parse(struct slice text, const char *name,
				      struct batch_manifest **out,
				      struct deed_error *err)
{
	struct batch_manifest *m = calloc(1, sizeof(*m));
	enum deed_status status;

	*out = NULL;
	if (m == NULL)
		return deed_error_memory(err);
	m->name = name;
	status = yaml_load_within(text, name, BATCH_MANIFEST_MAX_SIZE,
				  BATCH_MANIFEST_MAX_NODES, &m->root, err);
	if (status == DEED_OK)
		status = read_entries(m, err);
	if (status != DEED_OK) {
		batch_manifest_free(m);
		return status;
	}
	*out = m;
	return DEED_OK;
}

enum deed_status batch_manifest_read(const char *path,
				     struct batch_manifest **out,
				     struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status;

	*out = NULL;
	if (strcmp(path, "-") == 0)
		status = file_read_fd(STDIN_FILENO, "-",
				      BATCH_MANIFEST_MAX_SIZE, &text, err);
	else
		status = file_read(path, BATCH_MANIFEST_MAX_SIZE, &text, err);
	if (status == DEED_OK)
		status = batch_manifest_parse(buf_get(&text), path, out, err);
	buf_clear(&text);
	return status;
}

void batch_manifest_free(struct batch_manifest *m)
{
	if (m == NULL)
		return;
	yaml_tree_free(m->root);
	free(m->entry);
	free(m);
}
