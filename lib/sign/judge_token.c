/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/der.h"
#include "sign/judge_private.h"

static void DEED_PRINTF(2, 3)
	fail(struct judge_token *out, const char *fmt, ...)
{
	va_list args;

	if (out->indication == TOTAL_FAILED)
		return;
	out->indication = TOTAL_FAILED;
	va_start(args, fmt);
	(void)vsnprintf(out->message, sizeof(out->message), fmt, args);
	va_end(args);
}

/* The authority's signature and chain; RFC 3161 2.3, 2.4.2. */
static enum deed_status judge_authority(const struct tst *t,
					const struct pki_source *source,
					const struct judge_params *params,
					struct judge_token *out,
					struct deed_error *err)
{
	struct pki_source *own = NULL;
	struct cert *cert = NULL;
	enum deed_status status;
	struct pki_params ask;
	struct cms_check check;
	struct pki_path path;

	status = tst_check(t, NULL, 0, &check, &cert, err);
	if (status != DEED_OK)
		goto out;
	if (check.outcome == CMS_NO_CERTIFICATE ||
	    check.outcome == CMS_UNKNOWN_ALGORITHM)
		goto out;
	if (check.outcome != CMS_INTACT) {
		out->wrong_certificate = !check.has_signing_certificate;
		fail(out, "%s", check.message);
		goto out;
	}
	status = judge_source_new(source, t->sd, &own, err);
	if (status != DEED_OK)
		goto out;
	ask = (struct pki_params){ .source = own,
				   .time = params->at,
				   .no_revocation = params->no_revocation,
				   .purpose = PKI_TIMESTAMP };
	status = pki_judge_path(cert, &ask, &path, err);
	if (status != DEED_OK)
		goto out;
	if (path.outcome == PKI_GOOD && out->indication == INDETERMINATE &&
	    check.has_signing_certificate)
		out->indication = TOTAL_PASSED;
	pki_path_clear(&path);
out:
	pki_source_free(own);
	cert_free(cert);
	return status;
}

static enum deed_status open_token(struct slice in, struct tst **t,
				   struct judge_token *out,
				   struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	*out = (struct judge_token){ .indication = INDETERMINATE };
	status = tst_parse(in, t, &why);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK) {
		fail(out, "%s", why.message);
		return DEED_OK;
	}
	out->has_time = true;
	out->time = (*t)->time;
	return DEED_OK;
}

static enum deed_status judge_imprint(const struct tst *t,
				      const struct cms_content *content,
				      struct judge_token *out,
				      struct deed_error *err)
{
	enum deed_status status;
	bool match;

	if (content == NULL || !t->imprint_known)
		return DEED_OK;
	status = tst_imprint_matches(t, content, &match, err);
	if (status == DEED_OK && !match)
		fail(out, "its imprint is not of what it should cover");
	return status;
}

enum deed_status judge_token(struct slice in, const struct cms_content *content,
			     const struct pki_source *source,
			     const struct judge_params *params,
			     struct judge_token *out, struct deed_error *err)
{
	enum deed_status status;
	struct tst *t = NULL;

	status = open_token(in, &t, out, err);
	if (status != DEED_OK || t == NULL)
		return status;
	status = judge_imprint(t, content, out, err);
	if (status == DEED_OK)
		status = judge_authority(t, source, params, out, err);
	/* What is not compared is not believed. */
	if ((content == NULL || !t->imprint_known) &&
	    out->indication == TOTAL_PASSED)
		out->indication = INDETERMINATE;
	tst_free(t);
	return status;
}

void judge_digests_clear(struct judge_digests *d)
{
	unsigned i;

	for (i = 0; i < DIGEST_COUNT; i++)
		free(d->list[i]);
	*d = (struct judge_digests){ 0 };
}

/* Take the digests of all elements, if that was not done. */
static bool take_digests(struct judge_digests *d, enum digest_alg alg)
{
	struct der_reader r;
	struct slice whole;
	size_t count = 0;

	if (d->list[alg] != NULL)
		return true;
	der_init(&r, d->set);
	while (der_skip(&r))
		count++;
	if (!der_at_end(&r) || count > JUDGE_ELEMENTS)
		return false;
	d->list[alg] = calloc(count + 1, DIGEST_MAX);
	if (d->list[alg] == NULL)
		return false;
	der_init(&r, d->set);
	while (der_get_any(&r, NULL, NULL, &whole))
		digest_once(alg, whole, d->list[alg][d->count[alg]++]);
	return true;
}

static bool is_listed(struct judge_digests *d, enum digest_alg alg,
		      struct slice want)
{
	size_t i;

	if (want.len != digest_size(alg) || !take_digests(d, alg))
		return false;
	for (i = 0; i < d->count[alg]; i++) {
		if (memcmp(d->list[alg][i], want.data, want.len) == 0)
			return true;
	}
	return false;
}

/*
 * The values of unsigned attributes as the third form of the index has them:
 * digests of type and value.  The older one digests the whole Attribute
 * (TS 101 733 6.4.2).
 */
static bool attribute_digests(const struct cms_attributes *attrs,
			      enum digest_alg alg, struct judge_digests *out)
{
	struct buf both = BUF_INIT;
	struct der_reader r, v;
	struct slice type, value;
	bool good = true;
	unsigned i;

	out->list[alg] = calloc(JUDGE_ELEMENTS, DIGEST_MAX);
	if (out->list[alg] == NULL)
		return false;
	for (i = 0; i < attrs->count && good; i++) {
		if (!der_open(attrs->list[i].whole, DER_SEQUENCE, &r) ||
		    !der_get_element(&r, DER_OID, &type))
			continue;
		der_init(&v, attrs->list[i].values);
		while (good && der_get_any(&v, NULL, NULL, &value)) {
			buf_reset(&both);
			buf_slice(&both, type);
			buf_slice(&both, value);
			good = out->count[alg] < JUDGE_ELEMENTS && !both.failed;
			if (good)
				digest_once(alg, buf_get(&both),
					    out->list[alg][out->count[alg]++]);
		}
	}
	buf_clear(&both);
	return good;
}

/* EN 319 122-1 5.5.2: everything that the index names must still be there. */
static bool part_holds(struct der_reader *r, enum digest_alg alg,
		       struct judge_digests *digests)
{
	struct der_reader list;
	struct slice want;
	unsigned count = 0;

	if (!der_enter(r, DER_SEQUENCE, &list))
		return false;
	while (!der_at_end(&list)) {
		if (!der_get(&list, DER_OCTET_STRING, &want) ||
		    ++count > JUDGE_ELEMENTS || !is_listed(digests, alg, want))
			return false;
	}
	return true;
}

static bool index_holds(struct slice index, bool v3,
			struct judge_archive *archive,
			const struct cms_signer *signer)
{
	struct judge_digests attrs = {
		.set = signer->unsigned_attrs.content,
	};
	enum digest_alg alg = DIGEST_SHA256;
	struct slice algorithm;
	struct der_reader r, peek;
	bool good;

	if (!der_open(index, DER_SEQUENCE, &r))
		return false;
	/* hashIndAlgorithm is DEFAULT SHA-256 in the older form; a list of
	 * digests does not begin with an OID. */
	peek = r;
	if (der_get_element(&peek, DER_SEQUENCE, &algorithm) &&
	    digest_from_algorithm(algorithm) != DIGEST_NONE) {
		alg = digest_from_algorithm(algorithm);
		r = peek;
	}
	good = part_holds(&r, alg, &archive->certificates) &&
	       part_holds(&r, alg, &archive->crls) &&
	       (!v3 ||
		attribute_digests(&signer->unsigned_attrs, alg, &attrs)) &&
	       part_holds(&r, alg, &attrs) && der_at_end(&r);
	judge_digests_clear(&attrs);
	return good;
}

/* The bytes that the imprint is taken of (EN 319 122-1 5.5.3). */
static enum deed_status archive_imprint(const struct tst *t, struct slice index,
					const struct cms_signed *sd,
					const struct cms_signer *signer,
					const struct cms_content *content,
					struct buf *out, struct deed_error *err)
{
	uint8_t digest[DIGEST_MAX];
	enum deed_status status;
	struct der_writer w;

	status = content->digest(content->arg, t->imprint_digest, digest, err);
	if (status != DEED_OK)
		return status;
	der_writer_init(&w, out);
	der_put(&w, DER_OID, sd->content_type);
	der_put_raw(&w, slice_of(digest, digest_size(t->imprint_digest)));
	der_put_uint64(&w, signer->version);
	der_put_raw(&w, signer->sid);
	der_put_raw(&w, signer->digest_algorithm);
	der_put_raw(&w, signer->signed_attrs.whole);
	der_put_raw(&w, signer->signature_algorithm);
	der_put_octets(&w, signer->signature);
	der_put_raw(&w, index);
	return der_writer_status(&w, err);
}

enum deed_status judge_archive_token(
	struct slice in, struct judge_archive *archive,
	const struct cms_signer *signer, const struct cms_content *content,
	const struct pki_source *source, const struct judge_params *params,
	struct judge_token *out, struct deed_error *err)
{
	const struct cms_attributes *attrs;
	struct cms_content covered;
	struct buf bytes = BUF_INIT;
	struct slice index, whole;
	enum deed_status status;
	struct tst *t = NULL;
	bool v3;

	status = open_token(in, &t, out, err);
	if (status != DEED_OK || t == NULL)
		return status;
	attrs = &t->sd->signers[0].unsigned_attrs;
	v3 = cms_single(attrs, OID_ATS_HASH_INDEX_V3, &index);
	if (!v3 && !cms_single(attrs, OID_ATS_HASH_INDEX, &index)) {
		fail(out, "it has no ats-hash-index");
	} else if (!index_holds(index, v3, archive, signer)) {
		fail(out, "what its ats-hash-index names is not there");
	} else if (content != NULL && t->imprint_known) {
		status = archive_imprint(t, index, archive->sd, signer, content,
					 &bytes, err);
		if (status != DEED_OK)
			goto out;
		whole = buf_get(&bytes);
		cms_content_memory(&covered, &whole);
		status = judge_imprint(t, &covered, out, err);
	}
	if (status == DEED_OK)
		status = judge_authority(t, source, params, out, err);
	if ((content == NULL || !t->imprint_known) &&
	    out->indication == TOTAL_PASSED)
		out->indication = INDETERMINATE;
out:
	buf_clear(&bytes);
	tst_free(t);
	return status;
}

enum deed_status judge_tst(struct slice in, const struct cms_content *content,
			   enum verdict_kind kind,
			   const struct judge_params *params,
			   struct verdict_document *doc, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct pki_source *source = NULL;
	struct verdict_signature *sig;
	struct cert *cert = NULL;
	struct cms_check check;
	struct tst *t = NULL;
	enum deed_status status;
	bool match;

	status = verdict_add(doc, &sig, err);
	if (status != DEED_OK)
		return status;
	sig->kind = kind;
	status = tst_parse(in, &t, &why);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK) {
		verdict_fail(sig, SUB_FORMAT_FAILURE, "timestamp-format", "%s",
			     why.message);
		return DEED_OK;
	}
	sig->has_signing_time = true;
	sig->signing_time = t->time;
	sig->time_source = TIME_TIMESTAMP;
	sig->best_time = t->time;
	status = tst_check(t, NULL, 0, &check, &cert, err);
	if (status != DEED_OK)
		goto out;
	judge_apply_check(sig, &check);
	if (content == NULL) {
		sig->integrity = check.value_broken ? INTEGRITY_BROKEN
						    : INTEGRITY_UNKNOWN;
		verdict_doubt(sig, SUB_SIGNED_DATA_NOT_FOUND, "content",
			      "what the time-stamp covers is not there");
	} else if (!t->imprint_known) {
		sig->integrity = INTEGRITY_UNKNOWN;
		verdict_doubt(sig, SUB_CRYPTO_CONSTRAINTS_FAILURE,
			      "algorithm-unknown",
			      "the digest of the imprint is not known");
	} else {
		status = tst_imprint_matches(t, content, &match, err);
		if (status != DEED_OK)
			goto out;
		if (!match) {
			sig->integrity = INTEGRITY_BROKEN;
			verdict_fail(sig, SUB_HASH_FAILURE, "timestamp-imprint",
				     "the time-stamp is not of this content");
		}
	}
	if (cert == NULL)
		goto out;
	judge_describe(sig, cert, false);
	status = judge_source_new(params->source, t->sd, &source, err);
	if (status == DEED_OK)
		status = judge_apply_path(sig, cert, source, PKI_TIMESTAMP,
					  params, err);
out:
	pki_source_free(source);
	cert_free(cert);
	tst_free(t);
	return status;
}
