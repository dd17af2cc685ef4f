/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/direct.h"
#include "base/file.h"

#define MOST ((3u << 20) + 17)

static _Alignas(DIRECT_ALIGN) uint8_t bytes[MOST + 1];

static void fill(void)
{
	uint32_t x = 1;
	size_t i;

	for (i = 0; i < sizeof(bytes); i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (uint8_t)(x >> 24);
	}
}

static void write_and_compare(const char *dir, struct slice what)
{
	char path[64];
	struct buf back = BUF_INIT;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/object", dir);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_ok(direct_write(fd, path, what, err));
	assert_int_equal(fcntl(fd, F_GETFL) & O_DIRECT, 0);
	assert_int_equal(close(fd), 0);
	assert_ok(file_read(path, MOST, &back, err));
	assert_true(slice_equal(buf_get(&back), what));
	buf_clear(&back);
	assert_int_equal(unlink(path), 0);
}

/* In the folder that dir's six X become; where memory is a file system, too. */
static void test_sizes(void **state)
{
	static const size_t size[] = { 0,
				       1,
				       DIRECT_MIN - 1,
				       DIRECT_MIN,
				       DIRECT_MIN + 1,
				       1 << 20,
				       (1 << 20) + 4095,
				       2 << 20,
				       MOST };
	char here[] = "test-direct-XXXXXX";
	char memory[] = "/dev/shm/deed-test-XXXXXX";
	size_t i;

	(void)state;
	fill();
	assert_non_null(mkdtemp(here));
	for (i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		write_and_compare(here, slice_of(bytes, size[i]));
		/* From wherever it lies in memory. */
		write_and_compare(here, slice_of(bytes + 1, size[i]));
	}
	assert_int_equal(rmdir(here), 0);
	if (mkdtemp(memory) == NULL)
		return;
	write_and_compare(memory, slice_of(bytes, MOST));
	assert_int_equal(rmdir(memory), 0);
}

/* However it comes: in pieces of any length, some of them aligned. */
static void test_pieces(void **state)
{
	static const size_t piece[] = { 1,     511,	      4096,
					4097,  (1 << 20) - 1, 1 << 20,
					70000, 2 << 20 };
	char path[] = "test-direct-XXXXXX";
	struct buf back = BUF_INIT;
	struct direct *d;
	size_t i, at, len;
	int fd = mkstemp(path);

	(void)state;
	fill();
	assert_true(fd >= 0);
	for (i = 0; i < sizeof(piece) / sizeof(piece[0]); i++) {
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		assert_ok(direct_new(fd, path, &d, err));
		for (at = 0; at < MOST; at += len) {
			len = MOST - at < piece[i] ? MOST - at : piece[i];
			assert_ok(direct_add(d, bytes + at, len, err));
		}
		assert_ok(direct_end(d, err));
		direct_free(d);
		assert_int_equal(fcntl(fd, F_GETFL) & O_DIRECT, 0);
		buf_reset(&back);
		assert_ok(file_read(path, MOST, &back, err));
		assert_true(slice_equal(buf_get(&back), slice_of(bytes, MOST)));
	}
	buf_clear(&back);
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
}

static void test_full(void **state)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	if (fd < 0)
		return;
	assert_status(DEED_NO_SPACE,
		      direct_write(fd, "full", slice_of(bytes, MOST), err));
	(void)close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_full),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
