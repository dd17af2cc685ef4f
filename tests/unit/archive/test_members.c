/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/members.h"
#include "archive/put.h"
#include "cms/envelope.h"
#include "crypto/random.h"
#include "key/deposit_key.h"
#include "key/keygen.h"
#include "key/pkcs8.h"

/* Files of deposits one by one; the manifest is not signed here. */
struct world {
	char dir[64];
	struct archive *a;
	struct deposit_key *key;
	struct buf spki;
	struct buf text;
	struct stored d;
};

static void put_inputs(struct world *w, const struct archive_input *in,
		       size_t count)
{
	const struct archive_recipient to = {
		.key_id = slice_of(deposit_key_id(w->key), KEY_ID_SIZE),
		.spki = buf_get(&w->spki)
	};
	const struct archive_order order = { in, count, &to, 1, 0, false };
	struct begun *begun;
	struct draft *draft;
	json_t *json;

	assert_ok(archive_begin(w->a, 1, 0, &begun, err));
	assert_ok(archive_put(begun, &order, &draft, err));
	archive_sync(w->a, &draft, 1);
	assert_ok(draft_status(draft, err));
	draft_manifest(draft)->deposited = 1700000000;
	manifest_folder(draft_manifest(draft), w->d.folder);
	assert_ok(manifest_to_json(draft_manifest(draft), &json, err));
	manifest_free(w->d.m);
	assert_ok(manifest_from_json(json, &w->d.m, err));
	json_decref(json);
	archive_settle(w->a, draft, DRAFT_PUBLISHED);
	archive_end(begun);
}

static struct archive_input input(const char *name, struct slice bytes)
{
	return (struct archive_input){
		.name = name, .fd = -1, .size = bytes.len, .bytes = bytes
	};
}

static void make_world(struct world *w, size_t size)
{
	struct secret *pkcs8;
	struct archive_input in[2];

	memcpy(w->dir, "/tmp/deed-test-members-XXXXXX", 30);
	assert_non_null(mkdtemp(w->dir));
	assert_ok(archive_create(w->dir, err));
	assert_ok(archive_open(w->dir, NULL, &w->a, err));
	assert_ok(keygen(KEY_P256, &pkcs8, err));
	assert_ok(deposit_key_from_pkcs8(pkcs8, &w->key, err));
	assert_ok(pkcs8_spki(pkcs8, &w->spki, err));
	secret_free(pkcs8);
	assert_non_null(buf_reserve(&w->text, size));
	assert_ok(random_bytes(w->text.data, size, err));
	w->text.len = size;
	in[0] = input("deposit.json", slice_str("{}\n"));
	in[1] = input("a.pdf", buf_get(&w->text));
	put_inputs(w, in, 2);
}

static void free_world(struct world *w)
{
	char command[128];

	deposit_key_free(w->key);
	buf_clear(&w->spki);
	archive_close(w->a);
	manifest_free(w->d.m);
	buf_clear(&w->text);
	snprintf(command, sizeof(command), "rm -rf %s", w->dir);
	assert_int_equal(system(command), 0);
}

static struct secret *open_p(struct world *w)
{
	struct buf cms = BUF_INIT;
	struct secret *cek, *p;
	struct envelope e;

	assert_ok(stored_keys(w->a, &w->d, &cms, err));
	assert_ok(envelope_parse(buf_get(&cms), &e, err));
	assert_ok(envelope_unwrap_key(
		&e, slice_of(deposit_key_id(w->key), KEY_ID_SIZE), w->key, &cek,
		err));
	assert_ok(envelope_decrypt_secret(&e, cek, &p, err));
	secret_free(cek);
	buf_clear(&cms);
	return p;
}

/* Takes what members give. */
static enum deed_status collect(void *arg, struct slice part,
				struct deed_error *e)
{
	buf_slice(arg, part);
	return buf_status(arg, e);
}

static enum deed_status open_members(struct world *w, struct members **m)
{
	struct secret *p = open_p(w);
	enum deed_status status = members_open(w->a, &w->d, p, 2, m, NULL);

	secret_free(p);
	return status;
}

/* A file and parts of it, in any order. */
static void read_parts(struct world *w)
{
	static const size_t step[] = { 0, 1, 511, 4194303, 4194304, 5000000 };
	const size_t steps = sizeof(step) / sizeof(step[0]);
	struct buf got = BUF_INIT;
	struct members *m;
	size_t i, j, len;

	assert_int_equal(open_members(w, &m), DEED_OK);
	assert_int_equal(members_index(m)->count, 2);
	assert_ok(members_get(m, 1, collect, &got, err));
	assert_true(slice_equal(buf_get(&got), buf_get(&w->text)));
	for (i = 0; i < 2 * steps; i++)
		for (j = 0; j < steps; j++) {
			size_t at = i < steps ? step[i]
					      : w->text.len - step[i - steps];

			if (at >= w->text.len || step[j] > w->text.len - at)
				continue;
			len = step[j];
			buf_reset(&got);
			assert_ok(members_range(m, 1, at, len, collect, &got,
						err));
			assert_int_equal(got.len, len);
			assert_true(len == 0 ||
				    !memcmp(got.data, w->text.data + at, len));
		}
	buf_reset(&got);
	assert_ok(members_get(m, 0, collect, &got, err));
	assert_true(slice_equal_str(buf_get(&got), "{}\n"));
	members_close(m);
	buf_clear(&got);
}

static void test_members(void **state)
{
	struct world small = { .a = NULL }, big = { .a = NULL };
	struct members *m;
	struct secret *p;

	(void)state;
	make_world(&small, 70000);
	make_world(&big, 9u << 20); /* three chunks */
	read_parts(&small);
	read_parts(&big);
	free_world(&big);
	small.d.m->content[5] ^= 1;
	assert_int_equal(open_members(&small, &m), DEED_DAMAGED);
	assert_null(m);
	small.d.m->content[5] ^= 1;
	small.d.m->documents = 2;
	assert_int_equal(open_members(&small, &m), DEED_DAMAGED);
	small.d.m->documents = 1;
	assert_int_equal(open_members(&small, &m), DEED_OK);
	members_close(m);
	small.d.m->documents = 0;
	p = open_p(&small);
	small.d.m->edition = 1;
	assert_status(DEED_UNSUPPORTED,
		      members_open(small.a, &small.d, p, 1, &m, err));
	secret_free(p);
	small.d.m->edition = 2;
	free_world(&small);
}

/* So many that the index is longer than a chunk. */
#define MANY 40000

static void test_many_members(void **state)
{
	static struct archive_input in[MANY + 1];
	static char name[MANY + 1][24];
	struct world w = { .a = NULL };
	struct buf got = BUF_INIT;
	struct members *m;
	size_t i;

	(void)state;
	make_world(&w, 1000);
	in[0] = input("deposit.json", slice_str("{}\n"));
	for (i = 1; i <= MANY; i++) {
		snprintf(name[i], sizeof(name[i]), "%zu/%zu", i % 7, i);
		in[i] = input(name[i], slice_str(name[i]));
		in[i].mtime = (int64_t)i - 20;
	}
	put_inputs(&w, in, MANY + 1);
	assert_int_equal(open_members(&w, &m), DEED_OK);
	assert_int_equal(members_index(m)->count, MANY + 1);
	for (i = 1; i <= MANY; i += i < 50 ? 1 : 977) {
		buf_reset(&got);
		assert_ok(members_get(m, i, collect, &got, err));
		assert_true(slice_equal_str(buf_get(&got), name[i]));
	}
	members_close(m);
	buf_clear(&got);
	free_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_many_members),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
