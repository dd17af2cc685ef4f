/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/foresee.h"

#include "cmd/shard/traffic.h"

/* A catalogue_fn. */
static enum deed_status add_item(void *arg, const struct catalogue_item *item,
				 struct deed_error *err)
{
	(void)err;
	estimate_add(arg, item);
	return DEED_OK;
}

/* An ID that is in no row: a check is told that it is wrong before anything is
 * spent; other runs find out themselves. */
static enum deed_status add_rows(const struct session *s, struct catalogue *c,
				 bool strict, struct estimate *e,
				 struct deed_error *err)
{
	/* In the order of time, for which every version has its order. */
	const struct catalogue_query all = { .has_since = false };
	enum deed_status status = DEED_OK;

	if (s->operand_count == 0)
		return catalogue_list(c, &all, add_item, e, err);
	for (size_t i = 0; i < s->operand_count && status == DEED_OK; i++) {
		struct catalogue_item item;

		status = catalogue_find(c, s->operand[i], &item, err);
		if (status == DEED_OK)
			estimate_add(e, &item);
		else if (!strict)
			status = DEED_OK;
	}
	return status;
}

enum deed_status foresee_check(struct session *s, const struct home *h,
			       const struct estimate_how *how,
			       struct deed_error *err)
{
	struct catalogue *c = NULL;
	struct archive *a = NULL;
	struct place_traffic t;
	struct estimate e = { 0 };
	enum deed_status status = archive_open(h->archive, h->places, &a, err);

	if (status == DEED_OK)
		status = catalogue_open_as_is(a, &c, err);
	if (status == DEED_OK) {
		e.places = a->count;
		status = catalogue_listed_count(c, &e.listed, err);
	}
	if (status == DEED_OK) {
		status = add_rows(s, c, true, &e, err);
	}
	if (status == DEED_OK) {
		estimate_check(&e, how, &t);
		traffic_estimate(s, a, &t);
	}
	catalogue_close(c);
	archive_close(a);
	return status;
}

enum deed_status foresee_repair(struct session *s,
				const struct deposit_visit *v,
				struct deed_error *err)
{
	struct estimate e = { .places = v->archive->count };
	struct estimate_loss how = { .single = s->operand_count > 0 };
	enum deed_status status = add_rows(s, v->catalogue, false, &e, err);
	struct place_traffic t;

	for (size_t i = 0; i < v->archive->count; i++) {
		how.lost += v->places.anew[i];
		how.away += v->places.away[i];
	}
	if (status != DEED_OK)
		return status;
	estimate_repair(&e, &how, &t);
	traffic_estimate(s, v->archive, &t);
	return DEED_OK;
}

enum deed_status foresee_rebalance(struct session *s,
				   const struct deposit_visit *v, size_t to,
				   bool remove, struct deed_error *err)
{
	size_t places = v->archive->count;
	struct estimate e = { .places = places,
			      .leaving = to > 0 ? places - to : 0 };
	enum deed_status status = add_rows(s, v->catalogue, false, &e, err);
	struct place_traffic t;

	if (status != DEED_OK)
		return status;
	estimate_rebalance(&e, remove, &t);
	traffic_estimate(s, v->archive, &t);
	return DEED_OK;
}
