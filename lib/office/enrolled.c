/* SPDX-License-Identifier: Apache-2.0 */
#include "office/enrolled.h"

#include "ca/certificate.h"
#include "ca/request.h"
#include "ca/subject.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "event/stamps.h"
#include "sign/statement.h"

/* A certificate that says nothing but which key it is. */
static enum deed_status self_certify(const struct enrolment *e,
				     const struct signing_key *key,
				     struct cert **out, struct deed_error *err)
{
	const struct ca_subject subject = {
		.organisation = kind_is_organisation(e->kind),
		.name = e->name,
	};
	struct ca_template t = {
		.profile = CA_ENROLMENT,
		.spki = signing_key_spki(key),
		.not_before = e->time,
		.not_after = e->time + INT64_C(86400),
	};
	struct buf name = BUF_INIT;
	enum deed_status s;

	s = ca_subject_write(&subject, &name, err);
	if (s == DEED_OK) {
		t.subject = buf_get(&name);
		s = ca_certify(&t, NULL, key, out, err);
	}
	buf_clear(&name);
	return s;
}

static json_t *base64_json(struct slice bytes)
{
	struct buf text = BUF_INIT;
	json_t *value = NULL;

	base64_encode(bytes, &text);
	if (!text.failed)
		value = json_stringn((const char *)text.data, text.len);
	buf_clear(&text);
	return value;
}

/* Takes the values. */
static enum deed_status write_record(const char *name, json_t *value,
				     json_t *enrolment, struct buf *out,
				     struct deed_error *err)
{
	json_t *record = json_object();
	enum deed_status s = DEED_OK;

	if (json_object_set_new(record, "type", json_string(ENROLLED_TYPE)) !=
	    0)
		s = deed_error_memory(err);
	if (json_object_set_new(record, name, value) != 0)
		s = deed_error_memory(err);
	if (enrolment != NULL &&
	    json_object_set_new(record, "enrolment", enrolment) != 0)
		s = deed_error_memory(err);
	if (s == DEED_OK)
		s = json_canonical(record, out, err);
	json_decref(record);
	return s;
}

enum deed_status enrolled_sign(const struct enrolment *e,
			       const struct signing_key *key,
			       const struct stamps *stamps, struct buf *out,
			       struct deed_error *err)
{
	struct buf statement = BUF_INIT;
	struct cert *cert = NULL;
	json_t *json = enrolment_json(e);
	enum deed_status s;

	if (json == NULL)
		return deed_error_memory(err);
	s = self_certify(e, key, &cert, err);
	if (s == DEED_OK) {
		const struct cert *chain[] = { cert };

		s = statement_sign(json, key, chain, 1, e->time, &statement,
				   err);
	}
	if (s == DEED_OK)
		s = stamps_statement(stamps, &statement, err);
	if (s == DEED_OK)
		s = write_record("statement", base64_json(buf_get(&statement)),
				 NULL, out, err);
	json_decref(json);
	cert_free(cert);
	buf_clear(&statement);
	return s;
}

enum deed_status enrolled_request(const struct enrolment *e,
				  struct slice request, struct buf *out,
				  struct deed_error *err)
{
	json_t *json = enrolment_json(e);

	if (json == NULL)
		return deed_error_memory(err);
	return write_record("request", base64_json(request), json, out, err);
}

static bool type_is(const json_t *record)
{
	const char *type = json_get_string(record, "type");

	return type != NULL && strcmp(type, ENROLLED_TYPE) == 0;
}

bool enrolled_is(struct slice record)
{
	json_t *json = NULL;
	bool is;

	if (json_load_bounded(record, &json, NULL) != DEED_OK)
		return false;
	is = type_is(json);
	json_decref(json);
	return is;
}

static enum deed_status read_statement(struct slice der, struct enrolment *e,
				       struct buf *spki, struct deed_error *err)
{
	struct cert *signer = NULL;
	json_t *json = NULL;
	enum deed_status s;

	s = statement_open(der, ENROLMENT_TYPE, STATEMENT_BY_ITSELF, NULL,
			   &json, &signer, err);
	if (s == DEED_OK)
		s = enrolment_read(json, e, err);
	if (s == DEED_OK) {
		buf_slice(spki, cert_fields(signer)->spki);
		s = buf_status(spki, err);
	}
	json_decref(json);
	cert_free(signer);
	return s;
}

static enum deed_status read_request(struct slice der, const json_t *enrolment,
				     struct enrolment *e, struct buf *spki,
				     struct deed_error *err)
{
	struct ca_request request;
	enum deed_status s;

	s = ca_request_read(der, &request, err);
	if (s == DEED_OK) {
		buf_slice(spki, request.spki);
		s = buf_status(spki, err);
	}
	if (s == DEED_OK)
		s = enrolment_read(enrolment, e, err);
	ca_request_clear(&request);
	return s;
}

enum deed_status enrolled_read(struct slice record, struct enrolment *e,
			       struct buf *spki, struct deed_error *err)
{
	struct buf der = BUF_INIT;
	const char *statement, *request;
	uint8_t hash[SHA256_SIZE];
	json_t *json = NULL, *enrolment;
	enum deed_status s;

	memset(e, 0, sizeof(*e));
	s = json_load_canonical(record, &json, err);
	if (s != DEED_OK)
		return s;
	statement = json_get_string(json, "statement");
	request = json_get_string(json, "request");
	enrolment = json_object_get(json, "enrolment");
	if (!type_is(json) || (statement == NULL) == (request == NULL) ||
	    (request == NULL) != (enrolment == NULL) ||
	    !base64_decode(slice_str(statement != NULL ? statement : request),
			   &der))
		s = deed_error_set(err, DEED_MALFORMED,
				   "it is no record of an enrolment");
	else if (statement != NULL)
		s = read_statement(buf_get(&der), e, spki, err);
	else
		s = read_request(buf_get(&der), enrolment, e, spki, err);
	if (s == DEED_OK) {
		sha256(buf_get(spki), hash);
		if (memcmp(hash, e->key, sizeof(hash)) != 0)
			s = deed_error_set(err, DEED_BAD_SIGNATURE,
					   "the enrolment names another key "
					   "than the one that signed it");
	}
	json_decref(json);
	buf_clear(&der);
	return s;
}
