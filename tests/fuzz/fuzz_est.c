/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "ca/est.h"
#include "fuzz/fuzz.h"

/* The body of an answer of a CA that speaks EST. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cert_list list = CERT_LIST_INIT;
	enum deed_status s = est_read(slice_of(data, size), &list, NULL);

	if (s == DEED_OK &&
	    (list.count == 0 || list.count > CA_REMOTE_CERTIFICATES))
		abort();
	cert_list_clear(&list);
	return 0;
}
