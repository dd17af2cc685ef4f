/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "codec/hex.h"
#include "identity/dropbox.h"
#include "key/deposit_key.h"
#include "key/keygen.h"
#include "tmpdir.h"

static struct tmpdir tmp;
static struct deposit_key *key[3]; /* EC, RSA, EC that reads nothing */
static struct dropbox_reader to[2];

static int setup(void **state)
{
	static const enum key_alg algs[3] = { KEY_P256, KEY_RSA2048, KEY_P256 };
	struct secret *pkcs8;
	int i;

	(void)state;
	if (tmpdir_make(&tmp) != 0)
		return -1;
	assert_ok(dropbox_create(tmp.path, err));
	assert_ok(dropbox_create(tmp.path, err));
	for (i = 0; i < 3; i++) {
		assert_ok(keygen(algs[i], &pkcs8, err));
		assert_ok(deposit_key_from_pkcs8(pkcs8, &key[i], err));
		secret_free(pkcs8);
	}
	for (i = 0; i < 2; i++)
		to[i].spki = pubkey_spki(deposit_key_public(key[i]));
	return 0;
}

static int teardown(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		deposit_key_free(key[i]);
	return tmpdir_remove(&tmp);
}

static struct slice id_of(int i)
{
	return slice_of(deposit_key_id(key[i]), KEY_ID_SIZE);
}

/* The file of a record. */
static const char *path_of(const uint8_t hash[DROPBOX_HASH])
{
	static char path[256];
	char hex[2 * DROPBOX_HASH + 1];

	hex_text(slice_of(hash, DROPBOX_HASH), hex);
	(void)snprintf(path, sizeof(path), "%s/%.2s/%s.cms", tmp.path, hex,
		       hex);
	return path;
}

static void test_readers(void **state)
{
	uint8_t hash[DROPBOX_HASH], again[DROPBOX_HASH];
	struct buf plain = BUF_INIT;
	int i;

	(void)state;
	assert_ok(
		dropbox_put(tmp.path, to, 2, slice_str("a record"), hash, err));
	assert_true(dropbox_has(tmp.path, hash));
	assert_true(file_exists(path_of(hash)));
	for (i = 0; i < 2; i++) {
		buf_reset(&plain);
		assert_ok(dropbox_open(tmp.path, hash, id_of(i), key[i], &plain,
				       err));
		assert_true(slice_equal_str(buf_get(&plain), "a record"));
	}
	buf_reset(&plain);
	assert_status(DEED_NOT_RECIPIENT, dropbox_open(tmp.path, hash, id_of(2),
						       key[2], &plain, err));
	/* Another's name does not help. */
	assert_int_not_equal(DEED_OK, dropbox_open(tmp.path, hash, id_of(0),
						   key[2], &plain, NULL));
	assert_int_equal(plain.len, 0);
	/* The same words again are another record. */
	assert_ok(dropbox_put(tmp.path, to, 2, slice_str("a record"), again,
			      err));
	assert_memory_not_equal(hash, again, sizeof(hash));
	buf_clear(&plain);
}

static void test_tampering(void **state)
{
	uint8_t hash[DROPBOX_HASH];
	struct buf cms = BUF_INIT, out = BUF_INIT;
	size_t i;

	(void)state;
	assert_ok(
		dropbox_put(tmp.path, to, 1, slice_str("a record"), hash, err));
	assert_ok(dropbox_get(tmp.path, hash, &cms, err));
	for (i = 0; i < cms.len; i += 7) {
		cms.data[i] ^= 1;
		assert_ok(file_write(path_of(hash), 0600, buf_get(&cms),
				     OUTFILE_REPLACE, err));
		assert_status(DEED_DAMAGED,
			      dropbox_get(tmp.path, hash, &out, err));
		buf_reset(&out);
		assert_status(DEED_DAMAGED,
			      dropbox_open(tmp.path, hash, id_of(0), key[0],
					   &out, err));
		assert_int_equal(out.len, 0);
		cms.data[i] ^= 1;
	}
	assert_ok(dropbox_remove(tmp.path, hash, err));
	assert_false(dropbox_has(tmp.path, hash));
	assert_status(DEED_NOT_FOUND, dropbox_get(tmp.path, hash, &out, err));
	assert_status(DEED_NOT_FOUND, dropbox_remove(tmp.path, hash, err));
	buf_clear(&out);
	buf_clear(&cms);
}

struct seen {
	unsigned records, others;
};

static enum deed_status see(void *arg, const char *name, const uint8_t *hash,
			    struct deed_error *err)
{
	struct seen *s = arg;

	(void)err;
	assert_true(strlen(name) > 0);
	if (hash == NULL)
		s->others++;
	else
		s->records++;
	return DEED_OK;
}

static void test_list(void **state)
{
	static const char *const strays[] = {
		"README",
		".0000.cms.deed-12345678",
		"0000.cms",
		/* capitals, and another ending */
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAA.cms",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaa.der",
	};
	uint8_t hash[DROPBOX_HASH];
	struct seen s = { 0 };
	char path[256];
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		assert_ok(dropbox_put(tmp.path, to, 1, SLICE_NONE, hash, err));
	for (i = 0; i < sizeof(strays) / sizeof(strays[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", tmp.path,
			       strays[i]);
		assert_ok(file_write(path, 0600, slice_str("x"), OUTFILE_NEW,
				     err));
	}
	assert_ok(dropbox_list(tmp.path, see, &s, err));
	assert_int_equal(s.records, 3);
	/* What an interrupted write left is not told. */
	assert_int_equal(s.others, 4);
	assert_status(DEED_IO, dropbox_list("nowhere", see, &s, err));
}

/* A record lies in a folder of two digits; beside those it is found too, in
 * another's folder it is none. */
static void test_folders(void **state)
{
	char path[3][400], digits[2 * DROPBOX_HASH + 1], other[256];
	uint8_t hash[DROPBOX_HASH];
	struct buf out = BUF_INIT;
	struct seen s = { 0 };

	(void)state;
	assert_ok(dropbox_put(tmp.path, to, 1, slice_str("x"), hash, err));
	hex_text(slice_of(hash, DROPBOX_HASH), digits);
	(void)snprintf(other, sizeof(other), "%s/%s", tmp.path,
		       hash[0] == 0xab ? "ac" : "ab");
	(void)snprintf(path[0], sizeof(path[0]), "%s/%.2s/%s.cms", tmp.path,
		       digits, digits);
	(void)snprintf(path[1], sizeof(path[1]), "%s/%s.cms", tmp.path, digits);
	(void)snprintf(path[2], sizeof(path[2]), "%.200s/%s.cms", other,
		       digits);
	assert_ok(dropbox_get(tmp.path, hash, &out, err));
	assert_int_equal(rename(path[0], path[1]), 0);
	assert_true(dropbox_has(tmp.path, hash));
	assert_ok(dropbox_get(tmp.path, hash, &out, err));
	assert_ok(dropbox_list(tmp.path, see, &s, err));
	assert_int_equal(s.records, 1);
	assert_int_equal(s.others, 0);
	assert_int_equal(mkdir(other, 0700), 0);
	assert_int_equal(rename(path[1], path[2]), 0);
	assert_false(dropbox_has(tmp.path, hash));
	assert_status(DEED_NOT_FOUND, dropbox_get(tmp.path, hash, &out, err));
	s = (struct seen){ 0 };
	assert_ok(dropbox_list(tmp.path, see, &s, err));
	assert_int_equal(s.records, 0);
	assert_int_equal(s.others, 1);
	assert_int_equal(rename(path[2], path[1]), 0);
	assert_ok(dropbox_remove(tmp.path, hash, err));
	assert_false(dropbox_has(tmp.path, hash));
	buf_clear(&out);
}

static void test_refusals(void **state)
{
	struct dropbox_reader bad = { .spki = slice_str("no key") };
	uint8_t hash[DROPBOX_HASH];

	(void)state;
	assert_status(DEED_LIMIT,
		      dropbox_put(tmp.path, to, 0, slice_str("x"), hash, err));
	assert_status(DEED_LIMIT,
		      dropbox_put(tmp.path, to, DROPBOX_READERS_MAX + 1,
				  slice_str("x"), hash, err));
	assert_status(DEED_MALFORMED, dropbox_put(tmp.path, &bad, 1,
						  slice_str("x"), hash, err));
	assert_status(DEED_IO,
		      dropbox_put("nowhere", to, 1, slice_str("x"), hash, err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_readers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tampering, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_list, setup, teardown),
		cmocka_unit_test_setup_teardown(test_folders, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refusals, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
