/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <signal.h>

#include "archive/generations.h"
#include "archive/health/leftover.h"
#include "archive/manifests.h"
#include "archive/health/repair.h"
#include "base/file.h"
#include "far.h"

/* Deposits at places that are elsewhere, and what a silent one is taken for. */
static struct world *const worlds[] = { &big, &small };

static int start_far(void **state)
{
	int failed = start(state);

	for (size_t i = 0; i < 2; i++)
		far_make(worlds[i]->a);
	return failed;
}

static void test_side_by_side(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		far_most = 0;
		put(worlds[i]);
		/* All objects of a box, and more than a chunk's. */
		assert_true(far_most >= 5);
		far_most = 0;
		assert_int_equal(get(worlds[i], 0), DEED_OK);
		assert_true(far_most >= 3);
		assert_int_equal(state_of(worlds[i]), CHECK_HEALTHY);
		assert_int_equal(far_under_way, 0);
	}
}

/* All that was put is read again. */
static void test_read_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		for (size_t j = 0; j < 5; j++)
			place_read_back(worlds[i]->a->place[j], true);
		put(worlds[i]);
		assert_int_equal(far_under_way, 0);
		for (size_t j = 0; j < 5; j++)
			place_read_back(worlds[i]->a->place[j], false);
		assert_int_equal(get(worlds[i], 1), DEED_OK);
	}
}

/* So many transfers in all, soon and no more. */
static void begun_soon(int count)
{
	for (int i = 0; i < 5000 && far_begun < count; i++)
		(void)usleep(1000);
	(void)usleep(20000);
	assert_int_equal(far_begun, count);
}

/* The next chunk is under way while one is in use; no more than that. */
static void test_ahead(void **state)
{
	struct secret *p = open_p(&big, 0);
	struct stored_reader *r;
	uint8_t byte;

	(void)state;
	assert_int_equal(big.d.m->chunk_count, 3);
	assert_ok(stored_reader_new(big.a, &big.d, p, 2, &r, err));
	far_begun = 0;
	assert_ok(stored_read(r, &byte, 1, err));
	begun_soon(2 * 3);
	assert_ok(stored_read(r, NULL, MANIFEST_CHUNK, err));
	begun_soon(3 * 3);
	/* What is there is not asked for again. */
	stored_seek(r, MANIFEST_CHUNK, 3 * MANIFEST_CHUNK);
	assert_ok(stored_read(r, NULL, MANIFEST_CHUNK + 1, err));
	stored_seek(r, 2 * MANIFEST_CHUNK, 2 * MANIFEST_CHUNK + 1);
	assert_ok(stored_read(r, &byte, 1, err));
	begun_soon(3 * 3);
	stored_seek(r, 0, 1);
	assert_ok(stored_read(r, &byte, 1, err));
	begun_soon(4 * 3);
	stored_reader_free(r);
	/* Nobody waits for what is under way but who frees it. */
	assert_ok(stored_reader_new(big.a, &big.d, p, 4, &r, err));
	assert_ok(stored_read(r, &byte, 1, err));
	stored_reader_free(r);
	assert_int_equal(far_under_way, 0);
	secret_free(p);
}

/* It answered when it was asked, and then no more. */
static void test_put(void **state)
{
	const struct archive_input in[] = {
		input("deposit.json", slice_str("{}\n")),
		input("a.pdf", slice_str("text")),
	};
	const struct archive_recipient to = {
		.key_id = slice_of(deposit_key_id(small.key[0]), KEY_ID_SIZE),
		.spki = buf_get(&small.spki[0]),
	};
	const struct archive_order order = { in, 2, &to, 1, 0, false };
	struct draft *draft = NULL;
	struct begun *begun;

	(void)state;
	for (size_t wanted = 4; wanted <= 5; wanted++) {
		far_silent = -1;
		assert_ok(archive_begin(small.a, 1, wanted, &begun, err));
		far_silent = 2;
		assert_ok(archive_put(begun, &order, &draft, err));
		archive_sync(small.a, &draft, 1);
		assert_status(wanted == 4 ? DEED_OK : DEED_REMOTE,
			      draft_status(draft, err));
		/* What it may have is remembered. */
		archive_settle(small.a, draft, DRAFT_DISCARDED);
		archive_end(begun);
		far_silent = -1;
	}
}

static size_t repaired(struct world *w)
{
	struct answering places;
	const struct repair_options options = { .check.places = &places };
	struct repair_report r;
	size_t made;

	assert_ok(answering_look(w->a, &places, err));
	assert_ok(repair_deposit(w->a, &w->d, &options, &r, err));
	made = r.made;
	repair_clear(&r);
	return made;
}

/* Nothing is made of what nobody knows to be missing, and all comes back. */
static void test_silent(void **state)
{
	struct generations g;
	unsigned unsure;

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (int at = 0; at < 5; at++) {
			far_silent = at;
			assert_int_equal(state_of(worlds[i]), CHECK_AWAY);
			assert_int_equal(repaired(worlds[i]), 0);
			assert_int_equal(get(worlds[i], 1), DEED_OK);
			assert_int_equal(
				manifests_shown(
					worlds[i]->a, worlds[i]->d.folder, 1,
					worlds[i]->d.cms_sha256, &unsure),
				4);
			assert_int_equal(unsure, 1);
			assert_ok(generations_list(
				worlds[i]->a, worlds[i]->d.folder, &g, err));
			assert_int_equal(g.answered, 31 & ~(1 << at));
			generations_clear(&g);
			far_silent = -1;
			assert_int_equal(state_of(worlds[i]), CHECK_HEALTHY);
			assert_int_equal(repaired(worlds[i]), 0);
		}
}

/* Names were read ahead: what is made of objects that are lost at place 3, and
 * is it to be looked at again? */
static size_t ahead(struct world *w, int silent, bool *newer)
{
	struct answering places;
	const struct repair_options options = { .check.places = &places,
						.ahead = true };
	struct repair_report r;
	char command[256];
	size_t made;

	assert_ok(answering_look(w->a, &places, err));
	snprintf(command, sizeof(command), "rm -rf %s/places/3/*/%s", w->dir,
		 w->d.folder);
	assert_int_equal(system(command), 0);
	far_silent = silent;
	assert_ok(repair_deposit(w->a, &w->d, &options, &r, err));
	far_silent = -1;
	made = r.made;
	*newer = r.found.newer;
	repair_clear(&r);
	return made;
}

/* It is written at once only where the manifest stands by what all places list
 * now. */
static void test_names_ahead(void **state)
{
	const struct object_name later = { .kind = OBJECT_MANIFEST,
					   .number = 2 };
	char name[PLACE_NAME + 1];
	bool newer;

	(void)state;
	object_format(&later, name);
	for (size_t i = 0; i < 2; i++) {
		struct world *w = worlds[i];

		assert_true(ahead(w, -1, &newer) > 0);
		assert_false(newer);
		assert_int_equal(state_of(w), CHECK_HEALTHY);

		assert_ok(place_put(w->a->place[0], w->d.folder, name,
				    slice_str("x"), err));
		assert_int_equal(ahead(w, -1, &newer), 0);
		assert_true(newer);
		assert_ok(place_remove(w->a->place[0], w->d.folder, name, err));

		w->d.answered = 31;
		assert_int_equal(ahead(w, 4, &newer), 0);
		assert_true(newer);
		w->d.answered = 0;
		assert_true(repaired(w) > 0);
		assert_int_equal(state_of(w), CHECK_HEALTHY);
	}
}

/* What the report says of a place, and the state of all. */
static enum check_state looked_at(struct world *w, bool presence,
				  const char *says)
{
	const struct check_options options = { .presence = presence };
	struct check_report r;
	enum check_state state;
	bool said = false;

	assert_ok(check_deposit(w->a, &w->d, &options, &r, err));
	for (unsigned i = 0; i < r.n; i++) {
		buf_byte(&r.place[i].text, 0);
		said |= strstr((const char *)r.place[i].text.data, says) !=
			NULL;
	}
	assert_true(said);
	state = r.state;
	check_clear(&r);
	return state;
}

/* A list that is wrong was not read: nothing is missing by it. */
static void test_wrong_list(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (int at = 0; at < 5; at++) {
			far_wrong = at;
			assert_int_equal(
				looked_at(worlds[i], true, "cannot be right"),
				CHECK_AWAY);
			assert_int_equal(looked_at(worlds[i], false,
						   worlds[i] == &small
							   ? "cannot be right"
							   : "not in order"),
					 CHECK_AWAY);
			assert_int_equal(repaired(worlds[i]), 0);
			far_wrong = -1;
		}
}

static void test_why_away(void **state)
{
	(void)state;
	far_silent = 3;
	assert_int_equal(looked_at(&big, false, ": no answer\n"), CHECK_AWAY);
	assert_int_equal(looked_at(&small, true, ": no answer\n"), CHECK_AWAY);
	far_silent = -1;
}

/* A manifest that no place lists is asked for by its name. */
static void test_unlisted(void **state)
{
	const struct stored *d = &small.d;
	struct generations g;

	(void)state;
	far_unlisted = "manifest-";
	assert_ok(generations_list(small.a, d->folder, &g, err));
	assert_int_equal(g.count, 0);
	assert_ok(
		generations_ask(small.a, d->folder, 1, d->cms_sha256, &g, err));
	assert_int_equal(g.count, 1);
	assert_int_equal(g.item[0].places, 31);
	/* Once it is shown nobody is asked. */
	far_silent = 1;
	assert_ok(
		generations_ask(small.a, d->folder, 1, d->cms_sha256, &g, err));
	assert_int_equal(g.count, 1);
	assert_ok(
		generations_ask(small.a, d->folder, 2, d->cms_sha256, &g, err));
	assert_int_equal(g.count, 1);
	far_silent = -1;
	generations_clear(&g);
	far_unlisted = NULL;
}

static enum deed_status nothing_logged(void *arg, struct deed_error *e)
{
	(void)arg;
	(void)e;
	return DEED_OK;
}

/* What a killed run left goes where that can be told, and is remembered as
 * long as a place is silent. */
static void test_sweep(void **state)
{
	static const char folder[] = "00112233445566778899aabbccddeeff";
	struct archive *a = small.a;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/begun/%s", small.dir, folder);
	assert_ok(file_write(path, 0600, slice_str(""), OUTFILE_NEW, err));
	for (int i = 0; i < 5; i++)
		assert_ok(place_put(a->place[i], folder, "segment",
				    slice_str("x"), err));
	far_silent = 4;
	assert_ok(archive_sweep(a, nothing_logged, NULL, err));
	assert_true(file_exists(path));
	far_silent = -1;
	for (int i = 0; i < 5; i++)
		assert_status(
			i == 4 ? DEED_OK : DEED_NOT_FOUND,
			place_head(a->place[i], folder, "segment", NULL, err));
	assert_ok(archive_sweep(a, nothing_logged, NULL, err));
	assert_false(file_exists(path));
	assert_status(DEED_NOT_FOUND,
		      place_head(a->place[4], folder, "segment", NULL, err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_side_by_side),
		cmocka_unit_test(test_ahead),
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_names_ahead),
		cmocka_unit_test(test_wrong_list),
		cmocka_unit_test(test_why_away),
		cmocka_unit_test(test_unlisted),
		cmocka_unit_test(test_sweep),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	process_set_helpers(".");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start_far, end);
}
