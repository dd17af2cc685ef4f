/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "archive/place/place.h"
#include "archive/places.h"
#include "codec/hex.h"
#include "crypto/random.h"

#define NAME "object"
#define ID 16 /* bytes, in the name of the folder */

/* Nobody but who reads this very place can know it. */
static enum deed_status leave(struct place *p, const char *folder,
			      struct deed_error *err)
{
	static const char words[] = "Is this place another one, too?\n";
	enum deed_status status = place_put(
		p, folder, NAME, slice_of(words, sizeof(words) - 1), err);

	return status == DEED_OK ? place_sync(p, err) : status;
}

/* Only that it is absent says that they are two.  A place that does not answer
 * is no reason to count one twice. */
static enum deed_status look(struct place *p, const struct place *new,
			     const char *folder, struct deed_error *err)
{
	enum deed_status status = place_head(p, folder, NAME, NULL, err);

	if (status == DEED_NOT_FOUND)
		return DEED_OK;
	if (status == DEED_OK)
		return deed_error_set(err, DEED_EXISTS,
				      "'%s' is place '%s', by another endpoint",
				      place_location(new), place_name(p));
	deed_error_prefix(err,
			  "whether '%s' is place '%s', by another endpoint, "
			  "cannot be told",
			  place_location(new), place_name(p));
	return status;
}

/* Of one bucket and prefix by name, though at other endpoints. */
static bool may_be(const struct place *p, const struct place *new)
{
	return !place_is_local(p) && !place_is_local(new) &&
	       !strcmp(place_location(p), place_location(new));
}

enum deed_status places_tell_apart(const struct archive *a, struct place *new,
				   struct deed_error *err)
{
	char folder[2 * ID + 8] = "test-";
	enum deed_status status = DEED_OK;
	uint8_t id[ID];
	bool left = false;
	size_t i;

	for (i = 0; i < a->count && status == DEED_OK; i++) {
		if (!may_be(a->place[i], new))
			continue;
		if (!left) {
			left = true;
			status = random_bytes(id, ID, err);
			hex_text(slice_of(id, ID), folder + strlen(folder));
			if (status == DEED_OK)
				status = leave(new, folder, err);
		}
		if (status == DEED_OK)
			status = look(a->place[i], new, folder, err);
	}
	if (left) {
		(void)!place_remove(new, folder, NAME, NULL);
		(void)!place_remove_folder(new, folder, NULL);
	}
	return status;
}
