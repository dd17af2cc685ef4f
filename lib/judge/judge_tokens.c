/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/clock.h"
#include "codec/der.h"
#include "judge/judge_private.h"

/* One time-stamp of a signer. */
struct item {
	enum oid type;
	struct slice value;
	struct tst *t; /* NULL: no token */
	struct judge_token found;
};

struct list {
	struct item *items;
	size_t count;
	bool more; /* than JUDGE_TOKENS */
};

/* All that may stand among the attributes of a signer, the older forms
 * included: those are judged by their own signature only, but are told. */
static bool is_token(enum oid type)
{
	return type == OID_TIMESTAMP_TOKEN || type == OID_CONTENT_TIMESTAMP ||
	       type == OID_ARCHIVE_TIMESTAMP ||
	       type == OID_ARCHIVE_TIMESTAMP_V2 ||
	       type == OID_ARCHIVE_TIMESTAMP_V3 || type == OID_ESC_TIMESTAMP ||
	       type == OID_CERT_CRL_TIMESTAMP;
}

/* From the outside inwards. */
static int layer(enum oid type)
{
	return type == OID_CONTENT_TIMESTAMP ? 2
	       : type == OID_TIMESTAMP_TOKEN ? 1
					     : 0;
}

/* ---- collecting ---- */

/* Most signatures have none, and room for all that are possible is not taken
 * for them. */
static bool has_tokens(const struct cms_attributes *attrs)
{
	unsigned i;

	for (i = 0; i < attrs->count; i++) {
		if (is_token(attrs->list[i].oid))
			return true;
	}
	return false;
}

/* What is no token is an item as well, without t and with its failure in
 * found, so that it is told.  The bound counts signed and unsigned attributes
 * together. */
static enum deed_status collect(const struct cms_attributes *attrs,
				struct list *l, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct slice value;
	struct der_reader r;
	struct item *item;
	unsigned i;

	for (i = 0; i < attrs->count; i++) {
		if (!is_token(attrs->list[i].oid))
			continue;
		der_init(&r, attrs->list[i].values);
		while (status == DEED_OK &&
		       der_get_any(&r, NULL, NULL, &value)) {
			if (l->count == JUDGE_TOKENS) {
				l->more = true;
				return DEED_OK;
			}
			item = &l->items[l->count++];
			item->type = attrs->list[i].oid;
			item->value = value;
			status = judge_token_open(value, &item->t, &item->found,
						  err);
		}
		if (status != DEED_OK)
			return status;
	}
	return DEED_OK;
}

static void clear(struct list *l)
{
	while (l->count > 0)
		tst_free(l->items[--l->count].t);
	free(l->items);
}

static bool is_outer(const struct item *a, const struct item *b)
{
	if (layer(a->type) != layer(b->type))
		return layer(a->type) < layer(b->type);
	return a->found.time > b->found.time;
}

/* The order of judging; there are few. */
static void sort(const struct list *l, size_t order[JUDGE_TOKENS])
{
	size_t i, k;

	for (i = 0; i < l->count; i++) {
		for (k = i;
		     k > 0 && is_outer(&l->items[i], &l->items[order[k - 1]]);
		     k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
}

/* ---- judging one ---- */

/* A token over the content is compared with what the signer signed, or with
 * nothing where that is not at hand: then it cannot pass. */
static enum deed_status judge_item(const struct judge_timestamped *s,
				   struct item *item, struct deed_error *err)
{
	struct slice signature = s->signer->signature;
	struct cms_content covered;

	switch (item->type) {
	case OID_TIMESTAMP_TOKEN:
		cms_content_memory(&covered, &signature);
		return judge_token(item->t, &covered, s->source, s->params,
				   &item->found, err);
	case OID_CONTENT_TIMESTAMP:
		return judge_token(item->t, s->content, s->source, s->params,
				   &item->found, err);
	case OID_ARCHIVE_TIMESTAMP_V3:
		return judge_archive_token(item->t, s->archive, s->signer,
					   s->content, s->source, s->params,
					   &item->found, err);
	default:
		/* Older archive time-stamps and those over references: their
		 * own signature is judged, not what they cover. */
		return judge_token(item->t, NULL, s->source, s->params,
				   &item->found, err);
	}
}

/*
 * What a token over the signature value proves: the value, and what its
 * signed attributes hold and name (5.6.2.3: a hash that is covered covers
 * what it is of).
 */
static enum deed_status prove_signature(const struct judge_timestamped *s,
					int64_t time, struct deed_error *err)
{
	const struct cms_attributes *attrs = &s->signer->signed_attrs;
	struct existence *existence =
		judge_evidence_existence(s->params->evidence);
	enum deed_status status;
	struct der_reader r;
	struct slice value;
	unsigned i;

	status = existence_add(existence, s->signer->signature, time, err);
	if (status == DEED_OK && s->certificate != NULL)
		status = existence_add(
			existence, cert_fields(s->certificate)->der, time, err);
	for (i = 0; status == DEED_OK && i < attrs->count; i++) {
		der_init(&r, attrs->list[i].values);
		while (status == DEED_OK && der_get_any(&r, NULL, NULL, &value))
			status = existence_add_attribute(existence,
							 attrs->list[i].oid,
							 value, time, err);
	}
	return status;
}

/* A token over the content proves the opposite of the others: that the
 * signature was made after it.  The latest one counts. */
static enum deed_status prove(const struct judge_timestamped *s,
			      const struct item *item, struct judge_tokens *out,
			      struct deed_error *err)
{
	struct existence *existence =
		judge_evidence_existence(s->params->evidence);
	enum deed_status status;

	switch (item->type) {
	case OID_TIMESTAMP_TOKEN:
		return prove_signature(s, item->found.time, err);
	case OID_CONTENT_TIMESTAMP:
		if (!out->made_after || item->found.time > out->after)
			out->after = item->found.time;
		out->made_after = true;
		return DEED_OK;
	case OID_ARCHIVE_TIMESTAMP_V3:
		status = prove_signature(s, item->found.time, err);
		if (status == DEED_OK)
			status = judge_archive_prove(item->t, s->archive,
						     s->signer, existence, err);
		return status;
	default:
		return DEED_OK;
	}
}

/* ---- telling ---- */

/* The three forms of archive time-stamps are one in the report. */
static enum verdict_timestamp_over timestamp_of(enum oid type)
{
	switch (type) {
	case OID_TIMESTAMP_TOKEN:
		return TIMESTAMP_OVER_SIGNATURE;
	case OID_CONTENT_TIMESTAMP:
		return TIMESTAMP_OVER_CONTENT;
	case OID_ESC_TIMESTAMP:
	case OID_CERT_CRL_TIMESTAMP:
		return TIMESTAMP_OVER_REFERENCES;
	default:
		return TIMESTAMP_OVER_ALL;
	}
}

/* A token that is broken, or in the wrong order, is a doubt of the signature,
 * as somebody made it so; one that merely proves nothing leaves the signature
 * as it would be without. */
static void tell(struct verdict_signature *sig, const struct item *item)
{
	const struct judge_token *f = &item->found;
	char at[CLOCK_TEXT] = "unknown time";

	if (f->has_time) {
		verdict_add_timestamp(sig, timestamp_of(item->type), f->time,
				      f->indication, f->sub);
		clock_format(f->time, at);
	}
	if (f->indication == TOTAL_FAILED)
		verdict_doubt(sig,
			      f->wrong_certificate
				      ? SUB_NO_SIGNING_CERTIFICATE_FOUND
				      : SUB_SIG_CONSTRAINTS_FAILURE,
			      "timestamp-broken",
			      "a time-stamp (%s) does not hold: %s",
			      oid_text(item->type), f->message);
	else if (f->sub == SUB_TIMESTAMP_ORDER_FAILURE)
		verdict_doubt(sig, SUB_TIMESTAMP_ORDER_FAILURE,
			      "timestamp-order", "of a time-stamp (%s): %s",
			      oid_text(item->type), f->message);
	else if (f->indication == INDETERMINATE)
		verdict_note(sig, "timestamp-unproven",
			     "the time-stamp of %s (%s) proves nothing: %s", at,
			     oid_text(item->type), f->message);
	if (f->ahead[0] != '\0')
		verdict_note(sig, "revocation-ahead",
			     "of the time-stamp of %s (%s): %s", at,
			     oid_text(item->type), f->ahead);
}

/* 5.5.4, 5.6.3: what covers another is not older. */
static void check_order(struct verdict_signature *sig, const struct list *l)
{
	char early[CLOCK_TEXT], late[CLOCK_TEXT];
	size_t i, k;

	for (i = 0; i < l->count; i++) {
		for (k = 0; k < l->count; k++) {
			const struct item *outer = &l->items[i],
					  *inner = &l->items[k];

			if (outer->found.indication == TOTAL_FAILED ||
			    inner->found.indication == TOTAL_FAILED ||
			    layer(outer->type) >= layer(inner->type) ||
			    outer->found.time >= inner->found.time)
				continue;
			clock_format(outer->found.time, early);
			clock_format(inner->found.time, late);
			verdict_doubt(sig, SUB_TIMESTAMP_ORDER_FAILURE,
				      "timestamp-order",
				      "a time-stamp of %s (%s) covers one of "
				      "%s (%s)",
				      early, oid_text(outer->type), late,
				      oid_text(inner->type));
			return;
		}
	}
}

enum deed_status judge_signer_tokens(const struct judge_timestamped *s,
				     struct judge_tokens *out,
				     struct deed_error *err)
{
	struct verdict_signature *sig = &s->doc->signatures[s->at];
	size_t i, order[JUDGE_TOKENS];
	enum deed_status status;
	struct list l = { 0 };

	*out = (struct judge_tokens){ 0 };
	if (!has_tokens(&s->signer->signed_attrs) &&
	    !has_tokens(&s->signer->unsigned_attrs))
		return DEED_OK;
	l.items = calloc(JUDGE_TOKENS, sizeof(*l.items));
	if (l.items == NULL)
		return deed_error_memory(err);
	status = collect(&s->signer->signed_attrs, &l, err);
	if (status == DEED_OK)
		status = collect(&s->signer->unsigned_attrs, &l, err);
	if (status == DEED_OK)
		sort(&l, order);
	for (i = 0; status == DEED_OK && i < l.count; i++) {
		struct item *item = &l.items[order[i]];

		if (item->t != NULL)
			status = judge_item(s, item, err);
		if (status == DEED_OK && item->found.indication == TOTAL_PASSED)
			status = prove(s, item, out, err);
		if (item->found.indication == TOTAL_FAILED)
			continue;
		if (item->type == OID_TIMESTAMP_TOKEN)
			out->good_signature_token = true;
		if (item->type == OID_ARCHIVE_TIMESTAMP_V3)
			out->good_archive_token = true;
	}
	for (i = 0; status == DEED_OK && i < l.count; i++)
		tell(sig, &l.items[i]);
	if (status == DEED_OK)
		check_order(sig, &l);
	if (l.more)
		verdict_doubt(sig, SUB_SIG_CONSTRAINTS_FAILURE, "timestamps",
			      "more than %d time-stamps", JUDGE_TOKENS);
	clear(&l);
	return status;
}
