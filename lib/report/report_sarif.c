/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_priv.h"

#include <stdlib.h>

#include "report/json_build.h"

/*
 * SARIF 2.1.0 (OASIS): one run; an artifact for each document; a result for
 * each document's own fault and for each signature, kind pass or fail.  The
 * rules are the indications and sub-indications that occur.  The headlines
 * stand in property bags of the run and its artifacts.
 */
struct run {
	const json_t *verify;
	json_t *results, *rules, *artifacts;
	const json_t *document;
	size_t index; /* of its artifact */
};

/* RFC 3986: a relative reference, or file:// for a path from the root. */
static json_t *uri_of(const char *path)
{
	struct buf b = BUF_INIT;

	if (path[0] == '/')
		buf_str(&b, "file://");
	for (; *path != '\0'; path++) {
		uint8_t c = (uint8_t)*path;

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') || strchr("-._~/", c) != NULL)
			buf_byte(&b, c);
		else
			buf_printf(&b, "%%%02X", c);
	}
	return json_build_take(&b);
}

static json_t *message(const char *text)
{
	json_t *o = json_object();

	json_build_set(&o, "text", json_string(text));
	return o;
}

/* The rule's place in the list; a new one is added. */
static json_int_t rule_index(struct run *r, const char *id)
{
	size_t i, n = json_array_size(r->rules);
	json_t *o;

	for (i = 0; i < n; i++) {
		if (strcmp(report_member(json_array_get(r->rules, i), "id"),
			   id) == 0)
			return (json_int_t)i;
	}
	o = json_object();
	json_build_set(&o, "id", json_string(id));
	json_build_set(&o, "helpUri",
		       json_string("https://www.etsi.org/deliver/etsi_en/"
				   "319100_319199/31910201/"));
	json_build_append(&r->rules, o);
	return (json_int_t)n;
}

/* The index leads to the artifact of the same run, which has the digest. */
static json_t *location(const struct run *r)
{
	json_t *artifact = json_object(), *physical = json_object(),
	       *o = json_object();

	json_build_set(&artifact, "uri",
		       uri_of(report_member(r->document, "file")));
	json_build_set(&artifact, "index", json_integer((json_int_t)r->index));
	json_build_set(&physical, "artifactLocation", artifact);
	json_build_set(&o, "physicalLocation", physical);
	return o;
}

/* SARIF wants level none for every kind but fail, so that the level tells the
 * kind as well. */
static void add_result(struct run *r, const char *id, const char *level,
		       const char *text)
{
	bool pass = strcmp(level, "none") == 0;
	json_t *o = json_object(), *places = json_array();

	json_build_append(&places, location(r));
	json_build_set(&o, "ruleId", json_string(id));
	json_build_set(&o, "ruleIndex", json_integer(rule_index(r, id)));
	json_build_set(&o, "kind", json_string(pass ? "pass" : "fail"));
	json_build_set(&o, "level", json_string(level));
	json_build_set(&o, "message", message(text));
	json_build_set(&o, "locations", places);
	json_build_append(&r->results, o);
}

static void add_fault(void *arg, const char *id, const char *text)
{
	add_result(arg, id, "error", text);
}

/* The sub-indication is the rule where there is one, as it says which clause
 * of the validation was not met.  Without memory the message is empty, and the
 * whole fails at the end. */
static void add_signature(struct run *r, const json_t *signature)
{
	const char *indication = report_member(signature, "indication");
	const char *sub = report_member(signature, "sub_indication");
	struct buf text = BUF_INIT;

	report_signature_label(signature, &text);
	buf_str(&text, ": ");
	report_signature_why(signature, &text);
	buf_byte(&text, 0);
	add_result(r, sub[0] == '\0' ? indication : sub,
		   report_signature_passed(signature)	      ? "none"
		   : strcmp(indication, "INDETERMINATE") == 0 ? "warning"
							      : "error",
		   text.failed ? "" : (const char *)text.data);
	buf_clear(&text);
}

/* SARIF 3.8: {"headline": …}; takes the text. */
static json_t *property_bag(struct buf *headline)
{
	json_t *o = json_object();

	json_build_set(&o, "headline", json_build_take(headline));
	return o;
}

/* SARIF 2.1.0 3.24: the document is an artifact, which results refer to by its
 * place in the list. */
static void add_document(struct run *r)
{
	const json_t *list = json_object_get(r->document, "signatures"), *one;
	const char *sha256 = report_member(r->document, "sha256");
	json_t *place = json_object(), *hashes = json_object(),
	       *o = json_object();
	struct buf headline = BUF_INIT;
	size_t i;

	json_build_set(&place, "uri",
		       uri_of(report_member(r->document, "file")));
	json_build_set(&o, "location", place);
	if (strncmp(sha256, "sha256:", 7) == 0) {
		json_build_set(&hashes, "sha-256", json_string(sha256 + 7));
		json_build_set(&o, "hashes", hashes);
	} else {
		json_decref(hashes);
	}
	report_document_headline(r->document, &headline);
	json_build_set(&o, "properties", property_bag(&headline));
	json_build_append(&r->artifacts, o);
	report_faults(r->verify, r->document, add_fault, r);
	json_array_foreach(list, i, one) add_signature(r, one);
}

/* Takes the lists of the run, so that nothing of it is freed apart from the
 * object that comes out. */
static json_t *whole(struct run *r)
{
	struct buf headline = BUF_INIT;
	json_t *driver = json_object(), *tool = json_object(),
	       *run = json_object(), *runs = json_array(), *o = json_object();

	json_build_set(&driver, "name", json_string("deed"));
	json_build_set(&driver, "version",
		       json_string(report_member(r->verify, "deed")));
	json_build_set(&driver, "rules", r->rules);
	json_build_set(&tool, "driver", driver);
	json_build_set(&run, "tool", tool);
	json_build_set(&run, "columnKind", json_string("unicodeCodePoints"));
	json_build_set(&run, "artifacts", r->artifacts);
	json_build_set(&run, "results", r->results);
	report_whole_headline(r->verify, &headline);
	json_build_set(&run, "properties", property_bag(&headline));
	json_build_append(&runs, run);
	json_build_set(&o, "$schema",
		       json_string("https://json.schemastore.org/"
				   "sarif-2.1.0.json"));
	json_build_set(&o, "version", json_string("2.1.0"));
	json_build_set(&o, "runs", runs);
	return o;
}

void report_sarif(const json_t *verify, struct buf *out)
{
	const json_t *list = json_object_get(verify, "documents"), *one;
	struct run r = { .verify = verify,
			 .results = json_array(),
			 .rules = json_array(),
			 .artifacts = json_array() };
	char *text = NULL;
	json_t *o;

	json_array_foreach(list, r.index, one)
	{
		r.document = one;
		add_document(&r);
	}
	o = whole(&r);
	if (o != NULL)
		text = json_dumps(o, JSON_INDENT(2));
	if (text == NULL) {
		out->failed = true;
	} else {
		buf_str(out, text);
		buf_byte(out, '\n');
	}
	free(text);
	json_decref(o);
}
