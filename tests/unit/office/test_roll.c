/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/random.h"
#include "keystore/keystore.h"
#include "office/party/enroll.h"
#include "office/party/home_events.h"
#include "office/life/init.h"
#include "office/keys.h"
#include "office/party/prove.h"
#include "office/party/roll.h"
#include "tmpdir.h"

/* 2026-11-23T12:00:00Z */
#define START INT64_C(1795435200)

static struct house {
	char dir[64], path[80];
	struct home *home;
	struct event_home *log;
	struct secret *operator, * root, *party;
	struct signing_key *key;    /* wang's */
	struct deposit_key *reader; /* the register's */
} house;

static void enroll(const char *party, const char *id)
{
	struct enrolling e = {
		.form = { .party = party,
			  .kind = "person",
			  .name = "Wang",
			  .email = "x@example.org",
			  .id = id },
		.passphrase = house.party,
		.now = START + 1,
		.wait = 10,
	};

	assert_ok(enroll_party(house.home, &e, err));
}

static int setup(void **state)
{
	struct init_form form = {
		.home = house.path,
		.name = "Notary Office Seven",
		.id = "cn-uscc:32110000MADEED0721",
		.now = START,
	};
	struct keystore *ks = NULL;

	(void)state;
	(void)snprintf(house.dir, sizeof(house.dir), "/tmp/deed-roll-XXXXXX");
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
	enroll("wang", "cn-ric:11010519491231002X");
	assert_ok(home_events_open(house.home, 10, &house.log, err));
	assert_ok(keystore_open(house.home->keystore, &ks, err));
	assert_ok(keystore_unlock_signing(ks, "wang", KEYSTORE_SIGNATURE,
					  secret_slice(house.party), &house.key,
					  err));
	keystore_close(ks);
	assert_ok(
		keys_register(house.home, house.operator, & house.reader, err));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	home_events_close(house.log);
	home_close(house.home);
	signing_key_free(house.key);
	deposit_key_free(house.reader);
	secret_free(house.operator);
	secret_free(house.root);
	secret_free(house.party);
	(void)nftw(house.dir, tmpdir_unlink, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}

/* Somebody who holds the log's key writes an enrolment that follows previous,
 * signed with key and endorsed by old. */
static uint64_t forge(const char *name, const uint8_t previous[32],
		      const struct signing_key *key,
		      const struct signing_key *old)
{
	struct enrolment e = {
		.party = strdup("wang"),
		.kind = strdup("person"),
		.name = strdup(name),
		.email = strdup("x@example.org"),
		.id = strdup("cn-ric:11010519491231002X"),
		.time = START + 5,
	};
	struct keys_public keys;
	struct dropbox_reader reader;
	struct buf record = BUF_INIT;
	struct event *ev = NULL;
	uint64_t index = 0;
	int party, entry;

	assert_ok(keys_of_party(house.home, "wang", &keys, err));
	reader = keys_reader(&keys);
	sha256(signing_key_spki(key), e.key);
	sha256(reader.spki, e.deposit_key);
	memcpy(e.previous, previous, 32);
	assert_ok(random_bytes(e.salt, sizeof(e.salt), err));
	assert_ok(enrolled_sign(&e, key, old, NULL, &record, err));
	assert_ok(event_begin(house.log, START + 5, &ev, err));
	assert_ok(event_party(ev, &reader, &party, err));
	assert_ok(event_entry(ev, "amend", &entry, err));
	assert_ok(event_record(ev, entry, party, buf_get(&record), NULL, err));
	assert_ok(event_finish(ev, NULL, NULL, &index, err));
	event_free(ev);
	keys_public_clear(&keys);
	enrolment_clear(&e);
	buf_clear(&record);
	return index;
}

static enum deed_status chain(struct roll **roll, struct roll_chain *c,
			      uint64_t signpost, struct deed_error *why)
{
	assert_ok(roll_open(house.log, house.reader, roll, err));
	return roll_chain(*roll, "wang", NULL, signpost, c, why);
}

static void test_chain(void **state)
{
	struct signing_key *other = NULL;
	struct secret *pkcs8 = NULL;
	struct roll *roll = NULL;
	struct roll_chain c;
	uint8_t first[32], second[32];
	uint64_t index;

	(void)state;
	assert_ok(keygen(KEY_P256, &pkcs8, err));
	assert_ok(signing_key_from_pkcs8(pkcs8, &other, err));
	secret_free(pkcs8);

	assert_ok(chain(&roll, &c, 1, err));
	assert_int_equal(c.count, 1);
	assert_int_equal(roll_link(&c, 0), ROLL_FIRST);
	assert_true(roll_of_record(&c, c.item[0]->record) == c.item[0]);
	memcpy(first, c.item[0]->enrolled.id, 32);
	roll_free(roll);

	/* The same key, another name. */
	index = forge("Li", first, house.key, NULL);
	assert_status(DEED_INCONSISTENT, chain(&roll, &c, 1, err));
	roll_free(roll);
	assert_ok(chain(&roll, &c, index, err));
	assert_int_equal(c.count, 2);
	assert_int_equal(roll_link(&c, 1), ROLL_SAME_KEY);
	assert_string_equal(roll_newest(&c)->enrolled.enrolment.name, "Li");
	memcpy(second, roll_newest(&c)->enrolled.id, 32);
	roll_free(roll);

	/* Another key, of which the old one says that it succeeds. */
	index = forge("Li", second, other, house.key);
	assert_ok(chain(&roll, &c, index, err));
	assert_int_equal(c.count, 3);
	assert_int_equal(roll_link(&c, 2), ROLL_SUCCEEDS);
	memcpy(first, roll_newest(&c)->enrolled.id, 32);
	roll_free(roll);

	/* And back, which it does not say: its own word for itself is none. */
	index = forge("Li", first, house.key, house.key);
	assert_ok(chain(&roll, &c, index, err));
	assert_int_equal(roll_link(&c, 3), ROLL_UNSIGNED);
	roll_free(roll);

	/* Two ends. */
	index = forge("Zhao", second, house.key, NULL);
	assert_status(DEED_INCONSISTENT, chain(&roll, &c, index, err));
	roll_free(roll);
	signing_key_free(other);
}

static void test_missing(void **state)
{
	static const uint8_t nothing[32] = { 1 };
	struct roll *roll = NULL;
	struct roll_chain c;
	uint64_t index;

	(void)state;
	/* One that follows none is nobody's, unless a status names it. */
	index = forge("Sun", nothing, house.key, NULL);
	assert_ok(roll_open(house.log, house.reader, &roll, err));
	assert_status(DEED_INCONSISTENT,
		      roll_chain(roll, "sun", NULL, index, &c, err));
	roll_free(roll);
}

/* Two handles, one number; and a session for both. */
static void test_session(void **state)
{
	struct prove_session *session = NULL;
	struct prove *p = NULL;
	struct prove_view view;

	(void)state;
	enroll("zhao", "cn-ric:110102199101010078");
	enroll("zhao2", "cn-ric:110102199101010078");
	assert_ok(prove_session_open(house.home, house.operator, START + 9, 10,
				     &session, err));
	assert_ok(prove_open_in(session, "zhao", &p, err));
	prove_view(p, &view);
	assert_int_equal(view.problem_count, 1);
	assert_int_equal(view.link, ROLL_FIRST);
	prove_close(p);
	assert_status(DEED_NOT_FOUND,
		      prove_open_in(session, "nobody", &p, err));
	assert_null(p);
	assert_status(DEED_INCONSISTENT,
		      prove_open_in(session, "wang", &p, err));
	prove_session_close(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_session),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
