/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_group.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "archive/index.h"
#include "archive/names.h"
#include "codec/tar_wire.h"
#include "office/deposit/deposit_record.h"

/* A pack while it is made: the record, then the documents. */
struct packing {
	struct deposit_group *g;
	const struct deposit_document *document;
	size_t count;
	struct buf record;
	struct archive_input *input;
	struct archive_found *found;
};

/* What has no header of pax for its time: before 1970 or far from now. */
static int64_t plain_time(int64_t t)
{
	return t < 0 || t > UINT32_MAX ? 0 : t;
}

/* What there is at a path; it is opened when it is read. */
static enum deed_status find(const struct deposit_document *d,
			     struct archive_input *in, struct archive_found *f,
			     struct deed_error *err)
{
	struct stat st;

	if (!tar_name_valid(slice_str(d->name)))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' cannot be a name in a pack",
				      d->name);
	if (stat(d->path, &st) != 0)
		return deed_error_errno(err, errno, "cannot open '%s'",
					d->path);
	if (!S_ISREG(st.st_mode))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is no regular file", d->path);
	*f = (struct archive_found){ .path = d->path,
				     .device = st.st_dev,
				     .inode = st.st_ino,
				     .size = (uint64_t)st.st_size,
				     .mtime = st.st_mtim };
	*in = (struct archive_input){ .name = d->name,
				      .mtime = plain_time(st.st_mtime),
				      .fd = -1,
				      .size = f->size,
				      .found = f };
	return DEED_OK;
}

/* Where two names clash one of them may be that of a file of every deposit. */
static enum deed_status say_clash(const struct packing *p,
				  const char *const *name, size_t a, size_t b,
				  struct deed_error *err)
{
	if (b >= p->count)
		return deed_error_set(err, DEED_USAGE,
				      "'%s' cannot be called '%s' in a pack",
				      p->document[a].path, name[a]);
	return deed_error_set(err, DEED_USAGE,
			      "'%s' and '%s' would be called '%s' and '%s' in "
			      "the pack",
			      p->document[a].path, p->document[b].path, name[a],
			      name[b]);
}

/* Two names that differ in case or form alone would be one file on another
 * system. */
static enum deed_status check_names(const struct packing *p,
				    struct deed_error *err)
{
	const char **name = calloc(p->count + 2, sizeof(*name));
	enum deed_status status;
	size_t i, a = 0, b = 0;

	if (name == NULL)
		return deed_error_memory(err);
	for (i = 0; i < p->count; i++)
		name[i] = p->document[i].name;
	name[p->count] = DEPOSIT_RECORD;
	name[p->count + 1] = INDEX_NAME;
	status = names_find_clash(name, p->count + 2, &a, &b, err);
	if (status == DEED_OK)
		status = say_clash(p, name, a, b, err);
	else if (status == DEED_NOT_FOUND)
		status = DEED_OK;
	free(name);
	return status;
}

/* The record of a pack has the number of documents and not their names: those
 * are in the index, once. */
static enum deed_status add_record(struct packing *p, struct deed_error *err)
{
	const struct deposit_order *o = p->g->order;
	enum deed_status status;

	status = deposit_record_write(
		o, json_pack("{s:I}", "documents", (json_int_t)p->count),
		&p->record, err);
	p->input[0] = (struct archive_input){ .name = DEPOSIT_RECORD,
					      .mtime = o->now,
					      .fd = -1,
					      .size = p->record.len,
					      .bytes = buf_get(&p->record) };
	return status;
}

/* Everything is hashed and named before the first byte goes to a place. */
static enum deed_status plan(struct packing *p, struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	if (p->count == 0 || p->count > MANIFEST_DOCUMENTS)
		return deed_error_set(err, DEED_LIMIT,
				      "%zu documents: a pack has 1 to %d",
				      p->count, MANIFEST_DOCUMENTS);
	if (p->g->order->evidence_count > 0)
		return deed_error_set(err, DEED_USAGE,
				      "what lies beside a document of a pack "
				      "is one of its documents");
	p->input = calloc(p->count + 1, sizeof(*p->input));
	p->found = calloc(p->count, sizeof(*p->found));
	if (p->input == NULL || p->found == NULL)
		return deed_error_memory(err);
	status = check_names(p, err);
	for (i = 0; i < p->count && status == DEED_OK; i++)
		status = find(&p->document[i], &p->input[i + 1], &p->found[i],
			      err);
	return status == DEED_OK ? add_record(p, err) : status;
}

/* A made deposit without a file: commit_documents takes the root over all
 * documents instead of one name. */
static enum deed_status put_pack(const struct packing *p,
				 struct deposit_made **out,
				 struct deed_error *err)
{
	struct deposit_group *g = p->g;
	const struct archive_order order = {
		.input = p->input,
		.input_count = p->count + 1,
		.to = g->to,
		.to_count = g->order->party_count,
		.jobs = g->order->jobs,
		.pack = true,
	};
	struct deposit_made *made = calloc(1, sizeof(*made));
	enum deed_status status;

	if (made == NULL)
		return deed_error_memory(err);
	status = archive_put(g->begun, &order, &made->draft, err);
	if (status == DEED_OK) {
		deposit_group_complete(g, made);
		*out = made;
	} else {
		deposit_made_free(g, made);
	}
	return status;
}

enum deed_status deposit_group_pack(struct deposit_group *g,
				    const struct deposit_document *document,
				    size_t count, struct deposit_made **out,
				    struct deed_error *err)
{
	struct packing p = { .g = g, .document = document, .count = count };
	enum deed_status status = plan(&p, err);

	*out = NULL;
	if (status == DEED_OK && !g->order->dry_run)
		status = put_pack(&p, out, err);
	buf_clear(&p.record);
	free(p.input);
	free(p.found);
	return status;
}
