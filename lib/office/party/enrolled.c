/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enrolled.h"

#include "base/secret.h"
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
				     const char *other, json_t *other_value,
				     struct buf *out, struct deed_error *err)
{
	json_t *record = json_object();
	enum deed_status s = DEED_OK;

	if (json_object_set_new(record, "type", json_string(ENROLLED_TYPE)) !=
	    0)
		s = deed_error_memory(err);
	if (json_object_set_new(record, name, value) != 0)
		s = deed_error_memory(err);
	if (other != NULL &&
	    json_object_set_new(record, other, other_value) != 0)
		s = deed_error_memory(err);
	if (s == DEED_OK)
		s = json_canonical(record, out, err);
	json_decref(record);
	return s;
}

/* A statement under a certificate that vouches for nothing. */
static enum deed_status sign(const struct enrolment *e, const json_t *json,
			     const struct signing_key *key, struct buf *out,
			     struct deed_error *err)
{
	struct cert *cert = NULL;
	enum deed_status s;

	if (json == NULL)
		return deed_error_memory(err);
	s = self_certify(e, key, &cert, err);
	if (s == DEED_OK) {
		const struct cert *chain[] = { cert };

		s = statement_sign(json, key, chain, 1, e->time, out, err);
	}
	cert_free(cert);
	return s;
}

/* The old key's word for the statement of the new one. */
static enum deed_status sign_succession(const struct enrolment *e,
					const struct signing_key *old,
					struct slice statement, struct buf *out,
					struct deed_error *err)
{
	struct succession succession = { .time = e->time };
	json_t *json;
	enum deed_status s;

	sha256(statement, succession.enrolment);
	json = succession_json(&succession);
	s = sign(e, json, old, out, err);
	json_decref(json);
	return s;
}

enum deed_status enrolled_sign(const struct enrolment *e,
			       const struct signing_key *key,
			       const struct signing_key *old,
			       const struct stamps *stamps, struct buf *out,
			       struct deed_error *err)
{
	struct buf statement = BUF_INIT, succession = BUF_INIT;
	json_t *json = enrolment_json(e);
	enum deed_status s;

	s = sign(e, json, key, &statement, err);
	if (s == DEED_OK)
		s = stamps_statement(stamps, &statement, err);
	if (s == DEED_OK && old != NULL)
		s = sign_succession(e, old, buf_get(&statement), &succession,
				    err);
	if (s == DEED_OK)
		s = write_record("statement", base64_json(buf_get(&statement)),
				 old != NULL ? "succession" : NULL,
				 old != NULL ? base64_json(buf_get(&succession))
					     : NULL,
				 out, err);
	json_decref(json);
	buf_clear(&statement);
	buf_clear(&succession);
	return s;
}

enum deed_status enrolled_request(const struct enrolment *e,
				  struct slice request, struct buf *out,
				  struct deed_error *err)
{
	json_t *json = enrolment_json(e);

	if (json == NULL)
		return deed_error_memory(err);
	return write_record("request", base64_json(request), "enrolment", json,
			    out, err);
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

/* One of the two forms, which its type tells. */
static enum deed_status open_enrolment(struct slice der, json_t **json,
				       struct cert **signer,
				       struct deed_error *err)
{
	static const char *const types[] = { ENROLMENT_NEXT_TYPE,
					     ENROLMENT_TYPE };
	enum deed_status s = DEED_MALFORMED;

	for (size_t i = 0; s == DEED_MALFORMED && i < 2; i++)
		s = statement_open(der, types[i], STATEMENT_BY_ITSELF, NULL,
				   json, signer, err);
	return s;
}

static enum deed_status read_statement(struct slice der, struct enrolled *e,
				       struct deed_error *err)
{
	struct cert *signer = NULL;
	json_t *json = NULL;
	enum deed_status s;

	s = open_enrolment(der, &json, &signer, err);
	if (s == DEED_OK)
		s = enrolment_read(json, &e->enrolment, err);
	if (s == DEED_OK) {
		sha256(der, e->id);
		buf_slice(&e->spki, cert_fields(signer)->spki);
		s = buf_status(&e->spki, err);
	}
	json_decref(json);
	cert_free(signer);
	return s;
}

static enum deed_status read_request(struct slice der, const json_t *enrolment,
				     struct slice record, struct enrolled *e,
				     struct deed_error *err)
{
	struct ca_request request;
	enum deed_status s;

	s = ca_request_read(der, &request, err);
	if (s == DEED_OK) {
		/* The request alone does not say who was enrolled by it. */
		sha256(record, e->id);
		buf_slice(&e->spki, request.spki);
		s = buf_status(&e->spki, err);
	}
	if (s == DEED_OK)
		s = enrolment_read(enrolment, &e->enrolment, err);
	ca_request_clear(&request);
	return s;
}

/* Whose word it is, the caller compares with the enrolment before. */
static enum deed_status read_succession(const char *text, struct enrolled *e,
					struct deed_error *err)
{
	struct succession succession;
	struct buf der = BUF_INIT;
	struct cert *signer = NULL;
	json_t *json = NULL;
	enum deed_status s = DEED_OK;

	if (!base64_decode(slice_str(text), &der))
		s = deed_error_set(err, DEED_MALFORMED,
				   "its succession is not in base64");
	if (s == DEED_OK)
		s = statement_open(buf_get(&der), SUCCESSION_TYPE,
				   STATEMENT_BY_ITSELF, NULL, &json, &signer,
				   err);
	if (s == DEED_OK)
		s = succession_read(json, &succession, err);
	if (s == DEED_OK && memcmp(succession.enrolment, e->id, 32) != 0)
		s = deed_error_set(err, DEED_BAD_SIGNATURE,
				   "its succession is about another "
				   "enrolment");
	if (s == DEED_OK) {
		e->succeeds = true;
		memcpy(e->old_key, cert_spki_sha256(signer), 32);
	}
	json_decref(json);
	cert_free(signer);
	buf_clear(&der);
	return s;
}

void enrolled_clear(struct enrolled *e)
{
	if (e->enrolment.id != NULL)
		secret_wipe(e->enrolment.id, strlen(e->enrolment.id));
	secret_wipe(e->enrolment.salt, sizeof(e->enrolment.salt));
	enrolment_clear(&e->enrolment);
	buf_clear(&e->spki);
}

enum deed_status enrolled_read(struct slice record, struct enrolled *e,
			       struct deed_error *err)
{
	const char *statement, *request, *succession;
	const json_t *enrolment;
	uint8_t hash[SHA256_SIZE];
	struct buf der = BUF_INIT;
	json_t *json = NULL;
	enum deed_status s;

	*e = (struct enrolled){ .spki = BUF_INIT };
	s = json_load_canonical(record, &json, err);
	if (s != DEED_OK)
		return s;
	statement = json_get_string(json, "statement");
	request = json_get_string(json, "request");
	enrolment = json_object_get(json, "enrolment");
	succession = json_get_string(json, "succession");
	if (!type_is(json) || (statement == NULL) == (request == NULL) ||
	    (request == NULL) != (enrolment == NULL) ||
	    !base64_decode(slice_str(statement != NULL ? statement : request),
			   &der))
		s = deed_error_set(err, DEED_MALFORMED,
				   "it is no record of an enrolment");
	else if (statement != NULL)
		s = read_statement(buf_get(&der), e, err);
	else
		s = read_request(buf_get(&der), enrolment, record, e, err);
	if (s == DEED_OK) {
		sha256(buf_get(&e->spki), hash);
		if (memcmp(hash, e->enrolment.key, sizeof(hash)) != 0)
			s = deed_error_set(err, DEED_BAD_SIGNATURE,
					   "the enrolment names another key "
					   "than the one that signed it");
	}
	if (s == DEED_OK && succession != NULL)
		s = read_succession(succession, e, err);
	json_decref(json);
	buf_clear(&der);
	return s;
}
