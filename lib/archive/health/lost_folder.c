/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/lost_priv.h"

#include <stdlib.h>

#include "archive/place/place.h"
#include "base/array.h"

/* What all places have in it now. */
struct content_item {
	struct object_name o;
	size_t at; /* its place */
};

struct content {
	const struct lost *l;
	const char *folder;
	bool manifest, strange, young;
	struct content_item *item;
	size_t count, cap, place;
};

static enum deed_status keep(struct content *c, const struct object_name *o,
			     struct deed_error *err)
{
	if (!array_room(&c->item, &c->cap, c->count + 1))
		return deed_error_memory(err);
	c->item[c->count++] = (struct content_item){ *o, c->place };
	return DEED_OK;
}

/* A place_fn.  What begins with a dot was being written; it goes with the
 * folder. */
static enum deed_status on_name(void *arg, const char *name,
				struct deed_error *err)
{
	struct content *c = arg;
	struct object_name o;
	bool hidden = name[0] == '.';

	if (!object_parse(name + hidden, &o)) {
		c->strange = true;
		return DEED_OK;
	}
	if (o.kind == OBJECT_MANIFEST)
		c->manifest = true;
	return hidden ? DEED_OK : keep(c, &o, err);
}

/* A place that cannot say what it has in the folder ends it: a manifest may be
 * there. */
static enum deed_status read_content(struct content *c, struct deed_error *err)
{
	struct archive *a = c->l->a;
	enum deed_status status = DEED_OK;

	for (c->place = 0; c->place < a->count && status == DEED_OK;
	     c->place++) {
		if (lost_is_unmade(c->l, c->place))
			continue;
		status = lost_answered(place_list(a->place[c->place], c->folder,
						  on_name, c, err),
				       err);
		if (status == DEED_NOT_FOUND)
			status = DEED_OK;
	}
	return status;
}

/* Of what is gone by now there is no age. */
static enum deed_status look_at_age(struct content *c, struct deed_error *err)
{
	const struct lost *l = c->l;
	enum deed_status status = DEED_OK;
	char name[PLACE_NAME + 1];
	int64_t time;
	size_t i;

	for (i = 0; i < c->count && status == DEED_OK && !c->young; i++) {
		object_format(&c->item[i].o, name);
		status = lost_answered(
			place_modified(l->a->place[c->item[i].at], c->folder,
				       name, &time, err),
			err);
		if (status == DEED_OK)
			c->young = time > l->options->before;
		else if (status == DEED_NOT_FOUND)
			status = DEED_OK;
	}
	return status;
}

static void fail(struct lost *l, enum deed_status status,
		 const struct deed_error *why)
{
	if (l->failed != DEED_OK)
		return;
	l->failed = status;
	l->why = *why;
}

/* What fails is noted and the rest removed: without a manifest none of it is
 * of use to anybody.  Hidden files go with the folder. */
static void remove_content(struct lost *l, const struct content *c)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	char name[PLACE_NAME + 1];
	size_t i;

	for (i = 0; i < c->count; i++) {
		object_format(&c->item[i].o, name);
		status = place_remove(l->a->place[c->item[i].at], c->folder,
				      name, &why);
		if (status != DEED_OK)
			fail(l, status, &why);
		l->out->objects += status == DEED_OK;
	}
	for (i = 0; i < l->a->count; i++) {
		status = place_remove_folder(l->a->place[i], c->folder, &why);
		if (status != DEED_OK)
			fail(l, status, &why);
	}
}

/* Something strange counts before something young: it stays whatever its age.
 */
static void settle(struct lost *l, const struct content *c)
{
	l->out->strange += c->strange;
	l->out->young += !c->strange && c->young;
	if (c->strange || c->young)
		return;
	l->out->deposits += c->count > 0;
	if (l->options->dry_run)
		l->out->objects += c->count;
	else
		remove_content(l, c);
}

enum deed_status lost_look_at_folder(struct lost *l, const char *folder,
				     struct deed_error *err)
{
	struct content c = { .l = l, .folder = folder };
	struct deed_error why = DEED_ERROR_INIT;
	bool entered = false;
	enum deed_status status = read_content(&c, &why);

	if (status == DEED_OK)
		status = lost_is_entered_now(l, folder, &entered, &why);
	if (status == DEED_OK && !c.manifest && !entered && !c.strange)
		status = look_at_age(&c, &why);
	if (status == DEED_OK && !c.manifest && !entered)
		settle(l, &c);
	free(c.item);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK)
		fail(l, status, &why);
	return DEED_OK;
}
