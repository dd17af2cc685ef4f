/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <dirent.h>

#include "codec/json.h"
#include "log_home.h"

static struct log_home h;

static int setup(void **state)
{
	(void)state;
	log_home_make(&h);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	log_home_remove(&h);
	return 0;
}

/* The value of an opening with this label; NULL where there is none. */
static const char *opened(const json_t *openings, const char *label)
{
	json_t *item;
	size_t i;

	json_array_foreach(
		openings, i,
		item) if (!strcmp(json_get_string(item, "label"),
				  label)) return json_get_string(item, "value");
	return NULL;
}

static size_t files_in_box(void)
{
	size_t count = 0;
	DIR *d = opendir(h.box);
	struct dirent *e;

	while ((e = readdir(d)) != NULL)
		count += e->d_name[0] != '.';
	(void)closedir(d);
	return count;
}

static void test_openings(void **state)
{
	struct entry e;
	json_t *all, *own;
	uint64_t index = log_add(&h, "a.pdf");

	(void)state;
	assert_int_equal(index, 0);
	assert_int_equal(log_add(&h, "b.pdf"), 1);
	assert_ok(audit_entry(&h.home, 1, &e, NULL, err));
	assert_string_equal(e.event, "sign");
	assert_int_equal(e.time, LOG_TIME);
	assert_int_equal(e.commitments, 2);
	assert_int_equal(e.records, 1);
	assert_ok(audit_openings(&h.home, 1, &e, &h.reader[0], &all, err));
	assert_ok(audit_openings(&h.home, 1, &e, &h.reader[1], &own, err));
	assert_int_equal(json_array_size(all), 2);
	assert_true(json_equal(all, own));
	assert_string_equal(opened(all, "party"), "wang");
	assert_string_equal(opened(all, "document"), "b.pdf");
	json_decref(all);
	/* Openings are of their entry and no other. */
	assert_ok(audit_openings(&h.home, 0, &e, &h.reader[0], &all, err));
	assert_int_equal(json_array_size(all), 0);
	json_decref(all);
	json_decref(own);
	entry_clear(&e);
	assert_status(DEED_NOT_FOUND, audit_entry(&h.home, 2, &e, NULL, err));
}

/* What is one party's stays with it; what is everybody's goes to those whom
 * the entry is about. */
static void test_parties(void **state)
{
	struct dropbox_reader wang = { .spki = buf_get(&h.spki[1]) };
	struct dropbox_reader office = { .spki = buf_get(&h.spki[0]) };
	struct event *ev;
	struct entry e;
	json_t *list;
	uint64_t first;
	int w, again, o, one, two, three;

	(void)state;
	assert_ok(event_begin(&h.home, LOG_TIME, &ev, err));
	assert_ok(event_party(ev, &wang, &w, err));
	assert_ok(event_party(ev, &office, &o, err));
	assert_ok(event_party(ev, &wang, &again, err));
	assert_int_equal(w, again);
	assert_ok(event_entry(ev, "deposit", &one, err));
	assert_ok(event_commit(ev, one, w, "party", slice_str("wang"), err));
	assert_ok(event_commit(ev, one, o, "party", slice_str("office"), err));
	assert_ok(event_commit(ev, one, EVENT_ALL, "document", slice_str("d1"),
			       err));
	assert_ok(event_entry(ev, "sign", &two, err));
	assert_ok(event_commit(ev, two, o, "party", slice_str("office"), err));
	assert_ok(event_commit(ev, two, EVENT_ALL, "document", slice_str("d2"),
			       err));
	assert_ok(event_entry(ev, "note", &three, err));
	assert_ok(event_commit(ev, three, EVENT_ALL, "text", slice_str("t"),
			       err));
	assert_ok(event_finish(ev, NULL, NULL, &first, err));
	event_free(ev);
	assert_int_equal(first, 0);
	/* One record a party, whatever the number of entries. */
	assert_int_equal(files_in_box(), 2);

	assert_ok(audit_entry(&h.home, 0, &e, NULL, err));
	assert_int_equal(e.records, 2);
	assert_ok(audit_openings(&h.home, 0, &e, &h.reader[0], &list, err));
	assert_int_equal(json_array_size(list), 3);
	json_decref(list);
	assert_ok(audit_openings(&h.home, 0, &e, &h.reader[1], &list, err));
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(opened(list, "party"), "wang");
	json_decref(list);
	entry_clear(&e);

	assert_ok(audit_entry(&h.home, 1, &e, NULL, err));
	assert_int_equal(e.records, 1);
	assert_ok(audit_openings(&h.home, 1, &e, &h.reader[1], &list, err));
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
	entry_clear(&e);

	assert_ok(audit_entry(&h.home, 2, &e, NULL, err));
	assert_int_equal(e.records, 2);
	assert_ok(audit_openings(&h.home, 2, &e, &h.reader[1], &list, err));
	assert_string_equal(opened(list, "text"), "t");
	json_decref(list);
	entry_clear(&e);
}

/* Without a party only the register can open; bytes that are no text too. */
static void test_register_only(void **state)
{
	static const uint8_t bytes[4] = { 0xff, 0, 0xfe, 1 };
	struct event *ev;
	struct entry e;
	json_t *list;
	uint64_t first;
	int entry;

	(void)state;
	assert_ok(event_begin(&h.home, LOG_TIME, &ev, err));
	assert_ok(event_entry(ev, "init", &entry, err));
	assert_ok(event_commit(ev, entry, EVENT_ALL, "bytes",
			       slice_of(bytes, sizeof(bytes)), err));
	assert_ok(event_commit(ev, entry, EVENT_ALL, "empty", SLICE_NONE, err));
	assert_ok(event_finish(ev, NULL, NULL, &first, err));
	event_free(ev);
	assert_ok(audit_entry(&h.home, 0, &e, NULL, err));
	assert_ok(audit_openings(&h.home, 0, &e, &h.reader[1], &list, err));
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
	assert_ok(audit_openings(&h.home, 0, &e, &h.reader[0], &list, err));
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_get_string(json_array_get(list, 0), "value64"),
			    "/wD+AQ==");
	assert_string_equal(opened(list, "empty"), "");
	json_decref(list);
	entry_clear(&e);
}

struct locked {
	uint64_t first;
	uint64_t size;
	enum deed_status answer;
	uint8_t record[32];
};

static enum deed_status under_lock(void *arg, struct event *ev, uint64_t first,
				   struct slice checkpoint,
				   struct deed_error *err)
{
	struct locked *l = arg;
	struct note_verifier v;
	struct checkpoint c;
	struct outfile *out;
	enum deed_status status = audit_key(&h.home, &v, err);
	int entry;

	if (status == DEED_OK)
		status = checkpoint_open(checkpoint, &v, &c, err);
	if (status != DEED_OK)
		return status;
	l->first = first;
	l->size = c.size;
	assert_int_equal(event_entry(ev, "late", &entry, NULL), DEED_USAGE);
	status = outfile_open(&out, log_path(&h, "statement"), 0644, err);
	if (status == DEED_OK)
		status = outfile_write(out, "signed", 6, err);
	if (status == DEED_OK)
		status = event_output(ev, 0, &out, OUTFILE_NEW, NULL, err);
	if (status == DEED_OK)
		status = event_record(ev, 0, 0, slice_str("{\"type\":\"x\"}"),
				      l->record, err);
	return status == DEED_OK ? l->answer : status;
}

static void test_under_lock(void **state)
{
	struct dropbox_reader wang = { .spki = buf_get(&h.spki[1]) };
	struct locked l = { .answer = DEED_REFUSED };
	struct buf plain = BUF_INIT;
	struct event *ev;
	struct entry e;
	uint64_t first;
	int party, entry, round;

	(void)state;
	(void)log_add(&h, "a.pdf");
	for (round = 0; round < 2; round++) {
		assert_ok(event_begin(&h.home, LOG_TIME, &ev, err));
		assert_ok(event_party(ev, &wang, &party, err));
		assert_ok(event_entry(ev, "verify-id", &entry, err));
		assert_int_equal(event_finish(ev, under_lock, &l, &first, NULL),
				 l.answer);
		event_free(ev);
		assert_int_equal(l.first, 1);
		assert_int_equal(l.size, 1);
		/* What failed left nothing at all. */
		assert_int_equal(file_exists(log_path(&h, "statement")),
				 round == 1);
		assert_int_equal(files_in_box(), 1 + (size_t)round);
		l.answer = DEED_OK;
	}
	assert_ok(audit_entry(&h.home, 1, &e, NULL, err));
	assert_int_equal(e.records, 1);
	assert_memory_equal(e.record[0].hash, l.record, 32);
	entry_clear(&e);
	assert_ok(dropbox_open(h.box, l.record,
			       slice_of(deposit_key_id(h.opens[1]), 20),
			       h.opens[1], &plain, err));
	assert_true(slice_equal_str(buf_get(&plain), "{\"type\":\"x\"}"));
	buf_clear(&plain);
}

static struct outfile *temporary(const char *name, const char *text)
{
	struct outfile *out;

	assert_ok(outfile_open(&out, log_path(&h, name), 0644, err));
	assert_ok(outfile_write(out, text, strlen(text), err));
	return out;
}

static void test_outputs(void **state)
{
	struct outfile *a = temporary("a", "A"), *b = temporary("b", "B");
	struct outfile *c = temporary("c", "C");
	struct deed_error error = DEED_ERROR_INIT;
	struct event *ev;
	struct entry e;
	struct buf text;
	uint64_t first, about;
	int one, two, three;

	(void)state;
	log_put(&h, "b", slice_str("somebody else's"));
	log_put(&h, "c", slice_str("old"));
	assert_ok(event_begin(&h.home, LOG_TIME, &ev, err));
	assert_ok(event_entry(ev, "sign", &one, err));
	assert_ok(event_entry(ev, "sign", &two, err));
	assert_ok(event_entry(ev, "sign", &three, err));
	assert_ok(event_output(ev, one, &a, OUTFILE_NEW, NULL, err));
	assert_null(a);
	assert_ok(event_output(ev, two, &b, OUTFILE_NEW, NULL, err));
	assert_ok(event_output(ev, three, &c, OUTFILE_REPLACE, NULL, err));
	assert_int_equal(event_finish(ev, NULL, NULL, &first, &error),
			 DEED_EXISTS);
	assert_non_null(strstr(error.message, "exists"));
	assert_int_equal(event_output_status(ev, one), DEED_OK);
	assert_int_equal(event_output_status(ev, two), DEED_EXISTS);
	assert_int_equal(event_output_status(ev, three), DEED_OK);
	event_free(ev);
	assert_ok(audit_entry(&h.home, 3, &e, NULL, err));
	assert_string_equal(e.event, "void");
	assert_true(entry_get_number(&e, "entry", &about));
	assert_int_equal(about, first + 1);
	entry_clear(&e);
	text = log_get(&h, "a");
	assert_true(slice_equal_str(buf_get(&text), "A"));
	buf_clear(&text);
	text = log_get(&h, "b");
	assert_true(slice_equal_str(buf_get(&text), "somebody else's"));
	buf_clear(&text);
	text = log_get(&h, "c");
	assert_true(slice_equal_str(buf_get(&text), "C"));
	buf_clear(&text);
}

/* A transaction that is dropped, or is wrong, leaves nothing. */
static void test_refusals(void **state)
{
	struct dropbox_reader bad = { .spki = slice_str("no key") };
	struct outfile *a = temporary("a", "A");
	char name[128];
	struct event *ev;
	uint64_t first;
	int entry, party;

	(void)state;
	(void)snprintf(name, sizeof(name), "%s", outfile_temporary(a));
	assert_ok(event_begin(&h.home, LOG_TIME, &ev, err));
	assert_status(DEED_USAGE, event_finish(ev, NULL, NULL, &first, err));
	assert_status(DEED_MALFORMED, event_entry(ev, "No Word", &entry, err));
	assert_ok(event_entry(ev, "sign", &entry, err));
	assert_status(DEED_USAGE,
		      event_commit(ev, 1, EVENT_ALL, "x", SLICE_NONE, err));
	assert_status(DEED_USAGE,
		      event_commit(ev, entry, 0, "x", SLICE_NONE, err));
	assert_status(DEED_MALFORMED, event_commit(ev, entry, EVENT_ALL, "X y",
						   SLICE_NONE, err));
	assert_ok(event_party(ev, &bad, &party, err));
	assert_ok(event_commit(ev, entry, party, "party", slice_str("x"), err));
	assert_ok(event_output(ev, entry, &a, OUTFILE_NEW, NULL, err));
	/* It has no name before the transaction is pending. */
	assert_false(file_exists(name));
	assert_int_not_equal(event_finish(ev, NULL, NULL, &first, NULL),
			     DEED_OK);
	event_free(ev);
	assert_false(file_exists(name));
	assert_false(file_exists(log_path(&h, "a")));
	assert_false(file_exists(log_path(&h, "audit/pending")));
	assert_int_equal(files_in_box(), 0);
	assert_int_equal(log_add(&h, "next"), 0);
}

static void test_create_again(void **state)
{
	(void)state;
	assert_status(DEED_EXISTS, event_create(&h.home, "deed/test", err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_openings, setup, teardown),
		cmocka_unit_test_setup_teardown(test_parties, setup, teardown),
		cmocka_unit_test_setup_teardown(test_register_only, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_under_lock, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_outputs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refusals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_create_again, setup,
						teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
