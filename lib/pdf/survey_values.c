/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/der.h"
#include "pdf/dss.h"
#include "pdf/survey_priv.h"

/* Room for what the store has, within the survey's bounds. */
struct taking {
	struct pdf_document *doc;
	struct pdf_survey *survey;
	size_t max, bytes;
};

/*
 * A stream was there since the revision that wrote its object last: one that
 * was written anew is as young as that.
 */
static uint32_t revision_of(const struct taking *t, struct pdf_ref ref)
{
	struct pdf_location where;

	if (ref.num == 0)
		return t->survey->revisions - 1;
	where = pdf_locate(t->doc, ref.num);
	return where.revision < t->survey->revisions ? (uint32_t)where.revision
						     : t->survey->revisions - 1;
}

/* What is over the limit is left out, and smaller values behind it are still
 * taken: validation data is help, never a condition. */
static enum deed_status take_list(struct taking *t,
				  const struct pdf_dss_list *list,
				  enum pdf_value_kind kind,
				  struct deed_error *err)
{
	struct pdf_survey *s = t->survey;
	struct pdf_survey_value *v;
	size_t i;

	for (i = 0; i < list->count && s->value_count < t->max; i++) {
		if (list->items[i].len > PDF_SURVEY_VALUE_BYTES - t->bytes)
			continue;
		v = &s->values[s->value_count];
		v->kind = kind;
		v->revision = revision_of(t, list->refs[i]);
		v->der.len = list->items[i].len;
		v->der.data = pdf_arena_copy(&s->arena, list->items[i].data,
					     list->items[i].len);
		if (v->der.data == NULL)
			return deed_error_memory(err);
		t->bytes += v->der.len;
		s->value_count++;
	}
	return DEED_OK;
}

/* As the newest revision has it: a store grows, and older ones are part of it.
 */
enum deed_status pdf_survey_take_values(struct pdf_document *doc,
					struct pdf_survey *s,
					struct deed_error *err)
{
	struct taking t = { .doc = doc, .survey = s };
	enum deed_status status;
	struct pdf_dss dss;

	if (s->signature_count == 0)
		return DEED_OK;
	status = pdf_dss_read(doc, &dss, err);
	if (status != DEED_OK || !dss.present)
		goto out;
	t.max = dss.certs.count + dss.crls.count + dss.ocsps.count;
	if (t.max > PDF_SURVEY_VALUES)
		t.max = PDF_SURVEY_VALUES;
	s->values =
		pdf_arena_alloc(&s->arena, (t.max + 1) * sizeof(*s->values));
	if (s->values == NULL)
		status = deed_error_memory(err);
	if (status == DEED_OK)
		status = take_list(&t, &dss.certs, PDF_VALUE_CERTIFICATE, err);
	if (status == DEED_OK)
		status = take_list(&t, &dss.crls, PDF_VALUE_CRL, err);
	if (status == DEED_OK)
		status = take_list(&t, &dss.ocsps, PDF_VALUE_OCSP, err);
out:
	pdf_dss_clear(&dss);
	return status;
}

/* ---- /Cert ---- */

/* What a string begins with, if that is a certificate by its form. */
static enum deed_status take_certificate(struct pdf_document *then,
					 const struct pdf_object *o,
					 struct buf *out,
					 struct deed_error *err)
{
	enum deed_status status = pdf_resolve(then, o, &o, err);
	struct der_reader r;
	struct slice whole;

	if (status != DEED_OK)
		return status;
	der_init(&r, pdf_get_string(o));
	if (der_get_element(&r, DER_SEQUENCE, &whole) &&
	    whole.len <= PDF_SURVEY_CERTIFICATES - out->len)
		buf_slice(out, whole);
	return buf_status(out, err);
}

/* One certificate or several (table 255).  What is no certificate by its form
 * is left out, as nobody signed with it. */
static enum deed_status take_chain(struct pdf_document *then,
				   const struct pdf_object *dict,
				   struct buf *out, struct deed_error *err)
{
	const struct pdf_object *cert;
	enum deed_status status;
	size_t i;

	status = pdf_dict_resolve(then, dict, "Cert", &cert, err);
	if (status == DEED_OK && pdf_is(cert, PDF_STRING))
		return take_certificate(then, cert, out, err);
	/* Where the first is none, no other is the signer's. */
	for (i = 0; status == DEED_OK && i < pdf_array_count(cert) &&
		    (i == 0 || out->len > 0);
	     i++)
		status = take_certificate(then, pdf_array_get(cert, i), out,
					  err);
	return status;
}

/* Resolved in the revision that was signed, so that a later one cannot
 * exchange the signer's certificate. */
enum deed_status pdf_survey_take_certificates(struct pdf_document *doc,
					      const struct pdf_signature *sig,
					      struct pdf_survey *s,
					      struct pdf_survey_signature *out,
					      struct deed_error *err)
{
	struct pdf_document *then = pdf_at_revision(doc, sig->revision);
	struct deed_error why = DEED_ERROR_INIT;
	struct buf certs = BUF_INIT;
	enum deed_status status;

	if (sig->dict == NULL)
		return DEED_OK;
	status = take_chain(then, sig->dict, &certs, &why);
	if (status == DEED_NO_MEMORY || status == DEED_IO) {
		if (err != NULL)
			*err = why;
	} else {
		/* What cannot be read is not there. */
		status = DEED_OK;
		out->certificates = slice_of(
			pdf_arena_copy(&s->arena, certs.data, certs.len),
			certs.len);
		if (out->certificates.data == NULL)
			status = deed_error_memory(err);
	}
	buf_clear(&certs);
	return status;
}
