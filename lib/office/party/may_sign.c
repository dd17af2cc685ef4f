/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/may_sign.h"

#include <stdlib.h>

#include "base/clock.h"
#include "ca/store.h"
#include "office/party/authority.h"
#include "office/house.h"
#include "office/keys.h"
#include "office/party/evidence_held.h"
#include "office/party/party.h"

void may_sign_free(struct may_sign_answer *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->chain_count; i++)
		cert_free(a->chain[i]);
	free(a->chain);
	free(a->party);
	free(a->name);
	free(a);
}

static enum deed_status check_state(const struct status *status, int64_t now,
				    struct deed_error *err)
{
	char text[CLOCK_TEXT];

	if (strcmp(status->state, STATE_SUSPENDED) == 0) {
		deed_error_set(err, DEED_NOT_VERIFIED,
			       "party '%s' is suspended%s%s", status->party,
			       status->reason != NULL ? ": " : "",
			       status->reason != NULL ? status->reason : "");
		deed_error_remedy(err, "lift", status->party);
		return DEED_NOT_VERIFIED;
	}
	if (now < status->not_before) {
		clock_format(status->not_before, text);
		return deed_error_set(err, DEED_NOT_VERIFIED,
				      "the identity of party '%s' is verified "
				      "from %s only",
				      status->party, text);
	}
	if (now > status->not_after) {
		clock_format(status->not_after, text);
		deed_error_set(err, DEED_NOT_VERIFIED,
			       "the identity of party '%s' was verified to %s",
			       status->party, text);
		deed_error_remedy(err, "verify-id", status->party);
		return DEED_NOT_VERIFIED;
	}
	if (!status->may_sign)
		return deed_error_set(err, DEED_NOT_VERIFIED,
				      "party '%s' may not sign", status->party);
	return DEED_OK;
}

/* The certificate at hand must be the one that the statement names. */
static enum deed_status check_named(const struct cert *c,
				    const struct status *status,
				    struct deed_error *err)
{
	if (memcmp(cert_sha256(c), status->certificate, 32) == 0 &&
	    memcmp(cert_spki_sha256(c), status->key, 32) == 0)
		return DEED_OK;
	deed_error_set(err, DEED_NOT_VERIFIED,
		       "the status of party '%s' is about another certificate",
		       status->party);
	deed_error_remedy(err, "verify-id", status->party);
	return DEED_NOT_VERIFIED;
}

/* The certificate on its own, though the path is judged as well: one from
 * elsewhere has no path here, and the message is a better one. */
static enum deed_status check_dates(const struct cert *c, const char *party,
				    int64_t now, struct deed_error *err)
{
	const struct cert_fields *f = cert_fields(c);
	char text[CLOCK_TEXT];

	if (now < f->not_before) {
		clock_format(f->not_before, text);
		return deed_error_set(err, DEED_CERT_INVALID,
				      "the certificate of party '%s' is not "
				      "valid before %s",
				      party, text);
	}
	if (now <= f->not_after)
		return DEED_OK;
	clock_format(f->not_after, text);
	deed_error_set(err, DEED_CERT_INVALID,
		       "the certificate of party '%s' expired at %s", party,
		       text);
	deed_error_remedy(err, "verify-id", party);
	return DEED_CERT_INVALID;
}

/* Of the house, and no path: the certificate of the CA that issued it is
 * missing, and what its list says was not asked. */
static enum deed_status check_not_ours(const struct home *h,
				       const struct cert *c, const char *party,
				       struct deed_error *err)
{
	struct ca_store *store = NULL;
	bool ours = false;
	enum deed_status status = ca_store_open(h->ca, &store, err);

	if (status == DEED_OK)
		status = ca_store_has(store, c, &ours, err);
	ca_store_close(store);
	if (status == DEED_OK && ours)
		status = deed_error_set(err, DEED_CERT_INVALID,
					"the certificate of party '%s' is of "
					"this house, and leads to no CA that "
					"the house holds",
					party);
	return status;
}

/*
 * A certificate of the house must lead to its root and be in no CRL.  Of one
 * from elsewhere the house holds no CRL: the operator accepted it, and the
 * status statement says so.  *elsewhere: it is one; who signs has more to ask.
 */
static enum deed_status check_path(struct pki_source *source,
				   const struct cert_list *chain,
				   const char *party, int64_t now,
				   bool *elsewhere, struct deed_error *err)
{
	struct pki_params params = { .time = now, .purpose = PKI_SIGNATURE };
	struct pki_path path = { .len = 0 };
	enum deed_status status;

	params.source = source;
	status = pki_judge_path(chain->items[0], &params, &path, err);
	*elsewhere = status == DEED_OK && path.outcome == PKI_NO_PATH;
	if (status == DEED_OK && path.outcome != PKI_GOOD &&
	    path.outcome != PKI_NO_PATH)
		status = deed_error_set(err, DEED_CERT_INVALID,
					"the certificate of party '%s' is not "
					"valid: %s",
					party, path.message);
	if (status == DEED_CERT_INVALID && path.outcome == PKI_REVOKED)
		deed_error_remedy(err, "verify-id", party);
	pki_path_clear(&path);
	return status;
}

/* The attestation tells which CA was believed, if any was named. */
static enum deed_status take_ca(const struct home *h,
				const struct status *status,
				struct may_sign_answer *a,
				struct deed_error *err)
{
	struct attestation held;
	enum deed_status s = evidence_held(h, status, &held, err);

	if (s == DEED_OK) {
		a->outside = attestation_is_outside(&held);
		memcpy(a->ca, held.ca, sizeof(a->ca));
	}
	attestation_clear(&held);
	return s;
}

/* It holds as long as both, the proof of identity and the certificate. */
static enum deed_status answer(const struct status *status,
			       const struct cert_list *chain,
			       struct may_sign_answer **out,
			       struct deed_error *err)
{
	struct may_sign_answer *a = calloc(1, sizeof(*a));
	int64_t end = cert_fields(chain->items[0])->not_after;

	if (a == NULL)
		return deed_error_memory(err);
	a->party = strdup(status->party);
	a->name = strdup(status->name);
	a->chain = calloc(chain->count, sizeof(struct cert *));
	if (a->party == NULL || a->name == NULL || a->chain == NULL) {
		may_sign_free(a);
		return deed_error_memory(err);
	}
	for (size_t i = 0; i < chain->count; i++)
		a->chain[a->chain_count++] = cert_ref(chain->items[i]);
	a->organisation =
		kind_is_organisation(status->kind) && status->may_seal;
	a->until = status->not_after < end ? status->not_after : end;
	a->log_index = status->index;
	*out = a;
	return DEED_OK;
}

enum deed_status may_sign(const struct home *h, const char *party, int64_t now,
			  struct may_sign_answer **out, struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct pki_source *source = NULL;
	struct status status;
	bool elsewhere = false;
	uint64_t enrolment;
	enum deed_status s;

	*out = NULL;
	memset(&status, 0, sizeof(status));
	s = party_signpost(h, party, &enrolment, err);
	if (s != DEED_OK)
		return s;
	/* Without a fresh list nothing can be relied on, the status neither:
	 * say that first, rather than blame the party. */
	s = authority_crl_fresh(h, now, err);
	/* So it is where the house itself has ended. */
	if (s == DEED_OK)
		s = house_check(h, now, err);
	if (s == DEED_OK)
		s = authority_source(h, &source, err);
	if (s == DEED_OK)
		s = party_status_by(h, source, party, now, &status, err);
	if (s == DEED_OK)
		s = check_state(&status, now, err);
	if (s == DEED_OK)
		s = keys_chain(h, party, &chain, err);
	if (s == DEED_OK && chain.count == 0) {
		s = deed_error_set(err, DEED_NOT_VERIFIED,
				   "the key of party '%s' has no certificate",
				   party);
		deed_error_remedy(err, "verify-id", party);
	}
	if (s == DEED_OK)
		s = check_named(chain.items[0], &status, err);
	if (s == DEED_OK)
		s = check_dates(chain.items[0], party, now, err);
	if (s == DEED_OK)
		s = check_path(source, &chain, party, now, &elsewhere, err);
	if (s == DEED_OK && elsewhere)
		s = check_not_ours(h, chain.items[0], party, err);
	if (s == DEED_OK)
		s = answer(&status, &chain, out, err);
	if (s == DEED_OK && elsewhere)
		s = take_ca(h, &status, *out, err);
	if (s != DEED_OK) {
		may_sign_free(*out);
		*out = NULL;
	}
	cert_list_clear(&chain);
	pki_source_free(source);
	status_clear(&status);
	return s;
}
