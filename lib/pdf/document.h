/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_DOCUMENT_H
#define DEED_PDF_DOCUMENT_H

#include "pdf/input.h"
#include "pdf/object.h"

/*
 * A PDF document: cross-reference data, objects, revisions, pages.
 *
 * Reading is strict.  A file whose cross-reference data is broken is refused
 * (DEED_MALFORMED, with the reason) and never repaired: two programs that
 * repair a file see two documents, and one of them was not signed.  An
 * encrypted file is read with the password of its input (pdf/crypt.h says
 * what is supported): strings and streams come out in the clear.
 *
 * A document looks at one revision, the newest when it is opened;
 * pdf_at_revision gives the view of an older one.  All views share tables
 * and objects and end with the document that was opened; none may be used by
 * two threads at a time.  Objects are read when they are asked for and kept,
 * so that each is parsed once; an object that is read twice is the same
 * pointer.  Cross-reference tables take 16 bytes an entry; nothing else grows
 * with the file.
 *
 * Limits (over one is DEED_LIMIT): PDF_MAX_NUM objects, PDF_MAX_SECTIONS
 * cross-reference sections, PDF_MAX_DEPTH levels of nesting, PDF_MAX_DECODED
 * bytes out of one stream, PDF_MAX_PAGES pages, PDF_ARENA_MAX bytes of
 * objects, work (bytes parsed and decoded) of 128 MiB and 256 times the
 * file's size, and 128 MiB that came out of streams beyond 32 times what went
 * in.
 */
struct pdf_document;

#define PDF_MAX_SECTIONS 4096
#define PDF_MAX_DEPTH 200
#define PDF_MAX_DECODED ((size_t)32 << 20)
#define PDF_MAX_PAGES 1000000
#define PDF_MAX_TREE_DEPTH 64

/*
 * Read the cross-reference data of all revisions.  The input must outlive the
 * document.  *out is NULL on failure: DEED_MALFORMED (no PDF, or a broken
 * one), DEED_UNSUPPORTED (encrypted in a way that is not known), DEED_LIMIT,
 * DEED_NO_PASSPHRASE (the empty password does not open it, and there is no
 * other), DEED_WRONG_PASSPHRASE, DEED_IO, DEED_NO_MEMORY.
 */
enum deed_status pdf_open(const struct pdf_input *in, struct pdf_document **out,
			  struct deed_error *err) DEED_MUST_USE;

/* Close what pdf_open gave, and all its views.  NULL does nothing. */
void pdf_close(struct pdf_document *doc);

const struct pdf_input *pdf_document_input(const struct pdf_document *doc);

/* Bytes before "%PDF-": cross-reference offsets count from there, ByteRange
 * offsets from the first byte of the file.  0 in sound files. */
uint64_t pdf_header_offset(const struct pdf_document *doc);

/* ---- revisions ---- */

/*
 * A revision is what one saving appended: one cross-reference section (with
 * its /XRefStm; two sections in a linearised file), up to its %%EOF.
 */
struct pdf_revision {
	uint64_t xref; /* offset that startxref names, from the file's start */
	uint64_t eof;  /* after "%%EOF" */
	uint64_t end;  /* after the end-of-line behind it; for the last
		       * revision, of the file, if only white space follows */
	bool stream;   /* cross-reference stream */
	bool hybrid;   /* has /XRefStm */
	bool hides;    /* and that shows an object otherwise than the tables */
};

/* At least 1.  Revision 0 is the oldest. */
size_t pdf_revision_count(const struct pdf_document *doc);
const struct pdf_revision *pdf_revision_get(const struct pdf_document *doc,
					    size_t i);

/* The document as it stood at the end of revision i; i < count. Borrowed. */
struct pdf_document *pdf_at_revision(struct pdf_document *doc, size_t i);

/* Which revision this view looks at. */
size_t pdf_revision_of(const struct pdf_document *doc);

/* Whether a hybrid file shows an object differently to a reader that knows
 * /XRefStm and to one that does not; *num, if given, is the first such. */
bool pdf_hybrid_conflict(const struct pdf_document *doc, uint32_t *num);

/* ---- objects ---- */

/* The trailer dictionary of this view's revision (a cross-reference stream's
 * dictionary serves as one).  Never NULL. */
const struct pdf_object *pdf_trailer(const struct pdf_document *doc);

/*
 * The object of that number, the null object where there is none (ISO
 * 32000-2 7.3.10) or the generation differs.  DEED_MALFORMED if what the
 * table points at is not that object.
 */
enum deed_status pdf_get_object(struct pdf_document *doc, struct pdf_ref ref,
				const struct pdf_object **out,
				struct deed_error *err) DEED_MUST_USE;

/* o itself, or what it refers to; a chain of references is followed to its
 * end, at most 16 steps.  NULL in gives the null object. */
enum deed_status pdf_resolve(struct pdf_document *doc,
			     const struct pdf_object *o,
			     const struct pdf_object **out,
			     struct deed_error *err) DEED_MUST_USE;

/* pdf_dict_get and pdf_resolve; the null object where the key is not. */
enum deed_status pdf_dict_resolve(struct pdf_document *doc,
				  const struct pdf_object *dict,
				  const char *key,
				  const struct pdf_object **out,
				  struct deed_error *err) DEED_MUST_USE;

/* What the cross-reference data says of a number in this view. */
enum pdf_where { PDF_ABSENT, PDF_FREE, PDF_IN_FILE, PDF_IN_STREAM };
struct pdf_location {
	enum pdf_where where;
	uint32_t gen;	 /* FREE: the generation for the next use */
	uint64_t offset; /* IN_FILE: from the file's first byte */
	uint32_t stream; /* IN_STREAM: number of the object stream */
	uint32_t index;
	size_t revision; /* that said so */
};
struct pdf_location pdf_locate(const struct pdf_document *doc, uint32_t num);

/* One more than the highest number that any revision up to this uses, and at
 * least the trailer's /Size: the first number for new objects. */
uint32_t pdf_next_number(const struct pdf_document *doc);

/* ---- streams ---- */

/*
 * Append the stream's bytes, decoded, to out: FlateDecode and LZWDecode (with
 * PNG and TIFF predictors), RunLengthDecode, ASCIIHexDecode, ASCII85Decode and
 * none.  Any other filter is
 * DEED_UNSUPPORTED, more than max bytes DEED_LIMIT.
 */
enum deed_status pdf_stream_decode(struct pdf_document *doc,
				   const struct pdf_object *stream, size_t max,
				   struct buf *out,
				   struct deed_error *err) DEED_MUST_USE;

/* Append the raw bytes, of at most max. */
enum deed_status pdf_stream_raw(struct pdf_document *doc,
				const struct pdf_object *stream, size_t max,
				struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

/* ---- catalog, pages, form ---- */

/* The catalog dictionary; DEED_MALFORMED if /Root leads to none. */
enum deed_status pdf_catalog(struct pdf_document *doc,
			     const struct pdf_object **out,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * The number of pages, by walking the tree (/Count is not trusted; a kid that
 * is null is no page).  A node that is reached twice, one that is no
 * indirect dictionary or of neither type: DEED_MALFORMED.
 */
enum deed_status pdf_page_count(struct pdf_document *doc, size_t *out,
				struct deed_error *err) DEED_MUST_USE;

struct pdf_page {
	struct pdf_ref ref;
	const struct pdf_object *dict;
	/* Own or inherited, resolved (ISO 32000-2 7.7.3.4); the null object
	 * where there is none. */
	const struct pdf_object *resources;
	const struct pdf_object *media_box;
	const struct pdf_object *crop_box; /* not defaulted to MediaBox */
	const struct pdf_object *rotate;
};

/* The page's number alone, without reading it. */
enum deed_status pdf_page_ref(struct pdf_document *doc, size_t i,
			      struct pdf_ref *out,
			      struct deed_error *err) DEED_MUST_USE;

/* Page i from 0; DEED_NOT_FOUND past the last, naming how many there are. */
enum deed_status pdf_page_get(struct pdf_document *doc, size_t i,
			      struct pdf_page *out,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * A field of the interactive form (ISO 32000-2 12.7): a terminal one, or any
 * that has a /V of its own.
 */
struct pdf_field {
	struct pdf_ref ref; /* num 0: a direct object in its parent */
	const struct pdf_object *dict;
	char *name;	   /* fully qualified, UTF-8; lives with the document */
	struct slice type; /* FT, own or inherited: "Sig", "Tx", …; or none */
	const struct pdf_object *value; /* V, own or inherited, unresolved;
					 * NULL if there is none */
	bool own_value;			/* V stands in dict itself */
	bool in_form;			/* reached through AcroForm /Fields */
	bool in_page;			/* reached through a page's /Annots */
};

/*
 * The value of a key in a field or widget, resolved: its own, or that of the
 * next field above which has one (12.7.4.1).  Where type is not PDF_NULL,
 * values of other types are passed over.  NULL where there is none.
 */
enum deed_status pdf_inherited(struct pdf_document *doc,
			       const struct pdf_object *dict, const char *key,
			       enum pdf_type type,
			       const struct pdf_object **out,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Whether the form has every reader draw its fields anew (/NeedAppearances,
 * table 224), whatever they look like.
 */
enum deed_status pdf_need_appearances(struct pdf_document *doc, bool *need,
				      struct deed_error *err) DEED_MUST_USE;

/*
 * All fields, those reached only as widget annotations of pages too.  An
 * object that is reached twice, by a loop or by two parents, is listed where
 * it was met first.  The list lives with the document.
 */
enum deed_status pdf_fields(struct pdf_document *doc,
			    const struct pdf_field **out, size_t *count,
			    struct deed_error *err) DEED_MUST_USE;

#endif
