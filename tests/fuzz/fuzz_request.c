/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/crl.h"
#include "ca/request.h"
#include "key/x509_name.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"

/* A certification request, and the CRL that the house reads its number of. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);
	struct ca_request r;
	uint64_t number;
	int64_t next;

	if (ca_request_read(in, &r, NULL) == DEED_OK &&
	    (!x509_name_valid(r.subject) || r.spki.len == 0))
		abort();
	ca_request_clear(&r);
	(void)!ca_crl_read(in, &number, &next, NULL);
	return 0;
}
