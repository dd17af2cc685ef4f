/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SIGNING_SIGN_ELSEWHERE_H
#define DEED_CMD_SIGNING_SIGN_ELSEWHERE_H

#include "cmd/signing/signing.h"

/* deed sign --prepare FILE, and deed sign --complete FILE CMS. */
struct elsewhere_args {
	bool prepare, complete;
	const char *certificate;
	long space;
};

/* What the key of a party, an appearance or a higher level take: in neither
 * step is there anything of it. */
#define NOT_ELSEWHERE                                                          \
	"detached counter-sign bundle visible level manifest again "           \
	"passphrase rsa-pss page position width image at-text nth offset "     \
	"every-page trust untrusted crl ocsp tsa tsa-user tsa-passphrase "     \
	"tsa-certificate tsa-key tsa-key-passphrase tsa-policy tsa-ca online " \
	"online-hosts online-timeout"

#define ELSEWHERE_OPTIONS(a, f)                                                \
	{ OPTION_FLAG(a, f.prepare), .name = "prepare",                        \
	  .excludes = "complete as " NOT_ELSEWHERE,                            \
	  .help = "leave a place for a signature that is made elsewhere, and " \
		  "say what is to be signed" },                                \
		{ OPTION_FLAG(a, f.complete), .name = "complete",              \
		  .excludes = NOT_ELSEWHERE " field reason location final "    \
					    "certify refuse-shadow",           \
		  .help = "put that signature into its place: the operands "   \
			  "are FILE and CMS" },                                \
		{ OPTION_TEXT(a, f.certificate),                               \
		  .name = "certificate",                                       \
		  .needs = "prepare complete",                                 \
		  .excludes = "as",                                            \
		  .argument = "FILE",                                          \
		  .complete = COMPLETE_FILE,                                   \
		  .help = "whose signature is made elsewhere" },               \
	{                                                                      \
		OPTION_NUMBER(a, f.space),                                     \
			.name = "space", .argument = "BYTES",                  \
			.needs = "prepare", .initial = "16384", .min = 512,    \
			.max = 1048576, .help = "how much room is left for it" \
	}

/* Does it go together with everything else that was given? */
enum deed_status elsewhere_check(const struct session *s,
				 const struct elsewhere_args *args,
				 const struct signing_args *signing,
				 struct deed_error *err) DEED_MUST_USE;

/* One of the two; w->args and w->session are set. */
enum deed_status elsewhere_run(struct signing *w,
			       const struct elsewhere_args *args,
			       struct deed_error *err) DEED_MUST_USE;

#endif
