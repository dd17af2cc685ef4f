/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

#include "asic/manifest.h"
#include "fuzz/xml_inside.h"

/* What is read can be written, if it does not grow past the limit, and then
 * reads the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct asic_manifest *m, *back;
	struct buf xml = BUF_INIT;
	enum deed_status status;
	size_t i;

	if (asic_manifest_read(slice_of(data, size), "fuzz", &m, NULL) !=
	    DEED_OK)
		return 0;
	status = asic_manifest_write(m, &xml, NULL);
	if (status == DEED_LIMIT)
		goto out;
	if (status != DEED_OK ||
	    asic_manifest_read(buf_get(&xml), "again", &back, NULL) != DEED_OK)
		abort();
	assert(back->count == m->count &&
	       strcmp(back->signature, m->signature) == 0);
	for (i = 0; i < m->count; i++)
		assert(strcmp(back->references[i].name,
			      m->references[i].name) == 0);
	asic_manifest_free(back);
out:
	asic_manifest_free(m);
	buf_clear(&xml);
	return 0;
}
