/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_INIT_H
#define DEED_OFFICE_INIT_H

#include "base/secret.h"
#include "office/home.h"

/*
 * Making a home: keystore, drop box, log, archive, house CA, and the office's
 * own party, a notary with a status of its own.  Everything is made under a
 * temporary name beside the home and renamed at the end; a failure leaves
 * nothing.
 */
struct init_form {
	const char *home; /* must not exist, or be an empty directory */
	const char *name; /* the office's real name */
	const char *id;	  /* KIND:NUMBER of an organisation */
	const char *phone, *email; /* may be NULL */
	const struct secret *operator_passphrase;
	const struct secret *root_passphrase;
	const char *root_out;  /* file for the root's key; NULL: in the home */
	const char *backup_to; /* certificate for backups; NULL: none */
	int64_t now;
	const struct event_timestamps
		*timestamps; /* as in struct home, and the next two */
	const char *crl_url, *issuer_url;

	/* Out. */
	uint8_t root[32]; /* SHA-256 of the root certificate */
	bool root_made;	  /* root_out is this run's; a failure removes it */
	char *origin;	  /* of the log; freed by the caller */
};

/* Judge the form without making anything: DEED_USAGE, DEED_EXISTS. */
enum deed_status init_check(const struct init_form *form,
			    struct deed_error *err) DEED_MUST_USE;

enum deed_status init_home(struct init_form *form,
			   struct deed_error *err) DEED_MUST_USE;

#endif
