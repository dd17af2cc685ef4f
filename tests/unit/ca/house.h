/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_CA_HOUSE_H
#define DEED_TESTS_UNIT_CA_HOUSE_H

/* A small house for tests: root, issuing CA, and whoever is asked for. */
#include "test.h"

#include <string.h>

#include "ca/certificate.h"
#include "ca/subject.h"
#include "key/keygen.h"

/* 2026-11-23T12:00:00Z, and a day. */
#define HOUSE_TIME INT64_C(1795435200)
#define HOUSE_DAY INT64_C(86400)

struct house_party {
	struct signing_key *key;
	struct cert *cert;
};

struct house {
	struct house_party root, issuing;
};

static inline struct signing_key *house_key(enum key_alg alg)
{
	struct secret *pkcs8 = NULL;
	struct signing_key *key = NULL;

	assert_ok(keygen(alg, &pkcs8, err));
	assert_ok(signing_key_from_pkcs8(pkcs8, &key, err));
	secret_free(pkcs8);
	return key;
}

static inline void house_name(const char *name, const char *number,
			      bool organisation, struct buf *out)
{
	const struct ca_subject subject = {
		.organisation = organisation,
		.country = "CN",
		.name = name,
		.number = number,
	};

	assert_ok(ca_subject_write(&subject, out, err));
}

/* A certificate of this profile for party's key, by issuer (NULL: itself). */
static inline void house_certify(struct house_party *party,
				 const struct house_party *issuer,
				 enum ca_profile profile, const char *name,
				 const uint8_t *attestation)
{
	struct buf subject = BUF_INIT;
	struct ca_template t = {
		.profile = profile,
		.spki = signing_key_spki(party->key),
		.not_before = HOUSE_TIME,
		.not_after = HOUSE_TIME + 365 * HOUSE_DAY,
		.attestation = attestation,
	};

	house_name(name, "EI:CN-TEST", profile == CA_NOTARY_SIGNATURE,
		   &subject);
	t.subject = buf_get(&subject);
	assert_ok(ca_issue(&t, issuer != NULL ? issuer->cert : NULL,
			   issuer != NULL ? issuer->key : party->key,
			   &party->cert, err));
	buf_clear(&subject);
}

static inline void house_party_new(struct house_party *party,
				   const struct house_party *issuer,
				   enum key_alg alg, enum ca_profile profile,
				   const char *name)
{
	party->key = house_key(alg);
	house_certify(party, issuer, profile, name, NULL);
}

static inline void house_party_clear(struct house_party *party)
{
	signing_key_free(party->key);
	cert_free(party->cert);
	memset(party, 0, sizeof(*party));
}

static inline void house_init(struct house *h)
{
	memset(h, 0, sizeof(*h));
	house_party_new(&h->root, NULL, KEY_P256, CA_ROOT, "Test Root");
	house_party_new(&h->issuing, &h->root, KEY_P256, CA_ISSUING,
			"Test Issuing CA");
}

static inline void house_clear(struct house *h)
{
	house_party_clear(&h->root);
	house_party_clear(&h->issuing);
}

#endif
