/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/judge.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asic/manifest.h"
#include "asic/names.h"
#include "asic/zip_read.h"
#include "sign/parser.h"

/* A signature or time-stamp file is read whole. */
#define SIGNATURE_MAX (32u << 20)
#define MEDIA_TYPE_MAX 128
#define TAIL 65536

/* One container while it is judged. */
struct asic_judge {
	const struct zip *zip;
	const char *name;
	const struct judge_params *params;
	struct verdict_document *doc;
	bool *covered;			  /* by any manifest, one an entry */
	struct asic_manifest **manifests; /* those that were read */
	size_t *manifest_first;		  /* the first verdict under each */
	size_t *manifest_end;
	size_t manifest_count;
	unsigned roles[ASIC_ROLE_OTHER + 1];
};

/* Content of an entry as judge_cms and judge_tst ask for it. */
struct entry_content {
	const struct zip *zip;
	const struct zip_entry *entry;
	struct zip_fault fault;
};

static enum deed_status update(void *arg, struct slice bytes,
			       struct deed_error *err)
{
	(void)err;
	digest_update(arg, bytes.data, bytes.len);
	return DEED_OK;
}

static enum deed_status entry_digest(void *arg, enum digest_alg alg,
				     uint8_t out[DIGEST_MAX],
				     struct deed_error *err)
{
	struct entry_content *c = arg;
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

/* A verdict for a container whose structure is at fault. */
static enum deed_status add_fault(struct verdict_document *doc,
				  const char *field, const char *id,
				  const char *message, struct deed_error *err)
{
	struct verdict_signature *sig;
	enum deed_status status = verdict_add(doc, &sig, err);

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
static enum deed_status load(struct asic_judge *j,
			     const struct zip_entry *entry, size_t max,
			     struct buf *b, bool *good, struct deed_error *err)
{
	struct zip_fault fault = { 0 };
	enum deed_status status;

	*good = false;
	status = zip_read_all(j->zip, entry, max, b, &fault, err);
	if (status != DEED_OK)
		return status;
	if (fault.found)
		return add_fault(j->doc, entry->name, fault.id, fault.message,
				 err);
	*good = true;
	return DEED_OK;
}

/*
 * Judge the signature or time-stamp file over content.  Content whose entry
 * does not unpack is a fault of every signature over it.
 */
static enum deed_status judge_over(struct asic_judge *j,
				   const struct zip_entry *entry,
				   const struct cms_content *content,
				   struct deed_error *err)
{
	size_t first = j->doc->signature_count;
	struct buf b = BUF_INIT;
	enum deed_status status;
	bool good;

	status = load(j, entry, SIGNATURE_MAX, &b, &good, err);
	if (status == DEED_OK && good) {
		if (asic_role(entry->name) == ASIC_ROLE_TIMESTAMP)
			status = judge_tst(buf_get(&b), content,
					   KIND_CONTAINER_TIMESTAMP, j->params,
					   j->doc, err);
		else
			status = judge_cms_bytes(buf_get(&b), content,
						 JUDGE_DETACHED, JUDGE_CADES,
						 j->params, j->doc, err);
	}
	name_verdicts(j->doc, first, entry->name);
	buf_clear(&b);
	return status;
}

/* Hold one file against its digest in the manifest. */
static enum deed_status
check_reference(struct asic_judge *j, const struct asic_manifest_reference *ref,
		struct verdict_signature *sig, struct deed_error *err)
{
	struct entry_content content = { .zip = j->zip };
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
	status = entry_digest(&content, ref->alg, digest, err);
	if (status != DEED_OK)
		return status;
	if (content.fault.found) {
		lower_integrity(sig);
		verdict_fail(sig, SUB_FORMAT_FAILURE, content.fault.id, "%s",
			     content.fault.message);
	} else if (!slice_equal(slice_of(digest, digest_size(ref->alg)),
				slice_of(ref->digest, ref->digest_len))) {
		lower_integrity(sig);
		verdict_fail(sig, SUB_HASH_FAILURE, "object-digest",
			     "the file '%s' is not what was signed", ref->name);
	}
	return DEED_OK;
}

static void mark_covered(struct asic_judge *j, const struct asic_manifest *m)
{
	size_t i, k;

	for (i = 0; i < m->count; i++) {
		const struct zip_entry *e =
			zip_find(j->zip, m->references[i].name);

		for (k = 0; e != NULL && k < zip_count(j->zip); k++) {
			if (zip_at(j->zip, k) == e)
				j->covered[k] = true;
		}
	}
}

/* The files are checked once; each verdict over the manifest hears of it. */
static enum deed_status check_references(struct asic_judge *j,
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

/* Judge what a manifest that was read leads to. */
static enum deed_status follow_manifest(struct asic_judge *j,
					const struct zip_entry *entry,
					struct slice xml,
					const struct asic_manifest *m,
					struct deed_error *err)
{
	const struct zip_entry *signature = zip_find(j->zip, m->signature);
	size_t first = j->doc->signature_count, slot = j->manifest_count - 1;
	struct cms_content content;
	enum deed_status status;
	enum asic_role role;

	if (signature == NULL)
		return add_fault(j->doc, entry->name, "signature-missing",
				 "the manifest names a signature that is not "
				 "in the container",
				 err);
	role = asic_role(signature->name);
	if (role != ASIC_ROLE_CADES && role != ASIC_ROLE_TIMESTAMP)
		return add_fault(j->doc, entry->name, "signature-name",
				 "the manifest names a signature outside "
				 "META-INF",
				 err);
	cms_content_memory(&content, &xml);
	status = judge_over(j, signature, &content, err);
	if (status == DEED_OK)
		status = check_references(j, m, first, err);
	mark_covered(j, m);
	j->manifest_first[slot] = first;
	j->manifest_end[slot] = j->doc->signature_count;
	return status;
}

static enum deed_status judge_manifest(struct asic_judge *j,
				       const struct zip_entry *entry,
				       struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct asic_manifest *m = NULL;
	struct buf xml = BUF_INIT;
	enum deed_status status;
	bool good;

	status = load(j, entry, MANIFEST_SIZE, &xml, &good, err);
	if (status != DEED_OK || !good)
		goto out;
	status = asic_manifest_read(buf_get(&xml), entry->name, &m, &why);
	if (status == DEED_MALFORMED || status == DEED_LIMIT ||
	    status == DEED_UNSUPPORTED) {
		status = add_fault(j->doc, entry->name, "manifest", why.message,
				   err);
	} else if (status != DEED_OK) {
		if (err != NULL)
			*err = why;
	} else {
		j->manifests[j->manifest_count++] = m;
		status = follow_manifest(j, entry, buf_get(&xml), m, err);
	}
out:
	buf_clear(&xml);
	return status;
}

/* Is a signature file named by exactly one manifest? */
static size_t times_named(const struct asic_judge *j, const char *name)
{
	size_t i, n = 0;

	for (i = 0; i < j->manifest_count; i++)
		n += strcmp(j->manifests[i]->signature, name) == 0;
	return n;
}

static bool in_manifest(const struct asic_manifest *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->count; i++) {
		if (strcmp(m->references[i].name, name) == 0)
			return true;
	}
	return false;
}

/*
 * Every file but META-INF is in a manifest: a file that none names could have
 * been added by anyone.  One that only another signature covers makes this
 * one's coverage partial.
 */
static void check_coverage(struct asic_judge *j)
{
	size_t i, k, s;

	for (i = 0; i < j->manifest_count; i++) {
		for (s = j->manifest_first[i]; s < j->manifest_end[i]; s++)
			j->doc->signatures[s].coverage = COVERAGE_WHOLE_FILE;
	}
	for (k = 0; k < zip_count(j->zip); k++) {
		const char *name = zip_at(j->zip, k)->name;

		if (asic_role(name) != ASIC_ROLE_OBJECT)
			continue;
		for (i = 0; i < j->manifest_count; i++) {
			if (j->covered[k] && in_manifest(j->manifests[i], name))
				continue;
			for (s = j->manifest_first[i]; s < j->manifest_end[i];
			     s++) {
				struct verdict_signature *sig =
					&j->doc->signatures[s];

				sig->coverage = COVERAGE_PARTIAL;
				if (!j->covered[k])
					verdict_fail(sig, SUB_FORMAT_FAILURE,
						     "object-unsigned",
						     "the file '%s' is signed "
						     "by nobody",
						     name);
				else
					verdict_note(sig, "object-not-covered",
						     "the file '%s' is covered "
						     "by another signature "
						     "only",
						     name);
			}
		}
	}
}

static enum deed_status judge_extended(struct asic_judge *j,
				       struct deed_error *err)
{
	size_t count = zip_count(j->zip), i;
	enum deed_status status = DEED_OK;

	j->covered = calloc(count + 1, sizeof(*j->covered));
	j->manifests = calloc(count + 1, sizeof(*j->manifests));
	j->manifest_first = calloc(count + 1, sizeof(*j->manifest_first));
	j->manifest_end = calloc(count + 1, sizeof(*j->manifest_end));
	if (j->covered == NULL || j->manifests == NULL ||
	    j->manifest_first == NULL || j->manifest_end == NULL)
		return deed_error_memory(err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		if (asic_role(zip_at(j->zip, i)->name) == ASIC_ROLE_MANIFEST)
			status = judge_manifest(j, zip_at(j->zip, i), err);
	}
	for (i = 0; status == DEED_OK && i < count; i++) {
		const char *name = zip_at(j->zip, i)->name;

		if (asic_role(name) == ASIC_ROLE_CADES &&
		    times_named(j, name) != 1)
			status = add_fault(j->doc, name, "manifest-missing",
					   "not exactly one manifest names "
					   "this signature",
					   err);
	}
	if (status == DEED_OK)
		check_coverage(j);
	return status;
}

/* ASiC-S (4.3): one file in the root, and signatures over its bytes. */
static enum deed_status judge_simple(struct asic_judge *j,
				     struct deed_error *err)
{
	struct entry_content object = { .zip = j->zip };
	struct cms_content content = { entry_digest, &object, SLICE_NONE };
	enum deed_status status = DEED_OK;
	bool nested = false;
	size_t i, s;

	for (i = 0; i < zip_count(j->zip); i++) {
		const struct zip_entry *e = zip_at(j->zip, i);

		if (asic_role(e->name) != ASIC_ROLE_OBJECT)
			continue;
		object.entry = e;
		nested = nested || strchr(e->name, '/') != NULL;
	}
	for (i = 0; status == DEED_OK && i < zip_count(j->zip); i++) {
		const struct zip_entry *e = zip_at(j->zip, i);
		enum asic_role role = asic_role(e->name);

		if (role == ASIC_ROLE_CADES || role == ASIC_ROLE_TIMESTAMP)
			status = judge_over(
				j, e, object.entry == NULL ? NULL : &content,
				err);
	}
	for (s = 0; s < j->doc->signature_count; s++) {
		struct verdict_signature *sig = &j->doc->signatures[s];

		sig->coverage = COVERAGE_WHOLE_FILE;
		if (object.fault.found)
			verdict_fail(sig, SUB_FORMAT_FAILURE, object.fault.id,
				     "%s", object.fault.message);
		if (j->roles[ASIC_ROLE_OBJECT] > 1 || nested)
			verdict_fail(sig, SUB_FORMAT_FAILURE, "asic-s-object",
				     "an ASiC-S container holds exactly one "
				     "file, in its root");
	}
	return status;
}

/* What the container says it is.  FORMAT_UNKNOWN if it does not. */
static enum deed_status media_type(struct asic_judge *j,
				   enum verdict_format *out,
				   struct deed_error *err)
{
	const struct zip_entry *e = zip_find(j->zip, ASIC_MIMETYPE);
	struct zip_fault fault = { 0 };
	struct buf b = BUF_INIT;
	enum deed_status status;

	*out = FORMAT_UNKNOWN;
	if (e == NULL)
		return DEED_OK;
	status = zip_read_all(j->zip, e, MEDIA_TYPE_MAX, &b, &fault, err);
	if (status == DEED_OK && !fault.found) {
		if (slice_equal_str(buf_get(&b), ASIC_E_MEDIA_TYPE))
			*out = FORMAT_ASIC_E;
		else if (slice_equal_str(buf_get(&b), ASIC_S_MEDIA_TYPE))
			*out = FORMAT_ASIC_S;
	}
	buf_clear(&b);
	return status;
}

/* Notes and doubts about the container as a whole, to every signature. */
static void tell_all(struct asic_judge *j, bool typed)
{
	size_t i;

	for (i = 0; i < j->doc->signature_count; i++) {
		struct verdict_signature *sig = &j->doc->signatures[i];

		if (j->roles[ASIC_ROLE_MIMETYPE] > 0 && !typed)
			verdict_doubt(sig, SUB_GENERIC, "mimetype",
				      "the container's mimetype is none of "
				      "ASiC");
		if (j->roles[ASIC_ROLE_ARCHIVE] > 0)
			verdict_note(sig, "archive-manifest",
				     "the container has archive time-stamps, "
				     "which were not judged");
	}
}

static enum deed_status judge_zip(struct asic_judge *j, struct deed_error *err)
{
	enum verdict_format said;
	enum deed_status status;
	size_t i;

	for (i = 0; i < zip_count(j->zip); i++)
		j->roles[asic_role(zip_at(j->zip, i)->name)]++;
	status = media_type(j, &said, err);
	if (status != DEED_OK)
		return status;
	if (j->roles[ASIC_ROLE_XADES] > 0)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is signed with XAdES, which deed "
				      "does not read",
				      j->name);
	if (said == FORMAT_UNKNOWN && j->roles[ASIC_ROLE_CADES] == 0 &&
	    j->roles[ASIC_ROLE_TIMESTAMP] == 0)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is a ZIP, but no ASiC container",
				      j->name);
	j->doc->format = said != FORMAT_UNKNOWN		    ? said
			 : j->roles[ASIC_ROLE_MANIFEST] > 0 ? FORMAT_ASIC_E
							    : FORMAT_ASIC_S;
	if (j->doc->format == FORMAT_ASIC_E)
		status = judge_extended(j, err);
	else
		status = judge_simple(j, err);
	tell_all(j, said != FORMAT_UNKNOWN);
	return status;
}

/*
 * Does a broken container still show a signature?  Its names lie in the
 * central directory, at the end.
 */
static bool shows_signature(int fd, uint64_t size)
{
	static const char *const names[] = { "META-INF/signature",
					     "META-INF/ASiCManifest",
					     "META-INF/timestamp" };
	uint8_t tail[TAIL];
	uint64_t at = size > TAIL ? size - TAIL : 0;
	ssize_t got = pread(fd, tail, sizeof(tail), (off_t)at);
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && got > 0; i++) {
		if (memmem(tail, (size_t)got, names[i], strlen(names[i])))
			return true;
	}
	return false;
}

/*
 * A container that cannot be read as one thing.  Where it shows a signature
 * that is a verdict on it; else it is no format of deed's.
 */
static enum deed_status judge_fault(struct asic_judge *j, int fd,
				    const struct zip_fault *fault,
				    struct deed_error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !shows_signature(fd, (uint64_t)st.st_size))
		return deed_error_set(err, DEED_MALFORMED,
				      "'%s' is no ZIP that can be read in one "
				      "way only: %s",
				      j->name, fault->message);
	j->doc->format = FORMAT_ASIC_E;
	return add_fault(j->doc, NULL, fault->id, fault->message, err);
}

enum deed_status judge_asic(int fd, const char *name,
			    const struct judge_params *params,
			    struct verdict_document *doc,
			    struct deed_error *err)
{
	struct asic_judge j = { .name = name, .params = params, .doc = doc };
	struct zip_fault fault;
	enum deed_status status;
	struct zip *zip = NULL;
	size_t i;

	status = parser_open_zip(params->parser, fd, name, &zip, &fault, err);
	if (status == DEED_OK) {
		j.zip = zip;
		status = zip != NULL ? judge_zip(&j, err)
				     : judge_fault(&j, fd, &fault, err);
	}
	for (i = 0; i < j.manifest_count; i++)
		asic_manifest_free(j.manifests[i]);
	free(j.manifests);
	free(j.manifest_first);
	free(j.manifest_end);
	free(j.covered);
	zip_close(zip);
	return status;
}
