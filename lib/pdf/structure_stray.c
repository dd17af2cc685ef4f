/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/crypt.h"
#include "pdf/lexer.h"
#include "pdf/scan.h"
#include "pdf/structure_priv.h"

/* White space that an entry may point to before its object. */
#define GAP_MAX 4096

/* White space and comments that are looked through for "N G". */
#define HEAD_MAX 16384

struct strays {
	struct structure *s;
	size_t place;	 /* how many entries point to here or before */
	size_t revision; /* in whose bytes the last hit was */
	uint32_t span;	 /* the entry whose extent is known, and that */
	uint64_t span_end;
	bool met; /* an object was: what follows is not the first */
	uint8_t head[HEAD_MAX];
};

/* ---- where it stands ---- */

/* Before which of the n bytes white space, and comments that end with their
 * line, begin.  *more: that may lie before all of them. */
static size_t skip_back(const uint8_t *p, size_t n, bool *more)
{
	size_t k, comment;
	bool line;

	for (;;) {
		line = false;
		for (; n > 0 && pdf_is_space(p[n - 1]); n--)
			line = line || p[n - 1] == '\n' || p[n - 1] == '\r';
		*more = n == 0;
		comment = n;
		for (k = n;
		     line && k > 0 && p[k - 1] != '\n' && p[k - 1] != '\r';
		     k--) {
			if (p[k - 1] == '%')
				comment = k - 1;
		}
		*more = *more || k == 0;
		if (comment == n)
			return n;
		n = comment;
	}
}

/* Leading zeros do not matter, however many; a value that is too large becomes
 * one that no number can be, without wrapping. */
static size_t digits_back(const uint8_t *p, size_t n, uint64_t *value)
{
	uint64_t place = 1;

	*value = 0;
	for (; n > 0 && p[n - 1] >= '0' && p[n - 1] <= '9'; n--) {
		if (place <= UINT64_C(10000000000))
			*value += (uint64_t)(p[n - 1] - '0') * place;
		else if (p[n - 1] != '0')
			*value = UINT64_MAX;
		if (place <= UINT64_C(10000000000))
			place *= 10;
	}
	return n;
}

/* "N G" at the end of n bytes, and how many bytes before that it begins. */
static bool read_numbers(const uint8_t *p, size_t n, size_t *back,
			 struct pdf_ref *ref, bool *more)
{
	size_t end, start;
	uint64_t num, gen;

	end = skip_back(p, n, more);
	start = digits_back(p, end, &gen);
	*more = *more || start == 0;
	if (start == end || *more)
		return false;
	end = skip_back(p, start, more);
	if (end == start)
		return false;
	start = digits_back(p, end, &num);
	*more = *more || start == 0;
	if (start == end || num > PDF_MAX_NUM)
		return false;
	ref->num = (uint32_t)num;
	ref->gen = gen > UINT16_MAX ? UINT32_MAX : (uint32_t)gen;
	*back = n - start;
	return true;
}

/* "N G" before "obj", as any reader that repairs takes it. */
static bool read_head(struct strays *f, const struct pdf_hit *hit, uint64_t *at,
		      struct pdf_ref *ref)
{
	size_t n =
		hit->before < PDF_SCAN_BEFORE ? hit->before : PDF_SCAN_BEFORE;
	struct pdf_core *core = f->s->core;
	bool is, more = false;
	size_t back = 0;

	if (hit->after > 3 && !pdf_is_space(hit->word[3]) &&
	    !pdf_is_delimiter(hit->word[3]))
		return false;
	is = read_numbers(hit->word - n, n, &back, ref, &more);
	if (!is && more && hit->at > n) {
		n = hit->at < HEAD_MAX ? (size_t)hit->at : HEAD_MAX;
		/* Over the limit it is taken for one: then it is told. */
		if (pdf_charge(core, n, NULL) != DEED_OK) {
			*ref = (struct pdf_ref){ 0, 0 };
			*at = hit->at;
			return true;
		}
		if (pdf_input_read(core->in, hit->at - n, f->head, n, NULL) !=
		    DEED_OK)
			return false;
		is = read_numbers(f->head, n, &back, ref, &more);
	}
	*at = hit->at - back;
	return is;
}

/* Nothing but white space and comments? */
static bool is_gap(const struct pdf_core *core, uint64_t from, uint64_t to)
{
	struct pdf_lexer l;

	if (from == to)
		return true;
	if (to - from > GAP_MAX)
		return false;
	pdf_lexer_init(&l, core->in, from, to, NULL);
	pdf_lex_skip_space(&l);
	return l.pos == to;
}

/* Does an entry lead there? */
static bool is_listed(const struct strays *f, struct pdf_ref ref, uint64_t at)
{
	const struct pdf_core *core = f->s->core;
	const struct pdf_xref_entry *e;
	uint64_t place;
	size_t i = f->place;

	if (i == 0)
		return false;
	place = pdf_places_offset(core, i - 1);
	if (!is_gap(core, place, at))
		return false;
	for (; i > 0 && pdf_places_offset(core, i - 1) == place; i--) {
		e = &core->entries[core->places[i - 1]];
		if (e->num == ref.num && e->gen == ref.gen)
			return true;
	}
	return false;
}

/* A row of a hybrid section that does not hold. */
static bool is_dropped(struct pdf_core *core, struct pdf_ref ref, uint64_t at)
{
	const struct pdf_xref_entry *e;
	size_t i;

	if (pdf_charge(core, core->dropped_count, NULL) != DEED_OK)
		return false;
	for (i = 0; i < core->dropped_count; i++) {
		e = &core->dropped[i];
		if (pdf_entry_where(e) == PDF_IN_FILE && e->num == ref.num &&
		    is_gap(core, pdf_entry_offset(e), at))
			return true;
	}
	return false;
}

/* A cross-reference stream need not list itself, and the first object of a
 * linearised file is for who reads from its beginning. */
static bool is_bookkeeping(struct strays *f, const struct pdf_hit *hit,
			   bool first, uint64_t at)
{
	const struct pdf_section *section = pdf_section_upto(f->s->core, at);
	size_t len = hit->after < 96 ? hit->after : 96;

	if (section != NULL && section->at == at)
		return true;
	return first && memmem(hit->word, len, "/Linearized", 11) != NULL;
}

/* Is it part of the stream or the text of another object? */
static bool lies_inside(struct strays *f, uint64_t at)
{
	struct structure *s = f->s;
	struct pdf_core *core = s->core;
	const struct pdf_section *section = pdf_section_upto(core, at);
	struct pdf_object *o;
	uint32_t entry;

	if (section != NULL && at < section->after)
		return true;
	if (f->place == 0)
		return false;
	entry = core->places[f->place - 1];
	if (f->span != entry) {
		f->span = entry;
		f->span_end = 0;
		if (pdf_load_entry(pdf_entry_view(core, entry), entry,
				   &s->arena, &o, NULL) == DEED_OK)
			f->span_end = o->end;
		pdf_arena_reset(&s->arena);
	}
	return at < f->span_end;
}

/* ---- the search ---- */

/* As pdf_revision_at; hits come in the order of the file. */
static size_t revision_at(struct strays *f, uint64_t at)
{
	const struct pdf_core *core = f->s->core;

	while (f->revision + 1 < core->revision_count &&
	       core->revisions[f->revision].end <= at)
		f->revision++;
	return f->revision;
}

/* An object that cannot be read is told all the same, with o NULL: it is then
 * never harmless.  Loaded apart from the cache, as no entry leads to it. */
static enum deed_status take_stray(struct strays *f, struct pdf_ref ref,
				   uint64_t at, struct deed_error *err)
{
	struct structure *s = f->s;
	struct pdf_core *core = s->core;
	size_t revision = revision_at(f, at);
	struct pdf_arena arena = PDF_ARENA_INIT;
	bool inside = lies_inside(f, at);
	enum deed_status status;
	struct pdf_object *o;
	struct pdf_ref seen;
	uint64_t after;

	status = pdf_load_at(&core->views[revision], core, at,
			     pdf_input_size(core->in), &arena, &seen, &after,
			     &o, NULL);
	if (status == DEED_OK && core->crypt != NULL)
		status = pdf_crypt_read(core->crypt, seen, o, &arena, NULL);
	/* What this parser does not take, one that repairs may. */
	if (status == DEED_MALFORMED || status == DEED_UNSUPPORTED)
		o = NULL;
	else if (status != DEED_OK)
		status = structure_failed(s, status, revision, ref.num, err);
	if (status == DEED_MALFORMED || status == DEED_UNSUPPORTED)
		status = DEED_OK;
	if (status == DEED_OK)
		status = structure_stray(s, ref, o, revision, inside, at, err);
	pdf_arena_clear(&arena);
	return status;
}

/* Hits come in the order of the file, so that place only ever moves on.  The
 * word in "endobj" is passed over by the letter before it. */
static enum deed_status take_object(void *arg, const struct pdf_hit *hit,
				    struct deed_error *err)
{
	struct strays *f = arg;
	struct structure *s = f->s;
	struct pdf_core *core = s->core;
	struct pdf_ref ref;
	uint64_t at;
	bool first;

	if (s->spent)
		return DEED_NO;
	if (hit->before == 0 || hit->word[-1] == 'd' ||
	    !read_head(f, hit, &at, &ref))
		return DEED_OK;
	first = !f->met;
	f->met = true;
	while (f->place < core->place_count &&
	       pdf_places_offset(core, f->place) <= at)
		f->place++;
	if (is_listed(f, ref, at) || is_bookkeeping(f, hit, first, at) ||
	    is_dropped(core, ref, at))
		return DEED_OK;
	/* Nothing worse can come of the same revision. */
	if (structure_told(s, PDF_FAULT_STRAY, PDF_FAULT_PREPARED,
			   revision_at(f, at)))
		return DEED_OK;
	return take_stray(f, ref, at, err);
}

/* Whoever repairs takes any trailer too: is it one with another catalog? */
static bool names_other_root(struct strays *f, uint64_t at, size_t revision)
{
	struct pdf_core *core = f->s->core;
	const struct pdf_object *root;
	struct pdf_object *o;
	struct pdf_lexer l;
	bool other;

	pdf_lexer_init(&l, core->in, at, pdf_input_size(core->in),
		       &f->s->arena);
	/* What cannot be read here may be read there. */
	other = pdf_lex_object(&l, &o, NULL) != DEED_OK;
	if (pdf_charge(core, l.pos - at, NULL) != DEED_OK)
		f->s->spent = true;
	root = other ? NULL : pdf_dict_get(o, "Root");
	if (root != NULL)
		other = !pdf_equal(
			root,
			pdf_dict_get(core->views[revision].trailer, "Root"));
	pdf_lexer_clear(&l);
	pdf_arena_reset(&f->s->arena);
	return other;
}

/* The trailers of the chain lie within its sections and are passed over.
 * Without "<<" no reader takes the word for a trailer. */
static enum deed_status take_trailer(void *arg, const struct pdf_hit *hit,
				     struct deed_error *err)
{
	struct strays *f = arg;
	struct pdf_core *core = f->s->core;
	const struct pdf_section *section = pdf_section_upto(core, hit->at);
	size_t i, revision = revision_at(f, hit->at);
	bool other;

	if (section != NULL && hit->at < section->after)
		return DEED_OK;
	for (i = 7; i < hit->after && pdf_is_space(hit->word[i]); i++)
		;
	if (i + 1 >= hit->after || hit->word[i] != '<' ||
	    hit->word[i + 1] != '<' ||
	    structure_told(f->s, PDF_FAULT_STRAY, PDF_FAULT_LATER, revision))
		return DEED_OK;
	other = names_other_root(f, hit->at + i, revision);
	if (f->s->spent)
		return structure_failed(f->s, DEED_LIMIT, revision, 0, err);
	if (!other)
		return DEED_OK;
	return structure_fault(f->s, PDF_FAULT_STRAY, PDF_FAULT_LATER, revision,
			       0, err,
			       "a trailer of no revision stands at byte %llu",
			       (unsigned long long)hit->at);
}

enum deed_status structure_strays(struct structure *s, struct deed_error *err)
{
	struct strays f = { .s = s, .span = PDF_NO_ENTRY };
	enum deed_status status;

	if (s->spent)
		return DEED_OK;
	status = pdf_scan(s->core->in, 0, "obj", 2, take_object, &f, err);
	f.revision = 0;
	/* What was there before any signature is nobody's doing. */
	if (status == DEED_OK && s->core->revision_count > 1)
		status = pdf_scan(s->core->in, s->core->revisions[0].end,
				  "trailer", 0, take_trailer, &f, err);
	return status == DEED_NO ? DEED_OK : status;
}
