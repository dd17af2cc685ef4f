/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/generations.h"
#include "archive/successor.h"
#include "base/process.h"

static struct manifest *example(void)
{
	struct manifest *m;
	size_t i;

	assert_ok(manifest_new(&m, err));
	m->generation = 1;
	m->k = 3;
	m->n = 5;
	memset(m->deposit, 0xd0, sizeof(m->deposit));
	assert_ok(manifest_chunks(m, 2, err));
	for (i = 0; i < 2; i++) {
		m->chunk[i].size = i == 0 ? 4194488 : 777;
		memset(m->chunk[i].segment, 0x50 + (int)i, 5 * 32);
	}
	m->recipient_count = 2;
	for (i = 0; i < 2; i++) {
		memset(m->recipient[i].certificate, 2 + (int)i, 32);
		m->recipient[i].key_id_len = 20;
	}
	for (i = 0; i < 5; i++)
		m->place[i][0] = (char)('1' + i);
	m->deposited = 1700000000;
	m->has_label = true;
	return m;
}

/* One change for each member, and whether a later generation may have it. */
enum change {
	NOTHING,
	PLACEMENT,
	MORE_PLACES,
	MORE_NEEDED,
	SEGMENTS,
	BOXES,
	SHARES,
	CHECKPOINT,
	TYPE,
	DEPOSIT,
	COMMITMENT_P,
	CONTENT,
	DOCUMENTS,
	CHUNK_SIZE,
	CHUNK_LENGTH,
	CHUNK_COUNT,
	CHUNK_HASH,
	RECIPIENT_MORE,
	RECIPIENT_LESS,
	RECIPIENT_CERTIFICATE,
	RECIPIENT_KEY,
	RECIPIENT_KEY_LENGTH,
	RECIPIENT_ORDER,
	KEYS,
	LABEL,
	LABEL_GONE,
	TIME,
	README,
	SCRIPT,
	FEWER_NEEDED,
	PLACE_TWICE,
};

static void change(struct manifest *m, enum change what)
{
	struct manifest_recipient r = m->recipient[0];

	switch (what) {
	case NOTHING:
		break;
	case PLACEMENT:
		memcpy(m->place[4], "six", 4);
		break;
	case MORE_PLACES:
		m->n = 6;
		memcpy(m->place[5], "six", 4);
		break;
	case MORE_NEEDED:
		m->k = 4;
		break;
	case SEGMENTS:
		m->chunk[1].segment[4][0] ^= 1;
		break;
	case BOXES:
		m->box[0][0] ^= 1;
		break;
	case SHARES:
		m->commit_share[2][31] ^= 1;
		break;
	case CHECKPOINT:
		m->checkpoint = strdup("origin\n1\nroot\n\n- x\n");
		break;
	case TYPE:
		m->edition = 1;
		break;
	case DEPOSIT:
		m->deposit[15] ^= 1;
		break;
	case COMMITMENT_P:
		m->commit_p[31] ^= 1;
		break;
	case CONTENT:
		m->content[0] ^= 1;
		break;
	case DOCUMENTS:
		m->documents = 2;
		break;
	case CHUNK_SIZE:
		m->chunk_size = MANIFEST_CHUNK_LARGE;
		break;
	case CHUNK_LENGTH:
		m->chunk[1].size++;
		break;
	case CHUNK_COUNT:
		m->chunk_count = 1;
		break;
	case CHUNK_HASH:
		m->chunk[0].sha256[0] ^= 1;
		break;
	case RECIPIENT_MORE:
		m->recipient_count = 3;
		break;
	case RECIPIENT_LESS:
		m->recipient_count = 1;
		break;
	case RECIPIENT_CERTIFICATE:
		m->recipient[1].certificate[0] ^= 1;
		break;
	case RECIPIENT_KEY:
		m->recipient[1].key_id[19] ^= 1;
		break;
	case RECIPIENT_KEY_LENGTH:
		m->recipient[1].key_id_len = 21;
		break;
	case RECIPIENT_ORDER:
		m->recipient[0] = m->recipient[1];
		m->recipient[1] = r;
		break;
	case KEYS:
		m->keys[0] ^= 1;
		break;
	case LABEL:
		m->label[0] ^= 1;
		break;
	case LABEL_GONE:
		m->has_label = false;
		break;
	case TIME:
		m->deposited++;
		break;
	case README:
		m->readme[0] ^= 1;
		break;
	case SCRIPT:
		m->script[0] ^= 1;
		break;
	case FEWER_NEEDED:
		m->k = 2;
		break;
	case PLACE_TWICE:
		memcpy(m->place[4], m->place[0], 2);
		break;
	}
}

static void test_successor(void **state)
{
	int what;

	(void)state;
	for (what = NOTHING; what <= PLACE_TWICE; what++) {
		struct manifest *first = example(), *m = example();
		enum deed_status want =
			what <= CHECKPOINT ? DEED_OK : DEED_REFUSED;
		enum deed_status status;

		m->generation = 7;
		change(m, (enum change)what);
		status = successor_check(first, m, NULL);
		if (status != want)
			fail_msg("change %d: %d", what, (int)status);
		/* No member of the first generation is looked at twice. */
		assert_ok(successor_check(first, first, err));
		manifest_free(first);
		manifest_free(m);
	}
}

/*
 * Which is in force.  Five places, of which three are needed; each line is
 * NUMBER PARENT PLACES LOGGED, places being the digits of those that show it.
 */
struct shown {
	uint64_t number;
	size_t parent;
	const char *places;
	bool logged;
};

struct chosen {
	const char *what;
	struct shown shown[6];
	size_t chosen;
	bool fork;
};

#define FIRST                                      \
	{                                          \
		1, GENERATION_NONE, "12345", false \
	}

static const struct chosen choices[] = {
	{ "one generation", { FIRST }, 0, false },
	{ "one place alone has the first",
	  { { 1, GENERATION_NONE, "4", false } },
	  0,
	  false },
	{ "all show the second",
	  { FIRST, { 2, 0, "12345", false } },
	  1,
	  false },
	{ "k show the second", { FIRST, { 2, 0, "135", false } }, 1, false },
	{ "fewer show it", { FIRST, { 2, 0, "13", false } }, 0, false },
	{ "fewer show it, and the log names it",
	  { FIRST, { 2, 0, "1", true } },
	  1,
	  false },
	{ "k show it, but only at places that nobody names",
	  { FIRST, { 2, 0, "678", false } },
	  0,
	  false },
	{ "the third rests on a second that one place shows",
	  { FIRST, { 2, 0, "1", false }, { 3, 1, "234", false } },
	  2,
	  false },
	{ "the second counts, the third does not",
	  { FIRST, { 2, 0, "12345", false }, { 3, 1, "12", false } },
	  1,
	  false },
	{ "a fork that nobody resolves",
	  { FIRST, { 2, 0, "12345", false }, { 2, 0, "5", false } },
	  0,
	  true },
	{ "a fork of which both count",
	  { FIRST, { 2, 0, "123", false }, { 2, 0, "345", false } },
	  0,
	  true },
	{ "a fork, and the log names the first of them",
	  { FIRST, { 2, 0, "12345", true }, { 2, 0, "5", false } },
	  1,
	  false },
	{ "a fork, and the log names that which fewer show",
	  { FIRST, { 2, 0, "1234", false }, { 2, 0, "5", true } },
	  2,
	  false },
	{ "a fork of which the log names both",
	  { FIRST, { 2, 0, "12345", true }, { 2, 0, "345", true } },
	  0,
	  true },
	{ "two that too few places show are no fork",
	  { FIRST, { 2, 0, "12", false }, { 2, 0, "5", false } },
	  0,
	  false },
	{ "a fork below one that counts",
	  { FIRST,
	    { 2, 0, "1", false },
	    { 2, 0, "2", false },
	    { 3, 2, "12345", false } },
	  0,
	  true },
	{ "a longer branch does not stand against the log",
	  { FIRST,
	    { 2, 0, "12345", true },
	    { 2, 0, "345", false },
	    { 3, 2, "345", false } },
	  1,
	  false },
};

static uint64_t bits(const char *digits)
{
	uint64_t places = 0;

	for (; *digits != '\0'; digits++)
		places |= UINT64_C(1) << (*digits - '1');
	return places;
}

static void test_choose(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		struct generation item[6] = { { 0 } };
		struct generations g = { .item = item };
		struct generations_choice c;

		for (j = 0; j < 6 && choices[i].shown[j].number > 0; j++)
			item[g.count++] = (struct generation){
				.number = choices[i].shown[j].number,
				.parent = choices[i].shown[j].parent,
				.places = bits(choices[i].shown[j].places),
				.logged = choices[i].shown[j].logged,
				.named = bits("12345"),
				.k = 3,
				.state = GENERATION_GOOD,
			};
		generations_choose(&g, 0, &c);
		if (c.chosen != choices[i].chosen || c.fork != choices[i].fork)
			fail_msg("%s: %zu%s", choices[i].what, c.chosen,
				 c.fork ? ", a fork" : "");
		assert_true(generations_in_chain(&g, c.chosen, 0));
	}
}

/*
 * Of one payload several were signed, or one wrapped otherwise: each line is
 * NUMBER PAYLOAD PARENT PLACES LOGGED, and what is to become of it.
 */
struct wrapped {
	uint64_t number;
	uint8_t payload;
	size_t parent;
	const char *places;
	bool logged;
	bool good;	/* else it is there again */
	size_t follows; /* the parent then */
};

static const struct wrapping {
	const char *what;
	struct wrapped item[5];
	size_t first, chosen;
	bool fork;
} wrappings[] = {
	{ "one of each",
	  { { 1, 1, GENERATION_NONE, "12345", false, true, GENERATION_NONE },
	    { 2, 2, 0, "12345", false, true, 0 } },
	  0,
	  1,
	  false },
	{ "more places show the first of them",
	  { { 1, 1, GENERATION_NONE, "2345", false, true, GENERATION_NONE },
	    { 1, 1, GENERATION_NONE, "1", false, false, GENERATION_NONE } },
	  0,
	  0,
	  false },
	{ "the log names the other",
	  { { 1, 1, GENERATION_NONE, "1234", false, false, GENERATION_NONE },
	    { 1, 1, GENERATION_NONE, "5", true, true, GENERATION_NONE } },
	  1,
	  1,
	  false },
	{ "another payload is another deposit's",
	  { { 1, 1, GENERATION_NONE, "1234", false, true, GENERATION_NONE },
	    { 1, 9, GENERATION_NONE, "5", true, true, GENERATION_NONE } },
	  0,
	  0,
	  false },
	{ "the second follows that which stays",
	  { { 1, 1, GENERATION_NONE, "1234", false, false, GENERATION_NONE },
	    { 1, 1, GENERATION_NONE, "5", true, true, GENERATION_NONE },
	    { 2, 2, 0, "12345", false, true, 1 } },
	  1,
	  2,
	  false },
	{ "two of the second are no fork",
	  { { 1, 1, GENERATION_NONE, "12345", false, true, GENERATION_NONE },
	    { 2, 2, 0, "2345", false, true, 0 },
	    { 2, 2, 0, "1", false, false, 0 },
	    { 3, 3, 2, "12345", false, true, 1 } },
	  0,
	  3,
	  false },
	{ "k places show the second, each its own way",
	  { { 1, 1, GENERATION_NONE, "12345", false, true, GENERATION_NONE },
	    { 2, 2, 0, "12", false, true, 0 },
	    { 2, 2, 0, "5", false, false, 0 } },
	  0,
	  1,
	  false },
	{ "fewer do",
	  { { 1, 1, GENERATION_NONE, "12345", false, true, GENERATION_NONE },
	    { 2, 2, 0, "5", false, true, 0 },
	    { 2, 2, 0, "56", false, false, 0 } },
	  0,
	  0,
	  false },
	{ "a fork stays one",
	  { { 1, 1, GENERATION_NONE, "12345", false, true, GENERATION_NONE },
	    { 2, 2, 0, "123", false, true, 0 },
	    { 2, 2, 0, "4", false, false, 0 },
	    { 2, 3, 0, "5", false, true, 0 } },
	  0,
	  0,
	  true },
};

static void assert_settled(const struct wrapping *w)
{
	struct generation item[5] = { { 0 } };
	struct generations g = { .item = item };
	struct generations_choice c;
	int round;
	size_t i;

	for (i = 0; i < 5 && w->item[i].number > 0; i++) {
		item[g.count++] = (struct generation){
			.number = w->item[i].number,
			.payload = { w->item[i].payload },
			.parent = w->item[i].parent,
			.places = bits(w->item[i].places),
			.logged = w->item[i].logged,
			.named = bits("12345"),
			.k = 3,
			.state = GENERATION_GOOD,
		};
	}
	/* It may be asked again. */
	for (round = 0; round < 2; round++) {
		generations_settle(&g);
		for (i = 0; i < g.count; i++)
			if ((item[i].state == GENERATION_GOOD) !=
				    w->item[i].good ||
			    item[i].parent != w->item[i].follows)
				fail_msg("%s: number %zu", w->what, i);
		assert_int_equal(generations_find(&g, 1, item[0].payload),
				 w->first);
		generations_choose(&g, w->first, &c);
		if (c.chosen != w->chosen || c.fork != w->fork)
			fail_msg("%s: %zu%s", w->what, c.chosen,
				 c.fork ? ", a fork" : "");
	}
}

static void test_settle(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrappings) / sizeof(wrappings[0]); i++)
		assert_settled(&wrappings[i]);
}

static const char folder[] = "00112233445566778899aabbccddeeff";

static void put(struct place *p, enum object_kind kind, uint64_t number,
		uint64_t hash)
{
	struct object_name o = { .kind = kind, .number = number, .part = 1 };
	char name[PLACE_NAME + 1];

	memcpy(o.sha256, &hash, sizeof(hash));
	object_format(&o, name);
	assert_ok(place_put(p, folder, name, slice_str("x"), err));
}

static void assert_shown(const struct generation *g, uint64_t number,
			 uint64_t hash, const char *places)
{
	assert_int_equal(g->number, number);
	assert_memory_equal(g->cms, &hash, sizeof(hash));
	assert_int_equal(g->places, bits(places));
	assert_int_equal(g->state, GENERATION_UNREAD);
	assert_int_equal(g->parent, GENERATION_NONE);
}

/* What places show: each name once, by number, those of more places first. */
static void list_places(struct archive *a)
{
	struct generations g;
	size_t i, before;

	for (i = 0; i < 4; i++)
		put(a->place[i], OBJECT_MANIFEST, 1, 7);
	put(a->place[0], OBJECT_MANIFEST, 2, 8);
	for (i = 1; i < 4; i++)
		put(a->place[i], OBJECT_MANIFEST, 2, 9);
	put(a->place[0], OBJECT_SEGMENT, 1, 7);
	put(a->place[0], OBJECT_MANIFEST, 0, 7);
	put(a->place[0], OBJECT_MANIFEST, GENERATIONS_MAX, 7);
	put(a->place[0], OBJECT_MANIFEST, GENERATIONS_MAX + 1, 7);
	assert_ok(generations_list(a, folder, &g, err));
	assert_int_equal(g.count, 4);
	assert_shown(&g.item[0], 1, 7, "1234");
	assert_shown(&g.item[1], 2, 9, "234");
	assert_shown(&g.item[2], 2, 8, "1");
	assert_shown(&g.item[3], GENERATIONS_MAX, 7, "1");
	/* A folder that is not there shows nothing, and says so. */
	assert_int_equal(g.answered, bits("12345"));
	before = g.count;
	generations_clear(&g);

	/* However many names one place has, the others' are seen. */
	for (i = 0; i < 2 * GENERATIONS_MAX + 50; i++)
		put(a->place[4], OBJECT_MANIFEST, 3, i);
	assert_ok(generations_list(a, folder, &g, err));
	assert_in_range(g.count, before + GENERATIONS_MAX,
			before + 2 * GENERATIONS_MAX);
	assert_shown(&g.item[0], 1, 7, "1234");
	assert_shown(&g.item[1], 2, 9, "234");
	generations_clear(&g);
}

static void test_list(void **state)
{
	char dir[64];
	const char *argv[] = { "/bin/rm", "-rf", dir, NULL };
	struct archive *a;
	struct process *p;

	(void)state;
	/* Where syncing is for nothing, if there is such a place. */
	snprintf(dir, sizeof(dir), "%s/deed-test-generations-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(dir));
	assert_ok(archive_create(dir, err));
	assert_ok(archive_open(dir, NULL, &a, err));
	list_places(a);
	archive_close(a);
	assert_ok(process_start(argv, &p, err));
	assert_ok(process_wait(p, NULL, err));
	process_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_successor),
		cmocka_unit_test(test_choose),
		cmocka_unit_test(test_settle),
		cmocka_unit_test(test_list),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
