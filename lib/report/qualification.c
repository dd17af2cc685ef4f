/* SPDX-License-Identifier: Apache-2.0 */
#include "report/qualification.h"

#include "codec/json.h"
#include "codec/utf8.h"
#include "report/json_build.h"

/* What it is for, as words. */
static json_t *purposes(const struct verdict_qualification *q)
{
	json_t *a = json_array();

	if (q->for_signatures)
		json_build_append(&a, json_string("signatures"));
	if (q->for_seals)
		json_build_append(&a, json_string("seals"));
	if (q->for_websites)
		json_build_append(&a, json_string("websites"));
	return a;
}

json_t *report_qualification_json(const struct verdict_qualification *q)
{
	json_t *o = json_object();

	json_build_set(&o, "is", json_build_text(q->is));
	json_build_set(&o, "at_issuance", json_build_text(q->at_issuance));
	json_build_set(&o, "at_best_time", json_build_text(q->at_best_time));
	json_build_set(&o, "why", json_build_text(q->why));
	json_build_set(&o, "at", json_build_time(true, q->at));
	json_build_set(&o, "for", purposes(q));
	json_build_set(&o, "device", json_build_text(q->device));
	json_build_set(&o, "by", json_build_text(q->by));
	json_build_set(&o, "service", json_build_text(q->service));
	json_build_set(&o, "licence", json_build_text(q->licence));
	json_build_set(&o, "scheme", json_build_text(q->scheme));
	json_build_set(&o, "compiled_by", json_build_text(q->compiler));
	json_build_set(&o, "list", json_sha256(q->list));
	json_build_set(&o, "message", json_build_text(q->message));
	return o;
}

/* The list is signed, but its texts are the scheme's, and may hold what no
 * terminal should see. */
static json_t *clean(const char *text)
{
	struct buf b = BUF_INIT;

	if (text == NULL)
		return json_null();
	utf8_clean(slice_str(text), &b);
	return json_build_take(&b);
}

/* Only a lack of memory is a failure here, and makes the whole object NULL. */
static json_t *signer_name(const struct list_statement *s)
{
	struct buf b = BUF_INIT;

	if (list_statement_signer_name(s, &b, NULL) != DEED_OK)
		b.failed = true;
	return json_build_take(&b);
}

json_t *report_trust_list_json(const struct list_statement *s)
{
	const struct trust_list *l = s->list;
	json_t *o = json_object();

	json_build_set(&o, "scheme", clean(l->scheme));
	json_build_set(&o, "territory", clean(l->territory));
	json_build_set(&o, "compiled_by", clean(l->scheme_operator));
	json_build_set(&o, "sequence", json_integer((json_int_t)l->sequence));
	json_build_set(&o, "issued", json_build_time(true, l->issued));
	json_build_set(&o, "next_update",
		       json_build_time(l->next_update != TRUST_NO_TIME,
				       l->next_update));
	json_build_set(&o, "sha256", json_sha256(s->sha256));
	json_build_set(&o, "signer", signer_name(s));
	return o;
}

void report_trust_list_text(const struct list_statement *s, struct buf *out)
{
	const struct trust_list *l = s->list;
	bool closed = l->next_update == TRUST_NO_TIME;
	char until[CLOCK_TEXT];

	clock_format(closed ? l->issued : l->next_update, until);
	utf8_clean(slice_str(l->scheme), out);
	buf_printf(out, ", number %llu, until %s, signed by ",
		   (unsigned long long)l->sequence, until);
	if (list_statement_signer_name(s, out, NULL) != DEED_OK)
		out->failed = true;
}
