/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "codec/yaml.h"

#define SYSTEM_FILE "/etc/deed/config.yaml"

struct config {
	char *path[CONFIG_FILES];
	struct yaml_node *root[CONFIG_FILES];
};

/* The XDG base directories: an empty or relative value counts as unset. */
static char *user_file(void)
{
	const char *base = getenv("XDG_CONFIG_HOME");

	if (base != NULL && *base == '/')
		return path_join(base, "deed/config.yaml");
	base = getenv("HOME");
	if (base == NULL || *base != '/')
		return NULL;
	return path_join(base, ".config/deed/config.yaml");
}

/* A file that is not there is no fault, one that cannot be read is: settings
 * that somebody relies on are not to be lost in silence. */
static enum deed_status load_file(struct config *c, size_t i,
				  struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status;

	if (c->path[i] == NULL || !file_exists(c->path[i]))
		return DEED_OK;
	status = file_read(c->path[i], CONFIG_MAX, &text, err);
	if (status == DEED_OK)
		status =
			yaml_load(buf_get(&text), c->path[i], &c->root[i], err);
	buf_clear(&text);
	return status;
}

enum deed_status config_load(struct config **out, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct config *c;
	size_t i;

	*out = NULL;
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return deed_error_memory(err);
	c->path[0] = user_file();
	c->path[1] = strdup(SYSTEM_FILE);
	for (i = 0; status == DEED_OK && i < CONFIG_FILES; i++)
		status = load_file(c, i, err);
	if (status != DEED_OK) {
		config_free(c);
		return status;
	}
	*out = c;
	return DEED_OK;
}

void config_free(struct config *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < CONFIG_FILES; i++) {
		yaml_tree_free(c->root[i]);
		free(c->path[i]);
	}
	free(c);
}

/* Of a list its places are numbered, from 0. */
static const struct yaml_node *place(const struct yaml_node *list,
				     const char *part)
{
	size_t i = 0;

	for (; *part >= '0' && *part <= '9' && i < CONFIG_MAX; part++)
		i = i * 10 + (size_t)(*part - '0');
	return *part == '\0' && i < yaml_count(list) ? yaml_at(list, i) : NULL;
}

/* The scalar under a dotted key. */
static const char *lookup(const struct yaml_node *node, const char *key)
{
	char part[128];
	size_t len;

	while (node != NULL) {
		len = strcspn(key, ".");
		if (len == 0 || len >= sizeof(part))
			return NULL;
		memcpy(part, key, len);
		part[len] = '\0';
		node = yaml_kind(node) == YAML_SEQUENCE ? place(node, part)
							: yaml_get(node, part);
		if (key[len] == '\0')
			break;
		key += len + 1;
	}
	return node == NULL ? NULL : yaml_string(node);
}

const char *config_value(const struct config *c, const char *key,
			 const char **file)
{
	const char *text;
	size_t i;

	for (i = 0; c != NULL && i < CONFIG_FILES; i++) {
		text = c->root[i] == NULL ? NULL : lookup(c->root[i], key);
		if (text == NULL)
			continue;
		if (file != NULL)
			*file = c->path[i];
		return text;
	}
	return NULL;
}

/* Depth is bounded by YAML_MAX_DEPTH. */
static void walk(const struct yaml_node *node, struct buf *key,
		 const char *file, config_fn *fn, void *arg)
{
	size_t i, len = key->len;

	if (yaml_kind(node) == YAML_SCALAR) {
		buf_byte(key, 0);
		if (!key->failed)
			fn(arg, file, (const char *)key->data,
			   yaml_string(node));
		key->len = len;
		return;
	}
	for (i = 0; i < yaml_count(node); i++) {
		if (len > 0)
			buf_byte(key, '.');
		if (yaml_kind(node) == YAML_MAPPING)
			buf_str(key, yaml_key_at(node, i));
		else
			buf_printf(key, "%zu", i);
		walk(yaml_at(node, i), key, file, fn, arg);
		key->len = len;
	}
}

void config_each(const struct config *c, config_fn *fn, void *arg)
{
	struct buf key = BUF_INIT;
	size_t i;

	for (i = 0; i < CONFIG_FILES; i++)
		if (c->root[i] != NULL)
			walk(c->root[i], &key, c->path[i], fn, arg);
	buf_clear(&key);
}

const char *config_path(const struct config *c, size_t i)
{
	return i < CONFIG_FILES ? c->path[i] : NULL;
}
