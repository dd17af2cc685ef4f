/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/placement.h"

#include <stdio.h>

void placement_of(const struct manifest *m, struct placement *out)
{
	memset(out, 0, sizeof(*out));
	out->n = m->n;
	memcpy(out->place, m->place, sizeof(out->place));
}

/* The names, and which of them have their part. */
struct plan {
	const char *const *to;
	bool taken[ERASURE_MAX];  /* of to */
	bool placed[ERASURE_MAX]; /* part i + 1 */
	struct placement *out;
};

/* Give part to the place of that name, if that waits for one. */
static void give(struct plan *p, unsigned part, const char *name)
{
	unsigned i;

	for (i = 0; i < p->out->n; i++)
		if (!p->taken[i] && !strcmp(p->to[i], name))
			break;
	if (i == p->out->n || p->placed[part])
		return;
	snprintf(p->out->place[part], sizeof(p->out->place[part]), "%s", name);
	p->taken[i] = true;
	p->placed[part] = true;
}

/* The parts that are left, in order, to the names that are left. */
static void give_rest(struct plan *p)
{
	unsigned part, i = 0;

	for (part = 0; part < p->out->n; part++) {
		if (p->placed[part])
			continue;
		while (p->taken[i])
			i++;
		give(p, part, p->to[i]);
	}
}

/* A part each: with a place fewer or more, parts would have to be made anew,
 * which changes what the manifest says of them. */
static enum deed_status check_names(const struct manifest *m,
				    const char *const *to, size_t count,
				    struct deed_error *err)
{
	size_t i, j;

	if (count != m->n)
		return deed_error_set(err, DEED_USAGE,
				      "the deposit has %u parts, and these are "
				      "%zu places",
				      m->n, count);
	for (i = 0; i < count; i++) {
		if (strlen(to[i]) > MANIFEST_PLACE_NAME)
			return deed_error_set(err, DEED_USAGE,
					      "'%s' is no name of a place",
					      to[i]);
		for (j = 0; j < i; j++)
			if (!strcmp(to[i], to[j]))
				return deed_error_set(err, DEED_USAGE,
						      "place '%s' is named "
						      "twice",
						      to[i]);
	}
	return DEED_OK;
}

enum deed_status placement_plan(const struct manifest *m,
				const struct manifest *const *before,
				size_t before_count, const char *const *to,
				size_t count, struct placement *out,
				struct deed_error *err)
{
	struct plan p = { .to = to, .out = out };
	enum deed_status status = check_names(m, to, count, err);
	unsigned part;
	size_t i;

	if (status != DEED_OK)
		return status;
	placement_of(m, out);
	for (part = 0; part < m->n; part++)
		give(&p, part, m->place[part]);
	for (part = 0; part < m->n; part++) {
		out->moves[part] = !p.placed[part];
		out->moved += out->moves[part];
	}
	for (i = 0; i < before_count; i++)
		for (part = 0; part < m->n && part < before[i]->n; part++)
			give(&p, part, before[i]->place[part]);
	give_rest(&p);
	return DEED_OK;
}
