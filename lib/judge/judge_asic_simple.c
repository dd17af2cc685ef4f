/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge_asic_private.h"

/*
 * ASiC-S (EN 319 162-1 4.3): one file in the root, and signatures and
 * time-stamps over its bytes.  Further time-stamps are over the manifests that
 * name them in their SigReference.
 */

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

static enum deed_status judge_direct(struct asic_judge *j,
				     struct asic_entry *object,
				     struct deed_error *err)
{
	struct cms_content content = { asic_entry_digest, object, SLICE_NONE };
	size_t i, s, first = j->doc->signature_count;
	enum deed_status status = DEED_OK;

	for (i = 0; status == DEED_OK && i < zip_count(j->zip); i++) {
		if (is_direct(j, zip_at(j->zip, i)->name))
			status = asic_judge_over(
				j, zip_at(j->zip, i),
				object->entry == NULL ? NULL : &content, err);
	}
	for (s = first; s < j->doc->signature_count; s++) {
		struct verdict_signature *sig = &j->doc->signatures[s];

		sig->coverage = COVERAGE_WHOLE_FILE;
		if (object->entry != NULL)
			j->covered[object->entry - zip_at(j->zip, 0)] = true;
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
