/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_PENDING_H
#define DEED_OFFICE_PENDING_H

#include "base/buf.h"
#include "office/home.h"

/*
 * Requests for certificates that lie with CAs elsewhere: one file each,
 *
 *	ca/pending/CA/PARTY.json
 *	{"schema":"deed.ca-request/1","protocol":...,"time":...,
 *	 "request":BASE64,"state":BASE64,"issued":BASE64,
 *	 "name_in_certificate":BASE64}
 *
 * request is the PKCS#10 that was sent, octet by octet; state what the
 * protocol goes on with, empty before the first answer; issued, once the CA
 * gave it, the certificate with what came beside it, in PEM;
 * name_in_certificate what it may call the party, absent where nobody said so.
 * No secrets, and of the party nothing but what stands in the request or the
 * certificate.
 *
 * The file is there before the CA is first asked, so that who is killed goes
 * on with the same request.
 */
#define PENDING_MAX 4194304

struct pending {
	char protocol[16];
	int64_t time; /* of the request */
	struct buf request, state, issued;
	struct buf name; /* name_in_certificate; empty: none */
};

#define PENDING_INIT                                                        \
	{                                                                   \
		.request = BUF_INIT, .state = BUF_INIT, .issued = BUF_INIT, \
		.name = BUF_INIT                                            \
	}

void pending_clear(struct pending *p);

/* Both are handles (home_check_party): DEED_USAGE.  DEED_NOT_FOUND;
 * DEED_DAMAGED names the file. */
enum deed_status pending_read(const struct home *h, const char *ca,
			      const char *party, struct pending *out,
			      struct deed_error *err) DEED_MUST_USE;

/* Durable when it returns. */
enum deed_status pending_write(const struct home *h, const char *ca,
			       const char *party, const struct pending *p,
			       struct deed_error *err) DEED_MUST_USE;

/* Fine if it is not there. */
enum deed_status pending_remove(const struct home *h, const char *ca,
				const char *party,
				struct deed_error *err) DEED_MUST_USE;

/* Call fn with each, in no order; fine if there is none. */
typedef enum deed_status pending_fn(void *arg, const char *ca,
				    const char *party, struct deed_error *err);
enum deed_status pending_each(const struct home *h, pending_fn *fn, void *arg,
			      struct deed_error *err) DEED_MUST_USE;

/* ca/pending/CA/.PARTY.lock, which whoever asks that CA for that party holds,
 * also while it waits for the answer; allocated, its folder made. */
enum deed_status pending_lock_path(const struct home *h, const char *ca,
				   const char *party, char **out,
				   struct deed_error *err) DEED_MUST_USE;

#endif
