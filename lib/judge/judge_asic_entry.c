/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge_asic_private.h"
#include "judge/judge_private.h"

static enum deed_status update(void *arg, struct slice bytes,
			       struct deed_error *err)
{
	(void)err;
	digest_update(arg, bytes.data, bytes.len);
	return DEED_OK;
}

enum deed_status asic_entry_digest(void *arg, enum digest_alg alg,
				   uint8_t out[DIGEST_MAX],
				   struct deed_error *err)
{
	struct asic_entry *c = arg;
	struct digest *digest = NULL;
	enum deed_status status;

	status = digest_new(alg, &digest, err);
	if (status == DEED_OK)
		status = zip_read(c->zip, c->entry, update, digest, &c->fault,
				  err);
	if (status == DEED_OK)
		digest_final(digest, out);
	digest_free(digest);
	return status;
}

static void lower_integrity(struct verdict_signature *sig)
{
	sig->integrity = INTEGRITY_BROKEN;
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

enum deed_status asic_judge_load(struct asic_judge *j,
				 const struct zip_entry *entry, size_t max,
				 struct buf *b, bool *good,
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

	judge_evidence_stamped(j->evidence, p->covered, 0);
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

/* Hold one file against its digest in the manifest. */
static enum deed_status
check_reference(struct asic_judge *j, const struct asic_manifest_reference *ref,
		struct verdict_signature *sig, struct deed_error *err)
{
	struct asic_entry content = { .zip = j->zip };
	uint8_t digest[DIGEST_MAX];
	enum deed_status status;

	content.entry = zip_find(j->zip, ref->name);
	if (content.entry == NULL) {
		if (sig->integrity == INTEGRITY_INTACT)
			sig->integrity = INTEGRITY_UNKNOWN;
		verdict_doubt(sig, SUB_SIGNED_DATA_NOT_FOUND, "object-missing",
			      "the signed file '%s' is not in the container",
			      ref->name);
		return DEED_OK;
	}
	if (ref->alg == DIGEST_NONE) {
		if (sig->integrity == INTEGRITY_INTACT)
			sig->integrity = INTEGRITY_UNKNOWN;
		verdict_doubt(
			sig, SUB_CRYPTO_CONSTRAINTS_FAILURE, "object-digest",
			"the digest algorithm of '%s' is not known", ref->name);
		return DEED_OK;
	}
	status = asic_entry_digest(&content, ref->alg, digest, err);
	if (status != DEED_OK)
		return status;
	check_strength(j, ref, sig);
	if (content.fault.found) {
		lower_integrity(sig);
		verdict_fail(sig, SUB_FORMAT_FAILURE, content.fault.id, "%s",
			     content.fault.message);
	} else if (slice_equal(slice_of(digest, digest_size(ref->alg)),
			       slice_of(ref->digest, ref->digest_len))) {
		return DEED_OK;
	} else if (sig->kind == KIND_CONTAINER_TIMESTAMP &&
		   asic_role(ref->name) == ASIC_ROLE_CADES) {
		/* Who raises a signature changes its file, but not what it
		 * signs, which the signature itself tells: the time-stamp
		 * holds, and proves nothing any more. */
		verdict_doubt(sig, SUB_SIG_CONSTRAINTS_FAILURE, "object-digest",
			      "the signature file '%s' was changed since this "
			      "time-stamp",
			      ref->name);
	} else {
		lower_integrity(sig);
		verdict_fail(sig, SUB_HASH_FAILURE, "object-digest",
			     "the file '%s' is not what was signed", ref->name);
	}
	return DEED_OK;
}

/* Each verdict over the manifest hears of its files. */
enum deed_status asic_judge_references(struct asic_judge *j,
				       const struct asic_manifest *m,
				       size_t first, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i, k;

	for (k = first; k < j->doc->signature_count; k++) {
		for (i = 0; status == DEED_OK && i < m->count; i++)
			status = check_reference(j, &m->references[i],
						 &j->doc->signatures[k], err);
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
