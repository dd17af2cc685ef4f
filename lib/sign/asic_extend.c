/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/asic_extend.h"

#include <stdlib.h>

#include "sign/asic_archive.h"
#include "sign/asic_draft.h"
#include "sign/cades_extend.h"

struct extending {
	const struct augment_params *params;
	struct asic_draft draft;
	unsigned *steps;
};

/* ---- CAdES inside ---- */

/* The one file of an ASiC-S container, as content of its signatures. */
struct object {
	const struct asic_draft *draft;
	const struct asic_draft_entry *entry;
};

/* An archive time-stamp is made with SHA-256 alone, which is why no other
 * digest is asked for. */
static enum deed_status object_digest(void *arg, enum digest_alg alg,
				      uint8_t out[DIGEST_MAX],
				      struct deed_error *err)
{
	const struct object *o = arg;

	if (alg != DIGEST_SHA256)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "only SHA-256 is asked for");
	return asic_draft_digest(o->draft, o->entry, out, err);
}

/* A simple container has one file.  In an extended one no signature is raised
 * so high that its content is asked for. */
static const struct asic_draft_entry *first_object(const struct asic_draft *d)
{
	size_t i;

	for (i = 0; i < d->count; i++) {
		if (asic_role(d->entries[i].name) == ASIC_ROLE_OBJECT)
			return &d->entries[i];
	}
	return NULL;
}

/* What needs nothing stays as it is, to the byte: other time-stamps may cover
 * it. */
static enum deed_status raise_one(struct extending *w,
				  const struct augment_params *params,
				  struct asic_draft_entry *e,
				  struct deed_error *err)
{
	struct object object = { &w->draft, first_object(&w->draft) };
	struct cms_content content = { object_digest, &object, SLICE_NONE };
	struct buf old = BUF_INIT, new = BUF_INIT;
	enum deed_status status;

	status = asic_draft_read(&w->draft, e, &old, err);
	if (status == DEED_OK)
		status = cades_extend(params, buf_get(&old),
				      object.entry == NULL ? NULL : &content,
				      &new, err);
	if (status == DEED_OK && !slice_equal(buf_get(&old), buf_get(&new))) {
		(*w->steps)++;
		asic_draft_replace(e, &new);
	}
	if (status != DEED_OK)
		deed_error_prefix(err, "'%s'", e->name);
	buf_clear(&old);
	buf_clear(&new);
	return status;
}

/* In an extended container signatures stop at B-LT, as an archive manifest
 * does the rest. */
static enum deed_status raise_all(struct extending *w, enum verdict_level level,
				  struct deed_error *err)
{
	struct augment_params params = *w->params;
	enum deed_status status = DEED_OK;
	size_t i;

	params.level = level < params.level ? level : params.level;
	for (i = 0; status == DEED_OK && i < w->draft.count; i++) {
		if (asic_role(w->draft.entries[i].name) == ASIC_ROLE_CADES)
			status = raise_one(w, &params, &w->draft.entries[i],
					   err);
	}
	return status;
}

/* ---- the container ---- */

/* Checked before anything is fetched or stamped. */
static enum deed_status check_signatures(const struct extending *w,
					 const char *name,
					 struct deed_error *err)
{
	const struct asic_draft *d = &w->draft;

	if (asic_draft_count(d, ASIC_ROLE_XADES) > 0)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is signed with XAdES, which deed "
				      "does not write",
				      name);
	if (asic_draft_count(d, ASIC_ROLE_CADES) == 0)
		return deed_error_set(err, DEED_NO_SIGNATURE,
				      "'%s' has no signature to raise", name);
	return DEED_OK;
}

enum deed_status asic_extend(const struct augment_params *params,
			     const struct asic_source *source,
			     const struct zip_sink *sink, unsigned *steps,
			     struct deed_error *err)
{
	struct extending w = { .params = params, .steps = steps };
	bool simple, closed;
	enum deed_status status;

	*steps = 0;
	status = asic_draft_open(source, &w.draft, err);
	if (status == DEED_OK)
		status = check_signatures(&w, source->name, err);
	if (status != DEED_OK)
		goto out;
	simple = asic_draft_count(&w.draft, ASIC_ROLE_MANIFEST) == 0;
	closed = asic_draft_count(&w.draft, ASIC_ROLE_ARCHIVE) > 0;
	if (!closed)
		status = raise_all(&w, simple ? LEVEL_B_LTA : LEVEL_B_LT, err);
	if (status == DEED_OK && (!simple || closed) &&
	    params->level == LEVEL_B_LTA) {
		status = asic_archive_add(&w.draft, params, err);
		(*steps)++;
	}
	if (status == DEED_OK && *steps > 0)
		status = asic_draft_write(&w.draft, params->now, sink, err);
out:
	asic_draft_close(&w.draft);
	return status;
}
