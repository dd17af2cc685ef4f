/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SIGNING_TIMESTAMPING_H
#define DEED_CMD_SIGNING_TIMESTAMPING_H

#include "cmd/frame/session.h"
#include "sign/tsa.h"

/*
 * The options that name time-stamp authorities, the same for every command
 * that stamps:
 *
 *	struct sign_args {
 *		...
 *		struct tsa_args tsa;
 *	};
 *	static const struct option options[] = {
 *		...
 *		TSA_OPTIONS(struct sign_args, tsa),
 *		{ 0 },
 *	};
 *
 *	struct timestamping t = TIMESTAMPING_INIT;
 *	timestamping_open(s, &args->tsa, &t, err)	t.set, or NULL
 *	...
 *	timestamping_close(&t)
 *
 * Each has its key (sign.tsa, parties.acme.sign.tsa); a command for which
 * nothing names an authority takes those of timestamp.tsa, with the user and
 * all else of timestamp.  A key holds several URLs with spaces between.  User,
 * passphrase, certificate and key are the same for all authorities.
 */
struct tsa_args {
	struct option_list url;
	const char *user;
	const char *passphrase;
	const char *certificate;
	const char *key;
	const char *key_passphrase;
	const char *policy;
	const char *ca;
};

#define TSA_OPTIONS(args, f)                                                  \
	{ OPTION_LIST(args, f.url), .config = true, .name = "tsa",            \
	  .argument = "URL",                                                  \
	  .help = "a time-stamp authority; several are tried in order" },     \
		{ OPTION_TEXT(args, f.user), .config = true,                  \
		  .name = "tsa-user", .argument = "NAME",                     \
		  .help = "the user's name for it" },                         \
		{ OPTION_PASSPHRASE(args, f.passphrase), .config = true,      \
		  .name = "tsa-passphrase",                                   \
		  .help = "where that user's passphrase comes from" },        \
		{ OPTION_TEXT(args, f.certificate),                           \
		  .config = true,                                             \
		  .name = "tsa-certificate",                                  \
		  .argument = "FILE",                                         \
		  .complete = COMPLETE_FILE,                                  \
		  .help = "a client certificate to show to it" },             \
		{ OPTION_TEXT(args, f.key),                                   \
		  .config = true,                                             \
		  .name = "tsa-key",                                          \
		  .argument = "FILE",                                         \
		  .complete = COMPLETE_FILE,                                  \
		  .help = "the client certificate's private key" },           \
		{ OPTION_PASSPHRASE(args, f.key_passphrase), .config = true,  \
		  .name = "tsa-key-passphrase",                               \
		  .help = "where that key's passphrase comes from" },         \
		{ OPTION_TEXT(args, f.policy), .config = true,                \
		  .name = "tsa-policy", .argument = "OID",                    \
		  .help = "the policy to stamp under" },                      \
	{                                                                     \
		OPTION_TEXT(args, f.ca),                                      \
			.config = true, .name = "tsa-ca", .argument = "FILE", \
			.complete = COMPLETE_FILE,                            \
			.help = "certificates to check its https server with" \
	}

struct timestamping {
	struct tsa_set *set; /* NULL where no authority is named anywhere */

	/* Its own. */
	struct http_client *client;
	struct secret *passphrase, *key_passphrase;
	char **text;
	size_t text_count;
};

#define TIMESTAMPING_INIT \
	{                 \
		NULL      \
	}

/*
 * Options over environment (DEED_TIMESTAMP_TSA) over configuration
 * (timestamp.tsa, .tsa-user, ...).  With --offline, or no authority, set is
 * NULL.  A command whose options have no struct tsa_args passes NULL.
 */
enum deed_status timestamping_open(struct session *s,
				   const struct tsa_args *args,
				   struct timestamping *out,
				   struct deed_error *err) DEED_MUST_USE;
void timestamping_close(struct timestamping *t);

/*
 * For a command that writes into a home: s->stamps asks the authorities of
 * timestamp.tsa, unless --offline, -n, or audit.timestamp is no; required
 * makes it so.  Nothing is opened before the first time-stamp.
 * End it when the command has run.
 */
enum deed_status timestamping_begin(struct session *s,
				    struct deed_error *err) DEED_MUST_USE;
void timestamping_end(struct session *s);

/* A client of the network for any command: --offline obeyed, each URL said
 * with -v.  hosts as in struct http_options. */
enum deed_status session_http(struct session *s, const char *hosts,
			      struct http_client **out,
			      struct deed_error *err) DEED_MUST_USE;

#endif
