/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/cades_archive.h"

#include "codec/der.h"

static void put_hash(struct der_writer *w, struct slice bytes)
{
	uint8_t hash[SHA256_SIZE];

	sha256(bytes, hash);
	der_put_octets(w, slice_of(hash, sizeof(hash)));
}

/* Each CertificateChoices or RevocationInfoChoice as it stands. */
static void put_elements(struct der_writer *w, struct slice set)
{
	struct der_reader r;
	struct slice whole;

	der_begin(w, DER_SEQUENCE);
	der_init(&r, set);
	while (der_get_any(&r, NULL, NULL, &whole))
		put_hash(w, whole);
	der_end(w);
}

/* attrType and one value after another, tags and lengths included. */
static enum deed_status put_attributes(struct der_writer *w,
				       const struct cms_attributes *attrs,
				       struct deed_error *err)
{
	struct buf both = BUF_INIT;
	struct slice type, value;
	enum deed_status status;
	struct der_reader r, v;
	unsigned i;

	der_begin(w, DER_SEQUENCE);
	for (i = 0; i < attrs->count; i++) {
		if (!der_open(attrs->list[i].whole, DER_SEQUENCE, &r) ||
		    !der_get_element(&r, DER_OID, &type))
			continue;
		der_init(&v, attrs->list[i].values);
		while (der_get_any(&v, NULL, NULL, &value)) {
			buf_reset(&both);
			buf_slice(&both, type);
			buf_slice(&both, value);
			put_hash(w, buf_get(&both));
		}
	}
	der_end(w);
	status = buf_status(&both, err);
	buf_clear(&both);
	return status;
}

enum deed_status cades_hash_index(const struct cms_signed *sd,
				  const struct cms_signer *signer,
				  struct buf *out, struct deed_error *err)
{
	enum deed_status status;
	struct der_writer w;

	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_algorithm(&w, OID_SHA256, false);
	put_elements(&w, sd->certificates_set);
	put_elements(&w, sd->crls_set);
	status = put_attributes(&w, &signer->unsigned_attrs, err);
	der_end(&w);
	return status == DEED_OK ? der_writer_status(&w, err) : status;
}

enum deed_status cades_archive_imprint(const struct cms_signed *sd,
				       const struct cms_signer *signer,
				       struct slice content_digest,
				       struct slice index, struct buf *out,
				       struct deed_error *err)
{
	struct der_writer w;

	der_writer_init(&w, out);
	der_put(&w, DER_OID, sd->content_type);
	der_put_raw(&w, content_digest);
	der_put_uint64(&w, signer->version);
	der_put_raw(&w, signer->sid);
	der_put_raw(&w, signer->digest_algorithm);
	der_put_raw(&w, signer->signed_attrs.whole);
	der_put_raw(&w, signer->signature_algorithm);
	der_put_octets(&w, signer->signature);
	der_put_raw(&w, index);
	return der_writer_status(&w, err);
}
