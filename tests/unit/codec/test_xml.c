/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <signal.h>

#include "codec/xml.h"
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
	assert_string_equal((char *)b.data, "a&lt;b&gt;&amp;&quot;&apos;");
	buf_clear(&b);
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
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, NULL);
}
