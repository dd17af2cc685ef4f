/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "codec/utf8.h"

/* Signatures and other lists grow by doubling: room for one more. */
static bool grow(void *list, size_t count, size_t size)
{
	void **where = list;
	void *bigger;

	if (count != 0 && (count & (count - 1)) != 0)
		return true;
	bigger = reallocarray(*where, count == 0 ? 1 : 2 * count, size);
	if (bigger == NULL)
		return false;
	*where = bigger;
	return true;
}

void verdict_text_slice(char **where, struct slice text)
{
	struct buf clean = BUF_INIT;

	free(*where);
	*where = NULL;
	if (text.data == NULL)
		return;
	utf8_clean(text, &clean);
	*where = buf_take(&clean, NULL);
}

void verdict_text(char **where, const char *text)
{
	verdict_text_slice(where, text == NULL ? SLICE_NONE : slice_str(text));
}

static void qualification_clear(struct verdict_qualification *q)
{
	free(q->scheme);
	free(q->message);
	free(q->by);
	free(q->service);
	free(q->licence);
	free(q->compiler);
}

/* A signature of a document that is given up half-way is cleared as well: all
 * that was not set yet is NULL or 0. */
static void signature_clear(struct verdict_signature *s)
{
	size_t i;

	for (i = 0; i < s->qualification_count; i++)
		qualification_clear(&s->qualifications[i]);
	free(s->qualifications);
	cert_free(s->signer);
	free(s->field);
	free(s->digest_algorithm);
	free(s->signature_algorithm);
	free(s->timestamps);
	free(s->chain);
	free(s->name);
	free(s->organisation);
	free(s->identifier);
	free(s->issuer);
	for (i = 0; i < s->reason_count; i++) {
		free(s->reasons[i].id);
		free(s->reasons[i].message);
	}
	free(s->reasons);
	for (i = 0; i < s->box_count; i++)
		free(s->boxes[i].what);
	free(s->boxes);
	look_seen_free(s->look, 1);
}

static void error_clear(struct verdict_error *e)
{
	free(e->message);
	free(e->hint);
}

static void error_fill(struct verdict_error *e, const struct deed_error *err)
{
	*e = (struct verdict_error){ .status = err->status };
	verdict_text(&e->message, err->message);
	if (err->hint[0][0] != '\0')
		verdict_text(&e->hint, err->hint[0]);
}

enum deed_status verdict_document_new(const char *file,
				      struct verdict_document **out,
				      struct deed_error *err)
{
	struct verdict_document *doc = calloc(1, sizeof(*doc));

	*out = NULL;
	if (doc == NULL)
		return deed_error_memory(err);
	verdict_text(&doc->file, file);
	if (doc->file == NULL) {
		free(doc);
		return deed_error_memory(err);
	}
	doc->indication = NO_SIGNATURE;
	*out = doc;
	return DEED_OK;
}

void verdict_document_free(struct verdict_document *doc)
{
	size_t i;

	if (doc == NULL)
		return;
	for (i = 0; i < doc->signature_count; i++)
		signature_clear(&doc->signatures[i]);
	free(doc->signatures);
	if (doc->error != NULL)
		error_clear(doc->error);
	free(doc->error);
	free(doc->file);
	free(doc);
}

enum deed_status verdict_add(struct verdict_document *doc,
			     struct verdict_signature **out,
			     struct deed_error *err)
{
	struct verdict_signature *sig;

	*out = NULL;
	if (doc->signature_count >= VERDICT_SIGNATURES)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' holds more than %d signatures",
				      doc->file, VERDICT_SIGNATURES);
	if (!grow(&doc->signatures, doc->signature_count, sizeof(*sig)))
		return deed_error_memory(err);
	sig = &doc->signatures[doc->signature_count++];
	*sig = (struct verdict_signature){ .kind = KIND_SIGNATURE,
					   .indication = TOTAL_PASSED };
	*out = sig;
	return DEED_OK;
}

static void DEED_PRINTF(4, 0)
	add_reason(struct verdict_signature *sig, bool fails, const char *id,
		   const char *fmt, va_list args)
{
	size_t most = fails ? 2 * VERDICT_REASONS : VERDICT_REASONS;
	struct verdict_reason *r;
	char text[512];

	if (sig->reason_count >= most)
		return;
	(void)vsnprintf(text, sizeof(text), fmt, args);
	if (!grow(&sig->reasons, sig->reason_count, sizeof(*r)))
		return;
	r = &sig->reasons[sig->reason_count];
	*r = (struct verdict_reason){ .fails = fails };
	verdict_text(&r->id, id);
	verdict_text(&r->message, text);
	if (r->id == NULL || r->message == NULL) {
		free(r->id);
		free(r->message);
		return;
	}
	sig->reason_count++;
}

/* Of doubts the graver is the one to tell: while it is not known what was
 * signed, or with which key, nothing that is known of the signer helps. */
static bool is_graver(enum sub_indication sub, enum sub_indication than)
{
	return sub == SUB_SIGNED_DATA_NOT_FOUND &&
	       than != SUB_NO_SIGNING_CERTIFICATE_FOUND;
}

/* Only what is worse replaces what is there: of two faults of one kind the
 * first is told. */
static void lower(struct verdict_signature *sig, enum indication indication,
		  enum sub_indication sub)
{
	if (indication < sig->indication ||
	    (indication == sig->indication &&
	     (indication != INDETERMINATE || !is_graver(sub, sig->sub))))
		return;
	sig->indication = indication;
	sig->sub = sub;
}

void verdict_fail(struct verdict_signature *sig, enum sub_indication sub,
		  const char *id, const char *fmt, ...)
{
	va_list args;

	lower(sig, TOTAL_FAILED, sub);
	va_start(args, fmt);
	add_reason(sig, true, id, fmt, args);
	va_end(args);
}

void verdict_doubt(struct verdict_signature *sig, enum sub_indication sub,
		   const char *id, const char *fmt, ...)
{
	va_list args;

	lower(sig, INDETERMINATE, sub);
	va_start(args, fmt);
	add_reason(sig, false, id, fmt, args);
	va_end(args);
}

void verdict_note(struct verdict_signature *sig, const char *id,
		  const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_reason(sig, false, id, fmt, args);
	va_end(args);
}

void verdict_add_timestamp(struct verdict_signature *sig,
			   enum verdict_timestamp_over over, int64_t time,
			   enum indication indication, enum sub_indication sub)
{
	if (!grow(&sig->timestamps, sig->timestamp_count,
		  sizeof(*sig->timestamps)))
		return;
	sig->timestamps[sig->timestamp_count++] =
		(struct verdict_timestamp){ over, time, indication, sub };
}

void verdict_add_box(struct verdict_signature *sig, unsigned revision,
		     unsigned page, const double box[4], const char *what)
{
	struct verdict_box *b;

	if (!grow(&sig->boxes, sig->box_count, sizeof(*sig->boxes)))
		return;
	b = &sig->boxes[sig->box_count];
	*b = (struct verdict_box){ .revision = revision, .page = page };
	memcpy(b->box, box, sizeof(b->box));
	verdict_text(&b->what, what);
	if (b->what != NULL)
		sig->box_count++;
}

struct verdict_qualification *
verdict_add_qualification(struct verdict_signature *sig)
{
	struct verdict_qualification *q;

	if (!grow(&sig->qualifications, sig->qualification_count, sizeof(*q)))
		return NULL;
	q = &sig->qualifications[sig->qualification_count++];
	*q = (struct verdict_qualification){ .is = NULL };
	return q;
}

void verdict_add_chain(struct verdict_signature *sig,
		       const uint8_t sha256[VERDICT_HASH])
{
	if (!grow(&sig->chain, sig->chain_count, sizeof(*sig->chain)))
		return;
	memcpy(sig->chain[sig->chain_count++], sha256, VERDICT_HASH);
}

void verdict_reverse(struct verdict_signature *list, size_t count)
{
	struct verdict_signature kept;
	size_t i;

	for (i = 0; i < count / 2; i++) {
		kept = list[i];
		list[i] = list[count - 1 - i];
		list[count - 1 - i] = kept;
	}
}

void verdict_rotate(struct verdict_document *doc, size_t count)
{
	size_t rest = doc->signature_count - count;

	if (count == 0 || rest == 0)
		return;
	verdict_reverse(doc->signatures, count);
	verdict_reverse(doc->signatures + count, rest);
	verdict_reverse(doc->signatures, doc->signature_count);
}

void verdict_conclude(struct verdict_document *doc)
{
	size_t i;

	if (doc->error != NULL) {
		doc->indication = INDICATION_UNREADABLE;
		return;
	}
	doc->indication =
		doc->signature_count == 0 ? NO_SIGNATURE : TOTAL_PASSED;
	for (i = 0; i < doc->signature_count; i++) {
		if (doc->signatures[i].indication > doc->indication)
			doc->indication = doc->signatures[i].indication;
	}
}

void verdict_unreadable(struct verdict_document *doc,
			const struct deed_error *err)
{
	if (doc->error == NULL)
		doc->error = calloc(1, sizeof(*doc->error));
	else
		error_clear(doc->error);
	/* A parser that was stopped leaves everything open. */
	doc->indication = err->status == DEED_INDETERMINATE
				  ? INDETERMINATE
				  : INDICATION_UNREADABLE;
	if (doc->error != NULL)
		error_fill(doc->error, err);
}

const char *indication_text(enum indication i)
{
	static const char *const text[] = { NULL, "TOTAL-PASSED",
					    "INDETERMINATE", "TOTAL-FAILED",
					    "NO-SIGNATURE" };
	return text[i];
}

const char *sub_indication_text(enum sub_indication s)
{
	static const char *const text[] = { NULL,
#define VERDICT_SUB_TEXT(name) #name,
					    VERDICT_SUBS(VERDICT_SUB_TEXT)
#undef VERDICT_SUB_TEXT
	};
	return text[s];
}

const char *verdict_format_text(enum verdict_format f)
{
	static const char *const text[] = { NULL, "pdf", "asic-e", "asic-s",
					    "cades" };
	return text[f];
}

const char *verdict_kind_text(enum verdict_kind k)
{
	static const char *const text[] = { "signature", "seal",
					    "document-timestamp",
					    "counter-signature",
					    "container-timestamp" };
	return text[k];
}

const char *verdict_integrity_text(enum verdict_integrity i)
{
	static const char *const text[] = { "unknown", "intact", "broken" };
	return text[i];
}

const char *verdict_coverage_text(enum verdict_coverage c)
{
	static const char *const text[] = { NULL, "whole-file",
					    "whole-revision", "partial" };
	return text[c];
}

const char *verdict_changes_text(enum verdict_changes c)
{
	static const char *const text[] = { NULL,	  "none",
					    "archival",	  "form-fill",
					    "annotation", "other" };
	return text[c];
}

const char *verdict_revocation_text(enum verdict_revocation r)
{
	static const char *const text[] = { "not-checked", "good", "revoked",
					    "unknown" };
	return text[r];
}

const char *verdict_level_text(enum verdict_level l)
{
	static const char *const text[] = { "none", "B-B", "B-T", "B-LT",
					    "B-LTA" };
	return text[l];
}

const char *verdict_time_source_text(enum verdict_time_source t)
{
	static const char *const text[] = { NULL, "claimed", "timestamp" };
	return text[t];
}

const char *verdict_timestamp_over_text(enum verdict_timestamp_over s)
{
	static const char *const text[] = { "signature", "content", "archive",
					    "references" };
	return text[s];
}
