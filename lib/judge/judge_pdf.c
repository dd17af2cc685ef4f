/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge_pdf.h"

#include <stdlib.h>

#include "codec/der.h"
#include "judge/judge_look.h"
#include "judge/judge_private.h"
#include "judge/parser.h"
#include "pdf/ranges.h"
#include "pdf/survey.h"

#define HEAD_SIZE 64
#define TIMESTAMPS_MAX 64

/* One document under judgement. */
struct job {
	const struct pdf_input *in;
	const struct pdf_survey *survey;
	const struct judge_params *params; /* with this evidence */
	struct judge_evidence *evidence;
	struct verdict_document *doc;
	bool stamped;
	bool proven; /* what is judged next existed at this time */
	int64_t proven_at;
	unsigned timestamps; /* that proved something */
	struct judge_look look;
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

/* All signatures are hashed in one pass over the file, since each covers most
 * of it and a document may have many.  An unsound range is left out and keeps
 * zeros, for which no digest is asked (judge_value).  The digest of the whole
 * file comes from the same pass where it is still wanted. */
static enum deed_status make_digests(struct job *job, enum digest_alg alg,
				     struct deed_error *err)
{
	size_t i, used = 0, count = job->survey->signature_count;
	const struct pdf_survey_signature *sig;
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
		sig = &job->survey->signatures[i];
		if (!sig->sound)
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
		if (job->survey->signatures[i].sound)
			all[i] = packed[used++];
	}
	free(packed);
	if (status == DEED_OK)
		job->digests[alg] = all;
	else
		free(all);
	return status;
}

/* The digests of all signatures are there after the first one asks. */
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

/* A field that was prepared and never signed, or whose value was taken out,
 * fails: whoever reads the document sees a signature there. */
static enum deed_status add_valueless(struct job *job,
				      const struct pdf_survey_signature *sig,
				      struct deed_error *err)
{
	struct verdict_signature *v;
	enum deed_status status;

	status = verdict_add(job->doc, &v, err);
	if (status != DEED_OK)
		return status;
	if (sig->document_timestamp)
		v->kind = KIND_DOCUMENT_TIMESTAMP;
	verdict_fail(v, SUB_FORMAT_FAILURE, "signature-dictionary",
		     "there is no signature value");
	return DEED_OK;
}

/* A name that deed does not know: it may have been changed, so a CMS is
 * judged as the usual one, and can fail, but not pass. */
static enum deed_status judge_unknown(struct job *job,
				      const struct pdf_survey_signature *sig,
				      const struct cms_content *content,
				      struct deed_error *err)
{
	size_t i, first = job->doc->signature_count;
	enum deed_status status;

	status = judge_cms_bytes(sig->contents, content, JUDGE_DETACHED,
				 JUDGE_ONE_SIGNER, job->params, job->doc, err);
	for (i = first; i < job->doc->signature_count; i++)
		verdict_doubt(
			&job->doc->signatures[i], SUB_GENERIC, "sub-filter",
			"signatures of the kind '%.64s' are not supported",
			sig->sub_filter_name);
	return status;
}

/* It has no attributes and no place for a time-stamp, so that the only proof
 * of its time is a document time-stamp around it. */
static enum deed_status judge_bare(struct job *job,
				   const struct pdf_survey_signature *sig,
				   const struct cms_content *content,
				   struct deed_error *err)
{
	struct judge_pkcs1 in = { .value = sig->contents,
				  .certificates = sig->certificates,
				  .content = content,
				  .proven = job->proven,
				  .proven_at = job->proven_at };

	return judge_pkcs1(&in, job->params, job->doc, err);
}

/* A ByteRange that is unsound gives no content at all: the value is judged
 * without, and what it would have been compared with is told as not there.
 * The SubFilter decides and not the look of the bytes, as another reader goes
 * by it too. */
static enum deed_status judge_value(struct job *job, size_t index,
				    struct deed_error *err)
{
	const struct pdf_survey_signature *sig =
		&job->survey->signatures[index];
	struct content c = { job, index };
	struct cms_content content = {
		.digest = content_digest,
		.arg = &c,
		.head = slice_of(job->head, job->head_len),
	};
	const struct cms_content *given = sig->sound ? &content : NULL;

	if (sig->contents.len == 0)
		return add_valueless(job, sig, err);
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
	case PDF_SUB_FILTER_X509_RSA_SHA1:
		return judge_bare(job, sig, given, err);
	case PDF_SUB_FILTER_UNKNOWN:
		break;
	}
	return judge_unknown(job, sig, given, err);
}

/* Revisions and pages count from 0 in the survey and from 1 in what people
 * read. */
static void set_changes(struct verdict_signature *v,
			const struct pdf_survey_signature *sig)
{
	static const enum verdict_changes names[] = {
		[PDF_CHANGE_NONE] = CHANGES_NONE,
		[PDF_CHANGE_ARCHIVAL] = CHANGES_ARCHIVAL,
		[PDF_CHANGE_FORM_FILL] = CHANGES_FORM_FILL,
		[PDF_CHANGE_ANNOTATION] = CHANGES_ANNOTATION,
		[PDF_CHANGE_OTHER] = CHANGES_OTHER,
	};
	size_t i;

	v->changes_after = names[sig->changes_after];
	for (i = 0; i < sig->box_count; i++)
		verdict_add_box(v, sig->boxes[i].revision + 1,
				sig->boxes[i].page + 1, sig->boxes[i].box,
				sig->boxes[i].what);
}

/* What somebody must look at, unless the policy says that somebody does. */
static bool accepted(const struct pdf_finding *f, const struct constraints *c)
{
	return c->covered == COVERED_NOTE &&
	       strcmp(f->id, "annotation-covers") == 0;
}

/* What the parser found is told as it found it; that something is covered is
 * no doubt where somebody has looked and there was nothing. */
static void set_findings(struct verdict_signature *v,
			 const struct pdf_survey_signature *sig,
			 const struct constraints *c, bool lifted)
{
	const struct pdf_finding *f;
	size_t i;

	for (i = 0; i < sig->finding_count; i++) {
		f = &sig->findings[i];
		if (f->severity == PDF_FINDING_FAIL)
			verdict_fail(v, SUB_FORMAT_FAILURE, f->id, "%s",
				     f->message);
		else if (lifted && strcmp(f->id, "annotation-covers") == 0)
			verdict_note(v, f->id,
				     "%s; but when it was signed nothing was "
				     "to be seen there",
				     f->message);
		else if (f->severity == PDF_FINDING_DOUBT && !accepted(f, c))
			verdict_doubt(v, SUB_GENERIC, f->id, "%s", f->message);
		else
			verdict_note(v, f->id, "%s", f->message);
	}
}

/* /M is the signer's claim as the signed attribute is, and the one in the CMS
 * goes before it.  Of a document time-stamp the token alone tells the time. */
static void set_place(struct verdict_signature *v,
		      const struct pdf_survey_signature *sig)
{
	verdict_text(&v->field, sig->field);
	v->revision = sig->revision + 1;
	v->has_byte_range = sig->has_byte_range;
	memcpy(v->byte_range, sig->byte_range, sizeof(v->byte_range));
	v->coverage = sig->coverage == PDF_COVERS_FILE ? COVERAGE_WHOLE_FILE
		      : sig->coverage == PDF_COVERS_REVISION
			      ? COVERAGE_WHOLE_REVISION
			      : COVERAGE_PARTIAL;
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

/* The pages are painted when the first signature is found to be intact. */
static enum deed_status look_at_pages(struct job *job, size_t index,
				      const struct verdict_signature *v,
				      bool *lifted, struct deed_error *err)
{
	enum deed_status status;

	*lifted = false;
	if (job->params->look == NULL || v->integrity != INTEGRITY_INTACT)
		return DEED_OK;
	status = judge_look_paint(&job->look, pdf_input_fd(job->in), job->in,
				  job->survey, job->params, err);
	if (status != DEED_OK)
		return status;
	*lifted = judge_look_lifts(&job->look, job->survey, index);
	return DEED_OK;
}

/* One value may have several verdicts, those of its counter-signatures: all of
 * them have its place and hear what was found of it. */
static enum deed_status judge_signature(struct job *job, size_t index,
					struct deed_error *err)
{
	const struct pdf_survey_signature *sig =
		&job->survey->signatures[index];
	size_t i, first = job->doc->signature_count;
	struct verdict_signature *v;
	enum deed_status status;
	bool lifted;

	status = judge_value(job, index, err);
	for (i = first; status == DEED_OK && i < job->doc->signature_count;
	     i++) {
		v = &job->doc->signatures[i];
		status = look_at_pages(job, index, v, &lifted, err);
		set_place(v, sig);
		set_changes(v, sig);
		if (sig->has_more)
			verdict_note(v, "bytes-behind-cms",
				     "bytes that nobody signed follow the "
				     "signature in /Contents");
		set_findings(v, sig, judge_constraints(job->params), lifted);
		if (status == DEED_OK && v->integrity == INTEGRITY_INTACT)
			status = judge_look_tell(&job->look, index, v, err);
	}
	return status;
}

/* ---- what proves what ---- */

/* /Cert of a signature that has no other place for certificates. */
static enum deed_status add_chain(struct job *job,
				  const struct pdf_survey_signature *sig,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct der_reader r;
	struct slice whole;

	der_init(&r, sig->certificates);
	while (status == DEED_OK && der_get_element(&r, DER_SEQUENCE, &whole))
		status = judge_evidence_add(job->evidence, JUDGE_CERTIFICATE,
					    whole, sig->revision, err);
	return status;
}

/* Validation data that the document carries. */
static enum deed_status add_values(struct job *job, struct deed_error *err)
{
	static const enum judge_value kinds[] = {
		[PDF_VALUE_CERTIFICATE] = JUDGE_CERTIFICATE,
		[PDF_VALUE_CRL] = JUDGE_CRL,
		[PDF_VALUE_OCSP] = JUDGE_OCSP,
	};
	const struct pdf_survey *s = job->survey;
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < s->value_count; i++)
		status = judge_evidence_add(
			job->evidence, kinds[s->values[i].kind],
			s->values[i].der, s->values[i].revision, err);
	for (i = 0; status == DEED_OK && i < s->signature_count; i++)
		status = add_chain(job, &s->signatures[i], err);
	return status;
}

/*
 * A document time-stamp covers its revision and all before, values and
 * signatures (EN 319 142-1 5.5): those are judged after it.  How early it
 * proves them to be is kept; of values, only for so many time-stamps.
 */
static enum deed_status take_timestamp(struct job *job, size_t index,
				       const struct verdict_signature *v,
				       struct deed_error *err)
{
	const struct pdf_survey_signature *sig =
		&job->survey->signatures[index];

	if (v->kind != KIND_DOCUMENT_TIMESTAMP ||
	    v->indication == TOTAL_FAILED || v->integrity != INTEGRITY_INTACT)
		return DEED_OK;
	/* The first that is judged covers most. */
	if (!job->stamped)
		judge_evidence_timestamped(job->evidence, true, sig->revision);
	job->stamped = true;
	if (v->indication != TOTAL_PASSED)
		return DEED_OK;
	if (!job->proven || v->best_time < job->proven_at)
		job->proven_at = v->best_time;
	job->proven = true;
	if (job->timestamps++ >= TIMESTAMPS_MAX)
		return DEED_OK;
	return judge_evidence_prove(job->evidence, sig->revision, v->best_time,
				    err);
}

/* From the newest to the oldest, each in the light of those around it; its
 * verdicts are counted. */
static enum deed_status judge_inwards(struct job *job, size_t *counts,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i = job->survey->signature_count, first;

	while (status == DEED_OK && i-- > 0) {
		first = job->doc->signature_count;
		if (job->proven)
			status = judge_evidence_prove_cms(
				job->evidence,
				job->survey->signatures[i].contents,
				job->proven_at, err);
		if (status == DEED_OK)
			status = judge_signature(job, i, err);
		counts[i] = job->doc->signature_count - first;
		if (status == DEED_OK && counts[i] == 1)
			status = take_timestamp(
				job, i, &job->doc->signatures[first], err);
	}
	return status;
}

/* Back to the order of the document; verdicts of one value stay as they
 * were among themselves. */
static void restore_order(struct job *job, size_t first, const size_t *counts)
{
	struct verdict_signature *list = job->doc->signatures + first;
	size_t i, at = 0;

	if (job->doc->signature_count == first)
		return;
	verdict_reverse(list, job->doc->signature_count - first);
	for (i = 0; i < job->survey->signature_count; i++) {
		verdict_reverse(list + at, counts[i]);
		at += counts[i];
	}
}

/* ---- the document ---- */

/* The values that the document carries are there before any signature is
 * judged: the DSS of a later revision serves an earlier signature. */
static enum deed_status judge_all(struct job *job, struct deed_error *err)
{
	size_t first = job->doc->signature_count, *counts;
	enum deed_status status;
	uint64_t size;

	size = pdf_input_size(job->in);
	job->head_len = size < HEAD_SIZE ? (size_t)size : HEAD_SIZE;
	counts = calloc(job->survey->signature_count + 1, sizeof(*counts));
	if (counts == NULL)
		return deed_error_memory(err);
	status = pdf_input_read(job->in, 0, job->head, job->head_len, err);
	if (status == DEED_OK)
		status = add_values(job, err);
	if (status == DEED_OK)
		status = judge_inwards(job, counts, err);
	if (status == DEED_OK)
		restore_order(job, first, counts);
	free(counts);
	return status;
}

enum deed_status judge_pdf_survey(const struct pdf_input *in,
				  const struct pdf_survey *survey,
				  const struct judge_params *params,
				  struct verdict_document *doc,
				  struct deed_error *err)
{
	struct job job = {
		.in = in, .survey = survey, .doc = doc, .look = JUDGE_LOOK_INIT
	};
	enum deed_status status;
	int alg;

	doc->format = FORMAT_PDF;
	doc->revisions = survey->revisions;
	status = judge_evidence_new(params, &job.evidence, err);
	if (status == DEED_OK) {
		job.params = judge_evidence_params(job.evidence);
		status = judge_all(&job, err);
	}
	judge_evidence_free(job.evidence);
	judge_look_clear(&job.look);
	for (alg = 0; alg < DIGEST_COUNT; alg++)
		free(job.digests[alg]);
	return status;
}

/* The survey was made by the parser's process and confirmed against the file;
 * what judges does not parse the document itself. */
static enum deed_status judge_parsed(const struct pdf_input *in, int fd,
				     struct parser *parser,
				     const struct judge_params *params,
				     struct verdict_document *doc,
				     struct deed_error *err)
{
	struct pdf_survey survey;
	enum deed_status status;

	status = parser_survey_pdf(parser, fd, in, &survey, err);
	if (status == DEED_OK)
		status = judge_pdf_survey(in, &survey, params, doc, err);
	pdf_survey_clear(&survey);
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
	status = judge_parsed(in, fd, params->parser, params, doc, err);
	if (status == DEED_NO_PASSPHRASE)
		deed_error_remedy(err, "document-passphrase", NULL);
	pdf_input_close(in);
	return status;
}
