/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_TS119612_H
#define DEED_TRUST_TS119612_H

#include "trust/trust_list.h"

/*
 * Trusted lists of ETSI TS 119 612, versions 5 and 6, from signed XML to
 * struct trust_list.  Every file is verified first (trust/xmldsig.h), and
 * what is read is what was signed.  The same files give the same list.
 *
 * A list of lists may be signed by somebody whom it announced itself: a
 * pivot is such a list from earlier, and each is signed by a certificate in
 * its predecessor's pointer to itself.  The first is signed by one of the
 * caller's signers, and so is the list where there are no pivots.
 */
#define TS119612_PIVOTS 64

/* Of CPU, for all files together: none is begun after that, and what one may
 * take has a limit of its own (codec/xml.h). */
#define TS119612_SECONDS 120

struct ts119612_file {
	struct slice xml;
	const char *name; /* for messages */
};

/*
 * files: one trusted list; or a list of lists, or that and then one of the
 * lists that it points to, which is signed by a certificate in that pointer
 * and is what is imported.  pivots: those of the list of lists, oldest
 * first.  at: the time that the lists must not have ended before;
 * TRUST_NO_TIME asks nothing.
 *
 * DEED_NO_SIGNATURE, DEED_BAD_SIGNATURE as xmldsig_verify, and a pivot that
 * is missing or out of order; DEED_UNSUPPORTED: another version, whose
 * signature holds, or an algorithm; DEED_CERT_INVALID: it ended before at;
 * DEED_MALFORMED; DEED_LIMIT; DEED_USAGE: pivots of what is no list of lists,
 * more than two files.
 */
enum deed_status
ts119612_import(const struct ts119612_file *files, size_t file_count,
		const struct ts119612_file *pivots, size_t pivot_count,
		const struct cert_list *signers, int64_t at,
		struct trust_list **out, struct deed_error *err) DEED_MUST_USE;

/* DEED_LIMIT where they are used up before the file of this name: since is
 * what cpu_used_ms said at the start. */
enum deed_status ts119612_check_cpu(int64_t since, const char *name,
				    struct deed_error *err) DEED_MUST_USE;

#endif
