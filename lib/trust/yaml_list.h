/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_YAML_LIST_H
#define DEED_TRUST_YAML_LIST_H

#include "base/slice.h"
#include "trust/trust_list.h"

/*
 * A national list of licensed CAs that somebody wrote by hand, in YAML; see
 * deed-trust(5) for its members.  What it says is its compiler's word: it
 * licenses, and never qualifies.
 *
 * Limits: YAML_LIST_MAX octets, YAML_LIST_NODES nodes, and those of struct
 * trust_list.  Time is linear in the input.
 */
#define YAML_LIST_MAX (8U * 1024 * 1024)
#define YAML_LIST_NODES 262144

/* The words of trust_status.status in such a list. */
#define YAML_LIST_LICENSED "licensed"
#define YAML_LIST_SUSPENDED "suspended"
#define YAML_LIST_ENDED "ended"

/* name is for messages, which have the line.  DEED_MALFORMED, DEED_LIMIT.
 * The same text gives the same list. */
enum deed_status yaml_list_read(struct slice text, const char *name,
				struct trust_list **out,
				struct deed_error *err) DEED_MUST_USE;

#endif
