/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "sign/tsa.h"

/* tests/data/tsa holds answers to one request, right and wrong. */

static uint8_t digest[SHA256_SIZE];
static struct tsa_request request = {
	.alg = DIGEST_SHA256,
	.nonce = { 1, 2, 3, 4, 5, 6, 7, 8 },
};

static void load(const char *name, struct buf *out)
{
	const char *top = getenv("top_srcdir");
	char path[512];

	buf_reset(out);
	(void)snprintf(path, sizeof(path), "%s/tests/data/tsa/%s",
		       top == NULL ? "." : top, name);
	assert_ok(file_read(path, 65536, out, err));
}

static void test_request(void **state)
{
	struct buf written = BUF_INIT, stored = BUF_INIT;

	(void)state;
	load("query.tsq", &stored);
	assert_ok(tsa_request_write(&request, &written, err));
	assert_true(slice_equal(buf_get(&written), buf_get(&stored)));
	buf_clear(&written);
	buf_clear(&stored);
}

/* A policy comes after the imprint; a nonce stays positive and minimal. */
static void test_request_parts(void **state)
{
	static const uint8_t policy[] = { 0x2a, 0x03, 0x04 };
	struct tsa_request other = request;
	struct buf b = BUF_INIT;

	(void)state;
	other.policy = slice_of(policy, sizeof(policy));
	memset(other.nonce, 0, TSA_NONCE);
	other.nonce[TSA_NONCE - 1] = 0x80;
	assert_ok(tsa_request_write(&other, &b, err));
	assert_memory_equal(b.data + b.len - 12,
			    "\x06\x03\x2a\x03\x04\x02\x02\x00\x80\x01\x01\xff",
			    12);
	buf_clear(&b);
}

static void test_good(void **state)
{
	static const char *const names[] = { "good.tsr", "rsa.tsr",
					     "openssl.tsr", "mods.tsr",
					     "ber.tsr" };
	struct buf in = BUF_INIT, token = BUF_INIT;
	struct tst *t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		load(names[i], &in);
		buf_reset(&token);
		assert_ok(
			tsa_response_read(buf_get(&in), &request, &token, err));
		assert_ok(tst_parse(buf_get(&token), &t, err));
		assert_true(slice_equal(t->imprint, request.digest));
		assert_int_equal(t->sd->used, token.len);
		tst_free(t);
	}
	buf_clear(&in);
	buf_clear(&token);
}

static void test_bad(void **state)
{
	static const struct {
		const char *name, *words;
	} cases[] = {
		{ "imprint.tsr", "is not of what was to be stamped" },
		{ "nonce.tsr", "has another nonce" },
		{ "no-nonce.tsr", "has another nonce" },
		{ "signature.tsr", "does not hold" },
		{ "content.tsr", "" },
		{ "detached.tsr", "malformed" },
		{ "two-signers.tsr", "expected one signer" },
		{ "no-certificate.tsr", "lacks the authority's certificate" },
		{ "ess.tsr", "does not hold" },
		{ "no-ess.tsr", "has no signing-certificate" },
		{ "by-plain.tsr", "not for time-stamping alone" },
		{ "by-signer.tsr", "not for time-stamping alone" },
		{ "by-tsanc.tsr", "not for time-stamping alone" },
		{ "by-tsa2.tsr", "not for time-stamping alone" },
		{ "reject.tsr", "rejects the request: 'go away  [31mplease': "
				"the request is not permitted or supported" },
		{ "policy-refused.tsr",
		  "rejects the request: the policy is not supported" },
		{ "time.tsr", "its time source is not available" },
		{ "waiting.tsr", "lets us wait" },
		{ "warning.tsr", "warns of a revocation" },
		{ "unknown-status.tsr", "the unknown status 77" },
		{ "garbage.tsr", "no TimeStampResp" },
		{ "no-token.tsr", "grants a time-stamp but sends none" },
		{ "not-a-token.tsr", "malformed" },
		{ "trailing.tsr", "no TimeStampResp" },
		{ "query.tsq", "no TimeStampResp" },
	};
	struct buf in = BUF_INIT, token = BUF_INIT;
	struct deed_error error;
	enum deed_status status;
	size_t i;

	(void)state;
	buf_str(&token, "before");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		load(cases[i].name, &in);
		memset(&error, 0, sizeof(error));
		status = tsa_response_read(buf_get(&in), &request, &token,
					   &error);
		if (status != DEED_REMOTE ||
		    strstr(error.message, cases[i].words) == NULL)
			fail_msg("%s: %s: %s", cases[i].name,
				 deed_status_id(status), error.message);
		assert_true(slice_equal_str(buf_get(&token), "before"));
	}
	buf_clear(&in);
	buf_clear(&token);
}

/* The same answer to other questions; and every octet of it changed. */
static void test_other_requests(void **state)
{
	static const uint8_t policy[] = { 0x2a, 0x03, 0x04 };
	struct buf in = BUF_INIT, token = BUF_INIT;
	struct tsa_request other = request;
	uint8_t wrong[SHA256_SIZE] = { 0 };
	size_t i, passed = 0;

	(void)state;
	load("good.tsr", &in);
	other.policy = slice_of(policy, sizeof(policy));
	assert_status(DEED_REMOTE,
		      tsa_response_read(buf_get(&in), &other, &token, err));
	other = request;
	other.nonce[7] = 9;
	assert_status(DEED_REMOTE,
		      tsa_response_read(buf_get(&in), &other, &token, err));
	other = request;
	other.digest = slice_of(wrong, sizeof(wrong));
	assert_status(DEED_REMOTE,
		      tsa_response_read(buf_get(&in), &other, &token, err));
	other = request;
	other.alg = DIGEST_SHA3_256;
	assert_status(DEED_REMOTE,
		      tsa_response_read(buf_get(&in), &other, &token, err));
	for (i = 0; i < in.len; i++) {
		in.data[i] ^= 1;
		buf_reset(&token);
		if (tsa_response_read(buf_get(&in), &request, &token, NULL) ==
		    DEED_OK)
			passed++;
		in.data[i] ^= 1;
	}
	/* The other certificate that comes with the token is not covered,
	 * nor some of what an algorithm's parameters may be. */
	assert_true(passed < 700);
	for (i = 0; i < in.len; i++)
		assert_int_not_equal(tsa_response_read(slice_of(in.data, i),
						       &request, &token, NULL),
				     DEED_OK);
	buf_clear(&in);
	buf_clear(&token);
}

static void test_set(void **state)
{
	struct tsa_authority a = { .url = "http://127.0.0.1:1/" };
	struct buf token = BUF_INIT;
	struct http_client *client;
	struct tsa_set *set;
	uint8_t sha1[20] = { 0 };
	size_t i;

	(void)state;
	assert_ok(http_client_new(NULL, &client, err));
	assert_ok(tsa_set_new(client, &set, err));
	assert_int_equal(tsa_token_size(set), TSA_TOKEN_GUESS);
	assert_status(DEED_USAGE,
		      tsa_ask(set, DIGEST_SHA256, request.digest, &token, err));
	a.policy = "1.2.x";
	assert_status(DEED_USAGE, tsa_set_add(set, &a, err));
	a.policy = "1.2.3.4.2";
	for (i = 0; i < TSA_AUTHORITIES; i++)
		assert_ok(tsa_set_add(set, &a, err));
	assert_status(DEED_USAGE, tsa_set_add(set, &a, err));
	assert_int_equal(tsa_set_count(set), TSA_AUTHORITIES);
	/* Weak or misfit digests are nobody's to ask. */
	assert_status(DEED_USAGE,
		      tsa_ask(set, DIGEST_SHA1, slice_of(sha1, sizeof(sha1)),
			      &token, err));
	assert_status(DEED_USAGE,
		      tsa_ask(set, DIGEST_SHA512, request.digest, &token, err));
	assert_status(DEED_USAGE,
		      tsa_ask(set, DIGEST_NONE, SLICE_NONE, &token, err));
	tsa_set_free(set);
	http_client_free(client);
	buf_clear(&token);
}

static int set_up(void **state)
{
	(void)state;
	sha256(slice_str("hello\n"), digest);
	request.digest = slice_of(digest, sizeof(digest));
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_request_parts),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_other_requests),
		cmocka_unit_test(test_set),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, NULL);
}
