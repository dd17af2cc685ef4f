/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "codec/utf8.h"
#include "fuzz/fuzz.h"
#include "key/cert.h"
#include "key/cert_peek.h"
#include "key/qc_statements.h"
#include "key/x509_name.h"

static void read_extensions(const struct cert *c)
{
	const struct cert_extension *e;
	struct qc_statements claims;
	size_t i;

	if (qc_statements_read(c, &claims, NULL) != DEED_OK)
		assert(!claims.compliance && claims.purpose == 0);
	for (i = 0; (e = cert_extension_at(c, i)) != NULL; i++) {
		if (e->id != OID_NONE)
			assert(cert_extension(c, e->id) == e);
	}
	assert(i == cert_fields(c)->extension_count);
	assert(cert_equal(c, c));
	(void)cert_self_issued(c);
}

/* What is taken from a name can be written and read again. */
static void read_name(struct slice name, struct slice other)
{
	struct x509_attribute a[2] = { { .type = OID_COMMON_NAME },
				       { .type = OID_COUNTRY } };
	struct buf value = BUF_INIT, der = BUF_INIT, text = BUF_INIT;
	struct der_writer w;

	(void)x509_name_equal(name, other);
	assert(x509_name_within(name, name));
	if (x509_name_get(name, OID_COMMON_NAME, &value) && value.len > 0 &&
	    memchr(value.data, 0, value.len) == NULL) {
		buf_byte(&value, 0);
		a[0].value = (const char *)value.data;
		der_writer_init(&w, &der);
		x509_name_write(&w, a, 2);
		assert(der_writer_status(&w, NULL) == DEED_OK);
		assert(x509_name_valid(buf_get(&der)));
		assert(x509_name_get(buf_get(&der), OID_COMMON_NAME, &text));
		assert(slice_equal_str(buf_get(&text), a[0].value));
	}
	buf_clear(&value);
	buf_clear(&der);
	buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cert_list list = { 0 };
	const struct cert_fields *f;
	const struct pubkey *key;
	struct buf text = BUF_INIT;
	struct cert_peek peek;
	struct cert *c;
	bool peeked = cert_peek(slice_of(data, size), &peek);

	if (cert_parse(slice_of(data, size), &c, NULL) == DEED_OK) {
		f = cert_fields(c);
		assert(slice_equal(f->der, slice_of(data, size)));
		assert(peeked && slice_equal(peek.serial, f->serial) &&
		       slice_equal(peek.issuer, f->issuer) &&
		       slice_equal(peek.subject_key_id, f->subject_key_id));
		x509_name_text(f->subject, &text);
		x509_name_display(f->issuer, &text);
		assert(utf8_valid(buf_get(&text)));
		assert(x509_name_equal(f->subject, f->subject));
		read_extensions(c);
		read_name(f->subject, f->issuer);
		if (cert_pubkey(c, &key, NULL) == DEED_OK)
			(void)!cert_verify(c, c, NULL);
	} else {
		assert(c == NULL);
	}
	cert_free(c);
	(void)!cert_list_load(&list, slice_of(data, size), "input", NULL);
	cert_list_clear(&list);
	buf_clear(&text);
	return 0;
}
