/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "base/file.h"
#include "log_home.h"

static struct log_home h;
static char heads_path[160];
static unsigned read_home; /* how often the home itself was read */

/* The heads of a home that has one file, "state". */
static enum deed_status toy(void *arg, struct slice before,
			    const struct event_change *change, size_t count,
			    struct buf *out, struct deed_error *e)
{
	enum deed_status s = DEED_OK;

	(void)arg;
	if (before.data != NULL)
		buf_slice(out, before);
	else
		read_home++;
	if (before.data == NULL && file_exists(log_path(&h, "state")))
		s = file_read(log_path(&h, "state"), 4096, out, e);
	for (size_t i = 0; s == DEED_OK && i < count; i++) {
		if (strcmp(path_base(change[i].target), "state") != 0)
			continue;
		buf_reset(out);
		if (change[i].path != NULL)
			s = file_read(change[i].path, 4096, out, e);
	}
	/* That nothing is there can be told from no heads. */
	if (s == DEED_OK && out->len == 0)
		buf_str(out, "none");
	return s == DEED_OK ? buf_status(out, e) : s;
}

/* An earlier version wrote an "old " in front of it. */
static enum deed_status older(void *arg, struct buf *out, struct deed_error *e)
{
	struct buf now = BUF_INIT;
	enum deed_status s = toy(arg, SLICE_NONE, NULL, 0, &now, e);

	buf_str(out, "old ");
	buf_slice(out, buf_get(&now));
	buf_clear(&now);
	return s == DEED_OK ? buf_status(out, e) : s;
}

static int setup(void **state)
{
	(void)state;
	log_home_make(&h);
	(void)snprintf(heads_path, sizeof(heads_path), "%s/heads", h.dir.path);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	log_home_remove(&h);
	return 0;
}

static enum deed_status change(const char *text, bool gone,
			       struct deed_error *why)
{
	struct event *ev;
	uint64_t index;
	int entry;
	enum deed_status s;

	assert_ok(event_begin(&h.home, LOG_TIME, &ev, err));
	assert_ok(event_entry(ev, "status", &entry, err));
	assert_ok(event_entry(ev, "status", &entry, err));
	if (gone)
		assert_ok(event_gone(ev, log_path(&h, "state"), err));
	else if (text != NULL)
		assert_ok(event_output_bytes(ev, 0, log_path(&h, "state"),
					     OUTFILE_REPLACE, slice_str(text),
					     err));
	s = event_finish(ev, NULL, NULL, &index, why);
	event_free(ev);
	return s;
}

/* The last entry, and the one before, carry the hash of this text; the file
 * holds it. */
static void expect(const char *text)
{
	struct event_heads last;
	uint8_t hash[SHA256_SIZE];
	struct buf file;

	sha256(slice_str(text), hash);
	assert_ok(event_heads_last(&h.home, &last, err));
	assert_true(last.has);
	assert_memory_equal(last.sha256, hash, sizeof(hash));
	assert_false(last.pending);
	file = log_get(&h, "heads");
	assert_true(slice_equal_str(buf_get(&file), text));
	buf_clear(&file);
}

static void test_heads(void **state)
{
	struct event_heads last;
	struct entry e;
	uint8_t hash[32];

	(void)state;
	/* A log without. */
	assert_ok(change("one", false, err));
	assert_ok(event_heads_last(&h.home, &last, err));
	assert_false(last.has);
	assert_int_equal(last.size, 2);

	h.home.heads = toy;
	h.home.heads_path = heads_path;
	assert_ok(change(NULL, false, err));
	expect("one");
	assert_int_equal(read_home, 1);
	/* From then on the home itself is not asked. */
	log_put(&h, "state", slice_str("put back"));
	assert_ok(change(NULL, false, err));
	expect("one");
	assert_ok(change("two", false, err));
	expect("two");
	assert_ok(change(NULL, true, err));
	expect("none");
	assert_ok(change("three", false, err));
	expect("three");
	assert_int_equal(read_home, 1);
	/* Every entry of a transaction has them. */
	assert_ok(event_heads_last(&h.home, &last, err));
	assert_ok(audit_entry(&h.home, last.size - 2, &e, NULL, err));
	assert_true(entry_get_hash(&e, "heads", hash));
	assert_memory_equal(hash, last.sha256, 32);
	entry_clear(&e);
}

/* Without the file the home stands in, as long as it is the same. */
static void test_file_lost(void **state)
{
	static const char *const others[] = { NULL, "", "older" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		if (others[i] == NULL)
			assert_ok(file_remove(heads_path, err));
		else
			log_put(&h, "heads", slice_str(others[i]));
		log_put(&h, "state", slice_str("three"));
		assert_ok(change(NULL, false, err));
		expect("three");
		if (others[i] == NULL)
			assert_ok(file_remove(heads_path, err));
		else
			log_put(&h, "heads", slice_str(others[i]));
		log_put(&h, "state", slice_str("put back"));
		assert_status(DEED_INCONSISTENT, change(NULL, false, err));
		assert_status(DEED_INCONSISTENT, change("four", false, err));
		log_put(&h, "heads", slice_str("three"));
	}
	assert_ok(change(NULL, false, err));
	expect("three");
}

/* A home that an earlier version put otherwise is not another one. */
static void test_older(void **state)
{
	struct audit_recovered r;

	(void)state;
	assert_ok(change("old three", false, err));
	assert_ok(file_remove(heads_path, err));
	log_put(&h, "state", slice_str("three"));
	assert_status(DEED_INCONSISTENT, change(NULL, false, err));
	assert_ok(audit_recover(&h.home, LOG_TIME, true, &r, err));
	assert_int_equal(r.what, AUDIT_TAKEN);
	h.home.heads_older = older;
	assert_ok(audit_recover(&h.home, LOG_TIME, false, &r, err));
	assert_int_equal(r.what, AUDIT_SOUND);
	assert_ok(change(NULL, false, err));
	expect("old three");
	/* Nor does it stand for one that differs in both forms. */
	assert_ok(file_remove(heads_path, err));
	log_put(&h, "state", slice_str("put back"));
	assert_status(DEED_INCONSISTENT, change(NULL, false, err));
	h.home.heads_older = NULL;
	log_put(&h, "heads", slice_str("old three"));
	assert_ok(change("three", false, err));
	expect("three");
}

/* What is void leaves them as the entry before has them. */
static void test_void(void **state)
{
	struct event_heads before, after;
	struct event *ev;
	uint64_t index;
	int entry;
	struct entry e;

	(void)state;
	assert_ok(event_heads_last(&h.home, &before, err));
	assert_ok(event_begin(&h.home, LOG_TIME, &ev, err));
	assert_ok(event_entry(ev, "sign", &entry, err));
	assert_ok(event_output_bytes(ev, entry, log_path(&h, "new"),
				     OUTFILE_NEW, slice_str("mine"), err));
	log_put(&h, "new", slice_str("another's"));
	assert_status(DEED_EXISTS, event_finish(ev, NULL, NULL, &index, err));
	event_free(ev);
	assert_ok(event_heads_last(&h.home, &after, err));
	assert_int_equal(after.size, before.size + 2);
	assert_true(after.has);
	assert_memory_equal(after.sha256, before.sha256, 32);
	assert_ok(audit_entry(&h.home, after.size - 1, &e, NULL, err));
	assert_string_equal(e.event, "void");
	entry_clear(&e);
}

static void test_recover(void **state)
{
	struct audit_recovered r;
	struct event_heads before, after;

	(void)state;
	log_put(&h, "state", slice_str("three"));
	assert_ok(audit_recover(&h.home, LOG_TIME, false, &r, err));
	assert_int_equal(r.what, AUDIT_SOUND);
	log_put(&h, "state", slice_str("put back"));
	assert_ok(event_heads_last(&h.home, &before, err));
	assert_ok(audit_recover(&h.home, LOG_TIME, true, &r, err));
	assert_int_equal(r.what, AUDIT_TAKEN);
	assert_ok(event_heads_last(&h.home, &after, err));
	assert_int_equal(after.size, before.size);
	assert_ok(audit_recover(&h.home, LOG_TIME, false, &r, err));
	assert_int_equal(r.what, AUDIT_TAKEN);
	assert_int_equal(r.index, before.size);
	expect("put back");
	assert_ok(audit_recover(&h.home, LOG_TIME, false, &r, err));
	assert_int_equal(r.what, AUDIT_SOUND);
	assert_ok(change("five", false, err));
	expect("five");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_file_lost),
		cmocka_unit_test(test_older),
		cmocka_unit_test(test_void),
		cmocka_unit_test(test_recover),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
