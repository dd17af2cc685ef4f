/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "pki/source.h"

/* A CRL by itself, and as a file of trust. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t serial[] = { 0x21 };
	struct slice bytes = slice_of(data, size);
	struct crl_entry entry;
	struct pki_source *s;
	struct crl *crl;
	bool listed;

	if (crl_parse(bytes, &crl, NULL) == DEED_OK) {
		if (crl_fields(crl)->der.len != size)
			abort();
		(void)!crl_lookup(crl, SLICE_NONE, slice_of(serial, 1), &listed,
				  &entry, NULL);
		crl_free(crl);
	}
	if (pki_source_new(NULL, &s, NULL) != DEED_OK)
		return 0;
	(void)!pki_source_add_data(s, bytes, true, "x", NULL);
	pki_source_free(s);
	return 0;
}
