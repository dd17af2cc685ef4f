/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ca/cmp_protect.h"
#include "ca/cmp_state.h"

#define SECRET "a secret of the CA and the office"

/* A message of ours, protected by a secret; the caller clears. */
static void write_message(const struct cmp_credentials *c, struct buf *out)
{
	struct cmp_header h = { .transaction = slice_str("0123456789abcdef"),
				.sender_nonce = slice_str("fedcba9876543210"),
				.recip_nonce = slice_str("theirs") };
	struct buf body = BUF_INIT;
	struct der_writer w;

	der_writer_init(&w, &body);
	cmp_write_pollreq(&w, true);
	assert_int_equal(der_writer_status(&w, NULL), DEED_OK);
	assert_int_equal(cmp_protect(c, &h, buf_get(&body), out, NULL),
			 DEED_OK);
	buf_clear(&body);
}

static void secret_of(struct cmp_credentials *c, struct secret **secret,
		      const char *text)
{
	assert_int_equal(secret_copy(text, strlen(text), secret, NULL),
			 DEED_OK);
	c->secret = *secret;
	c->reference = "office7";
}

static void test_protection_round(void **state)
{
	struct cmp_credentials c = CMP_CREDENTIALS_INIT;
	struct buf out = BUF_INIT;
	struct secret *secret, *other;
	struct cmp_message m;

	(void)state;
	secret_of(&c, &secret, SECRET);
	write_message(&c, &out);
	assert_int_equal(cmp_message_read(buf_get(&out), &m, NULL), DEED_OK);
	assert_int_equal(m.type, CMP_POLLREQ);
	assert_true(slice_equal_str(m.transaction, "0123456789abcdef"));
	assert_true(slice_equal_str(m.sender_nonce, "fedcba9876543210"));
	assert_true(slice_equal_str(m.recip_nonce, "theirs"));
	assert_true(slice_equal_str(m.sender_kid, "office7"));
	assert_int_equal(cmp_verify(&c, &m, NULL), DEED_OK);
	secret_of(&c, &other, "another secret of the same CA");
	assert_int_equal(cmp_verify(&c, &m, NULL), DEED_BAD_SIGNATURE);
	c.secret = NULL; /* who signs does not take a MAC */
	assert_int_equal(cmp_verify(&c, &m, NULL), DEED_BAD_SIGNATURE);
	secret_free(secret);
	secret_free(other);
	buf_clear(&out);
}

/* Every octet counts: what is changed cannot be read, or does not hold. */
static void test_changed_octet(void **state)
{
	struct cmp_credentials c = CMP_CREDENTIALS_INIT;
	struct buf out = BUF_INIT;
	struct secret *secret;
	struct cmp_message m;
	size_t i;

	(void)state;
	secret_of(&c, &secret, SECRET);
	write_message(&c, &out);
	for (i = 0; i < out.len; i++) {
		out.data[i] ^= 1;
		if (cmp_message_read(buf_get(&out), &m, NULL) == DEED_OK)
			assert_int_not_equal(cmp_verify(&c, &m, NULL), DEED_OK);
		out.data[i] ^= 1;
	}
	for (i = 0; i < out.len; i++)
		assert_int_equal(
			cmp_message_read(slice_of(out.data, i), &m, NULL),
			DEED_MALFORMED);
	secret_free(secret);
	buf_clear(&out);
}

static void test_state(void **state)
{
	struct cmp_state s = { .theirs_len = 3, .minus_one = true }, back;
	struct buf out = BUF_INIT;
	size_t i;

	(void)state;
	memset(s.transaction, 7, sizeof(s.transaction));
	memcpy(s.theirs, "abc", 3);
	assert_int_equal(cmp_state_write(&s, &out, NULL), DEED_OK);
	assert_int_equal(cmp_state_read(buf_get(&out), &back, NULL), DEED_OK);
	assert_memory_equal(&s, &back, sizeof(s));
	for (i = 0; i < out.len; i++)
		assert_int_equal(
			cmp_state_read(slice_of(out.data, i), &back, NULL),
			DEED_MALFORMED);
	buf_clear(&out);
}

/* An answer of status, certReqId id, as a CA writes it. */
static enum deed_status read_cp(uint8_t id, uint64_t status, unsigned answers,
				struct cmp_reply *reply)
{
	struct buf out = BUF_INIT;
	struct cmp_message m = { .type = CMP_CP };
	struct der_writer w;
	enum deed_status s;

	der_writer_init(&w, &out);
	der_begin(&w, DER_SEQUENCE);
	der_begin(&w, DER_SEQUENCE);
	while (answers-- > 0) {
		der_begin(&w, DER_SEQUENCE);
		der_put_integer(&w, slice_of(&id, 1));
		der_begin(&w, DER_SEQUENCE);
		der_put_uint64(&w, status);
		der_begin(&w, DER_SEQUENCE);
		der_put_utf8(&w, "not today");
		der_end(&w);
		der_end(&w);
		der_end(&w);
	}
	der_end(&w);
	der_end(&w);
	assert_int_equal(der_writer_status(&w, NULL), DEED_OK);
	m.body = buf_get(&out);
	s = cmp_reply_read(&m, reply, NULL);
	buf_clear(&out);
	return s;
}

static void test_reply(void **state)
{
	struct cmp_reply r;

	(void)state;
	assert_int_equal(read_cp(0xff, CMP_REJECTION, 1, &r), DEED_OK);
	assert_true(r.minus_one);
	assert_int_equal(r.status, CMP_REJECTION);
	assert_true(slice_equal_str(buf_get(&r.words), "not today"));
	buf_clear(&r.words);
	assert_int_equal(read_cp(0, CMP_WAITING, 1, &r), DEED_OK);
	assert_false(r.minus_one);
	buf_clear(&r.words);
	assert_int_equal(read_cp(1, CMP_WAITING, 1, &r), DEED_MALFORMED);
	buf_clear(&r.words);
	assert_int_equal(read_cp(0, CMP_WAITING, 2, &r), DEED_MALFORMED);
	buf_clear(&r.words);
	assert_int_equal(read_cp(0, CMP_WAITING, 0, &r), DEED_MALFORMED);
	buf_clear(&r.words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_protection_round),
		cmocka_unit_test(test_changed_octet),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_reply),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
