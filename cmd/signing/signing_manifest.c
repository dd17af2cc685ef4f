/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/signing_manifest.h"

#include <stdlib.h>

#include "cmd/signing/signing.h"

/* What one text looks like, for all documents that show it. */
struct drawn {
	struct buf pdf;
	char *contents;
};

struct signing_manifest {
	struct batch_manifest *manifest;
	struct operands operands;
	const char **outputs;
	struct drawn *drawn;
	size_t drawings;
	struct pades_appearance
		*appearance; /* an entry each; pdf empty: none */
};

void signing_manifest_free(struct signing_manifest *m)
{
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < m->drawings; i++) {
		buf_clear(&m->drawn[i].pdf);
		free(m->drawn[i].contents);
	}
	free(m->drawn);
	free(m->appearance);
	free(m->outputs);
	operands_free(&m->operands);
	batch_manifest_free(m->manifest);
	free(m);
}

static enum deed_status fault(const struct signing *w,
			      const struct batch_manifest_entry *e,
			      const char *what, struct deed_error *err)
{
	return deed_error_set(err, DEED_CONFIG, "'%s', line %u: %s",
			      w->args->manifest, e->line, what);
}

/* Does what the document says go together with the options? */
static enum deed_status check_entry(const struct signing *w,
				    const struct batch_manifest_entry *e,
				    struct deed_error *err)
{
	if (e->output != NULL && w->session->in_place)
		return fault(w, e, "--in-place excludes an output", err);
	if ((w->detached || w->counter) &&
	    (e->field != NULL || e->reason != NULL || e->location != NULL ||
	     e->visible || e->has_page || e->position.given))
		return fault(w, e,
			     "no PDF is written: a document has a file "
			     "and an output",
			     err);
	if (w->seal && e->says_visible && !e->visible)
		return fault(w, e, "a seal is visible", err);
	if (w->seal && !w->placed && !w->seam && !e->position.given &&
	    e->field == NULL && w->args->field == NULL)
		return fault(w, e,
			     "where does the seal go? expected 'position', in "
			     "millimetres",
			     err);
	return DEED_OK;
}

/* Documents from two sources would have two orders and two sets of rules. */
static enum deed_status check_options(const struct signing *w,
				      struct deed_error *err)
{
	const struct session *s = w->session;

	if (s->operand_count > 0)
		return deed_error_set(err, DEED_USAGE,
				      "--manifest names the documents, not "
				      "operands");
	return DEED_OK;
}

/* One more than counted, for an empty manifest is no lack of memory.  The
 * names are the manifest's own, and live as long. */
static enum deed_status fill(struct signing_manifest *m, struct deed_error *err)
{
	size_t i, count = m->manifest->count;

	if (count > OPERANDS_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "a batch takes at most %d documents",
				      OPERANDS_MAX);
	m->operands.item = calloc(count + 1, sizeof(*m->operands.item));
	m->outputs = calloc(count + 1, sizeof(*m->outputs));
	m->appearance = calloc(count + 1, sizeof(*m->appearance));
	if (m->operands.item == NULL || m->outputs == NULL ||
	    m->appearance == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++) {
		m->operands.item[i] = m->manifest->entry[i].file;
		m->outputs[i] = m->manifest->entry[i].output;
	}
	m->operands.count = count;
	return DEED_OK;
}

enum deed_status signing_manifest_open(struct signing *w,
				       struct deed_error *err)
{
	struct signing_manifest *m;
	enum deed_status status;
	size_t i;

	status = check_options(w, err);
	if (status != DEED_OK)
		return status;
	m = w->manifest = calloc(1, sizeof(*m));
	if (m == NULL)
		return deed_error_memory(err);
	status = batch_manifest_read(w->args->manifest, &m->manifest, err);
	for (i = 0; status == DEED_OK && i < m->manifest->count; i++)
		status = check_entry(w, &m->manifest->entry[i], err);
	return status == DEED_OK ? fill(m, err) : status;
}

void signing_manifest_batch(const struct signing_manifest *m,
			    struct batch *batch)
{
	batch->operands = &m->operands;
	batch->outputs = m->outputs;
}

void signing_manifest_item(const struct signing_manifest *m, size_t i,
			   struct sign_item *item)
{
	const struct batch_manifest_entry *e = &m->manifest->entry[i];

	if (e->field != NULL)
		item->field = e->field;
	if (e->reason != NULL)
		item->reason = e->reason;
	if (e->location != NULL)
		item->location = e->location;
	if (e->despite != NULL)
		item->despite = (struct despite){ .words = e->despite };
	item->appearance =
		m->appearance[i].pdf.data == NULL ? NULL : &m->appearance[i];
}

bool signing_manifest_places(const struct signing_manifest *m, size_t i,
			     long *page)
{
	const struct batch_manifest_entry *e = &m->manifest->entry[i];

	if (e->has_page)
		*page = e->page;
	return e->position.given || e->field != NULL;
}

/* ---- drawings: one for each text ---- */

/* An entry that shows something, and what. */
struct shown {
	size_t index;
	const char *reason, *location;
};

static int compare_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int compare_shown(const void *left, const void *right)
{
	const struct shown *a = left, *b = right;
	int order = compare_text(a->reason, b->reason);

	return order != 0 ? order : compare_text(a->location, b->location);
}

/* A seal is always to be seen.  Texts are what the document says, else what
 * the options say, so that equal ones can be drawn once. */
static size_t find_shown(const struct signing *w, struct shown *out)
{
	const struct batch_manifest *m = w->manifest->manifest;
	size_t i, n = 0;

	for (i = 0; i < m->count; i++) {
		const struct batch_manifest_entry *e = &m->entry[i];

		if (!w->seal && !(e->says_visible ? e->visible : w->visible))
			continue;
		out[n].index = i;
		out[n].reason = e->reason != NULL ? e->reason : w->args->reason;
		out[n++].location =
			e->location != NULL ? e->location : w->args->location;
	}
	return n;
}

/* The sealer uses its room again for the next text, so that the drawing is
 * copied.  Counted before the copies are made, for what is half made is freed
 * as well. */
static enum deed_status draw_one(struct signing *w, const struct shown *s,
				 struct pades_appearance *out,
				 struct deed_error *err)
{
	struct seal_text text = signing_text(w);
	struct signing_manifest *m = w->manifest;
	struct drawn *d = &m->drawn[m->drawings];
	enum deed_status status;

	text.reason = s->reason;
	text.location = s->location;
	status = sealer_draw(w->sealer, &text, out, err);
	if (status != DEED_OK)
		return status;
	m->drawings++;
	buf_slice(&d->pdf, out->pdf);
	d->contents = strdup(out->contents);
	if (d->pdf.failed || d->contents == NULL)
		return deed_error_memory(err);
	out->pdf = buf_get(&d->pdf);
	out->contents = d->contents;
	return DEED_OK;
}

/* Everything but page and position is the drawing's.  A document that says
 * where it is signed has a field, even if the options ask for a seam alone. */
static void place(const struct signing_manifest *m, size_t i,
		  const struct pades_appearance *drawn)
{
	const struct batch_manifest_entry *e = &m->manifest->entry[i];
	struct pades_appearance *a = &m->appearance[i];

	*a = *drawn;
	if (e->has_page)
		a->page = e->page;
	if (e->position.given) {
		a->x_mm = e->position.x;
		a->y_mm = e->position.y;
		a->anywhere = false;
	}
	if (e->position.given || e->field != NULL)
		a->no_field = false;
}

enum deed_status signing_manifest_draw(struct signing *w,
				       const struct seal_design *design,
				       struct deed_error *err)
{
	struct signing_manifest *m = w->manifest;
	struct shown *shown = calloc(m->manifest->count + 1, sizeof(*shown));
	enum deed_status status = DEED_OK;
	struct pades_appearance now = { 0 };
	size_t i, count;

	m->drawn = calloc(m->manifest->count + 1, sizeof(*m->drawn));
	if (shown == NULL || m->drawn == NULL) {
		free(shown);
		return deed_error_memory(err);
	}
	count = find_shown(w, shown);
	qsort(shown, count, sizeof(*shown), compare_shown);
	if (count > 0)
		status = sealer_new(&w->sealer, design, err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		if (i == 0 || compare_shown(&shown[i - 1], &shown[i]) != 0)
			status = draw_one(w, &shown[i], &now, err);
		if (status == DEED_OK)
			place(m, shown[i].index, &now);
	}
	free(shown);
	return status;
}
