/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/signed.h"
#include "cms/signed_priv.h"
#include "cms/signed_write.h"
#include "codec/der.h"

/* A SignedData that is there, with one unsigned attribute more: nothing of it
 * is written anew. */

/* Copy what is left of r but the last element, which goes to *last. */
static bool copy_but_last(struct der_reader *r, struct der_writer *w,
			  struct slice *last)
{
	struct slice whole;

	*last = SLICE_NONE;
	while (der_get_any(r, NULL, NULL, &whole)) {
		if (last->data != NULL)
			der_put_raw(w, *last);
		*last = whole;
	}
	return der_at_end(r) && last->data != NULL;
}

/* The SignerInfo again, with one more unsigned attribute. */
static bool put_signer_with(struct der_writer *w, struct slice signer,
			    const struct cms_write_attribute *attr)
{
	struct der_reader r, old;
	struct slice last;

	if (!der_open(signer, DER_SEQUENCE, &r))
		return false;
	der_begin(w, DER_SEQUENCE);
	if (!copy_but_last(&r, w, &last))
		return false;
	if (!der_open(last, DER_CONTEXT_CONS(1), &old)) {
		der_put_raw(w, last);
		der_init(&old, SLICE_NONE);
	}
	der_begin(w, DER_CONTEXT_CONS(1));
	der_put_raw(w, der_rest(&old));
	signed_put_attribute(w, attr->type, attr->value);
	der_end_set_of(w);
	der_end(w);
	return true;
}

/* Nothing that was there is written anew, only copied, so that signatures over
 * it hold. */
static bool put_signed_with(struct der_writer *w, const struct cms_signed *sd,
			    const struct cms_write_attribute *attr)
{
	struct der_reader info, explicit, data;
	struct slice oid, last;

	if (sd->signer_count != 1 ||
	    !der_open(sd->whole, DER_SEQUENCE, &info) ||
	    !der_get_element(&info, DER_OID, &oid) ||
	    !der_enter(&info, DER_CONTEXT_CONS(0), &explicit) ||
	    !der_enter(&explicit, DER_SEQUENCE, &data))
		return false;
	der_begin(w, DER_SEQUENCE);
	der_put_raw(w, oid);
	der_begin(w, DER_CONTEXT_CONS(0));
	der_begin(w, DER_SEQUENCE);
	if (!copy_but_last(&data, w, &last))
		return false;
	der_begin(w, DER_SET);
	if (!put_signer_with(w, sd->signers[0].whole, attr))
		return false;
	der_end(w);
	der_end(w);
	der_end(w);
	der_end(w);
	return true;
}

enum deed_status cms_add_unsigned(struct slice in,
				  const struct cms_write_attribute *attr,
				  struct buf *out, struct deed_error *err)
{
	struct buf result = BUF_INIT;
	struct cms_signed *sd;
	enum deed_status status;
	struct der_writer w;

	status = cms_signed_parse(in, &sd, err);
	if (status != DEED_OK)
		return status;
	der_writer_init(&w, &result);
	if (put_signed_with(&w, sd, attr))
		status = der_writer_status(&w, err);
	else
		status = deed_error_set(err, DEED_MALFORMED,
					"the SignedData has not one signer");
	if (status == DEED_OK) {
		buf_slice(out, buf_get(&result));
		status = buf_status(out, err);
	}
	buf_clear(&result);
	cms_signed_free(sd);
	return status;
}
