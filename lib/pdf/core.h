/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_CORE_H
#define DEED_PDF_CORE_H

#include "pdf/document.h"
#include "pdf/object_internal.h"

/*
 * What the files of this floor share about a document.  Nobody else includes
 * this.
 *
 * All cross-reference entries of all revisions stand in one array, sorted by
 * object number, then revision; looking a number up in a revision is a binary
 * search for the last entry that is not newer.  The index of an entry names
 * a version of an object for as long as the document is open.
 */
struct pdf_xref_entry {
	uint32_t num;
	uint16_t gen; /* FREE: of the next use */
	uint16_t section;
	/* Top two bits: enum pdf_where.  IN_FILE: offset from the file's first
	 * byte.  IN_STREAM: stream number << 32 | index. */
	uint64_t value;
};

/* One cross-reference section, in the order of the chain: newest first. */
struct pdf_section {
	uint64_t at;	/* offset from the file's first byte */
	uint64_t after; /* after the trailer dictionary or endobj */
	const struct pdf_object *trailer;
	uint32_t revision;
	bool stream;
	bool extra;   /* the /XRefStm of the section before it */
	bool in_pair; /* the older half of a linearised pair */
};

/* A decoded object stream. */
struct pdf_objstm {
	uint32_t entry; /* of the stream object */
	uint64_t used;	/* for eviction */
	struct buf data;
	uint64_t first;
	struct {
		uint32_t num;
		uint32_t offset;
	} * index;
	size_t count;
};

#define PDF_OBJSTM_KEPT 8
#define PDF_OBJSTM_BYTES ((size_t)4 << 20)

struct pdf_object_cache {
	struct {
		uint64_t key; /* entry | container's entry << 32, plus 1 */
		const struct pdf_object *object;
	} * slots;
	size_t count, size;
};

struct pdf_changes;
struct pdf_crypt;
struct pdf_lexer;
struct pdf_structure;

struct pdf_core {
	const struct pdf_input *in;
	struct pdf_arena arena;
	uint64_t base; /* header offset */
	struct pdf_xref_entry *entries;
	size_t entry_count, entry_cap;
	/* Rows of hybrid sections that do not hold, for no number: another
	 * row of the same revision does. */
	struct pdf_xref_entry *dropped;
	size_t dropped_count;
	uint32_t *places; /* entries that point into the file, by offset */
	size_t place_count;
	uint16_t *section_order; /* by offset, made with places */
	struct pdf_section *sections;
	size_t section_count, section_cap;
	struct pdf_revision *revisions;
	size_t revision_count;
	struct pdf_document *views; /* one a revision */
	uint32_t conflict;	 /* hybrid: a number seen differently, or 0 */
	uint64_t startxref, eof; /* the last in the file */
	uint64_t work, work_max;
	uint64_t swollen; /* see pdf_charge_decoded */
	unsigned loading; /* depth of object loads under way */
	struct pdf_object_cache cache;
	struct pdf_objstm objstms[PDF_OBJSTM_KEPT];
	uint64_t clock;
	struct pdf_changes **steps;	 /* what each revision but the first
				     * changed, once asked */
	struct pdf_structure *structure; /* once asked */
	bool has_no_signature;		 /* pdf_signatures_find found none */
	bool padded; /* startxref was found by passing over NULs and space */
	bool tail;   /* other than white space after the last %%EOF */
	struct pdf_crypt *crypt; /* NULL: not encrypted */
	uint32_t crypt_num;	 /* of the encryption dictionary, 0 if direct */
};

struct pdf_field_list {
	struct pdf_field *fields;
	size_t count;
	bool have;
};

/* A view of one revision. */
struct pdf_document {
	struct pdf_core *core;
	size_t revision;
	const struct pdf_object *trailer;
	struct pdf_page_list *pages;
	struct pdf_field_list fields;	   /* of the form and the pages */
	struct pdf_field_list form_fields; /* of the form alone */
};

#define PDF_NO_ENTRY UINT32_MAX

/* A /Length may be a reference, to an object in an object stream, which has
 * a /Length: no sound file goes deeper than this. */
#define PDF_MAX_LOADING 8

/* A document's share of work. */
static inline uint64_t pdf_work_max(const struct pdf_input *in)
{
	return (UINT64_C(128) << 20) + 256 * pdf_input_size(in);
}

/* Add to the work done; DEED_LIMIT past the document's share. */
enum deed_status pdf_charge(struct pdf_core *core, uint64_t bytes,
			    struct deed_error *err) DEED_MUST_USE;

/* What the lexer passed since a byte of the file, which many places may lead
 * to: more than its bytes, since nothing came of them.  A byte that could not
 * be read is told too. */
#define PDF_PASSED 16
enum deed_status pdf_charge_space(const struct pdf_lexer *l,
				  struct pdf_core *core, uint64_t from,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * The same for in bytes that a filter made out of, and for what is rare in an
 * honest file and all there is to a bomb: what came out of a stream beyond
 * PDF_SWELL times what went in.  Past PDF_SWOLLEN_MAX of that a document has
 * had its share of all work.
 */
#define PDF_SWELL 32
#define PDF_SWOLLEN_MAX (UINT64_C(128) << 20)
enum deed_status pdf_charge_decoded(struct pdf_core *core, uint64_t in,
				    uint64_t out,
				    struct deed_error *err) DEED_MUST_USE;

/* The last startxref, and the %%EOF behind it (ISO 32000-2 7.5.5): sets
 * startxref, eof, padded and tail (startxref.c).  DEED_MALFORMED where there is
 * none. */
enum deed_status pdf_startxref_find(struct pdf_core *core,
				    struct deed_error *err) DEED_MUST_USE;

/* Read all sections and sort their entries (xref.c). */
enum deed_status pdf_xref_load(struct pdf_core *core,
			       struct deed_error *err) DEED_MUST_USE;

/* Append the entries of one section (xref_section.c).  *prev and *extra are
 * the offsets of /Prev and /XRefStm, 0 if there is none. */
enum deed_status pdf_section_read(struct pdf_core *core, uint64_t at,
				  bool extra, uint64_t *prev, uint64_t *hybrid,
				  struct deed_error *err) DEED_MUST_USE;

/* Find the encryption dictionary, and open it with the input's password
 * (crypt_find.c).  No object may have been read before. */
enum deed_status pdf_crypt_find(struct pdf_core *core,
				struct deed_error *err) DEED_MUST_USE;

/* Tell revisions from sections, find where each ends (revision.c). */
enum deed_status pdf_revisions_load(struct pdf_core *core,
				    struct deed_error *err) DEED_MUST_USE;

enum pdf_where pdf_entry_where(const struct pdf_xref_entry *e);

/* The byte at which the object of a PDF_IN_FILE entry stands. */
uint64_t pdf_entry_offset(const struct pdf_xref_entry *e);

/* The revision that wrote an entry, and its view. */
uint32_t pdf_entry_revision(const struct pdf_core *core, uint32_t entry);
struct pdf_document *pdf_entry_view(struct pdf_core *core, uint32_t entry);

/* What a PDF_FREE entry's other bits say: it is one, or it was written as
 * something that leads to nothing. */
enum pdf_free {
	PDF_FREE_ROW,
	PDF_FREE_AT_ZERO, /* in use, at offset 0 */
	PDF_FREE_UNKNOWN, /* of a type that is not 0, 1 or 2 */
};

/* Sort the entries that point into the file by where they point, once
 * (places.c); the offset of the i-th of them; how many stand at or before a
 * byte. */
enum deed_status pdf_places_make(struct pdf_core *core,
				 struct deed_error *err) DEED_MUST_USE;
uint64_t pdf_places_offset(const struct pdf_core *core, size_t i);
size_t pdf_places_upto(const struct pdf_core *core, uint64_t at);

/* The last section that begins at or before a byte, NULL if none does; wants
 * pdf_places_make. */
const struct pdf_section *pdf_section_upto(const struct pdf_core *core,
					   uint64_t at);

/* The revision in whose bytes this one lies. */
size_t pdf_revision_at(const struct pdf_core *core, uint64_t at);

/* The entry that holds for a number in a revision, or PDF_NO_ENTRY. */
uint32_t pdf_find_entry(const struct pdf_core *core, uint32_t num,
			size_t revision);

/* A key that is the same exactly if the same bytes are read for the object:
 * its entry, and that of the object stream it lies in.  0: no object. */
uint64_t pdf_version_key(const struct pdf_document *doc, uint32_t num);

/*
 * Read an object into an arena, past the cache.  An unused number and a wrong
 * generation (unless any_gen) give NULL.
 */
enum deed_status pdf_load(struct pdf_document *doc, uint32_t num,
			  struct pdf_arena *arena, struct pdf_object **out,
			  struct deed_error *err) DEED_MUST_USE;

/* What one entry leads to, seen in a view that has it. */
enum deed_status pdf_load_entry(struct pdf_document *doc, uint32_t entry,
				struct pdf_arena *arena,
				struct pdf_object **out,
				struct deed_error *err) DEED_MUST_USE;

/* An indirect object that starts at an offset, of any number: "N G obj" … */
enum deed_status pdf_load_at(struct pdf_document *doc, struct pdf_core *core,
			     uint64_t at, uint64_t end, struct pdf_arena *arena,
			     struct pdf_ref *ref, uint64_t *after,
			     struct pdf_object **out,
			     struct deed_error *err) DEED_MUST_USE;

/* The index-th object of object stream "stream", which must be num. */
enum deed_status pdf_load_from_stream(struct pdf_document *doc, uint32_t num,
				      uint32_t stream, uint32_t index,
				      struct pdf_arena *arena,
				      struct pdf_object **out,
				      struct deed_error *err) DEED_MUST_USE;
void pdf_objstms_clear(struct pdf_core *core);

/* The number of the i-th object of an object stream; false past its last, or
 * where it cannot be read. */
bool pdf_objstm_number(struct pdf_document *doc, uint32_t stream, size_t i,
		       uint32_t *num);

/* Decode without a document (a cross-reference stream). */
enum deed_status pdf_decode(struct pdf_core *core, struct pdf_document *doc,
			    const struct pdf_object *stream, size_t max,
			    struct buf *out,
			    struct deed_error *err) DEED_MUST_USE;

/* As pdf_fields, without looking at the pages. */
enum deed_status pdf_form_fields(struct pdf_document *doc,
				 const struct pdf_field **out, size_t *count,
				 struct deed_error *err) DEED_MUST_USE;

/* A set of object numbers, for walks. */
struct pdf_set {
	uint8_t *bits;
	uint32_t limit; /* numbers from here on are not in any set */
};
enum deed_status pdf_set_init(struct pdf_set *s, const struct pdf_document *doc,
			      struct deed_error *err) DEED_MUST_USE;
void pdf_set_clear(struct pdf_set *s);

/* Add; false if it was in it already.  Numbers of no object never are. */
bool pdf_set_add(struct pdf_set *s, uint32_t num);
bool pdf_set_has(const struct pdf_set *s, uint32_t num);

/* The intermediate nodes of a tree that pdf_page_count has walked; false
 * past the last. */
bool pdf_page_node(const struct pdf_document *doc, size_t i,
		   struct pdf_ref *out);

void pdf_pages_free(struct pdf_document *doc);

#endif
