/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "pki_data.h"

#include "cms/check.h"
#include "cms/signed_write.h"
#include "cms/tst.h"
#include "codec/der.h"

static const char hello[] = "Hello, contract.\n";

/* What one file is: its only signer's outcome over the content. */
struct row {
	const char *file;
	enum cms_outcome outcome;
	bool attributes, signing_certificate, ber;
	unsigned signers, certificates;
	const char *digest, *scheme;
};

static const struct row rows[] = {
	{ "rsa.p7s", CMS_INTACT, true, true, false, 1, 2, "sha256", "RSA" },
	{ "p256.p7s", CMS_INTACT, true, true, false, 1, 2, "sha256", "ECDSA" },
	{ "p384.p7s", CMS_INTACT, true, true, false, 1, 2, "sha384", "ECDSA" },
	{ "pss.p7s", CMS_INTACT, true, true, false, 1, 2, "sha256", "RSA-PSS" },
	{ "pss-max.p7s", CMS_INTACT, true, true, false, 1, 2, "sha256",
	  "RSA-PSS" },
	{ "plain.p7s", CMS_INTACT, true, false, false, 1, 2, "sha256",
	  "ECDSA" },
	{ "noattr.p7s", CMS_INTACT, false, false, false, 1, 2, "sha256",
	  "ECDSA" },
	{ "keyid.p7s", CMS_INTACT, true, true, false, 1, 2, "sha256", "ECDSA" },
	{ "nocerts.p7s", CMS_NO_CERTIFICATE, true, false, false, 1, 1, "sha256",
	  "ECDSA" },
	{ "enveloping.p7m", CMS_INTACT, true, true, false, 1, 2, "sha256",
	  "ECDSA" },
	{ "stream.p7m", CMS_INTACT, true, true, true, 1, 2, "sha256", "ECDSA" },
	{ "two.p7s", CMS_INTACT, true, true, false, 2, 3, "sha256", NULL },
};

static void check_all(const struct cms_signed *sd, struct slice content,
		      const struct row *row)
{
	struct slice inside = sd->has_content ? sd->content : content;
	struct cms_content c;
	struct cms_check check;
	struct cert *cert;
	unsigned i;

	cms_content_memory(&c, &inside);
	for (i = 0; i < sd->signer_count; i++) {
		assert_ok(cms_signer_certificate(sd, &sd->signers[i], &cert,
						 err));
		assert_ok(cms_check_signer(sd, &sd->signers[i], cert, &c,
					   &check, err));
		if (check.outcome != row->outcome)
			fail_msg("%s: expected outcome %d, got %d: %s",
				 row->file, row->outcome, check.outcome,
				 check.message);
		assert_int_equal(check.value_intact,
				 row->outcome == CMS_INTACT);
		assert_false(check.value_broken);
		assert_int_equal(check.has_attributes, row->attributes);
		assert_int_equal(check.has_signing_certificate,
				 row->signing_certificate);
		assert_string_equal(digest_name(check.digest), row->digest);
		if (row->scheme != NULL)
			assert_string_equal(
				sig_scheme_name(check.algorithm.scheme),
				row->scheme);
		cert_free(cert);
	}
}

static void test_files(void **state)
{
	struct buf data = BUF_INIT;
	struct cms_signed *sd;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&data);
		pki_data(rows[i].file, &data);
		assert_ok(cms_signed_parse(buf_get(&data), &sd, err));
		assert_int_equal(sd->signer_count, rows[i].signers);
		assert_int_equal(sd->certificate_count, rows[i].certificates);
		if (sd->was_ber != rows[i].ber)
			fail_msg("%s: BER is %d", rows[i].file, sd->was_ber);
		assert_int_equal(sd->used, data.len);
		check_all(sd, slice_str(hello), &rows[i]);
		cms_signed_free(sd);
	}
	buf_clear(&data);
	cms_signed_free(NULL);
}

/* Parse, find the certificate, check: the outcome of the first signer.  hash
 * is the signer's: of the certificate where the signature names it, else of
 * the key. */
static bool outcome_of(struct slice in, const char *content,
		       struct cms_check *check, uint8_t hash[SHA256_SIZE])
{
	struct slice given, inside;
	struct cms_signed *sd;
	struct cms_content c;
	struct cert *cert;

	if (cms_signed_parse(in, &sd, NULL) != DEED_OK)
		return false;
	if (sd->signer_count == 0) {
		cms_signed_free(sd);
		return false;
	}
	given = slice_str(content);
	inside = sd->has_content ? sd->content : given;
	cms_content_memory(&c, &inside);
	assert_ok(cms_signer_certificate(sd, &sd->signers[0], &cert, err));
	assert_ok(cms_check_signer(sd, &sd->signers[0], cert, &c, check, err));
	if (cert != NULL)
		memcpy(hash,
		       check->has_signing_certificate ? cert_sha256(cert)
						      : cert_spki_sha256(cert),
		       SHA256_SIZE);
	cert_free(cert);
	cms_signed_free(sd);
	return true;
}

/* Every bit of a file: intact only where signer and content are the same. */
static void test_each_changed_bit(void **state)
{
	static const char *const files[] = { "p256.p7s", "enveloping.p7m",
					     "noattr.p7s", "stream.p7m" };
	uint8_t mine[SHA256_SIZE], hash[SHA256_SIZE];
	struct buf data = BUF_INIT;
	struct cms_check check;
	size_t i, f;
	unsigned bit;

	(void)state;
	for (f = 0; f < 4; f++) {
		buf_reset(&data);
		pki_data(files[f], &data);
		assert_true(outcome_of(buf_get(&data), hello, &check, mine));
		assert_int_equal(check.outcome, CMS_INTACT);
		for (i = 0; i < data.len; i++) {
			for (bit = 0; bit < 8; bit += 3) {
				data.data[i] ^= (uint8_t)(1u << bit);
				if (outcome_of(buf_get(&data), hello, &check,
					       hash) &&
				    check.outcome == CMS_INTACT &&
				    memcmp(hash, mine, sizeof(mine)) != 0)
					fail_msg("%s: byte %zu: another "
						 "signer passes",
						 files[f], i);
				data.data[i] ^= (uint8_t)(1u << bit);
			}
		}
		for (i = 0; i < data.len; i++)
			if (outcome_of(slice_of(data.data, i), hello, &check,
				       hash) &&
			    strcmp(files[f], "stream.p7m") != 0)
				fail_msg("%s: %zu bytes are enough", files[f],
					 i);
	}
	buf_clear(&data);
}

static void test_wrong_content(void **state)
{
	static const char *const files[] = { "rsa.p7s",	    "p256.p7s",
					     "p384.p7s",    "pss.p7s",
					     "pss-max.p7s", "plain.p7s",
					     "keyid.p7s" };
	uint8_t hash[SHA256_SIZE];
	struct buf data = BUF_INIT;
	struct cms_check check;
	size_t i;

	(void)state;
	for (i = 0; i < 7; i++) {
		buf_reset(&data);
		pki_data(files[i], &data);
		assert_true(outcome_of(buf_get(&data), "Hello, contract.\r\n",
				       &check, hash));
		assert_int_equal(check.outcome, CMS_HASH_MISMATCH);
		assert_true(check.value_broken);
		assert_false(check.value_intact);
	}
	buf_reset(&data);
	pki_data("noattr.p7s", &data);
	assert_true(outcome_of(buf_get(&data), "x", &check, hash));
	assert_int_equal(check.outcome, CMS_BAD_SIGNATURE);
	assert_true(check.value_broken);
	buf_clear(&data);
}

static struct signing_key *load_key(const char *name)
{
	struct buf data = BUF_INIT;
	struct secret *secret;
	struct signing_key *key;

	pki_data(name, &data);
	assert_ok(secret_copy(data.data, data.len, &secret, err));
	assert_ok(signing_key_from_pkcs8(secret, &key, err));
	secret_free(secret);
	buf_clear(&data);
	return key;
}

struct maker {
	struct signing_key *key;
	struct cert *cert, *inter;
	const struct cert *chain[2];
	struct cms_sign_params params;
};

static void maker_init(struct maker *m, const char *name)
{
	char file[32];

	(void)snprintf(file, sizeof(file), "%s.p8", name);
	m->key = load_key(file);
	(void)snprintf(file, sizeof(file), "%s.crt", name);
	m->cert = pki_cert(file);
	m->inter = pki_cert("inter.crt");
	m->chain[0] = m->cert;
	m->chain[1] = m->inter;
	m->params = (struct cms_sign_params){ .key = m->key,
					      .chain = m->chain,
					      .chain_len = 2 };
}

static void maker_clear(struct maker *m)
{
	signing_key_free(m->key);
	cert_free(m->cert);
	cert_free(m->inter);
}

static void test_write(void **state)
{
	static const char *const keys[] = { "rsa", "p256", "p384", "ed25519" };
	uint8_t digest[DIGEST_MAX], hash[SHA256_SIZE];
	struct buf out = BUF_INIT;
	struct cms_check check;
	struct sig_alg alg;
	struct maker m;
	size_t i, size;
	unsigned form;

	(void)state;
	for (i = 0; i < 16; i++) {
		form = (unsigned)(i / 4);
		maker_init(&m, keys[i % 4]);
		m.params.embed = (form & 1) != 0;
		m.params.content = slice_str(hello);
		m.params.has_signing_time = (form & 2) != 0;
		m.params.signing_time = 1790000000;
		if (i == 0)
			m.params.algorithm =
				(struct sig_alg){ .scheme = SIG_RSA_PSS,
						  .digest = DIGEST_SHA384,
						  .salt_len = 48 };
		assert_ok(cms_sign_algorithm(&m.params, &alg, err));
		if (alg.scheme == SIG_ED25519)
			alg.digest = DIGEST_SHA512;
		digest_once(alg.digest, slice_str(hello), digest);
		buf_reset(&out);
		assert_ok(cms_sign(&m.params,
				   slice_of(digest, digest_size(alg.digest)),
				   &out, err));
		assert_ok(cms_sign_size(&m.params, &size, err));
		assert_true(out.len <= size && size <= out.len + 16);
		assert_true(der_valid(buf_get(&out), 32, NULL));
		assert_true(outcome_of(buf_get(&out), hello, &check, hash));
		assert_int_equal(check.outcome, CMS_INTACT);
		assert_true(check.has_signing_certificate);
		assert_int_equal(check.has_signing_time, (form & 2) != 0);
		assert_memory_equal(hash, cert_sha256(m.cert), SHA256_SIZE);
		maker_clear(&m);
	}
	buf_clear(&out);
}

static void test_write_refuses(void **state)
{
	uint8_t digest[DIGEST_MAX] = { 0 };
	struct buf out = BUF_INIT;
	struct maker m, other;
	size_t size;

	(void)state;
	maker_init(&m, "p256");
	maker_init(&other, "p384");
	/* A digest of another length. */
	assert_status(DEED_USAGE,
		      cms_sign(&m.params, slice_of(digest, 20), &out, err));
	assert_status(DEED_USAGE, cms_sign(&m.params, SLICE_NONE, &out, err));
	/* Another's certificate; none. */
	m.params.chain = other.chain;
	assert_status(DEED_REFUSED,
		      cms_sign(&m.params, slice_of(digest, 32), &out, err));
	assert_status(DEED_REFUSED, cms_sign_size(&m.params, &size, err));
	m.params.chain_len = 0;
	assert_status(DEED_REFUSED,
		      cms_sign(&m.params, slice_of(digest, 32), &out, err));
	assert_int_equal(out.len, 0);
	maker_clear(&m);
	maker_clear(&other);
	buf_clear(&out);
}

/* Attributes that do not belong, added by a signer who means ill: the value
 * holds, and the form does not. */
static void test_attributes(void **state)
{
	static const uint8_t data_oid[] = { 6,	  9,	0x2a, 0x86, 0x48, 0x86,
					    0xf7, 0x0d, 1,    7,    1 };
	static const uint8_t octets[] = { 4, 2, 0, 0 };
	static const uint8_t time[] = "\x17\x0d"
				      "260101000000Z";
	static const uint8_t empty[] = { 0x30, 0 };
	/* RFC 6211: SHA-256, [1] sha256WithRSAEncryption: not so here. */
	static const uint8_t protection[] = {
		0x30, 28,   0x30, 11,	0x06, 9,    0x60, 0x86, 0x48, 0x01,
		0x65, 0x03, 0x04, 0x02, 0x01, 0xa1, 13,	  0x06, 9,    0x2a,
		0x86, 0x48, 0x86, 0xf7, 0x0d, 1,    1,	  11,	5,    0
	};
	static const struct {
		enum oid type;
		const uint8_t *value;
		size_t len;
		enum cms_outcome outcome;
	} bad[] = {
		{ OID_CONTENT_TYPE, data_oid, sizeof(data_oid),
		  CMS_BAD_FORMAT },
		{ OID_MESSAGE_DIGEST, octets, sizeof(octets), CMS_BAD_FORMAT },
		{ OID_SIGNING_TIME, time, sizeof(time) - 1, CMS_BAD_FORMAT },
		{ OID_SIGNING_CERTIFICATE_V2, empty, sizeof(empty),
		  CMS_BAD_FORMAT },
		{ OID_SIGNING_CERTIFICATE, empty, sizeof(empty),
		  CMS_WRONG_CERTIFICATE },
		{ OID_CMS_ALGORITHM_PROTECTION, protection, sizeof(protection),
		  CMS_BAD_ALGORITHM },
		{ OID_CMS_ALGORITHM_PROTECTION, empty, sizeof(empty),
		  CMS_BAD_ALGORITHM },
		{ OID_SIGNING_TIME, octets, 0, CMS_BAD_FORMAT },
	};
	uint8_t digest[DIGEST_MAX], hash[SHA256_SIZE];
	struct cms_write_attribute attr;
	struct buf out = BUF_INIT;
	struct cms_check check;
	struct maker m;
	size_t i;

	(void)state;
	maker_init(&m, "p256");
	digest_once(DIGEST_SHA256, slice_str(hello), digest);
	m.params.has_signing_time = true;
	m.params.signed_attrs = &attr;
	m.params.signed_count = 1;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		attr.type = bad[i].type;
		attr.value = slice_of(bad[i].value, bad[i].len);
		buf_reset(&out);
		assert_ok(cms_sign(&m.params, slice_of(digest, 32), &out, err));
		assert_true(outcome_of(buf_get(&out), hello, &check, hash));
		if (check.outcome != bad[i].outcome)
			fail_msg("attribute %zu: expected %d, got %d: %s", i,
				 bad[i].outcome, check.outcome, check.message);
	}
	/* Content of another type than the attribute says is not made by
	 * cms_sign; one without attributes, of a type that needs them. */
	m.params.signed_count = 0;
	m.params.content_type = OID_TST_INFO;
	buf_reset(&out);
	assert_ok(cms_sign(&m.params, slice_of(digest, 32), &out, err));
	assert_true(outcome_of(buf_get(&out), hello, &check, hash));
	assert_int_equal(check.outcome, CMS_INTACT);
	maker_clear(&m);
	buf_clear(&out);
}

/* Two signed attributes change places: what is signed is their DER, so the
 * value holds as before, and the order is told. */
static void test_order(void **state)
{
	struct slice first, second, attrs;
	uint8_t hash[SHA256_SIZE];
	struct buf data = BUF_INIT, copy = BUF_INIT;
	struct cms_check check;
	struct cms_signed *sd;
	uint8_t *at;

	(void)state;
	pki_data("p256.p7s", &data);
	assert_ok(cms_signed_parse(buf_get(&data), &sd, err));
	assert_true(sd->signers[0].signed_attrs.sorted);
	first = sd->signers[0].signed_attrs.list[0].whole;
	second = sd->signers[0].signed_attrs.list[1].whole;
	attrs = sd->signers[0].signed_attrs.content;
	buf_slice(&copy, second);
	buf_slice(&copy, first);
	at = memmem(data.data, data.len, attrs.data, attrs.len);
	assert_non_null(at);
	assert_true(outcome_of(buf_get(&data), hello, &check, hash));
	assert_false(check.unordered);
	memcpy(at, copy.data, copy.len);
	assert_true(outcome_of(buf_get(&data), hello, &check, hash));
	assert_int_equal(check.outcome, CMS_INTACT);
	assert_true(check.value_intact);
	assert_true(check.unordered);
	/* And with one octet changed it holds no more. */
	at[copy.len - 1] ^= 1;
	assert_true(outcome_of(buf_get(&data), hello, &check, hash));
	assert_true(check.value_broken);
	cms_signed_free(sd);
	buf_clear(&data);
	buf_clear(&copy);
}

/* A SignerInfo with these signed attributes, and a value by m's key over
 * them as they stand, or over their DER. */
static void sign_attributes(const struct maker *m, struct slice content,
			    bool over_der, struct buf *out)
{
	struct buf bytes = BUF_INIT, value = BUF_INIT;
	struct cms_signer unsigned_yet;
	struct sig_alg alg;
	struct der_writer w;
	int round;

	signing_key_default_alg(m->key, &alg);
	for (round = 0; round < 2; round++) {
		buf_reset(out);
		der_writer_init(&w, out);
		der_begin(&w, DER_SEQUENCE);
		der_put_uint64(&w, 1);
		der_begin(&w, DER_SEQUENCE);
		der_put_raw(&w, cert_fields(m->cert)->issuer);
		der_put_integer(&w, cert_fields(m->cert)->serial);
		der_end(&w);
		der_put_algorithm(&w, digest_oid(alg.digest), false);
		der_put(&w, DER_CONTEXT_CONS(0), content);
		sig_alg_write(&w, &alg);
		der_put_octets(&w, buf_get(&value));
		der_end(&w);
		assert_ok(der_writer_status(&w, err));
		if (round == 1)
			break;
		assert_ok(cms_signer_parse(buf_get(out), &unsigned_yet, err));
		if (over_der)
			cms_signed_attrs_der(&unsigned_yet, &bytes);
		else
			cms_signed_attrs_stored(&unsigned_yet, &bytes);
		assert_ok(signing_key_sign(m->key, &alg, buf_get(&bytes),
					   &value, err));
		cms_signer_clear(&unsigned_yet);
	}
	buf_clear(&bytes);
	buf_clear(&value);
}

/* message-digest, signing-time, and one of a private type with two values;
 * each order of the three by turns, and of the two. */
static void put_attributes(struct buf *out, unsigned order, bool swap)
{
	static const uint8_t turns[][3] = { { 0, 1, 2 }, { 0, 2, 1 },
					    { 1, 0, 2 }, { 1, 2, 0 },
					    { 2, 0, 1 }, { 2, 1, 0 } };
	uint8_t digest[SHA256_SIZE];
	struct der_writer w;
	unsigned i;

	sha256(slice_str(hello), digest);
	der_writer_init(&w, out);
	for (i = 0; i < 3; i++) {
		der_begin(&w, DER_SEQUENCE);
		der_put_oid(&w, turns[order][i] == 0   ? OID_MESSAGE_DIGEST
				: turns[order][i] == 1 ? OID_SIGNING_TIME
						       : OID_COMMITMENT_TYPE);
		der_begin(&w, DER_SET);
		if (turns[order][i] == 0) {
			der_put_octets(&w, slice_of(digest, sizeof(digest)));
		} else if (turns[order][i] == 1) {
			der_put_time(&w, 1790000000);
		} else {
			der_put_uint64(&w, swap ? 7 : 5);
			der_put_uint64(&w, swap ? 5 : 7);
		}
		der_end(&w);
		der_end(&w);
	}
	assert_ok(der_writer_status(&w, err));
}

static void test_orders(void **state)
{
	struct buf attrs = BUF_INIT, der = BUF_INIT;
	struct slice content = slice_str(hello);
	struct cms_signer signer;
	struct cms_content c;
	struct cms_check check;
	unsigned i, ordered = 0;
	struct maker m;

	(void)state;
	maker_init(&m, "p256");
	cms_content_memory(&c, &content);
	/* A counter-signature needs no content-type. */
	for (i = 0; i < 24; i++) {
		bool over_der = i % 2 == 0, swap = i % 4 >= 2;

		buf_reset(&attrs);
		put_attributes(&attrs, i / 4, swap);
		sign_attributes(&m, buf_get(&attrs), over_der, &der);
		assert_ok(cms_signer_parse(buf_get(&der), &signer, err));
		assert_ok(cms_check_signer(NULL, &signer, m.cert, &c, &check,
					   err));
		assert_int_equal(check.unordered, !signer.signed_attrs.sorted);
		ordered += signer.signed_attrs.sorted;
		if (over_der || signer.signed_attrs.sorted) {
			assert_int_equal(check.outcome, CMS_INTACT);
			assert_true(check.value_intact);
		} else {
			assert_int_equal(check.outcome, CMS_BAD_SIGNATURE);
			assert_string_equal(check.id, "attributes-order");
			assert_true(check.value_broken);
		}
		cms_signer_clear(&signer);
	}
	/* One order of the three and one of the two, signed either way. */
	assert_int_equal(ordered, 2);
	maker_clear(&m);
	buf_clear(&attrs);
	buf_clear(&der);
}

/* The signed attributes of one signature, passed off as the content of one
 * without attributes: the value holds, and it must not count. */
static void test_attributes_as_content(void **state)
{
	struct buf data = BUF_INIT, attrs = BUF_INIT, forged = BUF_INIT;
	struct cms_content content;
	struct cms_signed *sd;
	struct cms_signer signer;
	struct cms_check check;
	struct slice bytes;
	struct cert *cert;

	(void)state;
	pki_data("p256.p7s", &data);
	assert_ok(cms_signed_parse(buf_get(&data), &sd, err));
	cms_signed_attrs_der(&sd->signers[0], &attrs);
	signer = sd->signers[0];
	signer.signed_attrs = (struct cms_attributes){ 0 };
	cert = pki_cert("p256.crt");
	bytes = buf_get(&attrs);
	cms_content_memory(&content, &bytes);
	assert_ok(cms_check_signer(sd, &signer, cert, &content, &check, err));
	assert_int_equal(check.outcome, CMS_BAD_FORMAT);
	assert_string_equal(check.id, "content-is-attributes");
	cert_free(cert);
	cms_signed_free(sd);
	buf_clear(&data);
	buf_clear(&attrs);
	buf_clear(&forged);
}

/* digestAlgorithm says one thing, the signature another: both are known and
 * different, whatever the bytes verify as. */
static void test_algorithm_substitution(void **state)
{
	static const uint8_t from[] = { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1 };
	struct cms_content content;
	struct buf data = BUF_INIT;
	struct cms_signed *sd;
	struct cms_check check;
	struct slice bytes;
	struct cert *cert;
	uint8_t algorithm[13] = { 0x30, 11 };

	(void)state;
	pki_data("p256.p7s", &data);
	assert_ok(cms_signed_parse(buf_get(&data), &sd, err));
	cert = pki_cert("p256.crt");
	bytes = slice_str(hello);
	cms_content_memory(&content, &bytes);
	algorithm[2] = 6;
	algorithm[3] = 9;
	memcpy(algorithm + 4, from, sizeof(from));
	algorithm[12] = 3; /* SHA-512 */
	sd->signers[0].digest_algorithm = slice_of(algorithm, 13);
	assert_ok(cms_check_signer(sd, &sd->signers[0], cert, &content, &check,
				   err));
	assert_int_equal(check.outcome, CMS_BAD_ALGORITHM);
	algorithm[12] = 11; /* SHAKE128: unknown */
	assert_ok(cms_check_signer(sd, &sd->signers[0], cert, &content, &check,
				   err));
	assert_int_equal(check.outcome, CMS_UNKNOWN_ALGORITHM);
	assert_false(check.value_intact);
	assert_false(check.value_broken);
	cert_free(cert);
	cms_signed_free(sd);
	buf_clear(&data);
}

static void test_missing_content(void **state)
{
	struct buf data = BUF_INIT;
	struct cms_signed *sd;
	struct cms_check check;
	struct cert *cert;

	(void)state;
	pki_data("p256.p7s", &data);
	assert_ok(cms_signed_parse(buf_get(&data), &sd, err));
	assert_ok(cms_signer_certificate(sd, &sd->signers[0], &cert, err));
	assert_ok(
		cms_check_signer(sd, &sd->signers[0], cert, NULL, &check, err));
	assert_int_equal(check.outcome, CMS_NO_CONTENT);
	assert_false(check.value_intact);
	assert_false(check.value_broken);
	cert_free(cert);
	/* Another certificate with its own key: the value does not hold. */
	cert = pki_cert("tsa.crt");
	assert_ok(
		cms_check_signer(sd, &sd->signers[0], cert, NULL, &check, err));
	assert_int_equal(check.outcome, CMS_BAD_SIGNATURE);
	cert_free(cert);
	cms_signed_free(sd);
	buf_clear(&data);
}

static void test_malformed(void **state)
{
	static const char *const bad[] = {
		"",
		"\x30",
		"\x30\x00",
		"\x30\x80",
		"\x30\x80\x00\x00",
		"\x30\x03\x02\x01\x00",
		"\x30\x84\xff\xff\xff\xff",
		"\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff",
		"\x31\x00",
		"\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
		"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x00",
		"\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x02"
		"\x30\x00",
		"%PDF-1.7",
		"-----BEGIN CMS-----",
	};
	static const uint8_t enveloped[] = { 0x30, 13,	 6,    9,    0x2a,
					     0x86, 0x48, 0x86, 0xf7, 13,
					     1,	   7,	 3,    0xa0, 0 };
	struct buf data = BUF_INIT;
	struct cms_signed *sd;
	struct tst *t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_status(DEED_MALFORMED,
			      cms_signed_parse(slice_str(bad[i]), &sd, err));
		assert_null(sd);
		assert_status(DEED_MALFORMED,
			      tst_parse(slice_str(bad[i]), &t, err));
		assert_null(t);
	}
	assert_status(DEED_UNSUPPORTED,
		      cms_signed_parse(slice_of(enveloped, sizeof(enveloped)),
				       &sd, err));
	pki_data("p256.p7s", &data);
	assert_status(DEED_MALFORMED, tst_parse(buf_get(&data), &t, err));
	/* Zeros behind it are not read. */
	i = data.len;
	buf_fill(&data, 0, 100);
	assert_ok(cms_signed_parse(buf_get(&data), &sd, err));
	assert_int_equal(sd->used, i);
	cms_signed_free(sd);
	buf_reset(&data);
	pki_data("degenerate.p7b", &data);
	assert_ok(cms_signed_parse(buf_get(&data), &sd, err));
	assert_int_equal(sd->signer_count, 0);
	cms_signed_free(sd);
	buf_clear(&data);
}

static void test_token(void **state)
{
	struct slice bytes = slice_str(hello), wrong = slice_str("x");
	struct cms_content content;
	struct buf data = BUF_INIT;
	struct cms_check check;
	struct cert *cert;
	struct tst *t;
	size_t i;
	bool match;

	(void)state;
	pki_data("token.tst", &data);
	assert_ok(tst_parse(buf_get(&data), &t, err));
	assert_true(t->imprint_known);
	assert_int_equal(t->imprint_digest, DIGEST_SHA256);
	assert_true(t->time > 1700000000);
	cms_content_memory(&content, &bytes);
	assert_ok(tst_imprint_matches(t, &content, &match, err));
	assert_true(match);
	cms_content_memory(&content, &wrong);
	assert_ok(tst_imprint_matches(t, &content, &match, err));
	assert_false(match);
	assert_ok(tst_check(t, NULL, 0, &check, &cert, err));
	assert_int_equal(check.outcome, CMS_INTACT);
	assert_true(check.has_signing_certificate);
	assert_non_null(cert);
	cert_free(cert);
	tst_free(t);
	for (i = 0; i < data.len; i++)
		assert_status(DEED_MALFORMED,
			      tst_parse(slice_of(data.data, i), &t, err));
	buf_clear(&data);
}

static void test_add_unsigned(void **state)
{
	struct buf data = BUF_INIT, token = BUF_INIT, out = BUF_INIT;
	struct cms_write_attribute attr = { .type = OID_TIMESTAMP_TOKEN };
	uint8_t hash[SHA256_SIZE];
	struct cms_signed *sd;
	struct cms_check check;
	unsigned count;

	(void)state;
	pki_data("p256.p7s", &data);
	pki_data("token.tst", &token);
	attr.value = buf_get(&token);
	assert_ok(cms_add_unsigned(buf_get(&data), &attr, &out, err));
	assert_true(der_valid(buf_get(&out), 32, NULL));
	assert_true(outcome_of(buf_get(&out), hello, &check, hash));
	assert_int_equal(check.outcome, CMS_INTACT);
	buf_reset(&data);
	assert_ok(cms_add_unsigned(buf_get(&out), &attr, &data, err));
	assert_ok(cms_signed_parse(buf_get(&data), &sd, err));
	assert_non_null(cms_find(&sd->signers[0].unsigned_attrs,
				 OID_TIMESTAMP_TOKEN, &count));
	assert_int_equal(count, 2);
	cms_signed_free(sd);
	buf_reset(&data);
	pki_data("two.p7s", &data);
	buf_reset(&out);
	assert_status(DEED_MALFORMED,
		      cms_add_unsigned(buf_get(&data), &attr, &out, err));
	assert_int_equal(out.len, 0);
	buf_clear(&data);
	buf_clear(&token);
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_each_changed_bit),
		cmocka_unit_test(test_wrong_content),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_write_refuses),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_attributes_as_content),
		cmocka_unit_test(test_algorithm_substitution),
		cmocka_unit_test(test_missing_content),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_add_unsigned),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
