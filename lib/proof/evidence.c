/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/evidence.h"

#include <stddef.h>

#include "codec/json.h"
#include "crypto/hmac.h"
#include "proof/record.h"

bool kind_valid(const char *kind)
{
	return strcmp(kind, KIND_PERSON) == 0 || kind_is_organisation(kind);
}

bool kind_is_organisation(const char *kind)
{
	return strcmp(kind, KIND_ENTERPRISE) == 0 ||
	       strcmp(kind, KIND_INSTITUTION) == 0 ||
	       strcmp(kind, KIND_NOTARY) == 0;
}

#define AT(type, field) offsetof(struct type, field)

static const struct record_member enrolment_table[] = {
	{ "party", RECORD_TEXT, AT(enrolment, party), false },
	{ "kind", RECORD_TEXT, AT(enrolment, kind), false },
	{ "name", RECORD_TEXT, AT(enrolment, name), false },
	{ "phone", RECORD_TEXT, AT(enrolment, phone), true },
	{ "email", RECORD_TEXT, AT(enrolment, email), true },
	{ "id", RECORD_TEXT, AT(enrolment, id), false },
	{ "salt", RECORD_HEX, AT(enrolment, salt), false },
	{ "key", RECORD_HASH, AT(enrolment, key), false },
	{ "deposit_key", RECORD_HASH, AT(enrolment, deposit_key), false },
	{ "external", RECORD_BOOL, AT(enrolment, external), false },
	{ "time", RECORD_TIME, AT(enrolment, time), false },
	{ "previous", RECORD_HASH, AT(enrolment, previous), true },
	{ NULL, RECORD_TEXT, 0, false },
};

static const struct record_member succession_table[] = {
	{ "enrolment", RECORD_HASH, AT(succession, enrolment), false },
	{ "time", RECORD_TIME, AT(succession, time), false },
	{ NULL, RECORD_TEXT, 0, false },
};

static const struct record_member attestation_table[] = {
	{ "party", RECORD_TEXT, AT(attestation, party), false },
	{ "kind", RECORD_TEXT, AT(attestation, kind), false },
	{ "name", RECORD_TEXT, AT(attestation, name), false },
	{ "key", RECORD_HASH, AT(attestation, key), false },
	{ "id", RECORD_HEX, AT(attestation, id), false },
	{ "phone", RECORD_HEX, AT(attestation, phone), true },
	{ "email", RECORD_HEX, AT(attestation, email), true },
	{ "method", RECORD_TEXT, AT(attestation, method), false },
	{ "statement", RECORD_TEXT, AT(attestation, statement), false },
	{ "location", RECORD_TEXT, AT(attestation, location), false },
	{ "time", RECORD_TIME, AT(attestation, time), false },
	{ "attester", RECORD_HASH, AT(attestation, attester), false },
	{ "record", RECORD_HASH, AT(attestation, record), false },
	{ "index", RECORD_NUMBER, AT(attestation, index), false },
	{ "ca", RECORD_HASH, AT(attestation, ca), true },
	{ "list", RECORD_HASH, AT(attestation, list), true },
	{ "scheme", RECORD_TEXT, AT(attestation, scheme), true },
	{ "operator", RECORD_TEXT, AT(attestation, operator_name), true },
	{ "licence", RECORD_TEXT, AT(attestation, licence), true },
	{ NULL, RECORD_TEXT, 0, false },
};

static const struct record_member status_table[] = {
	{ "party", RECORD_TEXT, AT(status, party), false },
	{ "kind", RECORD_TEXT, AT(status, kind), false },
	{ "name", RECORD_TEXT, AT(status, name), false },
	{ "state", RECORD_TEXT, AT(status, state), false },
	{ "reason", RECORD_TEXT, AT(status, reason), true },
	{ "key", RECORD_HASH, AT(status, key), false },
	{ "certificate", RECORD_HASH, AT(status, certificate), false },
	{ "deposit_certificate", RECORD_HASH, AT(status, deposit_certificate),
	  true },
	{ "evidence", RECORD_HASH, AT(status, evidence), true },
	{ "record", RECORD_HASH, AT(status, record), true },
	{ "enrolment", RECORD_NUMBER, AT(status, enrolment), false },
	{ "may_sign", RECORD_BOOL, AT(status, may_sign), false },
	{ "may_seal", RECORD_BOOL, AT(status, may_seal), false },
	{ "not_before", RECORD_TIME, AT(status, not_before), false },
	{ "not_after", RECORD_TIME, AT(status, not_after), false },
	{ "index", RECORD_NUMBER, AT(status, index), false },
	{ "checkpoint", RECORD_TEXT, AT(status, checkpoint), false },
	{ NULL, RECORD_TEXT, 0, false },
};

bool enrolment_is_first(const struct enrolment *e)
{
	static const uint8_t none[32];

	return memcmp(e->previous, none, sizeof(none)) == 0;
}

/* The type that e is written as. */
static const char *enrolment_type(const struct enrolment *e)
{
	return enrolment_is_first(e) ? ENROLMENT_TYPE : ENROLMENT_NEXT_TYPE;
}

bool attestation_is_outside(const struct attestation *a)
{
	static const uint8_t none[32];

	return memcmp(a->ca, none, sizeof(none)) != 0;
}

bool attestation_is_listed(const struct attestation *a)
{
	static const uint8_t none[32];

	return memcmp(a->list, none, sizeof(none)) != 0;
}

/* The type that a is written as. */
static const char *attestation_type(const struct attestation *a)
{
	return attestation_is_outside(a) ? ATTESTATION_OUTSIDE_TYPE
					 : ATTESTATION_TYPE;
}

json_t *enrolment_json(const struct enrolment *e)
{
	return record_write(enrolment_table, enrolment_type(e), e);
}

json_t *succession_json(const struct succession *s)
{
	return record_write(succession_table, SUCCESSION_TYPE, s);
}

json_t *attestation_json(const struct attestation *a)
{
	return record_write(attestation_table, attestation_type(a), a);
}

json_t *status_json(const struct status *s)
{
	return record_write(status_table, STATUS_TYPE, s);
}

/* The kind decides by which rules a party is judged: an unknown one could be
 * judged by none. */
static enum deed_status check_kind(const char *kind, struct deed_error *err)
{
	if (kind_valid(kind))
		return DEED_OK;
	return deed_error_set(err, DEED_MALFORMED,
			      "there is no kind of party '%.40s'", kind);
}

enum deed_status enrolment_read(const json_t *object, struct enrolment *out,
				struct deed_error *err)
{
	const char *type = json_get_string(object, "type");
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	status = record_read(enrolment_table, object, out, err);
	if (status == DEED_OK &&
	    (type == NULL || strcmp(type, enrolment_type(out)) != 0))
		status = deed_error_set(
			err, DEED_MALFORMED,
			"an enrolment that names one before it is "
			"'%s', and none other",
			ENROLMENT_NEXT_TYPE);
	return status == DEED_OK ? check_kind(out->kind, err) : status;
}

enum deed_status succession_read(const json_t *object, struct succession *out,
				 struct deed_error *err)
{
	memset(out, 0, sizeof(*out));
	return record_read(succession_table, object, out, err);
}

enum deed_status attestation_read(const json_t *object, struct attestation *out,
				  struct deed_error *err)
{
	const char *type = json_get_string(object, "type");
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	status = record_read(attestation_table, object, out, err);
	if (status == DEED_OK &&
	    (type == NULL || strcmp(type, attestation_type(out)) != 0 ||
	     (!attestation_is_outside(out) && attestation_is_listed(out))))
		status = deed_error_set(
			err, DEED_MALFORMED,
			"an attestation that names a CA is '%s', "
			"and none other",
			ATTESTATION_OUTSIDE_TYPE);
	if (status == DEED_OK && !attestation_is_listed(out) &&
	    (out->scheme != NULL || out->operator_name != NULL ||
	     out->licence != NULL))
		status = deed_error_set(
			err, DEED_MALFORMED,
			"an attestation says what a trust list says "
			"and names none");
	return status == DEED_OK ? check_kind(out->kind, err) : status;
}

enum deed_status status_read(const json_t *object, struct status *out,
			     struct deed_error *err)
{
	enum deed_status s;

	memset(out, 0, sizeof(*out));
	s = record_read(status_table, object, out, err);
	if (s == DEED_OK && strcmp(out->state, STATE_VERIFIED) != 0 &&
	    strcmp(out->state, STATE_SUSPENDED) != 0)
		s = deed_error_set(err, DEED_MALFORMED,
				   "there is no state '%.40s'", out->state);
	return s == DEED_OK ? check_kind(out->kind, err) : s;
}

void enrolment_clear(struct enrolment *e)
{
	record_clear(enrolment_table, e);
}

void attestation_clear(struct attestation *a)
{
	record_clear(attestation_table, a);
}

void status_clear(struct status *s)
{
	record_clear(status_table, s);
}

void evidence_commit(const uint8_t salt[32], const char *label,
		     const char *value, uint8_t out[32])
{
	const struct slice parts[] = {
		slice_of(label, strlen(label) + 1),
		slice_str(value),
	};

	hmac_parts(DIGEST_SHA256, slice_of(salt, 32), parts, 2, out);
}
