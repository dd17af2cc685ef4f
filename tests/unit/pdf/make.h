/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_PDF_MAKE_H
#define DEED_TESTS_UNIT_PDF_MAKE_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdf/changes.h"
#include "pdf/signature.h"
#include "test.h"

/*
 * PDF files by hand: objects, then a table, then more objects and another
 * table, each of which is a revision.
 */
#define MAKE_OBJECTS 64

struct make {
	struct buf b;
	uint64_t at[MAKE_OBJECTS]; /* of this revision; 0: not in it */
	bool freed[MAKE_OBJECTS];
	uint64_t prev; /* the last cross-reference section */
	int size;
	size_t patch; /* where the open signature begins */
	struct pdf_input *in;
	struct pdf_document *doc;
};

static inline void make_init(struct make *m)
{
	memset(m, 0, sizeof(*m));
	buf_str(&m->b, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
	m->size = 1;
}

static inline void make_clear(struct make *m)
{
	pdf_close(m->doc);
	pdf_input_close(m->in);
	buf_clear(&m->b);
}

/* A second file that goes on from here. */
static inline void make_copy(struct make *to, const struct make *from)
{
	*to = *from;
	to->b = (struct buf)BUF_INIT;
	to->in = NULL;
	to->doc = NULL;
	buf_slice(&to->b, buf_get(&from->b));
}

static inline void make_obj(struct make *m, int num, const char *body)
{
	m->at[num] = m->b.len;
	if (m->size <= num)
		m->size = num + 1;
	buf_printf(&m->b, "%d 0 obj\n%s\nendobj\n", num, body);
}

static inline void make_stream(struct make *m, int num, const char *dict,
			       const char *data)
{
	m->at[num] = m->b.len;
	if (m->size <= num)
		m->size = num + 1;
	buf_printf(&m->b,
		   "%d 0 obj\n<<%s/Length %zu>>\nstream\n%s\nendstream\n"
		   "endobj\n",
		   num, dict, strlen(data), data);
}

static inline void make_free(struct make *m, int num)
{
	m->freed[num] = true;
}

static inline void make_rows(struct make *m)
{
	int i;

	buf_str(&m->b, "xref\n0 1\n0000000000 65535 f \n");
	for (i = 1; i < m->size; i++) {
		if (m->freed[i])
			buf_printf(&m->b, "%d 1\n0000000000 00001 f \n", i);
		else if (m->at[i] != 0)
			buf_printf(&m->b, "%d 1\n%010" PRIu64 " 00000 n \n", i,
				   m->at[i]);
	}
	memset(m->at, 0, sizeof(m->at));
	memset(m->freed, 0, sizeof(m->freed));
}

/* A table with its trailer: the revision is done. */
static inline void make_table(struct make *m, const char *trailer)
{
	uint64_t here = m->b.len;

	make_rows(m);
	buf_printf(&m->b, "trailer\n<</Root 1 0 R/Size %d%s", m->size, trailer);
	if (m->prev != 0)
		buf_printf(&m->b, "/Prev %" PRIu64, m->prev);
	buf_printf(&m->b, ">>\nstartxref\n%" PRIu64 "\n%%%%EOF\n", here);
	m->prev = here;
}

/* A page, a text field (6), an empty signature field (7). */
static inline void make_base(struct make *m)
{
	make_init(m);
	make_obj(m, 1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>");
	make_obj(m, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	make_obj(m, 3,
		 "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		 "/Contents 4 0 R/Resources<</XObject<</X 10 0 R>>"
		 "/Font<</F 8 0 R>>>>/Annots[6 0 R 7 0 R]>>");
	make_stream(m, 4, "", "q /X Do Q");
	make_obj(m, 5,
		 "<</Fields[6 0 R 7 0 R]/SigFlags 3/DA(/F 0 Tf)"
		 "/DR<</Font<</F 8 0 R>>>>>>");
	make_obj(m, 6,
		 "<</FT/Tx/T(text)/Type/Annot/Subtype/Widget"
		 "/Rect[0 0 9 9]/V(abc)/AP<</N 9 0 R>>/P 3 0 R>>");
	make_obj(m, 7,
		 "<</FT/Sig/T(one)/Type/Annot/Subtype/Widget"
		 "/Rect[0 0 0 0]/F 132/P 3 0 R>>");
	make_obj(m, 8, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
	make_stream(m, 9, "/Subtype/Form/BBox[0 0 9 9]", "0 0 9 9 re f");
	make_stream(m, 10, "/Subtype/Form/BBox[0 0 9 9]", "% the amount is 10");
	make_table(m, "");
}

/* A signature dictionary whose ByteRange make_signed fills in. */
static inline void make_signature(struct make *m, int num, const char *extra)
{
	char body[1024];

	m->patch = m->b.len;
	snprintf(body, sizeof(body),
		 "<<%s/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
		 "/ByteRange[0 AAAAAAAAAA BBBBBBBBBB CCCCCCCCCC]"
		 "/Contents<30030201010000000000>/M(D:20260102030405Z)>>",
		 extra);
	make_obj(m, num, body);
}

static inline size_t make_find(const struct make *m, size_t from,
			       const char *what)
{
	const uint8_t *at =
		memmem(m->b.data + from, m->b.len - from, what, strlen(what));

	assert_non_null(at);
	return (size_t)(at - m->b.data);
}

static inline void make_set(struct make *m, const char *mark, uint64_t value)
{
	size_t at = make_find(m, m->patch, mark);
	char digits[16];

	snprintf(digits, sizeof(digits), "%010" PRIu64, value);
	memcpy(m->b.data + at, digits, 10);
}

/* After the table: the open signature covers everything to here. */
static inline void make_signed(struct make *m)
{
	size_t gap = make_find(m, m->patch, "/Contents<") + 9;
	size_t end = make_find(m, gap, ">") + 1;

	make_set(m, "AAAAAAAAAA", gap);
	make_set(m, "BBBBBBBBBB", end);
	make_set(m, "CCCCCCCCCC", m->b.len - end);
}

/* The base with field 7 signed, value in object 11. */
static inline void make_signed_base(struct make *m)
{
	make_base(m);
	make_obj(m, 7,
		 "<</FT/Sig/T(one)/Type/Annot/Subtype/Widget"
		 "/Rect[0 0 0 0]/F 132/P 3 0 R/V 11 0 R>>");
	make_signature(m, 11, "/Type/Sig");
	make_table(m, "");
	make_signed(m);
}

/* A further signature: field 12, value 13. */
static inline void make_second(struct make *m)
{
	make_obj(m, 3,
		 "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]"
		 "/Contents 4 0 R/Resources<</XObject<</X 10 0 R>>"
		 "/Font<</F 8 0 R>>>>/Annots[6 0 R 7 0 R 12 0 R]>>");
	make_obj(m, 5,
		 "<</Fields[6 0 R 7 0 R 12 0 R]/SigFlags 3/DA(/F 0 Tf)"
		 "/DR<</Font<</F 8 0 R>>>>>>");
	make_obj(m, 12,
		 "<</FT/Sig/T(two)/Type/Annot/Subtype/Widget"
		 "/Rect[0 0 50 50]/F 132/P 3 0 R/V 13 0 R"
		 "/AP<</N 14 0 R>>>>");
	make_stream(m, 14, "/Subtype/Form/BBox[0 0 50 50]", "0 0 9 9 re f");
	make_signature(m, 13, "/Type/Sig");
	make_table(m, "");
	make_signed(m);
}

static inline void make_open(struct make *m)
{
	pdf_close(m->doc);
	pdf_input_close(m->in);
	m->doc = NULL;
	assert_ok(pdf_input_from_memory(buf_get(&m->b), "made", &m->in, err));
	assert_ok(pdf_open(m->in, &m->doc, err));
}

/* Opening must fail in this way. */
static inline void make_refused(struct make *m, enum deed_status expected)
{
	assert_ok(pdf_input_from_memory(buf_get(&m->b), "made", &m->in, err));
	assert_status(expected, pdf_open(m->in, &m->doc, err));
	assert_null(m->doc);
}

#endif
