/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/prove_priv.h"

#include "codec/hex.h"

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

/* The CA that the operator names has to be one that came with the certificate,
 * above it: the hash alone would accept nothing that can be looked at. */
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

/* The highest of the way that was kept with the party's certificate: what the
 * list has may be another certificate of the same CA. */
static const struct cert *highest_kept(const struct cert_list *path,
				       const struct cert_list *chain)
{
	for (size_t i = path->count - 1; i > 0; i--) {
		for (size_t k = 1; k < chain->count; k++) {
			if (cert_same_holder(path->items[i], chain->items[k]))
				return chain->items[k];
		}
	}
	return path->items[path->count - 1];
}

enum deed_status prove_judge_outside(const struct prove *p,
				     const struct outside_party *party,
				     const struct cert_list *chain,
				     const struct prove_act *act, uint8_t *ca,
				     struct outside_listed *listed,
				     struct deed_error *err)
{
	struct outside_params params = { .party = party,
					 .lists = p->session->lists,
					 .accepting = true,
					 .now = p->session->now };
	struct outside_verdict verdict = { .unchecked = false };
	struct pki_source *accepted = NULL;
	enum deed_status status = pki_source_new(NULL, &accepted, err);

	if (status == DEED_OK && act->accept_ca != NULL)
		status = accept(p->party, chain, act->accept_ca, accepted, err);
	params.base = accepted;
	if (status == DEED_OK)
		status = outside_judge(&params, chain, &verdict, err);
	if (status == DEED_OK) {
		memcpy(ca, cert_sha256(highest_kept(&verdict.path, chain)), 32);
		*listed = verdict.listed;
	}
	outside_clear(&verdict);
	pki_source_free(accepted);
	return status;
}

/* What is shown before it is decided; what speaks against it is told then. */
enum deed_status prove_see_outside(struct prove *p, struct deed_error *err)
{
	const struct outside_party party = prove_outside(p);
	const struct outside_params params = { .party = &party,
					       .lists = p->session->lists,
					       .accepting = true,
					       .now = p->session->now };
	struct outside_verdict verdict = { .unchecked = false };
	enum deed_status status =
		outside_judge(&params, &p->external, &verdict, NULL);

	if (status == DEED_OK)
		p->listed = verdict.listed;
	outside_clear(&verdict);
	(void)!outside_judge_name(&party, p->external.items[0], &verdict, NULL);
	memcpy(p->differs, verdict.differs, sizeof(p->differs));
	return status == DEED_NO_MEMORY ? deed_error_memory(err) : DEED_OK;
}
