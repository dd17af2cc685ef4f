/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_ENROLL_BROUGHT_H
#define DEED_CMD_ENROLL_BROUGHT_H

#include "base/secret.h"
#include "cmd/enroll/enroll.h"
#include "key/cert.h"

/* A key and certificate that the party brings in one file (PKCS#12). */
struct brought {
	struct secret *pkcs8;
	struct cert_list chain;
	struct buf pem; /* of chain */
};

#define BROUGHT_INIT                           \
	{                                      \
		NULL, CERT_LIST_INIT, BUF_INIT \
	}

/* Open --pkcs12, and judge what it has by anchors, the content of --anchors,
 * the home's trust lists, and the form.  DEED_REFUSED, DEED_CERT_INVALID. */
enum deed_status brought_open(struct session *s, const struct enroll_args *a,
			      const struct enroll_form *form,
			      struct slice anchors, struct outside_lists *lists,
			      struct brought *b,
			      struct deed_error *err) DEED_MUST_USE;
void brought_clear(struct brought *b);

#endif
