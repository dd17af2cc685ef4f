/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/list_source.h"

#include <stdlib.h>

#include "base/file.h"
#include "codec/xml.h"
#include "trust/held_list.h"
#include "trust/ts119612.h"
#include "trust/yaml_list.h"

/* A list that the office writes itself has no signature yet: the office signs
 * what is made of it. */
static enum deed_status read_yaml(const struct list_source *src,
				  struct trust_list **out,
				  struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status;

	if (src->file_count != 1 || src->pivot_count > 0 ||
	    src->signers->count > 0)
		return deed_error_set(err, DEED_USAGE,
				      "a list in YAML is one file, without "
				      "signers and pivots: who signs it is the "
				      "office");
	status = file_read(src->files[0], YAML_LIST_MAX, &text, err);
	if (status == DEED_OK)
		status =
			yaml_list_read(buf_get(&text), src->files[0], out, err);
	buf_clear(&text);
	if (status == DEED_OK && src->at != TRUST_NO_TIME)
		status = held_list_current(*out, src->at, err);
	if (status != DEED_OK) {
		trust_list_free(*out);
		*out = NULL;
	}
	return status;
}

/* Files of one kind, and what they hold. */
struct loaded {
	struct ts119612_file *files;
	struct buf *bytes;
	size_t count;
};

/* The count is set before anything is read, so that unload frees what a
 * failure left. */
static enum deed_status load(const char *const *names, size_t count,
			     struct loaded *l, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	l->files = calloc(count + 1, sizeof(*l->files));
	l->bytes = calloc(count + 1, sizeof(*l->bytes));
	if (l->files == NULL || l->bytes == NULL)
		return deed_error_memory(err);
	l->count = count;
	for (i = 0; status == DEED_OK && i < count; i++) {
		status = file_read(names[i], XML_MAX_SIZE, &l->bytes[i], err);
		l->files[i] = (struct ts119612_file){ buf_get(&l->bytes[i]),
						      names[i] };
	}
	return status;
}

/* Also of what was never loaded: then there is nothing. */
static void unload(struct loaded *l)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		buf_clear(&l->bytes[i]);
	free(l->files);
	free(l->bytes);
}

/* Without a signer that is named the list would vouch for itself. */
static enum deed_status read_ts119612(const struct list_source *src,
				      struct trust_list **out,
				      struct deed_error *err)
{
	struct loaded files = { 0 }, pivots = { 0 };
	enum deed_status status;

	if (src->signers->count == 0) {
		deed_error_set(err, DEED_USAGE,
			       "a European list is signed: whose signature "
			       "counts is to be named");
		deed_error_remedy(err, "signer", NULL);
		return DEED_USAGE;
	}
	if (src->pivot_count > TS119612_PIVOTS)
		return deed_error_set(err, DEED_LIMIT,
				      "there are more than %d pivots",
				      TS119612_PIVOTS);
	status = load(src->files, src->file_count, &files, err);
	if (status == DEED_OK)
		status = load(src->pivots, src->pivot_count, &pivots, err);
	if (status == DEED_OK)
		status = ts119612_import(files.files, files.count, pivots.files,
					 pivots.count, src->signers, src->at,
					 out, err);
	unload(&files);
	unload(&pivots);
	return status;
}

enum deed_status list_source_read(const struct list_source *src,
				  struct trust_list **out,
				  struct deed_error *err)
{
	*out = NULL;
	switch (src->kind) {
	case TRUST_LIST_TS119612:
		return read_ts119612(src, out, err);
	default:
		return read_yaml(src, out, err);
	}
}
