/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/subject.h"

#include "ca/subject.h"
#include "proof/id_country.h"
#include "proof/id_scheme.h"

/* A number of a kind that has no form of EN 319 412-1 stays a pseudonym, also
 * an organisation's. */
enum deed_status subject_write(const struct enrolment *e,
			       const struct id_judgement *id, bool real,
			       const char *role, struct buf *out,
			       struct deed_error *err)
{
	char pseudonym[CA_PSEUDONYM], number[ID_SCHEME_TEXT], two[3];
	const char *country = id_country(id, two) ? two : NULL;
	struct ca_subject subject = {
		.organisation = kind_is_organisation(e->kind),
		.country = country,
		.name = e->name,
		.role = role,
	};
	enum deed_status status;

	status = ca_pseudonym(slice_of(e->salt, sizeof(e->salt)), country,
			      e->id, pseudonym, err);
	subject.number = pseudonym;
	if ((subject.organisation || real) && id_scheme_write(id, number))
		subject.number = number;
	return status == DEED_OK ? ca_subject_write(&subject, out, err)
				 : status;
}
