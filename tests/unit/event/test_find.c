/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "codec/hex.h"
#include "crypto/digest.h"
#include "event/acts.h"
#include "event/audit_find.h"
#include "event/revisions.h"
#include "log_home.h"
#include "tlog/tlog.h"

static struct log_home h;
static char index_dir[160];

/* What a search found: its first entries, and how it went. */
static struct {
	uint64_t index[64];
	struct audit_match match[64];
	size_t openings[64];
	size_t count;
	struct audit_search search;
} got;

static enum deed_status note(void *arg, const struct audit_found *f,
			     struct deed_error *err)
{
	(void)arg;
	(void)err;
	if (got.count < 64) {
		got.index[got.count] = f->index;
		got.match[got.count] = f->match[0];
		got.openings[got.count] = json_array_size(f->openings);
	}
	got.count++;
	return DEED_OK;
}

static enum deed_status search(struct audit_query q, int reader,
			       struct deed_error *err)
{
	q.reader = &h.reader[reader];
	q.reader_is_register = reader == 0;
	if (q.to == 0)
		q.to = UINT64_MAX;
	memset(&got, 0, sizeof(got));
	return audit_find(&h.home, &q, note, NULL, &got.search, err);
}

static struct audit_digest digest_of(const char *text)
{
	struct audit_digest d = { .bytes = 0 };

	sha256(slice_str(text), d.sha256);
	return d;
}

static enum deed_status find_text(const char *text, int reader,
				  struct deed_error *err)
{
	struct audit_digest d = digest_of(text);

	return search((struct audit_query){ .digest = &d, .digests = 1 },
		      reader, err);
}

static void commit(struct event *ev, int entry, int party, const char *label,
		   const char *value)
{
	assert_ok(event_commit(ev, entry, party, label, slice_str(value), err));
}

static void commit_digest(struct event *ev, int entry, const char *label,
			  const char *of)
{
	struct audit_digest d = digest_of(of);
	char hex[65];

	hex_text(slice_of(d.sha256, 32), hex);
	commit(ev, entry, EVENT_ALL, label, hex);
}

/* count signatures of "in N" into "out N" by the party, at LOG_TIME + N. */
static uint64_t act(unsigned from, unsigned count)
{
	struct dropbox_reader reader = { .spki = buf_get(&h.spki[1]) };
	struct event *ev;
	uint64_t first;
	int party, entry;
	char text[32];

	assert_ok(event_begin(&h.home, LOG_TIME + from, &ev, err));
	assert_ok(event_party(ev, &reader, &party, err));
	for (; count > 0; count--, from++) {
		assert_ok(event_entry(ev, "sign", &entry, err));
		commit(ev, entry, party, "party",
		       from % 2 == 0 ? "wang" : "li");
		(void)snprintf(text, sizeof(text), "out %u", from);
		commit_digest(ev, entry, "document", text);
		(void)snprintf(text, sizeof(text), "in %u", from);
		commit_digest(ev, entry, "input", text);
		commit(ev, entry, EVENT_ALL, "file", text);
	}
	assert_ok(event_finish(ev, NULL, NULL, &first, err));
	event_free(ev);
	return first;
}

static int setup(void **state)
{
	(void)state;
	log_home_make(&h);
	(void)snprintf(index_dir, sizeof(index_dir), "%s/index", h.dir.path);
	h.home.index = index_dir;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	log_home_remove(&h);
	return 0;
}

/* One entry that was found, and how much was not in the index. */
static void expect_one(uint64_t index, uint64_t read, uint64_t wrong)
{
	assert_int_equal(got.count, 1);
	assert_int_equal(got.index[0], index);
	assert_int_equal(got.search.read, read);
	assert_int_equal(got.search.wrong, wrong);
	assert_int_equal(got.search.unopened, 0);
	assert_true(got.search.kept);
}

static void test_found(void **state)
{
	struct audit_digest d = digest_of("in 5");

	(void)state;
	(void)act(0, 10);
	assert_ok(find_text("in 5", 0, err));
	expect_one(5, 10, 0);
	assert_int_equal(got.match[0].role, AUDIT_INPUT);
	assert_int_equal(got.openings[0], 4);
	assert_ok(find_text("out 5", 0, err));
	expect_one(5, 0, 0);
	assert_int_equal(got.match[0].role, AUDIT_OUTPUT);
	assert_ok(find_text("in", 0, err));
	assert_int_equal(got.count, 0);
	/* Filters combine. */
	assert_ok(search((struct audit_query){ .party = "li" }, 0, err));
	assert_int_equal(got.count, 5);
	assert_ok(search((struct audit_query){ .party = "li", .from = 4 }, 0,
			 err));
	assert_int_equal(got.count, 3);
	assert_ok(
		search((struct audit_query){ .party = "li", .to = 2 }, 0, err));
	assert_int_equal(got.count, 1);
	assert_ok(search((struct audit_query){ .event = "seal" }, 0, err));
	assert_int_equal(got.count, 0);
	assert_ok(search((struct audit_query){ .party = "wang",
					       .digest = &d,
					       .digests = 1 },
			 0, err));
	assert_int_equal(got.count, 0);
	assert_ok(search(
		(struct audit_query){ .has_until = true, .until = LOG_TIME }, 0,
		err));
	assert_int_equal(got.count, 0);
	assert_ok(search((struct audit_query){ .has_since = true,
					       .since = LOG_TIME,
					       .has_until = true,
					       .until = LOG_TIME + 1 },
			 0, err));
	assert_int_equal(got.count, 10);
}

/* A party needs no index, and makes none. */
static void test_party(void **state)
{
	(void)state;
	assert_ok(find_text("in 5", 1, err));
	expect_one(5, 10, 0);
	assert_ok(find_text("in 5", 0, err));
	expect_one(5, 0, 0);
}

/* Thousands, one after another; the last block grows. */
static void test_thousands(void **state)
{
	struct buf before, after;

	(void)state;
	assert_int_equal(act(10, 985), 10);
	assert_int_equal(act(995, 1100), 995);
	assert_ok(find_text("in 1999", 0, err));
	expect_one(1999, 2085, 0);
	before = log_get(&h, "index/000001.cms");
	(void)act(2095, 5);
	assert_ok(find_text("in 2099", 0, err));
	expect_one(2099, 5, 0);
	assert_ok(find_text("in 999", 0, err));
	expect_one(999, 0, 0);
	assert_ok(find_text("in 1000", 0, err));
	expect_one(1000, 0, 0);
	/* What is full is left alone. */
	after = log_get(&h, "index/000001.cms");
	assert_true(slice_equal(buf_get(&before), buf_get(&after)));
	assert_false(file_exists(log_path(&h, "index/000003.cms")));
	buf_clear(&before);
	buf_clear(&after);
}

/* Part of a block that was looked at is no block. */
static void test_part(void **state)
{
	(void)state;
	assert_int_equal(unlink(log_path(&h, "index/000002.cms")), 0);
	assert_ok(search((struct audit_query){ .from = 2050, .party = "li" }, 0,
			 err));
	assert_int_equal(got.count, 25);
	assert_false(file_exists(log_path(&h, "index/000002.cms")));
	assert_ok(find_text("in 2050", 0, err));
	expect_one(2050, 100, 0);
	assert_true(file_exists(log_path(&h, "index/000002.cms")));
}

/* A block as a forger makes it, for the register's public key: of entry 2000
 * and following; value of the act 2042, or NULL to leave it out. */
static void forge(const char *value, bool drop_all)
{
	struct buf text = BUF_INIT, entry = BUF_INIT;
	struct acts_opening o;
	struct acts a;
	struct slice rest;
	size_t i;

	assert_ok(acts_read(index_dir, 2, h.reader[0].key, 1, &a, err));
	acts_begin(2, &text);
	for (i = 0; i < a.count; i++) {
		acts_begin_entry(&entry);
		rest = acts_entry(&a, i);
		while (!(drop_all && i == 42) && acts_next(&rest, &o)) {
			if (i == 42 && strcmp(o.label, "input") == 0) {
				if (value == NULL)
					continue;
				o.value = slice_str(value);
			}
			acts_put(&entry, &o);
		}
		acts_add(&text, buf_get(&entry));
	}
	assert_ok(acts_write(index_dir, 2, &h.home.register_reader,
			     buf_get(&text), err));
	acts_clear(&a);
	buf_clear(&text);
	buf_clear(&entry);
}

static void test_forged(void **state)
{
	struct audit_digest d = digest_of("in 7");
	struct buf other;
	char hex[65];

	(void)state;
	hex_text(slice_of(d.sha256, 32), hex);
	forge(hex, false); /* about another document */
	assert_ok(find_text("in 7", 0, err));
	expect_one(7, 1, 1);
	assert_ok(find_text("in 2042", 0, err));
	expect_one(2042, 0, 0); /* and it was made anew */
	forge(hex, false);
	assert_ok(find_text("in 2042", 0, err));
	expect_one(2042, 1, 1);
	forge(NULL, false); /* about none */
	assert_ok(find_text("in 2042", 0, err));
	expect_one(2042, 1, 0);
	forge(NULL, true); /* no such act */
	assert_ok(find_text("in 2042", 0, err));
	expect_one(2042, 1, 0);
	/* Of another time, another place, cut short. */
	other = log_get(&h, "index/000001.cms");
	log_put(&h, "index/000002.cms", buf_get(&other));
	assert_ok(find_text("in 2042", 0, err));
	expect_one(2042, 100, 0);
	log_put(&h, "index/000001.cms", slice_of(other.data, 1000));
	assert_ok(find_text("in 1042", 0, err));
	expect_one(1042, 1000, 0);
	assert_ok(find_text("in 1042", 0, err));
	expect_one(1042, 0, 0);
	buf_clear(&other);
}

/* A folder that cannot be written makes the next search slow, no more. */
static void test_not_kept(void **state)
{
	(void)state;
	h.home.index = log_path(&h, "copy/index"); /* "copy" is a file */
	assert_ok(find_text("in 5", 0, err));
	assert_int_equal(got.count, 1);
	assert_int_equal(got.search.read, 2100);
	assert_false(got.search.kept);
	h.home.index = NULL;
	assert_ok(find_text("in 5", 0, err));
	assert_int_equal(got.count, 1);
	h.home.index = index_dir;
	assert_ok(find_text("in 5", 0, err));
	expect_one(5, 0, 0);
}

static void test_renamed(void **state)
{
	struct event *ev;
	uint64_t first;
	int entry;

	(void)state;
	assert_ok(event_begin(&h.home, LOG_TIME, &ev, err));
	assert_ok(event_entry(ev, "rename", &entry, err));
	commit(ev, entry, EVENT_ALL, "party", "wang");
	commit(ev, entry, EVENT_ALL, "new-party", "wang-xm");
	assert_ok(event_finish(ev, NULL, NULL, &first, err));
	event_free(ev);
	assert_ok(search((struct audit_query){ .party = "wang-xm" }, 0, err));
	assert_int_equal(got.count, 1);
	assert_string_equal(got.search.former, "wang");
	assert_int_equal(got.search.renamed, first);
	assert_ok(search(
		(struct audit_query){ .party = "wang-xm", .event = "sign" }, 0,
		err));
	assert_int_equal(got.count, 0);
	assert_string_equal(got.search.former, "wang");
	assert_ok(search((struct audit_query){ .party = "wang" }, 0, err));
	assert_int_equal(got.count, 1051);
	assert_string_equal(got.search.former, "");
}

/* An entry that no transaction makes. */
static void append(const struct entry *e)
{
	struct note_signer signer;
	struct buf text = BUF_INIT;
	struct slice bytes;
	struct tlog *log;

	assert_ok(note_signer_read(h.home.log_key, &signer, err));
	assert_ok(tlog_open(h.home.audit, &signer.verifier, &log, err));
	assert_ok(entry_format(e, &text, err));
	bytes = buf_get(&text);
	assert_ok(tlog_append(log, &bytes, 1, &signer, err));
	log_put(&h, "copy", tlog_checkpoint_note(log));
	tlog_close(log);
	note_signer_clear(&signer);
	buf_clear(&text);
}

/* Without record and index nobody can say what an entry is about. */
static void test_lost(void **state)
{
	uint64_t first = act(5000, 1);
	struct buf before, after;
	struct entry e;
	char name[32];

	(void)state;
	assert_ok(audit_entry(&h.home, first, &e, NULL, err));
	assert_int_equal(e.records, 1);
	assert_ok(dropbox_remove(h.home.identity, e.record[0].hash, err));
	assert_ok(find_text("in 5000", 0, err));
	assert_int_equal(got.count, 0);
	assert_int_equal(got.search.unopened, 1);
	assert_int_equal(got.search.first_unopened, first);
	/* It stays so, for the block does not hide it. */
	assert_ok(find_text("in 5000", 0, err));
	assert_int_equal(got.search.unopened, 1);
	/* For a party most of the log is closed anyway. */
	assert_ok(find_text("in 5000", 1, err));
	assert_int_equal(got.search.unopened, 0);
	/* What was erased, as the log says, is not lost. */
	(void)strcpy(e.event, "erase");
	append(&e);
	assert_ok(find_text("in 5000", 0, err));
	assert_int_equal(got.search.unopened, 0);
	entry_clear(&e);
	/* Nor is the index written anew for it each time. */
	(void)snprintf(name, sizeof(name), "index/%06u.cms",
		       (unsigned)(first / ACTS_BLOCK));
	before = log_get(&h, name);
	assert_ok(find_text("in 5000", 0, err));
	after = log_get(&h, name);
	assert_true(slice_equal(buf_get(&before), buf_get(&after)));
	buf_clear(&before);
	buf_clear(&after);
}

/* Nothing is found in a log that is not sound. */
static void test_unsound(void **state)
{
	struct buf copy = log_get(&h, "copy"), checkpoint, bundle, was;

	(void)state;
	checkpoint = log_get(&h, "audit/checkpoint");
	was = log_get(&h, "audit/tile/entries/000");
	bundle = log_get(&h, "audit/tile/entries/000");
	bundle.data[40] ^= 1;
	log_put(&h, "audit/tile/entries/000", buf_get(&bundle));
	assert_status(DEED_INCONSISTENT, find_text("in 2042", 0, err));
	assert_int_equal(got.count, 0);
	log_put(&h, "audit/tile/entries/000", buf_get(&was));
	assert_ok(find_text("in 2042", 0, err));
	/* The second copy is that of a longer log. */
	(void)act(6000, 1);
	log_put(&h, "audit/checkpoint", buf_get(&checkpoint));
	assert_status(DEED_INCONSISTENT, find_text("in 2042", 0, err));
	log_put(&h, "copy", buf_get(&copy));
	assert_ok(find_text("in 2042", 0, err));
	buf_clear(&copy);
	buf_clear(&checkpoint);
	buf_clear(&bundle);
	buf_clear(&was);
}

/* Is this, all of it or its beginning, among what a file may be known as? */
static bool known_as(const struct audit_digest *list, size_t count,
		     const char *text, uint64_t bytes)
{
	struct audit_digest d = digest_of(text);
	size_t i;

	for (i = 0; i < count; i++)
		if (memcmp(list[i].sha256, d.sha256, 32) == 0 &&
		    list[i].bytes == bytes)
			return true;
	return false;
}

static void test_revisions(void **state)
{
	static const char text[] = "%PDF a %%%EOF\r\nb %%EO%%EOF c %%EOF\n";
	struct audit_digest *list;
	struct buf many = BUF_INIT;
	size_t count, i;

	(void)state;
	log_put(&h, "file", slice_str(text));
	assert_ok(revisions_hash(log_path(&h, "file"), &list, &count, err));
	assert_true(known_as(list, count, text, 0));
	assert_true(known_as(list, count, "%PDF a %%%EOF", 13));
	assert_true(known_as(list, count, "%PDF a %%%EOF\r", 14));
	assert_true(known_as(list, count, "%PDF a %%%EOF\r\n", 15));
	assert_true(known_as(list, count, "%PDF a %%%EOF\r\nb %%EO%%EOF", 26));
	assert_true(known_as(list, count,
			     "%PDF a %%%EOF\r\nb %%EO%%EOF c %%EOF", 34));
	assert_int_equal(count, 7);
	free(list);
	for (i = 0; i < 5000; i++)
		buf_str(&many, "%%EOF\n");
	log_put(&h, "file", buf_get(&many));
	assert_ok(revisions_hash(log_path(&h, "file"), &list, &count, err));
	assert_int_equal(count, REVISIONS_MAX + 1);
	assert_true(known_as(list, count, "%%EOF", 5));
	buf_byte(&many, 0);
	assert_true(known_as(list, count, (char *)many.data, 0));
	free(list);
	log_put(&h, "file", SLICE_NONE);
	assert_ok(revisions_hash(log_path(&h, "file"), &list, &count, err));
	assert_int_equal(count, 1);
	assert_true(known_as(list, count, "", 0));
	free(list);
	assert_status(DEED_IO,
		      revisions_hash(log_path(&h, "none"), &list, &count, err));
	buf_clear(&many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_party),
		cmocka_unit_test(test_thousands),
		cmocka_unit_test(test_part),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_not_kept),
		cmocka_unit_test(test_renamed),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_unsound),
		cmocka_unit_test(test_revisions),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
