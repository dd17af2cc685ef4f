/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "codec/utf8.h"
#include "fuzz/fuzz.h"
#include "key/cert.h"
#include "key/x509_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cert_list list = { 0 };
	const struct cert_fields *f;
	const struct pubkey *key;
	struct buf text = BUF_INIT;
	struct cert *c;

	if (cert_parse(slice_of(data, size), &c, NULL) == DEED_OK) {
		f = cert_fields(c);
		assert(slice_equal(f->der, slice_of(data, size)));
		x509_name_text(f->subject, &text);
		x509_name_display(f->issuer, &text);
		assert(utf8_valid(buf_get(&text)));
		assert(x509_name_equal(f->subject, f->subject));
		if (cert_pubkey(c, &key, NULL) == DEED_OK)
			(void)!cert_verify(c, c, NULL);
	} else {
		assert(c == NULL);
	}
	cert_free(c);
	(void)!cert_list_load(&list, slice_of(data, size), "input", NULL);
	cert_list_clear(&list);
	buf_clear(&text);
	return 0;
}
