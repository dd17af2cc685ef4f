/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/party.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "ca/store.h"
#include "office/party/authority.h"
#include "office/keys.h"
#include "sign/statement.h"

#define STATUS_MAX 262144

const char *party_state_name(enum party_state state)
{
	static const char *const names[] = {
		[PARTY_REGISTERED] = "registered",
		[PARTY_VERIFIED] = "verified",
		[PARTY_SUSPENDED] = "suspended",
		[PARTY_EXPIRED] = "expired",
		[PARTY_REVOKED] = "revoked",
		[PARTY_EARLY] = "not-yet",
		[PARTY_UNTOLD] = "unknown",
		[PARTY_DAMAGED] = "damaged",
	};

	return names[state];
}

enum deed_status party_statuses_path(const struct home *h, const char *party,
				     char **out, struct deed_error *err)
{
	return home_party_path(h->statuses, party, "", out, err);
}

/* What keeps a status from being believed is one answer to the caller, and
 * the message says which. */
static enum deed_status not_verified(const char *party, struct deed_error *err)
{
	deed_error_prefix(err, "the status of party '%s' cannot be trusted",
			  party);
	if (err != NULL)
		err->status = DEED_NOT_VERIFIED;
	return DEED_NOT_VERIFIED;
}

enum deed_status party_status(const struct home *h, const char *party,
			      int64_t now, struct status *out,
			      struct deed_error *err)
{
	struct pki_source *source = NULL;
	enum deed_status s;

	memset(out, 0, sizeof(*out));
	s = authority_source(h, &source, err);
	if (s == DEED_OK)
		s = party_status_by(h, source, party, now, out, err);
	pki_source_free(source);
	return s;
}

/* The statement names its party: one that was put in the place of another's is
 * not believed. */
enum deed_status party_status_by(const struct home *h,
				 struct pki_source *source, const char *party,
				 int64_t now, struct status *out,
				 struct deed_error *err)
{
	const struct pki_params trust = { .time = now, .source = source };
	struct buf der = BUF_INIT;
	json_t *json = NULL;
	char *path = NULL;
	enum deed_status s;

	memset(out, 0, sizeof(*out));
	s = home_status_path(h, party, &path, err);
	if (s != DEED_OK)
		goto out;
	if (!file_exists(path)) {
		s = deed_error_set(err, DEED_NOT_VERIFIED,
				   "the identity of party '%s' is not verified",
				   party);
		deed_error_remedy(err, "verify-id", party);
		goto out;
	}
	s = file_read(path, STATUS_MAX, &der, err);
	if (s != DEED_OK)
		goto out;
	s = statement_open(buf_get(&der), STATUS_TYPE, STATEMENT_BY_NOTARY,
			   &trust, &json, NULL, err);
	if (s == DEED_OK)
		s = status_read(json, out, err);
	if (s == DEED_OK && strcmp(out->party, party) != 0)
		s = deed_error_set(err, DEED_NOT_VERIFIED,
				   "it is about party '%s'", out->party);
	if (s == DEED_MALFORMED || s == DEED_BAD_SIGNATURE ||
	    s == DEED_NOT_VERIFIED || s == DEED_LIMIT)
		s = not_verified(party, err);
out:
	json_decref(json);
	free(path);
	buf_clear(&der);
	return s;
}

void party_info_clear(struct party_info *info)
{
	free(info->party);
	free(info->kind);
	free(info->name);
	free(info->problem);
	free(info->remedy);
	memset(info, 0, sizeof(*info));
}

/* The strings move from one to the other.  A suspension is told before the
 * dates: it is what somebody decided. */
static void take_status(struct party_info *info, struct status *status,
			int64_t now)
{
	info->kind = status->kind;
	info->name = status->name;
	status->kind = NULL;
	status->name = NULL;
	memcpy(info->key, status->key, sizeof(info->key));
	info->index = status->index;
	info->may_sign = status->may_sign;
	info->may_seal = status->may_seal;
	info->not_before = status->not_before;
	info->not_after = status->not_after;
	if (strcmp(status->state, STATE_SUSPENDED) == 0)
		info->state = PARTY_SUSPENDED;
	else if (now < status->not_before)
		info->state = PARTY_EARLY;
	else if (now > status->not_after)
		info->state = PARTY_EXPIRED;
	else
		info->state = PARTY_VERIFIED;
}

/* Is the key in the keystore another than the one that was proven? */
static bool has_new_key(const struct home *h, const struct status *status)
{
	struct keys_public keys;
	uint8_t hash[SHA256_SIZE];
	bool other = false;

	if (keys_of_party(h, status->party, &keys, NULL) == DEED_OK &&
	    keys.spki.len > 0) {
		sha256(buf_get(&keys.spki), hash);
		other = memcmp(hash, status->key, sizeof(hash)) != 0;
	}
	keys_public_clear(&keys);
	return other;
}

/*
 * Is the certificate of this party over, or not valid yet?  Then *why says so
 * of whose it is, and what follows.  False where it cannot be read: that is
 * said where it is needed.
 */
static bool is_outside(const struct home *h, const char *party, int64_t now,
		       const char *whose, const char *follows,
		       struct deed_error *why)
{
	struct cert_list chain = CERT_LIST_INIT;
	int64_t from = now, to = now;
	char text[CLOCK_TEXT];

	if (keys_chain(h, party, &chain, NULL) == DEED_OK && chain.count > 0) {
		from = cert_fields(chain.items[0])->not_before;
		to = cert_fields(chain.items[0])->not_after;
	}
	cert_list_clear(&chain);
	if (now >= from && now <= to)
		return false;
	clock_format(now > to ? to : from, text);
	(void)deed_error_set(why, DEED_CERT_INVALID, "%s certificate %s %s%s",
			     whose, now > to ? "ended at" : "begins at", text,
			     follows);
	return true;
}

/* Has the house revoked the certificate of this party?  Then *why says what
 * follows: an ended key is replaced, another is certified anew. */
static bool is_revoked(const struct home *h, const struct party_info *info,
		       struct deed_error *why)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct ca_store *store = NULL;
	bool revoked = false;

	if (keys_chain(h, info->party, &chain, NULL) == DEED_OK &&
	    chain.count > 0 && ca_store_open(h->ca, &store, NULL) == DEED_OK &&
	    ca_store_is_revoked(store, chain.items[0], &revoked, NULL) !=
		    DEED_OK)
		revoked = false;
	if (revoked &&
	    keys_check_ended(store, info->party, info->key, why) == DEED_OK) {
		(void)deed_error_set(why, DEED_CERT_INVALID,
				     "its certificate is revoked");
		deed_error_remedy(why, "verify-id", info->party);
	}
	ca_store_close(store);
	cert_list_clear(&chain);
	return revoked;
}

/* Why a status that is to be believed does not hold, and what mends it. */
static void explain(const struct home *h, struct party_info *info, int64_t now,
		    struct deed_error *why)
{
	char text[CLOCK_TEXT];

	if ((info->state == PARTY_VERIFIED || info->state == PARTY_EXPIRED) &&
	    is_revoked(h, info, why)) {
		info->state = PARTY_REVOKED;
	} else if (info->state == PARTY_VERIFIED &&
		   is_outside(h, info->party, now, "its", "", why)) {
		info->state = PARTY_EXPIRED;
	} else if (info->state == PARTY_EXPIRED &&
		   !is_outside(h, info->party, now, "its", "", why)) {
		clock_format(info->not_after, text);
		(void)deed_error_set(why, DEED_NOT_VERIFIED,
				     "what its identity was proven by ended "
				     "at %s",
				     text);
	} else if (info->state == PARTY_EARLY) {
		clock_format(info->not_before, text);
		(void)deed_error_set(why, DEED_NOT_VERIFIED,
				     "its status begins at %s", text);
	}
	if (info->state == PARTY_EXPIRED)
		deed_error_remedy(why, "renew", info->party);
}

/*
 * Why a status is not to be believed.  Where no list is fresh, or the
 * notary's own certificate does not hold, the party is not to blame.
 */
static void excuse(const struct home *h, struct party_info *info, int64_t now,
		   struct deed_error *why)
{
	struct deed_error office = DEED_ERROR_INIT;

	info->state = PARTY_UNTOLD;
	if (authority_crl_fresh(h, now, &office) != DEED_OK) {
		*why = office;
	} else if (is_outside(h, HOME_OFFICE, now, "the office's",
			      ", so no status can be relied on", &office)) {
		*why = office;
		deed_error_remedy(why, "rekey-office", NULL);
	} else {
		info->state = PARTY_DAMAGED;
		why->hint[0][0] = '\0';
		deed_error_remedy(why, "verify-id", info->party);
	}
}

/* No message is no problem.  The first hint is all that is kept. */
static enum deed_status keep(struct party_info *info,
			     const struct deed_error *why,
			     struct deed_error *err)
{
	if (why->message[0] == '\0')
		return DEED_OK;
	info->problem = strdup(why->message);
	if (why->hint[0][0] != '\0')
		info->remedy = strdup(why->hint[0]);
	if (info->problem == NULL ||
	    (why->hint[0][0] != '\0' && info->remedy == NULL))
		return deed_error_memory(err);
	return DEED_OK;
}

enum deed_status party_load(const struct home *h, const char *party,
			    int64_t now, struct party_info *out,
			    struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct status status;
	char *path = NULL;
	enum deed_status s;

	memset(out, 0, sizeof(*out));
	s = party_signpost(h, party, &out->enrolment, err);
	if (s == DEED_OK)
		s = home_status_path(h, party, &path, err);
	if (s != DEED_OK)
		return s;
	out->party = strdup(party);
	if (out->party == NULL) {
		s = deed_error_memory(err);
		goto out;
	}
	if (!file_exists(path))
		goto out; /* registered */
	s = party_status(h, party, now, &status, &why);
	if (s == DEED_OK && status.enrolment != out->enrolment &&
	    has_new_key(h, &status)) {
		/* Registered: what was proven is of a key that was lost. */
	} else if (s == DEED_OK) {
		take_status(out, &status, now);
		explain(h, out, now, &why);
		s = keep(out, &why, err);
	} else if (s == DEED_NOT_VERIFIED) {
		excuse(h, out, now, &why);
		s = keep(out, &why, err);
	} else if (err != NULL) {
		*err = why;
	}
	status_clear(&status);
out:
	free(path);
	return s;
}
