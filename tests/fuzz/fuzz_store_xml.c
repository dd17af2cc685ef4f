/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "net/store_wire.h"
#include "net/store_xml.h"

/* A page that is believed keeps what the header says of it. */
static void check_page(const struct store_request *r,
		       const struct store_answer *answer, struct buf *items)
{
	struct store_answer page = STORE_ANSWER_INIT;
	size_t i, prefix = strlen(r->key);
	const char *before = r->after;

	if (store_wire_get_items(items, r->limit, &page, NULL) != DEED_OK ||
	    page.item_count != answer->item_count ||
	    (answer->more && page.item_count == 0))
		abort();
	for (i = 0; i < page.item_count; i++) {
		if (strncmp(page.item[i].key, r->key, prefix) != 0 ||
		    (before != NULL && strcmp(page.item[i].key, before) <
					       (r->method == STORE_LIST)))
			abort();
		before = page.item[i].key;
	}
	store_answer_clear(&page);
}

static void page(enum store_method method, const char *prefix,
		 const char *after, struct slice xml)
{
	const struct store_request r = {
		.method = method, .key = prefix, .after = after, .limit = 3
	};
	struct store_answer answer = STORE_ANSWER_INIT;
	struct buf items = BUF_INIT;

	if (store_xml_page(xml, "bk", &r, &answer, &items, NULL) == DEED_OK)
		check_page(&r, &answer, &items);
	buf_clear(&items);
}

/* What a store answers to LIST, VERSIONS, VERSIONING, and as an error. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice xml = slice_of(data, size);
	struct store_xml_error error;
	enum store_versioning kept;

	page(STORE_LIST, "", NULL, xml);
	page(STORE_LIST, "a/", "a/b", xml);
	page(STORE_VERSIONS, "", NULL, xml);
	(void)!store_xml_versioning(xml, &kept, NULL);
	store_xml_error(xml, &error);
	if (strlen(error.code) >= sizeof(error.code) ||
	    strlen(error.message) >= sizeof(error.message) ||
	    strpbrk(error.message, "\n\033") != NULL ||
	    (error.code[0] == '\0' && error.message[0] != '\0'))
		abort();
	return 0;
}
