/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/verify_order.h"

#include <string.h>

/* The revision in which the field of that name was signed, 0 if none passed. */
static unsigned revision_of(struct slice name,
			    const struct verdict_document *doc)
{
	const struct verdict_signature *sig;
	size_t i;

	for (i = 0; i < doc->signature_count; i++) {
		sig = &doc->signatures[i];
		if (sig->indication == TOTAL_PASSED && sig->field != NULL &&
		    (sig->kind == KIND_SIGNATURE || sig->kind == KIND_SEAL) &&
		    slice_equal_str(name, sig->field))
			return sig->revision;
	}
	return 0;
}

/* An empty name is possible, and is refused by verify_order_valid. */
static struct slice next_name(const char **at)
{
	size_t len = strcspn(*at, ",");
	struct slice name = slice_of(*at, len);

	*at += len;
	if (**at == ',')
		(*at)++;
	return name;
}

bool verify_order_met(const char *names, const struct verdict_document *doc)
{
	unsigned last = 0, revision;

	while (*names != '\0') {
		revision = revision_of(next_name(&names), doc);
		if (revision <= last)
			return false;
		last = revision;
	}
	return true;
}

bool verify_order_valid(const char *names)
{
	const char *at = names, *other;
	struct slice name;

	if (*names == '\0' || names[strlen(names) - 1] == ',')
		return false;
	while (*at != '\0') {
		name = next_name(&at);
		if (name.len == 0)
			return false;
		for (other = at; *other != '\0';) {
			if (slice_equal(next_name(&other), name))
				return false;
		}
	}
	return true;
}
