/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SIGNING_EVIDENCE_H
#define DEED_CMD_SIGNING_EVIDENCE_H

#include "cmd/frame/option.h"
#include "office/document/materials.h"

/*
 * The options that name what certificates are judged with, the same for
 * every command that needs a whole path: rows of its table, and a member of
 * what they fill.
 */
struct evidence_args {
	struct option_list trust, untrusted, crl, ocsp;
};

#define EVIDENCE_OPTIONS(args, f)                                              \
	{ OPTION_LIST(args, f.trust), .name = "trust", .argument = "FILE",     \
	  .complete = COMPLETE_FILE,                                           \
	  .help = "believe the certificates in FILE, and use its CRLs (PEM "   \
		  "or DER); home: those of the home" },                        \
		{ OPTION_LIST(args, f.untrusted), .name = "untrusted",         \
		  .argument = "FILE", .complete = COMPLETE_FILE,               \
		  .help = "certificates to build chains with" },               \
		{ OPTION_LIST(args, f.crl), .name = "crl", .argument = "FILE", \
		  .complete = COMPLETE_FILE, .help = "use the CRLs in FILE" }, \
	{                                                                      \
		OPTION_LIST(args, f.ocsp),                                     \
			.name = "ocsp", .argument = "FILE",                    \
			.complete = COMPLETE_FILE,                             \
			.help = "use the OCSP responses in FILE"               \
	}

static inline struct materials evidence_materials(const struct evidence_args *a,
						  const char *home)
{
	return (struct materials){
		.trust = a->trust.item,
		.trust_count = a->trust.count,
		.home = home,
		.others = { a->untrusted.item, a->crl.item, a->ocsp.item },
		.other_counts = { a->untrusted.count, a->crl.count,
				  a->ocsp.count },
	};
}

#endif
