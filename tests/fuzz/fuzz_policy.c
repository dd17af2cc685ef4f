/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "fuzz/fuzz.h"
#include "judge/constraints.h"

/* A policy file: what is accepted is within bounds, and asked without harm. */
static void check_sizes(const struct constraints_size *list, size_t count)
{
	size_t i;

	assert(count <= CONSTRAINTS_SIZES);
	for (i = 1; i < count; i++)
		assert(list[i - 1].bits < list[i].bits);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sig_alg alg = { .scheme = SIG_ECDSA, .digest = DIGEST_SHA256 };
	char what[CONSTRAINTS_WHAT];
	struct constraints c;
	size_t i;

	if (constraints_read(slice_of(data, size), "input", &c, NULL) !=
	    DEED_OK)
		return 0;
	assert(c.name[0] != '\0' && memchr(c.name, '\0', sizeof(c.name)));
	check_sizes(c.rsa, c.rsa_count);
	check_sizes(c.ec, c.ec_count);
	assert(c.policy_count <= CONSTRAINTS_POLICIES);
	for (i = 0; i < c.policy_count; i++)
		assert(c.policies[i].oid_len <= CONSTRAINTS_OID);
	assert(!c.has_age || c.age >= 0);
	assert(!c.has_delay || c.delay >= 0);
	for (i = 0; i < DIGEST_COUNT; i++) {
		alg.digest = (enum digest_alg)i;
		(void)constraints_until(&c, &alg, NULL, what);
	}
	return 0;
}
