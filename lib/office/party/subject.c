/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/subject.h"

#include "ca/subject.h"
#include "proof/id_country.h"

/* EN 319 412-1 5.1: where the certificate is to tell the number itself. */
static void real_number(const struct id_judgement *id, struct buf *out)
{
	static const struct {
		enum id_kind kind;
		const char *prefix;
	} prefixes[] = {
		{ ID_CN_RIC, "IDCCN-" },
		{ ID_CN_RIC15, "IDCCN-" },
		{ ID_CN_PRC_FOREIGN, "IDCCN-" },
		{ ID_CN_USCC, "NTRCN-" },
		{ ID_LEI, "LEIXG-" },
		{ ID_EE_PNO, "PNOEE-" },
		{ ID_ETSI_NATURAL, "" },
		{ ID_ETSI_LEGAL, "" },
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (prefixes[i].kind == id->kind)
			buf_printf(out, "%s%s%c", prefixes[i].prefix, id->value,
				   0);
	}
}

enum deed_status subject_write(const struct enrolment *e,
			       const struct id_judgement *id, bool real,
			       const char *role, struct buf *out,
			       struct deed_error *err)
{
	char pseudonym[CA_PSEUDONYM], two[3];
	const char *country = id_country(id, two) ? two : NULL;
	struct buf number = BUF_INIT;
	struct ca_subject subject = {
		.organisation = kind_is_organisation(e->kind),
		.country = country,
		.name = e->name,
		.role = role,
	};
	enum deed_status s;

	if (subject.organisation || real)
		real_number(id, &number);
	s = buf_status(&number, err);
	if (s == DEED_OK)
		s = ca_pseudonym(slice_of(e->salt, sizeof(e->salt)), country,
				 e->id, pseudonym, err);
	subject.number = number.len > 1 ? (const char *)number.data : pseudonym;
	if (s == DEED_OK)
		s = ca_subject_write(&subject, out, err);
	buf_clear(&number);
	return s;
}
