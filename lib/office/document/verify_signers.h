/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_VERIFY_SIGNERS_H
#define DEED_OFFICE_VERIFY_SIGNERS_H

#include "judge/verdict.h"

/*
 * How many different persons and organisations stand behind signatures.  One
 * who signs twice, with the same certificate or with another of his, is one:
 *
 *	by identifier	where the certificate has one, octet by octet,
 *			whatever else it says and whoever issued it
 *	by name		where it has none: with its organisation, as RFC 5280
 *			7.1 compares names.  Somebody of that name who has an
 *			identifier is taken to be the same
 *	by certificate	where it has neither
 *
 * So it may be fewer than there are, never more: who is counted twice would
 * be his own witness.
 */
size_t verify_signer_count(const struct verdict_signature *const *list,
			   size_t count);

#endif
