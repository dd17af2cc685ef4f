/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "cms/envelope.h"
#include "cms/envelope_chunk.h"
#include "codec/der.h"
#include "crypto/random.h"
#include "key/deposit_key.h"
#include "key/keygen.h"
#include "key/pkcs8.h"

#define TEXT "what was agreed"

struct party {
	struct deposit_key *key;
	struct buf spki;
	struct slice ski;
};

static struct party rsa, ec, stranger;
static struct secret *kek, *kek2;

static void make_party(struct party *p, enum key_alg alg)
{
	struct secret *pkcs8;

	assert_ok(keygen(alg, &pkcs8, err));
	assert_ok(deposit_key_from_pkcs8(pkcs8, &p->key, err));
	assert_ok(pkcs8_spki(pkcs8, &p->spki, err));
	p->ski = slice_of(deposit_key_id(p->key), KEY_ID_SIZE);
	secret_free(pkcs8);
}

static void free_party(struct party *p)
{
	deposit_key_free(p->key);
	buf_clear(&p->spki);
}

static int start(void **state)
{
	(void)state;
	make_party(&rsa, KEY_RSA2048);
	make_party(&ec, KEY_P256);
	make_party(&stranger, KEY_P256);
	assert_ok(random_secret(32, &kek, err));
	assert_ok(random_secret(32, &kek2, err));
	return 0;
}

static int end(void **state)
{
	(void)state;
	free_party(&rsa);
	free_party(&ec);
	free_party(&stranger);
	secret_free(kek);
	secret_free(kek2);
	return 0;
}

/* One of each kind. */
static void seal(struct buf *out)
{
	struct envelope_to to[3] = {
		{ .kind = ENVELOPE_KEK,
		  .id = slice_str("slot one"),
		  .kek = kek },
	};

	assert_ok(envelope_to_spki(rsa.ski, buf_get(&rsa.spki), &to[1], err));
	assert_ok(envelope_to_spki(ec.ski, buf_get(&ec.spki), &to[2], err));
	assert_int_equal(to[1].kind, ENVELOPE_RSA);
	assert_int_equal(to[2].kind, ENVELOPE_ECDH);
	assert_ok(envelope_write(to, 3, NULL, slice_str(TEXT), out, err));
}

static void opens(const struct envelope *e, struct secret *cek)
{
	struct secret *plain;
	struct buf out = BUF_INIT;

	assert_ok(envelope_decrypt(e, cek, &out, err));
	assert_true(slice_equal_str(buf_get(&out), TEXT));
	assert_ok(envelope_decrypt_secret(e, cek, &plain, err));
	assert_true(slice_equal_str(secret_slice(plain), TEXT));
	secret_free(plain);
	secret_free(cek);
	buf_clear(&out);
}

static void test_each_kind(void **state)
{
	struct buf cms = BUF_INIT;
	struct secret *cek;
	struct envelope e;

	(void)state;
	seal(&cms);
	assert_ok(envelope_parse(buf_get(&cms), &e, err));
	assert_int_equal(e.count, 3);
	assert_ok(
		envelope_unwrap_kek(&e, slice_str("slot one"), kek, &cek, err));
	opens(&e, cek);
	assert_ok(envelope_unwrap_key(&e, rsa.ski, rsa.key, &cek, err));
	opens(&e, cek);
	assert_ok(envelope_unwrap_key(&e, ec.ski, ec.key, &cek, err));
	opens(&e, cek);
	assert_status(
		DEED_NOT_RECIPIENT,
		envelope_unwrap_key(&e, stranger.ski, stranger.key, &cek, err));
	assert_null(cek);
	assert_status(DEED_NOT_RECIPIENT,
		      envelope_unwrap_key(&e, ec.ski, stranger.key, &cek, err));
	assert_status(DEED_NOT_RECIPIENT,
		      envelope_unwrap_kek(&e, slice_str("slot one"), kek2, &cek,
					  err));
	assert_status(
		DEED_NOT_RECIPIENT,
		envelope_unwrap_kek(&e, slice_str("slot"), kek, &cek, err));
	buf_clear(&cms);
}

/* A slot is added without knowing the key of the others. */
static void test_kept(void **state)
{
	struct envelope_to to[2] = {
		{ .kind = ENVELOPE_KEPT },
		{ .kind = ENVELOPE_KEK,
		  .id = slice_str("slot two"),
		  .kek = kek2 },
	};
	struct buf cms = BUF_INIT, again = BUF_INIT;
	struct secret *cek, *same;
	struct envelope e;
	size_t i;

	(void)state;
	seal(&cms);
	assert_ok(envelope_parse(buf_get(&cms), &e, err));
	assert_ok(envelope_unwrap_key(&e, ec.ski, ec.key, &cek, err));
	for (i = 0; i < e.count; i++)
		if (e.to[i].kind == ENVELOPE_KEK)
			to[0].der = e.to[i].der;
	assert_ok(envelope_write(to, 2, cek, slice_str(TEXT), &again, err));
	assert_ok(envelope_parse(buf_get(&again), &e, err));
	assert_int_equal(e.count, 2);
	assert_ok(envelope_unwrap_kek(&e, slice_str("slot one"), kek, &same,
				      err));
	assert_memory_equal(secret_bytes(same), secret_bytes(cek), 32);
	opens(&e, same);
	assert_ok(envelope_unwrap_kek(&e, slice_str("slot two"), kek2, &same,
				      err));
	opens(&e, same);
	secret_free(cek);
	buf_clear(&cms);
	buf_clear(&again);
}

/* A changed byte opens to nothing, or (in the other recipients, which are
 * not authenticated) to what was there. */
static void test_changed_bytes(void **state)
{
	struct buf cms = BUF_INIT, out = BUF_INIT;
	size_t i, opened = 0;
	struct envelope e;
	struct secret *cek;

	(void)state;
	seal(&cms);
	for (i = 0; i < cms.len; i++) {
		cms.data[i] ^= 0x01;
		buf_reset(&out);
		cek = NULL;
		if (envelope_parse(buf_get(&cms), &e, NULL) == DEED_OK &&
		    envelope_unwrap_kek(&e, slice_str("slot one"), kek, &cek,
					NULL) == DEED_OK &&
		    envelope_decrypt(&e, cek, &out, NULL) == DEED_OK) {
			assert_true(slice_equal_str(buf_get(&out), TEXT));
			opened++;
		} else {
			assert_int_equal(out.len, 0);
		}
		secret_free(cek);
		cms.data[i] ^= 0x01;
	}
	/* 256 bytes of RSA and 105 of ECDH, and little else. */
	assert_in_range(opened, 300, 520);
	for (i = 0; i < cms.len; i++)
		assert_int_not_equal(
			envelope_parse(slice_of(cms.data, i), &e, NULL),
			DEED_OK);
	buf_byte(&cms, 0);
	assert_status(DEED_MALFORMED, envelope_parse(buf_get(&cms), &e, err));
	buf_clear(&cms);
	buf_clear(&out);
}

static void test_limits(void **state)
{
	struct envelope_to to[ENVELOPE_RECIPIENTS_MAX + 1];
	struct buf cms = BUF_INIT;
	struct secret *plain, *cek;
	struct envelope e;
	size_t i;

	(void)state;
	for (i = 0; i <= ENVELOPE_RECIPIENTS_MAX; i++)
		to[i] = (struct envelope_to){ .kind = ENVELOPE_KEK,
					      .id = slice_of(
						      &"0123456789"[i % 8], 1),
					      .kek = kek };
	assert_status(DEED_LIMIT,
		      envelope_write(to, ENVELOPE_RECIPIENTS_MAX + 1, NULL,
				     slice_str(TEXT), &cms, err));
	buf_clear(&cms);
	assert_ok(envelope_write(to, ENVELOPE_RECIPIENTS_MAX, NULL, SLICE_NONE,
				 &cms, err));
	assert_ok(envelope_parse(buf_get(&cms), &e, err));
	assert_int_equal(e.count, ENVELOPE_RECIPIENTS_MAX);
	assert_ok(envelope_unwrap_kek(&e, slice_str("3"), kek, &cek, err));
	assert_status(DEED_MALFORMED,
		      envelope_decrypt_secret(&e, cek, &plain, err));
	secret_free(cek);
	buf_clear(&cms);
}

static void test_chunk(void **state)
{
	static const size_t sizes[] = { 1,   15,  16,	 100,	127,
					128, 255, 65000, 65500, 4194304 };
	uint8_t id[16], *out, *copy;
	struct slice plain;
	size_t i, j, size;
	struct envelope e;
	struct secret *cek;

	(void)state;
	assert_ok(random_bytes(id, sizeof(id), err));
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size = envelope_chunk_size(sizes[i]);
		assert_true(size - sizes[i] <= ENVELOPE_CHUNK_OVERHEAD);
		out = malloc(size);
		copy = malloc(size);
		memset(out + envelope_chunk_head(sizes[i]), (int)i + 1,
		       sizes[i]);
		assert_ok(envelope_chunk_seal(out, sizes[i], id, kek, err));
		assert_true(der_valid(slice_of(out, size), 16, NULL));
		assert_ok(envelope_parse(slice_of(out, size), &e, err));
		assert_ok(envelope_unwrap_kek(&e, slice_of(id, 16), kek, &cek,
					      err));
		secret_free(cek);
		for (j = 0; j < size && j < 200; j++) {
			memcpy(copy, out, size);
			copy[j] ^= 1;
			assert_int_not_equal(envelope_chunk_open(copy, size, id,
								 kek, &plain,
								 NULL),
					     DEED_OK);
			if (size > 1000)
				j += 40;
		}
		memcpy(copy, out, size);
		copy[size - 1] ^= 1;
		assert_status(
			DEED_DAMAGED,
			envelope_chunk_open(copy, size, id, kek, &plain, err));
		assert_status(
			DEED_NOT_RECIPIENT,
			envelope_chunk_open(out, size, id, kek2, &plain, err));
		assert_status(DEED_MALFORMED,
			      envelope_chunk_open(out, size - 1, id, kek,
						  &plain, err));
		assert_ok(envelope_chunk_open(out, size, id, kek, &plain, err));
		assert_int_equal(plain.len, sizes[i]);
		for (j = 0; j < plain.len; j++)
			if (plain.data[j] != i + 1)
				fail();
		free(out);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_changed_bytes),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_chunk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, end);
}
