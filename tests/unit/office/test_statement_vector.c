/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "hex_decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ca/subject.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "crypto/digest.h"
#include "proof/evidence.h"
#include "sign/statement.h"

/* The vectors that deed-statement(5) prints. */
static char *manual(void)
{
	const char *dir = getenv("srcdir");
	char path[512];
	char *text = calloc(1, 65536);
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/man/deed-statement.5",
		       dir != NULL ? dir : ".");
	f = fopen(path, "r");
	if (f == NULL || text == NULL)
		fail_msg("cannot open %s", path);
	assert_true(fread(text, 1, 65535, f) > 0);
	fclose(f);
	return text;
}

/* The words of the line that begins with this one. */
static void words(const char *text, const char *label, char a[128], char b[128])
{
	char start[32], format[64];
	const char *line;

	(void)snprintf(start, sizeof(start), "\n%s ", label);
	(void)snprintf(format, sizeof(format), "\n%s %%127s %%127s", label);
	line = strstr(strstr(text, ".Sh VECTORS"), start);
	assert_non_null(line);
	b[0] = '\0';
	assert_true(sscanf(line + strlen(start), "%127s %127s", a, b) >= 1);
}

static void test_vectors(void **state)
{
	static const char *const labels[] = { "id", "phone", "email" };
	char *text = manual();
	char value[128], expected[128], hex[65], pseudonym[CA_PSEUDONYM];
	struct buf salt = BUF_INIT;
	uint8_t mac[32];

	(void)state;
	words(text, "salt", value, expected);
	assert_true(hex_decode(slice_str(value), &salt));
	assert_int_equal(salt.len, 32);
	for (size_t i = 0; i < 3; i++) {
		words(text, labels[i], value, expected);
		evidence_commit(salt.data, labels[i], value, mac);
		hex_text(slice_of(mac, 32), hex);
		assert_string_equal(hex, expected);
	}
	words(text, "id", value, expected);
	assert_ok(ca_pseudonym(buf_get(&salt), "CN", value, pseudonym, err));
	words(text, "pseudonym", value, expected);
	assert_string_equal(pseudonym, value);
	buf_clear(&salt);
	free(text);
}

/* Every member that the manual lists is written, and no other. */
static void count_members(const char *section, const json_t *object)
{
	char *text = manual();
	char *at, *end;
	const char *key;
	json_t *value;
	size_t listed = 0;

	at = strstr(text, section);
	assert_non_null(at);
	end = strstr(at, "\n.El");
	assert_non_null(end);
	*end = '\0';
	for (char *p = at; (p = strstr(p, "\n.It ")) != NULL; p++)
		listed++;
	/* Of the lines one is the heading; "type" is not listed. */
	assert_int_equal(listed - 1, json_object_size(object) - 1);
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		char item[64];

		if (strcmp(key, "type") == 0)
			continue;
		(void)snprintf(item, sizeof(item), "\n.It %s", key);
		if (strstr(at, item) == NULL)
			fail_msg("%s lacks %s", section, key);
	}
	free(text);
}

static void read_data(const char *name, struct buf *out)
{
	const char *dir = getenv("srcdir");
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/tests/data/statement/%s",
		       dir != NULL ? dir : ".", name);
	assert_ok(file_read(path, 65536, out, err));
}

/* 2026-11-24T00:00:00Z: a day after they were made. */
#define LATER INT64_C(1795478400)

static void open_stored(const struct pki_params *trust, const char *cms,
			const char *json, const char *type, struct buf *der)
{
	struct buf expected = BUF_INIT, seen = BUF_INIT;
	json_t *object = NULL;

	read_data(cms, der);
	read_data(json, &expected);
	assert_ok(statement_open(buf_get(der), type, STATEMENT_BY_NOTARY, trust,
				 &object, NULL, err));
	assert_ok(json_canonical(object, &seen, err));
	assert_true(slice_equal(buf_get(&seen), buf_get(&expected)));
	json_decref(object);
	buf_clear(&expected);
	buf_clear(&seen);
}

/* Statements that an earlier deed made: they are never made anew. */
static void test_stored(void **state)
{
	struct pki_source *source = NULL;
	struct pki_params trust = { .time = LATER, .no_revocation = true };
	struct buf root = BUF_INIT, status = BUF_INIT, attestation = BUF_INIT;
	struct status parsed;
	uint8_t hash[32];
	json_t *object = NULL;

	(void)state;
	read_data("root.cer", &root);
	assert_ok(pki_source_new(NULL, &source, err));
	assert_ok(pki_source_add_data(source, buf_get(&root), true, "root.cer",
				      err));
	trust.source = source;
	open_stored(&trust, "status.cms", "status.json", STATUS_TYPE, &status);
	open_stored(&trust, "attestation.cms", "attestation.json",
		    ATTESTATION_TYPE, &attestation);
	assert_ok(statement_open(buf_get(&status), STATUS_TYPE,
				 STATEMENT_BY_NOTARY, &trust, &object, NULL,
				 err));
	assert_ok(status_read(object, &parsed, err));
	sha256(buf_get(&attestation), hash);
	assert_memory_equal(parsed.evidence, hash, sizeof(hash));
	status_clear(&parsed);
	json_decref(object);
	pki_source_free(source);
	buf_clear(&root);
	buf_clear(&status);
	buf_clear(&attestation);
}

static char any[] = "person";

static void test_members(void **state)
{
	struct enrolment e = { .party = any,
			       .kind = any,
			       .name = any,
			       .phone = any,
			       .email = any,
			       .id = any,
			       .salt = { 1 },
			       .key = { 1 },
			       .deposit_key = { 1 } };
	struct attestation a = { .party = any,
				 .kind = any,
				 .name = any,
				 .key = { 1 },
				 .id = { 1 },
				 .phone = { 1 },
				 .email = { 1 },
				 .method = any,
				 .statement = any,
				 .location = any,
				 .attester = { 1 },
				 .record = { 1 },
				 .ca = { 1 },
				 .list = { 1 },
				 .scheme = any,
				 .operator_name = any,
				 .licence = any };
	struct status s = { .party = any,
			    .kind = any,
			    .name = any,
			    .state = any,
			    .reason = any,
			    .key = { 1 },
			    .certificate = { 1 },
			    .deposit_certificate = { 1 },
			    .evidence = { 1 },
			    .record = { 1 },
			    .checkpoint = any };
	json_t *json;

	(void)state;
	json = enrolment_json(&e);
	count_members(".Ss deed.enrolment/1", json);
	json_decref(json);
	json = attestation_json(&a);
	count_members(".Ss deed.attestation/1", json);
	json_decref(json);
	json = status_json(&s);
	count_members(".Ss deed.status/1", json);
	json_decref(json);
}

/* An object with one thing wrong is refused, whatever it is. */
static void test_reading_is_strict(void **state)
{
	struct status s = { .party = any,
			    .kind = any,
			    .name = any,
			    .key = { 1 },
			    .certificate = { 1 },
			    .checkpoint = any };
	static char verified[] = STATE_VERIFIED;
	struct status back;
	json_t *json, *changed;
	const char *key;
	json_t *value;

	(void)state;
	s.state = verified;
	json = status_json(&s);
	assert_ok(status_read(json, &back, err));
	status_clear(&back);
	json_object_foreach(json, key, value)
	{
		if (strcmp(key, "type") == 0)
			continue;
		changed = json_deep_copy(json);
		json_object_del(changed, key);
		assert_status(DEED_MALFORMED, status_read(changed, &back, err));
		status_clear(&back);
		json_object_set_new(changed, key, json_array());
		assert_status(DEED_MALFORMED, status_read(changed, &back, err));
		status_clear(&back);
		json_decref(changed);
	}
	json_object_set_new(json, "more", json_true());
	assert_status(DEED_MALFORMED, status_read(json, &back, err));
	status_clear(&back);
	json_object_del(json, "more");
	json_object_set_new(json, "state", json_string("proven"));
	assert_status(DEED_MALFORMED, status_read(json, &back, err));
	status_clear(&back);
	json_object_set_new(json, "state", json_string("verified"));
	json_object_set_new(json, "not_after",
			    json_string("2026-11-23T12:00:00+08:00"));
	assert_status(DEED_MALFORMED, status_read(json, &back, err));
	status_clear(&back);
	json_decref(json);
}

typedef enum deed_status reader(const json_t *json);

static enum deed_status read_enrolment(const json_t *json)
{
	struct enrolment e;
	enum deed_status s = enrolment_read(json, &e, NULL);

	enrolment_clear(&e);
	return s;
}

static enum deed_status read_attestation(const json_t *json)
{
	struct attestation a;
	enum deed_status s = attestation_read(json, &a, NULL);

	attestation_clear(&a);
	return s;
}

static void check_members(json_t *json, reader *read)
{
	json_t *const wrong[] = { json_null(), json_array(),
				  json_string("sha256:00"), json_integer(-1) };
	const char *key;
	json_t *value;

	assert_int_equal(read(json), DEED_OK);
	json_object_foreach(json, key, value)
	{
		if (strcmp(key, "type") == 0)
			continue;
		for (size_t i = 0; i < 4; i++) {
			json_t *changed = json_deep_copy(json);

			/* Any text is a text. */
			if (i == 2 && json_is_string(value) &&
			    strcmp(json_string_value(value), any) == 0) {
				json_decref(changed);
				continue;
			}
			json_object_set(changed, key, wrong[i]);
			if (read(changed) != DEED_MALFORMED)
				fail_msg("%s: form %zu was taken", key, i);
			json_decref(changed);
		}
	}
	for (size_t i = 0; i < 4; i++)
		json_decref(wrong[i]);
}

static void test_every_member_has_a_form(void **state)
{
	struct enrolment e = { .party = any,
			       .kind = any,
			       .name = any,
			       .phone = any,
			       .email = any,
			       .id = any,
			       .salt = { 1 },
			       .key = { 1 },
			       .deposit_key = { 1 } };
	struct attestation a = { .party = any,
				 .kind = any,
				 .name = any,
				 .key = { 1 },
				 .id = { 1 },
				 .method = any,
				 .statement = any,
				 .location = any,
				 .attester = { 1 },
				 .record = { 1 } };
	json_t *json = enrolment_json(&e);

	(void)state;
	check_members(json, read_enrolment);
	json_decref(json);
	json = attestation_json(&a);
	check_members(json, read_attestation);
	json_decref(json);
}

/* What a list says, and no list: two readers could make two things of it. */
static void test_listed(void **state)
{
	struct attestation a = { .party = any,
				 .kind = any,
				 .name = any,
				 .key = { 1 },
				 .id = { 1 },
				 .method = any,
				 .statement = any,
				 .location = any,
				 .attester = { 1 },
				 .record = { 1 },
				 .ca = { 1 },
				 .list = { 1 },
				 .licence = any };
	struct attestation seen;
	json_t *object = attestation_json(&a);

	(void)state;
	assert_non_null(object);
	assert_ok(attestation_read(object, &seen, err));
	assert_true(attestation_is_listed(&seen));
	assert_string_equal(seen.licence, any);
	attestation_clear(&seen);
	json_object_del(object, "list");
	assert_status(DEED_MALFORMED, attestation_read(object, &seen, err));
	attestation_clear(&seen);
	json_object_del(object, "licence");
	assert_ok(attestation_read(object, &seen, err));
	assert_false(attestation_is_listed(&seen));
	attestation_clear(&seen);
	json_decref(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_stored),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_listed),
		cmocka_unit_test(test_reading_is_strict),
		cmocka_unit_test(test_every_member_has_a_form),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
