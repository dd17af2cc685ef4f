/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/extract.h"

#include "base/file.h"
#include "cmd/frame/output.h"
#include "cmd/frame/session.h"

enum deed_status extract_check(const struct session *s, const char *path,
			       struct deed_error *err)
{
	if (s->operand_count != 1 || s->files_from != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "--extract is for one document");
	if (strcmp(path, "-") == 0)
		return deed_error_set(err, DEED_USAGE,
				      "--extract writes to a file: standard "
				      "output has the verdict");
	if (file_same(path, s->operand[0]))
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is the input and the output", path);
	if (!s->force && file_exists(path)) {
		deed_error_set(err, DEED_EXISTS, "'%s' exists", path);
		deed_error_hint(err, "--force overwrites it");
		return DEED_EXISTS;
	}
	return DEED_OK;
}

/* Why nothing is written; NULL: it is. */
static const char *why_not(const struct verdict_document *doc,
			   const struct judge_content *content)
{
	const struct verdict_signature *sig;
	size_t i;

	if (doc->format != FORMAT_CADES)
		return "the document is no CMS";
	if (doc->signature_count == 0)
		return "nobody signed it";
	for (i = 0; i < doc->signature_count; i++) {
		sig = &doc->signatures[i];
		if (sig->kind == KIND_COUNTER_SIGNATURE)
			continue;
		if (sig->integrity == INTEGRITY_BROKEN)
			return "a signature is broken: it is not what was "
			       "signed";
	}
	if (!content->found)
		return "the document does not hold what was signed";
	for (i = 0; i < doc->signature_count; i++) {
		sig = &doc->signatures[i];
		if (sig->kind != KIND_COUNTER_SIGNATURE &&
		    sig->integrity != INTEGRITY_INTACT)
			return "whether it is what was signed is not known";
	}
	return NULL;
}

enum deed_status extract_write(const char *path, struct batch_item *item,
			       const struct verdict_document *doc,
			       const struct judge_content *content,
			       struct deed_error *err)
{
	const char *why = why_not(doc, content);
	enum deed_status status;

	(void)json_object_set_new(item->json, "extracted", json_null());
	if (why != NULL) {
		buf_printf(&item->text, "  not extracted: %s\n", why);
		if (item->answer == DEED_OK)
			item->answer = DEED_NOT_FOUND;
		return DEED_OK;
	}
	/* It is what was signed and is no secret of this house, so that others
	 * may read it as any document. */
	status = file_write(
		path, 0644, buf_get(&content->bytes),
		item->session->force ? OUTFILE_REPLACE : OUTFILE_NEW, err);
	if (status != DEED_OK)
		return status;
	(void)json_object_set_new(item->json, "extracted", output_text(path));
	buf_printf(&item->said, "what was signed is in '%s'", path);
	return DEED_OK;
}
