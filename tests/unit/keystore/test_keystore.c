/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "keystore/keystore.h"
#include "tmpdir.h"

static char dir[64];
static struct keystore *ks;

static int set_up(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/deed-keystore-XXXXXX");
	if (mkdtemp(dir) == NULL || keystore_create(dir, NULL) != DEED_OK)
		return -1;
	return keystore_open(dir, &ks, NULL) == DEED_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	keystore_close(ks);
	return nftw(dir, tmpdir_unlink, 8, FTW_DEPTH | FTW_PHYS);
}

static void load_chain(const char *name, struct cert_list *l)
{
	const char *top = getenv("top_srcdir");
	struct buf b = BUF_INIT;
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/tests/data/key/%s",
		       top != NULL ? top : ".", name);
	assert_ok(file_read(path, 1 << 20, &b, err));
	assert_ok(cert_list_load(l, buf_get(&b), name, err));
	buf_clear(&b);
}

static void test_signature_key(void **state)
{
	struct cert_list chain = CERT_LIST_INIT, back = CERT_LIST_INIT;
	struct buf spki = BUF_INIT;
	struct signing_key *k;
	struct stat st;
	char *path;

	(void)state;
	assert_status(DEED_NO_KEY,
		      keystore_unlock_signing(ks, "wang", KEYSTORE_SIGNATURE,
					      slice_str("one"), &k, err));
	assert_null(k);
	assert_ok(keystore_create_key(ks, "wang", KEYSTORE_SIGNATURE, KEY_P256,
				      NULL, slice_str("one"), 0, err));
	assert_ok(keystore_unlock_signing(ks, "wang", KEYSTORE_SIGNATURE,
					  slice_str("one"), &k, err));
	assert_ok(keystore_public(ks, "wang", KEYSTORE_SIGNATURE, &spki, err));
	assert_true(slice_equal(buf_get(&spki), signing_key_spki(k)));
	signing_key_free(k);
	assert_ok(
		keystore_key_path(ks, "wang", KEYSTORE_SIGNATURE, &path, err));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(path);
	assert_ok(keystore_chain(ks, "wang", KEYSTORE_SIGNATURE, &back, err));
	assert_int_equal(back.count, 0);
	load_chain("p256.der", &chain);
	load_chain("rsa2048.der", &chain);
	assert_ok(keystore_set_chain(ks, "wang", KEYSTORE_SIGNATURE, &chain,
				     err));
	assert_ok(keystore_chain(ks, "wang", KEYSTORE_SIGNATURE, &back, err));
	assert_int_equal(back.count, 2);
	assert_true(cert_equal(back.items[0], chain.items[0]));
	cert_list_clear(&back);
	cert_list_clear(&chain);
	buf_clear(&spki);
}

static void test_external_key(void **state)
{
	struct cert_list chain = CERT_LIST_INIT, back = CERT_LIST_INIT;
	struct keystore_list l;

	(void)state;
	load_chain("p384.der", &chain);
	assert_ok(keystore_set_chain(ks, "token", KEYSTORE_SIGNATURE, &chain,
				     err));
	assert_ok(keystore_chain(ks, "token", KEYSTORE_SIGNATURE, &back, err));
	assert_int_equal(back.count, 1);
	assert_ok(keystore_list(ks, "token", &l, err));
	assert_int_equal(l.count, 1);
	assert_false(l.items[0].has_key);
	assert_true(l.items[0].newest);
	keystore_list_clear(&l);
	cert_list_clear(&back);
	cert_list_clear(&chain);
}

/* A chain that is damaged hides no other, in whatever order they come. */
static void test_find_certificate(void **state)
{
	static const char *const damaged[] = { "signature-2.pem",
					       "signature-1.1.pem",
					       "signature-9.pem" };
	struct cert_list chain = CERT_LIST_INIT;
	const uint8_t none[SHA256_SIZE] = { 0 };
	struct cert *c;
	char path[128];
	FILE *f;
	size_t i;

	(void)state;
	load_chain("p384.der", &chain);
	assert_ok(keystore_find_certificate(ks, "found", KEYSTORE_SIGNATURE,
					    none, &c, err));
	assert_null(c);
	assert_ok(keystore_set_chain(ks, "found", KEYSTORE_SIGNATURE, &chain,
				     err));
	assert_ok(keystore_find_certificate(ks, "found", KEYSTORE_SIGNATURE,
					    none, &c, err));
	assert_null(c);
	for (i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/found/%s", dir,
			       damaged[i]);
		f = fopen(path, "w");
		assert_non_null(f);
		assert_int_equal(fclose(f), 0);
	}
	assert_ok(keystore_find_certificate(ks, "found", KEYSTORE_SIGNATURE,
					    cert_sha256(chain.items[0]), &c,
					    err));
	assert_true(cert_equal(c, chain.items[0]));
	cert_free(c);
	assert_int_not_equal(keystore_find_certificate(ks, "found",
						       KEYSTORE_SIGNATURE, none,
						       &c, NULL),
			     DEED_OK);
	assert_null(c);
	cert_list_clear(&chain);
}

static void test_deposit_generations(void **state)
{
	struct deposit_key_list keys;
	struct keystore_list l;
	uint8_t first[KEY_ID_SIZE];

	(void)state;
	assert_status(DEED_USAGE,
		      keystore_create_key(ks, "li", KEYSTORE_DEPOSIT, KEY_P384,
					  NULL, slice_str("a"), 0, err));
	assert_ok(keystore_create_key(ks, "li", KEYSTORE_DEPOSIT, KEY_P256,
				      NULL, slice_str("a"), 0, err));
	assert_ok(keystore_unlock_deposit(ks, "li", KEYSTORE_DEPOSIT,
					  slice_str("a"), &keys, err));
	assert_int_equal(keys.count, 1);
	memcpy(first, deposit_key_id(keys.items[0]), KEY_ID_SIZE);
	deposit_key_list_clear(&keys);
	assert_ok(keystore_create_key(ks, "li", KEYSTORE_DEPOSIT, KEY_RSA2048,
				      NULL, slice_str("a"), 0, err));
	assert_ok(keystore_unlock_deposit(ks, "li", KEYSTORE_DEPOSIT,
					  slice_str("a"), &keys, err));
	assert_int_equal(keys.count, 2);
	assert_int_equal(pubkey_type(deposit_key_public(keys.items[0])),
			 PUBKEY_RSA);
	assert_memory_equal(deposit_key_id(keys.items[1]), first, KEY_ID_SIZE);
	deposit_key_list_clear(&keys);
	assert_ok(keystore_list(ks, "li", &l, err));
	assert_int_equal(l.count, 2);
	assert_int_equal(l.items[1].generation, 2);
	assert_true(l.items[1].newest && !l.items[0].newest);
	keystore_list_clear(&l);
	/* All generations change together. */
	assert_ok(keystore_passphrase(ks, "li", KEYSTORE_DEPOSIT,
				      slice_str("a"), slice_str("b"), 0, err));
	assert_ok(keystore_unlock_deposit(ks, "li", KEYSTORE_DEPOSIT,
					  slice_str("b"), &keys, err));
	assert_int_equal(keys.count, 2);
	deposit_key_list_clear(&keys);
	assert_status(DEED_WRONG_PASSPHRASE,
		      keystore_unlock_deposit(ks, "li", KEYSTORE_DEPOSIT,
					      slice_str("a"), &keys, err));
	assert_int_equal(keys.count, 0);
	/* A run cut short: one generation changed, the other not. */
	{
		char *path;

		assert_ok(keystore_key_path(ks, "li", KEYSTORE_DEPOSIT, &path,
					    err));
		assert_ok(keyfile_passphrase(path, slice_str("b"),
					     slice_str("c"), 0, err));
		free(path);
	}
	assert_ok(keystore_passphrase(ks, "li", KEYSTORE_DEPOSIT,
				      slice_str("b"), slice_str("c"), 0, err));
	assert_ok(keystore_unlock_deposit(ks, "li", KEYSTORE_DEPOSIT,
					  slice_str("c"), &keys, err));
	assert_int_equal(keys.count, 2);
	deposit_key_list_clear(&keys);
}

static void test_second_operator(void **state)
{
	struct signing_key *k;

	(void)state;
	assert_ok(keystore_create_key(ks, "office", KEYSTORE_ISSUING, KEY_P384,
				      "operator", slice_str("one"), 0, err));
	assert_ok(keystore_slot_add(ks, "office", KEYSTORE_ISSUING,
				    slice_str("one"), "deputy",
				    slice_str("two"), 0, err));
	assert_ok(keystore_unlock_signing(ks, "office", KEYSTORE_ISSUING,
					  slice_str("two"), &k, err));
	signing_key_free(k);
	assert_ok(keystore_slot_remove(ks, "office", KEYSTORE_ISSUING,
				       slice_str("two"), "operator", err));
	assert_status(DEED_WRONG_PASSPHRASE,
		      keystore_unlock_signing(ks, "office", KEYSTORE_ISSUING,
					      slice_str("one"), &k, err));
	/* A younger key has not the same slots. */
	assert_ok(keystore_create_key(ks, "office", KEYSTORE_ISSUING, KEY_P256,
				      "operator", slice_str("two"), 0, err));
	assert_ok(keystore_slot_add(ks, "office", KEYSTORE_ISSUING,
				    slice_str("two"), "deputy",
				    slice_str("three"), 0, err));
	assert_ok(keystore_unlock_signing(ks, "office", KEYSTORE_ISSUING,
					  slice_str("three"), &k, err));
	signing_key_free(k);
	assert_status(DEED_EXISTS,
		      keystore_slot_add(ks, "office", KEYSTORE_ISSUING,
					slice_str("two"), "deputy",
					slice_str("four"), 0, err));
	assert_ok(keystore_slot_remove(ks, "office", KEYSTORE_ISSUING,
				       slice_str("two"), "operator", err));
	assert_status(DEED_NOT_FOUND,
		      keystore_slot_remove(ks, "office", KEYSTORE_ISSUING,
					   slice_str("three"), "operator",
					   err));
}

static void test_owners(void **state)
{
	static const char *const bad[] = { "",	".",  "..", "../x", "a/b",
					   "A", "-a", ".a", "a b",  "王" };
	struct keystore_list l;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_status(DEED_USAGE,
			      keystore_create_key(
				      ks, bad[i], KEYSTORE_SIGNATURE, KEY_P256,
				      NULL, slice_str("a"), 0, err));
		assert_status(DEED_USAGE, keystore_list(ks, bad[i], &l, err));
	}
	assert_ok(keystore_list(ks, NULL, &l, err));
	for (i = 1; i < l.count; i++)
		assert_true(strcmp(l.items[i - 1].owner, l.items[i].owner) <=
			    0);
	keystore_list_clear(&l);
}

static void test_services(void **state)
{
	struct secret *catalogue, *again;
	struct signing_key *k;
	char path[96];

	(void)state;
	assert_ok(keystore_catalogue_key(ks, &catalogue, err));
	assert_int_equal(secret_len(catalogue), 32);
	/* Made once. */
	assert_ok(keystore_create(dir, err));
	assert_ok(keystore_catalogue_key(ks, &again, err));
	assert_true(secret_equal(secret_slice(catalogue), secret_slice(again)));
	secret_free(catalogue);
	secret_free(again);
	assert_ok(keystore_manifest_key(ks, &k, err));
	assert_string_equal(pubkey_text(signing_key_public(k)), "EC P-256");
	signing_key_free(k);
	(void)snprintf(path, sizeof(path), "%s/manifest.key", dir);
	assert_int_equal(chmod(path, 0640), 0);
	assert_status(DEED_REFUSED, keystore_manifest_key(ks, &k, err));
	assert_int_equal(chmod(path, 0600), 0);
	assert_ok(file_write(path, 0600, slice_str("nonsense"), OUTFILE_REPLACE,
			     err));
	assert_status(DEED_DAMAGED, keystore_manifest_key(ks, &k, err));
	assert_int_equal(unlink(path), 0);
	assert_status(DEED_NO_KEY, keystore_manifest_key(ks, &k, err));
	assert_null(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signature_key),
		cmocka_unit_test(test_external_key),
		cmocka_unit_test(test_find_certificate),
		cmocka_unit_test(test_deposit_generations),
		cmocka_unit_test(test_second_operator),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_services),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
