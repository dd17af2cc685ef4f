/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "keystore/keystore.h"
#include "office/party/authority.h"
#include "office/party/may_sign.h"
#include "office/party/enroll.h"
#include "office/life/init.h"
#include "office/party/party.h"
#include "office/party/prove.h"
#include "sign/statement.h"
#include "tmpdir.h"

/* 2026-11-23T12:00:00Z */
#define START INT64_C(1795435200)
#define DAY INT64_C(86400)

/* One home for all tests: making keys takes a while.  Each test leaves the
 * parties as it found them. */
static struct house {
	char dir[64], path[80];
	struct home *home;
	struct secret *operator, * root, *party;
} house;

static void enroll(const char *party, const char *kind, const char *name,
		   const char *id)
{
	struct enrolling e = {
		.form = { .party = party,
			  .kind = kind,
			  .name = name,
			  .email = "x@example.org",
			  .id = id },
		.passphrase = house.party,
		.now = START + 1,
		.wait = 10,
	};

	assert_ok(enroll_party(house.home, &e, err));
}

static void prove(const char *party, int64_t now, unsigned days)
{
	struct prove_act act = {
		.method = "in-person",
		.statement = "seen",
		.location = "Beijing",
		.days = days,
	};
	struct prove *p = NULL;

	assert_ok(prove_open(house.home, party, house.operator, now, 10, &p,
			     err));
	assert_ok(prove_issue(p, &act, err));
	prove_close(p);
}

static int setup(void **state)
{
	struct init_form form = {
		.home = house.path,
		.name = "Notary Office Seven",
		.id = "cn-uscc:32110000MADEED0721",
		.now = START,
	};

	(void)state;
	(void)snprintf(house.dir, sizeof(house.dir),
		       "/tmp/deed-may-sign-XXXXXX");
	assert_non_null(mkdtemp(house.dir));
	(void)snprintf(house.path, sizeof(house.path), "%s/home", house.dir);
	assert_ok(secret_copy("operator", 8, &house.operator, err));
	assert_ok(secret_copy("root", 4, &house.root, err));
	assert_ok(secret_copy("party", 5, &house.party, err));
	form.operator_passphrase = house.operator;
	form.root_passphrase = house.root;
	assert_ok(init_home(&form, err));
	free(form.origin);
	assert_ok(home_open(house.path, &house.home, err));
	enroll("wang", "person", "王小明", "cn-ric:11010519491231002X");
	enroll("acme", "enterprise", "Acme", "cn-uscc:91310000MADEED101N");
	prove("wang", START + 10, 100);
	prove("acme", START + 10, 100);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	home_close(house.home);
	secret_free(house.operator);
	secret_free(house.root);
	secret_free(house.party);
	(void)nftw(house.dir, tmpdir_unlink, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}

static enum deed_status ask(const char *party, int64_t now)
{
	struct may_sign_answer *a = NULL;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status s = may_sign(house.home, party, now, &a, &why);

	if (s != DEED_OK)
		print_message("# %s\n", why.message);

	assert_true((s == DEED_OK) == (a != NULL));
	may_sign_free(a);
	return s;
}

static void test_answer(void **state)
{
	struct may_sign_answer *a = NULL;

	(void)state;
	assert_ok(may_sign(house.home, "wang", START + 20, &a, err));
	assert_string_equal(a->party, "wang");
	assert_string_equal(a->name, "王小明");
	assert_false(a->organisation);
	assert_int_equal(a->chain_count, 2);
	assert_true(a->until == START + 10 + 100 * DAY);
	assert_true(a->log_index > 0);
	may_sign_free(a);
	assert_ok(may_sign(house.home, "acme", START + 20, &a, err));
	assert_true(a->organisation);
	may_sign_free(a);
	assert_ok(may_sign(house.home, "office", START + 20, &a, err));
	assert_true(a->organisation);
	may_sign_free(a);
}

static void test_nobody(void **state)
{
	static const char *const bad[] = {
		"", ".", "..", "a/b", "../wang", "Wang", "wang.", "-wang"
	};

	(void)state;
	assert_int_equal(ask("nobody", START + 20), DEED_NOT_FOUND);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(ask(bad[i], START + 20), DEED_USAGE);
}

static void test_registered_only(void **state)
{
	(void)state;
	enroll("li", "person", "Li Na", "cn-ric:440524188001010014");
	assert_int_equal(ask("li", START + 20), DEED_NOT_VERIFIED);
}

static void test_too_early(void **state)
{
	(void)state;
	assert_int_equal(ask("wang", START + 9), DEED_NOT_VERIFIED);
	assert_int_equal(ask("wang", START + 10), DEED_OK);
	assert_int_equal(ask("wang", START - DAY), DEED_NOT_VERIFIED);
}

static void new_crl(int64_t now)
{
	struct authority_crl crl = {
		.passphrase = house.operator,
		.now = now,
		.wait = 10,
	};

	assert_ok(authority_crl(house.home, &crl, err));
}

/* Without a fresh list nobody signs; with one, until the end. */
static void test_too_late(void **state)
{
	struct party_info info;

	(void)state;
	assert_int_equal(ask("wang", START + 36 * DAY), DEED_CERT_INVALID);
	assert_ok(party_load(house.home, "wang", START + 36 * DAY, &info, err));
	assert_int_equal(info.state, PARTY_UNTOLD);
	assert_non_null(strstr(info.problem, "revocation list"));
	assert_string_equal(info.remedy, "@crl");
	party_info_clear(&info);
	new_crl(START + 90 * DAY);
	assert_int_equal(ask("wang", START + 100 * DAY), DEED_OK);
	assert_int_equal(ask("wang", START + 101 * DAY), DEED_NOT_VERIFIED);
	assert_ok(
		party_load(house.home, "wang", START + 101 * DAY, &info, err));
	assert_int_equal(info.state, PARTY_EXPIRED);
	assert_non_null(strstr(info.problem, " ended at "));
	assert_string_equal(info.remedy, "@renew wang");
	party_info_clear(&info);
	new_crl(START + 25);
}

static void change(const char *state, int64_t now)
{
	struct prove_change c = {
		.passphrase = house.operator,
		.party = "wang",
		.state = state,
		.now = now,
		.wait = 10,
	};

	assert_ok(prove_change(house.home, &c, err));
}

static void test_suspended(void **state)
{
	(void)state;
	change("suspended", START + 30);
	assert_int_equal(ask("wang", START + 40), DEED_NOT_VERIFIED);
	change("verified", START + 50);
	assert_int_equal(ask("wang", START + 60), DEED_OK);
}

/* Another's certificate in the place of one's own, and none. */
static void test_certificate_exchanged(void **state)
{
	struct keystore *ks = NULL;
	struct buf mine = BUF_INIT, other = BUF_INIT;
	char *wang = NULL, *acme = NULL;

	(void)state;
	assert_ok(keystore_open(house.home->keystore, &ks, err));
	assert_ok(keystore_chain_path(ks, "wang", KEYSTORE_SIGNATURE, &wang,
				      err));
	assert_ok(keystore_chain_path(ks, "acme", KEYSTORE_SIGNATURE, &acme,
				      err));
	assert_ok(file_read(wang, 1 << 20, &mine, err));
	assert_ok(file_read(acme, 1 << 20, &other, err));
	assert_ok(
		file_write(wang, 0600, buf_get(&other), OUTFILE_REPLACE, err));
	assert_int_equal(ask("wang", START + 60), DEED_NOT_VERIFIED);
	assert_ok(file_remove(wang, err));
	assert_int_equal(ask("wang", START + 60), DEED_NOT_VERIFIED);
	assert_ok(file_write(wang, 0600, buf_get(&mine), OUTFILE_REPLACE, err));
	assert_int_equal(ask("wang", START + 60), DEED_OK);
	free(wang);
	free(acme);
	buf_clear(&mine);
	buf_clear(&other);
	keystore_close(ks);
}

/* acme is certified by the house, and writes a status for itself. */
static void forge(const struct status *status, struct buf *out)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct signing_key *key = NULL;
	struct keystore *ks = NULL;
	json_t *json = status_json(status);

	assert_ok(keystore_open(house.home->keystore, &ks, err));
	assert_ok(keystore_unlock_signing(ks, "acme", KEYSTORE_SIGNATURE,
					  secret_slice(house.party), &key,
					  err));
	assert_ok(keystore_chain(ks, "acme", KEYSTORE_SIGNATURE, &chain, err));
	assert_ok(statement_sign(json, key,
				 (const struct cert *const *)chain.items,
				 chain.count, START + 60, out, err));
	json_decref(json);
	cert_list_clear(&chain);
	signing_key_free(key);
	keystore_close(ks);
}

static void test_own_status(void **state)
{
	struct buf mine = BUF_INIT, forged = BUF_INIT;
	struct status status;
	char *path = NULL;

	(void)state;
	assert_ok(home_status_path(house.home, "acme", &path, err));
	assert_ok(file_read(path, 1 << 20, &mine, err));
	assert_ok(party_status(house.home, "acme", START + 60, &status, err));
	status.not_after += 1000 * DAY;
	forge(&status, &forged);
	assert_ok(
		file_write(path, 0600, buf_get(&forged), OUTFILE_REPLACE, err));
	assert_int_equal(ask("acme", START + 60), DEED_NOT_VERIFIED);
	assert_ok(file_write(path, 0600, buf_get(&mine), OUTFILE_REPLACE, err));
	assert_int_equal(ask("acme", START + 60), DEED_OK);
	status_clear(&status);
	free(path);
	buf_clear(&mine);
	buf_clear(&forged);
}

/* The notary renews its own, and stays the notary. */
static void test_office_renewed(void **state)
{
	struct prove_act act = {
		.method = "in-person",
		.statement = "seen",
		.location = "Beijing",
		.days = 300,
	};
	struct prove *p = NULL;

	(void)state;
	/* Not shortened: what was stated to its end would not be believed. */
	assert_ok(prove_open(house.home, "office", house.operator, START + 70,
			     10, &p, err));
	assert_status(DEED_REFUSED, prove_issue(p, &act, err));
	prove_close(p);
	prove("office", START + 70, 2000);
	assert_int_equal(ask("office", START + 80), DEED_OK);
	prove("acme", START + 90, 100);
	assert_int_equal(ask("acme", START + 100), DEED_OK);
	assert_int_equal(ask("wang", START + 100), DEED_OK);
}

/* Nobody else enrolls as one. */
static void test_second_notary(void **state)
{
	struct prove_act act = {
		.method = "in-person",
		.statement = "seen",
		.location = "Beijing",
		.days = 10,
	};
	struct prove *p = NULL;

	(void)state;
	enroll("other", "notary", "Other", "cn-uscc:91110000600037341L");
	assert_ok(prove_open(house.home, "other", house.operator, START + 100,
			     10, &p, err));
	assert_status(DEED_REFUSED, prove_issue(p, &act, err));
	prove_close(p);
	assert_int_equal(ask("other", START + 100), DEED_NOT_VERIFIED);
}

static void test_revoked(void **state)
{
	struct authority_revocation r = {
		.passphrase = house.operator,
		.party = "wang",
		.reason = CA_SUPERSEDED,
		.now = START + 110,
		.wait = 10,
	};
	struct prove_act act = {
		.method = "in-person",
		.statement = "seen",
		.location = "Beijing",
		.days = 100,
	};
	struct prove *p = NULL;

	(void)state;
	assert_ok(authority_revoke(house.home, &r, err));
	assert_int_equal(r.revoked, 2);
	assert_int_equal(ask("wang", START + 120), DEED_CERT_INVALID);
	assert_int_equal(ask("acme", START + 120), DEED_OK);
	prove("wang", START + 130, 100);
	assert_int_equal(ask("wang", START + 140), DEED_OK);
	/* A key that is compromised is never certified again. */
	r.reason = CA_KEY_COMPROMISE;
	r.now = START + 150;
	assert_ok(authority_revoke(house.home, &r, err));
	assert_int_equal(ask("wang", START + 160), DEED_CERT_INVALID);
	assert_ok(prove_open(house.home, "wang", house.operator, START + 170,
			     10, &p, err));
	assert_int_equal(prove_issue(p, &act, NULL), DEED_REFUSED);
	prove_close(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_registered_only),
		cmocka_unit_test(test_too_early),
		cmocka_unit_test(test_too_late),
		cmocka_unit_test(test_suspended),
		cmocka_unit_test(test_certificate_exchanged),
		cmocka_unit_test(test_own_status),
		cmocka_unit_test(test_office_renewed),
		cmocka_unit_test(test_second_notary),
		cmocka_unit_test(test_revoked),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
