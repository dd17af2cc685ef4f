/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "tlog/proof.h"
#include "vectors.h"

#define WITNESS                        \
	"witness.example/w1+e75f6532+" \
	"BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

static void test_keys(void **state)
{
	struct note_signer s = vector_signer(), again;
	struct note_verifier v;
	struct buf text = BUF_INIT;
	struct secret *secret;

	(void)state;
	assert_string_equal(s.verifier.name, VECTOR_ORIGIN);
	assert_int_equal(s.verifier.id, 0x33d7b496);
	note_verifier_format(&s.verifier, &text);
	assert_ok(note_verifier_parse(buf_get(&text), &v, err));
	assert_memory_equal(v.key, s.verifier.key, 32);
	buf_clear(&text);
	assert_ok(note_signer_format(&s, &secret, err));
	assert_int_equal(secret_len(secret), strlen(VECTOR_KEY) + 1);
	assert_memory_equal(secret_bytes(secret), VECTOR_KEY,
			    strlen(VECTOR_KEY));
	assert_ok(note_signer_parse(secret, &again, err));
	assert_true(
		secret_equal(secret_slice(s.seed), secret_slice(again.seed)));
	secret_free(secret);
	note_signer_clear(&again);
	note_signer_clear(&s);
	assert_ok(note_signer_new("deed/x", &s, err));
	assert_ok(note_signer_new("deed/x", &again, err));
	assert_false(
		secret_equal(secret_slice(s.seed), secret_slice(again.seed)));
	note_signer_clear(&again);
	note_signer_clear(&s);
	assert_status(DEED_MALFORMED, note_signer_new("a b", &s, err));
}

static void test_bad_keys(void **state)
{
	static const char *const verifiers[] = {
		"",
		"x",
		"+",
		"a+b",
		"a+00000000+AA==",
		/* a key id that is not this key's */
		"witness.example/w1+e75f6533+"
		"BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		/* capitals */
		"witness.example/w1+E75F6532+"
		"BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		/* another name, type, no padding, too long */
		"witness.example/w2+e75f6532+"
		"BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		"witness.example/w1+e75f6532+"
		"AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		"witness.example/w1+e75f6532+"
		"BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG",
		"witness.example/w1+e75f6532+"
		"BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4AAAA",
		"wit ness+e75f6532+"
		"BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
	};
	static const char *const signers[] = {
		"x",
		"PRIVATE+KEY+",
		"PRIVATE+KEY+a",
		"PRIVATE+KEY+" VECTOR_ORIGIN
		"+33d7b497+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg",
		"PRIVATE+KEY+" VECTOR_ORIGIN
		"+33d7b496+AuymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg",
		"private+key+" VECTOR_ORIGIN
		"+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg",
	};
	struct note_verifier v;
	struct note_signer s;
	struct secret *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(verifiers) / sizeof(verifiers[0]); i++)
		assert_status(
			DEED_MALFORMED,
			note_verifier_parse(slice_str(verifiers[i]), &v, err));
	for (i = 0; i < sizeof(signers) / sizeof(signers[0]); i++) {
		assert_ok(secret_copy(signers[i], strlen(signers[i]), &text,
				      err));
		assert_status(DEED_MALFORMED, note_signer_parse(text, &s, err));
		secret_free(text);
	}
}

/* Every checkpoint of the vectors opens; none with a byte changed. */
static void test_checkpoints(void **state)
{
	struct note_signer s = vector_signer();
	struct checkpoint c;
	struct buf note, text = BUF_INIT, again = BUF_INIT;
	char name[32];
	size_t i;
	int n;

	(void)state;
	for (n = 0; n <= VECTOR_COUNT; n++) {
		(void)snprintf(name, sizeof(name), "checkpoint.%d", n);
		note = vector_file(name);
		assert_ok(
			checkpoint_open(buf_get(&note), &s.verifier, &c, err));
		assert_int_equal(c.size, n);
		checkpoint_format(&c, &text);
		assert_ok(note_sign(&s, buf_get(&text), &again, err));
		assert_true(slice_equal(buf_get(&note), buf_get(&again)));
		buf_reset(&text);
		buf_reset(&again);
		for (i = 0; n == VECTOR_COUNT && i < note.len; i++) {
			note.data[i] ^= 1;
			assert_int_not_equal(DEED_OK,
					     checkpoint_open(buf_get(&note),
							     &s.verifier, &c,
							     NULL));
			note.data[i] ^= 1;
		}
		buf_clear(&note);
	}
	buf_clear(&text);
	buf_clear(&again);
	note_signer_clear(&s);
}

static void test_cosignature(void **state)
{
	static const uint8_t seed[33] = { 4,  0,  1,  2,  3,  4,  5,  6,  7,
					  8,  9,  10, 11, 12, 13, 14, 15, 16,
					  17, 18, 19, 20, 21, 22, 23, 24, 25,
					  26, 27, 28, 29, 30, 31 };
	struct buf file = vector_file("ten.tlog-proof"), line = BUF_INIT;
	struct note_signer witness, log = vector_signer();
	struct proof_file p;
	struct note_verifier v;
	struct note n;
	int64_t time;

	(void)state;
	assert_ok(note_verifier_parse(slice_str(WITNESS "\n"), &v, err));
	assert_ok(proof_parse_inclusion(buf_get(&file), &p, err));
	assert_ok(note_parse(p.checkpoint, &n, err));
	assert_int_equal(n.count, 2);
	assert_ok(note_verify(&n, &log.verifier, NULL, err));
	assert_ok(note_verify(&n, &v, &time, err));
	assert_int_equal(time, 1700000000);
	/* The same line comes out of the same seed. */
	memset(&witness, 0, sizeof(witness));
	witness.verifier = v;
	assert_ok(secret_copy(seed + 1, 32, &witness.seed, err));
	assert_ok(note_cosign(&witness, n.text, time, &line, err));
	assert_true(slice_equal(buf_get(&line), n.signature[1].line));
	buf_clear(&line);
	n.signature[1].bytes[7] ^= 1;
	assert_status(DEED_BAD_SIGNATURE, note_verify(&n, &v, &time, err));
	n.count = 1;
	assert_status(DEED_NO_SIGNATURE, note_verify(&n, &v, &time, err));
	note_signer_clear(&witness);
	note_signer_clear(&log);
	proof_file_clear(&p);
	buf_clear(&file);
}

#define DASH "\xe2\x80\x94 "
static void test_bad_notes(void **state)
{
	static const char *const notes[] = {
		"",
		"\n",
		"\n\n",
		"text\n",
		"text\n\n",
		"text\n\n" DASH "a AAAAAAA=",
		"text\n" DASH "a AAAAAAA=\n",
		"text\n\n- a AAAAAAA=\n",
		"text\n\n" DASH "a\n",
		"text\n\n" DASH " AAAAAAA=\n",
		"text\n\n" DASH "a AAAA\n",
		"text\n\n" DASH "a AAAAAAA\n",
		"text\n\n" DASH "a+b AAAAAAA=\n",
		"text\n\n" DASH "a AAAAAAA=\nmore\n",
		"te\rxt\n\n" DASH "a AAAAAAA=\n",
		"te\txt\n\n" DASH "a AAAAAAA=\n",
		"te\xffxt\n\n" DASH "a AAAAAAA=\n",
	};
	struct note n;
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		assert_status(DEED_MALFORMED,
			      note_parse(slice_str(notes[i]), &n, err));
	assert_ok(
		note_parse(slice_str("text\n\n" DASH "a AAAAAAA=\n"), &n, err));
	buf_str(&b, "text\n\n");
	for (i = 0; i <= NOTE_SIGNATURES_MAX; i++)
		buf_str(&b, DASH "a AAAAAAA=\n");
	assert_status(DEED_LIMIT, note_parse(buf_get(&b), &n, err));
	buf_fill(&b, 'a', NOTE_MAX);
	assert_status(DEED_LIMIT, note_parse(buf_get(&b), &n, err));
	buf_clear(&b);
}

#define ROOT "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n"
static void test_bad_checkpoints(void **state)
{
	static const char *const texts[] = {
		"",
		"a\n",
		"a\n15\n",
		"a\n15\n" ROOT "\n",
		"\n15\n" ROOT,
		"a\n015\n" ROOT,
		"a\n-1\n" ROOT,
		"a\n1 \n" ROOT,
		"a\n9007199254740992\n" ROOT,
		"a\n99999999999999999999\n" ROOT,
		"a\n\n" ROOT,
		"a\n15\nrKbD\n",
		"a\n15\n" ROOT "more",
	};
	struct checkpoint c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_status(DEED_MALFORMED,
			      checkpoint_parse(slice_str(texts[i]), &c, err));
	assert_ok(
		checkpoint_parse(slice_str("a\n15\n" ROOT "more\n"), &c, err));
	assert_ok(checkpoint_parse(slice_str("a\n9007199254740991\n" ROOT), &c,
				   err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_bad_keys),
		cmocka_unit_test(test_checkpoints),
		cmocka_unit_test(test_cosignature),
		cmocka_unit_test(test_bad_notes),
		cmocka_unit_test(test_bad_checkpoints),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
