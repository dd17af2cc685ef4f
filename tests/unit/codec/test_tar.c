/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"
#include "codec/tar_write.h"

/* A tar in memory, read from the front. */
struct source {
	struct buf tar;
	size_t at;
};

static enum deed_status take(void *arg, uint8_t *out, uint64_t len,
			     struct deed_error *err)
{
	struct source *s = arg;

	if (len > s->tar.len - s->at)
		return deed_error_set(err, DEED_DAMAGED, "the tar is cut");
	if (out != NULL)
		memcpy(out, s->tar.data + s->at, (size_t)len);
	s->at += (size_t)len;
	return DEED_OK;
}

static void add(struct source *s, const char *name, uint64_t size)
{
	struct tar_entry e = { .size = size, .mtime = 1700000000 };

	/* One has permissions of its own. */
	e.mode = size == 511 ? 0600 : 0;
	memcpy(e.name, name, strlen(name) + 1);
	assert_ok(tar_header(&e, &s->tar, err));
	assert_int_equal(s->tar.len % 512, 0);
	buf_fill(&s->tar, (uint8_t)name[0], size);
	buf_fill(&s->tar, 0, tar_padding(size));
}

static void next(struct tar *t, struct source *s, const char *name,
		 uint64_t size)
{
	struct tar_entry e;
	uint64_t i;

	assert_ok(tar_next(t, take, s, &e, err));
	assert_string_equal(e.name, name);
	assert_int_equal(e.size, size);
	assert_int_equal(e.mtime, 1700000000);
	assert_int_equal(e.mode, size == 511 ? 0600 : 0644);
	for (i = 0; i < size; i++)
		assert_int_equal(s->tar.data[s->at + i], (uint8_t)name[0]);
	assert_ok(take(s, NULL, size + tar_padding(size), err));
}

static const char *const names[] = {
	"a.pdf",
	"\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e.pdf",
	"dir/b",
	"c-and-a-very-long-name-that-does-not-fit-into-the-hundred-bytes-of-"
	"a-ustar-header-and-so-needs-a-pax-extended-header.txt",
	"d",
};
static const uint64_t sizes[] = { 0, 1, 511, 512, 70000 };

static void pack(struct source *s)
{
	size_t i;

	for (i = 0; i < 5; i++)
		add(s, names[i], sizes[i]);
	tar_end(&s->tar);
	assert_ok(buf_status(&s->tar, err));
}

static void test_round_trip(void **state)
{
	struct source s = { BUF_INIT, 0 };
	struct tar_entry e;
	struct tar *t;
	size_t i;

	(void)state;
	pack(&s);
	assert_ok(tar_start(&t, err));
	for (i = 0; i < 5; i++)
		next(t, &s, names[i], sizes[i]);
	assert_status(DEED_NOT_FOUND, tar_next(t, take, &s, &e, err));
	tar_stop(t);
	buf_clear(&s.tar);
}

static void test_limit(void **state)
{
	struct source s = { BUF_INIT, 0 };
	struct tar_entry e;
	struct tar *t;
	size_t i;

	(void)state;
	pack(&s);
	assert_ok(tar_start(&t, err));
	tar_limit(t, 3);
	for (i = 0; i < 3; i++)
		next(t, &s, names[i], sizes[i]);
	assert_status(DEED_LIMIT, tar_next(t, take, &s, &e, err));
	tar_stop(t);
	buf_clear(&s.tar);
}

/* Every byte of a small tar: read, or refused, and never a wait. */
static void test_changed_bytes(void **state)
{
	struct source s = { BUF_INIT, 0 };
	struct tar_entry e;
	struct tar *t;
	size_t i, refused = 0;

	(void)state;
	add(&s, "a.pdf", 10);
	tar_end(&s.tar);
	for (i = 0; i < 512; i += 7) {
		enum deed_status status;

		s.tar.data[i] ^= 0x41;
		s.at = 0;
		assert_ok(tar_start(&t, err));
		status = tar_next(t, take, &s, &e, NULL);
		refused += status != DEED_OK;
		tar_stop(t);
		s.tar.data[i] ^= 0x41;
	}
	assert_true(refused > 70);
	buf_clear(&s.tar);
}

static void test_refused(void **state)
{
	struct source s = { BUF_INIT, 0 };
	struct tar_entry e;
	struct tar *t;

	(void)state;
	/* No tar at all, and one that ends early. */
	buf_fill(&s.tar, 'x', 2048);
	assert_ok(tar_start(&t, err));
	assert_status(DEED_MALFORMED, tar_next(t, take, &s, &e, err));
	tar_stop(t);
	s.tar.len = 100;
	s.at = 0;
	assert_ok(tar_start(&t, err));
	assert_status(DEED_DAMAGED, tar_next(t, take, &s, &e, err));
	tar_stop(t);
	buf_clear(&s.tar);
}

/* A link in a tar made by tar(1) is no file that we give out. */
static void test_link(void **state)
{
	static const char *const make[] = {
		"/bin/sh", "-c",
		"d=$(mktemp -d) && ln -s /etc/passwd $d/l && "
		"tar -C $d -cf - l && rm -r $d",
		NULL
	};
	struct source s = { BUF_INIT, 0 };
	struct tar_entry e;
	struct process *p;
	struct tar *t;
	uint8_t *room = buf_reserve(&s.tar, 65536);
	ssize_t n;

	(void)state;
	assert_ok(process_start(make, &p, err));
	while ((n = read(process_output(p), room + s.tar.len,
			 65536 - s.tar.len)) > 0)
		s.tar.len += (size_t)n;
	assert_ok(process_wait(p, NULL, err));
	process_free(p);
	assert_ok(tar_start(&t, err));
	assert_status(DEED_MALFORMED, tar_next(t, take, &s, &e, err));
	tar_stop(t);
	buf_clear(&s.tar);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_changed_bytes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_link),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	process_set_helpers(".");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
