/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/backend.h"

/* What a place knows of the past of its objects. */

enum deed_status place_modified(struct place *p, const char *folder,
				const char *name, int64_t *out,
				struct deed_error *err)
{
	enum deed_status status = place_check_name(folder, name, err);

	if (status == DEED_OK)
		status = p->backend->modified(p, folder, name, out, err);
	return status;
}

enum deed_status place_versions(struct place *p, const char *folder,
				place_version_fn *fn, void *arg,
				struct deed_error *err)
{
	enum deed_status status = place_check_name(folder, NULL, err);

	if (status == DEED_OK && p->backend->versions != NULL)
		status = p->backend->versions(p, folder, fn, arg, err);
	return status;
}

enum deed_status place_undelete(struct place *p, const char *folder,
				const char *name, const char *version,
				struct deed_error *err)
{
	enum deed_status status = place_check_name(folder, name, err);

	if (status == DEED_OK && p->backend->undelete == NULL)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "place '%s' keeps no versions", p->name);
	if (status == DEED_OK)
		status = p->backend->undelete(p, folder, name, version, err);
	return status;
}
