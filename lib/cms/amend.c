/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/amend.h"

#include "codec/der.h"

/* The elements of SignedData (RFC 5652 5.1) as they stand. */
struct parts {
	struct slice oid; /* of ContentInfo, whole */
	uint64_t version;
	struct slice digests, content; /* whole */
	struct slice signers;	       /* content of the SET */
};

/* What is not changed is copied octet by octet.  Certificates, crls and
 * signers come from sd, which has been read already. */
static bool split(const struct cms_signed *sd, struct parts *p)
{
	struct der_reader info, explicit, data;
	struct slice skipped;
	bool present;

	return der_open(sd->whole, DER_SEQUENCE, &info) &&
	       der_get_element(&info, DER_OID, &p->oid) &&
	       der_enter(&info, DER_CONTEXT_CONS(0), &explicit) &&
	       der_enter(&explicit, DER_SEQUENCE, &data) &&
	       der_get_uint64(&data, &p->version) &&
	       der_get_element(&data, DER_SET, &p->digests) &&
	       der_get_element(&data, DER_SEQUENCE, &p->content) &&
	       der_get_optional(&data, DER_CONTEXT_CONS(0), &present,
				&skipped) &&
	       der_get_optional(&data, DER_CONTEXT_CONS(1), &present,
				&skipped) &&
	       der_get(&data, DER_SET, &p->signers);
}

/* X.690 11.6: the shorter one counts as padded with zeros. */
static bool in_order(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = memcmp(a.data, b.data, len);

	return order < 0 || (order == 0 && a.len <= b.len);
}

/* A set without elements, or one that is not there, counts as sorted: what is
 * put into it then is. */
static bool is_sorted(struct slice set)
{
	struct slice last = SLICE_NONE, whole;
	struct der_reader r;

	der_init(&r, set);
	while (der_get_any(&r, NULL, NULL, &whole)) {
		if (last.data != NULL && !in_order(last, whole))
			return false;
		last = whole;
	}
	return true;
}

/* What is there already, octet by octet, is not added a second time: a SET OF
 * has no use for it, and amending twice would let a file grow. */
static bool has(struct slice set, struct slice element)
{
	struct slice whole;
	struct der_reader r;

	der_init(&r, set);
	while (der_get_any(&r, NULL, NULL, &whole)) {
		if (slice_equal(whole, element))
			return true;
	}
	return false;
}

/* What others made in another order stays in it, and ours comes behind. */
static void end_set(struct der_writer *w, bool sorted)
{
	if (sorted)
		der_end_set_of(w);
	else
		der_end(w);
}

/* Elements that lie one after another in more, into a set that has old. */
static void put_set(struct der_writer *w, uint8_t tag, struct slice old,
		    struct slice more)
{
	bool sorted = is_sorted(old);
	struct der_reader r;
	struct slice whole;

	if (old.data == NULL && more.len == 0)
		return;
	der_begin(w, tag);
	der_put_raw(w, old);
	der_init(&r, more);
	while (der_get_any(&r, NULL, NULL, &whole)) {
		if (!has(old, whole))
			der_put_raw(w, whole);
	}
	end_set(w, sorted);
}

/* RFC 5940 2: [1] OtherRevocationInfoFormat. */
static void put_ocsp(struct der_writer *w, struct slice response)
{
	der_begin(w, DER_CONTEXT_CONS(1));
	der_put_oid(w, OID_RI_OCSP);
	der_put_raw(w, response);
	der_end(w);
}

/* The new elements of both sets, each kind once. */
static enum deed_status collect(const struct cms_amendment *what,
				struct buf *certificates, struct buf *crls,
				struct deed_error *err)
{
	struct buf one = BUF_INIT;
	enum deed_status status;
	struct der_writer w;
	size_t i;

	for (i = 0; i < what->certificate_count; i++) {
		if (!has(buf_get(certificates), what->certificates[i]))
			buf_slice(certificates, what->certificates[i]);
	}
	for (i = 0; i < what->crl_count; i++) {
		if (!has(buf_get(crls), what->crls[i]))
			buf_slice(crls, what->crls[i]);
	}
	for (i = 0; i < what->ocsp_count; i++) {
		buf_reset(&one);
		der_writer_init(&w, &one);
		put_ocsp(&w, what->ocsps[i]);
		if (!w.failed && !has(buf_get(crls), buf_get(&one)))
			buf_slice(crls, buf_get(&one));
	}
	status = buf_status(&one, err);
	if (status == DEED_OK)
		status = buf_status(certificates, err);
	if (status == DEED_OK)
		status = buf_status(crls, err);
	buf_clear(&one);
	return status;
}

/* Appended as they come: unsigned attributes may occur several times, such as
 * one more time-stamp. */
static void put_attributes(struct der_writer *w, unsigned signer,
			   const struct cms_amendment *what)
{
	size_t i;

	for (i = 0; i < what->attribute_count; i++) {
		const struct cms_amend_attribute *a = &what->attributes[i];

		if (a->signer != signer)
			continue;
		der_begin(w, DER_SEQUENCE);
		der_put_oid(w, a->attribute.type);
		der_put(w, DER_SET, a->attribute.value);
		der_end(w);
	}
}

/* A SignerInfo that gets nothing new is copied whole and not written anew. */
static bool is_amended(unsigned signer, const struct cms_amendment *what)
{
	size_t i;

	for (i = 0; i < what->attribute_count; i++) {
		if (what->attributes[i].signer == signer)
			return true;
	}
	return false;
}

/* The SignerInfo again, its last element being unsignedAttrs. */
static void put_signer(struct der_writer *w, const struct cms_signed *sd,
		       unsigned i, const struct cms_amendment *what)
{
	const struct cms_signer *signer = &sd->signers[i];
	struct slice whole, old = signer->unsigned_attrs.content;
	struct der_reader r;
	bool sorted = is_sorted(old);
	uint8_t tag;

	if (!is_amended(i, what) ||
	    !der_open(signer->whole, DER_SEQUENCE, &r)) {
		der_put_raw(w, signer->whole);
		return;
	}
	der_begin(w, DER_SEQUENCE);
	while (der_get_any(&r, &tag, NULL, &whole)) {
		if (tag != DER_CONTEXT_CONS(1))
			der_put_raw(w, whole);
	}
	der_begin(w, DER_CONTEXT_CONS(1));
	der_put_raw(w, old);
	put_attributes(w, i, what);
	end_set(w, sorted);
	der_end(w);
}

/* RFC 5652 5.1: other revocation information asks for version 5. */
static uint64_t version_of(const struct parts *p,
			   const struct cms_amendment *what)
{
	return what->ocsp_count > 0 && p->version < 5 ? 5 : p->version;
}

/* A SET OF that was not in the order of DER stays as it was: a signature may
 * be over its bytes, and who reads in order reads either. */
static void put_all(struct der_writer *w, const struct cms_signed *sd,
		    const struct parts *p, const struct cms_amendment *what,
		    struct slice certificates, struct slice crls)
{
	bool sorted = is_sorted(p->signers);
	unsigned i;

	der_begin(w, DER_SEQUENCE);
	der_put_raw(w, p->oid);
	der_begin(w, DER_CONTEXT_CONS(0));
	der_begin(w, DER_SEQUENCE);
	der_put_uint64(w, version_of(p, what));
	der_put_raw(w, p->digests);
	der_put_raw(w, p->content);
	put_set(w, DER_CONTEXT_CONS(0), sd->certificates_set, certificates);
	put_set(w, DER_CONTEXT_CONS(1), sd->crls_set, crls);
	der_begin(w, DER_SET);
	for (i = 0; i < sd->signer_count; i++)
		put_signer(w, sd, i, what);
	end_set(w, sorted);
	der_end(w);
	der_end(w);
	der_end(w);
}

enum deed_status cms_amend(const struct cms_signed *sd,
			   const struct cms_amendment *what, struct buf *out,
			   struct deed_error *err)
{
	struct buf certificates = BUF_INIT, crls = BUF_INIT, result = BUF_INIT;
	enum deed_status status;
	struct parts parts;
	struct der_writer w;
	size_t i;

	for (i = 0; i < what->attribute_count; i++) {
		if (what->attributes[i].signer >= sd->signer_count)
			return deed_error_set(err, DEED_USAGE,
					      "the SignedData has %u signers",
					      sd->signer_count);
	}
	if (!split(sd, &parts))
		return deed_error_set(err, DEED_MALFORMED,
				      "the SignedData cannot be written again");
	status = collect(what, &certificates, &crls, err);
	if (status == DEED_OK) {
		der_writer_init(&w, &result);
		put_all(&w, sd, &parts, what, buf_get(&certificates),
			buf_get(&crls));
		status = der_writer_status(&w, err);
	}
	if (status == DEED_OK) {
		buf_slice(out, buf_get(&result));
		status = buf_status(out, err);
	}
	buf_clear(&certificates);
	buf_clear(&crls);
	buf_clear(&result);
	return status;
}
