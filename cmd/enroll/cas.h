/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_ENROLL_CAS_H
#define DEED_CMD_ENROLL_CAS_H

#include "cmd/frame/session.h"
#include "office/party/enroll_request.h"
#include "office/party/enroll_subject.h"

/*
 * The CAs at which the office has an account, `cas` of deed-config(5):
 *
 *	cas: {NAME: {protocol, url, tls-ca, user, certificate, key, anchors,
 *		     subject: [...]}}
 *
 * Strings are the configuration's, and live as long as the session.
 */
#define CAS_KEY "cas."

struct cas {
	struct ca_account account;
	const struct ca_protocol *protocol; /* NULL: file */
	const char *tls_ca, *anchors_file;
	const char *subject[ENROLL_SUBJECT_MAX + 1]; /* one too many is told */
	size_t subject_count;
	struct buf anchors;
	struct secret *passphrase;
};

#define CAS_INIT                    \
	{                           \
		.anchors = BUF_INIT \
	}

/*
 * DEED_CONFIG names the key that is missing or wrong; DEED_NOT_FOUND where
 * there is no such CA.  source is that of the account's passphrase, or NULL:
 * then it is asked for where the account has a user.  Clear it in any case.
 */
enum deed_status cas_open(struct session *s, const char *name,
			  const char *source, struct cas *out,
			  struct deed_error *err) DEED_MUST_USE;
void cas_clear(struct cas *c);

/* Whoever asks believes the server by tls-ca alone. */
enum deed_status cas_client(const struct session *s, const struct cas *c,
			    struct http_client **out,
			    struct deed_error *err) DEED_MUST_USE;

#endif
