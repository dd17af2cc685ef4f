/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "fuzz/fuzz.h"
#include "keystore/keyfile.h"

/* Unlocking is left out: it is a key derivation of a second, by intent. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct keyfile *kf;
	size_t i;

	if (keyfile_parse(slice_of(data, size), "input", &kf, NULL) ==
	    DEED_OK) {
		assert(keyfile_slot_count(kf) > 0);
		for (i = 0; i < keyfile_slot_count(kf); i++)
			assert(keyfile_check_label(keyfile_slot(kf, i)->label,
						   NULL) == DEED_OK);
	} else {
		assert(kf == NULL);
	}
	keyfile_free(kf);
	return 0;
}
