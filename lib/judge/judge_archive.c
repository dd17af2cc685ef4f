/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "codec/der.h"
#include "judge/judge_private.h"

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
	d->no_memory = d->list[alg] == NULL;
	if (d->no_memory)
		return false;
	der_init(&r, d->set);
	while (der_get_any(&r, NULL, NULL, &whole))
		digest_once(alg, whole, d->list[alg][d->count[alg]++]);
	return true;
}

/* Comparisons are counted with the set: an index that names each of many
 * elements would else take time with the square of its size, for every
 * time-stamp again.  What is not compared any more is not found, and the index
 * does not hold. */
static bool is_listed(struct judge_digests *d, enum digest_alg alg,
		      struct slice want)
{
	size_t i;

	if (want.len != digest_size(alg) || !take_digests(d, alg))
		return false;
	for (i = 0; i < d->count[alg] && d->compared < JUDGE_COMPARISONS; i++) {
		d->compared++;
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
	out->no_memory = out->list[alg] == NULL;
	if (out->no_memory)
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
	out->no_memory = both.failed;
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

/* An ATSHashIndex: its parts, and by which algorithm. */
struct index {
	enum digest_alg alg;
	struct der_reader parts;
	bool v3;
};

/* ETSI EN 319 122-1 5.5.2: ats-hash-index-v3, which replaced the
 * ats-hash-index of TS 101 733 6.4.2; both are found in files. */
static bool open_index(const struct tst *t, struct index *out,
		       struct slice *whole)
{
	const struct cms_attributes *attrs = &t->sd->signers[0].unsigned_attrs;
	struct slice algorithm;
	struct der_reader peek;

	*out = (struct index){ .alg = DIGEST_SHA256 };
	out->v3 = cms_single(attrs, OID_ATS_HASH_INDEX_V3, whole);
	if ((!out->v3 && !cms_single(attrs, OID_ATS_HASH_INDEX, whole)) ||
	    !der_open(*whole, DER_SEQUENCE, &out->parts))
		return false;
	/* hashIndAlgorithm is DEFAULT SHA-256 in the older form; a list of
	 * digests does not begin with an OID. */
	peek = out->parts;
	if (der_get_element(&peek, DER_SEQUENCE, &algorithm) &&
	    digest_from_algorithm(algorithm) != DIGEST_NONE) {
		out->alg = digest_from_algorithm(algorithm);
		out->parts = peek;
	}
	return true;
}

/* Every digest of the index must be of something that is still there.  More
 * may be there: it came later, and is not covered. */
static enum deed_status index_holds(const struct index *index,
				    struct judge_archive *archive,
				    const struct cms_signer *signer,
				    bool *holds, struct deed_error *err)
{
	struct judge_digests attrs = {
		.set = signer->unsigned_attrs.content,
	};
	struct der_reader r = index->parts;
	bool no_memory;

	*holds = part_holds(&r, index->alg, &archive->certificates) &&
		 part_holds(&r, index->alg, &archive->crls) &&
		 (!index->v3 || attribute_digests(&signer->unsigned_attrs,
						  index->alg, &attrs)) &&
		 part_holds(&r, index->alg, &attrs) && der_at_end(&r);
	no_memory = archive->certificates.no_memory ||
		    archive->crls.no_memory || attrs.no_memory;
	judge_digests_clear(&attrs);
	return no_memory ? deed_error_memory(err) : DEED_OK;
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

static void broken(struct judge_token *out, const char *why)
{
	out->indication = TOTAL_FAILED;
	out->sub = SUB_HASH_FAILURE;
	(void)snprintf(out->message, sizeof(out->message), "%s", why);
}

enum deed_status judge_archive_token(
	const struct tst *t, struct judge_archive *archive,
	const struct cms_signer *signer, const struct cms_content *content,
	const struct judge_source *source, const struct judge_params *params,
	struct judge_token *out, struct deed_error *err)
{
	struct buf bytes = BUF_INIT;
	struct cms_content covered;
	struct slice whole, imprint;
	enum deed_status status;
	struct index index;
	bool holds;

	if (!open_index(t, &index, &whole)) {
		broken(out, "it has no ats-hash-index");
		return DEED_OK;
	}
	status = index_holds(&index, archive, signer, &holds, err);
	if (status != DEED_OK)
		return status;
	if (!holds) {
		broken(out, "what its ats-hash-index names is not there");
		return DEED_OK;
	}
	if (content == NULL || !t->imprint_known)
		return judge_token(t, NULL, source, params, out, err);
	status = archive_imprint(t, whole, archive->sd, signer, content, &bytes,
				 err);
	if (status == DEED_OK) {
		imprint = buf_get(&bytes);
		cms_content_memory(&covered, &imprint);
		status = judge_token(t, &covered, source, params, out, err);
	}
	buf_clear(&bytes);
	return status;
}

/* ---- what it proves ---- */

/* The reader is a copy, so that each search begins at the head of the list. */
static bool names(struct der_reader list, const uint8_t *digest, size_t len)
{
	struct slice one;

	while (der_get(&list, DER_OCTET_STRING, &one)) {
		if (one.len == len && memcmp(one.data, digest, len) == 0)
			return true;
	}
	return false;
}

/* A RevocationInfoChoice that is no CRL: [1] { type, value }. */
static struct slice object_of(struct slice element)
{
	struct der_reader r;
	struct slice type, value;

	if (!der_open(element, DER_CONTEXT_CONS(1), &r) ||
	    !der_get_oid(&r, &type) || !der_get_any(&r, NULL, NULL, &value))
		return element;
	return existence_ocsp(value);
}

/* Of a set, what the index names existed at the time of the token; what it
 * does not name was added since. */
static enum deed_status prove_set(struct der_reader *parts, enum digest_alg alg,
				  struct judge_digests *set, int64_t time,
				  struct existence *existence,
				  struct deed_error *err)
{
	struct der_reader list, elements;
	enum deed_status status = DEED_OK;
	struct slice whole;
	size_t i = 0;

	if (!der_enter(parts, DER_SEQUENCE, &list))
		return DEED_OK;
	if (!take_digests(set, alg))
		return set->no_memory ? deed_error_memory(err) : DEED_OK;
	der_init(&elements, set->set);
	while (status == DEED_OK && i < set->count[alg] &&
	       der_get_any(&elements, NULL, NULL, &whole)) {
		if (names(list, set->list[alg][i++], digest_size(alg)))
			status = existence_add(existence, object_of(whole),
					       time, err);
	}
	return status;
}

/* Every value by itself in the third form, else whole attributes. */
static enum deed_status prove_attribute(const struct cms_attribute *a,
					const struct index *index,
					struct der_reader list, int64_t time,
					struct existence *existence,
					struct deed_error *err)
{
	uint8_t digest[DIGEST_MAX];
	enum deed_status status = DEED_OK;
	struct buf both = BUF_INIT;
	struct der_writer w;
	struct der_reader values;
	struct slice value;

	der_init(&values, a->values);
	while (status == DEED_OK && der_get_any(&values, NULL, NULL, &value)) {
		buf_reset(&both);
		if (index->v3) {
			der_writer_init(&w, &both);
			der_put(&w, DER_OID, a->type);
			der_put_raw(&w, value);
		} else {
			buf_slice(&both, a->whole);
		}
		status = buf_status(&both, err);
		if (status != DEED_OK)
			break;
		digest_once(index->alg, buf_get(&both), digest);
		if (names(list, digest, digest_size(index->alg)))
			status = existence_add_attribute(existence, a->oid,
							 value, time, err);
	}
	buf_clear(&both);
	return status;
}

enum deed_status judge_archive_prove(const struct tst *t,
				     struct judge_archive *archive,
				     const struct cms_signer *signer,
				     struct existence *existence,
				     struct deed_error *err)
{
	const struct cms_attributes *attrs = &signer->unsigned_attrs;
	enum deed_status status;
	struct der_reader r, list;
	struct index index;
	struct slice whole;
	unsigned i;

	if (!open_index(t, &index, &whole))
		return DEED_OK;
	r = index.parts;
	status = prove_set(&r, index.alg, &archive->certificates, t->time,
			   existence, err);
	if (status == DEED_OK)
		status = prove_set(&r, index.alg, &archive->crls, t->time,
				   existence, err);
	if (status != DEED_OK || !der_enter(&r, DER_SEQUENCE, &list))
		return status;
	for (i = 0; status == DEED_OK && i < attrs->count; i++)
		status = prove_attribute(&attrs->list[i], &index, list, t->time,
					 existence, err);
	return status;
}
