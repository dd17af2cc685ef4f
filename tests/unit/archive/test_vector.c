/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/chunk.h"
#include "archive/erasure.h"
#include "archive/manifest.h"
#include "archive/texts.h"
#include "base/file.h"
#include "codec/hex.h"

/* The vectors of deed-archive(5), which other programs computed. */
static char *page;

static int start(void **state)
{
	const char *top = getenv("top_srcdir");
	struct buf text = BUF_INIT;
	char path[512];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/man/deed-archive.5",
		       top == NULL ? "." : top);
	assert_ok(file_read(path, 1u << 20, &text, err));
	page = buf_take(&text, NULL);
	return page == NULL;
}

static int end(void **state)
{
	(void)state;
	free(page);
	return 0;
}

/* The line of the page that follows this one. */
static void next_line(const char *line, char out[128])
{
	char *at = strstr(page, line);
	size_t len;

	assert_non_null(at);
	at += strlen(line);
	assert_int_equal(*at, '\n');
	len = strcspn(++at, "\n");
	assert_true(len < 128);
	memcpy(out, at, len);
	out[len] = '\0';
}

static void secrets(struct secret **p, struct secret **s, uint8_t d[16])
{
	int i;

	assert_ok(secret_new(32, p, err));
	assert_ok(secret_new(32, s, err));
	for (i = 0; i < 32; i++) {
		secret_data(*p)[i] = (uint8_t)i;
		secret_data(*s)[i] = (uint8_t)(32 + i);
	}
	for (i = 0; i < 16; i++)
		d[i] = (uint8_t)(0xa0 + i);
}

static void test_kek(void **state)
{
	struct secret *p, *s, *kek;
	char hex[65], want[128];
	uint8_t d[16];

	(void)state;
	secrets(&p, &s, d);
	assert_ok(chunk_kek(p, s, d, 0, false, &kek, err));
	hex_text(secret_slice(kek), hex);
	next_line("kek deed-shard-v1 chunk 0", want);
	assert_string_equal(hex, want);
	secret_free(kek);
	assert_ok(chunk_kek(p, s, d, 1, true, &kek, err));
	hex_text(secret_slice(kek), hex);
	next_line("kek deed-shard-v1 chunk 1 last", want);
	assert_string_equal(hex, want);
	secret_free(kek);
	secret_free(p);
	secret_free(s);
}

static void test_commitment(void **state)
{
	struct secret *p, *s;
	char hex[65], want[128];
	struct manifest *m;
	uint8_t out[32];

	(void)state;
	assert_ok(manifest_new(&m, err));
	secrets(&p, &s, m->deposit);
	manifest_commit(m, "P", secret_slice(p), out);
	hex_text(slice_of(out, 32), hex);
	next_line("commitment P", want);
	assert_string_equal(hex, want);
	manifest_free(m);
	secret_free(p);
	secret_free(s);
}

static void test_parity(void **state)
{
	uint8_t bytes[5][64] = { { 0x10 }, { 0x20 }, { 0x33 } };
	uint8_t *part[5];
	char hex[16], want[128];
	struct erasure *e;
	int i;

	(void)state;
	for (i = 0; i < 5; i++)
		part[i] = bytes[i];
	assert_ok(erasure_new(3, 5, &e, err));
	erasure_encode(e, 64, part);
	(void)snprintf(hex, sizeof(hex), "%02x %02x", bytes[3][0], bytes[4][0]);
	next_line("parity 10 20 33", want);
	assert_string_equal(hex, want);
	erasure_free(e);
}

static void test_script(void **state)
{
	uint8_t hash[32];
	char hex[65];

	(void)state;
	sha256(texts_script(), hash);
	hex_text(slice_of(hash, 32), hex);
	if (strstr(page, hex) == NULL)
		fail_msg("the script's digest is %s", hex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kek),
		cmocka_unit_test(test_commitment),
		cmocka_unit_test(test_parity),
		cmocka_unit_test(test_script),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, end);
}
