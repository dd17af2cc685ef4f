/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/xml_inside.h"
#include "trust/ts119612_read.h"
#include "trust/xmldsig.h"

/* What was read can be written, and then reads the same. */
static void round_trip(const struct trust_list *l)
{
	json_t *first = trust_list_write(l), *second;
	struct trust_list *back;

	if (first == NULL ||
	    trust_list_read(first, l->certificates, l->certificate_count, &back,
			    NULL) != DEED_OK)
		abort();
	second = trust_list_write(back);
	if (second == NULL || !json_equal(first, second))
		abort();
	json_decref(first);
	json_decref(second);
	trust_list_free(back);
}

/*
 * A trusted list: its signature, by nobody who is believed, and the reader,
 * as if the octets had been signed.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cert_list nobody = CERT_LIST_INIT;
	struct ts119612_content c;
	struct xmldsig x;

	if (xmldsig_verify(slice_of(data, size), "fuzz", &nobody, &x, NULL) ==
	    DEED_OK)
		abort();
	xmldsig_clear(&x);
	if (ts119612_read(slice_of(data, size), &c, NULL) == DEED_OK)
		round_trip(c.list);
	ts119612_content_clear(&c);
	return 0;
}
