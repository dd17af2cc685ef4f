/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/cmp_state.h"

#define STATE_VERSION 1

enum deed_status cmp_state_write(const struct cmp_state *s, struct buf *out,
				 struct deed_error *err)
{
	struct der_writer w;

	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_uint64(&w, STATE_VERSION);
	der_put_octets(&w, slice_of(s->transaction, CMP_NONCE));
	der_put_octets(&w, slice_of(s->first, CMP_NONCE));
	der_put_octets(&w, slice_of(s->theirs, s->theirs_len));
	der_put_bool(&w, s->minus_one);
	der_put_octets(&w, slice_of(s->hash, s->hash_len));
	der_put_bool(&w, s->sha512);
	der_end(&w);
	return der_writer_status(&w, err);
}

/* An OCTET STRING of min to max octets. */
static bool get(struct der_reader *r, uint8_t *out, size_t *len, size_t min,
		size_t max)
{
	struct slice s;

	if (!der_get(r, DER_OCTET_STRING, &s) || s.len < min || s.len > max)
		return false;
	if (s.len > 0)
		memcpy(out, s.data, s.len);
	*len = s.len;
	return true;
}

enum deed_status cmp_state_read(struct slice in, struct cmp_state *out,
				struct deed_error *err)
{
	struct der_reader r;
	uint64_t version;
	size_t len;

	memset(out, 0, sizeof(*out));
	if (der_open(in, DER_SEQUENCE, &r) && der_get_uint64(&r, &version) &&
	    version == STATE_VERSION &&
	    get(&r, out->transaction, &len, CMP_NONCE, CMP_NONCE) &&
	    get(&r, out->first, &len, CMP_NONCE, CMP_NONCE) &&
	    get(&r, out->theirs, &out->theirs_len, 0, CMP_NONCE_MAX) &&
	    der_get_bool(&r, &out->minus_one) &&
	    get(&r, out->hash, &out->hash_len, 0, DIGEST_MAX) &&
	    der_get_bool(&r, &out->sha512) && der_at_end(&r))
		return DEED_OK;
	return deed_error_set(err, DEED_MALFORMED,
			      "what was kept of the transaction cannot be "
			      "read");
}
