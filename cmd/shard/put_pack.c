/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/put_pack.h"

#include <inttypes.h>
#include <stdlib.h>

#include "archive/manifest.h"
#include "base/array.h"
#include "cmd/frame/batch_output.h"
#include "cmd/frame/folders.h"
#include "cmd/frame/output.h"
#include "cmd/shard/put_lacking.h"
#include "codec/tar_wire.h"

/* The bound is that of a manifest, so that it is met before anything is read.
 */
static enum deed_status add(struct pack *p, const char *path, const char *name,
			    struct deed_error *err)
{
	if (p->count == MANIFEST_DOCUMENTS)
		return deed_error_set(err, DEED_LIMIT,
				      "a pack takes at most %d documents",
				      MANIFEST_DOCUMENTS);
	if (!array_room(&p->document, &p->room, p->count + 1))
		return deed_error_memory(err);
	p->document[p->count++] =
		(struct deposit_document){ .path = path, .name = name };
	return DEED_OK;
}

static const char *after_slashes(const char *path)
{
	while (*path == '/')
		path++;
	return path;
}

/* What a file that was given is called. */
static const char *name_of(const char *path)
{
	const char *name = path;

	while (name[0] == '.' && name[1] == '/')
		name = after_slashes(name + 2);
	return tar_name_valid(slice_str(name)) ? name : path_base(path);
}

/* What a file in a folder that was given is called; a folder that could not
 * be read stands for itself. */
static const char *name_within(const char *folder, const char *path)
{
	size_t len = strlen(folder);
	const char *name;

	while (len > 0 && folder[len - 1] == '/')
		len--;
	name = after_slashes(path + len);
	return *name == '\0' ? path_base(path) : name;
}

/* It is in a file without a name by then, which lives as long as the pack; a
 * second "-" would find nothing left to read. */
static enum deed_status add_spooled(struct pack *p, struct deed_error *err)
{
	enum deed_status status;

	if (p->spool.path != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "standard input can be read once");
	p->spool.input = "-";
	status = batch_open_input(&p->spool, err);
	return status == DEED_OK ? add(p, p->spool.path, "document", err)
				 : status;
}

/* Each operand keeps its own list, since the names of documents point into it.
 */
static enum deed_status add_operand(struct pack *p, const char *operand,
				    struct deed_error *err)
{
	struct operands *one = &p->list[p->lists];
	enum deed_status status = DEED_OK;
	size_t i;

	if (!strcmp(operand, "-"))
		return add_spooled(p, err);
	one->item = calloc(1, sizeof(*one->item));
	if (one->item == NULL)
		return deed_error_memory(err);
	p->lists++;
	one->item[0] = operand;
	one->count = 1;
	status = operands_open_folders(one, err);
	if (status == DEED_OK && one->text.data == NULL)
		return one->count == 0 ? DEED_OK
				       : add(p, operand, name_of(operand), err);
	for (i = 0; i < one->count && status == DEED_OK; i++)
		status = add(p, one->item[i],
			     name_within(operand, one->item[i]), err);
	return status;
}

enum deed_status pack_list(struct pack *p, const struct operands *operands,
			   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	p->list = calloc(operands->count + 1, sizeof(*p->list));
	if (p->list == NULL)
		return deed_error_memory(err);
	for (i = 0; i < operands->count && status == DEED_OK; i++)
		status = add_operand(p, operands->item[i], err);
	return status;
}

void pack_clear(struct pack *p)
{
	size_t i;

	for (i = 0; i < p->lists; i++)
		operands_free(&p->list[i]);
	free(p->list);
	free(p->document);
	batch_free_output(&p->spool);
}

/* By number as "shard get ID/N" has them, with the name that they have in the
 * pack. */
static json_t *documents_json(const struct pack *p)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < p->count; i++)
		json_array_append_new(
			list,
			json_pack("{s:I, s:o, s:o}", "number",
				  (json_int_t)(i + 1), "file",
				  output_text(p->document[i].path), "name",
				  output_text(p->document[i].name)));
	return list;
}

/* One deposit in the same array as those of a batch, so that a reader needs to
 * know only one form. */
static void tell(struct session *s, const struct pack *p,
		 const struct deposit_made *made)
{
	json_t *one = json_pack("{s:s, s:I, s:I, s:s, s:o}", "id", made->id,
				"event", (json_int_t)made->log_index, "size",
				(json_int_t)made->size, "status", "done",
				"documents", documents_json(p));

	struct buf lacking = BUF_INIT;

	put_lacking(made, &lacking, one);
	buf_byte(&lacking, 0);
	output_line(s, "%s", made->id);
	output_set(s, "deposits", json_pack("[o]", one));
	session_say(s, "%zu documents are one deposit: event %" PRIu64 "%s",
		    p->count, made->log_index,
		    lacking.failed ? "" : (const char *)lacking.data);
	if (made->lacking_count > 0)
		session_remedy(s, "shard-repair");
	buf_clear(&lacking);
}

enum deed_status pack_put(struct session *s, const struct pack *p,
			  struct deposit_group *group, struct deed_error *err)
{
	struct deposit_made *made = NULL;
	enum deed_status status;

	if (p->count == 0) {
		output_set(s, "deposits", json_array());
		session_say(s, "0 files");
		return DEED_OK;
	}
	status = deposit_group_pack(group, p->document, p->count, &made, err);
	if (status != DEED_OK)
		return status;
	if (made == NULL) {
		output_set(s, "deposits", json_array());
		session_say(s, "%zu documents would be one deposit", p->count);
		return DEED_OK;
	}
	deposit_group_commit(group, &made, 1);
	status = made->status;
	if (status == DEED_OK)
		tell(s, p, made);
	else if (err != NULL)
		*err = made->error;
	deposit_made_free(group, made);
	return status;
}
