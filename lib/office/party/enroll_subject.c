/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll_subject.h"

#include <string.h>

#include "ca/subject.h"
#include "key/x509_name.h"

static const char *name_of(const struct enrolment *e)
{
	return e->name;
}

/* "cn-ric:1101..." without its kind. */
static const char *number_of(const struct enrolment *e)
{
	const char *colon = strchr(e->id, ':');

	return colon == NULL ? e->id : colon + 1;
}

static const char *email_of(const struct enrolment *e)
{
	return e->email;
}

static const struct {
	const char *word;
	enum oid type;
	const char *(*enrolled)(const struct enrolment *e); /* or NULL */
} attributes[] = {
	{ "C", OID_COUNTRY, NULL },
	{ "ST", OID_STATE, NULL },
	{ "L", OID_LOCALITY, NULL },
	{ "O", OID_ORGANISATION, name_of },
	{ "OU", OID_ORGANISATIONAL_UNIT, NULL },
	{ "CN", OID_COMMON_NAME, name_of },
	{ "serialNumber", OID_SERIAL_NUMBER, number_of },
	{ "organizationIdentifier", OID_ORGANISATION_IDENTIFIER, number_of },
	{ "emailAddress", OID_EMAIL, email_of },
};

static bool take(const struct enrolment *e, const char *word,
		 struct x509_attribute *out)
{
	size_t len = strcspn(word, "=");

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]);
	     i++) {
		if (strlen(attributes[i].word) != len ||
		    strncmp(attributes[i].word, word, len) != 0)
			continue;
		out->type = attributes[i].type;
		if (word[len] == '=')
			out->value = word + len + 1;
		else if (attributes[i].enrolled != NULL)
			out->value = attributes[i].enrolled(e);
		return word[len] == '=' || attributes[i].enrolled != NULL;
	}
	return false;
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
	struct der_writer w;

	if (count == 0)
		return ca_subject_write(&plain, out, err);
	if (count > ENROLL_SUBJECT_MAX)
		return deed_error_set(err, DEED_CONFIG,
				      "subject has more than %d attributes",
				      ENROLL_SUBJECT_MAX);
	for (size_t i = 0; i < count; i++)
		if (!take(e, words[i], &attrs[i]))
			return deed_error_set(
				err, DEED_CONFIG,
				"subject '%.64s': expected CN, O, "
				"serialNumber, "
				"organizationIdentifier, "
				"emailAddress as enrolled, or "
				"an attribute as C=TEXT",
				words[i]);
	der_writer_init(&w, out);
	x509_name_write(&w, attrs, count);
	return der_writer_status(&w, err);
}
