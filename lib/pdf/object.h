/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_OBJECT_H
#define DEED_PDF_OBJECT_H

#include "base/slice.h"
#include "pdf/arena.h"

/*
 * PDF objects (ISO 32000-2 7.3).  An object is plain data in an arena: it
 * lives as long as that and is never freed alone.  Objects that a document
 * hands out are const and unchanged for its lifetime; pdf_new_* makes objects
 * to be written.
 *
 * All readers accept NULL and the wrong type: a missing key, a key of another
 * type and a null are "not there" alike.  They never follow references: see
 * pdf_resolve and pdf_dict_resolve in pdf/document.h.
 */
enum pdf_type {
	PDF_NULL,
	PDF_BOOL,
	PDF_INT,
	PDF_REAL,
	PDF_NAME,
	PDF_STRING,
	PDF_ARRAY,
	PDF_DICT,
	PDF_STREAM,
	PDF_REF,
};

/* Object number 0 is never in use: a ref to nothing. */
struct pdf_ref {
	uint32_t num;
	uint32_t gen;
};

/* The largest object number (ISO 32000-1 Annex C). */
#define PDF_MAX_NUM 8388607

struct pdf_object;

struct pdf_entry {
	struct slice key; /* decoded, without the slash */
	struct pdf_object *value;
};

struct pdf_object {
	enum pdf_type type;
	/*
	 * Where the token or object stands in the file, from its first byte to
	 * after its last; both 0 for an object out of an object stream and for
	 * one that was built.
	 */
	uint64_t start, end;
	union {
		bool boolean;
		int64_t integer;
		struct slice text; /* NAME, STRING: decoded; REAL: as written */
		struct {
			struct pdf_object **items;
			size_t count, cap;
		} array;
		struct {
			struct pdf_entry
				*entries; /* sorted by key, none twice */
			size_t count;
			/* STREAM: the raw bytes lie there in the file; a
			 * built stream has them in memory instead. */
			uint64_t offset, length;
			const uint8_t *data;
			/* STREAM that was read from an encrypted document:
			 * under which number (pdf/crypt.h); 0 if plain. */
			struct pdf_ref cipher;
		} dict;
		struct pdf_ref ref;
	} u;
	bool hex; /* STRING: written as <...> */
};

/* ---- reading ---- */

bool pdf_is(const struct pdf_object *o, enum pdf_type type);
bool pdf_is_name(const struct pdf_object *o, const char *name);

/* Is it one of a list that ends with NULL? */
bool pdf_name_in(struct slice name, const char *const *list);

/* A stream is a dictionary too. */
bool pdf_is_dict(const struct pdf_object *o);

/* The value of a key in a dictionary or stream, NULL if there is none. */
const struct pdf_object *pdf_dict_get(const struct pdf_object *dict,
				      const char *key);
size_t pdf_array_count(const struct pdf_object *array);
const struct pdf_object *pdf_array_get(const struct pdf_object *array,
				       size_t i);

/* False, and *out untouched, if it is not one. */
bool pdf_get_int(const struct pdf_object *o, int64_t *out);
bool pdf_get_number(const struct pdf_object *o, double *out); /* or REAL */
bool pdf_get_bool(const struct pdf_object *o, bool *out);
bool pdf_get_ref(const struct pdf_object *o, struct pdf_ref *out);

/* The decoded bytes; SLICE_NONE if it is not one. */
struct slice pdf_get_name(const struct pdf_object *o);
struct slice pdf_get_string(const struct pdf_object *o);

/*
 * Is b still the value a?  Numbers compare by value, but an integer is no
 * integer any more where it is written as a real, and readers that want one
 * pass over it; names and strings by their decoded bytes, dictionaries
 * whatever their order, references by their numbers; streams are never equal
 * here.  Depth is limited by the parser.
 */
bool pdf_equal(const struct pdf_object *a, const struct pdf_object *b);

/* A text string (ISO 32000-2 7.9.2.2: UTF-16BE or UTF-8 by its mark, else
 * PDFDocEncoding) as UTF-8 in the arena, control characters dropped;
 * NULL without memory. */
char *pdf_text(struct pdf_arena *a, struct slice string);

/* ---- building; each returns NULL without memory ---- */

struct pdf_object *pdf_new_null(struct pdf_arena *a);
struct pdf_object *pdf_new_bool(struct pdf_arena *a, bool value);
struct pdf_object *pdf_new_int(struct pdf_arena *a, int64_t value);

/* A real with at most five digits after the point. */
struct pdf_object *pdf_new_real(struct pdf_arena *a, double value);
struct pdf_object *pdf_new_name(struct pdf_arena *a, const char *name);
struct pdf_object *pdf_new_string(struct pdf_arena *a, struct slice bytes);
struct pdf_object *pdf_new_hex(struct pdf_arena *a, struct slice bytes);

/* A text string from UTF-8: ASCII as it is, else UTF-16BE with its mark. */
struct pdf_object *pdf_new_text(struct pdf_arena *a, const char *utf8);
struct pdf_object *pdf_new_array(struct pdf_arena *a);
struct pdf_object *pdf_new_dict(struct pdf_arena *a);
struct pdf_object *pdf_new_ref(struct pdf_arena *a, struct pdf_ref ref);

/* data is copied; /Length is set.  The caller adds /Filter itself. */
struct pdf_object *pdf_new_stream(struct pdf_arena *a, struct slice data);

/* The dictionary or array itself is copied, what it holds is shared: the way
 * to a changed version of an object that was read. */
struct pdf_object *pdf_copy_shallow(struct pdf_arena *a,
				    const struct pdf_object *o);

/*
 * Put, replacing; a NULL value (a builder that failed) gives false, so that a
 * chain of calls is checked once.  The value is not changed later, so a const
 * object that was read may be put.
 */
bool pdf_dict_put(struct pdf_arena *a, struct pdf_object *dict, const char *key,
		  const struct pdf_object *value);
void pdf_dict_remove(struct pdf_object *dict, const char *key);
bool pdf_array_add(struct pdf_arena *a, struct pdf_object *array,
		   const struct pdf_object *value);

#endif
