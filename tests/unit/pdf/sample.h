/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_PDF_SAMPLE_H
#define DEED_TESTS_UNIT_PDF_SAMPLE_H

#include <stdlib.h>

#include "base/file.h"
#include "pdf/update.h"
#include "test.h"

/* A document in memory: a file of tests/data/pdf, or what an update made. */
struct sample {
	struct buf bytes;
	struct pdf_input *in;
	struct pdf_document *doc;
};

static inline void sample_parse(struct sample *s)
{
	assert_ok(pdf_input_from_memory(buf_get(&s->bytes), "sample", &s->in,
					err));
	assert_ok(pdf_open(s->in, &s->doc, err));
}

static inline void sample_open(struct sample *s, const char *name)
{
	const char *top = getenv("top_srcdir");
	char path[4096];

	memset(s, 0, sizeof(*s));
	snprintf(path, sizeof(path), "%s/tests/data/pdf/%s",
		 top == NULL ? "." : top, name);
	assert_ok(file_read(path, 1 << 24, &s->bytes, err));
	sample_parse(s);
}

/* The document that the update makes of before. */
static inline void sample_update(struct sample *s, struct sample *before,
				 struct pdf_update *u)
{
	static const uint8_t id[16] = "0123456789abcde";

	memset(s, 0, sizeof(*s));
	buf_slice(&s->bytes, buf_get(&before->bytes));
	assert_ok(pdf_update_finish(u, id, &s->bytes, err));
	sample_parse(s);
}

static inline void sample_close(struct sample *s)
{
	pdf_close(s->doc);
	pdf_input_close(s->in);
	buf_clear(&s->bytes);
}

static inline const struct pdf_object *sample_get(struct sample *s,
						  struct pdf_ref ref)
{
	const struct pdf_object *o = NULL;

	assert_ok(pdf_get_object(s->doc, ref, &o, err));
	return o;
}

#endif
