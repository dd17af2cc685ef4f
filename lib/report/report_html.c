/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_priv.h"

#include "report/headline.h"
#include "report/report_style.h"

/*
 * One page for people: no script, nothing loaded from anywhere, which its own
 * content policy says.  Names stand in bdi, so that a name that is written
 * from right to left turns nothing around it.
 */
struct word {
	const char *id, *text;
};

/* The caller knows all words that can occur; one that is new to it stands as
 * it is in the JSON. */
static const char *in_words(const struct word *list, const char *id)
{
	for (; list->id != NULL; list++) {
		if (strcmp(list->id, id) == 0)
			return list->text;
	}
	return id;
}

static const struct word verdicts[] = {
	{ "TOTAL-PASSED", "Passed" },
	{ "INDETERMINATE", "Cannot be told" },
	{ "TOTAL-FAILED", "Failed" },
	{ "NO-SIGNATURE", "Not signed" },
	{ "UNREADABLE", "Could not be judged" },
	{ "UNMET", "Requirement not met" },
	{ NULL, NULL },
};

static const struct word classes[] = {
	{ "TOTAL-PASSED", "good" },
	{ "INDETERMINATE", "open" },
	{ "TOTAL-FAILED", "bad" },
	{ "NO-SIGNATURE", "bad" },
	{ "UNREADABLE", "bad" },
	{ "UNMET", "bad" },
	{ NULL, NULL },
};

static const struct word kinds[] = {
	{ "signature", "Signature" },
	{ "seal", "Seal" },
	{ "document-timestamp", "Document time-stamp" },
	{ "counter-signature", "Counter-signature" },
	{ "container-timestamp", "Container time-stamp" },
	{ NULL, NULL },
};

static const struct word integrity[] = {
	{ "intact", "what was signed is unchanged" },
	{ "broken", "what was signed was changed" },
	{ "unknown", "not known" },
	{ NULL, NULL },
};

static const struct word coverage[] = {
	{ "whole-file", "the whole file" },
	{ "whole-revision", "the whole document as it was then" },
	{ "partial", "a part of the file" },
	{ NULL, NULL },
};

static const struct word changes[] = {
	{ "none", "none" },
	{ "archival", "data for the archive" },
	{ "form-fill", "form fields or further signatures" },
	{ "annotation", "annotations" },
	{ "other", "changes that no signature permits" },
	{ NULL, NULL },
};

static const struct word looks[] = {
	{ "same", "as it was signed, but for what was put there" },
	{ "different", "not as it was signed" },
	{ "not-painted", "it could not be painted" },
	{ NULL, NULL },
};

static const struct word revocation[] = {
	{ "good", "not revoked" },
	{ "revoked", "revoked" },
	{ "unknown", "not known" },
	{ "not-checked", "not checked" },
	{ NULL, NULL },
};

static void put_bdi(const char *text, struct buf *out)
{
	buf_str(out, "<bdi>");
	report_xml(text, out);
	buf_str(out, "</bdi>");
}

/* A row of a list of facts; nothing where there is nothing to say. */
static void put_fact(const char *name, const char *value, struct buf *out)
{
	if (value[0] == '\0')
		return;
	buf_printf(out, "<dt>%s</dt><dd>", name);
	put_bdi(value, out);
	buf_str(out, "</dd>\n");
}

/* Not in bdi, as hexadecimal digits turn nothing around. */
static void put_digest(const char *name, const char *value, struct buf *out)
{
	if (value[0] == '\0')
		return;
	buf_printf(out, "<dt>%s</dt><dd><code>", name);
	report_xml(value, out);
	buf_str(out, "</code></dd>\n");
}

/* A time stands as it does in the JSON, but for the T: always UTC. */
static void put_time(const char *name, const char *value, const char *note,
		     struct buf *out)
{
	if (strlen(value) != 20)
		return;
	buf_printf(out,
		   "<dt>%s</dt><dd><time datetime=\"%s\">%.10s %.8s UTC</time>"
		   "%s</dd>\n",
		   name, value, value, value + 11, note);
}

static void put_badge(const char *indication, struct buf *out)
{
	buf_printf(out, "<span class=\"badge %s\">%s</span>",
		   in_words(classes, indication),
		   in_words(verdicts, indication));
}

/* What to do about it. */
static void put_hint(const char *text, struct buf *out)
{
	if (text[0] == '\0')
		return;
	buf_str(out, "<br><span class=\"hint\">");
	put_bdi(text, out);
	buf_str(out, "</span>");
}

/* Messages quote names out of the document, and every one stands in a bdi of
 * its own. */
static void put_reasons(const json_t *signature, struct buf *out)
{
	const json_t *list = json_object_get(signature, "reasons"), *one;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	buf_str(out, "<ul class=\"reasons\">\n");
	json_array_foreach(list, i, one)
	{
		buf_str(out, "<li>");
		put_bdi(report_member(one, "message"), out);
		put_hint(report_member(one, "hint"), out);
		buf_str(out, "</li>\n");
	}
	buf_str(out, "</ul>\n");
}

/* What later revisions put on pages, a fact each. */
static void put_boxes(const json_t *sig, struct buf *out)
{
	const json_t *list = json_object_get(sig, "boxes"), *one, *box;
	size_t i, k;

	json_array_foreach(list, i, one)
	{
		box = json_object_get(one, "box");
		buf_printf(out, "<dt>%s</dt><dd>page %lld, at",
			   i == 0 ? "Added since" : "",
			   (long long)json_integer_value(
				   json_object_get(one, "page")));
		for (k = 0; k < 4; k++)
			buf_printf(out, " %.0f",
				   json_number_value(json_array_get(box, k)));
		buf_printf(out, ", in revision %lld: ",
			   (long long)json_integer_value(
				   json_object_get(one, "revision")));
		put_bdi(report_member(one, "what"), out);
		buf_str(out, "</dd>\n");
	}
}

/* What is not known has no row; the order is that of the questions which a
 * reader asks.  The time that the signer claims is told besides the one that
 * is proven. */
static void put_facts(const json_t *sig, struct buf *out)
{
	const json_t *signer = json_object_get(sig, "signer");
	const char *level = report_member(sig, "level");
	bool stamped =
		strcmp(report_member(sig, "time_source"), "timestamp") == 0;

	buf_str(out, "<dl>\n");
	put_fact("Organisation", report_member(signer, "organisation"), out);
	put_fact("Identifier", report_member(signer, "identifier"), out);
	put_fact("Certified by", report_member(signer, "issuer"), out);
	put_time("Signed", report_member(sig, "signing_time"),
		 " (as the signer says)", out);
	if (stamped)
		put_time("Proven to exist at", report_member(sig, "best_time"),
			 " (time-stamp)", out);
	put_fact("Integrity",
		 in_words(integrity, report_member(sig, "integrity")), out);
	put_fact("Covers", in_words(coverage, report_member(sig, "coverage")),
		 out);
	put_fact("Changed since",
		 in_words(changes, report_member(sig, "changes_after")), out);
	put_boxes(sig, out);
	put_fact("Looks",
		 in_words(looks, report_member(json_object_get(sig, "look"),
					       "outcome")),
		 out);
	put_fact("Revocation",
		 in_words(revocation, report_member(sig, "revocation")), out);
	put_fact("Level", strcmp(level, "none") == 0 ? "" : level, out);
	put_fact(
		"Standing",
		report_member(json_object_get(sig, "qualification"), "message"),
		out);
	put_fact("Field", report_member(sig, "field"), out);
	put_digest("Certificate", report_member(signer, "certificate"), out);
	buf_str(out, "</dl>\n");
}

/* Names are set apart by <bdi>: a name in Arabic must not turn the words
 * around it. */
static void put_signature(const json_t *sig, struct buf *out)
{
	const json_t *signer = json_object_get(sig, "signer");
	const char *indication = report_member(sig, "indication");
	const char *name = report_member(signer, "name");
	const char *sub = report_member(sig, "sub_indication");

	buf_printf(out, "<section class=\"signature %s\">\n<h3>",
		   in_words(classes, indication));
	put_bdi(name[0] == '\0' ? "Signer unknown" : name, out);
	buf_printf(out, " <small>%s</small> ",
		   in_words(kinds, report_member(sig, "kind")));
	put_badge(indication, out);
	buf_str(out, "</h3>\n");
	if (sub[0] != '\0') {
		buf_str(out, "<p class=\"sub\">");
		report_xml(sub, out);
		buf_str(out, "</p>\n");
	}
	put_reasons(sig, out);
	report_html_look(sig, out);
	put_facts(sig, out);
	buf_str(out, "</section>\n");
}

/* The id is for programs; the message says it all to people. */
static void put_fault(void *arg, const char *id, const char *message)
{
	struct buf *out = arg;

	(void)id;
	buf_str(out, "<p class=\"fault\">");
	put_bdi(message, out);
	buf_str(out, "</p>\n");
}

/* A requirement that is not met goes before the indication, since a document
 * that passed would look good without it. */
static void put_document(const json_t *verify, const json_t *doc,
			 struct buf *out)
{
	const json_t *list = json_object_get(doc, "signatures"), *one;
	const char *indication = report_indication(doc);
	const char *sha256 = report_member(doc, "sha256");
	size_t i;

	buf_str(out, "<article>\n<h2>");
	put_bdi(report_member(doc, "file"), out);
	buf_byte(out, ' ');
	put_badge(report_outcome(indication, json_object_get(doc, "unmet")) ==
				  REPORT_UNMET
			  ? "UNMET"
			  : indication,
		  out);
	buf_str(out, "</h2>\n");
	if (strncmp(sha256, "sha256:", 7) == 0) {
		buf_str(out, "<dl>\n");
		put_digest("SHA-256", sha256 + 7, out);
		buf_str(out, "</dl>\n");
	}
	report_faults(verify, doc, put_fault, out);
	json_array_foreach(list, i, one) put_signature(one, out);
	buf_str(out, "</article>\n");
}

/* Without any document the page is not good: nothing was judged. */
static void put_summary(const json_t *verify, struct buf *out)
{
	const json_t *list = json_object_get(verify, "documents"), *one;
	size_t i, passed = 0, n = json_array_size(list);
	struct buf text = BUF_INIT;

	json_array_foreach(list, i, one) passed += report_passed(one);
	report_whole_headline(verify, &text);
	buf_byte(&text, 0);
	buf_printf(out, "<p class=\"summary %s\">",
		   passed == n && n > 0 ? "good" : "bad");
	put_bdi(text.failed ? "" : (const char *)text.data, out);
	buf_str(out, "</p>\n");
	out->failed |= text.failed;
	buf_clear(&text);
}

/* Who was trusted, by which policy, at which time: without that a verdict says
 * nothing. */
static void put_trust(const json_t *verify, struct buf *out)
{
	const json_t *list = json_object_get(verify, "trust"), *one;
	const json_t *policy = json_object_get(verify, "policy");
	size_t i;

	buf_str(out, "<footer>\n<h2>How this was judged</h2>\n<dl>\n");
	put_time("At", report_member(verify, "at"), "", out);
	put_fact("Policy", report_member(policy, "name"), out);
	put_digest("Policy's SHA-256", report_member(policy, "sha256"), out);
	json_array_foreach(list, i, one)
	{
		buf_str(out, "<dt>Trusted</dt><dd>");
		put_bdi(report_member(one, "name"), out);
		buf_str(out, "<br><code>");
		report_xml(report_member(one, "certificate"), out);
		buf_str(out, "</code></dd>\n");
	}
	if (json_array_size(list) == 0)
		buf_str(out, "<dt>Trusted</dt><dd>nobody</dd>\n");
	put_fact("Program deed, version", report_member(verify, "deed"), out);
	buf_str(out, "</dl>\n</footer>\n");
}

void report_html(const json_t *verify, struct buf *out)
{
	const json_t *list = json_object_get(verify, "documents"), *one;
	size_t i;

	buf_str(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		     "<meta charset=\"utf-8\">\n"
		     "<meta http-equiv=\"Content-Security-Policy\" "
		     "content=\"default-src 'none'; style-src 'unsafe-inline'; "
		     "img-src data:\">\n"
		     "<meta name=\"viewport\" content=\"width=device-width\">\n"
		     "<meta name=\"color-scheme\" content=\"light dark\">\n"
		     "<title>Signatures of documents</title>\n<style>\n");
	buf_str(out, report_style);
	buf_str(out, "</style>\n</head>\n<body>\n<header>\n"
		     "<h1>Signatures of documents</h1>\n");
	put_summary(verify, out);
	buf_str(out, "</header>\n<main>\n");
	json_array_foreach(list, i, one) put_document(verify, one, out);
	buf_str(out, "</main>\n");
	put_trust(verify, out);
	buf_str(out, "</body>\n</html>\n");
}
