/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "fuzz/xml_inside.h"

/* Elements open and close in balance, within the limits. */
static enum deed_status on_start(void *arg, const struct xml_element *e,
				 struct deed_error *err)
{
	int *depth = arg;

	(void)err;
	assert(e->attribute_count <= XML_MAX_ATTRIBUTES && e->name.len > 0);
	assert(++*depth <= XML_MAX_DEPTH);
	return DEED_OK;
}

static enum deed_status on_end(void *arg, struct deed_error *err)
{
	int *depth = arg;

	(void)err;
	assert(--*depth >= 0);
	return DEED_OK;
}

/* Escaped text has none of the characters that end text. */
static enum deed_status on_text(void *arg, struct slice text,
				struct deed_error *err)
{
	struct buf b = BUF_INIT;

	(void)arg;
	(void)err;
	xml_escape(text, &b);
	assert(b.len == 0 || memchr(b.data, '<', b.len) == NULL);
	buf_clear(&b);
	return DEED_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct xml_handler handler = { on_start, on_end, on_text };
	int depth = 0;

	if (xml_read(slice_of(data, size), "fuzz", &handler, &depth, NULL) ==
	    DEED_OK)
		assert(depth == 0);
	return 0;
}
