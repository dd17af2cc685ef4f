/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "archive/archive.h"
#include "archive/catalogue.h"
#include "archive/answering.h"
#include "archive/each.h"
#include "archive/erasure.h"
#include "archive/flight.h"
#include "archive/manifest.h"
#include "archive/object.h"
#include "archive/place/place.h"
#include "archive/spread.h"
#include "base/log.h"

#define FLIGHT 1024 /* transfers, of which what is left is kept */

/* A manifest on its way to the places. */
struct issue {
	char name[PLACE_NAME + 1]; /* of the object */
	struct slice bytes;
	char folder[2 * ARCHIVE_DEPOSIT + 1];
	uint8_t id[SHA256_SIZE]; /* the payload of the first generation */
	bool has_id;
	uint8_t cms[SHA256_SIZE]; /* of its bytes, as its name says */
	struct manifest *m;
	unsigned wanted;	 /* places that must have it; 0: all */
	bool lacks[ERASURE_MAX]; /* places that do not get it, or did not */
	unsigned away;		 /* of those: they do not answer */
	struct deed_error why;	 /* the last of them */
	enum deed_status *status;
};

struct publishing {
	struct archive *a;
	struct answering places;
	struct issue *issue;
	size_t count;
	struct flight flight; /* to the places */
	struct deed_error *err;
	bool failed; /* err is taken */
};

/* err is told of the first alone; each has its own status. */
static void fail(struct publishing *p, struct issue *i, enum deed_status status,
		 const struct deed_error *err)
{
	*i->status = status;
	if (!p->failed && p->err != NULL)
		*p->err = *err;
	p->failed = true;
}

/* " 4 -3 -5": how many must have it, and which do not get it. */
static bool read_spread(const char *text, struct issue *i)
{
	bool first = true;

	for (; *text == ' '; first = false) {
		bool minus = *++text == '-';
		unsigned n = 0;

		for (text += minus; *text >= '0' && *text <= '9'; text++)
			if ((n = 10 * n + (unsigned)(*text - '0')) >
			    ERASURE_MAX)
				return false;
		if (n == 0 || (!minus && !first))
			return false;
		if (minus)
			i->lacks[n - 1] = true;
		else
			i->wanted = n;
	}
	return *text == '\0';
}

/* "DEPOSIT/OBJECT", and where to, taken apart; the object is a manifest. */
static enum deed_status split_what(const char *what, struct issue *i,
				   struct deed_error *err)
{
	const char *slash = strchr(what, '/');
	size_t len = slash == NULL ? 0 : strcspn(slash + 1, " ");
	struct object_name o;

	if (slash == NULL || slash - what != 2 * ARCHIVE_DEPOSIT ||
	    len > PLACE_NAME)
		return deed_error_set(err, DEED_MALFORMED,
				      "'%s' names no manifest", what);
	memcpy(i->folder, what, 2 * ARCHIVE_DEPOSIT);
	i->folder[2 * ARCHIVE_DEPOSIT] = '\0';
	memcpy(i->name, slash + 1, len);
	i->name[len] = '\0';
	if (!object_parse(i->name, &o) || o.kind != OBJECT_MANIFEST ||
	    !read_spread(slash + 1 + len, i))
		return deed_error_set(err, DEED_MALFORMED,
				      "'%s' names no manifest", what);
	memcpy(i->cms, o.sha256, SHA256_SIZE);
	return DEED_OK;
}

/* The place of a part, by its number in the archive. */
static bool find_place(const struct archive *a, const struct issue *i,
		       unsigned part, size_t *out)
{
	for (*out = 0; *out < a->count; ++*out)
		if (!strcmp(place_name(a->place[*out]), i->m->place[part]))
			return true;
	return false;
}

/* On its way. */
static enum deed_status write_one(struct publishing *p, struct issue *i,
				  unsigned part, struct deed_error *err)
{
	struct place_ticket *ticket;
	enum deed_status status;
	size_t at;

	if (!find_place(p->a, i, part, &at))
		return deed_error_set(err, DEED_CONFIG,
				      "there is no place '%s'",
				      i->m->place[part]);
	if (p->places.away[at]) {
		i->away++;
		return place_probe(p->a->place[at], err) == DEED_OK
			       ? deed_error_set(err, DEED_REMOTE,
						"did not answer")
			       : DEED_REMOTE;
	}
	status = place_put_begin(p->a->place[at], i->folder, i->name, i->bytes,
				 &ticket, err);
	if (status == DEED_OK)
		flight_add(&p->flight, ticket, i, part);
	return status;
}

/* Once a place failed to take the manifest it counts as a place without it to
 * the end, also when others are synced. */
static void lack(struct issue *i, unsigned part, const struct deed_error *why)
{
	i->lacks[part] = true;
	i->why = *why;
	deed_error_prefix(&i->why, "place '%s'", i->m->place[part]);
}

/* A flight_fn. */
static void landed(void *arg, void *what, unsigned part,
		   enum deed_status status, const struct deed_error *why)
{
	(void)arg;
	if (status != DEED_OK)
		lack(what, part, why);
}

/* A place that lacks something of the deposit gets no manifest: who finds one
 * there may count on the rest. */
static void write_all(struct publishing *p, struct issue *i)
{
	unsigned j;

	for (j = 0; j < i->m->n; j++) {
		struct deed_error why = DEED_ERROR_INIT;

		if (!i->lacks[j] && write_one(p, i, j, &why) != DEED_OK)
			lack(i, j, &why);
	}
}

/* Which part of it lies there? */
static bool lies_at(const struct issue *i, const struct place *p, unsigned *j)
{
	for (*j = 0; i->m != NULL && *j < i->m->n; ++*j)
		if (!strcmp(i->m->place[*j], place_name(p)))
			return !i->lacks[*j];
	return false;
}

/* A place that cannot be synced holds none of them. */
static void sync_place(struct publishing *p, struct place *place)
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status = DEED_OK;
	bool asked = false;
	unsigned part;
	size_t i;

	for (i = 0; i < p->count; i++) {
		struct issue *one = &p->issue[i];

		if (*one->status != DEED_OK || !lies_at(one, place, &part))
			continue;
		if (!asked)
			status = place_sync(place, &err);
		asked = true;
		if (status != DEED_OK)
			lack(one, part, &err);
	}
}

/* A later generation was written where its deposit lay before, too. */
static void remove_all(struct archive *a, const struct issue *i)
{
	struct flight f;
	unsigned part;
	size_t j;

	flight_init(&f, 0, NULL, NULL);
	for (j = 0; i->m != NULL && j < a->count; j++) {
		struct place_ticket *ticket;

		(void)lies_at(i, a->place[j], &part);
		if ((part < i->m->n || i->m->generation > 1) &&
		    place_remove_begin(a->place[j], i->folder, i->name, &ticket,
				       NULL) == DEED_OK)
			flight_add(&f, ticket, NULL, 0);
	}
	flight_clear(&f);
}

/* The manifests of a folder. */
struct shown {
	bool any, first;
	struct object_name o; /* of the first generation */
};

/* A place_fn. */
static enum deed_status on_name(void *arg, const char *name,
				struct deed_error *err)
{
	struct shown *shown = arg;
	struct object_name o;

	(void)err;
	if (!object_parse(name, &o) || o.kind != OBJECT_MANIFEST)
		return DEED_OK;
	shown->any = true;
	if (o.number == 1) {
		shown->first = true;
		shown->o = o;
	}
	return DEED_OK;
}

/* The id, for the catalogue: the payload of the first generation there. */
static void read_id(struct place *p, struct issue *i, const struct shown *shown)
{
	struct manifest *m = NULL;
	struct buf bytes = BUF_INIT;

	i->has_id = object_get(p, i->folder, &shown->o, PLACE_OBJECT_MAX,
			       &bytes, NULL) == DEED_OK &&
		    manifest_peek(buf_get(&bytes), &m, i->id, NULL) == DEED_OK;
	manifest_free(m);
	buf_clear(&bytes);
}

/* One of a later generation, and what each place shows of it. */
struct later {
	struct archive *a;
	const struct issue *i;
	struct shown shown[ARCHIVE_PLACES_MAX];
};

/* A pool_fn. */
static void show_where(void *arg, size_t j)
{
	struct later *l = arg;
	struct place *p = l->a->place[j];
	unsigned part;

	(void)!place_list(p, l->i->folder, on_name, &l->shown[j], NULL);
	if (l->shown[j].any && !lies_at(l->i, p, &part))
		(void)!place_put(p, l->i->folder, l->i->name, l->i->bytes,
				 NULL);
}

/*
 * Where a deposit lay before it still lies for a while: whoever looks there is
 * to see where it went.  Nothing depends on it, and such a place may be gone.
 */
static void conclude_later(struct archive *a, struct issue *i)
{
	struct later l = { .a = a, .i = i };
	size_t j;

	i->has_id = i->m->generation == 1;
	if (i->has_id)
		return;
	each_run(a, a->count, show_where, &l);
	for (j = 0; j < a->count && !i->has_id; j++)
		if (l.shown[j].first)
			read_id(a->place[j], i, &l.shown[j]);
}

/* Places that got it: those that failed, do not answer, or were not to get it
 * are marked as lacking. */
static unsigned holders(const struct issue *i)
{
	unsigned j, count = 0;

	for (j = 0; j < i->m->n; j++)
		count += !i->lacks[j];
	return count;
}

/* Have enough places got it? */
static void conclude(struct publishing *p, struct issue *i)
{
	unsigned n = i->m->n, have = holders(i);
	unsigned wanted = i->wanted == 0 ? n : i->wanted;

	if (i->why.status == DEED_OK && have < wanted)
		(void)deed_error_set(&i->why, DEED_MALFORMED,
				     "'%s' is meant for too few places",
				     i->name);
	if (have < spread_least(i->m->k, n) || have + i->away < wanted)
		fail(p, i, i->why.status, &i->why);
	else if (i->away > 0)
		log_say(LOG_WARNING,
			"a deposit is at %u of %u places until it is repaired: "
			"%s",
			have, n, i->why.message);
}

/* The catalogue is made anew when it is lost: no reason to fail. */
static void enter(const struct publishing *p)
{
	struct catalogue_new *list = calloc(p->count, sizeof(*list));
	struct deed_error why = DEED_ERROR_INIT;
	size_t i, n = 0;

	for (i = 0; i < p->count && list != NULL; i++) {
		const struct issue *one = &p->issue[i];

		if (*one->status == DEED_OK && one->has_id)
			list[n++] = (struct catalogue_new){
				.m = one->m,
				.id = one->id,
				.cms = one->cms,
				.state = holders(one) == one->m->n
						 ? CATALOGUE_HEALTHY
						 : CATALOGUE_DEGRADED,
			};
	}
	if (n > 0 && catalogue_add_all(p->a, list, n, &why) != DEED_OK)
		log_say(LOG_WARNING,
			"the catalogue lacks %zu deposits until it is made "
			"anew: %s",
			n, why.message);
	free(list);
}

/* All are on their way before any is waited for, and each place is synced
 * once.  Only then it is known which of them enough places have; those that
 * failed are taken back before the catalogue is told of the others. */
static void publish_all(struct publishing *p, const char *const *what)
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status;
	size_t i;

	for (i = 0; i < p->count; i++) {
		struct issue *one = &p->issue[i];

		status = split_what(what[i], one, &err);
		if (status == DEED_OK)
			status = manifest_peek(one->bytes, &one->m, one->id,
					       &err);
		if (status == DEED_OK)
			write_all(p, one);
		else
			fail(p, one, status, &err);
	}
	flight_land(&p->flight);
	for (i = 0; i < p->a->count; i++)
		sync_place(p, p->a->place[i]);
	for (i = 0; i < p->count; i++) {
		if (*p->issue[i].status == DEED_OK)
			conclude(p, &p->issue[i]);
		if (*p->issue[i].status != DEED_OK)
			remove_all(p->a, &p->issue[i]);
		else
			conclude_later(p->a, &p->issue[i]);
	}
	enter(p);
}

void archive_publish(void *arg, const char *const *what,
		     const struct slice *bytes, enum deed_status *status,
		     size_t count, struct deed_error *err)
{
	const struct archive_where *where = arg;
	struct publishing p = { .count = count, .err = err };
	enum deed_status opened;
	size_t i;

	p.issue = calloc(count, sizeof(*p.issue));
	opened = p.issue == NULL
			 ? deed_error_memory(err)
			 : archive_open(where->dir, where->means, &p.a, err);
	if (opened == DEED_OK)
		opened = answering_look(p.a, &p.places, err);
	for (i = 0; i < count && p.issue != NULL; i++) {
		p.issue[i].bytes = bytes[i];
		p.issue[i].status = &status[i];
	}
	for (i = 0; i < count && opened != DEED_OK; i++)
		status[i] = opened;
	flight_init(&p.flight, FLIGHT, landed, NULL);
	if (opened == DEED_OK)
		publish_all(&p, what);
	flight_clear(&p.flight);
	for (i = 0; i < count && p.issue != NULL; i++)
		manifest_free(p.issue[i].m);
	archive_close(p.a);
	free(p.issue);
}
