/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "judge/judge_asic_private.h"

/* ---- reading ---- */

/* When was the time-stamp made that a manifest names?  What is wrong with it
 * is told when it is judged. */
static enum deed_status read_time(struct asic_judge *j, struct asic_archive *a,
				  struct deed_error *err)
{
	const struct zip_entry *e = zip_find(j->zip, a->manifest->signature);
	struct zip_fault fault = { 0 };
	struct buf b = BUF_INIT;
	enum deed_status status;
	struct tst *t = NULL;

	if (e == NULL)
		return DEED_OK;
	status = zip_read_all(j->zip, e, ASIC_SIGNATURE_MAX, &b, &fault, err);
	if (status == DEED_OK && !fault.found) {
		if (tst_parse(buf_get(&b), &t, NULL) == DEED_OK)
			a->time = t->time;
		tst_free(t);
	}
	buf_clear(&b);
	return status;
}

/* The number is bounded, as each may name every file of the container. */
static enum deed_status read_archives(struct asic_judge *j,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct asic_archive *a;
	size_t i;

	j->archives = calloc(ASIC_ARCHIVES, sizeof(*j->archives));
	if (j->archives == NULL)
		return deed_error_memory(err);
	for (i = 0; status == DEED_OK && i < zip_count(j->zip); i++) {
		const struct zip_entry *e = zip_at(j->zip, i);

		if (asic_role(e->name) != ASIC_ROLE_ARCHIVE)
			continue;
		if (j->archive_count == ASIC_ARCHIVES)
			return asic_judge_fault(
				j, e->name, "archive-manifests",
				"the container has too many archive manifests",
				err);
		a = &j->archives[j->archive_count++];
		a->entry = e;
		status = asic_judge_manifest(j, e, &a->xml, &a->manifest, err);
		if (status == DEED_OK && a->manifest != NULL)
			status = read_time(j, a, err);
	}
	return status;
}

static int newest_first(const void *a, const void *b)
{
	const struct asic_archive *x = a, *y = b;

	return (x->time < y->time) - (x->time > y->time);
}

void asic_judge_archives_clear(struct asic_judge *j)
{
	size_t i;

	for (i = 0; i < j->archive_count; i++) {
		asic_manifest_free(j->archives[i].manifest);
		buf_clear(&j->archives[i].xml);
	}
	free(j->archives);
	free(j->proofs);
	j->archives = NULL;
	j->proofs = NULL;
	j->archive_count = 0;
}

bool asic_judge_archived(const struct asic_judge *j, const char *name)
{
	size_t i;

	for (i = 0; i < j->archive_count; i++) {
		if (j->archives[i].manifest != NULL &&
		    strcmp(j->archives[i].manifest->signature, name) == 0)
			return true;
	}
	return false;
}

/* ---- what it proves ---- */

/* The files that it names are covered, and where the time-stamp is believed
 * existed at its time: kept for when they are judged. */
static void prove(struct asic_judge *j, const struct asic_archive *a,
		  const struct verdict_signature *sig)
{
	struct asic_proof *p;
	size_t i;

	for (i = 0; i < a->manifest->count; i++) {
		const struct zip_entry *e =
			zip_find(j->zip, a->manifest->references[i].name);

		if (e == NULL)
			continue;
		p = &j->proofs[e - zip_at(j->zip, 0)];
		p->covered = true;
		if (sig->indication != TOTAL_PASSED)
			continue;
		if (!p->proven || sig->best_time < p->time)
			p->time = sig->best_time;
		p->proven = true;
	}
}

/* ---- judging ---- */

/* What an archive manifest leaves out is not its matter, but is told. */
static void tell_coverage(struct asic_judge *j, const struct asic_archive *a,
			  struct verdict_signature *sig)
{
	size_t i;

	sig->coverage = COVERAGE_WHOLE_FILE;
	for (i = 0; i < zip_count(j->zip); i++) {
		const char *name = zip_at(j->zip, i)->name;

		if (asic_role(name) == ASIC_ROLE_OBJECT &&
		    !asic_manifest_names(a->manifest, name))
			sig->coverage = COVERAGE_PARTIAL;
	}
}

/* What the time-stamp over an archive manifest proves, it proves only if it
 * holds itself and every file that it names is unchanged. */
static enum deed_status judge_archive(struct asic_judge *j,
				      struct asic_archive *a,
				      struct deed_error *err)
{
	const struct zip_entry *token =
		zip_find(j->zip, a->manifest->signature);
	size_t first = j->doc->signature_count;
	struct slice xml = buf_get(&a->xml);
	struct verdict_signature *sig;
	struct cms_content content;
	enum deed_status status;

	if (token == NULL || asic_role(token->name) != ASIC_ROLE_TIMESTAMP)
		return asic_judge_fault(j, a->entry->name, "timestamp-missing",
					"the archive manifest names no "
					"time-stamp in META-INF",
					err);
	cms_content_memory(&content, &xml);
	status = asic_judge_over(j, token, &content, err);
	if (status == DEED_OK)
		status = asic_judge_references(j, a->manifest, first, err);
	if (status != DEED_OK || j->doc->signature_count != first + 1)
		return status;
	sig = &j->doc->signatures[first];
	tell_coverage(j, a, sig);
	if (sig->indication != TOTAL_FAILED &&
	    sig->sub != SUB_SIG_CONSTRAINTS_FAILURE &&
	    sig->integrity == INTEGRITY_INTACT)
		prove(j, a, sig);
	return DEED_OK;
}

enum deed_status asic_judge_archives(struct asic_judge *j,
				     struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	j->proofs = calloc(zip_count(j->zip) + 1, sizeof(*j->proofs));
	if (j->proofs == NULL)
		return deed_error_memory(err);
	if (j->roles[ASIC_ROLE_ARCHIVE] == 0)
		return DEED_OK;
	status = read_archives(j, err);
	if (status == DEED_OK)
		qsort(j->archives, j->archive_count, sizeof(*j->archives),
		      newest_first);
	for (i = 0; status == DEED_OK && i < j->archive_count; i++) {
		if (j->archives[i].manifest != NULL)
			status = judge_archive(j, &j->archives[i], err);
	}
	return status;
}
