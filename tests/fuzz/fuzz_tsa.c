/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "sign/tsa.h"

/*
 * What an authority answers (sign/tsa.h), to the request of
 * tests/data/tsa/query.tsq.  A token that is handed out parses again and is
 * of what was asked.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tsa_request request = {
		.alg = DIGEST_SHA256,
		.nonce = { 1, 2, 3, 4, 5, 6, 7, 8 },
	};
	uint8_t digest[SHA256_SIZE];
	struct deed_error err = DEED_ERROR_INIT;
	struct buf token = BUF_INIT;
	enum deed_status status;
	struct tst *t = NULL;

	sha256(slice_str("hello\n"), digest);
	request.digest = slice_of(digest, sizeof(digest));
	status =
		tsa_response_read(slice_of(data, size), &request, &token, &err);
	assert(status == DEED_OK || status == DEED_REMOTE);
	assert((status == DEED_OK) == (token.len > 0));
	if (status == DEED_OK) {
		assert(tst_parse(buf_get(&token), &t, NULL) == DEED_OK);
		assert(slice_equal(t->imprint, request.digest));
	} else {
		assert(err.message[0] != '\0');
	}
	tst_free(t);
	buf_clear(&token);
	return 0;
}
