/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_CONFIG_H
#define DEED_CMD_FRAME_CONFIG_H

#include "base/buf.h"

/*
 * deed-config(5): $XDG_CONFIG_HOME/deed/config.yaml, then
 * /etc/deed/config.yaml; the first file that has a key wins.  Never a file
 * of the working directory.  At most CONFIG_MAX bytes each, as codec/yaml.h
 * reads it.
 */
#define CONFIG_MAX 1048576
#define CONFIG_FILES 2

struct config;

/* Files that are not there are empty.  DEED_CONFIG names file and fault. */
enum deed_status config_load(struct config **out,
			     struct deed_error *err) DEED_MUST_USE;
void config_free(struct config *c);

/*
 * The value of a dotted key, and in *file (may be NULL) the path of the file
 * that has it; NULL if none has.  Borrowed.
 */
const char *config_value(const struct config *c, const char *key,
			 const char **file);

/*
 * Go through every value of every file, in the files' order; a key that an
 * earlier file has is told again.
 */
typedef void config_fn(void *arg, const char *file, const char *key,
		       const char *value);
void config_each(const struct config *c, config_fn *fn, void *arg);

/* The paths looked at, present or not; NULL where none can be told. */
const char *config_path(const struct config *c, size_t i);

#endif
