/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll_subject.h"

#include <string.h>

#include "ca/subject.h"
#include "key/x509_name.h"
#include "proof/id_scheme.h"

enum enrolled { NOTHING, NAME, NUMBER, EMAIL };

static const struct {
	const char *word;
	enum oid type;
	enum enrolled enrolled; /* what stands for it without =TEXT */
} attributes[] = {
	{ "C", OID_COUNTRY, NOTHING },
	{ "ST", OID_STATE, NOTHING },
	{ "L", OID_LOCALITY, NOTHING },
	{ "O", OID_ORGANISATION, NAME },
	{ "OU", OID_ORGANISATIONAL_UNIT, NOTHING },
	{ "CN", OID_COMMON_NAME, NAME },
	{ "serialNumber", OID_SERIAL_NUMBER, NUMBER },
	{ "organizationIdentifier", OID_ORGANISATION_IDENTIFIER, NUMBER },
	{ "emailAddress", OID_EMAIL, EMAIL },
};

/* The number as EN 319 412-1 has it, by which what comes back is compared. */
static enum deed_status number_of(const struct enrolment *e,
				  char out[ID_SCHEME_TEXT],
				  struct deed_error *err)
{
	struct id_judgement id;

	if (id_judge_typed(e->id, &id) && id.state != ID_MALFORMED &&
	    id_scheme_write(&id, out))
		return DEED_OK;
	return deed_error_set(err, DEED_CONFIG,
			      "the number of party '%s' has no form of EN 319 "
			      "412-1: give it in subject as a text, "
			      "serialNumber=TEXT",
			      e->party);
}

/* number is the caller's, and the same for every attribute that has it.  An
 * e-mail address that was not enrolled is NULL, and left out. */
static enum deed_status take_enrolled(const struct enrolment *e,
				      enum enrolled what,
				      char number[ID_SCHEME_TEXT],
				      struct x509_attribute *out,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (what == NUMBER)
		status = number_of(e, number, err);
	out->value = what == NUMBER  ? number
		     : what == EMAIL ? e->email
				     : e->name;
	return status;
}

/* The word has to be the whole attribute name, in its own case; a place name
 * has no enrolled value, so it needs a text. */
static enum deed_status take(const struct enrolment *e, const char *word,
			     char number[ID_SCHEME_TEXT],
			     struct x509_attribute *out, struct deed_error *err)
{
	size_t len = strcspn(word, "=");

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]);
	     i++) {
		if (strlen(attributes[i].word) != len ||
		    strncmp(attributes[i].word, word, len) != 0)
			continue;
		out->type = attributes[i].type;
		out->value = word + len + 1;
		if (word[len] == '=')
			return DEED_OK;
		if (attributes[i].enrolled == NOTHING)
			break;
		return take_enrolled(e, attributes[i].enrolled, number, out,
				     err);
	}
	return deed_error_set(err, DEED_CONFIG,
			      "subject '%.64s': expected CN, O, serialNumber, "
			      "organizationIdentifier, emailAddress as "
			      "enrolled, or an attribute as C=TEXT",
			      word);
}

enum deed_status enroll_subject(const struct enrolment *e,
				const char *const *words, size_t count,
				struct buf *out, struct deed_error *err)
{
	struct x509_attribute attrs[ENROLL_SUBJECT_MAX] = { { 0 } };
	const struct ca_subject plain = {
		.organisation = kind_is_organisation(e->kind),
		.name = e->name,
	};
	char number[ID_SCHEME_TEXT];
	struct der_writer w;
	enum deed_status status = DEED_OK;

	if (count == 0)
		return ca_subject_write(&plain, out, err);
	if (count > ENROLL_SUBJECT_MAX)
		return deed_error_set(err, DEED_CONFIG,
				      "subject has more than %d attributes",
				      ENROLL_SUBJECT_MAX);
	for (size_t i = 0; status == DEED_OK && i < count; i++)
		status = take(e, words[i], number, &attrs[i], err);
	if (status != DEED_OK)
		return status;
	der_writer_init(&w, out);
	x509_name_write(&w, attrs, count);
	return der_writer_status(&w, err);
}
