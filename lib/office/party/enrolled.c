/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enrolled.h"

#include "base/secret.h"
#include "ca/certificate.h"
#include "ca/request.h"
#include "ca/subject.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "event/event_timestamp.h"
#include "sign/statement.h"

/* A certificate that says nothing but which key it is. */
static enum deed_status issue_to_itself(const struct enrolment *e,
					const struct signing_key *key,
					struct cert **out,
					struct deed_error *err)
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
	enum deed_status status;

	status = ca_subject_write(&subject, &name, err);
	if (status == DEED_OK) {
		t.subject = buf_get(&name);
		status = ca_issue(&t, NULL, key, out, err);
	}
	buf_clear(&name);
	return status;
}

/* NULL without memory, which write_record finds when it sets the member. */
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
	enum deed_status status = DEED_OK;

	if (json_object_set_new(record, "type", json_string(ENROLLED_TYPE)) !=
	    0)
		status = deed_error_memory(err);
	if (json_object_set_new(record, name, value) != 0)
		status = deed_error_memory(err);
	if (other != NULL &&
	    json_object_set_new(record, other, other_value) != 0)
		status = deed_error_memory(err);
	if (status == DEED_OK)
		status = json_canonical(record, out, err);
	json_decref(record);
	return status;
}

/* A statement under a certificate that vouches for nothing. */
static enum deed_status sign(const struct enrolment *e, const json_t *json,
			     const struct signing_key *key, struct buf *out,
			     struct deed_error *err)
{
	struct cert *cert = NULL;
	enum deed_status status;

	if (json == NULL)
		return deed_error_memory(err);
	status = issue_to_itself(e, key, &cert, err);
	if (status == DEED_OK) {
		const struct cert *chain[] = { cert };

		status = statement_sign(json, key, chain, 1, e->time, out, err);
	}
	cert_free(cert);
	return status;
}

/* The old key's word for the statement of the new one. */
static enum deed_status sign_succession(const struct enrolment *e,
					const struct signing_key *old,
					struct slice statement, struct buf *out,
					struct deed_error *err)
{
	struct succession succession = { .time = e->time };
	json_t *json;
	enum deed_status status;

	sha256(statement, succession.enrolment);
	json = succession_json(&succession);
	status = sign(e, json, old, out, err);
	json_decref(json);
	return status;
}

enum deed_status enrolled_sign(const struct enrolment *e,
			       const struct signing_key *key,
			       const struct signing_key *old,
			       const struct event_timestamps *timestamps,
			       struct buf *out, struct deed_error *err)
{
	struct buf statement = BUF_INIT, succession = BUF_INIT;
	json_t *json = enrolment_json(e);
	enum deed_status status;

	status = sign(e, json, key, &statement, err);
	if (status == DEED_OK)
		status = event_timestamp_statement(timestamps, &statement, err);
	if (status == DEED_OK && old != NULL)
		status = sign_succession(e, old, buf_get(&statement),
					 &succession, err);
	if (status == DEED_OK)
		status = write_record(
			"statement", base64_json(buf_get(&statement)),
			old != NULL ? "succession" : NULL,
			old != NULL ? base64_json(buf_get(&succession)) : NULL,
			out, err);
	json_decref(json);
	buf_clear(&statement);
	buf_clear(&succession);
	return status;
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
	enum deed_status status = DEED_MALFORMED;

	for (size_t i = 0; status == DEED_MALFORMED && i < 2; i++)
		status = statement_open(der, types[i], STATEMENT_BY_ITSELF,
					NULL, json, signer, err);
	return status;
}

/* The id is that of the whole statement, as a later enrolment names it.  That
 * the key is the one that was enrolled is compared by enrolled_read. */
static enum deed_status read_statement(struct slice der, struct enrolled *e,
				       struct deed_error *err)
{
	struct cert *signer = NULL;
	json_t *json = NULL;
	enum deed_status status;

	status = open_enrolment(der, &json, &signer, err);
	if (status == DEED_OK)
		status = enrolment_read(json, &e->enrolment, err);
	if (status == DEED_OK) {
		sha256(der, e->id);
		buf_slice(&e->spki, cert_fields(signer)->spki);
		status = buf_status(&e->spki, err);
	}
	json_decref(json);
	cert_free(signer);
	return status;
}

/* The request proves that whoever made it has the key; who that is stands in
 * the enrolment beside it. */
static enum deed_status read_request(struct slice der, const json_t *enrolment,
				     struct slice record, struct enrolled *e,
				     struct deed_error *err)
{
	struct ca_request request;
	enum deed_status status;

	status = ca_request_read(der, &request, err);
	if (status == DEED_OK) {
		/* The request alone does not say who was enrolled by it. */
		sha256(record, e->id);
		buf_slice(&e->spki, request.spki);
		status = buf_status(&e->spki, err);
	}
	if (status == DEED_OK)
		status = enrolment_read(enrolment, &e->enrolment, err);
	ca_request_clear(&request);
	return status;
}

/* Whose word it is, the caller compares with the enrolment before. */
static enum deed_status read_succession(const char *text, struct enrolled *e,
					struct deed_error *err)
{
	struct succession succession;
	struct buf der = BUF_INIT;
	struct cert *signer = NULL;
	json_t *json = NULL;
	enum deed_status status = DEED_OK;

	if (!base64_decode(slice_str(text), &der))
		status = deed_error_set(err, DEED_MALFORMED,
					"its succession is not in base64");
	if (status == DEED_OK)
		status = statement_open(buf_get(&der), SUCCESSION_TYPE,
					STATEMENT_BY_ITSELF, NULL, &json,
					&signer, err);
	if (status == DEED_OK)
		status = succession_read(json, &succession, err);
	if (status == DEED_OK && memcmp(succession.enrolment, e->id, 32) != 0)
		status = deed_error_set(err, DEED_BAD_SIGNATURE,
					"its succession is about another "
					"enrolment");
	if (status == DEED_OK) {
		e->succeeds = true;
		memcpy(e->old_key, cert_spki_sha256(signer), 32);
	}
	json_decref(json);
	cert_free(signer);
	buf_clear(&der);
	return status;
}

void enrolled_clear(struct enrolled *e)
{
	if (e->enrolment.id != NULL)
		secret_wipe(e->enrolment.id, strlen(e->enrolment.id));
	secret_wipe(e->enrolment.salt, sizeof(e->enrolment.salt));
	enrolment_clear(&e->enrolment);
	buf_clear(&e->spki);
}

/* One of two forms and never both at once: else a statement could stand beside
 * somebody else's request. */
enum deed_status enrolled_read(struct slice record, struct enrolled *e,
			       struct deed_error *err)
{
	const char *statement, *request, *succession;
	const json_t *enrolment;
	uint8_t hash[SHA256_SIZE];
	struct buf der = BUF_INIT;
	json_t *json = NULL;
	enum deed_status status;

	*e = (struct enrolled){ .spki = BUF_INIT };
	status = json_load_canonical(record, &json, err);
	if (status != DEED_OK)
		return status;
	statement = json_get_string(json, "statement");
	request = json_get_string(json, "request");
	enrolment = json_object_get(json, "enrolment");
	succession = json_get_string(json, "succession");
	if (!type_is(json) || (statement == NULL) == (request == NULL) ||
	    (request == NULL) != (enrolment == NULL) ||
	    !base64_decode(slice_str(statement != NULL ? statement : request),
			   &der))
		status = deed_error_set(err, DEED_MALFORMED,
					"it is no record of an enrolment");
	else if (statement != NULL)
		status = read_statement(buf_get(&der), e, err);
	else
		status = read_request(buf_get(&der), enrolment, record, e, err);
	if (status == DEED_OK) {
		sha256(buf_get(&e->spki), hash);
		if (memcmp(hash, e->enrolment.key, sizeof(hash)) != 0)
			status = deed_error_set(
				err, DEED_BAD_SIGNATURE,
				"the enrolment names another key "
				"than the one that signed it");
	}
	if (status == DEED_OK && succession != NULL)
		status = read_succession(succession, e, err);
	json_decref(json);
	buf_clear(&der);
	return status;
}
