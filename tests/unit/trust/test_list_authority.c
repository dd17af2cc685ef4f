/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "trust/list_authority.h"
#include "trust/qualify_list.h"

#define STATUS "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/"
#define BOTH (TRUST_USE_SIGNATURE | TRUST_USE_SEAL)

/* Texts that the structs may own. */
static char granted[] = STATUS "granted", withdrawn[] = STATUS "withdrawn",
	    strange[] = STATUS "beloved",
	    supervised[] = STATUS "undersupervision",
	    accredited[] = STATUS "accredited", licensed[] = "licensed",
	    suspended[] = "suspended", ended[] = "ended", rule[] = "a rule";

static struct cert *load(const char *name)
{
	const char *top = getenv("top_srcdir");
	struct buf b = BUF_INIT;
	struct cert *c;
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/tests/data/key/%s",
		       top != NULL ? top : ".", name);
	assert_ok(file_read(path, 1 << 20, &b, err));
	assert_ok(cert_parse(buf_get(&b), &c, err));
	buf_clear(&b);
	return c;
}

/* Two services of one certificate; the second has not begun at 1000. */
struct fixture {
	struct cert *ca, *other;
	struct trust_hash identity;
	struct trust_status first[2], second; /* newest first */
	struct trust_service services[2];
	struct trust_operator op;
	struct trust_list list;
};

static void set_up(struct fixture *f)
{
	*f = (struct fixture){ .ca = load("p256.der"),
			       .other = load("p384.der") };
	memcpy(f->identity.bytes, cert_sha256(f->ca), 32);
	f->first[0] = (struct trust_status){ .since = 2000,
					     .status = suspended,
					     .uses = BOTH };
	f->first[1] = (struct trust_status){ .since = 1000,
					     .status = licensed,
					     .uses = BOTH };
	f->second = (struct trust_status){ .since = 5000,
					   .status = licensed,
					   .uses = TRUST_USE_SEAL };
	for (int i = 0; i < 2; i++)
		f->services[i] = (struct trust_service){
			.identities = &f->identity,
			.identity_count = 1,
			.statuses = i == 0 ? f->first : &f->second,
			.status_count = i == 0 ? 2 : 1,
		};
	f->op = (struct trust_operator){ .licence_from = TRUST_NO_TIME,
					 .licence_until = TRUST_NO_TIME,
					 .services = f->services,
					 .service_count = 2 };
	f->list = (struct trust_list){ .kind = TRUST_LIST_YAML,
				       .issued = 7000,
				       .next_update = 9000,
				       .operators = &f->op,
				       .operator_count = 1,
				       .certificates = &f->ca,
				       .certificate_count = 1 };
}

static void tear_down(struct fixture *f)
{
	cert_free(f->ca);
	cert_free(f->other);
}

static void test_times(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	assert_int_equal(list_authority_uses(&f.list, f.ca, 999), 0);
	assert_int_equal(list_authority_uses(&f.list, f.ca, 1000), BOTH);
	assert_int_equal(list_authority_uses(&f.list, f.ca, 1999), BOTH);
	assert_int_equal(list_authority_uses(&f.list, f.ca, 2000), 0);
	assert_int_equal(list_authority_uses(&f.list, f.other, 1000), 0);
	f.op.licence_from = 1500;
	f.op.licence_until = 1600;
	assert_int_equal(list_authority_uses(&f.list, f.ca, 1499), 0);
	assert_int_equal(list_authority_uses(&f.list, f.ca, 1500), BOTH);
	assert_int_equal(list_authority_uses(&f.list, f.ca, 1600), BOTH);
	assert_int_equal(list_authority_uses(&f.list, f.ca, 1601), 0);
	tear_down(&f);
}

static void test_end(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	f.first[0].status = licensed;
	assert_int_equal(list_authority_uses(&f.list, f.ca, 9000), BOTH);
	assert_int_equal(list_authority_uses(&f.list, f.ca, 9001), 0);
	/* A closed one speaks until it was made. */
	f.list.next_update = TRUST_NO_TIME;
	assert_int_equal(list_authority_uses(&f.list, f.ca, 7000), BOTH);
	assert_int_equal(list_authority_uses(&f.list, f.ca, 7001), 0);
	tear_down(&f);
}

/* What two services say of one use is not made up between them. */
static void test_contradiction(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	f.second.since = 1000;
	assert_int_equal(list_authority_uses(&f.list, f.ca, 1000), BOTH);
	/* One denies both, the other grants one. */
	assert_int_equal(list_authority_uses(&f.list, f.ca, 2000), 0);
	f.second.status = ended;
	assert_int_equal(list_authority_uses(&f.list, f.ca, 1000),
			 TRUST_USE_SIGNATURE);
	tear_down(&f);
}

static void test_doubt(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	f.second.since = 1000;
	f.second.status = strange;
	assert_int_equal(list_authority_uses(&f.list, f.ca, 1000), 0);
	/* That is no word of such a list. */
	f.second.status = granted;
	assert_int_equal(list_authority_uses(&f.list, f.ca, 1000), 0);
	f.second.status = licensed;
	f.second.unsupported = rule;
	assert_int_equal(list_authority_uses(&f.list, f.ca, 1000), 0);
	/* What issues nothing may be anything. */
	f.second.uses = 0;
	assert_int_equal(list_authority_uses(&f.list, f.ca, 1000), BOTH);
	tear_down(&f);
}

static unsigned uses_of(struct fixture *f, char *status, int64_t at)
{
	f->first[0].status = status;
	return list_authority_uses(&f->list, f->ca, at);
}

/* The word for "granted" is another since the Regulation. */
static void test_european(void **state)
{
	const int64_t day = QUALIFY_EIDAS;
	struct fixture f;

	(void)state;
	set_up(&f);
	f.list.kind = TRUST_LIST_TS119612;
	f.list.next_update = day + 1000;
	f.services[0].status_count = 1;
	f.op.service_count = 1;
	assert_int_equal(uses_of(&f, supervised, day - 1), BOTH);
	assert_int_equal(uses_of(&f, supervised, day), 0);
	assert_int_equal(uses_of(&f, accredited, day - 1), BOTH);
	assert_int_equal(uses_of(&f, accredited, day), 0);
	assert_int_equal(uses_of(&f, granted, day - 1), 0);
	assert_int_equal(uses_of(&f, granted, day), BOTH);
	assert_int_equal(uses_of(&f, withdrawn, day), 0);
	assert_int_equal(uses_of(&f, licensed, day), 0);
	tear_down(&f);
}

/* Of a service that is for time-stamps too, and of one that is for none. */
static void test_anchors(void **state)
{
	struct pki_source *source = NULL;
	struct fixture f;

	(void)state;
	set_up(&f);
	assert_ok(pki_source_new(NULL, &source, err));
	f.first[0].uses = f.first[1].uses = TRUST_USE_WEB;
	f.second.uses = TRUST_USE_IDENTITY;
	assert_ok(list_anchor(&f.list, source, err));
	assert_int_equal(pki_source_anchor_count(source), 0);
	/* What was withdrawn certified before. */
	f.second.uses = TRUST_USE_TIMESTAMP;
	f.second.status = ended;
	assert_ok(list_anchor(&f.list, source, err));
	assert_int_equal(pki_source_anchor_count(source), 1);
	pki_source_free(source);
	tear_down(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_contradiction),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_european),
		cmocka_unit_test(test_anchors),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
