/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <signal.h>

#include <stdlib.h>
#include <unistd.h>

#include "codec/xml.h"
#include "codec/xml_signed.h"
#include "base/process.h"

/* Writes what it sees as "<ns|name a=v>", text, "</>". */
static enum deed_status on_start(void *arg, const struct xml_element *e,
				 struct deed_error *err)
{
	struct buf *b = arg;
	size_t i;

	(void)err;
	buf_str(b, "<");
	buf_slice(b, e->ns);
	buf_str(b, "|");
	buf_slice(b, e->name);
	for (i = 0; i < e->attribute_count; i++) {
		buf_str(b, " ");
		buf_slice(b, e->attributes[i].name);
		buf_str(b, "=");
		buf_slice(b, e->attributes[i].value);
	}
	buf_str(b, ">");
	return DEED_OK;
}

static enum deed_status on_end(void *arg, struct deed_error *err)
{
	(void)err;
	buf_str(arg, "</>");
	return DEED_OK;
}

static enum deed_status on_text(void *arg, struct slice text,
				struct deed_error *err)
{
	(void)err;
	buf_slice(arg, text);
	return DEED_OK;
}

static const struct xml_handler trace = { on_start, on_end, on_text };

static enum deed_status run(const char *doc, struct buf *seen)
{
	buf_reset(seen);
	return xml_read(slice_str(doc), "test", &trace, seen, NULL);
}

static void test_events(void **state)
{
	struct buf seen = BUF_INIT;

	(void)state;
	assert_int_equal(run("<?xml version='1.0' encoding='UTF-8'?>"
			     "<!-- c --><a xmlns='u:1' xmlns:p='u:2' k='v&lt;'"
			     " p:q='&#x738b;'>t&amp;<p:b/><![CDATA[<c>]]></a>",
			     &seen),
			 DEED_OK);
	buf_byte(&seen, 0);
	assert_string_equal((char *)seen.data,
			    "<u:1|a k=v< q=\xe7\x8e\x8b>t&<u:2|b></><c></>");
	buf_clear(&seen);
}

static void test_refused(void **state)
{
	static const struct {
		const char *doc;
		enum deed_status status;
	} bad[] = {
		{ "", DEED_LIMIT },
		{ "text", DEED_MALFORMED },
		{ "<a>", DEED_MALFORMED },
		{ "<a></b>", DEED_MALFORMED },
		{ "<a/><b/>", DEED_MALFORMED },
		{ "<a x='1' x='2'/>", DEED_MALFORMED },
		{ "<a>&unknown;</a>", DEED_MALFORMED },
		{ "<p:a/>", DEED_MALFORMED },
		{ "<a>\x01</a>", DEED_MALFORMED },
		{ "<a>\xff\xfe</a>", DEED_MALFORMED },
		{ "<!DOCTYPE a><a/>", DEED_MALFORMED },
		{ "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", DEED_MALFORMED },
		{ "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
		  DEED_MALFORMED },
		{ "<?xml version='1.0' encoding='UTF-7'?><a/>",
		  DEED_UNSUPPORTED },
		{ "<?xml version='1.0' encoding='GB18030'?><a/>",
		  DEED_UNSUPPORTED },
		{ "\xff\xfe<", DEED_UNSUPPORTED },
	};
	struct buf seen = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum deed_status status = run(bad[i].doc, &seen);

		if (status != bad[i].status)
			fail_msg("'%s': expected %s, got %s", bad[i].doc,
				 deed_status_id(bad[i].status),
				 deed_status_id(status));
	}
	buf_clear(&seen);
}

static void test_limits(void **state)
{
	struct buf doc = BUF_INIT, seen = BUF_INIT;
	int i;

	(void)state;
	for (i = 0; i < XML_MAX_DEPTH; i++)
		buf_str(&doc, "<a>");
	for (i = 0; i < XML_MAX_DEPTH; i++)
		buf_str(&doc, "</a>");
	buf_byte(&doc, 0);
	assert_int_equal(run((char *)doc.data, &seen), DEED_OK);
	buf_insert(&doc, 0, "<a>", 3);
	doc.len--;
	buf_str(&doc, "</a>");
	buf_byte(&doc, 0);
	assert_int_equal(run((char *)doc.data, &seen), DEED_LIMIT);
	buf_reset(&doc);
	buf_str(&doc, "<a");
	for (i = 0; i <= XML_MAX_ATTRIBUTES; i++)
		buf_printf(&doc, " a%d=''", i);
	buf_str(&doc, "/>");
	buf_byte(&doc, 0);
	assert_int_equal(run((char *)doc.data, &seen), DEED_LIMIT);
	buf_clear(&doc);
	buf_clear(&seen);
}

static void test_escape(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	xml_escape(slice_str("a<b>&\"'"), &b);
	buf_byte(&b, 0);
	assert_string_equal((char *)b.data, "a&lt;b&gt;&amp;&quot;&#39;");
	buf_clear(&b);
}

/* What is hostile: before, times over between, after; read and, where
 * signed is set, canonicalised too. */
struct hostile {
	const char *name;
	enum deed_status read, taken_apart;
	const char *before, *between; /* ~ is its number, @ a long name */
	unsigned times;
	const char *after;
};

#define SIGNATURE                                                              \
	"<d:Signature xmlns:d='http://www.w3.org/2000/09/xmldsig#'>"           \
	"<d:SignedInfo/><d:SignatureValue>AA==</d:SignatureValue><d:Object>"   \
	"<x:QualifyingProperties xmlns:x='http://uri.etsi.org/01903/v1.3.2#'>" \
	"<x:SignedProperties Id='p'/></x:QualifyingProperties></d:Object>"     \
	"</d:Signature></r>"

static void put(struct buf *doc, const char *pattern, unsigned number)
{
	unsigned i;

	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '~')
			buf_printf(doc, "%u", number);
		else if (*pattern == '@')
			for (i = 0; i < 2000; i++)
				buf_byte(doc, 'n');
		else
			buf_byte(doc, (uint8_t)*pattern);
	}
}

static void make(const struct hostile *h, struct buf *doc)
{
	unsigned i;

	buf_reset(doc);
	put(doc, h->before, 0);
	for (i = 0; i < h->times; i++)
		put(doc, h->between, i);
	buf_str(doc, h->after);
	assert_false(doc->failed);
}

static void expect(const struct hostile *h, enum deed_status expected,
		   enum deed_status status, const struct deed_error *err)
{
	if (status != expected)
		fail_msg("'%s': expected %s, got %s: %s", h->name,
			 deed_status_id(expected), deed_status_id(status),
			 err->message);
}

/* Each of these takes minutes, or the machine's memory, where it is not cut
 * off; one that is not is ended by the alarm. */
static void test_hostile(void **state)
{
	static const struct xml_handler nobody = { NULL, NULL, NULL };
	static const struct hostile all[] = {
		{ "attributes", DEED_LIMIT, DEED_LIMIT, "<r ", " a~=''",
		  1000000, "/>" },
		{ "namespaces of one", DEED_LIMIT, DEED_LIMIT, "<r ",
		  " xmlns:a~='u:'", 1000000, "/>" },
		{ "depth", DEED_LIMIT, DEED_LIMIT, "<r>", "<a>", 4000000,
		  "</r>" },
		{ "attributes behind a fault", DEED_MALFORMED, DEED_MALFORMED,
		  "<r><!-- -- --><a ", " a~=''", 90000, "/></r>" },
		{ "attributes behind a target", DEED_MALFORMED, DEED_MALFORMED,
		  "<r><? <a ", " a~=''", 90000, "/>?></r>" },
		{ "attributes behind a declaration", DEED_MALFORMED,
		  DEED_MALFORMED, "<?xml ><a ", " a~=''", 90000, "/>?>" },
		{ "attributes behind a control character", DEED_MALFORMED,
		  DEED_MALFORMED, "<r><!-- \x01<a ", " a~=''", 90000,
		  "/>--></r>" },
		{ "elements", DEED_OK, DEED_LIMIT, "<r>", "<a/>", 5000000,
		  SIGNATURE },
		{ "comments", DEED_OK, DEED_LIMIT, "<r>", "<!---->", 1500000,
		  SIGNATURE },
		{ "a long namespace", DEED_LIMIT, DEED_LIMIT,
		  "<r xmlns:p='u:@'>", "<p:a/>", 100000, SIGNATURE },
		{ "names", DEED_LIMIT, DEED_LIMIT, "<r>", "<a~/>", 2000000,
		  SIGNATURE },
		{ "a value", DEED_LIMIT, DEED_LIMIT, "<r a='", ">>>>", 2000000,
		  "'/>" },
		{ "space in a tag", DEED_LIMIT, DEED_LIMIT, "<r ", "    ",
		  2000000, "/>" },
		{ "a comment", DEED_LIMIT, DEED_LIMIT, "<r><!--", "- - ",
		  2000000, "--></r>" },
		{ "comments within", DEED_LIMIT, DEED_LIMIT, "", "<!-- ",
		  4000000, "--><r/>" },
		{ "a section", DEED_LIMIT, DEED_LIMIT, "<r><![CDATA[", "]]]]",
		  2000000, "]]></r>" },
		{ "a declared default", DEED_MALFORMED, DEED_MALFORMED,
		  "<!DOCTYPE r [", "<!ATTLIST r a CDATA 'x'>", 1000000,
		  "]><r/>" },
		{ "text", DEED_OK, DEED_LIMIT, "<r>", ">>>>>>>>", 3000000,
		  SIGNATURE },
		{ "references", DEED_OK, DEED_OK, "<r>", "&#13;", 3000000,
		  SIGNATURE },
		{ "identifiers", DEED_OK, DEED_OK, "<r>", "<a Id='q'/>", 500000,
		  SIGNATURE },
	};
	struct deed_error err = DEED_ERROR_INIT;
	struct buf doc = BUF_INIT;
	struct xml_signed s;
	size_t i;

	(void)state;
	(void)alarm(300);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		make(&all[i], &doc);
		expect(&all[i], all[i].read,
		       xml_read(buf_get(&doc), "test", &nobody, NULL, &err),
		       &err);
		expect(&all[i], all[i].taken_apart,
		       xml_signed_read(buf_get(&doc), "test", &s, &err), &err);
		xml_signed_clear(&s);
	}
	(void)alarm(0);
	buf_clear(&doc);
}

/* In scope are those of an element and of what is around it. */
static void test_namespaces(void **state)
{
	struct buf doc = BUF_INIT, seen = BUF_INIT;
	int i;

	(void)state;
	buf_str(&doc, "<a><b");
	for (i = 0; i < XML_MAX_NAMESPACES; i++)
		buf_printf(&doc, " xmlns:n%d='u:'", i);
	buf_str(&doc, "/><b xmlns:m='u:'>");
	buf_str(&doc, "<c");
	for (i = 1; i < XML_MAX_NAMESPACES; i++)
		buf_printf(&doc, " xmlns:n%d='u:'", i);
	buf_str(&doc, "/></b></a>");
	buf_byte(&doc, 0);
	assert_int_equal(run((char *)doc.data, &seen), DEED_OK);
	buf_insert(&doc, 2, " xmlns='u:'", 11);
	assert_int_equal(run((char *)doc.data, &seen), DEED_LIMIT);
	buf_clear(&doc);
	buf_clear(&seen);
}

static int start(void **state)
{
	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	process_set_helpers(".");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_namespaces),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, NULL);
}
