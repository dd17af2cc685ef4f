/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_UPDATE_H
#define DEED_PDF_UPDATE_H

#include "pdf/document.h"

/*
 * An incremental update (ISO 32000-2 7.5.6): new and changed objects that are
 * appended to a document whose bytes stay as they are.  It is collected in
 * memory and comes out as one run of bytes, the tail, that follows the
 * input's last byte:
 *
 *	pdf_update_new(doc, &u, err)
 *	pdf_update_add / reserve / put / put_raw	any number of times
 *	pdf_update_finish(u, id, &tail, err)		once
 *	pdf_update_free(u)				always
 *
 * The tail has a cross-reference table or a cross-reference stream, as the
 * newest section of the input has; a hybrid-reference file gets a table
 * without /XRefStm.  Objects are written plainly, never into object streams.
 * The trailer keeps what the last one says, but /Size, /Prev and the second
 * half of /ID.
 *
 * New numbers begin where the document's end.  A document that refers to a
 * number that it does not have (ISO 32000-2 7.3.10: the null object) finds
 * there what the update adds; nobody can know that without reading all of it.
 *
 * The document must outlive the update, and the view must be of its newest
 * revision.  Objects put into an update may refer to objects of the document
 * or of pdf_update_arena.  One thread.
 */
struct pdf_update;

enum deed_status pdf_update_new(struct pdf_document *doc,
				struct pdf_update **out,
				struct deed_error *err) DEED_MUST_USE;
void pdf_update_free(struct pdf_update *u);

/* What it is an update of. */
struct pdf_document *pdf_update_document(const struct pdf_update *u);

/* For objects that are built for this update; lives as long as it. */
struct pdf_arena *pdf_update_arena(struct pdf_update *u);

/* A new object number, to be filled by pdf_update_put; num 0 where
 * PDF_MAX_NUM is reached, which pdf_update_finish then reports. */
struct pdf_ref pdf_update_reserve(struct pdf_update *u);

/* Reserve and put in one; the reference that it got. */
struct pdf_ref pdf_update_add(struct pdf_update *u,
			      const struct pdf_object *obj);

/*
 * The object that ref names from now on, replacing an earlier put.  NULL (a
 * builder that found no memory) is remembered: pdf_update_finish fails.
 */
void pdf_update_put(struct pdf_update *u, struct pdf_ref ref,
		    const struct pdf_object *obj);

/*
 * The same with bytes that stand between "obj" and "endobj" as they are;
 * copied.  In an encrypted document each string in them must have gone through
 * pdf_update_protect, but for the /Contents of a signature.
 */
void pdf_update_put_raw(struct pdf_update *u, struct pdf_ref ref,
			struct slice body);

/* obj as it is written under ref: in an encrypted document a copy whose
 * strings are encrypted, else obj itself.  NULL without memory.  What is put
 * as an object is protected when it is written. */
const struct pdf_object *pdf_update_protect(struct pdf_update *u,
					    struct pdf_ref ref,
					    const struct pdf_object *obj);

/* The object as this update leaves it: what was put, else the document's, also
 * where it was put as bytes. */
enum deed_status pdf_update_get(struct pdf_update *u, struct pdf_ref ref,
				const struct pdf_object **out,
				struct deed_error *err) DEED_MUST_USE;

/* o itself, or what it refers to as this update leaves it; NULL in gives the
 * null object. */
enum deed_status pdf_update_resolve(struct pdf_update *u,
				    const struct pdf_object *o,
				    const struct pdf_object **out,
				    struct deed_error *err) DEED_MUST_USE;

/* The catalog as this update leaves it, and its number, under which a changed
 * one is put.  DEED_MALFORMED where /Root leads to none. */
enum deed_status pdf_update_catalog(struct pdf_update *u, struct pdf_ref *root,
				    const struct pdf_object **out,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * Append the tail to out (update_tail.c).  id becomes the second half of the
 * trailer's /ID, and the first where the document has none.  DEED_LIMIT where
 * the file would grow over PDF_INPUT_MAX or the numbers over PDF_MAX_NUM.
 * DEED_MALFORMED where the document's encryption dictionary was put: it has
 * another use too.
 */
enum deed_status pdf_update_finish(struct pdf_update *u, const uint8_t id[16],
				   struct buf *out,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * After pdf_update_finish: where the body of an object that was put begins
 * ("obj" and its end-of-line are before it), counted from the first byte of
 * the tail.  The object must have been put.
 */
uint64_t pdf_update_offset(const struct pdf_update *u, struct pdf_ref ref);

#endif
