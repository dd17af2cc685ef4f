/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json.h"
#include "proof/evidence.h"
#include "sign/statement.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"

static void read_as(const json_t *json)
{
	struct enrolment e;
	struct attestation a;
	struct status s;

	const char *type = json_get_string(json, "type");

	if (enrolment_read(json, &e, NULL) == DEED_OK && type != NULL &&
	    strcmp(type, ENROLMENT_TYPE) == 0) {
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

/* A statement, and by themselves the objects that are in one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = { ENROLMENT_TYPE, ATTESTATION_TYPE,
					     STATUS_TYPE };
	struct slice in = slice_of(data, size);
	json_t *json = NULL;
	int64_t time;

	for (size_t i = 0; i < 3; i++) {
		if (statement_open(in, types[i], STATEMENT_BY_ITSELF, NULL,
				   &json, NULL, NULL) == DEED_OK)
			read_as(json);
		json_decref(json);
	}
	if (statement_time(in, &time, NULL) == DEED_OK &&
	    (time < INT64_C(-631152000) || time > INT64_C(253402300799)))
		abort();
	json = NULL;
	if (json_load_canonical(in, &json, NULL) == DEED_OK)
		read_as(json);
	json_decref(json);
	return 0;
}
