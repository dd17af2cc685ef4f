/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/wrapping.h"

#include "codec/der.h"
#include "judge/judge_private.h"

/* One file. */
struct file {
	struct cms_wrapping w;
	struct cms_signed *sd;
	struct judge_given *given; /* --content */
	struct slice part;	   /* of multipart/signed, as it is judged */
	bool plain_ends;	   /* which is as it stands, not canonical */
	struct cms_content own;
};

/* A file of zeros or line ends behind the CMS is no harm; anything else is
 * something that the signature's reader would not see. */
static bool only_padding(struct slice rest)
{
	size_t i;

	for (i = 0; i < rest.len; i++) {
		if (rest.data[i] != 0 && rest.data[i] != '\n' &&
		    rest.data[i] != '\r')
			return false;
	}
	return true;
}

/* ---- what is signed ---- */

/* A content, and its digests: hashed once for each algorithm, however many
 * signers name it. */
struct hashed {
	struct slice content;
	bool known[DIGEST_COUNT];
	uint8_t digest[DIGEST_COUNT][DIGEST_MAX];
};

/* Only a signer with signed attributes states the digest of the content; of
 * the others nothing can be told without their keys. */
static bool signs(const struct cms_signer *signer, struct hashed *h)
{
	enum digest_alg alg = digest_from_algorithm(signer->digest_algorithm);
	struct slice value, stated;
	struct der_reader r;

	if (alg == DIGEST_NONE ||
	    !cms_single(&signer->signed_attrs, OID_MESSAGE_DIGEST, &value))
		return false;
	der_init(&r, value);
	if (!der_get(&r, DER_OCTET_STRING, &stated))
		return false;
	if (!h->known[alg])
		digest_once(alg, h->content, h->digest[alg]);
	h->known[alg] = true;
	return slice_equal(stated, slice_of(h->digest[alg], digest_size(alg)));
}

/*
 * What is signed has CRLF at its line ends (RFC 8551 3.1.1), however the file
 * came to be stored.  Some programs sign it as it stands: where no signer
 * signed the one and one signed the other, that is it.
 */
static void choose_part(struct file *f)
{
	struct hashed whole = { .content = f->w.content };
	struct hashed plain = { .content = f->w.plain };
	unsigned i;

	f->part = f->w.content;
	if (slice_equal(f->w.content, f->w.plain))
		return;
	for (i = 0; i < f->sd->signer_count; i++) {
		if (signs(&f->sd->signers[i], &whole))
			return;
	}
	for (i = 0; i < f->sd->signer_count && !f->plain_ends; i++)
		f->plain_ends = signs(&f->sd->signers[i], &plain);
	if (f->plain_ends)
		f->part = f->w.plain;
}

/* What signers signed, where it is not inside the CMS; NULL: not there. */
static const struct cms_content *content_of(struct file *f)
{
	if (!f->w.has_content)
		return judge_given_content(f->given);
	cms_content_memory(&f->own, &f->part);
	return &f->own;
}

/* Signed content that is itself signed: SignedData, or a PDF with a field
 * that holds a signature. */
static enum deed_status is_signed(const struct file *f, bool *out,
				  struct deed_error *err)
{
	struct slice in = f->w.has_content ? f->part : f->sd->content;

	*out = false;
	if (f->sd->content_oid == OID_TST_INFO)
		return DEED_OK;
	if (!f->w.has_content && !f->sd->has_content) {
		if (f->given != NULL)
			*out = cms_begins_signed(
				judge_given_content(f->given)->head);
		return DEED_OK;
	}
	if (in.len >= 5 && memcmp(in.data, "%PDF-", 5) == 0) {
		*out = memmem(in.data, in.len, "/ByteRange", 10) != NULL;
		return DEED_OK;
	}
	return cms_is_signed(in, out, err);
}

/* ---- judging ---- */

/* A time-stamp token is a SignedData too, but what it signs is a time. */
static enum deed_status judge_signed(struct file *f,
				     const struct judge_params *params,
				     struct verdict_document *doc,
				     struct deed_error *err)
{
	const struct cms_content *content = content_of(f);

	if (f->sd->content_oid == OID_TST_INFO)
		return judge_tst(f->sd->whole, content, KIND_DOCUMENT_TIMESTAMP,
				 params, doc, err);
	return judge_cms(f->sd, content, JUDGE_CMS, 0, params, doc, err);
}

/* The content with line feeds alone, as a file at hand may have it. */
static enum deed_status digest_of_lines(struct slice text,
					uint8_t out[DIGEST_MAX],
					struct deed_error *err)
{
	const uint8_t *at = text.data, *end = text.data + text.len, *stop;
	struct digest *d;
	enum deed_status status = digest_new(DIGEST_SHA256, &d, err);

	while (status == DEED_OK && at < end) {
		stop = memmem(at, (size_t)(end - at), "\r\n", 2);
		digest_update(d, at,
			      (size_t)((stop == NULL ? end : stop) - at));
		at = stop == NULL ? end : stop + 1;
	}
	if (status == DEED_OK)
		digest_final(d, out);
	digest_free(d);
	return status;
}

/* A message brings what it signs; where a file is given besides, it is the
 * same, but for its line ends. */
static enum deed_status compare_given(const struct file *f,
				      struct verdict_document *doc,
				      struct deed_error *err)
{
	const struct cms_content *given = judge_given_content(f->given);
	uint8_t want[DIGEST_MAX], own[DIGEST_MAX], lines[DIGEST_MAX];
	enum deed_status status;
	size_t i;

	if (given == NULL || !f->w.has_content)
		return DEED_OK;
	status = given->digest(given->arg, DIGEST_SHA256, want, err);
	if (status == DEED_OK)
		status = digest_of_lines(f->w.content, lines, err);
	if (status != DEED_OK)
		return status;
	digest_once(DIGEST_SHA256, f->part, own);
	if (memcmp(want, own, SHA256_SIZE) == 0 ||
	    memcmp(want, lines, SHA256_SIZE) == 0)
		return DEED_OK;
	for (i = 0; i < doc->signature_count; i++) {
		doc->signatures[i].integrity = INTEGRITY_BROKEN;
		verdict_fail(&doc->signatures[i], SUB_HASH_FAILURE, "content",
			     "the content of the message is not the one that "
			     "is given");
	}
	return DEED_OK;
}

/* Counter-signatures hear of bytes behind the CMS, as these are a fault of the
 * file, but not of the content, which they do not sign. */
static void tell_wrapping(struct verdict_signature *sig, const struct file *f,
			  struct slice rest, bool content_signed)
{
	size_t left = 0;

	if (!only_padding(rest))
		left += rest.len;
	if (!only_padding(f->w.rest))
		left += f->w.rest.len;
	if (left > 0)
		verdict_fail(sig, SUB_FORMAT_FAILURE, "trailing-data",
			     "%zu bytes follow the signature", left);
	if (f->w.refused)
		verdict_fail(sig, SUB_FORMAT_FAILURE, "timestamp-refused",
			     "the response around the time-stamp does not "
			     "grant it: the authority %.*s",
			     (int)f->w.said.said.len,
			     (const char *)f->w.said.said.data);
	if (sig->kind == KIND_COUNTER_SIGNATURE)
		return;
	if (content_signed)
		verdict_note(sig, "content-signed",
			     "the signature is judged over its content, which "
			     "is itself signed and was not judged");
	if (f->w.mail)
		verdict_note(sig, "message-headers",
			     "sender, subject, date and the other fields at "
			     "the head of the message are not signed");
	if (f->plain_ends)
		verdict_note(sig, "message-line-ends",
			     "the message was signed as it stands: a program "
			     "that writes its line ends as S/MIME wants them "
			     "finds another content");
}

/* The copy is made after judging, and whatever the verdict: the caller has to
 * look at that first. */
static enum deed_status keep_content(const struct file *f,
				     struct judge_content *out,
				     struct deed_error *err)
{
	if (out == NULL || f->sd->content_oid == OID_TST_INFO)
		return DEED_OK;
	out->found = f->w.has_content || f->sd->has_content;
	if (out->found)
		buf_slice(&out->bytes,
			  f->w.has_content ? f->part : f->sd->content);
	return buf_status(&out->bytes, err);
}

/* The file that is given is opened here even where the message brings its
 * content: then the two have to be the same. */
static enum deed_status judge_opened(struct file *f,
				     const struct judge_params *params,
				     struct verdict_document *doc,
				     struct deed_error *err)
{
	struct slice rest;
	bool content_signed = false;
	enum deed_status status = DEED_OK;
	size_t i;

	rest = slice_of(f->w.cms.data + f->sd->used,
			f->w.cms.len - f->sd->used);
	choose_part(f);
	if (params->content != NULL)
		status = judge_given_open(params->content, f->sd, &f->given,
					  err);
	if (status == DEED_OK)
		status = judge_signed(f, params, doc, err);
	if (status == DEED_OK)
		status = compare_given(f, doc, err);
	if (status == DEED_OK)
		status = is_signed(f, &content_signed, err);
	for (i = 0; status == DEED_OK && i < doc->signature_count; i++)
		tell_wrapping(&doc->signatures[i], f, rest, content_signed);
	if (status == DEED_OK)
		status = keep_content(f, params->signed_content, err);
	return status;
}

enum deed_status judge_wrapped(struct slice in, const char *name,
			       const struct judge_params *params,
			       struct verdict_document *doc,
			       struct deed_error *err)
{
	struct file f = { .w = CMS_WRAPPING_INIT };
	enum deed_status status;

	status = cms_unwrap(in, &f.w, err);
	if (status == DEED_OK && f.w.cms.data == NULL) {
		status = deed_error_set(err, DEED_NO_SIGNATURE,
					"'%s' is a time-stamp response without "
					"a time-stamp: the authority %.*s",
					name, (int)f.w.said.said.len,
					(const char *)f.w.said.said.data);
	} else {
		if (status == DEED_OK) {
			doc->format = FORMAT_CADES;
			status = cms_signed_parse(f.w.cms, &f.sd, err);
		}
		if (status != DEED_OK)
			deed_error_prefix(err, "cannot read '%s'", name);
		else
			status = judge_opened(&f, params, doc, err);
	}
	judge_given_close(f.given);
	cms_signed_free(f.sd);
	cms_wrapping_clear(&f.w);
	return status;
}
