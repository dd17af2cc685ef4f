/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/certificate.h"
#include "ca/subject.h"
#include "codec/json.h"
#include "key/keygen.h"
#include "proof/evidence.h"
#include "sign/statement.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"

/* A house of a root and a notary, made once. */
#define NOW INT64_C(1795435200)

static struct house {
	struct signing_key *root_key, *key;
	struct cert *root, *notary;
	struct pki_source *source;
} house;

static void must(enum deed_status s)
{
	if (s != DEED_OK)
		abort();
}

static struct signing_key *new_key(void)
{
	struct signing_key *key = NULL;
	struct secret *pkcs8 = NULL;

	must(keygen(KEY_P256, &pkcs8, NULL));
	must(signing_key_from_pkcs8(pkcs8, &key, NULL));
	secret_free(pkcs8);
	return key;
}

static struct cert *certify(enum ca_profile profile,
			    const struct signing_key *key)
{
	const struct ca_subject subject = { .organisation = true,
					    .name = "House" };
	struct ca_template t = { .profile = profile,
				 .spki = signing_key_spki(key),
				 .not_before = NOW - 10,
				 .not_after = NOW + 10 };
	struct buf name = BUF_INIT;
	struct cert *c = NULL;

	must(ca_subject_write(&subject, &name, NULL));
	t.subject = buf_get(&name);
	must(ca_issue(&t, house.root, house.root_key, &c, NULL));
	buf_clear(&name);
	return c;
}

static void make_house(void)
{
	if (house.source != NULL)
		return;
	house.root_key = new_key();
	house.key = new_key();
	house.root = certify(CA_ROOT, house.root_key);
	house.notary = certify(CA_NOTARY_SIGNATURE, house.key);
	must(pki_source_new(NULL, &house.source, NULL));
	must(pki_source_add_anchor(house.source, house.root, NULL));
}

/* What can be signed is read back as it was. */
static void sign_and_open(const json_t *json)
{
	const struct cert *chain[] = { house.notary };
	const struct pki_params trust = { .source = house.source,
					  .time = NOW,
					  .no_revocation = true };
	const char *type = json_get_string(json, "type");
	struct buf der = BUF_INIT;
	struct cert *signer = NULL;
	json_t *back = NULL;

	if (statement_sign(json, house.key, chain, 1, NOW, &der, NULL) ==
	    DEED_OK) {
		must(statement_open(buf_get(&der), type, STATEMENT_BY_NOTARY,
				    &trust, &back, &signer, NULL));
		if (!json_equal(back, json))
			abort();
		json_decref(back);
		if (statement_open(buf_get(&der), type, STATEMENT_BY_SERVICE,
				   &trust, &back, NULL, NULL) == DEED_OK)
			abort();
	}
	json_decref(back);
	cert_free(signer);
	buf_clear(&der);
}

static bool enrolment_type_known(const char *type)
{
	return strcmp(type, ENROLMENT_TYPE) == 0 ||
	       strcmp(type, ENROLMENT_NEXT_TYPE) == 0;
}

static void read_as(const json_t *json)
{
	struct enrolment e;
	struct attestation a;
	struct status s;
	const char *type = json_get_string(json, "type");

	if (enrolment_read(json, &e, NULL) == DEED_OK) {
		if (type == NULL || !enrolment_type_known(type))
			abort();

		json_t *again = enrolment_json(&e);

		if (!json_equal(again, json))
			abort();
		json_decref(again);
	}
	enrolment_clear(&e);
	if (attestation_read(json, &a, NULL) == DEED_OK && a.name == NULL)
		abort();
	attestation_clear(&a);
	if (status_read(json, &s, NULL) == DEED_OK && s.state == NULL)
		abort();
	status_clear(&s);
}

static void open_as(struct slice in, const char *type)
{
	const struct pki_params trust = { .source = house.source,
					  .time = NOW,
					  .no_revocation = true };
	json_t *json = NULL;

	/* Nobody but the house's own notary is believed. */
	if (statement_open(in, type, STATEMENT_BY_ANYONE, &trust, &json, NULL,
			   NULL) == DEED_OK)
		abort();
	if (statement_open(in, type, STATEMENT_BY_ITSELF, NULL, &json, NULL,
			   NULL) == DEED_OK)
		read_as(json);
	json_decref(json);
}

/* A statement, and by themselves the objects that are in one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);
	json_t *json = NULL;
	int64_t time;

	make_house();
	open_as(in, ENROLMENT_TYPE);
	open_as(in, ATTESTATION_TYPE);
	open_as(in, ATTESTATION_OUTSIDE_TYPE);
	open_as(in, STATUS_TYPE);
	if (statement_time(in, &time, NULL) == DEED_OK &&
	    (time < INT64_C(-631152000) || time > INT64_C(253402300799)))
		abort();
	if (json_load_canonical(in, &json, NULL) == DEED_OK) {
		read_as(json);
		sign_and_open(json);
	}
	json_decref(json);
	return 0;
}
