/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_TRUST_IMPORT_H
#define DEED_OFFICE_TRUST_IMPORT_H

#include "base/buf.h"
#include "base/secret.h"
#include "office/home.h"
#include "trust/list_source.h"

/*
 * The use case of deed trust import: a trust list becomes a statement that
 * the office's notary signs, for whoever names him as a list signer.  Nothing
 * of the home is changed, and the notary does not thereby believe it himself.
 */
struct trust_import {
	struct list_source source;
	const struct secret *passphrase; /* the operator's */
	int64_t now;			 /* signing-time */
	/* Out: */
	struct trust_list *list;
	struct buf statement; /* DER */
};

/* passphrase NULL: only the list is read.  trust_import_clear in any case. */
enum deed_status trust_import(const struct home *h, struct trust_import *t,
			      struct deed_error *err) DEED_MUST_USE;
void trust_import_clear(struct trust_import *t);

#endif
