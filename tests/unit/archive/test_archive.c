/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/index.h"
#include "archive/health/rebalance.h"
#include "base/file.h"
#include "codec/hex.h"

/* Every set of places that are away: two at most, or nothing comes back until
 * they do. */
static void test_lost_places(void **state)
{
	unsigned set, lost;
	bool repairable;

	(void)state;
	assert_true(whole(&big, NULL));
	for (set = 0; set < 31; set++) {
		lost = (unsigned)__builtin_popcount(set);
		hide(&big, set, true);
		assert_int_equal(get(&big, (int)(set & 1)),
				 lost <= 2 ? DEED_OK : DEED_REMOTE);
		assert_int_equal(whole(&big, &repairable), lost == 0);
		assert_int_equal(repairable, lost <= 2);
		assert_int_equal(state_of(&big),
				 lost == 0 ? CHECK_HEALTHY : CHECK_AWAY);
		hide(&big, set, false);
	}
}

typedef void object_fn(struct world *w, const char *path, unsigned place);

static void each_in(struct world *w, const char *dir, unsigned place,
		    object_fn *fn)
{
	char path[400];
	struct dirent *entry;
	DIR *d = opendir(dir);

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		fn(w, path, place);
	}
	closedir(d);
}

/* Call fn with every object of a deposit at a place. */
static void each_object(struct world *w, unsigned place, object_fn *fn)
{
	char dir[128];

	snprintf(dir, sizeof(dir), "%s/places/%u/%.2s/%s", w->dir, place,
		 w->d.folder, w->d.folder);
	each_in(w, dir, place, fn);
}

/* And with those that all deposits share. */
static void each_text(struct world *w, unsigned place, object_fn *fn)
{
	char dir[128];

	snprintf(dir, sizeof(dir), "%s/places/%u/about", w->dir, place);
	each_in(w, dir, place, fn);
}

static size_t flips;

/* Every byte at the first place, every 40th elsewhere. */
static void flip_each(struct world *w, const char *path, unsigned place)
{
	struct buf bytes = BUF_INIT;
	bool repairable;
	size_t i;
	FILE *f;

	assert_ok(file_read(path, 1u << 20, &bytes, err));
	assert_true(bytes.len > 0);
	f = fopen(path, "r+");
	assert_non_null(f);
	setbuf(f, NULL);
	for (i = 0; i < bytes.len; i += place == 1 ? 1 : 40) {
		fseek(f, (long)i, SEEK_SET);
		fputc(bytes.data[i] ^ (1 << i % 8), f);
		if (whole(w, &repairable) || !repairable)
			fail_msg("byte %zu of %s", i, path);
		fseek(f, (long)i, SEEK_SET);
		fputc(bytes.data[i], f);
		flips++;
	}
	fclose(f);
	buf_clear(&bytes);
}

static void test_every_byte(void **state)
{
	unsigned place;

	(void)state;
	assert_true(whole(&small, NULL));
	for (place = 1; place <= 5; place++) {
		each_object(&small, place, flip_each);
		each_text(&small, place, flip_each);
	}
	assert_true(whole(&small, NULL));
	assert_true(flips > 10000);
}

/* By its last byte: once more, and it is whole. */
static void turn_keys(struct world *w, const char *path, unsigned place)
{
	struct buf bytes = BUF_INIT;

	(void)w;
	(void)place;
	if (strstr(path, "/keys-") == NULL)
		return;
	assert_ok(file_read(path, 1u << 20, &bytes, err));
	bytes.data[bytes.len - 1] ^= 1;
	assert_ok(
		file_write(path, 0600, buf_get(&bytes), OUTFILE_REPLACE, err));
	buf_clear(&bytes);
}

/* They are lost only where every place says so. */
static void test_keys_away(void **state)
{
	struct buf keys = BUF_INIT;
	unsigned place;

	(void)state;
	for (place = 1; place <= 4; place++)
		each_object(&big, place, turn_keys);
	assert_ok(stored_keys(big.a, &big.d, &keys, err));
	buf_clear(&keys);
	hide(&big, 1u << 4, true);
	assert_status(DEED_REMOTE, stored_keys(big.a, &big.d, &keys, err));
	hide(&big, 1u << 4, false);
	each_object(&big, 5, turn_keys);
	assert_status(DEED_DAMAGED, stored_keys(big.a, &big.d, &keys, err));
	hide(&big, 31, true);
	assert_status(DEED_REMOTE, stored_keys(big.a, &big.d, &keys, err));
	hide(&big, 31, false);
	for (place = 1; place <= 5; place++)
		each_object(&big, place, turn_keys);
	assert_ok(stored_keys(big.a, &big.d, &keys, err));
	buf_clear(&keys);
}

/* Removed, renamed, cut, lengthened. */
static void handle_each(struct world *w, const char *path, unsigned place)
{
	char other[420];
	struct buf bytes = BUF_INIT;

	(void)place;
	snprintf(other, sizeof(other), "%s.old", path);
	assert_int_equal(rename(path, other), 0);
	assert_false(whole(w, NULL));
	assert_int_equal(rename(other, path), 0);
	assert_ok(file_read(path, 1u << 20, &bytes, err));
	assert_int_equal(truncate(path, (off_t)bytes.len - 1), 0);
	assert_false(whole(w, NULL));
	bytes.len++;
	assert_ok(
		file_write(path, 0600, buf_get(&bytes), OUTFILE_REPLACE, err));
	assert_false(whole(w, NULL));
	bytes.len--;
	assert_ok(
		file_write(path, 0600, buf_get(&bytes), OUTFILE_REPLACE, err));
	/* A copy under a name of no object. */
	assert_ok(file_write(other, 0600, buf_get(&bytes), OUTFILE_NEW, err));
	assert_false(whole(w, NULL));
	assert_int_equal(unlink(other), 0);
	assert_true(whole(w, NULL));
	buf_clear(&bytes);
}

static void test_handled(void **state)
{
	(void)state;
	each_object(&small, 2, handle_each);
}

/* One bad segment in each of three places, of different chunks: all back. */
static void spoil(struct world *w, const char *path, unsigned place)
{
	struct buf bytes = BUF_INIT;
	char chunk[32];

	snprintf(chunk, sizeof(chunk), "/segment-%08u-", place % 3);
	if (strstr(path, chunk) == NULL)
		return;
	assert_ok(file_read(path, 4u << 20, &bytes, err));
	bytes.data[bytes.len / 2] ^= 1;
	assert_ok(
		file_write(path, 0600, buf_get(&bytes), OUTFILE_REPLACE, err));
	buf_clear(&bytes);
	(void)w;
}

static void test_scattered_damage(void **state)
{
	bool repairable;
	unsigned place;

	(void)state;
	for (place = 1; place <= 5; place++)
		each_object(&big, place, spoil);
	assert_int_equal(get(&big, 0), DEED_OK);
	assert_false(whole(&big, &repairable));
	assert_true(repairable);
	for (place = 1; place <= 5; place++)
		each_object(&big, place, spoil);
	assert_true(whole(&big, NULL));
}

/* A manifest whose data part is none that its parity parts make. */
static void test_other_parity(void **state)
{
	uint8_t *hash = small.d.m->chunk[0].segment[0];

	(void)state;
	hide(&small, 1, true);
	assert_int_equal(get(&small, 0), DEED_OK);
	hash[0] ^= 1;
	assert_int_equal(get(&small, 0), DEED_DAMAGED);
	hash[0] ^= 1;
	hide(&small, 1, false);
	assert_int_equal(get(&small, 1), DEED_OK);
}

/* Place 2 is away and given up: how many objects are made, and how the
 * deposit is then. */
static size_t repair_two(struct world *w, enum check_state *state)
{
	struct answering places;
	const struct repair_options options = { .check.places = &places };
	struct repair_report r;
	size_t made;
	bool answers;

	assert_ok(answering_look(w->a, &places, err));
	assert_true(places.away[1]);
	assert_ok(repair_deposit(w->a, &w->d, &options, &r, err));
	assert_int_equal(r.made, 0);
	repair_clear(&r);
	assert_status(DEED_NOT_FOUND,
		      repair_abandon(w->a, "9", false, &places, &answers, err));
	assert_ok(repair_abandon(w->a, "1", false, &places, &answers, err));
	assert_true(answers && !places.anew[0]);
	assert_ok(repair_abandon(w->a, "2", false, &places, &answers, err));
	assert_true(!answers && places.anew[1]);
	assert_ok(repair_deposit(w->a, &w->d, &options, &r, err));
	made = r.made;
	*state = r.state;
	repair_clear(&r);
	return made;
}

/* Take away what was made, and bring the place back. */
static void undo_two(struct world *w)
{
	char made[160], kept[128];

	snprintf(made, sizeof(made), "%s/places/2", w->dir);
	snprintf(kept, sizeof(kept), "%s/made", w->dir);
	assert_int_equal(rename(made, kept), 0);
	hide(w, 2, false);
	snprintf(made, sizeof(made), "rm -rf %s", kept);
	assert_int_equal(system(made), 0);
}

static void test_repair(void **state)
{
	struct world *const worlds[] = { &big, &small };
	enum check_state after;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct world *w = worlds[i];

		assert_int_equal(state_of(w), CHECK_HEALTHY);
		hide(w, 2, true);
		assert_int_equal(state_of(w), CHECK_AWAY);
		assert_int_not_equal(repair_two(w, &after), 0);
		assert_int_equal(after, CHECK_HEALTHY);
		assert_int_equal(state_of(w), CHECK_HEALTHY);
		/* The others do without each other. */
		hide(w, 1 | 8, true);
		assert_int_equal(get(w, 0), DEED_OK);
		hide(w, 1 | 8, false);
		undo_two(w);
	}
}

/* ---- what cannot be moved ---- */

/* Three places more, which are told apart from those of the deposit. */
static void more_places(struct world *w)
{
	char where[16];
	const struct place_description d = { .where = where };

	for (int i = 6; i < 9; i++) {
		(void)snprintf(where, sizeof(where), "dir:places/%d", i);
		assert_ok(place_open(where + strlen("dir:places/"), &d, w->dir,
				     NULL, &w->a->place[w->a->count], err));
		assert_ok(place_make(w->a->place[w->a->count++], err));
	}
}

static void no_more_places(struct world *w)
{
	while (w->a->count > 5)
		place_close(w->a->place[--w->a->count]);
}

/* Bytes read of a place that has a good part. */
static uint64_t was_read(const struct world *w)
{
	struct place_traffic t;

	place_traffic(w->a->place[0], &t);
	return t.received;
}

/* All three parts that are missing would move; it is read once to tell so. */
static void cannot_move(struct world *w, bool waits)
{
	static const char *const to[] = { "1", "5", "6", "7", "8" };
	struct answering places;
	const struct check_options options = { .places = &places };
	struct placement plan;
	struct repair_report r;
	struct check_report found;
	uint64_t once, before = was_read(w);

	assert_ok(answering_look(w->a, &places, err));
	assert_ok(check_deposit(w->a, &w->d, &options, &found, err));
	check_clear(&found);
	once = was_read(w) - before;
	assert_true(once > 0);
	assert_ok(placement_plan(w->d.m, NULL, 0, to, 5, &plan, err));
	assert_int_equal(plan.moved, 3);
	assert_ok(rebalance_bring(w->a, &w->d, &plan, &options, &r, err));
	assert_false(rebalance_mended(&r));
	assert_int_equal(r.found.waits, waits);
	assert_string_equal(r.found.place[1].name, "2");
	repair_clear(&r);
	assert_int_equal(was_read(w) - before, 2 * once);
}

/* A chunk's segments at places 2 to 4, out of the way or back. */
static void lose_chunk(struct world *w, bool back)
{
	static const char *const way[] = {
		"mkdir -p kept; mv $d/segment-00000000-$p-* kept",
		"mv kept/segment-00000000-$p-* $d",
	};
	char command[400];

	(void)snprintf(command, sizeof(command),
		       "cd '%s' && for p in 2 3 4; do d=places/$p/%.2s/%s; "
		       "%s || exit; done",
		       w->dir, w->d.folder, w->d.folder, way[back]);
	assert_int_equal(system(command), 0);
}

static void in_places(const struct world *w, const char *what)
{
	char command[400];

	(void)snprintf(command, sizeof(command),
		       "cd '%s/places' && f=%.2s/%s; %s", w->dir, w->d.folder,
		       w->d.folder, what);
	assert_int_equal(system(command), 0);
}

/* Of three parts of which all or a chunk is missing now, one was copied by a
 * run that was killed: with it there are enough. */
static void moves_on(struct world *w, bool away)
{
	static const char *const to[] = { "1", "5", "6", "7", "8" };
	struct answering places;
	const struct check_options options = { .places = &places };
	struct placement plan;
	struct repair_report r;

	assert_ok(placement_plan(w->d.m, NULL, 0, to, 5, &plan, err));
	assert_string_equal(plan.place[1], "6");
	in_places(w, "rm -rf [678]/$f; mkdir -p 6/${f%/*} && "
		     "cp -R 2/$f 6/$f && rm 6/$f/manifest-*");
	if (away)
		hide(w, 2 | 4 | 8, true);
	else
		lose_chunk(w, false);
	assert_ok(answering_look(w->a, &places, err));
	assert_ok(rebalance_bring(w->a, &w->d, &plan, &options, &r, err));
	assert_true(rebalance_mended(&r));
	assert_string_equal(r.found.place[1].name, "6");
	repair_clear(&r);
	if (away)
		hide(w, 2 | 4 | 8, false);
	else
		lose_chunk(w, true);
	in_places(w, "rm -rf [678]/$f");
}

/* A place_fn. */
static enum deed_status no_name(void *arg, const char *name,
				struct deed_error *why)
{
	(void)arg;
	(void)name;
	return deed_error_set(why, DEED_NO, "a name");
}

static void test_not_moved(void **state)
{
	(void)state;
	more_places(&big);
	hide(&big, 2 | 4 | 8, true);
	cannot_move(&big, true);
	hide(&big, 2 | 4 | 8, false);
	/* It was not even begun. */
	for (size_t i = 5; i < 8; i++)
		assert_status(DEED_NOT_FOUND,
			      place_list(big.a->place[i], big.d.folder, no_name,
					 NULL, NULL));
	lose_chunk(&big, false);
	cannot_move(&big, false);
	lose_chunk(&big, true);
	moves_on(&big, true);
	moves_on(&big, false);
	no_more_places(&big);
}

/* Parity that makes another data part than the manifest names is an alarm,
 * and nothing is made of it. */
static void test_tampered(void **state)
{
	uint8_t *hash = small.d.m->chunk[0].segment[1];
	enum check_state after;

	(void)state;
	hide(&small, 2, true);
	hash[0] ^= 1;
	assert_int_equal(state_of(&small), CHECK_TAMPERED);
	(void)repair_two(&small, &after);
	assert_int_equal(after, CHECK_TAMPERED);
	hash[0] ^= 1;
	assert_int_equal(state_of(&small), CHECK_DEGRADED);
	undo_two(&small);
	assert_int_equal(state_of(&small), CHECK_HEALTHY);
}

/* The content is not the one that the manifest names. */
static void test_other_content(void **state)
{
	(void)state;
	small.d.m->content[31] ^= 1;
	assert_int_equal(get(&small, 0), DEED_DAMAGED);
	small.d.m->content[31] ^= 1;
	assert_int_equal(get(&small, 0), DEED_OK);
}

/* One lie an index, which the manifest names; 0 is none. */
enum lie { TRUTH, NAME, OFFSET, SIZE, HASH, ORDER, FEWER, MORE, LIES };

static void lie(struct index *x, enum lie what)
{
	struct index_file first = x->file[0];

	switch (what) {
	case NAME:
		x->file[1].name[0] = 'b';
		break;
	case OFFSET:
		x->file[1].offset += 512;
		break;
	case SIZE:
		x->file[1].size--;
		break;
	case HASH:
		x->file[1].sha256[31] ^= 1;
		break;
	case ORDER:
		x->file[0] = x->file[1];
		x->file[1] = first;
		break;
	case FEWER:
		free(x->file[--x->count].name);
		break;
	case MORE:
		assert_ok(index_add(x, "more", 4096, 0, err));
		break;
	default:
		break;
	}
}

static void write_index(struct world *w, enum lie what, struct buf *text)
{
	struct index x = INDEX_INIT;

	assert_ok(index_add(&x, "deposit.json", 512, 3, err));
	sha256(slice_str("{}\n"), x.file[0].sha256);
	assert_ok(index_add(&x, "a.pdf", 1536, w->text.len, err));
	sha256(buf_get(&w->text), x.file[1].sha256);
	memset(x.salt, 7, sizeof(x.salt));
	lie(&x, what);
	assert_ok(index_write(&x, text, err));
	index_clear(&x);
}

/* The index that was written with the tar, and others in its place, which the
 * manifest names: each is found out, the true one by what follows it. */
static void test_lies(void **state)
{
	struct buf text = BUF_INIT;
	struct world w = { .a = NULL };
	enum lie what;

	(void)state;
	make_world(&w, 1000);
	for (what = TRUTH; what < LIES; what++) {
		struct archive_input in[3];

		buf_reset(&text);
		write_index(&w, what, &text);
		in[0] = input("deposit.json", slice_str("{}\n"));
		in[1] = input("a.pdf", buf_get(&w.text));
		in[2] = input("index.json", buf_get(&text));
		put_inputs(&w, in, 3);
		/* Not the manifest's; then it is, and lies. */
		assert_int_equal(get(&w, 0), DEED_DAMAGED);
		sha256(buf_get(&text), w.d.m->content);
		assert_int_equal(get(&w, 1), DEED_DAMAGED);
	}
	buf_clear(&text);
	free_world(&w);
}

/* A share in the wrong place and one of another deposit do not count. */
static void test_wrong_p(void **state)
{
	struct stored_reader *r;
	struct secret *p;
	uint8_t byte;

	(void)state;
	assert_ok(random_secret(32, &p, err));
	assert_false(stored_is_p(&small.d, p));
	assert_ok(stored_reader_new(small.a, &small.d, p, 1, &r, err));
	assert_status(DEED_NOT_RECIPIENT, stored_read(r, &byte, 1, err));
	stored_reader_free(r);
	secret_free(p);
}

static enum deed_status nothing_logged(void *arg, struct deed_error *e)
{
	(void)arg;
	(void)e;
	return DEED_OK;
}

#define LATE "ffeeddccbbaa99887766554433221100"

/* Its manifest was logged, and comes only now. */
static enum deed_status publish_late(void *arg, struct deed_error *e)
{
	struct object_name o = { .kind = OBJECT_MANIFEST, .number = 1 };
	char name[PLACE_NAME + 1];

	object_format(&o, name);
	return place_put(arg, LATE, name, slice_str("manifest"), e);
}

static enum deed_status cannot_recover(void *arg, struct deed_error *e)
{
	(void)arg;
	return deed_error_set(e, DEED_LOCKED, "busy");
}

/* A run is killed after the log was recovered, and before the sweep. */
static void test_sweep_late(void **state)
{
	struct place *p = small.a->place[0];
	char path[160];

	(void)state;
	snprintf(path, sizeof(path), "%s/begun/" LATE, small.dir);
	assert_ok(file_write(path, 0600, slice_str(""), OUTFILE_NEW, err));
	assert_ok(place_put(p, LATE, "segment", slice_str("x"), err));
	assert_status(DEED_LOCKED,
		      archive_sweep(small.a, cannot_recover, NULL, err));
	assert_true(file_exists(path));
	assert_ok(place_head(p, LATE, "segment", NULL, err));
	assert_ok(archive_sweep(small.a, publish_late, p, err));
	assert_false(file_exists(path));
	assert_ok(place_head(p, LATE, "segment", NULL, err));
}

/* What a killed run left is removed; what is at work is left alone. */
static void test_sweep(void **state)
{
	char path[160];

	(void)state;
	snprintf(path, sizeof(path), "%s/begun/%s", small.dir,
		 "00112233445566778899aabbccddeeff");
	assert_ok(file_write(path, 0600, slice_str(""), OUTFILE_NEW, err));
	assert_ok(place_put(small.a->place[0],
			    "00112233445566778899aabbccddeeff", "segment",
			    slice_str("x"), err));
	/* What the catalogue does not say stays: it may have been entered. */
	in_places(&small, "mv ../catalogue.db ../kept.db");
	assert_ok(archive_sweep(small.a, nothing_logged, NULL, err));
	assert_true(file_exists(path));
	assert_ok(place_head(small.a->place[0],
			     "00112233445566778899aabbccddeeff", "segment",
			     NULL, err));
	in_places(&small, "mv ../kept.db ../catalogue.db");
	assert_ok(archive_sweep(small.a, nothing_logged, NULL, err));
	assert_false(file_exists(path));
	snprintf(path, sizeof(path), "%s/places/1/00/%s", small.dir,
		 "00112233445566778899aabbccddeeff");
	assert_false(file_exists(path));
	/* A deposit with a manifest stays. */
	snprintf(path, sizeof(path), "%s/begun/%s", small.dir, small.d.folder);
	assert_ok(file_write(path, 0600, slice_str(""), OUTFILE_NEW, err));
	assert_ok(archive_sweep(small.a, nothing_logged, NULL, err));
	assert_false(file_exists(path));
	assert_true(whole(&small, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lost_places),
		cmocka_unit_test(test_keys_away),
		cmocka_unit_test(test_repair),
		cmocka_unit_test(test_not_moved),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_handled),
		cmocka_unit_test(test_scattered_damage),
		cmocka_unit_test(test_other_parity),
		cmocka_unit_test(test_tampered),
		cmocka_unit_test(test_other_content),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_wrong_p),
		cmocka_unit_test(test_sweep),
		cmocka_unit_test(test_sweep_late),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	process_set_helpers(".");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, end);
}
