/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/materials.h"

#include <string.h>

#include "base/file.h"
#include "office/party/authority.h"

/* Whether its certificates are anchors is decided by the option that named the
 * file, never by the file. */
static enum deed_status load(struct pki_source *s, const char *path,
			     bool anchors, struct deed_error *err)
{
	struct buf data = BUF_INIT;
	enum deed_status status;

	status = file_read(path, MATERIALS_MAX, &data, err);
	if (status == DEED_OK)
		status = pki_source_add_data(s, buf_get(&data), anchors, path,
					     err);
	buf_clear(&data);
	return status;
}

/* The home is read as a stranger would, by what it gives away
 * (authority_bundle_of): no key and no party of it is opened. */
static enum deed_status load_home(struct pki_source *s, const char *path,
				  struct deed_error *err)
{
	struct buf data = BUF_INIT;
	enum deed_status status = authority_bundle_of(path, &data, err);

	if (status == DEED_OK)
		status =
			pki_source_add_data(s, buf_get(&data), true, path, err);
	buf_clear(&data);
	return status;
}

enum deed_status materials_load(const struct materials *m,
				struct pki_source *into, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i, k;

	for (i = 0; status == DEED_OK && i < m->trust_count; i++)
		status = strcmp(m->trust[i], "home") == 0
				 ? load_home(into, m->home, err)
				 : load(into, m->trust[i], true, err);
	for (k = 0; k < 3; k++) {
		for (i = 0; status == DEED_OK && i < m->other_counts[k]; i++)
			status = load(into, m->others[k][i], false, err);
	}
	return status;
}

bool materials_from_home(const struct materials *m)
{
	size_t i;

	for (i = 0; i < m->trust_count; i++) {
		if (strcmp(m->trust[i], "home") == 0)
			return true;
	}
	return false;
}
