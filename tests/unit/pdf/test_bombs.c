/* SPDX-License-Identifier: Apache-2.0 */
#include "make.h"

#include <time.h>

#include "pdf/document.h"

/*
 * Files that are made to take long: each ends soon, and with DEED_LIMIT where
 * it may.
 */

static struct timespec began;

static void begin(struct make *m)
{
	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began), 0);
	assert_ok(pdf_input_from_memory(buf_get(&m->b), "bomb", &m->in, err));
}

/* Generous: sanitizers are slow, quadratic is slower. */
static void end(struct make *m)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
	assert_true(now.tv_sec - began.tv_sec < 20);
	make_clear(m);
}

static void repeat(struct make *m, const char *what, size_t count)
{
	while (count-- > 0)
		buf_str(&m->b, what);
}

/* ---- startxref ---- */

static void find_signatures(struct make *m, enum deed_status expected)
{
	struct pdf_signatures list;

	begin(m);
	assert_ok(pdf_open(m->in, &m->doc, err));
	assert_status(expected, pdf_signatures_find(m->doc, &list, err));
	if (expected == DEED_OK)
		pdf_signatures_clear(&list);
	end(m);
}

/* Each is followed by a comment that ends with the line of all. */
static void test_startxref_in_comment(void **state)
{
	struct make m;

	(void)state;
	make_signed_base(&m);
	repeat(&m, "startxref%", 100000);
	buf_str(&m.b, "\n");
	make_table(&m, "");
	find_signatures(&m, DEED_LIMIT);
}

/* All lead to the beginning of the same blanks. */
static void test_startxref_to_blanks(void **state)
{
	struct make m;
	char text[64];

	(void)state;
	make_signed_base(&m);
	snprintf(text, sizeof(text), "%% startxref %zu\n", m.b.len);
	buf_fill(&m.b, ' ', 1000000);
	buf_str(&m.b, "\n");
	repeat(&m, text, 50000);
	make_table(&m, "");
	find_signatures(&m, DEED_LIMIT);
}

/* As honest files have it. */
static void test_startxref_few(void **state)
{
	struct make m;
	char text[64];

	(void)state;
	make_signed_base(&m);
	snprintf(text, sizeof(text), "%% startxref %zu\n", m.b.len);
	buf_fill(&m.b, ' ', 1000);
	buf_str(&m.b, "\n");
	repeat(&m, text, 100);
	make_table(&m, "");
	find_signatures(&m, DEED_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_startxref_in_comment),
		cmocka_unit_test(test_startxref_to_blanks),
		cmocka_unit_test(test_startxref_few),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
