/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "archive/health/survey_priv.h"

/* The parts of one chunk. */
struct chunk_parts {
	struct survey *s;
	size_t chunk, size;
	struct buf read; /* all parts one after another */
	uint8_t *part[ERASURE_MAX];
	bool there[ERASURE_MAX];
	unsigned good;
	uint8_t *parity; /* all of it, as the data parts make it */
};

/* From the boxes, which were read before. */
static void take_boxed(struct chunk_parts *c)
{
	struct survey *s = c->s;
	unsigned j;

	for (j = 0; j < s->d->m->n; j++) {
		c->there[j] = s->spot[j].object[0].state == SURVEY_GOOD;
		if (c->there[j])
			buf_slice(&c->read, s->spot[j].box.segment);
		else
			buf_fill(&c->read, 0, c->size);
	}
	for (j = 0; j < s->d->m->n && !c->read.failed; j++)
		c->part[j] = c->read.data + j * c->size;
}

/* The rate is taken for what has come; where a place fails here it is away for
 * the chunks that follow. */
static void note(struct chunk_parts *c, const struct stored_part *p)
{
	unsigned part = p->number - 1;
	enum survey_state state = survey_outcome(c->s, part, p->status);

	if (p->status == DEED_OK)
		rate_take(c->s->options->rate, c->size);
	survey_set(c->s, part, c->chunk, state);
	c->there[part] = state == SURVEY_GOOD;
}

/* Of places that answer and have some, then room for what the others have. */
static void take_segments(struct chunk_parts *c)
{
	struct survey *s = c->s;
	struct stored_part part[ERASURE_MAX];
	unsigned n = s->d->m->n, count = 0, end = n, j;

	/* They may stop to answer meanwhile: each is asked once. */
	for (j = 0; j < n; j++) {
		bool asked = !s->spot[j].away && !s->spot[j].empty;

		part[asked ? count++ : --end].number = j + 1;
		if (s->spot[j].empty)
			survey_set(s, j, c->chunk, SURVEY_MISSING);
	}
	if (stored_segments(s->archive, s->d, c->chunk, part, count, &c->read,
			    NULL) != DEED_OK)
		return;
	buf_fill(&c->read, 0, (n - count) * c->size);
	for (j = 0; j < n && !c->read.failed; j++)
		c->part[part[j].number - 1] = c->read.data + j * c->size;
	for (j = 0; j < count; j++)
		note(c, &part[j]);
}

/* The parts, or room for them. */
static bool take_parts(struct chunk_parts *c)
{
	unsigned j;

	if (manifest_boxed(c->s->d->m))
		take_boxed(c);
	else
		take_segments(c);
	for (j = 0; j < c->s->d->m->n; j++)
		c->good += c->there[j];
	return !c->read.failed;
}

/* By the manifest: what was made from other parts is believed no more than
 * what was read. */
static bool is_right(const struct chunk_parts *c, unsigned part,
		     const uint8_t *bytes)
{
	uint8_t hash[SHA256_SIZE];

	sha256(slice_of(bytes, c->size), hash);
	return !memcmp(hash, c->s->d->m->chunk[c->chunk].segment[part],
		       SHA256_SIZE);
}

/*
 * They contradict each other, though each that is there is what the manifest
 * says: whoever signed it had parity made of another document.
 */
static void contradict(struct chunk_parts *c, unsigned part)
{
	survey_set(c->s, part, manifest_boxed(c->s->d->m) ? 0 : c->chunk,
		   SURVEY_TAMPERED);
}

/* The data parts that are lost. */
static bool make_data(struct chunk_parts *c)
{
	const struct manifest *m = c->s->d->m;
	bool right = true;
	unsigned j;

	for (j = 0; j < m->k && c->there[j]; j++)
		;
	if (j == m->k)
		return true;
	if (erasure_restore(c->s->code, c->size, c->part, c->there, NULL) !=
	    DEED_OK) {
		survey_no_memory(c->s);
		return false;
	}
	for (; j < m->k; j++)
		if (!c->there[j] && !is_right(c, j, c->part[j])) {
			contradict(c, j);
			right = false;
		}
	return right;
}

/* All parity, from the data; that which is there must be the same. */
static bool make_parity(struct chunk_parts *c)
{
	const struct manifest *m = c->s->d->m;
	uint8_t *all[ERASURE_MAX];
	bool right = true;
	unsigned j;

	if (m->n == m->k)
		return true;
	c->parity = malloc((m->n - m->k) * c->size);
	if (c->parity == NULL) {
		survey_no_memory(c->s);
		return false;
	}
	for (j = 0; j < m->n; j++)
		all[j] = j < m->k ? c->part[j]
				  : c->parity + (j - m->k) * c->size;
	erasure_encode(c->s->code, c->size, all);
	for (j = m->k; j < m->n; j++) {
		bool same = c->there[j] ? !memcmp(all[j], c->part[j], c->size)
					: is_right(c, j, all[j]);

		if (!same)
			contradict(c, j);
		right = right && same;
		c->part[j] = all[j];
	}
	return right;
}

void survey_parts(struct survey *s, size_t chunk)
{
	const struct manifest *m = s->d->m;
	struct chunk_parts c = { .s = s,
				 .chunk = chunk,
				 .size = manifest_part_size(m, chunk) };
	bool ok = take_parts(&c);

	if (!ok)
		survey_no_memory(s);
	s->left[chunk] = c.good;
	if (ok && c.good >= m->k) {
		ok = make_data(&c);
		if (!ok)
			s->left[chunk] = 0;
		if (ok && make_parity(&c) && s->chunk != NULL)
			s->chunk(s, chunk, c.part, c.size);
	}
	buf_clear(&c.read);
	free(c.parity);
}
