/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_OBJECT_INTERNAL_H
#define DEED_PDF_OBJECT_INTERNAL_H

#include "pdf/object.h"

/* What the files of this floor share about objects, for nobody else. */

struct pdf_object *pdf_new_object(struct pdf_arena *a, enum pdf_type type);

/* Order of keys: by bytes.  Entries of a dictionary are sorted so. */
int pdf_key_compare(struct slice a, struct slice b);

/* pdf_dict_put of a key that was read: of any length and bytes. */
bool pdf_dict_put_key(struct pdf_arena *a, struct pdf_object *dict,
		      struct slice key, const struct pdf_object *value);

/* Index of the key, or where it would stand. */
bool pdf_dict_find(const struct pdf_object *dict, struct slice key, size_t *at);

#endif
