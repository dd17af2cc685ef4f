/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_priv.h"

/*
 * JUnit has no standard; this is what Jenkins, GitLab and their kind read: a
 * testsuite for a document with its headline as a property, a testcase for a
 * requirement that is not met and for each signature, failure where it is
 * not passed, error where the document could not be judged.  No durations,
 * and timestamp is the time of judging.
 */
struct suite {
	struct buf *out;
	const json_t *document;
	unsigned tests, failures, errors;
	bool counting;
};

static void attribute(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " %s=\"", name);
	report_xml(value, out);
	buf_byte(out, '"');
}

static void open_case(struct suite *s, const char *name)
{
	buf_str(s->out, "    <testcase");
	attribute(s->out, "classname", report_member(s->document, "file"));
	attribute(s->out, "name", name);
}

/* Counted in both passes, written in the second only: the counts stand at the
 * head of the suite, before the cases. */
static void put_fault(struct suite *s, const char *name, const char *type,
		      const char *message)
{
	bool error = strcmp(type, "UNREADABLE") == 0;

	s->tests++;
	s->errors += error;
	s->failures += !error;
	if (s->counting)
		return;
	open_case(s, name);
	buf_printf(s->out, ">\n      <%s", error ? "error" : "failure");
	attribute(s->out, "type", type);
	attribute(s->out, "message", message);
	buf_str(s->out, "/>\n    </testcase>\n");
}

static void put_document_fault(void *arg, const char *id, const char *message)
{
	put_fault(arg, strcmp(id, "REQUIRE") == 0 ? message : "document", id,
		  message);
}

/* Passed through twice: the head of a suite says how many there are. */
static void put_signature(struct suite *s, const json_t *signature)
{
	struct buf name = BUF_INIT, why = BUF_INIT;

	report_signature_label(signature, &name);
	report_signature_why(signature, &why);
	buf_byte(&name, 0);
	buf_byte(&why, 0);
	if (name.failed || why.failed) {
		s->out->failed = true;
	} else if (report_signature_passed(signature)) {
		s->tests++;
		if (!s->counting) {
			open_case(s, (const char *)name.data);
			buf_str(s->out, "/>\n");
		}
	} else {
		put_fault(s, (const char *)name.data,
			  report_member(signature, "indication"),
			  (const char *)why.data);
	}
	buf_clear(&name);
	buf_clear(&why);
}

/* The same walk counts and writes, so that the two cannot differ. */
static void put_cases(struct suite *s, const json_t *verify)
{
	const json_t *list = json_object_get(s->document, "signatures"), *one;
	size_t i;

	report_faults(verify, s->document, put_document_fault, s);
	json_array_foreach(list, i, one) put_signature(s, one);
}

/* The buffer is only there to carry a failure: nothing is written to it. */
static struct suite count(const json_t *verify, const json_t *document,
			  struct buf *out)
{
	struct suite s = { .out = out, .document = document, .counting = true };

	put_cases(&s, verify);
	return s;
}

static void put_counts(struct buf *out, const struct suite *s)
{
	buf_printf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\"", s->tests,
		   s->failures, s->errors);
}

/* The outcome, where readers of JUnit look for what they do not know. */
static void put_headline(const json_t *document, struct buf *out)
{
	struct buf text = BUF_INIT;

	report_document_headline(document, &text);
	buf_byte(&text, 0);
	buf_str(out, "    <properties>\n      <property");
	attribute(out, "name", "headline");
	attribute(out, "value", text.failed ? "" : (const char *)text.data);
	buf_str(out, "/>\n    </properties>\n");
	out->failed |= text.failed;
	buf_clear(&text);
}

/* The suite is started anew for the second pass, with counting off. */
static void put_suite(const json_t *verify, const json_t *document,
		      struct buf *out)
{
	struct suite s = count(verify, document, out);
	const char *at = report_member(verify, "at");

	buf_str(out, "  <testsuite");
	attribute(out, "name", report_member(document, "file"));
	put_counts(out, &s);
	/* Without its Z: the schema that Jenkins has knows none. */
	buf_printf(out, " skipped=\"0\" timestamp=\"%.*s\">\n",
		   at[0] == '\0' ? 0 : (int)strlen(at) - 1, at);
	put_headline(document, out);
	s = (struct suite){ .out = out, .document = document };
	put_cases(&s, verify);
	buf_str(out, "  </testsuite>\n");
}

void report_junit(const json_t *verify, struct buf *out)
{
	const json_t *list = json_object_get(verify, "documents"), *one;
	struct suite all = { .out = out }, s;
	size_t i;

	json_array_foreach(list, i, one)
	{
		s = count(verify, one, out);
		all.tests += s.tests;
		all.failures += s.failures;
		all.errors += s.errors;
	}
	buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		     "<testsuites name=\"deed verify\"");
	put_counts(out, &all);
	buf_str(out, ">\n");
	json_array_foreach(list, i, one) put_suite(verify, one, out);
	buf_str(out, "</testsuites>\n");
}
