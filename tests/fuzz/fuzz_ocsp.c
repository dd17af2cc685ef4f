/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "pki/source.h"

static void use(struct ocsp *o)
{
	const struct ocsp_fields *f = ocsp_fields(o);
	struct ocsp *again;
	size_t i;

	for (i = 0; i < f->cert_count; i++) {
		(void)ocsp_names(o, ocsp_cert_at(o, i));
		(void)ocsp_signed_by(o, ocsp_cert_at(o, i));
		(void)ocsp_find(o, ocsp_cert_at(o, 0), ocsp_cert_at(o, i));
	}
	/* What is embedded alone is read back the same. */
	if (ocsp_parse(f->basic, &again, NULL) == DEED_OK) {
		if (!slice_equal(ocsp_fields(again)->basic, f->basic) ||
		    ocsp_fields(again)->single_count != f->single_count)
			abort();
		ocsp_free(again);
	}
}

/* An OCSP response by itself, and as a file of evidence. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of(data, size);
	struct pki_source *s;
	struct ocsp *o;

	if (ocsp_parse(bytes, &o, NULL) == DEED_OK) {
		use(o);
		ocsp_free(o);
	}
	if (pki_source_new(NULL, &s, NULL) != DEED_OK)
		return 0;
	(void)!pki_source_add_data(s, bytes, false, "x", NULL);
	pki_source_free(s);
	return 0;
}
