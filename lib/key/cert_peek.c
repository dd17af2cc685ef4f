/* SPDX-License-Identifier: Apache-2.0 */
#include "key/cert_peek.h"

#include "key/cert.h"

/* subjectKeyIdentifier among the extensions; others may be anything. */
static void find_key_id(struct der_reader *tbs, struct cert_peek *out)
{
	struct der_reader explicit, list, e, value;
	struct slice oid, octets = SLICE_NONE;
	unsigned i;

	while (!der_peek(tbs, DER_CONTEXT_CONS(3))) {
		if (!der_skip(tbs))
			return;
	}
	if (!der_enter(tbs, DER_CONTEXT_CONS(3), &explicit) ||
	    !der_enter(&explicit, DER_SEQUENCE, &list))
		return;
	for (i = 0; i < CERT_MAX_EXTENSIONS; i++) {
		if (!der_enter(&list, DER_SEQUENCE, &e))
			return;
		if (!der_get_oid(&e, &oid) ||
		    oid_find(oid) != OID_SUBJECT_KEY_ID)
			continue;
		if (der_peek(&e, DER_BOOLEAN))
			(void)der_skip(&e);
		if (!der_get(&e, DER_OCTET_STRING, &octets))
			return;
		der_init(&value, octets);
		(void)der_get(&value, DER_OCTET_STRING, &out->subject_key_id);
		return;
	}
}

bool cert_peek(struct slice der, struct cert_peek *out)
{
	struct der_reader r, tbs;
	struct slice ignored;
	bool present;

	*out = (struct cert_peek){ .serial = SLICE_NONE,
				   .issuer = SLICE_NONE,
				   .subject = SLICE_NONE,
				   .subject_key_id = SLICE_NONE };
	if (!der_open(der, DER_SEQUENCE, &r) ||
	    !der_enter(&r, DER_SEQUENCE, &tbs) ||
	    !der_get_optional(&tbs, DER_CONTEXT_CONS(0), &present, &ignored) ||
	    !der_get(&tbs, DER_INTEGER, &out->serial) || !der_skip(&tbs) ||
	    !der_get_element(&tbs, DER_SEQUENCE, &out->issuer))
		return false;
	if (!der_skip(&tbs) ||
	    !der_get_element(&tbs, DER_SEQUENCE, &out->subject))
		return true;
	find_key_id(&tbs, out);
	return true;
}

/* RFC 5280 4.1.2.5.1 and 4.1.2.5.2. */
const char *cert_time_fault(const struct der_reader *r)
{
	struct der_reader at = *r;
	struct slice s;
	uint8_t tag;
	size_t full;

	if (!der_get_any(&at, &tag, &s, NULL) ||
	    (tag != DER_UTC_TIME && tag != DER_GENERALIZED_TIME))
		return "is no time";
	full = tag == DER_UTC_TIME ? 13 : 15;
	if (s.len >= 5 &&
	    (s.data[s.len - 5] == '+' || s.data[s.len - 5] == '-'))
		return "has a UTC offset: expected Z";
	if (memchr(s.data, '.', s.len) != NULL ||
	    memchr(s.data, ',', s.len) != NULL)
		return "has a fraction of a second";
	if (s.len == 0 || s.data[s.len - 1] != 'Z')
		return "does not end in Z";
	if (s.len == full - 2)
		return "has no seconds";
	return "is no time that there is";
}
