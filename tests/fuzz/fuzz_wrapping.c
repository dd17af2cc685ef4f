/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "cms/signed.h"
#include "cms/wrapping.h"
#include "codec/base64.h"
#include "fuzz/fuzz.h"

static bool lies_in(struct slice inner, struct slice outer)
{
	return inner.data == NULL ||
	       (inner.data >= outer.data && inner.len <= outer.len &&
		inner.data + inner.len <= outer.data + outer.len);
}

/*
 * A CMS in some wrapping.  What comes out is no longer than what went in, but
 * for line ends; it lies where the header says; and what is found is found
 * again in base64.
 */
static void unwrap_again(struct slice cms)
{
	struct cms_wrapping w = CMS_WRAPPING_INIT;
	struct buf text = BUF_INIT;

	base64_encode(cms, &text);
	if (cms.len >= 12 && !text.failed) {
		assert(cms_unwrap(buf_get(&text), &w, NULL) == DEED_OK);
		assert(w.is_response || slice_equal(w.cms, cms));
	}
	cms_wrapping_clear(&w);
	buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cms_wrapping w = CMS_WRAPPING_INIT;
	struct slice in = slice_of(data, size);
	struct cms_signed *sd;
	bool is_signed;

	if (cms_unwrap(in, &w, NULL) == DEED_OK) {
		assert(cms_wrapping_likely(in) || size > WRAPPING_SNIFF);
		assert(w.cms.data != NULL || w.is_response);
		assert(lies_in(w.cms, in) ||
		       lies_in(w.cms, buf_get(&w.bytes)) ||
		       lies_in(w.cms, buf_get(&w.said.owned)));
		assert(w.content.len <= 2 * size);
		assert(lies_in(w.plain, in));
		if (w.cms.data != NULL && !w.is_response)
			unwrap_again(w.cms);
		if (w.cms.data != NULL &&
		    cms_signed_parse(w.cms, &sd, NULL) == DEED_OK) {
			assert(cms_begins_signed(w.cms));
			cms_signed_free(sd);
		}
	}
	cms_wrapping_clear(&w);
	(void)!cms_is_signed(in, &is_signed, NULL);
	return 0;
}
