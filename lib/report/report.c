/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_priv.h"

#include "codec/utf8.h"
#include "codec/xml.h"
#include "report/headline.h"

static const struct {
	const char *name;
	void (*write)(const json_t *verify, struct buf *out);
} formats[REPORT_FORMATS] = {
	[REPORT_JUNIT] = { "junit", report_junit },
	[REPORT_SARIF] = { "sarif", report_sarif },
	[REPORT_TAP] = { "tap", report_tap },
	[REPORT_GITHUB] = { "github", report_github },
	[REPORT_HTML] = { "html", report_html },
};

bool report_format_find(const char *word, size_t len, enum report_format *out)
{
	int i;

	for (i = 0; i < REPORT_FORMATS; i++) {
		if (slice_equal_str(slice_of(word, len), formats[i].name)) {
			*out = (enum report_format)i;
			return true;
		}
	}
	return false;
}

/* The first message of each file, by its name: a folder of unreadable documents
 * would be gone through once for each.  NULL without memory. */
static json_t *index_errors(const json_t *errors)
{
	json_t *by_file = json_object(), *one;
	const char *file;
	size_t i;

	json_array_foreach(errors, i, one)
	{
		file = json_string_value(json_object_get(one, "file"));
		if (file != NULL && json_object_get(by_file, file) == NULL &&
		    json_object_set(by_file, file,
				    json_object_get(one, "message")) != 0) {
			json_decref(by_file);
			return NULL;
		}
	}
	return by_file;
}

/* In what the formats are given "errors" is an object. */
enum deed_status report_write(enum report_format format, const json_t *verify,
			      struct buf *out, struct deed_error *err)
{
	json_t *whole = json_object();
	enum deed_status status;

	if (json_object_update(whole, (json_t *)(uintptr_t)verify) != 0 ||
	    json_object_set_new(
		    whole, "errors",
		    index_errors(json_object_get(verify, "errors"))) != 0) {
		json_decref(whole);
		return deed_error_memory(err);
	}
	formats[format].write(whole, out);
	status = buf_status(out, err);
	json_decref(whole);
	return status;
}

const char *report_member(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

const char *report_indication(const json_t *document)
{
	const char *text = report_member(document, "indication");

	return text[0] == '\0' ? "UNREADABLE" : text;
}

bool report_signature_passed(const json_t *signature)
{
	return strcmp(report_member(signature, "indication"), "TOTAL-PASSED") ==
	       0;
}

bool report_passed(const json_t *document)
{
	return report_outcome(report_member(document, "indication"),
			      json_object_get(document, "unmet")) ==
	       REPORT_PASSED;
}

void report_document_headline(const json_t *document, struct buf *out)
{
	report_headline(report_member(document, "indication"),
			json_object_get(document, "unmet"), out);
}

void report_whole_headline(const json_t *verify, struct buf *out)
{
	const json_t *list = json_object_get(verify, "documents"), *one;
	struct report_count count = { { 0 } };
	size_t i;

	if (json_array_size(list) == 1) {
		report_document_headline(json_array_get(list, 0), out);
		return;
	}
	json_array_foreach(list, i, one)
		count.of[report_outcome(report_member(one, "indication"),
					json_object_get(one, "unmet"))]++;
	report_count_text(&count, out);
}

/* Why a document could not be judged; "" if it could. */
static const char *report_error_of(const json_t *verify, const json_t *document)
{
	return report_member(json_object_get(verify, "errors"),
			     report_member(document, "file"));
}

void report_signature_label(const json_t *signature, struct buf *out)
{
	const char *field = report_member(signature, "field");
	const char *name =
		report_member(json_object_get(signature, "signer"), "name");

	buf_str(out,
		field[0] == '\0' ? report_member(signature, "kind") : field);
	if (name[0] != '\0')
		buf_printf(out, " (%s)", name);
}

void report_signature_why(const json_t *signature, struct buf *out)
{
	const json_t *reasons = json_object_get(signature, "reasons"), *one;
	const char *sub = report_member(signature, "sub_indication"), *hint;
	size_t i;

	buf_str(out, report_member(signature, "indication"));
	if (sub[0] != '\0')
		buf_printf(out, ", %s", sub);
	json_array_foreach(reasons, i, one)
	{
		hint = report_member(one, "hint");
		buf_printf(out, "%s%s%s%s", i == 0 ? ": " : "; ",
			   report_member(one, "message"),
			   hint[0] == '\0' ? "" : "; hint: ", hint);
	}
}

void report_faults(const json_t *verify, const json_t *document,
		   report_tell_fn *tell, void *arg)
{
	const json_t *unmet = json_object_get(document, "unmet"), *one;
	const char *indication = report_indication(document);
	const char *error = report_error_of(verify, document);
	struct buf text = BUF_INIT;
	size_t i;

	if (strcmp(indication, "UNREADABLE") == 0)
		tell(arg, indication,
		     error[0] == '\0' ? "it could not be judged" : error);
	else if (strcmp(indication, "NO-SIGNATURE") == 0)
		tell(arg, indication, "the document bears no signature");
	json_array_foreach(unmet, i, one)
	{
		buf_reset(&text);
		buf_printf(&text, "REQUIREMENT NOT MET: %s",
			   json_string_value(one));
		buf_byte(&text, 0);
		tell(arg, "REQUIRE",
		     text.failed ? "REQUIREMENT NOT MET"
				 : (const char *)text.data);
	}
	buf_clear(&text);
}

/* What turns the order of the text around it has no place in a name that is
 * shown to people (Unicode UAX 9: embeddings, overrides, isolates). */
static bool turns_around(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* XML 1.0 2.2: what is no Char has no form in XML at all. */
static void put_char(uint32_t c, struct buf *out)
{
	if (xml_put_special(c, out))
		return;
	switch (c) {
	case '\t':
	case '\n':
	case '\r':
		buf_printf(out, "&#%u;", (unsigned)c);
		break;
	default:
		if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xfffe ||
		    c == 0xffff || turns_around(c))
			c = 0xfffd;
		utf8_put(out, c);
	}
}

void report_xml(const char *text, struct buf *out)
{
	struct slice s = slice_str(text);
	uint32_t c;

	while (s.len > 0) {
		if (!utf8_next(&s, &c)) {
			c = 0xfffd;
			s = slice_of(s.data + 1, s.len - 1);
		}
		put_char(c, out);
	}
}
