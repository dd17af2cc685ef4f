/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/serve.h"

#include <stdlib.h>

#include "base/confine.h"
#include "base/frame.h"
#include "draw/paint.h"
#include "draw/text.h"
#include "draw/wire.h"

/* Texts beside the lines, by their frames. */
#define TEXTS 5

/* An order as it comes in; the spec borrows its strings. */
struct order {
	struct draw_spec spec;
	char *texts[TEXTS];
	char *lines[DRAW_LINES];
	int line_count;
	struct buf image;
};

/* A new order begins with nothing of the last one: a text that it does not
 * send must not stand in its drawing. */
static void order_clear(struct order *o)
{
	int i;

	for (i = 0; i < TEXTS; i++)
		free(o->texts[i]);
	for (i = 0; i < o->line_count; i++)
		free(o->lines[i]);
	buf_clear(&o->image);
	*o = (struct order){ .image = BUF_INIT };
}

/* A copy that ends with a NUL; DEED_MALFORMED if one is inside. */
static enum deed_status take_text(const struct buf *body, char **out,
				  struct deed_error *err)
{
	if (body->len > 0 && memchr(body->data, '\0', body->len) != NULL)
		return deed_error_set(err, DEED_MALFORMED,
				      "a text to be drawn holds a NUL");
	free(*out);
	*out = strndup(body->len > 0 ? (const char *)body->data : "",
		       body->len);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

/* Counted as soon as it is owned, so that order_clear frees it. */
static enum deed_status take_line(struct order *o, const struct buf *body,
				  struct deed_error *err)
{
	enum deed_status status;

	if (o->line_count == DRAW_LINES)
		return deed_error_set(err, DEED_MALFORMED,
				      "a drawing has too many lines");
	status = take_text(body, &o->lines[o->line_count], err);
	if (status == DEED_OK) {
		o->spec.lines[o->line_count] = o->lines[o->line_count];
		o->line_count++;
	}
	return status;
}

/* The frame of the spec comes first and empties the order; what follows is put
 * beside it.  The image is taken over without a copy. */
static enum deed_status take_frame(struct order *o, uint32_t type,
				   struct buf *body, struct deed_error *err)
{
	const char **const places[TEXTS] = { &o->spec.name, &o->spec.title,
					     &o->spec.purpose, &o->spec.number,
					     &o->spec.font };
	enum deed_status status;
	uint32_t i = type - DRAW_FRAME_NAME;

	if (type == DRAW_FRAME_SPEC) {
		order_clear(o);
		return wire_get_spec(buf_get(body), &o->spec, err);
	}
	if (type == DRAW_FRAME_LINE)
		return take_line(o, body, err);
	if (type == DRAW_FRAME_IMAGE) {
		buf_clear(&o->image);
		o->image = *body;
		*body = (struct buf)BUF_INIT;
		o->spec.image = buf_get(&o->image);
		return DEED_OK;
	}
	if (type < DRAW_FRAME_NAME || i >= TEXTS)
		return deed_error_set(err, DEED_MALFORMED,
				      "an order for a drawing is malformed");
	status = take_text(body, &o->texts[i], err);
	*places[i] = o->texts[i];
	return status;
}

/* What cannot be drawn is said to who asked, and the helper goes on: only a
 * pipe that is broken ends it. */
static enum deed_status answer(int out, const struct order *o,
			       struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct drawing drawing = DRAWING_INIT;
	uint8_t size[DRAW_WIRE_SIZE];
	enum deed_status status;

	if (paint(&o->spec, &drawing, &why) != DEED_OK)
		return frame_write_error(out, &why, err);
	wire_put_size(&drawing, size);
	status = frame_write(out, DRAW_FRAME_SIZE, slice_of(size, sizeof(size)),
			     err);
	if (status == DEED_OK)
		status = frame_write(out, DRAW_FRAME_PDF, buf_get(&drawing.pdf),
				     err);
	buf_clear(&drawing.pdf);
	return status;
}

enum deed_status draw_serve(int in, int out, struct deed_error *err)
{
	struct order order = { .image = BUF_INIT };
	struct buf body = BUF_INIT;
	enum deed_status status;
	bool confined; /* where it cannot be, there are still no keys */
	uint32_t type;

	text_begin();
	status = confine(0, &confined, err);
	while (status == DEED_OK) {
		status = frame_read(in, &type, &body, DRAW_IMAGE_MAX, err);
		if (status != DEED_OK || type == FRAME_END)
			break;
		if (type == DRAW_FRAME_PAINT)
			status = answer(out, &order, err);
		else
			status = take_frame(&order, type, &body, err);
	}
	order_clear(&order);
	buf_clear(&body);
	text_end();
	return status;
}
