/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/judge_pdf.h"

#include <stdlib.h>

#include "pdf/changes.h"
#include "pdf/lock.h"
#include "pdf/ranges.h"
#include "pdf/signature.h"

#define HEAD_SIZE 64

/* One document under judgement. */
struct job {
	const struct pdf_input *in;
	struct pdf_document *pdf;
	struct pdf_signatures signatures;
	const struct judge_params *params;
	struct verdict_document *doc;
	/* Digests by algorithm, one for each signature, made when the first
	 * is asked for. */
	struct pdf_range *digests[DIGEST_COUNT];
	uint8_t head[HEAD_SIZE];
	size_t head_len;
};

/* What a cms_content has as its argument. */
struct content {
	struct job *job;
	size_t index;
};

/* Those whose ByteRange holds; others are hashed by nobody. */
static bool is_hashed(const struct pdf_signature *sig)
{
	return sig->has_byte_range && sig->problem == NULL;
}

static enum deed_status make_digests(struct job *job, enum digest_alg alg,
				     struct deed_error *err)
{
	size_t i, used = 0, count = job->signatures.count;
	const struct pdf_signature *sig;
	struct pdf_range *all, *packed;
	enum deed_status status;
	bool whole;

	all = calloc(count, sizeof(*all));
	packed = calloc(count, sizeof(*packed));
	if (all == NULL || packed == NULL) {
		free(all);
		free(packed);
		return deed_error_memory(err);
	}
	for (i = 0; i < count; i++) {
		sig = &job->signatures.list[i];
		if (!is_hashed(sig))
			continue;
		packed[used].first_len = sig->byte_range[1];
		packed[used].second_at = sig->byte_range[2];
		packed[used].second_len = sig->byte_range[3];
		used++;
	}
	whole = alg == DIGEST_SHA256 && !job->doc->has_sha256;
	status = pdf_digest_ranges(job->in, alg, packed, used,
				   whole ? job->doc->sha256 : NULL, err);
	if (status == DEED_OK && whole)
		job->doc->has_sha256 = true;
	for (i = 0, used = 0; status == DEED_OK && i < count; i++) {
		if (is_hashed(&job->signatures.list[i]))
			all[i] = packed[used++];
	}
	free(packed);
	if (status == DEED_OK)
		job->digests[alg] = all;
	else
		free(all);
	return status;
}

static enum deed_status content_digest(void *arg, enum digest_alg alg,
				       uint8_t out[DIGEST_MAX],
				       struct deed_error *err)
{
	struct content *c = arg;
	enum deed_status status;

	if (c->job->digests[alg] == NULL) {
		status = make_digests(c->job, alg, err);
		if (status != DEED_OK)
			return status;
	}
	memcpy(out, c->job->digests[alg][c->index].digest, digest_size(alg));
	return DEED_OK;
}

/* ---- one signature ---- */

static enum deed_status add_unjudged(struct job *job,
				     const struct pdf_signature *sig,
				     struct deed_error *err)
{
	struct verdict_signature *v;
	enum deed_status status;

	status = verdict_add(job->doc, &v, err);
	if (status != DEED_OK)
		return status;
	if (sig->document_timestamp)
		v->kind = KIND_DOCUMENT_TIMESTAMP;
	if (sig->dict == NULL || sig->contents.len == 0)
		verdict_fail(v, SUB_FORMAT_FAILURE, "signature-dictionary",
			     "there is no signature value");
	else
		verdict_doubt(v, SUB_GENERIC, "sub-filter",
			      "signatures of the kind 'adbe.x509.rsa_sha1' "
			      "are not supported");
	return DEED_OK;
}

/* A name that deed does not know: it may have been changed, so a CMS is
 * judged as the usual one, and can fail, but not pass. */
static enum deed_status judge_unknown(struct job *job,
				      const struct pdf_signature *sig,
				      const struct cms_content *content,
				      struct deed_error *err)
{
	size_t i, first = job->doc->signature_count;
	enum deed_status status;

	status = judge_cms_bytes(sig->contents, content, JUDGE_DETACHED,
				 JUDGE_ONE_SIGNER, job->params, job->doc, err);
	for (i = first; i < job->doc->signature_count; i++)
		verdict_doubt(&job->doc->signatures[i], SUB_GENERIC,
			      "sub-filter",
			      "signatures of the kind '%.*s' are not supported",
			      (int)(sig->sub_filter_name.len > 64
					    ? 64
					    : sig->sub_filter_name.len),
			      (const char *)sig->sub_filter_name.data);
	return status;
}

static enum deed_status judge_value(struct job *job, size_t index,
				    struct deed_error *err)
{
	const struct pdf_signature *sig = &job->signatures.list[index];
	struct content c = { job, index };
	struct cms_content content = {
		.digest = content_digest,
		.arg = &c,
		.head = slice_of(job->head, job->head_len),
	};
	const struct cms_content *given = is_hashed(sig) ? &content : NULL;

	if (sig->dict == NULL || sig->contents.len == 0)
		return add_unjudged(job, sig, err);
	switch (sig->sub_filter) {
	case PDF_SUB_FILTER_RFC3161:
		return judge_tst(sig->contents, given, KIND_DOCUMENT_TIMESTAMP,
				 job->params, job->doc, err);
	case PDF_SUB_FILTER_PKCS7_DETACHED:
		return judge_cms_bytes(sig->contents, given, JUDGE_DETACHED,
				       JUDGE_ONE_SIGNER, job->params, job->doc,
				       err);
	case PDF_SUB_FILTER_CADES_DETACHED:
		return judge_cms_bytes(sig->contents, given, JUDGE_DETACHED,
				       JUDGE_ONE_SIGNER | JUDGE_CADES,
				       job->params, job->doc, err);
	case PDF_SUB_FILTER_PKCS7_SHA1:
		return judge_cms_bytes(sig->contents, given, JUDGE_PDF_SHA1,
				       JUDGE_ONE_SIGNER, job->params, job->doc,
				       err);
	case PDF_SUB_FILTER_UNKNOWN:
		return judge_unknown(job, sig, given, err);
	default:
		return add_unjudged(job, sig, err);
	}
}

/* A certification says how much may change after it (12.8.2.2). */
static bool forbidden(const struct pdf_signature *sig, enum pdf_change change)
{
	if (sig->docmdp == 1)
		return change > PDF_CHANGE_ARCHIVAL;
	if (sig->docmdp == 2)
		return change > PDF_CHANGE_FORM_FILL;
	return false;
}

static void set_changes(struct job *job, struct verdict_signature *v,
			const struct pdf_signature *sig,
			const struct pdf_changes *changes)
{
	static const enum verdict_changes names[] = {
		[PDF_CHANGE_NONE] = CHANGES_NONE,
		[PDF_CHANGE_ARCHIVAL] = CHANGES_ARCHIVAL,
		[PDF_CHANGE_FORM_FILL] = CHANGES_FORM_FILL,
		[PDF_CHANGE_ANNOTATION] = CHANGES_ANNOTATION,
		[PDF_CHANGE_OTHER] = CHANGES_OTHER,
	};

	const char *field;

	v->changes_after = names[changes->level];
	if (changes->level == PDF_CHANGE_OTHER)
		verdict_fail(v, SUB_FORMAT_FAILURE, "changes-after",
			     "the document was changed after this signature: "
			     "%s",
			     changes->reason);
	else if (forbidden(sig, changes->level))
		verdict_fail(v, SUB_FORMAT_FAILURE, "docmdp",
			     "the document was changed (%s) although this "
			     "certification forbids it",
			     pdf_change_name(changes->level));
	else if (pdf_lock_broken(job->pdf, sig, changes, &field))
		verdict_fail(v, SUB_FORMAT_FAILURE, "fieldmdp",
			     "the field '%s' was filled in although this "
			     "signature locks it",
			     field);
}

static void set_place(struct job *job, struct verdict_signature *v,
		      const struct pdf_signature *sig)
{
	uint32_t num;

	verdict_text(&v->field, sig->field);
	v->revision = (unsigned)sig->revision + 1;
	v->has_byte_range = sig->has_byte_range;
	memcpy(v->byte_range, sig->byte_range, sizeof(v->byte_range));
	v->coverage = sig->coverage == PDF_COVERS_FILE ? COVERAGE_WHOLE_FILE
		      : sig->coverage == PDF_COVERS_REVISION
			      ? COVERAGE_WHOLE_REVISION
			      : COVERAGE_PARTIAL;
	if (sig->problem != NULL)
		verdict_fail(v, SUB_FORMAT_FAILURE, "byte-range", "%s",
			     sig->problem);
	if (pdf_hybrid_conflict(job->pdf, &num))
		verdict_fail(v, SUB_FORMAT_FAILURE, "hybrid-reference",
			     "readers see object %u differently, depending on "
			     "whether they know /XRefStm",
			     (unsigned)num);
	if (!v->has_signing_time && sig->has_signing_time &&
	    v->kind != KIND_DOCUMENT_TIMESTAMP) {
		v->has_signing_time = true;
		v->signing_time = sig->signing_time;
		if (v->time_source == TIME_UNSET) {
			v->time_source = TIME_CLAIMED;
			v->best_time = sig->signing_time;
		}
	}
}

static enum deed_status judge_signature(struct job *job, size_t index,
					struct deed_error *err)
{
	const struct pdf_signature *sig = &job->signatures.list[index];
	size_t i, first = job->doc->signature_count;
	struct verdict_signature *v;
	struct pdf_changes changes = { .level = PDF_CHANGE_NONE };
	enum deed_status status;

	status = judge_value(job, index, err);
	/* Nothing comes after the last byte. */
	if (status == DEED_OK && sig->coverage != PDF_COVERS_FILE)
		status = pdf_changes_after(job->pdf, sig->revision, &changes,
					   err);
	if (status != DEED_OK)
		return status;
	for (i = first; i < job->doc->signature_count; i++) {
		v = &job->doc->signatures[i];
		set_place(job, v, sig);
		set_changes(job, v, sig, &changes);
	}
	return DEED_OK;
}

/* ---- the document ---- */

static enum deed_status judge_all(struct job *job, struct deed_error *err)
{
	enum deed_status status;
	uint64_t size;
	size_t i;

	size = pdf_input_size(job->in);
	job->head_len = size < HEAD_SIZE ? (size_t)size : HEAD_SIZE;
	status = pdf_input_read(job->in, 0, job->head, job->head_len, err);
	for (i = 0; status == DEED_OK && i < job->signatures.count; i++)
		status = judge_signature(job, i, err);
	return status;
}

enum deed_status judge_pdf_input(const struct pdf_input *in,
				 const struct judge_params *params,
				 struct verdict_document *doc,
				 struct deed_error *err)
{
	struct job job = { .in = in, .params = params, .doc = doc };
	enum deed_status status;
	int alg;

	doc->format = FORMAT_PDF;
	status = pdf_open(in, &job.pdf, err);
	if (status != DEED_OK)
		return status;
	doc->revisions = (unsigned)pdf_revision_count(job.pdf);
	status = pdf_signatures_find(job.pdf, &job.signatures, err);
	if (status == DEED_OK) {
		status = judge_all(&job, err);
		pdf_signatures_clear(&job.signatures);
	}
	for (alg = 0; alg < DIGEST_COUNT; alg++)
		free(job.digests[alg]);
	pdf_close(job.pdf);
	return status;
}

enum deed_status judge_pdf(int fd, const char *name,
			   const struct judge_params *params,
			   struct verdict_document *doc, struct deed_error *err)
{
	struct pdf_input *in;
	enum deed_status status;

	status = pdf_input_from_fd(fd, name, &in, err);
	if (status != DEED_OK)
		return status;
	pdf_input_set_password(in, params->document_password);
	status = judge_pdf_input(in, params, doc, err);
	pdf_input_close(in);
	return status;
}
