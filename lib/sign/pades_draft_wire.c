/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sign/augment.h"
#include "sign/pades_draft.h"
#include "sign/pades_wire.h"

#define DRAWING_MAX ((size_t)64 << 20)
#define TAIL_MAX ((size_t)128 << 20)
#define SURVEY_MAX ((size_t)256 << 20)
#define STORE_MAX ((size_t)64 << 20)

/* ---- an order ---- */

/* The order of the members is that of get_appearance; both ends are of one
 * build, so that there is no version. */
static void put_appearance(struct buf *b, const struct pades_appearance *a)
{
	wire_put_u8(b, a != NULL);
	if (a == NULL)
		return;
	wire_put_bytes(b, a->pdf);
	wire_put_u64(b, (uint64_t)a->page);
	wire_put_double(b, a->x_mm);
	wire_put_double(b, a->y_mm);
	wire_put_u8(b, a->anywhere);
	wire_put_u8(b, a->anchor);
	wire_put_double(b, a->beneath_x_mm);
	wire_put_double(b, a->beneath_y_mm);
	wire_put_double(b, a->width_mm);
	wire_put_u8(b, a->ground);
	pades_wire_put_text(b, a->contents);
	wire_put_u8(b, a->every_page);
	wire_put_u8(b, a->seam);
	wire_put_double(b, a->seam_top_mm);
	wire_put_u8(b, a->no_field);
}

/* The chain is only needed to answer what a field's seed values demand, and
 * stays at home where no field is named.  That there will be a time-stamp is
 * told, not by whom. */
static void put_signer(struct buf *b, const struct pades_draft_order *order)
{
	bool asked = order->params->field != NULL && order->chain != NULL;
	size_t i, count = asked ? order->chain_count : 0;

	if (count > PADES_ORDER_CHAIN)
		count = PADES_ORDER_CHAIN;
	wire_put_u8(b, order->digest);
	wire_put_u8(b, order->params->augment != NULL);
	wire_put_u8(b, (unsigned)count);
	for (i = 0; i < count; i++)
		wire_put_bytes(b, cert_fields(order->chain[i])->der);
}

/* An item may be empty; its length goes before it. */
static void put_list(struct buf *b, const struct slice *list, size_t count)
{
	size_t i;

	wire_put_u32(b, (uint32_t)count);
	for (i = 0; i < count; i++)
		wire_put_bytes(b, list[i]);
}

/* Values are sent as often as signatures need them; the store that is written
 * has each once. */
static void put_store(struct buf *b, const struct pades_draft_order *order)
{
	size_t i;

	wire_put_u32(b, (uint32_t)order->vri_count);
	for (i = 0; i < order->vri_count; i++) {
		const struct pdf_dss_values *v = &order->vri[i].values;

		pades_wire_put_text(b, order->vri[i].key);
		put_list(b, v->certs, v->cert_count);
		put_list(b, v->crls, v->crl_count);
		put_list(b, v->ocsps, v->ocsp_count);
	}
}

void pades_order_write(const struct pades_draft_order *order, struct buf *out)
{
	const struct pades_params *p = order->params;

	wire_put_u64(out, order->slot);
	wire_put_u64(out, (uint64_t)order->time);
	wire_put_u8(out, order->earlier);
	wire_put_u8(out, order->shadows);
	wire_put_u8(out, order->vri != NULL);
	if (order->vri != NULL)
		put_store(out, order);
	wire_put_u8(out, p != NULL);
	if (p == NULL)
		return;
	pades_wire_put_text(out, p->field);
	pades_wire_put_text(out, p->name);
	pades_wire_put_text(out, p->reason);
	pades_wire_put_text(out, p->location);
	wire_put_u64(out, (uint64_t)p->time);
	wire_put_u8(out, (unsigned)p->certify);
	wire_put_u8(out, p->final);
	put_signer(out, order);
	put_appearance(out, p->appearance);
}

/* The texts and the drawing point into the order, which outlives what is read
 * of it. */
static bool get_appearance(struct slice *in, struct pades_params *p,
			   struct pades_appearance *a)
{
	unsigned anchor;
	int64_t page;
	bool given;

	if (!wire_get_bool(in, &given))
		return false;
	if (!given)
		return true;
	p->appearance = a;
	if (!wire_get_bytes(in, DRAWING_MAX, &a->pdf) ||
	    !pades_wire_get_i64(in, &page) || !wire_get_double(in, &a->x_mm) ||
	    !wire_get_double(in, &a->y_mm) ||
	    !wire_get_bool(in, &a->anywhere) ||
	    !wire_get_enum(in, PADES_ANCHORS, &anchor) ||
	    !wire_get_double(in, &a->beneath_x_mm) ||
	    !wire_get_double(in, &a->beneath_y_mm) ||
	    !wire_get_double(in, &a->width_mm) ||
	    !wire_get_bool(in, &a->ground) ||
	    !pades_wire_get_text(in, &a->contents) ||
	    !wire_get_bool(in, &a->every_page) ||
	    !wire_get_bool(in, &a->seam) ||
	    !wire_get_double(in, &a->seam_top_mm) ||
	    !wire_get_bool(in, &a->no_field))
		return false;
	a->page = (long)page;
	a->anchor = (enum pades_anchor)anchor;
	return true;
}

/* An unreadable certificate of ours is nobody's fault but the caller's. */
static bool get_signer(struct slice *in, struct pades_order_read *o)
{
	static const struct augment_params some;
	unsigned digest, count, i;
	struct slice der;
	bool stamped;

	if (!wire_get_enum(in, DIGEST_COUNT, &digest) ||
	    !wire_get_bool(in, &stamped) ||
	    !wire_get_enum(in, PADES_ORDER_CHAIN + 1, &count))
		return false;
	o->order.digest = (enum digest_alg)digest;
	o->params.augment = stamped ? &some : NULL;
	for (i = 0; i < count; i++) {
		if (!wire_get_bytes(in, DRAWING_MAX, &der) ||
		    cert_parse(der, &o->chain[i], NULL) != DEED_OK)
			return false;
		o->order.chain_count++;
	}
	if (count > 0)
		o->order.chain = (const struct cert *const *)o->chain;
	return true;
}

/* What is read here is what a parser may know of signing: no key, no password
 * of one and no authority. */
static bool get_params(struct slice *in, struct pades_order_read *o)
{
	struct pades_params *p = &o->params;
	unsigned certify;

	if (!pades_wire_get_text(in, &p->field) ||
	    !pades_wire_get_text(in, &p->name) ||
	    !pades_wire_get_text(in, &p->reason) ||
	    !pades_wire_get_text(in, &p->location) ||
	    !pades_wire_get_i64(in, &p->time) ||
	    !wire_get_enum(in, 4, &certify) || !wire_get_bool(in, &p->final))
		return false;
	p->certify = (int)certify;
	return get_signer(in, o) && get_appearance(in, p, &o->appearance);
}

/* Each item takes four bytes on the wire at least. */
static bool get_list(struct slice *in, const struct slice **list, size_t *count)
{
	struct slice *items;
	uint32_t n, i;

	if (!wire_get_u32(in, &n) || n > PDF_DSS_VALUES || n > in->len / 4)
		return false;
	items = calloc(n + 1, sizeof(*items));
	*list = items;
	for (i = 0; items != NULL && i < n; i++) {
		if (!wire_get_bytes(in, STORE_MAX, &items[i]))
			return false;
	}
	*count = n;
	return items != NULL;
}

/* The count is raised before an entry is read, so that pades_order_clear frees
 * the lists of one that failed half-way. */
static bool get_store(struct slice *in, struct pades_order_read *o)
{
	uint32_t n, i;

	if (!wire_get_u32(in, &n) || n > PDF_SURVEY_SIGNATURES ||
	    n > in->len / 16)
		return false;
	o->vri = calloc(n + 1, sizeof(*o->vri));
	o->order.vri = o->vri;
	for (i = 0; o->vri != NULL && i < n; i++) {
		struct pdf_dss_values *v = &o->vri[i].values;

		o->order.vri_count = i + 1;
		if (!pades_wire_get_text(in, &o->vri[i].key) ||
		    !get_list(in, &v->certs, &v->cert_count) ||
		    !get_list(in, &v->crls, &v->crl_count) ||
		    !get_list(in, &v->ocsps, &v->ocsp_count))
			return false;
	}
	return o->vri != NULL;
}

enum deed_status pades_order_read(struct slice in, struct pades_order_read *out,
				  struct deed_error *err)
{
	uint64_t slot;
	bool given, store;

	memset(out, 0, sizeof(*out));
	if (!wire_get_u64(&in, &slot) || slot > PADES_SLOT_MAX ||
	    !pades_wire_get_i64(&in, &out->order.time) ||
	    !wire_get_bool(&in, &out->order.earlier) ||
	    !wire_get_bool(&in, &out->order.shadows) ||
	    !wire_get_bool(&in, &store) || (store && !get_store(&in, out)) ||
	    !wire_get_bool(&in, &given) || (given && !get_params(&in, out)) ||
	    in.len > 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "an order to draft is malformed");
	out->order.slot = (size_t)slot;
	out->order.params = given ? &out->params : NULL;
	return DEED_OK;
}

void pades_order_clear(struct pades_order_read *o)
{
	size_t i;

	for (i = 0; i < o->order.chain_count; i++)
		cert_free(o->chain[i]);
	for (i = 0; i < o->order.vri_count; i++) {
		free((void *)(uintptr_t)o->vri[i].values.certs);
		free((void *)(uintptr_t)o->vri[i].values.crls);
		free((void *)(uintptr_t)o->vri[i].values.ocsps);
	}
	free(o->vri);
	memset(o, 0, sizeof(*o));
}

/* ---- a draft ---- */

/* Zeros where nothing is shown. */
static void put_shown(const struct pades_shown *s, struct buf *out)
{
	wire_put_u32(out, s->page);
	wire_put_double(out, s->x_mm);
	wire_put_double(out, s->y_mm);
	wire_put_double(out, s->width_mm);
	wire_put_double(out, s->height_mm);
	wire_put_u32(out, s->pages);
	wire_put_u32(out, s->seams);
	wire_put_double(out, s->seam_top_mm);
}

/* Told to the user and used for nothing, so that the numbers are only held to
 * be finite. */
static bool get_shown(struct slice *in, struct pades_shown *s)
{
	return wire_get_u32(in, &s->page) && wire_get_double(in, &s->x_mm) &&
	       wire_get_double(in, &s->y_mm) &&
	       wire_get_double(in, &s->width_mm) &&
	       wire_get_double(in, &s->height_mm) &&
	       wire_get_u32(in, &s->pages) && wire_get_u32(in, &s->seams) &&
	       wire_get_double(in, &s->seam_top_mm);
}

void pades_beneath_write(const struct pades_beneath *b, struct buf *out)
{
	wire_put_u8(out, b->any);
	wire_put_u8(out, (unsigned)b->kind);
	wire_put_u8(out, b->hidden);
}

bool pades_beneath_read(struct slice *in, struct pades_beneath *out)
{
	unsigned kind;

	if (!wire_get_bool(in, &out->any) ||
	    !wire_get_enum(in, PDF_MARK_UNKNOWN + 1, &kind) ||
	    !wire_get_bool(in, &out->hidden))
		return false;
	out->kind = (enum pdf_mark_kind)kind;
	return true;
}

void pades_draft_write(const struct pades_draft *d, struct buf *out)
{
	struct buf survey = BUF_INIT;
	size_t i;

	wire_put_bytes(out, buf_get(&d->tail));
	wire_put_u64(out, d->first);
	wire_put_u64(out, d->second);
	for (i = 0; i < 4; i++)
		wire_put_u64(out, d->byte_range[i]);
	pades_wire_put_text(out, d->field);
	put_shown(&d->shown, out);
	wire_put_u32(out, (uint32_t)d->shadow.count);
	for (i = 0; i < d->shadow.count; i++) {
		pades_wire_put_text(out, d->shadow.list[i].id);
		pades_wire_put_text(out, d->shadow.list[i].text);
	}
	if (d->survey.revisions > 0)
		pdf_survey_write(&d->survey, &survey);
	wire_put_bytes(out, buf_get(&survey));
	pades_beneath_write(&d->beneath, out);
	out->failed = out->failed || survey.failed;
	buf_clear(&survey);
}

/* The value's place is one run of zeros between its brackets, and the
 * ByteRange leaves out that and nothing else. */
static bool is_sound(const struct pades_draft *d, uint64_t size)
{
	const uint64_t *r = d->byte_range;
	size_t i;

	if (d->second > d->tail.len || d->first + 2 > d->second ||
	    d->tail.data[d->first] != '<' || d->tail.data[d->second - 1] != '>')
		return false;
	for (i = d->first + 1; i + 1 < d->second; i++) {
		if (d->tail.data[i] != '0')
			return false;
	}
	return r[0] == 0 && r[1] == size + d->first &&
	       r[2] == size + d->second && r[3] == d->tail.len - d->second;
}

/* Into an array of fixed size: a text that does not fit was not written by a
 * parser of ours. */
static bool get_short(struct slice *in, char *out, size_t size)
{
	const char *text;

	if (!pades_wire_get_text(in, &text) || text == NULL ||
	    strlen(text) >= size)
		return false;
	memcpy(out, text, strlen(text) + 1);
	return true;
}

/* Counted up as they are read, so that a list that breaks off has no entry
 * that was not filled. */
static bool get_shadow(struct slice *in, struct pdf_shadow *s)
{
	uint32_t count;

	if (!wire_get_u32(in, &count) || count > PDF_SHADOW_FINDINGS)
		return false;
	for (; s->count < count; s->count++) {
		if (!get_short(in, s->list[s->count].id, PDF_SHADOW_ID) ||
		    !get_short(in, s->list[s->count].text, PDF_SHADOW_TEXT))
			return false;
	}
	return true;
}

/* A parser may answer anything: offsets are held against the tail here, and
 * what they point to is looked at afterwards (is_sound). */
static bool get_draft(struct slice *in, struct pades_draft *out,
		      struct slice *survey)
{
	struct slice tail;
	uint64_t first, second;
	const char *field;
	size_t i;

	if (!wire_get_bytes(in, TAIL_MAX, &tail) || !wire_get_u64(in, &first) ||
	    !wire_get_u64(in, &second) || first > second || second > tail.len)
		return false;
	for (i = 0; i < 4; i++) {
		if (!wire_get_u64(in, &out->byte_range[i]))
			return false;
	}
	if (!pades_wire_get_text(in, &field) || !get_shown(in, &out->shown) ||
	    !get_shadow(in, &out->shadow) ||
	    !wire_get_bytes(in, SURVEY_MAX, survey) ||
	    !pades_beneath_read(in, &out->beneath) || in->len > 0)
		return false;
	out->first = (size_t)first;
	out->second = (size_t)second;
	out->field = strdup(field == NULL ? "" : field);
	buf_slice(&out->tail, tail);
	return true;
}

enum deed_status pades_draft_read(struct slice in, uint64_t size, bool store,
				  struct pades_draft *out,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct slice survey;

	*out = (struct pades_draft)PADES_DRAFT_INIT;
	if (!get_draft(&in, out, &survey))
		return deed_error_set(err, DEED_MALFORMED,
				      "a draft of a PDF is malformed");
	if (out->field == NULL || out->tail.failed)
		return deed_error_memory(err);
	if (!store && !is_sound(out, size))
		return deed_error_set(err, DEED_MALFORMED,
				      "a draft of a PDF has no place for its "
				      "value");
	if (survey.len > 0)
		status = pdf_survey_read(survey, &out->survey, err);
	return status;
}
