/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_CRYPT_PRIV_H
#define DEED_PDF_CRYPT_PRIV_H

#include "pdf/crypt.h"

/* What crypt.c and crypt_open.c share. */

#define PDF_CRYPT_KEY 32

struct pdf_crypt {
	struct pdf_encryption about;
	enum pdf_crypt_method files;	  /* of embedded file streams */
	const struct pdf_object *filters; /* /CF, or NULL */
	uint8_t key[PDF_CRYPT_KEY];
	size_t key_len;
};

/* The method of a crypt filter by its name ("Identity", or one of /CF);
 * DEED_UNSUPPORTED, DEED_MALFORMED. */
enum deed_status pdf_crypt_filter(const struct pdf_crypt *c,
				  const struct pdf_object *name,
				  enum pdf_crypt_method *out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
