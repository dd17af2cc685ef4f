/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/subject.h"

#include <assert.h>

#include "codec/base64.h"
#include "codec/der.h"
#include "codec/utf8.h"
#include "crypto/hmac.h"
#include "key/x509_name.h"

enum deed_status ca_subject_write(const struct ca_subject *s, struct buf *out,
				  struct deed_error *err)
{
	const struct x509_attribute person[] = {
		{ OID_COUNTRY, s->country },
		{ OID_COMMON_NAME, s->name },
		{ OID_SERIAL_NUMBER, s->number },
	};
	const struct x509_attribute organisation[] = {
		{ OID_COUNTRY, s->country },
		{ OID_ORGANISATION, s->name },
		{ OID_ORGANISATION_IDENTIFIER, s->number },
		{ OID_COMMON_NAME, s->role != NULL ? s->role : s->name },
	};
	struct der_writer w;

	der_writer_init(&w, out);
	if (s->organisation)
		x509_name_write(&w, organisation, 4);
	else
		x509_name_write(&w, person, 3);
	return der_writer_status(&w, err);
}

enum deed_status ca_pseudonym(struct slice salt, const char *country,
			      const char *kind_number, char out[CA_PSEUDONYM],
			      struct deed_error *err)
{
	const struct slice parts[] = {
		slice_of("id", 3), /* with its NUL: the 00 that parts them */
		slice_str(kind_number),
	};
	uint8_t mac[SHA256_SIZE];
	struct buf b = BUF_INIT;
	enum deed_status status;

	hmac_parts(DIGEST_SHA256, salt, parts, 2, mac);
	buf_printf(&b, "EI:%s-", country != NULL ? country : "XX");
	base32_encode(slice_of(mac, sizeof(mac)), &b);
	status = buf_status(&b, err);
	if (status == DEED_OK) {
		assert(b.len == CA_PSEUDONYM - 1);
		memcpy(out, b.data, b.len);
		out[b.len] = '\0';
	}
	buf_clear(&b);
	return status;
}

enum deed_status ca_check_name(const char *text, struct deed_error *err)
{
	struct slice in = slice_str(text);
	struct buf clean = BUF_INIT;
	bool same;

	if (!utf8_valid(in))
		return deed_error_set(err, DEED_USAGE,
				      "the name is not valid UTF-8");
	if (in.len == 0 || utf8_length(in) > CA_NAME_MAX)
		return deed_error_set(
			err, DEED_USAGE,
			"the name has %zu characters, expected 1 to %d",
			utf8_length(in), CA_NAME_MAX);
	if (text[0] == ' ' || text[in.len - 1] == ' ')
		return deed_error_set(err, DEED_USAGE,
				      "the name begins or ends with a blank");
	utf8_clean(in, &clean);
	same = !clean.failed && slice_equal(buf_get(&clean), in);
	buf_clear(&clean);
	if (!same)
		return deed_error_set(err, DEED_USAGE,
				      "the name has characters that cannot be "
				      "shown, such as control characters");
	return DEED_OK;
}
