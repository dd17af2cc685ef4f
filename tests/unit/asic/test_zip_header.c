/* SPDX-License-Identifier: Apache-2.0 */
#include "zip_by_hand.h"

#include <stdlib.h>

#include "asic/cp437.h"

static const char *fault_of(const struct hand *list, size_t count)
{
	struct buf b = BUF_INIT;
	const char *id;

	hand_zip(list, count, SLICE_NONE, 0, &b);
	id = hand_open(buf_get(&b), NULL);
	buf_clear(&b);
	return id;
}

static const char *fault_of_one(struct hand h)
{
	return fault_of(&h, 1);
}

/* ---- names ---- */

/* What an entry of this name and flags is called; the caller frees it. */
static char *name_of(struct hand h)
{
	struct buf b = BUF_INIT;
	struct zip *z = NULL;
	char *name;

	h.content = "the contract";
	hand_zip(&h, 1, SLICE_NONE, 0, &b);
	name = strdup(hand_open(buf_get(&b), &z));
	if (z != NULL) {
		free(name);
		name = strdup(zip_at(z, 0)->name);
	}
	zip_close(z);
	buf_clear(&b);
	return name;
}

/* The Unicode Path field of a name; the CRC-32 is not looked at. */
static void unicode_path(const char *name, struct buf *out)
{
	hand_16(out, ZIP_EXTRA_UNICODE_PATH);
	hand_16(out, 5 + (uint32_t)strlen(name));
	buf_byte(out, 1);
	hand_32(out, 0);
	buf_str(out, name);
}

static void test_cp437(void **state)
{
	struct buf all = BUF_INIT, out = BUF_INIT;
	unsigned i;

	(void)state;
	for (i = 0; i < 256; i++)
		buf_byte(&all, (uint8_t)i);
	cp437_decode(buf_get(&all), &out);
	assert_memory_equal(out.data, all.data, 128);
	assert_memory_equal(out.data + 128, "Çüéâäà", 12);
	assert_memory_equal(out.data + out.len - 4, "■\u00a0" + 1, 4);
	buf_clear(&all);
	buf_clear(&out);
}

static void test_names(void **state)
{
	static const struct {
		const char *raw, *path;
		unsigned flags;
		const char *name;
	} known[] = {
		{ "a.txt", NULL, 0, "a.txt" },
		{ "M\x94"
		  "bel.txt",
		  NULL, 0, "Möbel.txt" },
		{ "\xe1.txt", NULL, 0, "ß.txt" },
		{ "\x9b\x9c\x9d", NULL, 0, "¢£¥" },
		/* UTF-8 without bit 11, as many write it. */
		{ "Möbel.txt", NULL, 0, "Möbel.txt" },
		{ "合同.pdf", NULL, 0, "合同.pdf" },
		{ "Möbel.txt", NULL, ZIP_FLAG_UTF8, "Möbel.txt" },
		{ "M\x94"
		  "bel",
		  NULL, ZIP_FLAG_UTF8, "zip-name" },
		/* A second name must be the first. */
		{ "M\x94"
		  "bel",
		  "Möbel", 0, "Möbel" },
		{ "Möbel", "Möbel", 0, "Möbel" },
		{ "M├╢bel", "M├╢bel", ZIP_FLAG_UTF8, "M├╢bel" },
		{ "Möbel", "M├╢bel", 0, "M├╢bel" },
		{ "M\x94"
		  "bel",
		  "Mobel", 0, "zip-ambiguous" },
		{ "M?bel", "Möbel", 0, "zip-ambiguous" },
		{ "Möbel", "M├╢bel", ZIP_FLAG_UTF8, "zip-ambiguous" },
		{ "../\x94", NULL, 0, "zip-name" },
		{ "a\\\x94", NULL, 0, "zip-name" },
		{ "\x94/../../x", NULL, 0, "zip-name" },
		{ "\x94\n", NULL, 0, "zip-name" },
	};
	struct buf path = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct hand h = { .name = known[i].raw,
				  .flags = known[i].flags };
		char *name;

		buf_reset(&path);
		if (known[i].path != NULL)
			unicode_path(known[i].path, &path);
		h.local = h.central = buf_get(&path);
		name = name_of(h);
		if (strcmp(name, known[i].name) != 0)
			fail_msg("name %zu is '%s': expected '%s'", i, name,
				 known[i].name);
		free(name);
	}
	buf_clear(&path);
}

/* A name as long as may be in one set is too long in another. */
static void test_long_name(void **state)
{
	char raw[ZIP_NAME + 1];
	struct hand h = { .name = raw, .content = "" };

	(void)state;
	memset(raw, 0x94, sizeof(raw));
	raw[ZIP_NAME / 2] = '\0';
	assert_string_equal(fault_of_one(h), "none");
	raw[ZIP_NAME / 2] = (char)0x94;
	raw[ZIP_NAME / 2 + 1] = '\0';
	assert_string_equal(fault_of_one(h), "zip-name");
}

/* Two entries of one name by either reading; and the headers of one entry. */
static void test_two_readings(void **state)
{
	struct hand two[2] = {
		{ .name = "Möbel", .content = "1" },
		{ .name = "M├╢bel", .content = "2", .flags = ZIP_FLAG_UTF8 }
	};

	(void)state;
	assert_string_equal(fault_of(two, 2), "zip-duplicate");
	two[0].flags = ZIP_FLAG_UTF8;
	assert_string_equal(fault_of(two, 2), "none");
	two[1] = (struct hand){ .name = "M\x94"
					"bel",
				.content = "2" };
	assert_string_equal(fault_of(two, 2), "zip-duplicate");
	two[0].flags = 0;
	assert_string_equal(fault_of(two, 2), "zip-duplicate");
	two[1].name = "M\x84"
		      "bel";
	assert_string_equal(fault_of(two, 2), "none");
	two[0].local_flags = ZIP_FLAG_UTF8;
	assert_string_equal(fault_of(two, 2), "zip-ambiguous");
	two[0].name = "Mobel";
	assert_string_equal(fault_of(two, 2), "none");
}

/* A second name in the local header alone. */
static void test_local_path(void **state)
{
	struct hand h = { .name = "M\x94"
				  "bel",
			  .content = "" };
	struct buf path = BUF_INIT;

	(void)state;
	unicode_path("Möbel", &path);
	h.local = buf_get(&path);
	assert_string_equal(fault_of_one(h), "none");
	path.data[path.len - 1] = 'x';
	assert_string_equal(fault_of_one(h), "zip-ambiguous");
	buf_clear(&path);
}

/* ---- attributes ---- */

static void test_attributes(void **state)
{
	static const struct {
		const char *name;
		uint32_t attributes;
		bool good;
	} known[] = {
		{ "a", 0, true },
		{ "a", 0100644u << 16, true },
		{ "a", 0100755u << 16 | 0x20, true },
		{ "a", 0644u << 16, true },
		{ "a", 0x80, true },
		{ "a", 0x21, true },
		{ "a", 0104755u << 16, true },
		{ "f/", 0040755u << 16 | 0x10, true },
		{ "f/", 0x10, true },
		{ "f/", 0100644u << 16, true },
		{ "f/", 0, true },
		{ "a", 0120777u << 16, false }, /* symbolic link */
		{ "a", 0120000u << 16, false },
		{ "f/", 0120777u << 16, false },
		{ "a", 0020666u << 16, false }, /* devices */
		{ "a", 0060666u << 16, false },
		{ "a", 0010644u << 16, false }, /* FIFO */
		{ "a", 0140755u << 16, false }, /* socket */
		{ "f/", 0060755u << 16, false },
		{ "a", 0040755u << 16, false }, /* folder */
		{ "a", 0x10, false },
		{ "a", 0x08, false }, /* volume label */
		{ "f/", 0x18, false },
		{ "a", 0x40, false },
		{ "a", 0x420, false }, /* reparse point */
		{ "a", 0130000u << 16, false },
		{ "a", 0170000u << 16, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct hand h = { .name = known[i].name,
				  .content = "",
				  .attributes = known[i].attributes };
		const char *id = fault_of_one(h);

		if (strcmp(id, known[i].good ? "none" : "zip-attributes") != 0)
			fail_msg("'%s' with 0x%08x: %s", h.name, h.attributes,
				 id);
	}
	assert_string_equal(
		fault_of_one((struct hand){ .name = "f/", .content = "x" }),
		"zip-attributes");
}

/* Extra fields in which a mode or a link may stand. */
static void test_unix_fields(void **state)
{
	struct hand h = { .name = "a", .content = "" };
	struct buf asi = BUF_INIT, pkware = BUF_INIT;

	(void)state;
	hand_16(&asi, ZIP_EXTRA_ASI_UNIX);
	hand_16(&asi, 14);
	hand_32(&asi, 0);
	hand_16(&asi, 0100644);
	buf_fill(&asi, 0, 8);
	h.central = buf_get(&asi);
	assert_string_equal(fault_of_one(h), "none");
	asi.data[9] = 0120777 >> 8;
	assert_string_equal(fault_of_one(h), "zip-attributes");
	h.local = h.central;
	h.central = SLICE_NONE;
	assert_string_equal(fault_of_one(h), "zip-attributes");

	hand_16(&pkware, ZIP_EXTRA_PKWARE_UNIX);
	hand_16(&pkware, 12);
	buf_fill(&pkware, 0, 12);
	h.local = h.central = buf_get(&pkware);
	assert_string_equal(fault_of_one(h), "none");
	buf_str(&pkware, "/etc");
	pkware.data[2] = 16;
	h.local = h.central = buf_get(&pkware);
	assert_string_equal(fault_of_one(h), "zip-attributes");
	buf_clear(&asi);
	buf_clear(&pkware);
}

/* ---- flags ---- */

static void test_descriptor(void **state)
{
	struct hand h = { .name = "a",
			  .content = "the contract",
			  .flags = ZIP_FLAG_DESCRIPTOR };

	(void)state;
	assert_string_equal(fault_of_one(h), "none");
	h.bare = true;
	assert_string_equal(fault_of_one(h), "zip-flags");
	h.content = "";
	assert_string_equal(fault_of_one(h), "zip-flags");
	h.flags = 0;
	assert_string_equal(fault_of_one(h), "none");
	h.local_flags = ZIP_FLAG_DESCRIPTOR;
	assert_string_equal(fault_of_one(h), "zip-flags");
	h.local_flags = 0;
	h.central_flags = ZIP_FLAG_DESCRIPTOR;
	assert_string_equal(fault_of_one(h), "zip-flags");
}

static void test_flags(void **state)
{
	const unsigned known = ZIP_FLAG_LEVEL | ZIP_FLAG_UTF8;
	const unsigned packed = ZIP_FLAG_ENCRYPTED | ZIP_FLAG_PATCHED |
				ZIP_FLAG_STRONG | ZIP_FLAG_MASKED;
	struct hand h = { .name = "a", .content = "" };
	unsigned bit;

	(void)state;
	for (bit = 1; bit < 0x10000; bit <<= 1) {
		const char *expected = (bit & known) != 0    ? "none"
				       : (bit & packed) != 0 ? "zip-method"
							     : "zip-flags";

		h.bare = true;
		h.local_flags = bit;
		h.central_flags = 0;
		assert_string_equal(fault_of_one(h), expected);
		h.local_flags = 0;
		h.central_flags = bit;
		assert_string_equal(fault_of_one(h), expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cp437),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_two_readings),
		cmocka_unit_test(test_local_path),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_unix_fields),
		cmocka_unit_test(test_descriptor),
		cmocka_unit_test(test_flags),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
