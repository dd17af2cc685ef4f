/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "ca/subject.h"
#include "office/party/party.h"
#include "proof/evidence.h"

/* Only of what the number is by its form: whether it is this party's the proof
 * tells. */
static enum deed_status check_number(const struct enroll_form *form,
				     struct enroll_checked *out,
				     struct deed_error *err)
{
	bool organisation = kind_is_organisation(form->kind);
	struct id_judgement *id = &out->id;

	if (form->id == NULL) {
		deed_error_set(err, DEED_USAGE,
			       "the identity number is missing, expected "
			       "KIND:NUMBER");
		deed_error_remedy(err, "id", NULL);
		return DEED_USAGE;
	}
	if (!id_judge_typed(form->id, id) || id->state == ID_MALFORMED)
		return deed_error_set(err, DEED_USAGE,
				      "identity number '%.80s': %s", form->id,
				      id->reason);
	if (id_kind_subject(id->kind) !=
	    (organisation ? ID_OF_ORGANISATION : ID_OF_PERSON))
		return deed_error_set(err, DEED_USAGE,
				      "a number of kind '%s' does not name %s",
				      id_kind_name(id->kind),
				      organisation ? "an organisation"
						   : "a person");
	(void)snprintf(out->id_text, sizeof(out->id_text), "%s:%s",
		       id_kind_name(id->kind), id->value);
	return DEED_OK;
}

/* A contact that is not given is none; enroll_check asks for at least one of
 * the two, but of a notary. */
static enum deed_status check_contact(const char *value, enum id_kind kind,
				      struct id_judgement *out,
				      struct deed_error *err)
{
	if (value == NULL)
		return DEED_OK;
	id_judge(kind, value, out);
	if (out->state == ID_MALFORMED)
		return deed_error_set(err, DEED_USAGE, "%s '%.80s': %s",
				      kind == ID_PHONE ? "phone number"
						       : "e-mail address",
				      value, out->reason);
	return DEED_OK;
}

enum deed_status enroll_check(const struct enroll_form *form,
			      struct enroll_checked *out,
			      struct deed_error *err)
{
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	status = home_check_party(form->party, err);
	if (status != DEED_OK)
		return status;
	if (form->name == NULL)
		return deed_error_set(err, DEED_USAGE, "the name is missing");
	status = ca_check_name(form->name, err);
	if (status == DEED_OK && !kind_valid(form->kind))
		status = deed_error_set(err, DEED_USAGE,
					"there is no kind of party '%.40s'",
					form->kind);
	if (status == DEED_OK)
		status = check_number(form, out, err);
	if (status == DEED_OK)
		status = check_contact(form->phone, ID_PHONE, &out->phone, err);
	if (status == DEED_OK)
		status = check_contact(form->email, ID_EMAIL, &out->email, err);
	if (status == DEED_OK && form->phone == NULL && form->email == NULL &&
	    strcmp(form->kind, KIND_NOTARY) != 0)
		status =
			deed_error_set(err, DEED_USAGE,
				       "a phone number or an e-mail address is "
				       "missing");
	return status;
}

enum deed_status enroll_free(const struct home *h, const char *party,
			     struct deed_error *err)
{
	char *path = NULL;
	enum deed_status status;

	status = party_signpost_path(h, party, &path, err);
	if (status == DEED_OK && file_exists(path)) {
		status = deed_error_set(err, DEED_EXISTS,
					"there is a party '%s' already", party);
		deed_error_hint(err, "deed party show %s", party);
	}
	free(path);
	return status;
}
