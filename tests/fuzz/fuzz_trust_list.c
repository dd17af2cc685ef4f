/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "codec/json.h"
#include "fuzz/fuzz.h"
#include "trust/list_statement.h"
#include "trust/yaml_list.h"

/* What was read has one spelling, and is read back as it was. */
static void again(const struct trust_list *l)
{
	json_t *payload = trust_list_write(l), *other;
	struct trust_list *back = NULL;

	if (payload == NULL ||
	    trust_list_read(payload, l->certificates, l->certificate_count,
			    &back, NULL) != DEED_OK)
		abort();
	other = trust_list_write(back);
	if (!json_equal(payload, other))
		abort();
	for (size_t i = 0; i < l->operator_count; i++)
		for (size_t j = 0; j < l->operators[i].service_count; j++) {
			const struct trust_service *s =
				&l->operators[i].services[j];

			if (trust_service_at(s, s->statuses[0].since) !=
			    &s->statuses[0])
				abort();
		}
	json_decref(other);
	json_decref(payload);
	trust_list_free(back);
}

/* A list in YAML, a payload, and a statement. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);
	struct list_statement *statement = NULL;
	struct trust_list *l = NULL;
	json_t *json = NULL;

	if (yaml_list_read(in, "input", &l, NULL) == DEED_OK)
		again(l);
	else if (l != NULL)
		abort();
	trust_list_free(l);
	if (json_load_canonical(in, &json, NULL) == DEED_OK &&
	    trust_list_read(json, NULL, 0, &l, NULL) == DEED_OK) {
		again(l);
		trust_list_free(l);
	}
	json_decref(json);
	/* Nobody whom nobody named is believed. */
	if (list_statement_open(in, &statement, NULL) == DEED_OK) {
		again(statement->list);
		if (list_statement_believe(statement, NULL, 0, NULL) == DEED_OK)
			abort();
	}
	list_statement_free(statement);
	return 0;
}
