/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_ARCHIVE_WORLD_H
#define DEED_TESTS_UNIT_ARCHIVE_WORLD_H

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/health/check.h"
#include "archive/content.h"
#include "archive/object.h"
#include "archive/put.h"
#include "base/process.h"
#include "cms/envelope.h"
#include "crypto/random.h"
#include "key/deposit_key.h"
#include "key/keygen.h"
#include "key/pkcs8.h"

/*
 * Deposits below the office: the manifest is not signed here, so that a
 * struct stored is put together by hand; tests/cli/shard.t has the rest.
 */
#define BIG (9u << 20) /* three chunks */

struct world {
	char dir[64];
	struct archive *a;
	struct deposit_key *key[2]; /* RSA and P-256 */
	struct buf spki[2];
	struct buf text;
	struct stored d;
};

static struct world big, small;

static inline void make_keys(struct world *w)
{
	static const enum key_alg algs[] = { KEY_RSA2048, KEY_P256 };
	struct secret *pkcs8;
	int i;

	for (i = 0; i < 2; i++) {
		assert_ok(keygen(algs[i], &pkcs8, err));
		assert_ok(deposit_key_from_pkcs8(pkcs8, &w->key[i], err));
		assert_ok(pkcs8_spki(pkcs8, &w->spki[i], err));
		secret_free(pkcs8);
	}
}

/* What stands for the signed manifest is any bytes. */
static inline void put_inputs(struct world *w, const struct archive_input *in,
			      size_t count)
{
	const struct archive_recipient to[] = {
		{ .key_id = slice_of(deposit_key_id(w->key[0]), KEY_ID_SIZE),
		  .spki = buf_get(&w->spki[0]) },
		{ .key_id = slice_of(deposit_key_id(w->key[1]), KEY_ID_SIZE),
		  .spki = buf_get(&w->spki[1]) },
	};
	const struct archive_order order = { in, count, to, 2, 0, false };
	struct object_name o = { .kind = OBJECT_MANIFEST, .number = 1 };
	char name[PLACE_NAME + 1];
	struct begun *begun;
	struct draft *draft;
	json_t *json;
	size_t i;

	assert_ok(archive_begin(w->a, 1, 0, &begun, err));
	assert_ok(archive_put(begun, &order, &draft, err));
	archive_sync(w->a, &draft, 1);
	assert_ok(draft_status(draft, err));
	draft_manifest(draft)->deposited = 1700000000;
	manifest_folder(draft_manifest(draft), w->d.folder);
	sha256(slice_str("manifest"), o.sha256);
	memcpy(w->d.cms_sha256, o.sha256, 32);
	buf_reset(&w->d.cms);
	buf_str(&w->d.cms, "manifest");
	object_format(&o, name);
	for (i = 0; i < w->a->count; i++)
		assert_ok(place_put(w->a->place[i], w->d.folder, name,
				    slice_str("manifest"), err));
	assert_ok(manifest_to_json(draft_manifest(draft), &json, err));
	manifest_free(w->d.m);
	assert_ok(manifest_from_json(json, &w->d.m, err));
	json_decref(json);
	archive_settle(w->a, draft, DRAFT_PUBLISHED);
	archive_end(begun);
}

static inline struct archive_input input(const char *name, struct slice bytes)
{
	return (struct archive_input){
		.name = name, .fd = -1, .size = bytes.len, .bytes = bytes
	};
}

static inline void put(struct world *w)
{
	const struct archive_input in[] = {
		input("deposit.json", slice_str("{}\n")),
		input("a.pdf", buf_get(&w->text)),
	};

	put_inputs(w, in, 2);
}

static inline void make_world(struct world *w, size_t size)
{
	memcpy(w->dir, "/tmp/deed-test-archive-XXXXXX", 30);
	assert_non_null(mkdtemp(w->dir));
	assert_ok(archive_create(w->dir, err));
	assert_ok(archive_open(w->dir, NULL, &w->a, err));
	assert_int_equal(w->a->count, 5);
	assert_int_equal(w->a->needed, 3);
	make_keys(w);
	assert_non_null(buf_reserve(&w->text, size));
	assert_ok(random_bytes(w->text.data, size, err));
	w->text.len = size;
	put(w);
}

static inline int start(void **state)
{
	(void)state;
	make_world(&big, BIG);
	make_world(&small, 100);
	return 0;
}

static inline void free_world(struct world *w)
{
	const char *argv[] = { "/bin/rm", "-rf", w->dir, NULL };
	struct process *p;
	int i;

	for (i = 0; i < 2; i++) {
		deposit_key_free(w->key[i]);
		buf_clear(&w->spki[i]);
	}
	archive_close(w->a);
	buf_clear(&w->d.cms);
	manifest_free(w->d.m);
	buf_clear(&w->text);
	assert_ok(process_start(argv, &p, err));
	assert_ok(process_wait(p, NULL, err));
	process_free(p);
}

static inline int end(void **state)
{
	(void)state;
	free_world(&big);
	free_world(&small);
	return 0;
}

/* P by one of the two keys. */
static inline struct secret *open_p(struct world *w, int who)
{
	struct buf cms = BUF_INIT;
	struct secret *cek, *p;
	struct envelope e;

	assert_ok(stored_keys(w->a, &w->d, &cms, err));
	assert_ok(envelope_parse(buf_get(&cms), &e, err));
	assert_ok(envelope_unwrap_key(
		&e, slice_of(deposit_key_id(w->key[who]), KEY_ID_SIZE),
		w->key[who], &cek, err));
	assert_ok(envelope_decrypt_secret(&e, cek, &p, err));
	assert_true(stored_is_p(&w->d, p));
	secret_free(cek);
	buf_clear(&cms);
	return p;
}

/* The bytes of one file, compared. */
static inline enum deed_status compare(struct content *c, struct slice want)
{
	enum deed_status status;
	struct slice part;
	size_t at = 0;

	do {
		status = content_borrow(c, &part, NULL);
		if (status != DEED_OK)
			return status;
		assert_true(part.len <= want.len - at);
		assert_memory_equal(part.data, want.data + at, part.len);
		at += part.len;
	} while (part.len > 0);
	assert_int_equal(at, want.len);
	return DEED_OK;
}

/* Read it all back and compare. */
static inline enum deed_status get(struct world *w, int who)
{
	struct secret *p = open_p(w, who);
	struct content *c = NULL;
	enum deed_status status;
	struct tar_entry e;

	status = content_open(w->a, &w->d, p, &c, NULL);
	/* The record is passed over. */
	if (status == DEED_OK)
		status = content_next(c, &e, NULL);
	if (status == DEED_OK)
		status = content_next(c, &e, NULL);
	if (status == DEED_OK) {
		assert_string_equal(e.name, "a.pdf");
		status = compare(c, buf_get(&w->text));
	}
	if (status == DEED_OK) {
		status = content_next(c, &e, NULL);
		assert_int_not_equal(status, DEED_OK);
		if (status == DEED_NOT_FOUND)
			status = DEED_OK;
	}
	content_close(c);
	secret_free(p);
	return status;
}

/* Hide and show a place by renaming it. */
static inline void hide(struct world *w, unsigned set, bool away)
{
	char path[128], hidden[140];
	unsigned i;

	for (i = 0; i < 5; i++) {
		if (!(set & 1u << i))
			continue;
		snprintf(path, sizeof(path), "%s/places/%u", w->dir, i + 1);
		snprintf(hidden, sizeof(hidden), "%s.away", path);
		assert_int_equal(
			away ? rename(path, hidden) : rename(hidden, path), 0);
	}
}

static inline bool whole(struct world *w, bool *repairable)
{
	const struct check_options options = { .presence = false };
	struct check_report r;
	bool good;

	assert_ok(check_deposit(w->a, &w->d, &options, &r, err));
	good = r.whole;
	if (repairable != NULL)
		*repairable = r.repairable;
	check_clear(&r);
	return good;
}

static inline enum check_state state_of(struct world *w)
{
	const struct check_options options = { .presence = false };
	struct check_report r;
	enum check_state state;

	assert_ok(check_deposit(w->a, &w->d, &options, &r, err));
	state = r.state;
	check_clear(&r);
	return state;
}

#endif
