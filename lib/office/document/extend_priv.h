/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_EXTEND_PRIV_H
#define DEED_OFFICE_EXTEND_PRIV_H

#include "judge/parser.h"
#include "office/document/extend.h"
#include "office/document/sign_group.h"
#include "sign/augment.h"
#include "trust/online.h"

struct extend {
	struct augment_params augment;
	struct pki_source *source;
	struct online *online;
	const char *content;
	const struct secret *document_password;
	struct parser *parser; /* of the documents */
};

/* May it be raised?  DEED_ALREADY_FAILED, DEED_NO_SIGNATURE. */
enum deed_status extend_check(const struct extend *x,
			      const struct extend_item *item,
			      const struct sign_source *s,
			      struct deed_error *err) DEED_MUST_USE;

#endif
