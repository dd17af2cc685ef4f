/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/evidence.h"

#include <string.h>

/*
 * deed-office as it was before attestations named the CA of a certificate
 * from elsewhere: it writes deed.attestation/1 about it.  The linker puts
 * this in the place of attestation_json.
 */
json_t *__real_attestation_json(const struct attestation *a);
json_t *__wrap_attestation_json(const struct attestation *a);

json_t *__wrap_attestation_json(const struct attestation *a)
{
	struct attestation before = *a;

	memset(before.ca, 0, sizeof(before.ca));
	memset(before.list, 0, sizeof(before.list));
	return __real_attestation_json(&before);
}
