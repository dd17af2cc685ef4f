/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/process.h"
#include "codec/tar_write.h"

/*
 * What we write is read by tar(1), by Python's tarfile, by bsdtar where it is
 * installed, and by libarchive in the helper.  Contents are zero bytes, and
 * holes in the file.
 */
#define LONG                                                         \
	"c-and-a-very-long-name-that-does-not-fit-into-the-hundred-" \
	"bytes-of-a-header-of-ustar-and-so-needs-a-record-of-pax.txt"
#define WANG "\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e"

static const struct tar_entry entries[] = {
	{ "a.pdf", 0, 1700000000, 0 },
	{ WANG ".pdf", 1, 0, 0600 },
	{ "dir/b", 511, 1, 0 },
	{ LONG, 512, 1700000000, 0 },
	{ WANG WANG WANG WANG WANG WANG WANG WANG WANG WANG WANG WANG, 513, -1,
	  0 },
	{ "just-under", (UINT64_C(1) << 33) - 1, 8589934591, 0 },
	{ "over", UINT64_C(1) << 33, 8589934592, 0 },
	{ "z", 10, 1700000000, 0777 },
};
#define COUNT (sizeof(entries) / sizeof(entries[0]))

struct sparse {
	FILE *f;
	char path[32];
};

static enum deed_status take(void *arg, uint8_t *out, uint64_t len,
			     struct deed_error *e)
{
	struct sparse *s = arg;

	if (out == NULL)
		return fseek(s->f, (long)len, SEEK_CUR) == 0 ? DEED_OK
							     : DEED_IO;
	return fread(out, 1, (size_t)len, s->f) == len
		       ? DEED_OK
		       : deed_error_set(e, DEED_DAMAGED, "cut");
}

static void pack(struct sparse *s)
{
	struct buf head = BUF_INIT;
	size_t i;
	int fd;

	memcpy(s->path, "/tmp/deed-test-tar-XXXXXX", 26);
	fd = mkstemp(s->path);
	assert_true(fd >= 0);
	s->f = fdopen(fd, "w+");
	assert_non_null(s->f);
	for (i = 0; i < COUNT; i++) {
		buf_reset(&head);
		assert_ok(tar_header(&entries[i], &head, err));
		assert_int_equal(tar_header_is(buf_get(&head), entries[i].name,
					       entries[i].size),
				 entries[i].mode == 0);
		assert_false(tar_header_is(buf_get(&head), entries[i].name,
					   entries[i].size + 1));
		assert_false(tar_header_is(buf_get(&head), "other",
					   entries[i].size));
		assert_false(tar_header_is(slice_of(head.data, head.len - 512),
					   entries[i].name, entries[i].size));
		assert_int_equal(head.len % 512, 0);
		assert_int_equal(fwrite(head.data, 1, head.len, s->f),
				 head.len);
		assert_int_equal(fseek(s->f,
				       (long)(entries[i].size +
					      tar_padding(entries[i].size)),
				       SEEK_CUR),
				 0);
	}
	buf_reset(&head);
	tar_end(&head);
	assert_int_equal(fwrite(head.data, 1, head.len, s->f), head.len);
	assert_int_equal(fflush(s->f), 0);
	rewind(s->f);
	buf_clear(&head);
}

static void unpack(struct sparse *s)
{
	fclose(s->f);
	unlink(s->path);
}

static void test_helper(void **state)
{
	struct tar_entry e;
	struct sparse s;
	struct tar *t;
	size_t i;

	(void)state;
	pack(&s);
	assert_ok(tar_start(&t, err));
	for (i = 0; i < COUNT; i++) {
		assert_ok(tar_next(t, take, &s, &e, err));
		assert_string_equal(e.name, entries[i].name);
		assert_int_equal(e.size, entries[i].size);
		assert_int_equal(e.mtime, entries[i].mtime);
		assert_int_equal(e.mode,
				 entries[i].mode == 0 ? 0644 : entries[i].mode);
		assert_ok(take(&s, NULL, e.size + tar_padding(e.size), err));
	}
	assert_status(DEED_NOT_FOUND, tar_next(t, take, &s, &e, err));
	tar_stop(t);
	unpack(&s);
}

/* What a shell command says of the file $1, compared with the entries. */
static void listed_by(const char *command)
{
	struct buf want = BUF_INIT, got = BUF_INIT;
	struct sparse s;
	const char *argv[] = { "/bin/sh", "-c", command, "sh", s.path, NULL };
	struct process *p;
	size_t i;
	ssize_t n;

	pack(&s);
	assert_ok(process_start(argv, &p, err));
	while ((n = read(process_output(p), buf_reserve(&got, 4096), 4096)) > 0)
		got.len += (size_t)n;
	assert_ok(process_wait(p, NULL, err));
	process_free(p);
	for (i = 0; i < COUNT; i++)
		buf_printf(&want, "%llu %s\n",
			   (unsigned long long)entries[i].size,
			   entries[i].name);
	buf_byte(&want, 0);
	buf_byte(&got, 0);
	assert_string_equal(got.data, want.data);
	buf_clear(&want);
	buf_clear(&got);
	unpack(&s);
}

static void test_tar(void **state)
{
	(void)state;
	listed_by("LC_ALL=C TZ=UTC0 tar --quoting-style=literal -tvf \"$1\" |"
		  "awk '{ print $3, $6 }'");
}

/* Where it is not installed, the other one does it again. */
static void test_bsdtar(void **state)
{
	(void)state;
	listed_by("export LC_ALL=C.UTF-8 TZ=UTC0;"
		  "if command -v bsdtar >/dev/null; then bsdtar -tvf \"$1\" |"
		  "awk '{ print $5, $9 }';"
		  "else tar --quoting-style=literal -tvf \"$1\" |"
		  "awk '{ print $3, $6 }'; fi");
}

static void test_python(void **state)
{
	(void)state;
	listed_by("LC_ALL=C.UTF-8 /usr/bin/python3 -c '\n"
		  "import sys, tarfile\n"
		  "for m in tarfile.open(sys.argv[1], \"r:\"):\n"
		  "    assert m.isreg() and m.uid == 0 and m.gid == 0\n"
		  "    assert m.uname == \"\" and m.gname == \"\"\n"
		  "    print(m.size, m.name)' \"$1\"");
}

/* Every byte of a plain header, and of the end. */
static void test_bytes(void **state)
{
	static const struct {
		size_t at;
		const char *text;
	} field[] = {
		{ 0, "share.txt" },	{ 100, "0000644" },
		{ 108, "0000000" },	{ 116, "0000000" },
		{ 124, "00000000225" }, { 136, "00000000000" },
		{ 155, " 0" },		{ 257, "ustar" },
		{ 263, "00" },
	};
	struct tar_entry e = { "share.txt", 149, 0, 0 };
	uint8_t want[512] = { 0 };
	struct buf out = BUF_INIT;
	unsigned sum = 0;
	char text[8];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(field) / sizeof(field[0]); i++)
		memcpy(want + field[i].at, field[i].text,
		       strlen(field[i].text));
	for (i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? ' ' : want[i];
	snprintf(text, sizeof(text), "%06o", sum);
	memcpy(want + 148, text, 7);
	assert_ok(tar_header(&e, &out, err));
	assert_int_equal(out.len, 512);
	assert_memory_equal(out.data, want, 512);
	buf_reset(&out);
	tar_end(&out);
	assert_int_equal(out.len, TAR_END_SIZE);
	for (i = 0; i < out.len; i++)
		assert_int_equal(out.data[i], 0);
	buf_clear(&out);
}

static void test_refused(void **state)
{
	static const char *const bad[] = { "",	   "/a",     "a//b", "a/",
					   "../a", "a/../b", ".",    "a\nb",
					   "a\\b", "\xff" };
	struct tar_entry e = { .size = 1 };
	struct buf out = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy(e.name, bad[i], strlen(bad[i]) + 1);
		assert_status(DEED_UNSUPPORTED, tar_header(&e, &out, err));
	}
	assert_int_equal(out.len, 0);
}

/* A record that ends where the last block begins, which is all digits, with
 * nothing behind it that may be read. */
static void test_open_record(void **state)
{
	static const char key[] = " mtime=";
	const size_t len = 4096, page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *map, *header;

	(void)state;
	map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(map != MAP_FAILED && page >= len);
	assert_int_equal(mprotect(map + page, page, PROT_NONE), 0);
	header = map + page - len;
	memset(header + len - 512, '1', 512);
	memcpy(header + len - 512 - strlen(key), key, strlen(key));
	assert_false(tar_header_is(slice_of(header, len), "a", 1));
	assert_int_equal(munmap(map, 2 * page), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_helper),
		cmocka_unit_test(test_tar),
		cmocka_unit_test(test_bsdtar),
		cmocka_unit_test(test_python),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_open_record),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	process_set_helpers(".");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
