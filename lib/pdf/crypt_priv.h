/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_CRYPT_PRIV_H
#define DEED_PDF_CRYPT_PRIV_H

#include "pdf/crypt.h"

/* What the files of encryption share. */

#define PDF_CRYPT_KEY 32

struct pdf_crypt {
	struct pdf_encryption about;
	enum pdf_crypt_method files;	  /* of embedded file streams */
	const struct pdf_object *filters; /* /CF, or NULL */
	uint8_t key[PDF_CRYPT_KEY];
	size_t key_len;
};

/* Lengths of /O and /U: of R 2 to 4, and of R 5 and 6. */
#define PDF_CRYPT_OLD_ENTRY 32
#define PDF_CRYPT_NEW_ENTRY 48

/* The encryption dictionary, as far as keys are made from it: o and u of those
 * lengths; of R 5 and 6 also oe and ue, of 32 bytes, and perms, of 16. */
struct pdf_crypt_source {
	struct pdf_crypt *c;
	struct slice o, u, oe, ue, perms, id;
	uint8_t p[4]; /* low byte first */
};

/* DEED_MALFORMED: what the encryption dictionary does (crypt_open.c). */
enum deed_status pdf_crypt_bad(const char *what, struct deed_error *err);

/* Is the password right (crypt_password.c)?  Then c has the file's key, from
 * that of a user or an owner. */
enum deed_status pdf_crypt_try(struct pdf_crypt_source *s,
			       struct slice password, bool *right,
			       struct deed_error *err) DEED_MUST_USE;

/* The method of a crypt filter by its name ("Identity", or one of /CF);
 * DEED_UNSUPPORTED, DEED_MALFORMED. */
enum deed_status pdf_crypt_filter(const struct pdf_crypt *c,
				  const struct pdf_object *name,
				  enum pdf_crypt_method *out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
