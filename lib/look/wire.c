/* SPDX-License-Identifier: Apache-2.0 */
#include "look/wire.h"

#include <math.h>
#include <stdlib.h>

#include "base/wire.h"
#include "codec/utf8.h"

/* Points from 0 at most. */
#define COORDINATE 1000000

static void put_four(const double four[4], struct buf *out)
{
	int i;

	for (i = 0; i < 4; i++)
		wire_put_double(out, four[i]);
}

/* A NaN is refused as well: wire_get_double gives finite numbers only. */
static bool get_four(struct slice *in, double least, double most, double out[4])
{
	int i;

	for (i = 0; i < 4; i++) {
		if (!wire_get_double(in, &out[i]) || out[i] < least ||
		    out[i] > most)
			return false;
	}
	return true;
}

/* ---- the order ---- */

/* What a state and a place in it take. */
#define STATE_OCTETS (8 + 4)
#define PLACE_OCTETS (4 + 4 * 8 + 1)

/* Of all but the password. */
static size_t order_size(const struct look_state *states, size_t count)
{
	size_t size = 16, i;

	for (i = 0; i < count; i++)
		size += STATE_OCTETS + states[i].place_count * PLACE_OCTETS;
	return size;
}

/* Room for all is made at once: a buffer that grows would leave the password
 * where it was. */
void look_order_write(const struct secret *password,
		      const struct look_state *states, size_t count,
		      bool pictures, struct buf *out)
{
	const struct look_place *place;
	size_t i, k;

	if (password != NULL)
		(void)buf_reserve(out, secret_len(password) +
					       order_size(states, count));
	wire_put_u8(out, password != NULL);
	wire_put_bytes(out,
		       password == NULL ? SLICE_NONE : secret_slice(password));
	wire_put_u8(out, pictures);
	wire_put_u32(out, (uint32_t)count);
	for (i = 0; i < count; i++) {
		wire_put_u64(out, states[i].end);
		wire_put_u32(out, (uint32_t)states[i].place_count);
		for (k = 0; k < states[i].place_count; k++) {
			place = &states[i].places[k];
			wire_put_u32(out, place->page);
			put_four(place->box, out);
			wire_put_u8(out, place->covers);
		}
	}
}

static bool get_place(struct slice *in, struct look_place *out)
{
	return wire_get_u32(in, &out->page) &&
	       get_four(in, -COORDINATE, COORDINATE, out->box) &&
	       wire_get_bool(in, &out->covers);
}

/* The places are owned by the state from here on, so that look_order_clear
 * frees them also where one of them is malformed. */
static bool get_state(struct slice *in, struct look_state *out, bool *no_memory)
{
	struct look_place *places;
	uint32_t count, i;

	if (!wire_get_u64(in, &out->end) || !wire_get_u32(in, &count) ||
	    count > LOOK_PLACES)
		return false;
	places = calloc((size_t)count + 1, sizeof(*places));
	*no_memory = places == NULL;
	out->places = places;
	out->place_count = count;
	for (i = 0; places != NULL && i < count; i++) {
		if (!get_place(in, &places[i]))
			return false;
	}
	return places != NULL;
}

enum deed_status look_order_read(struct slice in, struct look_order *out,
				 struct deed_error *err)
{
	bool given, fine, no_memory = false;
	struct slice password;
	uint32_t count = 0;

	*out = (struct look_order){ 0 };
	fine = wire_get_bool(&in, &given) &&
	       wire_get_bytes(&in, SECRET_MAX, &password) &&
	       wire_get_bool(&in, &out->pictures) &&
	       wire_get_u32(&in, &count) && count <= LOOK_STATES;
	while (fine && out->count < count)
		fine = get_state(&in, &out->states[out->count++], &no_memory);
	if (no_memory)
		return deed_error_memory(err);
	if (!fine || in.len > 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "an order to look is malformed");
	if (!given || password.len == 0)
		return DEED_OK;
	return secret_copy(password.data, password.len, &out->password, err);
}

void look_order_clear(struct look_order *o)
{
	size_t i;

	for (i = 0; i < o->count; i++)
		free((void *)(uintptr_t)o->states[i].places);
	secret_free(o->password);
	*o = (struct look_order){ 0 };
}

/* ---- the answer ---- */

static void put_mark(const struct look_mark *mark, struct buf *out)
{
	wire_put_u32(out, mark->page);
	wire_put_u8(out, mark->print);
	put_four(mark->box, out);
}

static void put_view(const struct look_view *view, struct buf *out)
{
	wire_put_u32(out, view->width);
	wire_put_u32(out, view->height);
	wire_put_bytes(out, buf_get(&view->pixels));
}

/* The counts were bounded when the picture was made, and are checked again by
 * the reader, which does not believe them. */
static void put_picture(const struct look_picture *p, struct buf *out)
{
	size_t i;

	wire_put_u32(out, p->page);
	wire_put_u8(out, p->print);
	put_view(&p->then, out);
	put_view(&p->now, out);
	wire_put_u32(out, (uint32_t)p->mark_count);
	for (i = 0; i < p->mark_count; i++)
		put_four(p->marks[i], out);
}

/* The plain flags go over in full length, whatever the number of places: the
 * reader needs not know how many the state had. */
static void put_seen(const struct look_seen *seen, struct buf *out)
{
	size_t i;

	wire_put_u8(out, seen->painted);
	wire_put_bytes(out, slice_str(seen->why));
	wire_put_u32(out, seen->pages_then);
	wire_put_u32(out, seen->pages_now);
	wire_put_u32(out, (uint32_t)seen->mark_count);
	for (i = 0; i < seen->mark_count; i++)
		put_mark(&seen->marks[i], out);
	wire_put_u8(out, seen->more);
	for (i = 0; i < LOOK_PLACES; i++)
		wire_put_u8(out, seen->plain[i]);
	wire_put_u32(out, (uint32_t)seen->picture_count);
	for (i = 0; i < seen->picture_count; i++)
		put_picture(&seen->pictures[i], out);
}

void look_seen_write(const struct look_seen *list, size_t count,
		     struct buf *out)
{
	size_t i;

	for (i = 0; i < count; i++)
		put_seen(&list[i], out);
}

static bool get_mark(struct slice *in, struct look_mark *out)
{
	return wire_get_u32(in, &out->page) && out->page < LOOK_PAGES &&
	       wire_get_bool(in, &out->print) &&
	       get_four(in, -COORDINATE, COORDINATE, out->box);
}

/* As many bytes as its size says. */
static bool get_view(struct slice *in, struct look_view *out)
{
	struct slice pixels;
	uint64_t area;

	if (!wire_get_u32(in, &out->width) || !wire_get_u32(in, &out->height))
		return false;
	area = (uint64_t)out->width * out->height;
	if (area > LOOK_SHOWN || (area == 0) != (out->width + out->height == 0))
		return false;
	if (!wire_get_bytes(in, (size_t)LOOK_SHOWN * 3, &pixels) ||
	    pixels.len != area * 3)
		return false;
	buf_slice(&out->pixels, pixels);
	return true;
}

/* The page may be any below the bound, whether the document has it or not: it
 * is told and leads to nothing. */
static bool get_picture(struct slice *in, struct look_picture *out)
{
	uint32_t count;

	if (!wire_get_u32(in, &out->page) || out->page >= LOOK_PAGES ||
	    !wire_get_bool(in, &out->print) || !get_view(in, &out->then) ||
	    !get_view(in, &out->now) || !wire_get_u32(in, &count) ||
	    count > LOOK_PICTURE_MARKS)
		return false;
	while (out->mark_count < count) {
		if (!get_four(in, 0, 1, out->marks[out->mark_count++]))
			return false;
	}
	return true;
}

/* The count is raised before a picture is read, so that what it took until it
 * failed is freed with it. */
static bool get_pictures(struct slice *in, struct look_seen *out)
{
	uint32_t count;

	if (!wire_get_u32(in, &count) || count > LOOK_PICTURES)
		return false;
	while (out->picture_count < count) {
		if (!get_picture(in, &out->pictures[out->picture_count++]))
			return false;
	}
	return true;
}

/* At most what the array holds but its end; it was zeroed before. */
static bool get_why(struct slice *in, char why[LOOK_WHY])
{
	struct slice text;

	if (!wire_get_bytes(in, LOOK_WHY - 1, &text) || !utf8_valid(text) ||
	    (text.len > 0 && memchr(text.data, 0, text.len) != NULL))
		return false;
	if (text.len > 0)
		memcpy(why, text.data, text.len);
	return true;
}

/* Numbers of pages are any, as they are only compared with each other and
 * told. */
static bool get_seen(struct slice *in, struct look_seen *out)
{
	uint32_t count;
	size_t i;

	if (!wire_get_bool(in, &out->painted) || !get_why(in, out->why) ||
	    !wire_get_u32(in, &out->pages_then) ||
	    !wire_get_u32(in, &out->pages_now) || !wire_get_u32(in, &count) ||
	    count > LOOK_MARKS)
		return false;
	while (out->mark_count < count) {
		if (!get_mark(in, &out->marks[out->mark_count++]))
			return false;
	}
	if (!wire_get_bool(in, &out->more))
		return false;
	for (i = 0; i < LOOK_PLACES; i++) {
		if (!wire_get_bool(in, &out->plain[i]))
			return false;
	}
	return get_pictures(in, out);
}

/* A buffer that failed while it was filled is told apart from an answer that
 * is malformed: the former is no fault of the helper. */
static bool lacks_memory(const struct look_seen *list, size_t count)
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		for (k = 0; k < list[i].picture_count; k++) {
			if (list[i].pictures[k].then.pixels.failed ||
			    list[i].pictures[k].now.pixels.failed)
				return true;
		}
	}
	return false;
}

enum deed_status look_seen_read(struct slice in, size_t count,
				struct look_seen **out, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool fine = true;
	size_t i;

	*out = calloc(count + 1, sizeof(**out));
	if (*out == NULL)
		return deed_error_memory(err);
	for (i = 0; fine && i < count; i++)
		fine = get_seen(&in, &(*out)[i]);
	if (lacks_memory(*out, count))
		status = deed_error_memory(err);
	else if (!fine || in.len > 0)
		status = deed_error_set(err, DEED_MALFORMED,
					"what was seen is malformed");
	if (status != DEED_OK) {
		look_seen_free(*out, count);
		*out = NULL;
	}
	return status;
}

void look_seen_free(struct look_seen *list, size_t count)
{
	size_t i, k;

	if (list == NULL)
		return;
	for (i = 0; i < count; i++) {
		for (k = 0; k < list[i].picture_count; k++) {
			buf_clear(&list[i].pictures[k].then.pixels);
			buf_clear(&list[i].pictures[k].now.pixels);
		}
	}
	free(list);
}
