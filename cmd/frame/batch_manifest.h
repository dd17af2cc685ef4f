/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_BATCH_MANIFEST_H
#define DEED_CMD_FRAME_BATCH_MANIFEST_H

#include "cmd/frame/option.h"
#include "codec/yaml.h"

/*
 * The documents of a batch from a file (deed-batch(7)): a YAML mapping whose
 * one member, documents, lists a mapping for each.  What a document does not
 * say is as the options say it.  A key that is not known, a value of another
 * kind and a document without a file are refused; messages name the file and
 * the line.
 *
 * Limits: BATCH_MANIFEST_MAX_SIZE octets, BATCH_MANIFEST_MAX_NODES keys and
 * values.
 */
#define BATCH_MANIFEST_MAX_SIZE ((size_t)128 << 20)
#define BATCH_MANIFEST_MAX_NODES ((size_t)4000000)

/* Strings are borrowed from the manifest; NULL: not said. */
struct batch_manifest_entry {
	unsigned line;
	const char *file;   /* path; not "-" */
	const char *output; /* path; not "-" */
	const char *field, *reason, *location;
	bool has_page;
	long page; /* as pades_appearance has it */
	struct option_point position;
	bool says_visible, visible;
	const char *despite; /* ids of reasons, with spaces between them */
};

struct batch_manifest {
	const char *name; /* borrowed from the caller, for messages */
	struct yaml_node *root;
	struct batch_manifest_entry *entry;
	size_t count; /* at least 1 */
};

/* path may be "-".  *out is the caller's (batch_manifest_free).  DEED_CONFIG,
 * DEED_LIMIT, or as file_read. */
enum deed_status batch_manifest_read(const char *path,
				     struct batch_manifest **out,
				     struct deed_error *err) DEED_MUST_USE;
void batch_manifest_free(struct batch_manifest *m);

/* Of text, as batch_manifest_read does with what it read; name is borrowed. */
enum deed_status batch_manifest_parse(struct slice text, const char *name,
				      struct batch_manifest **out,
				      struct deed_error *err) DEED_MUST_USE;

/* The last of these is reached by -1 and by "last". */
bool batch_manifest_page(const char *text, long *page);

#endif
