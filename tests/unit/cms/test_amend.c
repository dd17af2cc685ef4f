/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "pki_data.h"

#include "cms/amend.h"
#include "cms/check.h"
#include "codec/der.h"

static const char hello[] = "Hello, contract.\n";

/* A CRL and an OCSP response need only be elements here. */
static const uint8_t crl[] = { 0x30, 0x03, 0x02, 0x01, 0x07 };
static const uint8_t ocsp[] = { 0x30, 0x03, 0x0a, 0x01, 0x00 };

static void open_file(const char *name, struct buf *data,
		      struct cms_signed **sd)
{
	pki_data(name, data);
	assert_ok(cms_signed_parse(buf_get(data), sd, err));
}

static void assert_intact(const struct cms_signed *sd)
{
	struct slice content = slice_str(hello);
	struct cms_content c;
	struct cms_check check;
	struct cert *cert;
	unsigned i;

	cms_content_memory(&c, &content);
	for (i = 0; i < sd->signer_count; i++) {
		assert_ok(cms_signer_certificate(sd, &sd->signers[i], &cert,
						 err));
		assert_ok(cms_check_signer(sd, &sd->signers[i], cert, &c,
					   &check, err));
		assert_int_equal(check.outcome, CMS_INTACT);
		cert_free(cert);
	}
}

/* Amend, read again, and give the new one. */
static struct cms_signed *amended(const struct cms_signed *sd,
				  const struct cms_amendment *what)
{
	struct buf out = BUF_INIT;
	struct cms_signed *next;

	assert_ok(cms_amend(sd, what, &out, err));
	assert_true(der_valid(buf_get(&out), 32, NULL));
	assert_ok(cms_signed_parse(buf_get(&out), &next, err));
	assert_intact(next);
	buf_clear(&out);
	return next;
}

static void test_values(void **state)
{
	const struct slice crls[] = { slice_of(crl, sizeof(crl)),
				      slice_of(crl, sizeof(crl)) };
	const struct slice ocsps[] = { slice_of(ocsp, sizeof(ocsp)) };
	struct cms_amendment what = {
		.crls = crls, .crl_count = 2, .ocsps = ocsps, .ocsp_count = 1
	};
	struct buf data = BUF_INIT;
	struct cms_signed *sd, *one, *two;
	struct slice certificate;
	struct cert *cert;

	(void)state;
	open_file("p256.p7s", &data, &sd);
	cert = pki_cert("rsa.crt");
	certificate = cert_fields(cert)->der;
	what.certificates = &certificate;
	what.certificate_count = 1;
	one = amended(sd, &what);
	assert_int_equal(one->certificate_count, sd->certificate_count + 1);
	assert_int_equal(one->crl_count, 1);
	assert_int_equal(one->other_count, 1);
	assert_true(slice_equal(one->others[0].value, ocsps[0]));
	assert_int_equal(one->version, 5);
	/* The same again changes nothing. */
	two = amended(one, &what);
	assert_true(slice_equal(one->whole, two->whole));
	cms_signed_free(sd);
	cms_signed_free(one);
	cms_signed_free(two);
	cert_free(cert);
	buf_clear(&data);
}

static void test_attributes(void **state)
{
	struct cms_amend_attribute list[2] = { { .signer = 0 },
					       { .signer = 1 } };
	struct cms_amendment what = { .attributes = list,
				      .attribute_count = 2 };
	struct buf data = BUF_INIT, token = BUF_INIT, out = BUF_INIT;
	struct cms_signed *sd, *one, *two;
	unsigned count;
	int i;

	(void)state;
	open_file("two.p7s", &data, &sd);
	pki_data("token.tst", &token);
	for (i = 0; i < 2; i++)
		list[i].attribute =
			(struct cms_write_attribute){ OID_TIMESTAMP_TOKEN,
						      buf_get(&token) };
	one = amended(sd, &what);
	two = amended(one, &what);
	assert_int_equal(two->signer_count, 2);
	for (i = 0; i < 2; i++) {
		assert_non_null(cms_find(&two->signers[i].unsigned_attrs,
					 OID_TIMESTAMP_TOKEN, &count));
		assert_int_equal(count, 2);
		assert_true(slice_equal(two->signers[i].signature,
					sd->signers[i].signature));
	}
	list[1].signer = 2;
	assert_status(DEED_USAGE, cms_amend(sd, &what, &out, err));
	assert_int_equal(out.len, 0);
	cms_signed_free(sd);
	cms_signed_free(one);
	cms_signed_free(two);
	buf_clear(&data);
	buf_clear(&token);
}

/* What others left out of order stays there, before what is new. */
static void test_order_stays(void **state)
{
	struct buf data = BUF_INIT;
	struct cms_signed *sd, *one;
	struct slice mine = slice_of(crl, sizeof(crl));
	struct cms_amendment what = { .crls = &mine, .crl_count = 1 };

	(void)state;
	open_file("stream.p7m", &data, &sd);
	assert_true(sd->was_ber);
	one = amended(sd, &what);
	assert_true(slice_equal(one->certificates_set, sd->certificates_set));
	assert_true(slice_equal(one->content, sd->content));
	assert_true(slice_equal(one->signers[0].whole, sd->signers[0].whole));
	cms_signed_free(sd);
	cms_signed_free(one);
	buf_clear(&data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_order_stays),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
