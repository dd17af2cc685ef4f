/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "cms/tst.h"
#include "fuzz/fuzz.h"

/* A time-stamp token: parsed, its imprint compared, its signature checked. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice content = slice_str("Hello, contract.\n");
	struct cms_content given;
	struct cms_check check;
	struct cert *cert;
	struct tst *t;
	bool match;

	if (tst_parse(slice_of(data, size), &t, NULL) != DEED_OK) {
		if (t != NULL)
			abort();
		return 0;
	}
	cms_content_memory(&given, &content);
	if (tst_imprint_matches(t, &given, &match, NULL) == DEED_OK && match &&
	    !t->imprint_known)
		abort();
	if (tst_check(t, NULL, 0, &check, &cert, NULL) == DEED_OK) {
		if (check.outcome == CMS_INTACT && !check.value_intact)
			abort();
		cert_free(cert);
	}
	tst_free(t);
	return 0;
}
