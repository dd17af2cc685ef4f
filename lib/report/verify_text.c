/* SPDX-License-Identifier: Apache-2.0 */
#include "report/verify_report.h"

#include "base/clock.h"
#include "codec/utf8.h"
#include "report/headline.h"

static void line(struct buf *out, const char *label, const char *value)
{
	buf_printf(out, "     %-13s%s\n", label, value);
}

static void put_time(const struct verdict_signature *sig, struct buf *out)
{
	char t[CLOCK_TEXT];

	if (sig->time_source == TIME_UNSET) {
		line(out, "when", "it does not say");
		return;
	}
	clock_format(sig->best_time, t);
	buf_printf(out, "     %-13s%s, %s\n", "when", t,
		   sig->time_source == TIME_TIMESTAMP ? "by a time-stamp"
						      : "as the signer says");
}

static void put_integrity(const struct verdict_signature *sig, struct buf *out)
{
	static const char *const integrity[] = {
		[INTEGRITY_UNKNOWN] = "cannot be told",
		[INTEGRITY_INTACT] = "yes",
		[INTEGRITY_BROKEN] = "NO: what was signed was changed, or the "
				     "signature is not by this key",
	};
	static const char *const coverage[] = {
		[COVERAGE_UNSET] = NULL,
		[COVERAGE_WHOLE_FILE] = "the whole document",
		[COVERAGE_WHOLE_REVISION] = "the document as it was then",
		[COVERAGE_PARTIAL] = "only a PART of the document",
	};
	static const char *const changes[] = {
		[CHANGES_UNSET] = NULL,
		[CHANGES_NONE] = NULL,
		[CHANGES_ARCHIVAL] = "only evidence was added",
		[CHANGES_FORM_FILL] = "form fields were filled in or further "
				      "signatures added",
		[CHANGES_ANNOTATION] = "annotations were changed",
		[CHANGES_OTHER] = "the document itself was CHANGED",
	};

	line(out, "intact", integrity[sig->integrity]);
	if (coverage[sig->coverage] != NULL)
		line(out, "covers", coverage[sig->coverage]);
	if (sig->changes_after == CHANGES_NONE)
		line(out, "since then", "nothing was changed");
	else if (changes[sig->changes_after] != NULL)
		line(out, "since then", changes[sig->changes_after]);
}

/* What was put on pages since, and where. */
static void put_boxes(const struct verdict_signature *sig, struct buf *out)
{
	const struct verdict_box *b;
	size_t i;

	for (i = 0; i < sig->box_count; i++) {
		b = &sig->boxes[i];
		buf_printf(out,
			   "     %-13spage %u, %.0f %.0f to %.0f %.0f, in "
			   "revision %u: %s\n",
			   i == 0 ? "put there" : "", b->page, b->box[0],
			   b->box[1], b->box[2], b->box[3], b->revision,
			   b->what);
	}
}

static void put_signer(const struct verdict_signature *sig, struct buf *out)
{
	size_t i;

	if (!sig->has_signer)
		return;
	if (sig->organisation != NULL && sig->name != NULL &&
	    strcmp(sig->organisation, sig->name) != 0)
		line(out, "organisation", sig->organisation);
	if (sig->identifier != NULL)
		line(out, "identifier", sig->identifier);
	if (sig->issuer != NULL)
		line(out, "certified by", sig->issuer);
	buf_printf(out, "     %-13ssha256:", "certificate");
	for (i = 0; i < VERDICT_HASH; i++)
		buf_printf(out, "%02x", sig->certificate[i]);
	buf_byte(out, '\n');
}

/* A file's name as a shell reads it. */
static void put_word(const char *text, struct buf *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._-+,:@%";

	if (text[0] == '-')
		buf_str(out, "./");
	if (text[0] != '\0' && strspn(text, plain) == strlen(text)) {
		buf_str(out, text);
		return;
	}
	buf_byte(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			buf_str(out, "'\\'");
		buf_byte(out, (uint8_t)*text);
	}
	buf_byte(out, '\'');
}

/* Does a reason name something that was done after this signature? */
static bool tells_changes(const struct verdict_signature *sig)
{
	static const char *const ids[] = { "annotation-covers", "docmdp",
					   "fieldmdp" };
	size_t i, k;

	if (sig->changes_after == CHANGES_OTHER)
		return true;
	for (i = 0; i < sig->reason_count; i++) {
		for (k = 0; k < sizeof(ids) / sizeof(ids[0]); k++) {
			if (strcmp(sig->reasons[i].id, ids[k]) == 0)
				return true;
		}
	}
	return false;
}

/* How to see what was signed, where it was changed since. */
static void put_command(const struct verdict_document *doc,
			const struct verdict_signature *sig, struct buf *out)
{
	if (sig->coverage != COVERAGE_WHOLE_REVISION || sig->revision == 0 ||
	    !tells_changes(sig))
		return;
	buf_printf(out,
		   "     %-13sdeed verify --revision %u -o revision-%u.pdf ",
		   "as signed", sig->revision, sig->revision);
	put_word(doc->file, out);
	buf_byte(out, '\n');
}

static bool has_reason(const struct verdict_document *doc, const char *id)
{
	const struct verdict_signature *sig;
	size_t i, k;

	for (i = 0; i < doc->signature_count; i++) {
		sig = &doc->signatures[i];
		for (k = 0; k < sig->reason_count; k++) {
			if (strcmp(sig->reasons[k].id, id) == 0)
				return true;
		}
	}
	return false;
}

/* How to get at a content that is itself signed: beside it, without the
 * ending that the signature gave its name. */
static void put_inside(const struct verdict_document *doc, struct buf *out)
{
	size_t len = strlen(doc->file);
	struct buf name = BUF_INIT;

	if (!has_reason(doc, "content-signed") || strcmp(doc->file, "-") == 0)
		return;
	if (len > 4 && strcasecmp(doc->file + len - 4, ".p7m") == 0 &&
	    doc->file[len - 5] != '/')
		buf_append(&name, doc->file, len - 4);
	else
		buf_printf(&name, "%s.content", doc->file);
	buf_byte(&name, 0);
	if (!name.failed) {
		buf_str(out, "  what is inside: deed verify --extract ");
		put_word((const char *)name.data, out);
		buf_byte(out, ' ');
		put_word(doc->file, out);
		buf_byte(out, '\n');
	}
	buf_clear(&name);
}

static void put_signature(const struct verdict_document *doc,
			  const struct verdict_signature *sig, size_t number,
			  struct buf *out)
{
	const char *sub = sub_indication_text(sig->sub);
	size_t i;

	buf_printf(out, "  %zu. %s by %s: %s%s%s\n", number,
		   verdict_kind_text(sig->kind),
		   sig->name != NULL ? sig->name : "someone unknown",
		   indication_text(sig->indication), sub == NULL ? "" : ", ",
		   sub == NULL ? "" : sub);
	if (sig->field != NULL && sig->field[0] != '\0')
		line(out, "field", sig->field);
	put_time(sig, out);
	put_integrity(sig, out);
	put_boxes(sig, out);
	put_signer(sig, out);
	if (sig->revocation != REVOCATION_NOT_CHECKED || sig->chain_count > 0)
		line(out, "revocation",
		     verdict_revocation_text(sig->revocation));
	if (sig->level != LEVEL_NONE)
		line(out, "level", verdict_level_text(sig->level));
	for (i = 0; i < sig->reason_count; i++)
		line(out, i == 0 ? "because" : "", sig->reasons[i].message);
	put_command(doc, sig, out);
}

void report_document_text(const struct verdict_document *doc,
			  const json_t *unmet, struct buf *out)
{
	size_t i;

	if (doc->indication == INDICATION_UNREADABLE)
		return;
	buf_printf(out, "%s: ", doc->file);
	report_headline(indication_text(doc->indication), unmet, out);
	buf_byte(out, '\n');
	for (i = 0; i < doc->signature_count; i++)
		put_signature(doc, &doc->signatures[i], i + 1, out);
	put_inside(doc, out);
}

/* Of the first signature that is as bad as the document. */
static const char *worst_sub(const struct verdict_document *doc)
{
	size_t i;

	for (i = 0; i < doc->signature_count; i++) {
		if (doc->signatures[i].indication == doc->indication)
			return sub_indication_text(doc->signatures[i].sub);
	}
	return NULL;
}

void report_document_line(const char *file, const struct verdict_document *doc,
			  const json_t *unmet, struct buf *out)
{
	const char *sub = doc == NULL || json_array_size(unmet) > 0
				  ? NULL
				  : worst_sub(doc);

	utf8_clean(slice_str(file), out);
	buf_str(out, ": ");
	report_headline(doc == NULL ? NULL : indication_text(doc->indication),
			unmet, out);
	if (sub != NULL)
		buf_printf(out, ", %s", sub);
	buf_byte(out, '\n');
}
