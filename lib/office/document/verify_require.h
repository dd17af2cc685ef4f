/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_VERIFY_REQUIRE_H
#define DEED_OFFICE_VERIFY_REQUIRE_H

#include "judge/verdict.h"
#include "key/cert.h"

/*
 * What deed verify --require asks of a document.  Only signatures and seals
 * that are TOTAL-PASSED count.
 *
 *	signer=FILE	  one by exactly this certificate
 *	issuer=FILE	  one whose chain this certificate stands in, above
 *			  the signer's
 *	organisation=NAME one of this organisation (RFC 5280 7.1 comparison)
 *	identifier=ID	  one of this identifier, octet by octet
 *	level=LEVEL	  b, t, lt or lta (or B-LT, …): one at least, and each
 *			  of them of this level or higher
 *	count=N		  N of them
 *	signers=N	  by N different signers (verify_signers.h)
 *	order=A,B	  these fields, signed in this order
 *	qualified	  each but time-stamps by a qualified certificate, and
 *	licensed=SCHEME	  by one of a licensed authority (verify_qualified.h)
 */
enum requirement_kind {
	REQUIRE_SIGNER,
	REQUIRE_ISSUER,
	REQUIRE_ORGANISATION,
	REQUIRE_IDENTIFIER,
	REQUIRE_LEVEL,
	REQUIRE_COUNT,
	REQUIRE_SIGNERS,
	REQUIRE_ORDER,
	REQUIRE_QUALIFIED,
	REQUIRE_LICENSED,
};

struct requirement {
	const char *text; /* as given, borrowed */
	enum requirement_kind kind;
	const char *value; /* behind the '=' */
	unsigned long count;
	enum verdict_level level;
	struct cert_list certs; /* the first is meant */
};

/* requirement_clear afterwards, always.  DEED_USAGE for another form;
 * DEED_IO, DEED_NOT_FOUND, DEED_MALFORMED of a certificate's file. */
enum deed_status requirement_read(struct requirement *r, const char *text,
				  struct deed_error *err) DEED_MUST_USE;
void requirement_clear(struct requirement *r);
/* Does it ask what trust lists say? */
bool requirement_of_list(const struct requirement *r);
bool requirement_met(const struct requirement *r,
		     const struct verdict_document *doc);

#endif
