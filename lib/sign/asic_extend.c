/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/asic_extend.h"

#include <stdlib.h>

#include "asic/zip_read.h"
#include "cms/amend.h"
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

/* ---- the archive manifest (annex A.7) ---- */

/*
 * The token of the manifest that was the last: what is needed to judge it
 * goes into it, before the next one covers it.
 */
static enum deed_status complete_token(struct extending *w,
				       struct asic_draft_entry *e,
				       struct deed_error *err)
{
	struct augment_values values = AUGMENT_VALUES_INIT;
	struct cms_amendment what = { 0 };
	struct buf old = BUF_INIT, new = BUF_INIT;
	struct cms_signed *sd = NULL;
	enum deed_status status;

	status = asic_draft_read(&w->draft, e, &old, err);
	if (status == DEED_OK)
		status = cms_signed_parse(buf_get(&old), &sd, err);
	if (status == DEED_OK)
		status = augment_gather_token(w->params, buf_get(&old), NULL,
					      &values, err);
	if (status == DEED_OK) {
		what.certificates = values.certificates.items;
		what.certificate_count = values.certificates.count;
		what.crls = values.crls.items;
		what.crl_count = values.crls.count;
		what.ocsps = values.ocsps.items;
		what.ocsp_count = values.ocsps.count;
		status = cms_amend(sd, &what, &new, err);
	}
	if (status == DEED_OK)
		asic_draft_replace(e, &new);
	augment_values_clear(&values);
	cms_signed_free(sd);
	buf_clear(&old);
	buf_clear(&new);
	return status;
}

/* The newest manifest gets an older one's name; its own octets stay, for a
 * token is over them. */
static enum deed_status retire(struct extending *w,
			       struct asic_draft_entry *last,
			       struct deed_error *err)
{
	struct asic_manifest *m = NULL;
	struct asic_draft_entry *token;
	struct buf xml = BUF_INIT;
	enum deed_status status;
	char *name = NULL;

	status = asic_draft_read(&w->draft, last, &xml, err);
	if (status == DEED_OK)
		status = asic_manifest_read(buf_get(&xml), last->name, &m, err);
	if (status == DEED_OK) {
		token = asic_draft_find(&w->draft, m->signature);
		if (token != NULL)
			status = complete_token(w, token, err);
	}
	if (status == DEED_OK)
		status = asic_draft_name(&w->draft,
					 "META-INF/ASiCArchiveManifest", ".xml",
					 &name, err);
	if (status == DEED_OK)
		status = asic_draft_rename(last, name, err);
	free(name);
	buf_clear(&xml);
	asic_manifest_free(m);
	return status;
}

static bool is_covered(const struct asic_draft_entry *e)
{
	enum asic_role role = asic_role(e->name);

	return role != ASIC_ROLE_MIMETYPE && role != ASIC_ROLE_FOLDER;
}

/* The manifest of before is renamed and covered by the new one (ETSI EN 319
 * 162-1 A.7), so that the newest covers all. */
static enum deed_status add_archive(struct extending *w, struct deed_error *err)
{
	struct asic_draft_entry *last =
		asic_draft_find(&w->draft, ASIC_ARCHIVE);
	struct buf xml = BUF_INIT, token = BUF_INIT;
	struct asic_manifest *m = NULL;
	enum deed_status status = DEED_OK;
	char *name = NULL;
	size_t i;

	if (last != NULL)
		status = retire(w, last, err);
	if (status == DEED_OK)
		status = asic_draft_name(&w->draft, "META-INF/timestamp",
					 ".tst", &name, err);
	if (status == DEED_OK)
		status = asic_draft_manifest(name, w->draft.count, &m, err);
	for (i = 0; status == DEED_OK && i < w->draft.count; i++) {
		const struct asic_draft_entry *e = &w->draft.entries[i];

		if (is_covered(e))
			status = asic_draft_refer(&w->draft, e, e == last, m,
						  err);
	}
	if (status == DEED_OK)
		status = asic_manifest_write(m, &xml, err);
	if (status == DEED_OK)
		status = augment_stamp(w->params, buf_get(&xml), &token, err);
	if (status == DEED_OK)
		status = asic_draft_add(&w->draft, ASIC_ARCHIVE, &xml, err);
	if (status == DEED_OK)
		status = asic_draft_add(&w->draft, name, &token, err);
	(*w->steps)++;
	free(name);
	buf_clear(&xml);
	buf_clear(&token);
	asic_manifest_free(m);
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
	    params->level == LEVEL_B_LTA)
		status = add_archive(&w, err);
	if (status == DEED_OK && *steps > 0)
		status = asic_draft_write(&w.draft, params->now, sink, err);
out:
	asic_draft_close(&w.draft);
	return status;
}

/* ---- a further signature ---- */

/* A further signature covers all files, whatever the earlier ones leave out.
 */
static enum deed_status refer_objects(struct asic_draft *d,
				      struct asic_manifest *m,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < d->count; i++) {
		if (asic_role(d->entries[i].name) == ASIC_ROLE_OBJECT)
			status = asic_draft_refer(d, &d->entries[i], false, m,
						  err);
	}
	if (status == DEED_OK && m->count == 0)
		status = deed_error_set(err, DEED_MALFORMED,
					"the container has no file to sign");
	return status;
}

enum deed_status asic_cosign(const struct asic_source *source,
			     const struct cades_params *signer,
			     const struct augment_params *params,
			     const struct zip_sink *sink,
			     struct deed_error *err)
{
	struct buf xml = BUF_INIT, cms = BUF_INIT;
	char *manifest = NULL, *signature = NULL;
	struct asic_manifest *m = NULL;
	struct asic_draft d;
	enum deed_status status;

	status = asic_draft_open(source, &d, err);
	if (status == DEED_OK)
		status = asic_draft_name(&d, "META-INF/signature", ".p7s",
					 &signature, err);
	if (status == DEED_OK)
		status = asic_draft_name(&d, "META-INF/ASiCManifest", ".xml",
					 &manifest, err);
	if (status == DEED_OK)
		status = asic_draft_manifest(signature, d.count, &m, err);
	if (status == DEED_OK)
		status = refer_objects(&d, m, err);
	if (status == DEED_OK)
		status = asic_manifest_write(m, &xml, err);
	if (status == DEED_OK)
		status = asic_sign_manifest(signer, params, buf_get(&xml), &cms,
					    err);
	if (status == DEED_OK)
		status = asic_draft_add(&d, manifest, &xml, err);
	if (status == DEED_OK)
		status = asic_draft_add(&d, signature, &cms, err);
	if (status == DEED_OK)
		status = asic_draft_write(&d, signer->signing_time, sink, err);
	free(manifest);
	free(signature);
	asic_manifest_free(m);
	buf_clear(&xml);
	buf_clear(&cms);
	asic_draft_close(&d);
	return status;
}

bool asic_is_extended(const struct asic_source *source)
{
	struct asic_draft d;
	bool is = false;

	if (asic_draft_open(source, &d, NULL) == DEED_OK)
		is = asic_draft_count(&d, ASIC_ROLE_MANIFEST) > 0 &&
		     asic_draft_count(&d, ASIC_ROLE_CADES) > 0;
	asic_draft_close(&d);
	return is;
}
