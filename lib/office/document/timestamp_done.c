/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/timestamp.h"

#include <stdlib.h>

#include "judge/judge.h"
#include "office/document/sign_group.h"
#include "sign/asic.h"

/* Integrity is all that matters: whom to believe is a judge's question. */
static enum deed_status judge(const struct timestamp_item *item,
			      const char *path, const char *content,
			      struct verdict_document **out,
			      struct deed_error *err)
{
	const struct judge_params params = { .at = item->now,
					     .content = content,
					     .document_password =
						     item->document_password,
					     .parser = item->parser };

	return judge_intact(path, &params, out, err);
}

/* The last one of count is a whole and intact time-stamp. */
static bool ends_timestamped(const struct verdict_document *doc, size_t count)
{
	const struct verdict_signature *s;

	if (doc->signature_count != count || count == 0)
		return false;
	s = &doc->signatures[count - 1];
	return (s->kind == KIND_DOCUMENT_TIMESTAMP ||
		s->kind == KIND_CONTAINER_TIMESTAMP) &&
	       s->integrity == INTEGRITY_INTACT &&
	       s->indication != TOTAL_FAILED;
}

/* The output is the input and one revision more, which has one time-stamp and
 * nothing else.  What was signed before stays where it was, so that the last
 * of the list is the new one. */
static enum deed_status already_pdf(const struct timestamp_item *item,
				    bool *already, struct deed_error *err)
{
	struct verdict_document *before = NULL, *after = NULL;
	enum deed_status status;

	status = sign_begins_with(item->output, item->input, already, err);
	if (status != DEED_OK || !*already)
		return status;
	status = judge(item, item->input, NULL, &before, err);
	if (status == DEED_OK)
		status = judge(item, item->output, NULL, &after, err);
	if (status == DEED_OK)
		*already = after->revisions == before->revisions + 1 &&
			   ends_timestamped(after, before->signature_count + 1);
	verdict_document_free(before);
	verdict_document_free(after);
	return status;
}

/* The container has to hold this very file, and one time-stamp alone; a token
 * is judged over the input itself. */
static enum deed_status already_other(const struct timestamp_item *item,
				      bool *already, struct deed_error *err)
{
	struct sign_source in = { .fd = -1 }, out = { .fd = -1 };
	struct verdict_document *doc = NULL;
	struct asic_source held;
	struct asic_file file;
	enum deed_status status;

	if (item->format == TIMESTAMP_DETACHED) {
		status = judge(item, item->output, item->input, &doc, err);
	} else {
		status = sign_source_open(item->input, item->name, &in, err);
		if (status == DEED_OK)
			status =
				sign_source_open(item->output, NULL, &out, err);
		file = (struct asic_file){ in.fd, in.name,
					   path_base(item->name), NULL };
		held = (struct asic_source){ out.fd, out.name, item->parser };
		if (status == DEED_OK)
			status = asic_holds(&held, &file, 1, already, err);
		if (status == DEED_OK && *already)
			status = judge(item, item->output, NULL, &doc, err);
	}
	*already = status == DEED_OK && doc != NULL && ends_timestamped(doc, 1);
	verdict_document_free(doc);
	sign_source_close(&in);
	sign_source_close(&out);
	return status;
}

enum deed_status timestamp_already(const struct timestamp_item *item,
				   bool *already, struct deed_error *err)
{
	const char *why = NULL;

	*already = false;
	if (item->format != TIMESTAMP_PDF)
		return already_other(item, already, err);
	why = sign_not_pdf(item->input);
	if (why != NULL)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is no PDF: %s", item->name, why);
	return already_pdf(item, already, err);
}

enum deed_status timestamp_ends(const struct timestamp_item *item, bool *ends,
				struct deed_error *err)
{
	struct verdict_document *doc = NULL;
	char *content = NULL;
	enum deed_status status;

	*ends = false;
	if (item->format == TIMESTAMP_DETACHED) {
		content = path_stem(item->input);
		if (content == NULL)
			return deed_error_memory(err);
	}
	status = judge(item, item->input, content, &doc, NULL);
	free(content);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	*ends = status == DEED_OK && doc->error == NULL &&
		ends_timestamped(doc, doc->signature_count);
	verdict_document_free(doc);
	return DEED_OK;
}
