/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/asic_extend.h"

#include <stdlib.h>

#include "sign/asic_draft.h"

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
