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

#define ELSEWHERE_OPTIONS(a, f)                                                \
	{ OPTION_FLAG(a, f.prepare), .name = "prepare",                        \
	  .excludes =                                                          \
		  "complete as detached counter-sign bundle visible level "    \
		  "manifest again",                                            \
	  .help = "leave a place for a signature that is made elsewhere, and " \
		  "say what is to be signed" },                                \
		{ OPTION_FLAG(a, f.complete), .name = "complete",              \
		  .excludes =                                                  \
			  "detached counter-sign bundle visible level field "  \
			  "reason location final certify refuse-shadow "       \
			  "manifest",                                          \
		  .help = "put that signature into its place: the operands "   \
			  "are FILE and CMS" },                                \
		{ OPTION_TEXT(a, f.certificate),                               \
		  .name = "certificate",                                       \
		  .needs = "prepare complete",                                 \
		  .argument = "FILE",                                          \
		  .complete = COMPLETE_FILE,                                   \
		  .help = "whose signature is made elsewhere" },               \
	{                                                                      \
		OPTION_NUMBER(a, f.space),                                     \
			.name = "space", .argument = "BYTES",                  \
			.initial = "16384", .min = 512, .max = 1048576,        \
			.help = "how much room --prepare leaves for it"        \
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
