/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_group.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/index.h"
#include "codec/json.h"
#include "judge/judge.h"
#include "office/deposit/deposit_record.h"

/* One deposit while it is made. */
struct making {
	struct deposit_group *g;
	const struct deposit_order *order;
	const struct deposit_document *document;
	struct buf record; /* deposit.json */
	struct archive_input input[DEPOSIT_EVIDENCE + 2];
	struct stat found[DEPOSIT_EVIDENCE + 2]; /* what each was at first */
	size_t inputs;
	bool listed; /* signatures, found in a document of this hash: */
	uint8_t judged[SHA256_SIZE];
};

/* Open a file to be deposited and describe it. */
static enum deed_status add_file(struct making *m, const char *path,
				 const char *name, struct deed_error *err)
{
	struct archive_input *in = &m->input[m->inputs];
	struct stat *st = &m->found[m->inputs];
	enum deed_status status =
		file_open_regular_stat(path, &in->fd, st, err);

	if (status != DEED_OK)
		return status;
	m->inputs++;
	in->name = name;
	in->size = (uint64_t)st->st_size;
	in->mtime = st->st_mtime;
	return DEED_OK;
}

/* The index of the deposit is a file too. */
static enum deed_status check_name(const struct making *m, size_t i,
				   struct deed_error *err)
{
	const char *name = m->input[i].name;
	bool taken = !strcmp(name, INDEX_NAME);
	size_t j;

	for (j = 0; j < i; j++)
		taken = taken || !strcmp(name, m->input[j].name);
	if (!taken)
		return DEED_OK;
	return deed_error_set(err, DEED_USAGE,
			      "two files of a deposit would be called '%s'",
			      name);
}

/* The record has the first place, with its bytes filled in later: it names the
 * signatures, which are found in the document that is opened here. */
static enum deed_status add_files(struct making *m, struct deed_error *err)
{
	const struct deposit_order *o = m->order;
	enum deed_status status;
	size_t i;

	m->input[0] = (struct archive_input){ .name = DEPOSIT_RECORD,
					      .mtime = o->now,
					      .fd = -1 };
	m->inputs = 1;
	status = add_file(m, m->document->path, m->document->name, err);
	for (i = 0; i < o->evidence_count && status == DEED_OK; i++)
		status = add_file(m, o->evidence[i], path_base(o->evidence[i]),
				  err);
	for (i = 0; i < m->inputs && status == DEED_OK; i++)
		status = check_name(m, i, err);
	return status;
}

/* Who has signed it and when, by its intact signatures: what they are worth
 * is a matter of "deed verify".  Of which bytes that was found is noted. */
static enum deed_status list_signatures(struct making *m, json_t *list,
					struct deed_error *err)
{
	const struct judge_params params = { .at = m->order->now,
					     .documents_only = true,
					     .parser = m->g->parser };
	struct verdict_document *doc = NULL;
	int failed = 0;
	size_t i;

	/* Without a verdict it is no document that can be signed. */
	(void)!judge_intact_fd(m->input[DEPOSIT_DOCUMENT].fd, m->document->path,
			       &params, &doc, NULL);
	for (i = 0; doc != NULL && i < doc->signature_count; i++) {
		const struct verdict_signature *one = &doc->signatures[i];
		json_t *item;

		if (one->integrity != INTEGRITY_INTACT || !one->has_signer)
			continue;
		item = json_pack("{s:o, s:s*}", "certificate",
				 json_sha256(one->certificate), "name",
				 one->name);
		failed |= deposit_record_time(
			item, "time", one->has_signing_time, one->signing_time);
		failed |= json_array_append_new(list, item);
	}
	m->listed = json_array_size(list) > 0;
	if (m->listed)
		memcpy(m->judged, doc->sha256, SHA256_SIZE);
	verdict_document_free(doc);
	return failed ? deed_error_memory(err) : DEED_OK;
}

/* The input borrows the bytes of m->record, which lives as long as m.  Without
 * a signature in the document there is no member "signatures" (json_pack
 * leaves out what is NULL at O*). */
static enum deed_status write_record(struct making *m, struct deed_error *err)
{
	json_t *list = json_array();
	enum deed_status status = list_signatures(m, list, err);

	if (status == DEED_OK)
		status = deposit_record_write(
			m->order,
			json_pack("{s:s, s:O*}", "document", m->document->name,
				  "signatures", m->listed ? list : NULL),
			&m->record, err);
	json_decref(list);
	m->input[0].bytes = buf_get(&m->record);
	m->input[0].size = m->record.len;
	return status;
}

/* Was a file written into?  It may have become longer, or have been read half
 * as it was and half as it is. */
static bool is_written(int fd, const struct stat *found)
{
	struct stat now;

	return fstat(fd, &now) != 0 || now.st_size != found->st_size ||
	       now.st_mtim.tv_sec != found->st_mtim.tv_sec ||
	       now.st_mtim.tv_nsec != found->st_mtim.tv_nsec;
}

/* What is stored is what lay there; and whose signatures are listed, which
 * was read twice. */
static enum deed_status compare_read(const struct making *m,
				     const struct draft *d,
				     struct deed_error *err)
{
	bool same = !m->listed ||
		    !memcmp(m->judged, draft_sha256(d, DEPOSIT_DOCUMENT),
			    SHA256_SIZE);
	size_t i, changed = same ? 0 : DEPOSIT_DOCUMENT;

	for (i = 1; i < m->inputs && changed == 0; i++)
		if (is_written(m->input[i].fd, &m->found[i]))
			changed = i;
	if (changed == 0)
		return DEED_OK;
	return deed_error_set(err, DEED_IO, "'%s' changed while it was read",
			      m->input[changed].name);
}

/* The files are compared after all was brought and before it can be committed:
 * a draft of a file that changed is discarded with it. */
static enum deed_status put_deposit(struct making *m, struct deposit_made *made,
				    struct deed_error *err)
{
	const struct archive_order order = {
		.input = m->input,
		.input_count = m->inputs,
		.to = m->g->to,
		.to_count = m->order->party_count,
		.jobs = m->order->jobs,
	};
	enum deed_status status =
		archive_put(m->g->begun, &order, &made->draft, err);

	if (status == DEED_OK)
		status = compare_read(m, made->draft, err);
	if (status == DEED_OK)
		deposit_group_complete(m->g, made);
	return status;
}

/* Input 0 is the record, which is in memory and has no descriptor. */
static void clear(struct making *m)
{
	size_t i;

	for (i = 1; i < m->inputs; i++)
		(void)close(m->input[i].fd);
	buf_clear(&m->record);
}

/* In a dry run the files are opened and read for signatures, and no draft is
 * begun. */
enum deed_status deposit_group_make(struct deposit_group *g,
				    const struct deposit_document *document,
				    struct deposit_made **out,
				    struct deed_error *err)
{
	struct making m = { .g = g, .order = g->order, .document = document };
	struct deposit_made *made = NULL;
	enum deed_status status;

	*out = NULL;
	status = add_files(&m, err);
	if (status == DEED_OK)
		status = write_record(&m, err);
	if (status == DEED_OK && !g->order->dry_run) {
		made = calloc(1, sizeof(*made));
		if (made != NULL)
			made->file = strdup(document->name);
		status = made == NULL || made->file == NULL
				 ? deed_error_memory(err)
				 : put_deposit(&m, made, err);
	}
	clear(&m);
	if (status == DEED_OK)
		*out = made;
	else
		deposit_made_free(g, made);
	return status;
}

void deposit_made_free(struct deposit_group *g, struct deposit_made *made)
{
	if (made == NULL)
		return;
	archive_settle(g->archive, made->draft, DRAFT_DISCARDED);
	free(made->file);
	free(made);
}
