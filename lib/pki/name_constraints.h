/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_NAME_CONSTRAINTS_H
#define DEED_PKI_NAME_CONSTRAINTS_H

#include "key/cert.h"
#include "pki/rules.h"

/*
 * The state permitted_subtrees and excluded_subtrees of RFC 5280 6.1.2 (b)
 * and (c).  Instead of intersecting subtrees (6.1.4 (g)) it keeps every
 * extension met on the way down and holds a name to each of them, which is
 * the same: a name lies in an intersection if it lies in every part.
 *
 * Processed: directoryName, dNSName, rfc822Name (also of the subject's
 * emailAddress and of SmtpUTF8Mailbox, RFC 9598), URI and iPAddress.  Any
 * other form rejects a certificate that carries such a name.
 *
 * Limits: NAME_CONSTRAINTS_SETS extensions, and a path has
 * NAME_CONSTRAINTS_WORK comparisons (of a long name each counts for more) and
 * NAME_CONSTRAINTS_PASSED subtrees that are looked at, those of another form
 * too, so that many names against many subtrees end.
 */
#define NAME_CONSTRAINTS_SETS 16
#define NAME_CONSTRAINTS_WORK (1u << 18)
#define NAME_CONSTRAINTS_PASSED (1u << 22)

struct name_constraints {
	struct slice sets[NAME_CONSTRAINTS_SETS]; /* NameConstraints, DER */
	unsigned count;
	unsigned work;	 /* comparisons done */
	unsigned passed; /* subtrees looked at */
};

/*
 * From here down this extension holds too; value is borrowed.  False where
 * it is malformed: a base that is none, minimum other than 0, a maximum, or
 * more than NAME_CONSTRAINTS_SETS of them.
 */
bool name_constraints_add(struct name_constraints *nc, struct slice value);

/*
 * Hold the subject and the alternative names of c to all that was added:
 * PKI_RULE_NONE, PERMITTED, EXCLUDED, NAME_FORM, EXTENSION (names that
 * cannot be read) or LIMIT.  The name at fault, for people, is appended to
 * what, which may be NULL.
 */
enum pki_rule name_constraints_check(struct name_constraints *nc,
				     const struct cert *c, struct buf *what);

#endif
