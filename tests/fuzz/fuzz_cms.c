/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "cms/signed.h"
#include "cms/tst.h"
#include "fuzz/fuzz.h"

static void look_at_signer(const struct cms_signer *signer)
{
	struct buf attrs = BUF_INIT;
	struct slice value;
	unsigned count;

	if (!signer->signed_attrs.present)
		return;
	cms_signed_attrs_der(signer, &attrs);
	/* In the order of DER they are as long as in any. */
	assert(attrs.len == signer->signed_attrs.whole.len &&
	       attrs.data[0] == 0x31);
	if (cms_single(&signer->signed_attrs, OID_MESSAGE_DIGEST, &value)) {
		assert(cms_find(&signer->signed_attrs, OID_MESSAGE_DIGEST,
				&count) != NULL);
		assert(count == 1);
	}
	buf_clear(&attrs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cms_signed *sd;
	struct tst *token;
	unsigned i;

	if (cms_signed_parse(slice_of(data, size), &sd, NULL) == DEED_OK) {
		assert(sd->used <= size);
		for (i = 0; i < sd->signer_count; i++)
			look_at_signer(&sd->signers[i]);
	} else {
		assert(sd == NULL);
	}
	cms_signed_free(sd);
	if (tst_parse(slice_of(data, size), &token, NULL) == DEED_OK)
		assert(token->sd->signer_count == 1);
	tst_free(token);
	return 0;
}
