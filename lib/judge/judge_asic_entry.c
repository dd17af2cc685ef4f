/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "judge/judge_asic_private.h"
#include "judge/judge_private.h"

static enum deed_status update(void *arg, struct slice bytes,
			       struct deed_error *err)
{
	(void)err;
	digest_update(arg, bytes.data, bytes.len);
	return DEED_OK;
}

struct asic_digests {
	unsigned known; /* a bit a digest_alg */
	uint8_t digest[DIGEST_COUNT][DIGEST_MAX];
	struct zip_fault fault;
};

/* Inflating is the cost, and a container names a file in many manifests: each
 * digest is made once. */
static enum deed_status take_digest(const struct asic_entry *c,
				    struct asic_digests *d, enum digest_alg alg,
				    struct deed_error *err)
{
	struct digest *digest = NULL;
	enum deed_status status;

	status = digest_new(alg, &digest, err);
	if (status == DEED_OK)
		status = zip_read(c->judge->zip, c->entry, update, digest,
				  &d->fault, err);
	if (status == DEED_OK) {
		digest_final(digest, d->digest[alg]);
		d->known |= 1u << alg;
	}
	digest_free(digest);
	return status;
}

enum deed_status asic_entry_digest(void *arg, enum digest_alg alg,
				   uint8_t out[DIGEST_MAX],
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct asic_entry *c = arg;
	struct asic_digests **d;

	d = &c->judge->digests[c->entry - zip_at(c->judge->zip, 0)];
	if (*d == NULL)
		*d = calloc(1, sizeof(**d));
	if (*d == NULL)
		return deed_error_memory(err);
	if (((*d)->known & (1u << alg)) == 0)
		status = take_digest(c, *d, alg, err);
	if (status != DEED_OK)
		return status;
	memcpy(out, (*d)->digest[alg], digest_size(alg));
	if ((*d)->fault.found)
		c->fault = (*d)->fault;
	return DEED_OK;
}

void asic_digests_clear(struct asic_judge *j)
{
	size_t i;

	for (i = 0; j->digests != NULL && i < zip_count(j->zip); i++)
		free(j->digests[i]);
	free(j->digests);
}

enum deed_status asic_judge_fault(struct asic_judge *j, const char *field,
				  const char *id, const char *message,
				  struct deed_error *err)
{
	struct verdict_signature *sig;
	enum deed_status status = verdict_add(j->doc, &sig, err);

	if (status != DEED_OK)
		return status;
	verdict_text(&sig->field, field);
	verdict_fail(sig, SUB_FORMAT_FAILURE, id, "%s", message);
	return DEED_OK;
}

/* Give the verdicts from first on their field and coverage. */
static void name_verdicts(struct verdict_document *doc, size_t first,
			  const char *field)
{
	size_t i;

	for (i = first; i < doc->signature_count; i++)
		verdict_text(&doc->signatures[i].field, field);
}

/* The bytes of an entry in META-INF, or a verdict that says why not. */
static enum deed_status asic_judge_load(struct asic_judge *j,
					const struct zip_entry *entry,
					size_t max, struct buf *b, bool *good,
					struct deed_error *err)
{
	struct zip_fault fault = { 0 };
	enum deed_status status;

	*good = false;
	status = zip_read_all(j->zip, entry, max, b, &fault, err);
	if (status != DEED_OK)
		return status;
	if (fault.found)
		return asic_judge_fault(j, entry->name, fault.id, fault.message,
					err);
	*good = true;
	return DEED_OK;
}

/* What archive time-stamps prove of a file holds for all that is in it. */
static enum deed_status take_proof(struct asic_judge *j,
				   const struct zip_entry *entry,
				   struct slice cms, struct deed_error *err)
{
	const struct asic_proof *p = &j->proofs[entry - zip_at(j->zip, 0)];

	judge_evidence_timestamped(j->evidence, p->covered, 0);
	if (!p->proven)
		return DEED_OK;
	return judge_evidence_prove_cms(j->evidence, cms, p->time, err);
}

/* Content whose entry does not unpack is a fault of every signature over it. */
enum deed_status asic_judge_over(struct asic_judge *j,
				 const struct zip_entry *entry,
				 const struct cms_content *content,
				 struct deed_error *err)
{
	size_t first = j->doc->signature_count;
	struct buf b = BUF_INIT;
	enum deed_status status;
	bool good;

	status = asic_judge_load(j, entry, ASIC_SIGNATURE_MAX, &b, &good, err);
	if (status == DEED_OK && good)
		status = take_proof(j, entry, buf_get(&b), err);
	if (status == DEED_OK && good) {
		if (asic_role(entry->name) == ASIC_ROLE_TIMESTAMP)
			status = judge_tst(buf_get(&b), content,
					   KIND_CONTAINER_TIMESTAMP, j->params,
					   j->doc, err);
		else
			status = judge_cms_bytes(buf_get(&b), content,
						 JUDGE_CONTAINED, JUDGE_CADES,
						 j->params, j->doc, err);
	}
	name_verdicts(j->doc, first, entry->name);
	buf_clear(&b);
	return status;
}

/* A digest that is no longer accepted, unless the signature is older. */
static void check_strength(const struct asic_judge *j,
			   const struct asic_manifest_reference *ref,
			   struct verdict_signature *sig)
{
	int64_t until, when = j->params->at;

	if (sig->time_source == TIME_TIMESTAMP && sig->best_time < when &&
	    sig->kind != KIND_CONTAINER_TIMESTAMP)
		when = sig->best_time;
	until = constraints_digest_until(judge_constraints(j->params),
					 ref->alg);
	if (when >= until)
		verdict_doubt(sig, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
			      "object-digest",
			      "the file '%s' is signed by its %s, which is no "
			      "longer accepted",
			      ref->name, digest_name(ref->alg));
}

/* What is found of a file that a manifest names: once, for all signers. */
struct found {
	const struct asic_manifest_reference *ref;
	bool there, matches;
	struct zip_fault fault;
};

/* The fault of an entry (an overlap, a size that is not true) is kept apart
 * from a digest that differs: the first is of the container, the second of the
 * file. */
static enum deed_status find_object(struct asic_judge *j,
				    const struct asic_manifest_reference *ref,
				    struct found *out, struct deed_error *err)
{
	struct asic_entry content = { .judge = j };
	uint8_t digest[DIGEST_MAX];
	enum deed_status status;

	*out = (struct found){ .ref = ref };
	content.entry = zip_find(j->zip, ref->name);
	out->there = content.entry != NULL;
	if (!out->there || ref->alg == DIGEST_NONE)
		return DEED_OK;
	status = asic_entry_digest(&content, ref->alg, digest, err);
	if (status != DEED_OK)
		return status;
	out->fault = content.fault;
	out->matches = slice_equal(slice_of(digest, digest_size(ref->alg)),
				   slice_of(ref->digest, ref->digest_len));
	return DEED_OK;
}

static void not_compared(struct verdict_signature *sig)
{
	if (sig->integrity == INTEGRITY_INTACT)
		sig->integrity = INTEGRITY_UNKNOWN;
}

static void apply_mismatch(const struct asic_manifest_reference *ref,
			   struct verdict_signature *sig)
{
	/* Who raises a signature changes its file, but not what it signs,
	 * which the signature itself tells: the time-stamp holds, and proves
	 * nothing any more. */
	if (sig->kind == KIND_CONTAINER_TIMESTAMP &&
	    asic_role(ref->name) == ASIC_ROLE_CADES) {
		verdict_doubt(sig, SUB_SIG_CONSTRAINTS_FAILURE, "object-digest",
			      "the signature file '%s' was changed since this "
			      "time-stamp",
			      ref->name);
		return;
	}
	sig->integrity = INTEGRITY_BROKEN;
	verdict_fail(sig, SUB_HASH_FAILURE, "object-digest",
		     "the file '%s' is not what was signed", ref->name);
}

/* A digest that was not compared never leaves a signature intact: a missing
 * file and an unknown algorithm are doubts, while an entry that does not
 * unpack is broken, as is one that differs (apply_mismatch). */
static void apply_object(const struct asic_judge *j, const struct found *f,
			 struct verdict_signature *sig)
{
	const struct asic_manifest_reference *ref = f->ref;

	if (!f->there) {
		not_compared(sig);
		verdict_doubt(sig, SUB_SIGNED_DATA_NOT_FOUND, "object-missing",
			      "the signed file '%s' is not in the container",
			      ref->name);
		return;
	}
	if (ref->alg == DIGEST_NONE) {
		not_compared(sig);
		verdict_doubt(
			sig, SUB_CRYPTO_CONSTRAINTS_FAILURE, "object-digest",
			"the digest algorithm of '%s' is not known", ref->name);
		return;
	}
	check_strength(j, ref, sig);
	if (f->fault.found) {
		sig->integrity = INTEGRITY_BROKEN;
		verdict_fail(sig, SUB_FORMAT_FAILURE, f->fault.id, "%s",
			     f->fault.message);
	} else if (!f->matches) {
		apply_mismatch(ref, sig);
	}
}

/* Each verdict over the manifest hears of its files. */
enum deed_status asic_judge_references(struct asic_judge *j,
				       const struct asic_manifest *m,
				       size_t first, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct found found;
	size_t i, k;

	for (i = 0; status == DEED_OK && i < m->count; i++) {
		status = find_object(j, &m->references[i], &found, err);
		for (k = first;
		     status == DEED_OK && k < j->doc->signature_count; k++)
			apply_object(j, &found, &j->doc->signatures[k]);
	}
	return status;
}

enum deed_status asic_judge_manifest(struct asic_judge *j,
				     const struct zip_entry *entry,
				     struct buf *xml, struct asic_manifest **m,
				     struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	bool good;

	*m = NULL;
	status = asic_judge_load(j, entry, MANIFEST_SIZE, xml, &good, err);
	if (status != DEED_OK || !good)
		return status;
	status = asic_manifest_read(buf_get(xml), entry->name, m, &why);
	if (status == DEED_MALFORMED || status == DEED_LIMIT ||
	    status == DEED_UNSUPPORTED)
		return asic_judge_fault(j, entry->name, "manifest", why.message,
					err);
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}
