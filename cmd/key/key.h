/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_KEY_KEY_H
#define DEED_CMD_KEY_KEY_H

#include <jansson.h>

#include "base/lock.h"
#include "cmd/frame/command.h"
#include "keystore/keystore.h"
#include "office/home.h"

/*
 * What the key commands share: the keystore of the home, under its lock while
 * it is changed, and the words for roles.
 */
struct key_place {
	struct home *home;
	struct keystore *ks;
	struct lock *lock;
};

/* Opens without a lock. */
enum deed_status key_place_open(struct session *s, struct key_place *out,
				struct deed_error *err) DEED_MUST_USE;

/* Before writing, and after every question: nobody else waits while somebody
 * types.  What was looked at before is looked at again.  Nothing with -n. */
enum deed_status key_place_lock(struct session *s, struct key_place *p,
				struct deed_error *err) DEED_MUST_USE;
void key_place_close(struct key_place *p);

/* The names of all roles, for OPTION_CHOICE: an index is the role. */
extern const char *const key_role_words[];

/* "role": which key of the party.  Without it the signature key. */
#define KEY_ROLE_OPTION(args)                                              \
	{                                                                  \
		OPTION_CHOICE(args, role),                                 \
			.name = "role", .argument = "ROLE",                \
			.words = key_role_words,                           \
			.help = "which of its keys; signature unless told" \
	}

/* DEED_NOT_FOUND unless the keystore has something of this party. */
enum deed_status key_check_party(const struct key_place *p, const char *party,
				 struct deed_error *err) DEED_MUST_USE;

/* A passphrase by option, credential or terminal.  create: a new one. */
enum deed_status key_passphrase(struct session *s, const char *party,
				const char *option, const char *source,
				bool create, struct secret **out,
				struct deed_error *err) DEED_MUST_USE;

/* One key as --json shows it; the caller's.  NULL without memory. */
json_t *key_json(const struct keystore_entry *e);

/* Its certificates, leaf first; none is fine. */
enum deed_status key_chain(const struct keystore_entry *e,
			   struct cert_list *out,
			   struct deed_error *err) DEED_MUST_USE;

/* A file that may hold a private key, of at most SECRET_MAX bytes; whatever
 * its mode, since other programs write them as they like. */
enum deed_status key_read_file(const char *path, struct secret **out,
			       struct deed_error *err) DEED_MUST_USE;

/* Is the certificate that came with a private key of that key, whose public
 * half is spki, as it is: not of one that goes by another name?
 * DEED_REFUSED. */
enum deed_status key_check_certificate(struct slice spki, const struct cert *c,
				       struct deed_error *err) DEED_MUST_USE;

/* A member of key_json as text, or "-". */
const char *key_text(const json_t *key, const char *member);

#endif
