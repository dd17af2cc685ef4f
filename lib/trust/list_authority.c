/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/list_authority.h"

#include "trust/qualify_list.h"

/* At any time in its history: whether it counted when a signature was made is
 * asked when that is judged. */
static bool is_anchor(const struct trust_service *s)
{
	const unsigned uses =
		TRUST_USE_SIGNATURE | TRUST_USE_SEAL | TRUST_USE_TIMESTAMP;
	size_t i;

	for (i = 0; i < s->status_count; i++) {
		if (s->statuses[i].uses & uses)
			return true;
	}
	return false;
}

/* A digest without its certificate anchors nothing; trust_list_check lets none
 * through. */
static enum deed_status anchor_service(const struct trust_list *list,
				       const struct trust_service *s,
				       struct pki_source *into,
				       struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct cert *c;
	size_t i;

	if (!is_anchor(s))
		return DEED_OK;
	for (i = 0; status == DEED_OK && i < s->identity_count; i++) {
		c = trust_list_certificate(list, &s->identities[i]);
		if (c != NULL)
			status = pki_source_add_anchor(into, c, err);
	}
	return status;
}

enum deed_status list_anchor(const struct trust_list *list,
			     struct pki_source *into, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	const struct trust_operator *o;
	size_t i, k;

	for (i = 0; i < list->operator_count; i++) {
		o = &list->operators[i];
		for (k = 0; status == DEED_OK && k < o->service_count; k++)
			status = anchor_service(list, &o->services[k], into,
						err);
	}
	return status;
}

/* Both ends belong to it; where none is given there is none. */
static bool within_licence(const struct trust_operator *o, int64_t at)
{
	return (o->licence_from == TRUST_NO_TIME || at >= o->licence_from) &&
	       (o->licence_until == TRUST_NO_TIME || at <= o->licence_until);
}

/* What one service grants or denies; false where that cannot be told. */
static bool weigh(const struct trust_list *list, const struct trust_operator *o,
		  const struct trust_service *s, int64_t at, unsigned *yes,
		  unsigned *no)
{
	const struct trust_status *now = trust_service_at(s, at);
	enum qualify_status status;

	if (now == NULL || now->uses == 0)
		return true;
	status = qualify_status_of(list, now);
	if (status == QUALIFY_STATUS_WITHDRAWN || !within_licence(o, at)) {
		*no |= now->uses;
		return true;
	}
	*yes |= now->uses;
	return now->unsupported == NULL &&
	       qualify_grants(status, list->kind != TRUST_LIST_TS119612, at);
}

unsigned list_authority_uses(const struct trust_list *list,
			     const struct cert *ca, int64_t at)
{
	/* A closed list speaks until it was made. */
	int64_t end = list->next_update == TRUST_NO_TIME ? list->issued
							 : list->next_update;
	const struct trust_operator *o;
	unsigned yes = 0, no = 0;
	size_t i, k;

	for (i = 0; at <= end && i < list->operator_count; i++) {
		o = &list->operators[i];
		for (k = 0; k < o->service_count; k++) {
			if (trust_service_names(list, &o->services[k], ca) &&
			    !weigh(list, o, &o->services[k], at, &yes, &no))
				return 0;
		}
	}
	return yes & ~no;
}
