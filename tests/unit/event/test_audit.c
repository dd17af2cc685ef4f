/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include "tlog/tlog.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "log_home.h"

static struct log_home h;

static int setup(void **state)
{
	static const char *const documents[] = { "a", "b", "c", "d",
						 "e", "f", "g" };
	size_t i;

	(void)state;
	log_home_make(&h);
	for (i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
		(void)log_add(&h, documents[i]);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	log_home_remove(&h);
	return 0;
}

/* What verify answers, against these bytes where they are given. */
static enum deed_status verify(struct slice against)
{
	struct audit_report r = AUDIT_REPORT_INIT;
	struct deed_error error = DEED_ERROR_INIT;
	enum deed_status status = audit_verify(&h.home, &r, &error);

	if (status == DEED_OK && against.len > 0)
		status = audit_against(&h.home, against, "kept", &r, &error);
	if (status == DEED_OK)
		status = audit_report_status(&r);
	audit_report_clear(&r);
	return status;
}

/* Is there a finding of this kind? */
static bool finds(const char *id, enum deed_status with)
{
	struct audit_report r = AUDIT_REPORT_INIT;
	bool found = false;
	size_t i;

	assert_ok(audit_verify(&h.home, &r, err));
	for (i = 0; i < r.findings; i++)
		if (!strcmp(r.finding[i].id, id) && r.finding[i].status == with)
			found = true;
	audit_report_clear(&r);
	return found;
}

static struct buf prove(uint64_t index, const char *label)
{
	struct buf proof = BUF_INIT;

	assert_ok(audit_prove(&h.home, index, &label, label == NULL ? 0 : 1,
			      &h.reader[0], &proof, err));
	return proof;
}

static void test_sound(void **state)
{
	struct audit_report r = AUDIT_REPORT_INIT;
	struct audit_recovered what;

	(void)state;
	assert_ok(audit_verify(&h.home, &r, err));
	assert_int_equal(r.findings, 0);
	assert_int_equal(r.entries, 7);
	assert_int_equal(r.records, 7);
	assert_int_equal(r.checkpoint.size, 7);
	assert_string_equal(r.checkpoint.origin, "deed/test");
	audit_report_clear(&r);
	assert_ok(audit_recover(&h.home, LOG_TIME, false, &what, err));
	assert_int_equal(what.what, AUDIT_SOUND);
	assert_int_equal(log_add(&h, "next"), 7);
}

static enum deed_status count_entry(void *arg, uint64_t index,
				    const struct entry *e,
				    const json_t *openings,
				    struct deed_error *err)
{
	unsigned *count = arg;

	(void)err;
	assert_string_equal(e->event, "sign");
	assert_int_equal(index, 2 + *count);
	assert_int_equal(json_array_size(openings), 2);
	(*count)++;
	return DEED_OK;
}

static void test_walk(void **state)
{
	unsigned count = 0;

	(void)state;
	assert_ok(audit_walk(&h.home, 2, UINT64_MAX, &h.reader[1], count_entry,
			     &count, err));
	assert_int_equal(count, 5);
}

static void test_proof(void **state)
{
	static const char *const nothing[] = { "phone" };
	struct buf proof = prove(3, "document"), none = BUF_INIT;
	struct note_verifier v;
	struct checkpoint c;
	struct entry e;
	json_t *openings;
	uint64_t index;
	size_t i;

	(void)state;
	assert_ok(audit_key(&h.home, &v, err));
	assert_ok(audit_check_proof(buf_get(&proof), &v, &index, &c, &e,
				    &openings, err));
	assert_int_equal(index, 3);
	assert_string_equal(e.event, "sign");
	assert_int_equal(json_array_size(openings), 1);
	assert_string_equal(
		json_get_string(json_array_get(openings, 0), "value"), "d");
	json_decref(openings);
	entry_clear(&e);
	assert_int_equal(verify(buf_get(&proof)), DEED_OK);
	/* No byte of it can be another. */
	for (i = 0; i < proof.len; i++) {
		proof.data[i] ^= 1;
		if (audit_check_proof(buf_get(&proof), &v, &index, &c, &e,
				      &openings, NULL) == DEED_OK)
			fail_msg("byte %zu does not matter", i);
		proof.data[i] ^= 1;
	}
	assert_status(DEED_NO_KEY, audit_prove(&h.home, 3, nothing, 1,
					       &h.reader[0], &none, err));
	assert_status(DEED_NOT_FOUND,
		      audit_prove(&h.home, 7, NULL, 0, NULL, &none, err));
	assert_int_equal(none.len, 0);
	buf_clear(&proof);
}

/* Sign a log of other entries with the office's own key, copy and all. */
static void rewrite(uint64_t changed)
{
	struct buf entry[16] = { BUF_INIT };
	struct slice list[16];
	struct note_signer s;
	struct tlog *log;
	uint64_t size, i;

	assert_ok(note_signer_read(h.key, &s, err));
	assert_ok(tlog_open(h.audit, &s.verifier, &log, err));
	size = tlog_checkpoint(log)->size;
	assert_true(size <= 16);
	for (i = 0; i < size; i++) {
		assert_ok(tlog_entry(log, i, &entry[i], err));
		/* A digit of the time: still an entry as deed writes them. */
		if (i == changed)
			*(char *)memmem(entry[i].data, entry[i].len, "2026",
					4) = '1';
		list[i] = buf_get(&entry[i]);
	}
	tlog_close(log);
	assert_int_equal(nftw(h.audit, tmpdir_unlink, 16, FTW_DEPTH | FTW_PHYS),
			 0);
	assert_ok(tlog_create(h.audit, &s, err));
	assert_ok(tlog_open(h.audit, &s.verifier, &log, err));
	assert_ok(tlog_append(log, list, size, &s, err));
	log_put(&h, "copy", tlog_checkpoint_note(log));
	tlog_close(log);
	note_signer_clear(&s);
	for (i = 0; i < size; i++)
		buf_clear(&entry[i]);
}

static void test_rewritten(void **state)
{
	struct buf proof = prove(6, NULL);
	struct buf early = prove(1, NULL);
	struct buf checkpoint = log_get(&h, "audit/checkpoint");

	(void)state;
	(void)log_add(&h, "later");
	rewrite(3);
	/* Nothing in the home tells: deed-audit(1) says so. */
	assert_int_equal(verify(SLICE_NONE), DEED_OK);
	assert_int_equal(verify(buf_get(&proof)), DEED_INCONSISTENT);
	assert_int_equal(verify(buf_get(&early)), DEED_INCONSISTENT);
	assert_int_equal(verify(buf_get(&checkpoint)), DEED_INCONSISTENT);
	buf_clear(&checkpoint);
	buf_clear(&proof);
	buf_clear(&early);
}

static void test_against(void **state)
{
	static const char *const garbage[] = {
		"x",
		"{}",
		"{\"checkpoint\":1}",
		"{\"checkpoint\":\"x\"}",
		"old 3\n",
		"c2sp.org/tlog-proof@v1\n",
		"0\x80",
	};
	struct buf checkpoint = log_get(&h, "audit/checkpoint");
	struct buf text = BUF_INIT;
	struct audit_report r = AUDIT_REPORT_INIT;
	struct deed_error error = DEED_ERROR_INIT;
	struct note_signer s, other;
	json_t *json;
	size_t i;

	(void)state;
	(void)log_add(&h, "next");
	assert_int_equal(verify(buf_get(&checkpoint)), DEED_OK);
	/* As a manifest or a receipt carries it. */
	json = json_pack("{s:s,s:s%}", "type", "deed.receipt/1", "checkpoint",
			 (char *)checkpoint.data, checkpoint.len);
	assert_ok(json_canonical(json, &text, err));
	json_decref(json);
	assert_int_equal(verify(buf_get(&text)), DEED_OK);
	buf_reset(&text);
	buf_str(&text, "old 7\n\n");
	buf_slice(&text, buf_get(&checkpoint));
	assert_int_equal(verify(buf_get(&text)), DEED_OK);
	for (i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++)
		assert_status(DEED_MALFORMED,
			      audit_against(&h.home, slice_str(garbage[i]),
					    "kept", &r, err));
	/* The same words under another key are another log. */
	assert_ok(note_signer_read(h.key, &s, err));
	assert_ok(note_signer_new("deed/test", &other, err));
	buf_reset(&text);
	assert_ok(note_sign(&other,
			    slice_str("deed/test\n0\n47DEQpj8HBSa+/"
				      "TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
				      "\n"),
			    &text, err));
	assert_int_equal(verify(buf_get(&text)), DEED_INCONSISTENT);
	buf_reset(&text);
	/* A longer log by the same key. */
	assert_ok(note_sign(&s,
			    slice_str("deed/test\n9\n47DEQpj8HBSa+/"
				      "TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"),
			    &text, err));
	assert_int_equal(verify(buf_get(&text)), DEED_INCONSISTENT);
	/* Whatever ends it has its words. */
	assert_int_equal(unlink(h.key), 0);
	assert_int_not_equal(audit_against(&h.home, buf_get(&checkpoint),
					   "kept", &r, &error),
			     DEED_OK);
	assert_non_null(strstr(error.message, h.key));
	note_signer_clear(&s);
	note_signer_clear(&other);
	audit_report_clear(&r);
	buf_clear(&text);
	buf_clear(&checkpoint);
}

/* Everything in audit/ and the copy, as it was. */
static void keep(const char *name)
{
	char command[512];
	pid_t child = fork();

	if (child == 0) {
		(void)snprintf(command, sizeof(command), "%s", name);
		execlp("cp", "cp", "-a", h.audit, command, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void put_back(const char *name)
{
	assert_int_equal(nftw(h.audit, tmpdir_unlink, 16, FTW_DEPTH | FTW_PHYS),
			 0);
	assert_int_equal(rename(name, h.audit), 0);
}

/* A change that must not go through. */
static enum deed_status try_add(void)
{
	struct event *ev;
	uint64_t index;
	int entry;
	enum deed_status status;

	assert_ok(event_begin(&h.home, LOG_TIME, &ev, err));
	assert_ok(event_entry(ev, "sign", &entry, err));
	status = event_finish(ev, NULL, NULL, &index, NULL);
	event_free(ev);
	return status;
}

static void test_shorter(void **state)
{
	struct audit_recovered what;
	struct buf proof;
	struct entry e;
	uint64_t n;
	char kept[512];

	(void)state;
	(void)snprintf(kept, sizeof(kept), "%s", log_path(&h, "kept"));
	keep(kept);
	(void)log_add(&h, "lost");
	proof = prove(7, NULL);
	put_back(kept);
	assert_true(finds("copy", DEED_INCONSISTENT));
	assert_int_equal(try_add(), DEED_INCONSISTENT);
	assert_ok(audit_recover(&h.home, LOG_TIME, true, &what, err));
	assert_int_equal(what.what, AUDIT_GAP);
	assert_int_equal(try_add(), DEED_INCONSISTENT);
	assert_ok(audit_recover(&h.home, LOG_TIME, false, &what, err));
	assert_int_equal(what.what, AUDIT_GAP);
	assert_int_equal(what.found, 7);
	assert_int_equal(what.expected, 8);
	assert_int_equal(what.index, 7);
	assert_ok(audit_entry(&h.home, 7, &e, NULL, err));
	assert_string_equal(e.event, "recover");
	assert_true(entry_get_number(&e, "expected", &n));
	assert_int_equal(n, 8);
	entry_clear(&e);
	assert_int_equal(verify(SLICE_NONE), DEED_OK);
	/* Who kept the proof of what was lost still knows. */
	assert_int_equal(verify(buf_get(&proof)), DEED_INCONSISTENT);
	assert_int_equal(log_add(&h, "next"), 8);
	buf_clear(&proof);
}

/* Only the checkpoint was put back, or is gone: its copy has it. */
static void test_restored(void **state)
{
	struct buf old = log_get(&h, "audit/checkpoint");
	struct stat before, after;
	struct audit_recovered what;
	int round;

	(void)state;
	(void)log_add(&h, "eighth");
	for (round = 0; round < 3; round++) {
		if (round == 0)
			log_put(&h, "audit/checkpoint", buf_get(&old));
		else if (round == 1)
			log_put(&h, "audit/checkpoint", slice_str("damaged"));
		else
			assert_int_equal(
				unlink(log_path(&h, "audit/checkpoint")), 0);
		assert_int_not_equal(try_add(), DEED_OK);
		/* A name that comes and goes is seen in the folder's time. */
		assert_int_equal(stat(h.audit, &before), 0);
		assert_ok(audit_recover(&h.home, LOG_TIME, true, &what, err));
		assert_int_equal(stat(h.audit, &after), 0);
		assert_memory_equal(&before.st_mtim, &after.st_mtim,
				    sizeof(before.st_mtim));
		assert_int_equal(what.what, AUDIT_RESTORED);
		assert_int_not_equal(try_add(), DEED_OK);
		assert_ok(audit_recover(&h.home, LOG_TIME, false, &what, err));
		assert_int_equal(what.what, AUDIT_RESTORED);
		assert_int_equal(verify(SLICE_NONE), DEED_OK);
	}
	assert_int_equal(log_add(&h, "ninth"), 8);
	buf_clear(&old);
}

static void test_copy(void **state)
{
	struct buf old = log_get(&h, "copy");
	struct audit_recovered what;

	(void)state;
	/* Behind: a crash between the two. */
	(void)log_add(&h, "eighth");
	log_put(&h, "copy", buf_get(&old));
	assert_true(finds("copy-behind", DEED_OK));
	assert_int_equal(verify(SLICE_NONE), DEED_OK);
	assert_int_equal(log_add(&h, "ninth"), 8);
	assert_false(finds("copy-behind", DEED_OK));
	/* Gone, and not a checkpoint. */
	assert_int_equal(unlink(h.copy), 0);
	assert_true(finds("copy", DEED_INCONSISTENT));
	assert_int_equal(try_add(), DEED_INCONSISTENT);
	assert_ok(audit_recover(&h.home, LOG_TIME, false, &what, err));
	assert_int_equal(what.what, AUDIT_COPIED);
	assert_int_equal(what.index, 9);
	assert_int_equal(verify(SLICE_NONE), DEED_OK);
	log_put(&h, "copy", slice_str("garbage"));
	assert_true(finds("copy", DEED_INCONSISTENT));
	assert_ok(audit_recover(&h.home, LOG_TIME, false, &what, err));
	assert_int_equal(verify(SLICE_NONE), DEED_OK);
	buf_clear(&old);
}

static void test_damage(void **state)
{
	static const char *const files[] = { "audit/tile/0/000.p/7",
					     "audit/tile/entries/000.p/7" };
	struct audit_recovered what;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		b = log_get(&h, files[i]);
		b.data[b.len - 8] ^= 1;
		log_put(&h, files[i], buf_get(&b));
		assert_int_equal(deed_status_exit(verify(SLICE_NONE)), 1);
		assert_int_equal(deed_status_exit(try_add()), 1);
		assert_int_equal(
			deed_status_exit(audit_recover(&h.home, LOG_TIME, false,
						       &what, NULL)),
			1);
		b.data[b.len - 8] ^= 1;
		log_put(&h, files[i], buf_get(&b));
		assert_int_equal(unlink(log_path(&h, files[i])), 0);
		assert_int_equal(deed_status_exit(verify(SLICE_NONE)), 1);
		log_put(&h, files[i], buf_get(&b));
		buf_clear(&b);
	}
	assert_int_equal(verify(SLICE_NONE), DEED_OK);
}

/* An entry in the log that deed did not write. */
static void test_strange_entry(void **state)
{
	struct slice entry = slice_str("{\"event\":\"sign\"}");
	struct note_signer s;
	struct tlog *log;

	(void)state;
	assert_ok(note_signer_read(h.key, &s, err));
	assert_ok(tlog_open(h.audit, &s.verifier, &log, err));
	assert_ok(tlog_append(log, &entry, 1, &s, err));
	log_put(&h, "copy", tlog_checkpoint_note(log));
	tlog_close(log);
	note_signer_clear(&s);
	assert_true(finds("entry", DEED_INCONSISTENT));
}

static void test_box(void **state)
{
	struct entry e;
	struct buf record = BUF_INIT;
	uint8_t injected[32];
	char name[128], digits[65];
	struct dropbox_reader reader = { .spki = buf_get(&h.spki[0]) };

	(void)state;
	assert_ok(audit_entry(&h.home, 4, &e, NULL, err));
	hex_text(slice_of(e.record[0].hash, 32), digits);
	(void)snprintf(name, sizeof(name), "box/%.2s/%s.cms", digits, digits);
	record = log_get(&h, name);
	/* Changed. */
	record.data[record.len / 2] ^= 1;
	log_put(&h, name, buf_get(&record));
	assert_true(finds("record", DEED_DAMAGED));
	record.data[record.len / 2] ^= 1;
	/* Removed. */
	assert_int_equal(unlink(log_path(&h, name)), 0);
	assert_true(finds("missing", DEED_DAMAGED));
	log_put(&h, name, buf_get(&record));
	assert_int_equal(verify(SLICE_NONE), DEED_OK);
	/* Injected: told, and ignored. */
	assert_ok(
		dropbox_put(h.box, &reader, 1, slice_str("{}"), injected, err));
	assert_true(finds("unnamed", DEED_OK));
	assert_int_equal(verify(SLICE_NONE), DEED_OK);
	assert_ok(dropbox_remove(h.box, injected, err));
	log_put(&h, "box/README", slice_str("x"));
	assert_true(finds("unnamed", DEED_OK));
	entry_clear(&e);
	buf_clear(&record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sound, setup, teardown),
		cmocka_unit_test_setup_teardown(test_walk, setup, teardown),
		cmocka_unit_test_setup_teardown(test_proof, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rewritten, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_against, setup, teardown),
		cmocka_unit_test_setup_teardown(test_shorter, setup, teardown),
		cmocka_unit_test_setup_teardown(test_restored, setup, teardown),
		cmocka_unit_test_setup_teardown(test_copy, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strange_entry, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_box, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
