/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_POLICY_READ_H
#define DEED_PKI_POLICY_READ_H

#include "codec/der.h"

/*
 * The policy extensions of RFC 5280 4.2.1.4, .5, .11 and .14, read strictly.
 * value is that of the extension.  What they hand out points into it.
 */

/* Policies one by one: policy_open, then policy_next until the end.
 * qualifiers is the content of policyQualifiers, or SLICE_NONE. */
bool policy_open(struct slice value, struct der_reader *r);
bool policy_next(struct der_reader *r, struct slice *policy,
		 struct slice *qualifiers);

/*
 * Qualifiers of a policy, for people: r over what policy_next gave.  kind is
 * OID_PQ_CPS with the pointer to a statement, OID_PQ_NOTICE with the explicit
 * text (which may be empty), or another with none; text is cleaned.  False at
 * the end, and where it is malformed.
 */
bool policy_qualifier_next(struct der_reader *r, enum oid *kind,
			   struct buf *text);

/* Mappings one by one, in the same way. */
bool policy_mapping_open(struct slice value, struct der_reader *r);
bool policy_mapping_next(struct der_reader *r, struct slice *issuer,
			 struct slice *subject);

/* POLICY_NO_SKIP where the field is absent. */
#define POLICY_NO_SKIP UINT32_MAX
bool policy_constraints_read(struct slice value, uint32_t *require_explicit,
			     uint32_t *inhibit_mapping);
bool policy_inhibit_any_read(struct slice value, uint32_t *skip);

#endif
