/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_RIGHTS_H
#define DEED_SIGN_PADES_RIGHTS_H

#include "pdf/update.h"
#include "sign/pades.h"
#include "sign/pades_seed.h"

/*
 * What a signature forbids those who come after it, from what is asked
 * (pades_params), what the document has already, and what its field demands.
 */
struct pades_rights {
	int certify;   /* DocMDP: 1 to 3, 0 for an approval signature */
	bool lock_all; /* the new field locks everything, with /P 1 */
};

/* DEED_REFUSED where it cannot be, saying why; seed values of the field are
 * obeyed or refused here. */
enum deed_status pades_rights_find(struct pdf_document *doc,
				   const struct pades_seed_question *q,
				   struct pades_rights *out,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * /Reference (ISO 32000-2 12.8.2) as an object in the update's arena: a
 * DocMDP transform, a FieldMDP transform with what the field locks; NULL
 * where there is neither.
 */
enum deed_status pades_rights_reference(struct pdf_update *u,
					struct pdf_document *doc,
					const struct pades_params *params,
					const struct pades_rights *rights,
					const struct pdf_object **out,
					struct deed_error *err) DEED_MUST_USE;

#endif
