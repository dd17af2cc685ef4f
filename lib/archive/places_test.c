/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "archive/place/place.h"
#include "archive/places.h"
#include "codec/hex.h"
#include "crypto/random.h"

#define NAME "object"
#define SIZE 65536
#define FROM 1000 /* of it, a part ... */
#define PART 5000 /* ... of so many bytes */
#define ID 16	  /* bytes, in the name of the folder */

/* An object in a folder of its own, which nobody can have put there before:
 * what else lies at the place is not touched. */
struct trial {
	struct place *place;
	char folder[2 * ID + 8];
	struct slice bytes;
	bool listed;
};

/* A place that alters what it is given is worse than one that fails: it is
 * told apart. */
static enum deed_status changed(const char *what, struct deed_error *err)
{
	return deed_error_set(err, DEED_DAMAGED, "%s", what);
}

/* All that was written, byte by byte; an object that came back longer is
 * DEED_LIMIT. */
static enum deed_status read_all(struct trial *t, struct deed_error *err)
{
	struct buf back = BUF_INIT;
	enum deed_status status =
		place_get(t->place, t->folder, NAME, t->bytes.len, &back, err);

	if (status == DEED_OK && !slice_equal(buf_get(&back), t->bytes))
		status = changed("what was written comes back changed", err);
	buf_clear(&back);
	return status;
}

/* A store that does not know ranges answers with all of the object. */
static enum deed_status read_part(struct trial *t, struct deed_error *err)
{
	struct buf back = BUF_INIT;
	enum deed_status status = place_get_range(t->place, t->folder, NAME,
						  FROM, PART, &back, err);

	if (status == DEED_OK &&
	    !slice_equal(buf_get(&back), slice_of(t->bytes.data + FROM, PART)))
		status = changed("a part of what was written is not what was "
				 "asked for",
				 err);
	buf_clear(&back);
	return status;
}

/* With presence a check looks for README and script by HEAD, and goes by the
 * length that it is told. */
static enum deed_status look(struct trial *t, struct deed_error *err)
{
	uint64_t size;
	enum deed_status status =
		place_head(t->place, t->folder, NAME, &size, err);

	if (status == DEED_OK && size != t->bytes.len)
		status = changed("what was written has another length", err);
	return status;
}

/* A place_fn. */
static enum deed_status on_name(void *arg, const char *name,
				struct deed_error *err)
{
	struct trial *t = arg;

	(void)err;
	if (!strcmp(name, NAME))
		t->listed = true;
	return DEED_OK;
}

/* A store that does not list what it has would let its deposits look lost. */
static enum deed_status list(struct trial *t, struct deed_error *err)
{
	enum deed_status status =
		place_list(t->place, t->folder, on_name, t, err);

	if (status == DEED_NOT_FOUND || (status == DEED_OK && !t->listed))
		status = changed("what was written is not listed", err);
	return status;
}

/* That it is gone must be said by the place itself: any other answer is asked
 * for once more, for its words. */
static enum deed_status remove_it(struct trial *t, struct deed_error *err)
{
	enum deed_status status = place_remove(t->place, t->folder, NAME, err);

	if (status == DEED_OK)
		status = place_remove_folder(t->place, t->folder, err);
	if (status != DEED_OK)
		return status;
	status = place_head(t->place, t->folder, NAME, NULL, NULL);
	if (status == DEED_OK)
		return changed("what was removed is still there", err);
	return status == DEED_NOT_FOUND
		       ? DEED_OK
		       : place_head(t->place, t->folder, NAME, NULL, err);
}

/* In the order in which a deposit needs it.  What was written is taken away
 * whatever comes of it, as far as the place lets us. */
static enum deed_status round_trip(struct trial *t, struct place_traits *out,
				   struct deed_error *err)
{
	enum deed_status status =
		place_put(t->place, t->folder, NAME, t->bytes, err);

	if (status == DEED_OK)
		status = place_sync(t->place, err);
	if (status == DEED_OK)
		status = look(t, err);
	if (status == DEED_OK)
		status = read_all(t, err);
	if (status == DEED_OK)
		status = read_part(t, err);
	if (status == DEED_OK)
		status = list(t, err);
	if (status == DEED_OK)
		status = place_examine(t->place, t->folder, NAME, out, err);
	if (status == DEED_OK)
		return remove_it(t, err);
	(void)!place_remove(t->place, t->folder, NAME, NULL);
	(void)!place_remove_folder(t->place, t->folder, NULL);
	return status;
}

/* What the place did wrong is its failure; what we lack is ours. */
static enum deed_status told(const struct place *p, enum deed_status status,
			     const struct deed_error *why,
			     struct deed_error *err)
{
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status == DEED_NOT_FOUND || status == DEED_DAMAGED ||
	    status == DEED_IO || status == DEED_NO_SPACE)
		status = DEED_REMOTE;
	if (err != NULL) {
		*err = *why;
		err->status = status;
		deed_error_prefix(err, "place '%s'", place_name(p));
	}
	return status;
}

enum deed_status places_test(struct place *p, struct place_traits *out,
			     struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct place_traits traits;
	struct trial t = { .place = p, .folder = "test-" };
	uint8_t *bytes = malloc(SIZE);
	enum deed_status status;

	if (bytes == NULL)
		return deed_error_memory(err);
	/* Nothing is made where nothing is: the disk may not be mounted. */
	status = place_probe(p, &why);
	if (status == DEED_OK)
		status = random_bytes(bytes, SIZE, &why);
	t.bytes = slice_of(bytes, SIZE);
	hex_text(slice_of(bytes, ID), t.folder + strlen(t.folder));
	if (status == DEED_OK)
		status = round_trip(&t, out == NULL ? &traits : out, &why);
	free(bytes);
	return status == DEED_OK ? DEED_OK : told(p, status, &why, err);
}
