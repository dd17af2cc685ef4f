/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "codec/pem.h"
#include "key/keygen.h"
#include "key/pkcs8.h"
#include "keystore/keyfile.h"

/* Each derivation costs 64 MiB and a fifth of a second: use them well. */

static char dir[64], path[96];
static struct secret *key;

static int set_up(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/deed-keyfile-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/a.key", dir);
	return keygen(KEY_P256, &key, NULL) == DEED_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	(void)unlink(path);
	secret_free(key);
	return rmdir(dir);
}

static void assert_opens(const char *passphrase, const char *label)
{
	struct keyfile *kf;
	struct secret *out;

	assert_ok(keyfile_load(path, &kf, err));
	assert_ok(keyfile_unlock(kf, label, slice_str(passphrase), &out, err));
	assert_true(secret_equal(secret_slice(key), secret_slice(out)));
	secret_free(out);
	keyfile_free(kf);
}

static void assert_shut(const char *passphrase)
{
	struct keyfile *kf;
	struct secret *out;

	assert_ok(keyfile_load(path, &kf, err));
	assert_status(
		DEED_WRONG_PASSPHRASE,
		keyfile_unlock(kf, NULL, slice_str(passphrase), &out, err));
	assert_null(out);
	keyfile_free(kf);
}

static void test_slots(void **state)
{
	struct keyfile *kf;
	struct secret *out;

	(void)state;
	assert_ok(keyfile_create(path, key, "owner", slice_str("one"), 0, err));
	assert_status(DEED_EXISTS, keyfile_create(path, key, "owner",
						  slice_str("two"), 0, err));
	assert_opens("one", NULL);
	assert_shut("two");
	assert_ok(keyfile_slot_add(path, slice_str("one"), "deputy",
				   slice_str("two"), 0, err));
	assert_opens("one", "owner");
	assert_opens("two", NULL);
	assert_status(DEED_EXISTS,
		      keyfile_slot_add(path, slice_str("one"), "deputy",
				       slice_str("x"), 0, err));
	assert_status(DEED_WRONG_PASSPHRASE,
		      keyfile_slot_add(path, slice_str("x"), "third",
				       slice_str("x"), 0, err));
	assert_ok(keyfile_load(path, &kf, err));
	assert_int_equal(keyfile_slot_count(kf), 2);
	assert_string_equal(keyfile_slot(kf, 1)->label, "deputy");
	assert_null(keyfile_slot(kf, 2));
	assert_status(DEED_NOT_FOUND,
		      keyfile_unlock(kf, "none", slice_str("one"), &out, err));
	keyfile_free(kf);
	/* One changes its own; the other stays. */
	assert_ok(keyfile_passphrase(path, slice_str("two"), slice_str("three"),
				     0, err));
	assert_opens("one", "owner");
	assert_opens("three", "deputy");
	assert_shut("two");
	assert_ok(keyfile_slot_remove(path, slice_str("three"), "owner", err));
	assert_shut("one");
	assert_opens("three", NULL);
	assert_status(
		DEED_REFUSED,
		keyfile_slot_remove(path, slice_str("three"), "deputy", err));
	assert_status(
		DEED_NOT_FOUND,
		keyfile_slot_remove(path, slice_str("three"), "owner", err));
	assert_ok(keyfile_passphrase(path, slice_str("three"),
				     slice_str("four"), 0, err));
	assert_opens("four", "deputy");
	assert_shut("three");
}

static void test_labels(void **state)
{
	static const char *const bad[] = {
		"",
		"A",
		"a b",
		"a$b",
		"ä",
		"a/b",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_status(
			DEED_USAGE,
			keyfile_seal(key, bad[i], slice_str("x"), 0, &b, err));
	assert_status(DEED_NO_PASSPHRASE,
		      keyfile_seal(key, "owner", SLICE_NONE, 0, &b, err));
	assert_int_equal(b.len, 0);
	buf_clear(&b);
}

/* Change text inside a key file, of the same length. */
static void replace(struct buf *file, const char *from, const char *to)
{
	uint8_t *at = memmem(file->data, file->len, from, strlen(from));

	assert_non_null(at);
	memcpy(at, to, strlen(to));
}

static void test_changed_parameters(void **state)
{
	static const struct {
		const char *from, *to;
		enum deed_status parse, unlock;
	} cases[] = {
		{ "$owner", "$other", DEED_OK, DEED_DAMAGED },
		{ "t=3", "t=2", DEED_OK, DEED_WRONG_PASSPHRASE },
		{ "m=65536", "m=65537", DEED_OK, DEED_WRONG_PASSPHRASE },
		{ "m=65536", "m=10000", DEED_OK, DEED_MALFORMED },
		{ "m=65536", "m=99999", DEED_OK, DEED_WRONG_PASSPHRASE },
		{ "m=65536", "m=06553", DEED_DAMAGED, DEED_OK },
		{ "t=3,p=1", "t=999,p", DEED_DAMAGED, DEED_OK },
		{ "argon2id", "argon2i0", DEED_DAMAGED, DEED_OK },
		{ "v=19", "v=16", DEED_DAMAGED, DEED_OK },
		{ "$owner", "$Owner", DEED_DAMAGED, DEED_OK },
		{ "$owner", "$ow er", DEED_DAMAGED, DEED_OK },
	};
	struct buf file = BUF_INIT, der = BUF_INIT;
	struct slice at;
	size_t i;

	(void)state;
	assert_ok(keyfile_seal(key, "owner", slice_str("one"), 0, &file, err));
	at = buf_get(&file);
	{
		char label[PEM_LABEL];

		assert_ok(pem_decode_next(&at, label, &der, err));
	}
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct keyfile *kf;
		struct secret *out;
		enum deed_status status;

		buf_reset(&file);
		buf_slice(&file, buf_get(&der));
		replace(&file, cases[i].from, cases[i].to);
		status = keyfile_parse(buf_get(&file), "x", &kf, NULL);
		if (status != cases[i].parse)
			fail_msg("%s: parse: %s", cases[i].to,
				 deed_status_id(status));
		if (status != DEED_OK)
			continue;
		status = keyfile_unlock(kf, NULL, slice_str("one"), &out, NULL);
		if (status != cases[i].unlock)
			fail_msg("%s: unlock: %s", cases[i].to,
				 deed_status_id(status));
		assert_null(out);
		keyfile_free(kf);
	}
	buf_clear(&file);
	buf_clear(&der);
}

/* No changed octet of the file yields another key. */
static void test_damage(void **state)
{
	struct buf file = BUF_INIT;
	struct keyfile *kf;
	struct secret *out;
	enum deed_status status;
	size_t at, opened = 0;

	(void)state;
	assert_ok(keyfile_seal(key, "owner", slice_str("one"), 0, &file, err));
	for (at = 0; at < file.len; at++) {
		assert_status(
			DEED_DAMAGED,
			keyfile_parse(
				slice_of(file.data, at < file.len - 6 ? at : 0),
				"x", &kf, err));
		file.data[at] ^= 1;
		if (keyfile_parse(buf_get(&file), "x", &kf, NULL) == DEED_OK) {
			/* The derivation is the cost: a sample. */
			if (at % 97 == 0) {
				status = keyfile_unlock(
					kf, NULL, slice_str("one"), &out, NULL);
				if (status == DEED_OK) {
					assert_true(secret_equal(
						secret_slice(key),
						secret_slice(out)));
					opened++;
				} else if (status != DEED_DAMAGED &&
					   status != DEED_WRONG_PASSPHRASE) {
					fail_msg("octet %zu: %s", at,
						 deed_status_id(status));
				}
				secret_free(out);
			}
			keyfile_free(kf);
		}
		file.data[at] ^= 1;
	}
	if (opened > 1)
		fail_msg("%zu changed files opened", opened);
	buf_clear(&file);
}

static void test_refuses(void **state)
{
	struct buf big = BUF_INIT;
	struct keyfile *kf;

	(void)state;
	assert_status(DEED_DAMAGED, keyfile_parse(SLICE_NONE, "x", &kf, err));
	assert_status(DEED_DAMAGED,
		      keyfile_parse(slice_str("no key"), "x", &kf, err));
	assert_status(DEED_DAMAGED,
		      keyfile_parse(slice_str("-----BEGIN CMS-----\nMAA=\n"
					      "-----END CMS-----\n"),
				    "x", &kf, err));
	assert_status(DEED_DAMAGED,
		      keyfile_parse(slice_str("-----BEGIN PKCS7-----\nMAA=\n"
					      "-----END PKCS7-----\n"),
				    "x", &kf, err));
	buf_fill(&big, 'x', KEYFILE_MAX_SIZE + 1);
	assert_status(DEED_LIMIT, keyfile_parse(buf_get(&big), "x", &kf, err));
	assert_status(DEED_NO_KEY, keyfile_load("/nonexistent", &kf, err));
	assert_null(kf);
	buf_clear(&big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_changed_parameters),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_refuses),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
