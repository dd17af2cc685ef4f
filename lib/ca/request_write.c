/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/request.h"

enum deed_status ca_request_write(const struct signing_key *key,
				  struct slice subject, struct buf *out,
				  struct deed_error *err)
{
	struct buf info = BUF_INIT, signature = BUF_INIT;
	struct sig_alg alg;
	struct der_writer w;
	enum deed_status status;

	der_writer_init(&w, &info);
	der_begin(&w, DER_SEQUENCE);
	der_put_uint64(&w, 0);
	der_put_raw(&w, subject);
	der_put_raw(&w, signing_key_spki(key));
	der_put(&w, DER_CONTEXT_CONS(0), SLICE_NONE);
	der_end(&w);
	status = der_writer_status(&w, err);
	signing_key_default_alg(key, &alg);
	if (status == DEED_OK)
		status = signing_key_sign(key, &alg, buf_get(&info), &signature,
					  err);
	if (status != DEED_OK)
		goto out;
	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_raw(&w, buf_get(&info));
	sig_alg_write(&w, &alg);
	der_put_bits(&w, buf_get(&signature));
	der_end(&w);
	status = der_writer_status(&w, err);
out:
	buf_clear(&info);
	buf_clear(&signature);
	return status;
}
