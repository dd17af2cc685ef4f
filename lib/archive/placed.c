/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/placed.h"

#include <stdlib.h>

#include "archive/object.h"

/* From any place that has it as the chain says. */
static enum deed_status read_one(struct archive *a, const struct stored *d,
				 const struct stored_past *one, struct buf *cms)
{
	struct object_name o = { .kind = OBJECT_MANIFEST,
				 .number = one->number };
	enum deed_status status = DEED_NOT_FOUND;
	size_t i;

	memcpy(o.sha256, one->cms, SHA256_SIZE);
	for (i = 0; i < a->count && status != DEED_OK; i++)
		status = object_get(a->place[i], d->folder, &o, STATEMENT_MAX,
				    cms, NULL);
	return status;
}

/* A manifest held until the one after it was signed; the caller goes from the
 * newest to the first. */
static enum deed_status add(struct placed *p, struct slice cms, int64_t *until,
			    struct deed_error *err)
{
	struct manifest *m = NULL;
	uint8_t payload[SHA256_SIZE];
	enum deed_status status;
	int64_t time;

	status = statement_time(cms, &time, err);
	if (status == DEED_OK)
		status = manifest_peek(cms, &m, payload, err);
	if (status != DEED_OK)
		return status;
	p->m[p->count] = m;
	p->until[p->count++] = *until;
	*until = time;
	return DEED_OK;
}

enum deed_status placed_load(struct archive *a, const struct stored *d,
			     struct placed *out, struct deed_error *err)
{
	enum deed_status status;
	int64_t until;
	size_t i;

	*out = (struct placed){ .count = 0 };
	if (d->word == STORED_BEHIND)
		return deed_error_set(err, DEED_INDETERMINATE,
				      "the log names a later manifest of the "
				      "deposit, which no place shows");
	status = statement_time(buf_get(&d->cms), &out->since, err);
	out->m = calloc(d->past_count + 1, sizeof(struct manifest *));
	out->until = calloc(d->past_count + 1, sizeof(*out->until));
	if (status == DEED_OK && (out->m == NULL || out->until == NULL))
		status = deed_error_memory(err);
	until = out->since;
	for (i = d->past_count; i-- > 0 && status == DEED_OK;) {
		struct buf cms = BUF_INIT;

		status = read_one(a, d, &d->past[i], &cms);
		if (status == DEED_OK)
			status = add(out, buf_get(&cms), &until, err);
		buf_clear(&cms);
		if (status == DEED_NO_MEMORY)
			return deed_error_memory(err);
		out->lacks |= status != DEED_OK;
		status = DEED_OK;
	}
	return status;
}

void placed_clear(struct placed *p)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		manifest_free(p->m[i]);
	free(p->m);
	free(p->until);
	*p = (struct placed){ .count = 0 };
}

bool placed_before(const struct placed *p, const char *name, int64_t *until)
{
	size_t i;
	unsigned j;

	for (i = 0; i < p->count; i++)
		for (j = 0; j < p->m[i]->n; j++)
			if (!strcmp(p->m[i]->place[j], name)) {
				*until = p->until[i];
				return true;
			}
	*until = p->since;
	return p->lacks;
}
