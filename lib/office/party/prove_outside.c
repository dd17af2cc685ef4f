/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/prove_priv.h"

#include "codec/hex.h"
#include "key/x509_name.h"

struct outside_party prove_outside(const struct prove *p)
{
	return (struct outside_party){
		.party = p->party,
		.organisation = kind_is_organisation(p->enrolment->kind),
		.key = p->enrolment->key,
		.name = p->enrolment->name,
		.id = p->enrolment->id,
		.name_in_certificate = p->name_kept,
	};
}

/* Nobody's word is taken that nobody named. */
static enum deed_status not_accepted(const char *party,
				     const struct cert_list *chain,
				     struct deed_error *err)
{
	const struct cert *ca = chain->items[chain->count - 1];
	struct buf name = BUF_INIT;
	char hash[65];

	x509_name_text(cert_fields(ca)->subject, &name);
	hex_text(slice_of(cert_sha256(ca), 32), hash);
	deed_error_set(err, DEED_REFUSED,
		       "no trust list names the CA of the certificate of party "
		       "'%s', '%.*s', sha256:%s",
		       party, (int)(name.len < 200 ? name.len : 0),
		       (const char *)name.data, hash);
	deed_error_remedy(err, "accept-ca", hash);
	buf_clear(&name);
	return DEED_REFUSED;
}

static enum deed_status accept(const char *party, const struct cert_list *chain,
			       const uint8_t sha256[32],
			       struct pki_source *source,
			       struct deed_error *err)
{
	char hash[65];

	for (size_t i = 1; i < chain->count; i++) {
		if (memcmp(cert_sha256(chain->items[i]), sha256, 32) == 0)
			return pki_source_add_anchor(source, chain->items[i],
						     err);
	}
	hex_text(slice_of(sha256, 32), hash);
	return deed_error_set(err, DEED_REFUSED,
			      "the certificate of party '%s' was not kept with "
			      "a CA sha256:%s",
			      party, hash);
}

enum deed_status prove_judge_outside(const struct prove *p,
				     const struct outside_party *party,
				     const struct cert_list *chain,
				     const struct prove_act *act, uint8_t *ca,
				     uint8_t *list, struct deed_error *err)
{
	struct outside_params params = { .party = party,
					 .lists = act->lists,
					 .now = p->session->now };
	struct outside_verdict verdict = { .unchecked = false };
	struct pki_source *accepted = NULL;
	enum deed_status s = pki_source_new(NULL, &accepted, err);

	if (s == DEED_OK && act->accept_ca != NULL)
		s = accept(p->party, chain, act->accept_ca, accepted, err);
	else if (s == DEED_OK && act->lists == NULL && chain->count > 1)
		s = not_accepted(p->party, chain, err);
	params.base = accepted;
	if (s == DEED_OK)
		s = outside_judge(&params, chain, &verdict, err);
	if (s == DEED_OK) {
		const struct cert_list *path = &verdict.path;

		memcpy(ca, cert_sha256(path->items[path->count - 1]), 32);
		if (verdict.listed)
			memcpy(list, verdict.list, 32);
	}
	outside_clear(&verdict);
	pki_source_free(accepted);
	return s;
}
