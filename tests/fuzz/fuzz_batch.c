/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest of a batch: what is accepted has what its header promises. */
#include <assert.h>
#include <string.h>

#include "cmd/frame/batch_manifest.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct batch_manifest_entry *e;
	struct batch_manifest *m;
	size_t i;

	if (batch_manifest_parse(slice_of(data, size), "input", &m, NULL) !=
	    DEED_OK) {
		assert(m == NULL);
		return 0;
	}
	for (i = 0; i < m->count; i++) {
		e = &m->entry[i];
		assert(e->line > 0 && e->file != NULL && *e->file != '\0' &&
		       strcmp(e->file, "-") != 0);
		assert(e->output == NULL ||
		       (*e->output != '\0' && strcmp(e->output, "-") != 0));
		assert(e->field == NULL || *e->field != '\0');
		assert(!e->has_page || e->page != 0);
	}
	batch_manifest_free(m);
	return 0;
}
