/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SIGNING_LEVEL_H
#define DEED_CMD_SIGNING_LEVEL_H

#include "cmd/signing/evidence.h"
#include "cmd/frame/online.h"
#include "cmd/signing/timestamping.h"
#include "sign/augment.h"
#include "trust/online.h"

/*
 * The options that say to which level is signed, and what that takes; the
 * same for sign and seal.  What is missing for B-LT is fetched, unless with
 * --offline, from whom certificates name, and so within the bounds of
 * verify --online:
 *
 *	struct level l = LEVEL_INIT;
 *	level_open(s, &args->level, &l, err)	l.params
 *	...
 *	level_close(&l)				always
 */
struct level_args {
	const char *level;
	struct evidence_args evidence;
	struct tsa_args tsa;
	bool online;
	struct online_args fetching;
};

#define LEVEL_OPTIONS(args, f)                                                \
	{ OPTION_TEXT(args, f.level),                                         \
	  .name = "level",                                                    \
	  .argument = "LEVEL",                                                \
	  .config = true,                                                     \
	  .initial = "b",                                                     \
	  .help = "b, t (time-stamped), lt (with all that is needed to "      \
		  "judge it) or lta (and a time-stamp over that)" },          \
		EVIDENCE_OPTIONS(args, f.evidence), TSA_OPTIONS(args, f.tsa), \
		{ OPTION_FLAG(args, f.online), .name = "online",              \
		  .excludes = "offline", .config = true,                      \
		  .help = "fetch whether a certificate of another CA was "    \
			  "revoked" },                                        \
		ONLINE_OPTIONS(args, f.fetching)

struct level {
	struct augment_params params;

	/* Its own. */
	struct pki_source *source;
	struct http_client *client;
	struct online *online;
	struct timestamping stamping;
};

#define LEVEL_INIT             \
	{                      \
		.source = NULL \
	}

/* With level b nothing is opened.  DEED_USAGE where an authority is needed
 * and none is named. */
enum deed_status level_open(struct session *s, const struct level_args *args,
			    struct level *out,
			    struct deed_error *err) DEED_MUST_USE;
void level_close(struct level *l);

#endif
