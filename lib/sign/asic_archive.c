/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/asic_archive.h"

#include <stdlib.h>

#include "cms/amend.h"

/*
 * The token of the manifest that was the last: what is needed to judge it
 * goes into it, before the next one covers it.
 */
static enum deed_status complete_token(struct asic_draft *d,
				       const struct augment_params *params,
				       struct asic_draft_entry *e,
				       struct deed_error *err)
{
	struct augment_values values = AUGMENT_VALUES_INIT;
	struct cms_amendment what = { 0 };
	struct buf old = BUF_INIT, new = BUF_INIT;
	struct cms_signed *sd = NULL;
	enum deed_status status;

	status = asic_draft_read(d, e, &old, err);
	if (status == DEED_OK)
		status = cms_signed_parse(buf_get(&old), &sd, err);
	if (status == DEED_OK)
		status = augment_gather_token(params, buf_get(&old), NULL,
					      &values, err);
	if (status == DEED_OK) {
		augment_values_amend(&values, &what);
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
static enum deed_status retire(struct asic_draft *d,
			       const struct augment_params *params,
			       struct asic_draft_entry *last,
			       struct deed_error *err)
{
	struct asic_manifest *m = NULL;
	struct asic_draft_entry *token;
	struct buf xml = BUF_INIT;
	enum deed_status status;
	char *name = NULL;

	status = asic_draft_read(d, last, &xml, err);
	if (status == DEED_OK)
		status = asic_manifest_read(buf_get(&xml), last->name, &m, err);
	if (status == DEED_OK) {
		token = asic_draft_find(d, m->signature);
		if (token != NULL)
			status = complete_token(d, params, token, err);
	}
	if (status == DEED_OK)
		status = asic_draft_name(d, "META-INF/ASiCArchiveManifest",
					 ".xml", &name, err);
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
enum deed_status asic_archive_add(struct asic_draft *d,
				  const struct augment_params *params,
				  struct deed_error *err)
{
	struct asic_draft_entry *last = asic_draft_find(d, ASIC_ARCHIVE);
	struct buf xml = BUF_INIT, token = BUF_INIT;
	struct asic_manifest *m = NULL;
	enum deed_status status = DEED_OK;
	char *name = NULL;
	size_t i;

	if (last != NULL)
		status = retire(d, params, last, err);
	if (status == DEED_OK)
		status = asic_draft_name(d, "META-INF/timestamp", ".tst", &name,
					 err);
	if (status == DEED_OK)
		status = asic_draft_manifest(name, d->count, &m, err);
	for (i = 0; status == DEED_OK && i < d->count; i++) {
		const struct asic_draft_entry *e = &d->entries[i];

		if (is_covered(e))
			status = asic_draft_refer(d, e, e == last, m, err);
	}
	if (status == DEED_OK)
		status = asic_manifest_write(m, &xml, err);
	if (status == DEED_OK)
		status = augment_token(params, buf_get(&xml), &token, err);
	if (status == DEED_OK)
		status = asic_draft_add(d, ASIC_ARCHIVE, &xml, err);
	if (status == DEED_OK)
		status = asic_draft_add(d, name, &token, err);
	free(name);
	buf_clear(&xml);
	buf_clear(&token);
	asic_manifest_free(m);
	return status;
}
