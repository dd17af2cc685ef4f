/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "archive/survey_priv.h"

/* The parts of one chunk. */
struct chunk_parts {
	struct survey *s;
	size_t chunk, size;
	struct buf read[ERASURE_MAX];
	uint8_t *part[ERASURE_MAX];
	bool there[ERASURE_MAX];
	unsigned good;
	uint8_t *parity; /* all of it, as the data parts make it */
};

/* The part, or room for it. */
static bool take_part(struct chunk_parts *c, unsigned part)
{
	struct survey *s = c->s;
	struct survey_spot *spot = &s->spot[part];
	bool boxed = manifest_boxed(s->d->m);
	enum survey_state state = SURVEY_AWAY;

	if (boxed) {
		state = spot->object[0].state;
		if (state == SURVEY_GOOD)
			buf_slice(&c->read[part], spot->box.segment);
	} else if (!spot->away) {
		state = survey_outcome(s, part,
				       stored_segment(s->archive, s->d,
						      c->chunk, part + 1,
						      &c->read[part], NULL));
		rate_take(s->options->rate, c->read[part].len);
		survey_set(s, part, c->chunk, state);
	}
	c->there[part] = state == SURVEY_GOOD;
	c->good += c->there[part];
	if (!c->there[part])
		buf_fill(&c->read[part], 0, c->size);
	c->part[part] = c->read[part].data;
	return !c->read[part].failed;
}

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
	bool ok = true;
	unsigned j;

	for (j = 0; j < m->n && ok; j++)
		ok = take_part(&c, j);
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
	for (j = 0; j < m->n; j++)
		buf_clear(&c.read[j]);
	free(c.parity);
}
