/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_INIT_PRIV_H
#define DEED_OFFICE_INIT_PRIV_H

#include "key/cert.h"
#include "key/signing_key.h"
#include "office/party/enroll.h"
#include "office/life/init.h"
#include "proof/evidence.h"

/* What init.c goes through; init_house.c and init_notary.c fill it in, step by
 * step. */
struct init_work {
	const struct home *home;
	const struct init_form *form;
	struct enroll_checked checked;
	struct signing_key *root_key, *issuing_key, *notary_key;
	struct cert *root, *issuing, *notary, *deposit, *manifest;
	struct buf deposit_spki;
	bool root_made;		    /* the file that form->root_out names */
	struct enrolment enrolment; /* of the office's own party */
	struct status status;
};

/* Root, issuing CA, notary, deposit, register: made and kept. */
enum deed_status init_make_keys(struct init_work *w,
				struct deed_error *err) DEED_MUST_USE;

/* Their certificates and the first CRLs. */
enum deed_status init_make_authority(struct init_work *w,
				     struct deed_error *err) DEED_MUST_USE;

/* The office's own party: enrolment, status, and the log's first entry. */
enum deed_status init_make_notary(struct init_work *w,
				  struct deed_error *err) DEED_MUST_USE;

void init_work_clear(struct init_work *w);

#endif
