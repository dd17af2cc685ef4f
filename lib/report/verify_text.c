/* SPDX-License-Identifier: Apache-2.0 */
#include "report/verify_report.h"

#include "base/clock.h"
#include "codec/utf8.h"
#include "report/headline.h"
#include "report/word.h"

static void line(struct buf *out, const char *label, const char *value)
{
	buf_printf(out, "     %-13s%s\n", label, value);
}

/* It is always said whose word the time is: the signer's own claim proves
 * nothing. */
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

/* A word that is not set has no line.  What is bad stands in capitals, since a
 * terminal has no other means that every reader sees. */
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
			   i == 0 ? "added" : "", b->page, b->box[0], b->box[1],
			   b->box[2], b->box[3], b->revision, b->what);
	}
}

/* What was seen of the pages, where somebody looked. */
static void put_look(const struct verdict_signature *sig, struct buf *out)
{
	const struct look_seen *seen = sig->look;

	if (seen == NULL)
		return;
	if (!seen->painted)
		line(out, "looks", "it could not be painted");
	else if (seen->mark_count > 0 || seen->more ||
		 seen->pages_then != seen->pages_now)
		line(out, "looks", "not as it was signed");
	else
		buf_printf(out, "     %-13sas it was signed%s, on %u page%s\n",
			   "looks",
			   sig->box_count == 0 ? ""
					       : ", but for what was put there",
			   (unsigned)seen->pages_now,
			   seen->pages_now == 1 ? "" : "s");
}

/* An organisation that is the signer itself is not told twice.  The digest
 * lets the certificate be compared with one that is known by other means. */
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

/* Does a reason name something that was done after this signature? */
static bool tells_changes(const struct verdict_signature *sig)
{
	static const char *const ids[] = { "annotation-covers", "docmdp",
					   "fieldmdp", "looks-different" };
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

/* How to see what was signed, where it was changed since.  What came from
 * standard input is gone. */
static void put_command(const struct verdict_document *doc,
			const struct verdict_signature *sig, struct buf *out)
{
	if (sig->coverage != COVERAGE_WHOLE_REVISION || sig->revision == 0 ||
	    !tells_changes(sig) || strcmp(doc->file, "-") == 0)
		return;
	buf_printf(out,
		   "     %-13sdeed verify --revision %u -o revision-%u.pdf ",
		   "as signed", sig->revision, sig->revision);
	report_word(doc->file, out);
	buf_byte(out, '\n');
}

/* What to do about the reasons, each remedy once. */
static void put_hints(const struct verdict_document *doc, size_t n,
		      const struct report_asked *asked, struct buf *out)
{
	const struct verdict_signature *sig = &doc->signatures[n];
	struct buf told = BUF_INIT, text = BUF_INIT;
	size_t i;

	for (i = 0; i < sig->reason_count; i++) {
		buf_reset(&text);
		report_remedy(asked, doc, n, i, &text);
		if (text.len == 0)
			continue;
		buf_byte(&text, '\n');
		/* Each ends its line, so that none is a part of another but
		 * at the end of that one, which says it too. */
		if (text.failed ||
		    (told.len > 0 &&
		     memmem(told.data, told.len, text.data, text.len) != NULL))
			continue;
		buf_printf(out, "     %-13s%.*s", "hint", (int)text.len,
			   (const char *)text.data);
		buf_slice(&told, buf_get(&text));
	}
	out->failed |= text.failed || told.failed;
	buf_clear(&text);
	buf_clear(&told);
}

static void put_signature(const struct verdict_document *doc, size_t n,
			  const struct report_asked *asked, struct buf *out)
{
	const struct verdict_signature *sig = &doc->signatures[n];
	const char *sub = sub_indication_text(sig->sub);
	size_t i;

	buf_printf(out, "  %zu. %s by %s: %s%s%s\n", n + 1,
		   verdict_kind_text(sig->kind),
		   sig->name != NULL ? sig->name : "an unknown signer",
		   indication_text(sig->indication), sub == NULL ? "" : ", ",
		   sub == NULL ? "" : sub);
	if (sig->field != NULL && sig->field[0] != '\0')
		line(out, "field", sig->field);
	put_time(sig, out);
	put_integrity(sig, out);
	put_boxes(sig, out);
	put_look(sig, out);
	put_signer(sig, out);
	if (sig->revocation != REVOCATION_NOT_CHECKED || sig->chain_count > 0)
		line(out, "revocation",
		     verdict_revocation_text(sig->revocation));
	if (sig->level != LEVEL_NONE)
		line(out, "level", verdict_level_text(sig->level));
	if (sig->qualification_count > 0)
		line(out, "standing",
		     sig->qualifications[0].message == NULL
			     ? sig->qualifications[0].is
			     : sig->qualifications[0].message);
	for (i = 0; i < sig->reason_count; i++)
		line(out, i == 0 ? "because" : "", sig->reasons[i].message);
	put_hints(doc, n, asked, out);
	put_command(doc, sig, out);
}

void report_document_text(const struct verdict_document *doc,
			  const json_t *unmet, const struct report_asked *asked,
			  struct buf *out)
{
	size_t i;

	if (doc->indication == INDICATION_UNREADABLE)
		return;
	buf_printf(out, "%s: ", doc->file);
	report_headline(indication_text(doc->indication), unmet, out);
	buf_byte(out, '\n');
	for (i = 0; i < doc->signature_count; i++)
		put_signature(doc, i, asked, out);
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
