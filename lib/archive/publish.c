/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "archive/archive.h"
#include "archive/catalogue.h"
#include "archive/manifest.h"
#include "archive/object.h"
#include "archive/place/place.h"
#include "base/log.h"

/* A manifest on its way to the places. */
struct issue {
	const char *name; /* of the object */
	struct slice bytes;
	char folder[2 * ARCHIVE_DEPOSIT + 1];
	uint8_t payload[SHA256_SIZE]; /* the id, of the first generation */
	uint8_t cms[SHA256_SIZE];     /* of its bytes, as its name says */
	struct manifest *m;
	enum deed_status *status;
};

struct publishing {
	struct archive *a;
	struct issue *issue;
	size_t count;
	struct deed_error *err;
	bool failed; /* err is taken */
};

static void fail(struct publishing *p, struct issue *i, enum deed_status status,
		 const struct deed_error *err)
{
	*i->status = status;
	if (!p->failed && p->err != NULL)
		*p->err = *err;
	p->failed = true;
}

/* "DEPOSIT/OBJECT" taken apart; the object is a manifest. */
static enum deed_status split_what(const char *what, struct issue *i,
				   struct deed_error *err)
{
	const char *slash = strchr(what, '/');
	struct object_name o;

	if (slash == NULL || slash - what != 2 * ARCHIVE_DEPOSIT ||
	    !object_parse(slash + 1, &o) || o.kind != OBJECT_MANIFEST)
		return deed_error_set(err, DEED_MALFORMED,
				      "'%s' names no manifest", what);
	memcpy(i->folder, what, 2 * ARCHIVE_DEPOSIT);
	i->folder[2 * ARCHIVE_DEPOSIT] = '\0';
	memcpy(i->cms, o.sha256, SHA256_SIZE);
	i->name = slash + 1;
	return DEED_OK;
}

static enum deed_status write_all(struct archive *a, const struct issue *i,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned j;

	for (j = 0; j < i->m->n && status == DEED_OK; j++) {
		struct place *p = archive_place(a, i->m->place[j]);

		if (p == NULL)
			status = deed_error_set(err, DEED_CONFIG,
						"there is no place '%s'",
						i->m->place[j]);
		if (status == DEED_OK)
			status =
				place_put(p, i->folder, i->name, i->bytes, err);
	}
	return status;
}

static bool lies_at(const struct issue *i, const struct place *p)
{
	unsigned j;

	for (j = 0; i->m != NULL && j < i->m->n; j++)
		if (!strcmp(i->m->place[j], place_name(p)))
			return true;
	return false;
}

/* A place that cannot be synced holds none of them. */
static void sync_place(struct publishing *p, struct place *place)
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status = DEED_OK;
	bool asked = false;
	size_t i;

	for (i = 0; i < p->count; i++) {
		struct issue *one = &p->issue[i];

		if (*one->status != DEED_OK || !lies_at(one, place))
			continue;
		if (!asked)
			status = place_sync(place, &err);
		asked = true;
		if (status != DEED_OK)
			fail(p, one, status, &err);
	}
}

static void remove_all(struct archive *a, const struct issue *i)
{
	unsigned j;

	for (j = 0; i->m != NULL && j < i->m->n; j++) {
		struct place *p = archive_place(a, i->m->place[j]);

		if (p != NULL)
			(void)!place_remove(p, i->folder, i->name, NULL);
	}
}

/* The catalogue is made anew when it is lost: no reason to fail. */
static void enter(const struct publishing *p)
{
	struct catalogue_new *list = calloc(p->count, sizeof(*list));
	struct deed_error why = DEED_ERROR_INIT;
	size_t i, n = 0;

	for (i = 0; i < p->count && list != NULL; i++) {
		const struct issue *one = &p->issue[i];

		if (*one->status == DEED_OK && one->m->generation == 1)
			list[n++] = (struct catalogue_new){
				.m = one->m,
				.id = one->payload,
				.cms = one->cms,
			};
	}
	if (n > 0 && catalogue_add_all(p->a, list, n, &why) != DEED_OK)
		log_say(LOG_WARNING,
			"the catalogue lacks %zu deposits until it is made "
			"anew: %s",
			n, why.message);
	free(list);
}

static void publish_all(struct publishing *p, const char *const *what)
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status;
	size_t i;

	for (i = 0; i < p->count; i++) {
		struct issue *one = &p->issue[i];

		status = split_what(what[i], one, &err);
		if (status == DEED_OK)
			status = manifest_peek(one->bytes, &one->m,
					       one->payload, &err);
		if (status == DEED_OK)
			status = write_all(p->a, one, &err);
		if (status != DEED_OK)
			fail(p, one, status, &err);
	}
	for (i = 0; i < p->a->count; i++)
		sync_place(p, p->a->place[i]);
	for (i = 0; i < p->count; i++)
		if (*p->issue[i].status != DEED_OK)
			remove_all(p->a, &p->issue[i]);
	enter(p);
}

void archive_publish(void *arg, const char *const *what,
		     const struct slice *bytes, enum deed_status *status,
		     size_t count, struct deed_error *err)
{
	struct publishing p = { .count = count, .err = err };
	enum deed_status opened;
	size_t i;

	p.issue = calloc(count, sizeof(*p.issue));
	opened = p.issue == NULL ? deed_error_memory(err)
				 : archive_open(arg, &p.a, err);
	for (i = 0; i < count && p.issue != NULL; i++) {
		p.issue[i].bytes = bytes[i];
		p.issue[i].status = &status[i];
	}
	for (i = 0; i < count && opened != DEED_OK; i++)
		status[i] = opened;
	if (opened == DEED_OK)
		publish_all(&p, what);
	for (i = 0; i < count && p.issue != NULL; i++)
		manifest_free(p.issue[i].m);
	archive_close(p.a);
	free(p.issue);
}
