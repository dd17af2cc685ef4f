/* SPDX-License-Identifier: Apache-2.0 */
#include "report/verify_report.h"

#include "base/clock.h"
#include "codec/json.h"
#include "report/look_json.h"
#include "report/qualification.h"

static json_t *text(const char *s)
{
	return s == NULL ? json_null() : json_string(s);
}

static json_t *sha256_text(bool present, const uint8_t digest[VERDICT_HASH])
{
	return present ? json_sha256(digest) : json_null();
}

/* Null stands for a time that is not known, since a member that is left out
 * could as well be one that an older version does not have. */
static json_t *time_text(bool present, int64_t t)
{
	char s[CLOCK_TEXT];

	if (!present)
		return json_null();
	clock_format(t, s);
	return json_string(s);
}

/* A NULL value is out of memory: it makes the whole object NULL. */
static void set(json_t **o, const char *key, json_t *value)
{
	if (*o == NULL) {
		json_decref(value);
		return;
	}
	if (json_object_set_new(*o, key, value) != 0) {
		json_decref(*o);
		*o = NULL;
	}
}

/* As set: a NULL value, or a list that failed before, makes the whole NULL,
 * and nothing is leaked on the way. */
static void append(json_t **a, json_t *value)
{
	if (*a == NULL) {
		json_decref(value);
		return;
	}
	if (json_array_append_new(*a, value) != 0) {
		json_decref(*a);
		*a = NULL;
	}
}

/* As it stands in the document, sound or not. */
static json_t *byte_range(const struct verdict_signature *sig)
{
	json_t *a;
	int i;

	if (!sig->has_byte_range)
		return json_null();
	a = json_array();
	for (i = 0; i < 4; i++)
		append(&a, json_integer((json_int_t)sig->byte_range[i]));
	return a;
}

/* Null where the signature was too malformed to say. */
static json_t *algorithms(const struct verdict_signature *sig)
{
	json_t *o = json_object();

	set(&o, "digest", text(sig->digest_algorithm));
	set(&o, "signature", text(sig->signature_algorithm));
	return o;
}

/* Each with its own indication: that a time-stamp proves nothing need not
 * lower that of the signature. */
static json_t *timestamps(const struct verdict_signature *sig)
{
	json_t *a = json_array(), *o;
	size_t i;

	for (i = 0; i < sig->timestamp_count; i++) {
		o = json_object();
		set(&o, "time", time_text(true, sig->timestamps[i].time));
		set(&o, "indication",
		    text(indication_text(sig->timestamps[i].indication)));
		set(&o, "sub_indication",
		    text(sub_indication_text(sig->timestamps[i].sub)));
		set(&o, "covers",
		    text(verdict_timestamp_over_text(sig->timestamps[i].over)));
		append(&a, o);
	}
	return a;
}

/* From the signer upwards, by the digests of the certificates, which a reader
 * can find in any store. */
static json_t *chain(const struct verdict_signature *sig)
{
	json_t *a = json_array();
	size_t i;

	for (i = 0; i < sig->chain_count; i++)
		append(&a, json_sha256(sig->chain[i]));
	return a;
}

/* Null where no certificate was found; a name can be missing from a
 * certificate that is there. */
static json_t *signer(const struct verdict_signature *sig)
{
	json_t *o;

	if (!sig->has_signer)
		return json_null();
	o = json_object();
	set(&o, "name", text(sig->name));
	set(&o, "organisation", text(sig->organisation));
	set(&o, "identifier", text(sig->identifier));
	set(&o, "certificate", json_sha256(sig->certificate));
	set(&o, "issuer", text(sig->issuer));
	return o;
}

/* Null where none is known. */
static json_t *hint(const struct report_asked *asked,
		    const struct verdict_document *doc, size_t n, size_t reason)
{
	struct buf text = BUF_INIT;
	json_t *value;

	report_remedy(asked, doc, n, reason, &text);
	if (text.failed)
		value = NULL;
	else if (text.len == 0)
		value = json_null();
	else
		value = json_stringn((const char *)text.data, text.len);
	buf_clear(&text);
	return value;
}

/* In the order in which they were found.  The hint belongs to a reason, and
 * depends on what was asked besides. */
static json_t *reasons(const struct report_asked *asked,
		       const struct verdict_document *doc, size_t n)
{
	const struct verdict_signature *sig = &doc->signatures[n];
	json_t *a = json_array(), *o;
	size_t i;

	for (i = 0; i < sig->reason_count; i++) {
		o = json_object();
		set(&o, "id", text(sig->reasons[i].id));
		set(&o, "message", text(sig->reasons[i].message));
		set(&o, "hint", hint(asked, doc, n, i));
		append(&a, o);
	}
	return a;
}

/* To a hundredth of a point, which nobody sees. */
static json_t *coordinate(double value)
{
	return json_real(
		(double)(int64_t)(value * 100 + (value < 0 ? -0.5 : 0.5)) /
		100);
}

/* What later revisions put on pages, in points of the page's own space. */
static json_t *boxes(const struct verdict_signature *sig)
{
	json_t *a = json_array(), *o, *corners;
	const struct verdict_box *b;
	size_t i, k;

	for (i = 0; i < sig->box_count; i++) {
		b = &sig->boxes[i];
		corners = json_array();
		for (k = 0; k < 4; k++)
			append(&corners, coordinate(b->box[k]));
		o = json_object();
		set(&o, "revision", json_integer(b->revision));
		set(&o, "page", json_integer(b->page));
		set(&o, "box", corners);
		set(&o, "what", text(b->what));
		append(&a, o);
	}
	return a;
}

/* What was seen of the pages and the qualification are members only where
 * there are any; all others always, be it as null.  With several
 * qualifications the first is told. */
static json_t *signature(const struct report_asked *asked,
			 const struct verdict_document *doc, size_t n)
{
	const struct verdict_signature *sig = &doc->signatures[n];
	json_t *o = json_object();

	set(&o, "field", text(sig->field));
	set(&o, "kind", text(verdict_kind_text(sig->kind)));
	set(&o, "indication", text(indication_text(sig->indication)));
	set(&o, "sub_indication", text(sub_indication_text(sig->sub)));
	set(&o, "integrity", text(verdict_integrity_text(sig->integrity)));
	set(&o, "coverage", text(verdict_coverage_text(sig->coverage)));
	set(&o, "changes_after",
	    text(verdict_changes_text(sig->changes_after)));
	set(&o, "boxes", boxes(sig));
	if (sig->look != NULL)
		set(&o, "look", report_look_json(sig->look));
	set(&o, "revocation", text(verdict_revocation_text(sig->revocation)));
	set(&o, "level", text(verdict_level_text(sig->level)));
	set(&o, "revision",
	    sig->revision == 0 ? json_null() : json_integer(sig->revision));
	set(&o, "byte_range", byte_range(sig));
	set(&o, "algorithms", algorithms(sig));
	set(&o, "signing_time",
	    time_text(sig->has_signing_time, sig->signing_time));
	set(&o, "best_time",
	    time_text(sig->time_source != TIME_UNSET, sig->best_time));
	set(&o, "time_source",
	    text(verdict_time_source_text(sig->time_source)));
	set(&o, "timestamps", timestamps(sig));
	set(&o, "chain", chain(sig));
	set(&o, "signer", signer(sig));
	if (sig->qualification_count > 0)
		set(&o, "qualification",
		    report_qualification_json(&sig->qualifications[0]));
	set(&o, "reasons", reasons(asked, doc, n));
	return o;
}

json_t *report_document_json(const struct verdict_document *doc,
			     const struct report_asked *asked)
{
	json_t *o = json_object(), *a = json_array();
	size_t i;

	set(&o, "sha256", sha256_text(doc->has_sha256, doc->sha256));
	set(&o, "format", text(verdict_format_text(doc->format)));
	set(&o, "indication", text(indication_text(doc->indication)));
	set(&o, "revisions",
	    doc->revisions == 0 ? json_null() : json_integer(doc->revisions));
	for (i = 0; i < doc->signature_count; i++)
		append(&a, signature(asked, doc, i));
	set(&o, "signatures", a);
	return o;
}
