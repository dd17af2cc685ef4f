/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "archive/place/place.h"
#include "archive/places.h"
#include "codec/hex.h"
#include "crypto/random.h"

#define NAME "object"
#define ID 16 /* bytes, in the name of the folder */

/* What is left at a place to be looked for at another. */
struct probe {
	char folder[2 * ID + 8]; /* nobody but who reads this place knows it */
	struct place *at;	 /* where it lies now, or NULL */
};

static void take_away(struct probe *probe)
{
	if (probe->at == NULL)
		return;
	(void)!place_remove(probe->at, probe->folder, NAME, NULL);
	(void)!place_remove_folder(probe->at, probe->folder, NULL);
	probe->at = NULL;
}

/* It stays at one place for all that are looked at from there. */
static enum deed_status leave(struct probe *probe, struct place *p,
			      struct deed_error *err)
{
	static const char words[] = "Is this place another one, too?\n";
	enum deed_status status;

	if (probe->at == p)
		return DEED_OK;
	take_away(probe);
	probe->at = p;
	status = place_put(p, probe->folder, NAME,
			   slice_of(words, sizeof(words) - 1), err);
	return status == DEED_OK ? place_sync(p, err) : status;
}

/* What the location of one has behind that of the other, where it lies in it
 * or is it; else NULL.  By name: their endpoints are not the same. */
static const char *beneath(const struct place *inner, const struct place *outer)
{
	const char *in = place_location(inner), *out = place_location(outer);
	size_t len = strlen(out);

	if (place_is_local(inner) || place_is_local(outer) ||
	    strncmp(in, out, len) != 0)
		return NULL;
	if (in[len] == '\0')
		return in + len;
	return in[len] == '/' ? in + len + 1 : NULL;
}

/* Only that it is absent says that they are two.  A place that does not answer
 * is no reason to count one twice. */
static enum deed_status judge(enum deed_status status, const struct place *p,
			      const struct place *new, const char *how,
			      struct deed_error *err)
{
	if (status == DEED_NOT_FOUND)
		return DEED_OK;
	if (status == DEED_OK)
		return deed_error_set(err, DEED_EXISTS,
				      "'%s' %s place '%s', by another "
				      "endpoint",
				      place_location(new), how, place_name(p));
	deed_error_prefix(err,
			  "whether '%s' %s place '%s', by another "
			  "endpoint, cannot be told",
			  place_location(new), how, place_name(p));
	return status;
}

/* What is left at the inner one is looked for from the outer one. */
static enum deed_status look(struct probe *probe, struct place *p,
			     struct place *new, struct deed_error *err)
{
	const char *rest = beneath(new, p), *how = "lies in";
	struct place *inner = new, *outer = p;
	enum deed_status status;

	if (rest == NULL) {
		rest = beneath(p, new);
		how = "lies around";
		inner = p;
		outer = new;
	}
	if (rest == NULL)
		return DEED_OK;
	status = leave(probe, inner, err);
	if (status != DEED_OK)
		return status;
	status = place_head_beneath(outer, rest, probe->folder, NAME, err);
	return judge(status, p, new, rest[0] == '\0' ? "is" : how, err);
}

enum deed_status places_tell_apart(const struct archive *a, struct place *new,
				   struct deed_error *err)
{
	struct probe probe = { .folder = "test-" };
	uint8_t id[ID] = { 0 };
	enum deed_status status = random_bytes(id, ID, err);

	hex_text(slice_of(id, ID), probe.folder + strlen(probe.folder));
	for (size_t i = 0; i < a->count && status == DEED_OK; i++)
		status = look(&probe, a->place[i], new, err);
	take_away(&probe);
	return status;
}
