/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/signed.h"
#include "cms/tst.h"
#include "codec/der.h"
#include "crypto/digest.h"
#include "judge/judge_asic_private.h"

/*
 * ASiC-S (EN 319 162-1 4.3): one file in the root, and signatures and
 * time-stamps over its bytes.  Further time-stamps are over the manifests that
 * name them in their SigReference.
 */

/* How many files are tried, where there is more than one. */
#define TRIED 16

/* The file, or the last of those that should be one. */
static const struct zip_entry *find_object(struct asic_judge *j, bool *single)
{
	const struct zip_entry *found = NULL, *e;
	size_t i;

	*single = j->roles[ASIC_ROLE_OBJECT] <= 1;
	for (i = 0; i < zip_count(j->zip); i++) {
		e = zip_at(j->zip, i);
		if (asic_role(e->name) != ASIC_ROLE_OBJECT)
			continue;
		found = e;
		*single = *single && strchr(e->name, '/') == NULL;
	}
	return found;
}

/* Does a signer name this content by its digest? */
static enum deed_status signer_names(const struct cms_signer *signer,
				     const struct cms_content *content,
				     bool *out, struct deed_error *err)
{
	enum digest_alg alg = digest_from_algorithm(signer->digest_algorithm);
	uint8_t digest[DIGEST_MAX];
	enum deed_status status;
	struct slice value, own;
	struct der_reader r;

	if (alg == DIGEST_NONE ||
	    !cms_single(&signer->signed_attrs, OID_MESSAGE_DIGEST, &value))
		return DEED_OK;
	der_init(&r, value);
	if (!der_get(&r, DER_OCTET_STRING, &own))
		return DEED_OK;
	status = content->digest(content->arg, alg, digest, err);
	if (status == DEED_OK)
		*out = slice_equal(own, slice_of(digest, digest_size(alg)));
	return status;
}

/* In a container with several files, which of them does this signature mean?
 * The one whose digest it has signed. */
static enum deed_status file_names(struct slice in, enum asic_role role,
				   const struct cms_content *content, bool *out,
				   struct deed_error *err)
{
	enum deed_status status;
	struct cms_signed *sd = NULL;
	struct tst *t = NULL;
	unsigned i;

	*out = false;
	if (role == ASIC_ROLE_TIMESTAMP) {
		status = tst_parse(in, &t, NULL);
		if (status == DEED_NO_MEMORY)
			return deed_error_memory(err);
		if (status == DEED_OK && t->imprint_known)
			status = tst_imprint_matches(t, content, out, err);
		else
			status = DEED_OK;
		tst_free(t);
		return status;
	}
	status = cms_signed_parse(in, &sd, NULL);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK)
		return DEED_OK;
	for (i = 0; status == DEED_OK && !*out && i < sd->signer_count; i++)
		status = signer_names(&sd->signers[i], content, out, err);
	cms_signed_free(sd);
	return status;
}

/*
 * Where there are several files, that is said of the container; which of them
 * a signature is over is told by the digest in it, so that a file that was
 * added does not make it a broken one.
 */
static enum deed_status choose_object(struct asic_judge *j,
				      const struct zip_entry *entry,
				      struct asic_entry *object,
				      struct deed_error *err)
{
	struct cms_content content = { asic_entry_digest, object, SLICE_NONE };
	const struct zip_entry *last = object->entry;
	struct zip_fault fault = { 0 };
	enum deed_status status;
	struct buf b = BUF_INIT;
	bool found = false;
	size_t i, tried = 0;

	status = zip_read_all(j->zip, entry, ASIC_SIGNATURE_MAX, &b, &fault,
			      err);
	for (i = 0; status == DEED_OK && !fault.found && !found &&
		    tried < TRIED && i < zip_count(j->zip);
	     i++) {
		object->entry = zip_at(j->zip, i);
		if (asic_role(object->entry->name) != ASIC_ROLE_OBJECT)
			continue;
		tried++;
		status = file_names(buf_get(&b), asic_role(entry->name),
				    &content, &found, err);
	}
	if (!found)
		object->entry = last;
	buf_clear(&b);
	return status;
}

/* Is a signature or time-stamp file over the file itself? */
static bool is_direct(const struct asic_judge *j, const char *name)
{
	switch (asic_role(name)) {
	case ASIC_ROLE_CADES:
		return true;
	case ASIC_ROLE_TIMESTAMP:
		return asic_judge_named(j, name) == 0 &&
		       !asic_judge_archived(j, name);
	default:
		return false;
	}
}

/* Signatures over the file itself, without a manifest (ETSI EN 319 162-1 4.3).
 */
static enum deed_status judge_direct(struct asic_judge *j,
				     struct asic_entry *object,
				     struct deed_error *err)
{
	struct cms_content content = { asic_entry_digest, object, SLICE_NONE };
	size_t i, s, first = j->doc->signature_count;
	enum deed_status status = DEED_OK;

	for (i = 0; status == DEED_OK && i < zip_count(j->zip); i++) {
		const struct zip_entry *e = zip_at(j->zip, i);

		if (!is_direct(j, e->name))
			continue;
		if (j->roles[ASIC_ROLE_OBJECT] > 1)
			status = choose_object(j, e, object, err);
		if (status == DEED_OK)
			status = asic_judge_over(
				j, e, object->entry == NULL ? NULL : &content,
				err);
		if (object->entry != NULL)
			j->covered[object->entry - zip_at(j->zip, 0)] = true;
	}
	for (s = first; s < j->doc->signature_count; s++) {
		struct verdict_signature *sig = &j->doc->signatures[s];

		sig->coverage = COVERAGE_WHOLE_FILE;
		if (object->fault.found)
			verdict_fail(sig, SUB_FORMAT_FAILURE, object->fault.id,
				     "%s", object->fault.message);
	}
	return status;
}

/* Of a list, the first so many become the last. */
static void move_behind(struct verdict_signature *list, size_t count,
			size_t first)
{
	verdict_reverse(list, first);
	verdict_reverse(list + first, count - first);
	verdict_reverse(list, count);
}

enum deed_status asic_judge_simple(struct asic_judge *j, struct deed_error *err)
{
	struct asic_entry object = { .judge = j };
	size_t s, first = j->doc->signature_count, under;
	enum deed_status status;
	bool single;

	object.entry = find_object(j, &single);
	status = asic_judge_manifests(j, err);
	under = j->doc->signature_count - first;
	if (status == DEED_OK)
		status = judge_direct(j, &object, err);
	asic_judge_coverage(j);
	/* What is over the file itself is told first. */
	if (j->doc->signature_count > first)
		move_behind(j->doc->signatures + first,
			    j->doc->signature_count - first, under);
	for (s = 0; s < j->doc->signature_count && !single; s++)
		verdict_fail(&j->doc->signatures[s], SUB_FORMAT_FAILURE,
			     "asic-s-object",
			     "an ASiC-S container holds exactly one file, in "
			     "its root");
	return status;
}
