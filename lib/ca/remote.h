/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_REMOTE_H
#define DEED_CA_REMOTE_H

#include "base/buf.h"
#include "base/secret.h"
#include "key/cert.h"
#include "net/http.h"

/*
 * A CA elsewhere, at which the house has an account: what stands behind
 * `cas` in the configuration, and the protocols that carry a request for a
 * certificate there.
 *
 * A protocol knows nothing of parties, homes or anchors: it takes a PKCS#10
 * that is signed already, and hands back what the CA said.  Nothing of that
 * is believed here: the caller judges the certificate before it keeps it
 * (office/party/outside.h).  Certificates that come beside the party's are
 * intermediates, never anchors.
 *
 *	ask(account, http, request, SLICE_NONE, &answer, err)
 *	  PENDING: keep answer.state, and later
 *	ask(account, http, request, state, &answer, err)
 *	  CERTIFICATE: judge it, keep it durably, then
 *	confirm(account, http, state, NULL, err)
 *
 * Failures (status): DEED_REMOTE where the CA cannot be reached, its server
 * is not who it should be, or what it says is no answer in the protocol;
 * DEED_CONFIG where the account lacks something; DEED_NO where the CA does not
 * let the office in.  A refusal of the request, in the CA's own words, is an
 * outcome and no failure.
 */
#define CA_REMOTE_STATE_MAX 65536	       /* octets of a state */
#define CA_REMOTE_ANSWER_MAX ((size_t)1 << 20) /* of an answer of a CA */
#define CA_REMOTE_CERTIFICATES 16	       /* in an answer, at most */
#define CA_REMOTE_WORDS 512		       /* of a CA, with the NUL */

/* The office's account.  Borrowed; members that are not given are NULL. */
struct ca_account {
	const char *name; /* NAME of `cas` */
	const char *protocol;
	const char *url;
	const char *user; /* basic authentication; CMP: the reference */
	const struct secret *passphrase; /* of user; CMP: the shared secret */
	const char *certificate; /* PEM file of the office's own, with chain */
	const char *key;	 /* PEM file of that certificate's key */
	const struct secret *key_passphrase;
	struct slice anchors; /* the CA's, PEM or DER: whom CMP may believe */
	int64_t now;
};

enum ca_remote_outcome {
	CA_REMOTE_CERTIFICATE,
	CA_REMOTE_PENDING,
	CA_REMOTE_REFUSED,
};

struct ca_remote_answer {
	enum ca_remote_outcome outcome;
	/*
	 * CERTIFICATE: items[0] is the one that was issued, whatever key it
	 * has; then what came with it, in no order and unverified.
	 */
	struct cert_list chain;
	/*
	 * PENDING: what ask() needs to go on; CERTIFICATE: what confirm()
	 * needs, empty where the protocol has no confirmation.  Opaque to all
	 * but the protocol, which reads it back as hostile; no secrets.
	 */
	struct buf state;
	int64_t retry_after; /* PENDING: seconds; 0: not said */
	/* REFUSED: the CA's, UTF-8, cleaned.  Else empty, or what it said
	 * before it was asked anew. */
	char words[CA_REMOTE_WORDS];
};

#define CA_REMOTE_ANSWER_INIT                              \
	{                                                  \
		.chain = CERT_LIST_INIT, .state = BUF_INIT \
	}

struct ca_protocol {
	const char *id; /* "est" */
	/*
	 * request is a PKCS#10 in DER; state is empty or that of the last
	 * PENDING.  out was initialised by the caller, who clears it.  http
	 * checks https servers by the account's tls-ca alone.
	 */
	enum deed_status (*ask)(const struct ca_account *account,
				struct http_client *http, struct slice request,
				struct slice state,
				struct ca_remote_answer *out,
				struct deed_error *err);
	/*
	 * Tell the CA that the certificate is kept (rejected NULL), or that it
	 * is not, and why.  NULL: the protocol has no confirmation.  May be
	 * called again with the same state, after an interruption.  DEED_NO:
	 * the CA says, in its words, that it does not take this; there is
	 * nothing to go on with.
	 */
	enum deed_status (*confirm)(const struct ca_account *account,
				    struct http_client *http,
				    struct slice state, const char *rejected,
				    struct deed_error *err);
};

/* Is url https, as it must be where the account has credentials? */
bool ca_remote_is_https(const char *url);

/*
 * Put a CA's text into out->words: valid UTF-8 without controls, cut where it
 * is too long.
 */
void ca_remote_words(struct ca_remote_answer *out, struct slice text);
void ca_remote_answer_clear(struct ca_remote_answer *a);

#endif
