/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "net/store_wire.h"
#include "net/store_xml.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define NS "http://s3.amazonaws.com/doc/2006-03-01/"
#define LIST(inner)                                                     \
	HEAD "<ListBucketResult xmlns=\"" NS "\"><Name>bk</Name>" inner \
	     "</ListBucketResult>"
#define VERSIONS(inner) \
	"<ListVersionsResult><Name>bk</Name>" inner "</ListVersionsResult>"
#define KEY(key) "<Contents><Key>" key "</Key><Size>7</Size></Contents>"
#define VERSION_OF(key, id)                                        \
	"<Version><Key>" key "</Key><VersionId>" id "</VersionId>" \
	"<IsLatest>false</IsLatest><Size>7</Size></Version>"
#define LAST "<IsTruncated>false</IsTruncated>"
#define MORE "<IsTruncated>true</IsTruncated>"
#define URL "<EncodingType>url</EncodingType>"

/* The keys of a page, each with a space behind it. */
static void page(enum deed_status expected, const struct store_request *r,
		 const char *xml, bool more, const char *keys)
{
	struct store_answer answer = STORE_ANSWER_INIT, back;
	struct buf items = BUF_INIT, seen = BUF_INIT;
	size_t i;

	back = answer;
	assert_status(expected, store_xml_page(slice_str(xml), "bk", r, &answer,
					       &items, err));
	assert_ok(store_wire_get_items(&items, 100, &back, err));
	assert_int_equal(back.item_count, answer.item_count);
	for (i = 0; i < back.item_count; i++)
		buf_printf(&seen, "%s ", back.item[i].key);
	buf_byte(&seen, 0);
	assert_string_equal((const char *)seen.data, keys);
	if (expected == DEED_OK)
		assert_int_equal(answer.more, more);
	store_answer_clear(&back);
	buf_clear(&items);
	buf_clear(&seen);
}

static void bad(const struct store_request *r, const char *xml)
{
	page(DEED_DAMAGED, r, xml, false, "");
}

static void test_list(void **state)
{
	const struct store_request all = { .method = STORE_LIST, .key = "" },
				   in_a = { .method = STORE_LIST,
					    .key = "a/",
					    .after = "a/b",
					    .limit = 2 };

	(void)state;
	page(DEED_OK, &all, LIST(LAST), false, "");
	page(DEED_OK, &all, LIST(KEY("a") KEY("b") MORE), true, "a b ");
	page(DEED_OK, &all, LIST(URL KEY("a%2f+%C3%BC%2B") LAST), false,
	     "a/ ü+ ");
	page(DEED_OK, &all, LIST(KEY("a%2f+") LAST), false, "a%2f+ ");
	page(DEED_OK, &all, LIST(KEY("a&amp;b") "<KeyCount>1</KeyCount>" LAST),
	     false, "a&b ");
	page(DEED_OK, &all,
	     LIST("<Contents><Owner><Key>no</Key></Owner><Size>1</Size>"
		  "<Key><![CDATA[a]]></Key></Contents><Else><Key>no</Key>"
		  "</Else>" LAST),
	     false, "a ");
	/* By octets, as UTF-8 sorts. */
	page(DEED_OK, &all, LIST(KEY("Z") KEY("a") KEY("ü") LAST), false,
	     "Z a ü ");
	page(DEED_OK, &in_a, LIST("<Prefix>a/</Prefix>" KEY("a/c") LAST), false,
	     "a/c ");
	bad(&in_a, LIST(KEY("a/b") LAST));
	bad(&in_a, LIST(KEY("a/a") LAST));
	bad(&in_a, LIST(KEY("b/c") LAST));
	bad(&in_a, LIST(KEY("a/c") KEY("a/d") KEY("a/e") LAST));
	bad(&in_a, LIST("<Prefix>b/</Prefix>" LAST));
}

static void test_wrong_lists(void **state)
{
	static const char *const wrong[] = {
		"",
		"hello",
		"<html/>",
		"<ListBucketResult/>",
		VERSIONS(LAST),
		LIST(""),
		LIST(MORE),
		LIST("<IsTruncated>yes</IsTruncated>"),
		LIST(LAST LAST),
		LIST(KEY("a") KEY("a") LAST),
		LIST(KEY("b") KEY("a") LAST),
		LIST(KEY("") LAST),
		LIST(KEY("a<b/>") LAST),
		LIST(KEY("a</Key><Key>b") LAST),
		LIST("<Contents><Key>a</Key></Contents>" LAST),
		LIST("<Contents><Size>1</Size></Contents>" LAST),
		LIST("<Contents><Key>a</Key><Size>-1</Size></Contents>" LAST),
		LIST("<Contents><Key>a</Key><Size>1234567890123456789012"
		     "</Size></Contents>" LAST),
		LIST("<KeyCount>2</KeyCount>" KEY("a") LAST),
		LIST("<KeyCount/>" LAST),
		LIST(URL KEY("a%") LAST),
		LIST(URL KEY("a%2") LAST),
		LIST(URL KEY("a%2g") LAST),
		LIST(URL KEY("a%00") LAST),
		LIST(LAST) "<more/>",
		"<ListBucketResult><Name>no</Name>" LAST "</ListBucketResult>",
		"<!DOCTYPE a><ListBucketResult>" LAST "</ListBucketResult>",
		HEAD "<!DOCTYPE a [<!ENTITY e 'f'>]>"
		     "<ListBucketResult><Name>&e;</Name>" LAST
		     "</ListBucketResult>",
		"<ListBucketResult><Name>&e;</Name>" LAST "</ListBucketResult>",
	};
	const struct store_request all = { .method = STORE_LIST, .key = "" };
	const char *whole = LIST(KEY("a") KEY("b") LAST);
	char *cut;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		bad(&all, wrong[i]);
	for (i = 0; i < strlen(whole); i++) {
		cut = strndup(whole, i);
		bad(&all, cut);
		free(cut);
	}
}

static void test_long(void **state)
{
	const struct store_request all = { .method = STORE_LIST, .key = "" };
	struct store_answer answer = STORE_ANSWER_INIT;
	struct buf xml = BUF_INIT, items = BUF_INIT;
	size_t i, len;

	(void)state;
	for (len = STORE_KEY_MAX; len <= STORE_KEY_MAX + 1; len++) {
		buf_reset(&xml);
		buf_str(&xml, "<ListBucketResult>" URL LAST "<Contents><Key>");
		for (i = 0; i < len; i++)
			buf_str(&xml, "%61");
		buf_str(&xml, "</Key><Size>1</Size></Contents>"
			      "</ListBucketResult>");
		assert_status(len <= STORE_KEY_MAX ? DEED_OK : DEED_DAMAGED,
			      store_xml_page(buf_get(&xml), "bk", &all, &answer,
					     &items, err));
	}
	buf_reset(&xml);
	buf_fill(&xml, ' ', STORE_XML_MAX + 1);
	assert_status(DEED_DAMAGED, store_xml_page(buf_get(&xml), "bk", &all,
						   &answer, &items, err));
	buf_reset(&xml);
	for (i = 0; i < 100000; i++)
		buf_str(&xml, "<a>");
	assert_status(DEED_DAMAGED, store_xml_page(buf_get(&xml), "bk", &all,
						   &answer, &items, err));
	buf_clear(&xml);
	buf_clear(&items);
}

static void test_versions(void **state)
{
	const struct store_request all = { .method = STORE_VERSIONS,
					   .key = "" },
				   behind = { .method = STORE_VERSIONS,
					      .key = "",
					      .after = "b",
					      .after_version = "1" },
				   after = { .method = STORE_VERSIONS,
					     .key = "",
					     .after = "b" };
	struct store_answer answer = STORE_ANSWER_INIT, back;
	struct buf items = BUF_INIT;

	(void)state;
	back = answer;
	page(DEED_OK, &all,
	     VERSIONS(VERSION_OF("a", "2") VERSION_OF("a", "1") LAST), false,
	     "a a ");
	page(DEED_OK, &behind, VERSIONS(VERSION_OF("b", "0") LAST), false,
	     "b ");
	bad(&behind, VERSIONS(VERSION_OF("b", "1") LAST));
	bad(&behind, VERSIONS(VERSION_OF("a", "0") LAST));
	bad(&after, VERSIONS(VERSION_OF("b", "0") LAST));
	bad(&all, VERSIONS(VERSION_OF("b", "2") VERSION_OF("b", "2") LAST));
	bad(&all, VERSIONS(VERSION_OF("b", "2") VERSION_OF("a", "1") LAST));
	bad(&all, LIST(LAST));
	assert_ok(store_xml_page(
		slice_str(VERSIONS("<DeleteMarker><Key>a</Key><VersionId>9"
				   "</VersionId><IsLatest>true</IsLatest>"
				   "</DeleteMarker>" LAST)),
		"bk", &all, &answer, &items, err));
	assert_ok(store_wire_get_items(&items, 100, &back, err));
	assert_int_equal(back.item_count, 1);
	assert_true(back.item[0].marker && back.item[0].latest);
	assert_string_equal(back.item[0].version, "9");
	store_answer_clear(&back);
	buf_clear(&items);
}

static void versioning(enum deed_status expected, const char *xml,
		       enum store_versioning wanted)
{
	enum store_versioning kept;

	assert_status(expected,
		      store_xml_versioning(slice_str(xml), &kept, err));
	assert_int_equal(kept, wanted);
}

static void test_versioning(void **state)
{
	(void)state;
	versioning(DEED_OK,
		   HEAD "<VersioningConfiguration xmlns=\"" NS "\"><Status>"
			"Enabled</Status></VersioningConfiguration>",
		   STORE_VERSIONED);
	versioning(DEED_OK,
		   "<VersioningConfiguration><Status>Suspended</Status>"
		   "</VersioningConfiguration>",
		   STORE_WAS_VERSIONED);
	versioning(DEED_OK, "<VersioningConfiguration/>", STORE_UNVERSIONED);
	versioning(DEED_DAMAGED, "<Error><Status>Enabled</Status></Error>",
		   STORE_UNVERSIONED);
	versioning(DEED_DAMAGED, "", STORE_UNVERSIONED);
}

static void error(const char *xml, const char *code, const char *message)
{
	struct store_xml_error e;

	store_xml_error(slice_str(xml), &e);
	assert_string_equal(e.code, code);
	assert_string_equal(e.message, message);
}

#define ERROR(code, message) \
	"<Error><Code>" code "</Code><Message>" message "</Message></Error>"

static void test_errors(void **state)
{
	char long_code[256];

	(void)state;
	error(HEAD ERROR("NoSuchKey", "It is not there."), "NoSuchKey",
	      "It is not there.");
	error(ERROR("NoSuchKey", "a\n&#x9;&#x202e;b"), "NoSuchKey", "a   b");
	error(ERROR("No Such", "x"), "", "");
	error(ERROR("", "x"), "", "");
	error("<Error><Message>x</Message></Error>", "", "");
	error("<html/>", "", "");
	error("", "", "");
	(void)snprintf(long_code, sizeof(long_code),
		       "<Error><Code>%0100d</Code></Error>", 1);
	error(long_code, "", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_wrong_lists),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_versioning),
		cmocka_unit_test(test_errors),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
