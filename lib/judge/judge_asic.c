/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge.h"

#include <stdio.h>
#include <stdlib.h>

#include "judge/judge_asic_private.h"
#include "judge/parser.h"

#define MEDIA_TYPE_MAX 128

/* A file that is named and not there is told with the references; here it
 * covers nothing. */
static void mark_covered(struct asic_judge *j, const struct asic_manifest *m)
{
	const struct zip_entry *e;
	size_t i;

	for (i = 0; i < m->count; i++) {
		e = zip_find(j->zip, m->references[i].name);
		if (e != NULL)
			j->covered[e - zip_at(j->zip, 0)] = true;
	}
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
		return asic_judge_fault(
			j, entry->name, "signature-missing",
			"the manifest names a signature that is not "
			"in the container",
			err);
	role = asic_role(signature->name);
	if (role != ASIC_ROLE_CADES && role != ASIC_ROLE_TIMESTAMP)
		return asic_judge_fault(
			j, entry->name, "signature-name",
			"the manifest names a signature outside "
			"META-INF",
			err);
	cms_content_memory(&content, &xml);
	status = asic_judge_over(j, signature, &content, err);
	if (status == DEED_OK)
		status = asic_judge_references(j, m, first, err);
	mark_covered(j, m);
	j->manifest_first[slot] = first;
	j->manifest_end[slot] = j->doc->signature_count;
	return status;
}

/* In a simple container a signature is over the file, whatever names it. */
static bool is_followed(const struct asic_judge *j,
			const struct asic_manifest *m)
{
	return j->doc->format == FORMAT_ASIC_E ||
	       asic_role(m->signature) == ASIC_ROLE_TIMESTAMP;
}

/* A manifest that is followed is owned by the list from before its signature
 * is judged, so that it is freed with the list whatever fails. */
static enum deed_status judge_manifest(struct asic_judge *j,
				       const struct zip_entry *entry,
				       struct deed_error *err)
{
	struct asic_manifest *m;
	struct buf xml = BUF_INIT;
	enum deed_status status;

	status = asic_judge_manifest(j, entry, &xml, &m, err);
	if (status == DEED_OK && m != NULL && is_followed(j, m)) {
		j->manifests[j->manifest_count++] = m;
		status = follow_manifest(j, entry, buf_get(&xml), m, err);
	} else {
		asic_manifest_free(m);
	}
	buf_clear(&xml);
	return status;
}

enum deed_status asic_judge_manifests(struct asic_judge *j,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < zip_count(j->zip); i++) {
		if (asic_role(zip_at(j->zip, i)->name) == ASIC_ROLE_MANIFEST)
			status = judge_manifest(j, zip_at(j->zip, i), err);
	}
	return status;
}

size_t asic_judge_named(const struct asic_judge *j, const char *name)
{
	size_t i, n = 0;

	for (i = 0; i < j->manifest_count; i++)
		n += strcmp(j->manifests[i]->signature, name) == 0;
	return n;
}

/* Of the files that a manifest leaves out. */
struct left_out {
	size_t unsigned_count, other_count;
	const char *unsigned_name, *other_name; /* the first of each */
};

/* The first of each kind is named and the rest counted: a container may hold a
 * hundred thousand files. */
static struct left_out find_left_out(const struct asic_judge *j,
				     const struct asic_manifest *m)
{
	struct left_out out = { 0 };
	size_t k;

	for (k = 0; k < zip_count(j->zip); k++) {
		const char *name = zip_at(j->zip, k)->name;

		if (asic_role(name) != ASIC_ROLE_OBJECT)
			continue;
		if (!j->covered[k] && out.unsigned_count++ == 0)
			out.unsigned_name = name;
		if (j->covered[k] && !asic_manifest_names(m, name) &&
		    out.other_count++ == 0)
			out.other_name = name;
	}
	return out;
}

/* Of files that are left out there may be thousands; the first is named and
 * the others are counted. */
static const char *and_more(size_t count, char text[40])
{
	text[0] = '\0';
	if (count > 1)
		(void)snprintf(text, 40, " (and %zu more)", count - 1);
	return text;
}

/* A file that nobody signed fails every signature: who opens the container
 * sees it beside the signed ones, and nothing on the screen tells them apart.
 */
static void tell_left_out(const struct left_out *l,
			  struct verdict_signature *sig)
{
	char more[40];

	sig->coverage = l->unsigned_count + l->other_count > 0
				? COVERAGE_PARTIAL
				: COVERAGE_WHOLE_FILE;
	if (l->unsigned_count > 0)
		verdict_fail(sig, SUB_FORMAT_FAILURE, "object-unsigned",
			     "the file '%s'%s is signed by nobody",
			     l->unsigned_name,
			     and_more(l->unsigned_count, more));
	if (l->other_count > 0)
		verdict_note(sig, "object-not-covered",
			     "the file '%s'%s is covered by another signature "
			     "only",
			     l->other_name, and_more(l->other_count, more));
}

/*
 * Every file but META-INF is in a manifest: a file that none names could have
 * been added by anyone.  One that only another signature covers makes this
 * one's coverage partial.  Of many the first is named, as there may be as
 * many signatures.
 */
void asic_judge_coverage(struct asic_judge *j)
{
	struct left_out left;
	size_t i, s;

	for (i = 0; i < j->manifest_count; i++) {
		left = find_left_out(j, j->manifests[i]);
		for (s = j->manifest_first[i]; s < j->manifest_end[i]; s++)
			tell_left_out(&left, &j->doc->signatures[s]);
	}
}

/* ETSI EN 319 162-1 4.4.3.2: a signature file is named by one manifest; by two
 * it would be unclear what it signs. */
static enum deed_status judge_extended(struct asic_judge *j,
				       struct deed_error *err)
{
	enum deed_status status = asic_judge_manifests(j, err);
	size_t i;

	for (i = 0; status == DEED_OK && i < zip_count(j->zip); i++) {
		const char *name = zip_at(j->zip, i)->name;

		if (asic_role(name) == ASIC_ROLE_CADES &&
		    asic_judge_named(j, name) != 1)
			status = asic_judge_fault(
				j, name, "manifest-missing",
				"not exactly one manifest names "
				"this signature",
				err);
	}
	if (status == DEED_OK)
		asic_judge_coverage(j);
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

/* Evidence records (RFC 4998, 6283; EN 319 162-1 A.8) prove nothing here. */
static bool has_records(const struct asic_judge *j)
{
	size_t i;

	for (i = 0; i < zip_count(j->zip); i++) {
		const char *name = zip_at(j->zip, i)->name;

		if (asic_role(name) != ASIC_ROLE_OBJECT &&
		    (strcasestr(name, "evidencerecord") != NULL ||
		     strcasestr(name, ".ers") != NULL))
			return true;
	}
	return false;
}

/* Formats of signature that deed knows by name only.  Of XAdES nothing else in
 * the container tells who signed what, so that nothing else is judged. */
static enum deed_status refuse_others(const struct asic_judge *j, bool typed,
				      struct deed_error *err)
{
	bool cades = j->roles[ASIC_ROLE_CADES] > 0 ||
		     j->roles[ASIC_ROLE_TIMESTAMP] > 0;

	if (j->roles[ASIC_ROLE_XADES] > 0)
		return asic_refuse_xades(j->name, err);
	if (!cades && j->roles[ASIC_ROLE_MANIFEST] == 0 &&
	    j->roles[ASIC_ROLE_ARCHIVE] == 0 && has_records(j))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' has evidence records alone (RFC "
				      "4998, RFC 6283), which deed does not "
				      "judge",
				      j->name);
	if (!typed && !cades)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is a ZIP, but no ASiC container",
				      j->name);
	return DEED_OK;
}

/* Notes and doubts about the container as a whole, to every signature. */
static void tell_all(struct asic_judge *j, bool typed)
{
	bool records = has_records(j);
	size_t i;

	for (i = 0; i < j->doc->signature_count; i++) {
		struct verdict_signature *sig = &j->doc->signatures[i];

		if (j->roles[ASIC_ROLE_MIMETYPE] > 0 && !typed)
			verdict_doubt(sig, SUB_GENERIC, "mimetype",
				      "the container's mimetype is none of "
				      "ASiC");
		if (zip_has_comment(j->zip))
			verdict_note(sig, "zip-comment",
				     "the container has a comment, which "
				     "nobody signed");
		if (records)
			verdict_note(sig, "evidence-record",
				     "the container has an evidence record, "
				     "which is not judged");
	}
}

/* One element more than there are entries, so that an empty container does not
 * ask for nothing.  What was allocated is freed by judge_asic_zip, also where
 * one of them failed. */
static enum deed_status new_lists(struct asic_judge *j, struct deed_error *err)
{
	size_t count = zip_count(j->zip) + 1;

	j->covered = calloc(count, sizeof(*j->covered));
	j->digests = calloc(count, sizeof(*j->digests));
	j->manifests = calloc(count, sizeof(*j->manifests));
	j->manifest_first = calloc(count, sizeof(*j->manifest_first));
	j->manifest_end = calloc(count, sizeof(*j->manifest_end));
	if (j->covered == NULL || j->digests == NULL || j->manifests == NULL ||
	    j->manifest_first == NULL || j->manifest_end == NULL)
		return deed_error_memory(err);
	return DEED_OK;
}

/* Without a media type it is an ASiC-E where it has a manifest, as one file in
 * the root needs none.  The archive time-stamps come first since what they
 * prove is needed to judge the signatures; verdict_rotate puts them last in
 * the report. */
static enum deed_status judge_zip(struct asic_judge *j, struct deed_error *err)
{
	enum verdict_format said;
	enum deed_status status;
	size_t i, archives;

	for (i = 0; i < zip_count(j->zip); i++)
		j->roles[asic_role(zip_at(j->zip, i)->name)]++;
	status = media_type(j, &said, err);
	if (status == DEED_OK)
		status = refuse_others(j, said != FORMAT_UNKNOWN, err);
	if (status != DEED_OK)
		return status;
	j->doc->format = said != FORMAT_UNKNOWN		    ? said
			 : j->roles[ASIC_ROLE_MANIFEST] > 0 ? FORMAT_ASIC_E
							    : FORMAT_ASIC_S;
	status = new_lists(j, err);
	/* What covers is judged first, and told last. */
	if (status == DEED_OK)
		status = asic_judge_archives(j, err);
	archives = j->doc->signature_count;
	if (status == DEED_OK)
		status = j->doc->format == FORMAT_ASIC_E
				 ? judge_extended(j, err)
				 : asic_judge_simple(j, err);
	verdict_rotate(j->doc, archives);
	tell_all(j, said != FORMAT_UNKNOWN);
	return status;
}

enum deed_status judge_asic_zip(int fd, const char *name, const struct zip *zip,
				const struct zip_fault *fault,
				const struct judge_params *params,
				struct verdict_document *doc,
				struct deed_error *err)
{
	struct asic_judge j = { .name = name, .doc = doc, .zip = zip };
	enum deed_status status;
	size_t i;

	status = judge_evidence_new(params, &j.evidence, err);
	if (status == DEED_OK) {
		j.params = judge_evidence_params(j.evidence);
		status = zip != NULL ? judge_zip(&j, err)
				     : asic_judge_broken(&j, fd, fault, err);
	}
	for (i = 0; i < j.manifest_count; i++)
		asic_manifest_free(j.manifests[i]);
	asic_judge_archives_clear(&j);
	asic_digests_clear(&j);
	judge_evidence_free(j.evidence);
	free(j.manifests);
	free(j.manifest_first);
	free(j.manifest_end);
	free(j.covered);
	return status;
}

enum deed_status judge_asic(int fd, const char *name,
			    const struct judge_params *params,
			    struct verdict_document *doc,
			    struct deed_error *err)
{
	struct zip_fault fault;
	enum deed_status status;
	struct zip *zip = NULL;

	status = parser_open_zip(params->parser, fd, name, &zip, &fault, err);
	if (status == DEED_OK)
		status =
			judge_asic_zip(fd, name, zip, &fault, params, doc, err);
	zip_close(zip);
	return status;
}
