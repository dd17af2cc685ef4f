/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/draw.h"

#include <stdlib.h>

#include "base/frame.h"
#include "base/process.h"
#include "draw/wire.h"

#define HELPER "deed-draw"

struct artist {
	struct process *helper;
};

#ifdef HAVE_DRAW
static enum deed_status start(struct artist *a, struct deed_error *err)
{
	return process_start_helper(HELPER, &a->helper, err);
}
#else
static enum deed_status start(struct artist *a, struct deed_error *err)
{
	(void)a;
	return deed_error_set(err, DEED_SYSTEM,
			      "this deed was built without pango and cairo "
			      "(configure --without-draw): it draws nothing");
}
#endif

enum deed_status artist_new(struct artist **out, struct deed_error *err)
{
	struct artist *a;
	enum deed_status status;

	*out = NULL;
	a = calloc(1, sizeof(*a));
	if (a == NULL)
		return deed_error_memory(err);
	status = start(a, err);
	if (status != DEED_OK) {
		free(a);
		return status;
	}
	*out = a;
	return DEED_OK;
}

void artist_free(struct artist *artist)
{
	if (artist == NULL)
		return;
	process_free(artist->helper);
	free(artist);
}

/* NULL is not sent. */
static enum deed_status send_text(int fd, enum draw_frame type,
				  const char *text, struct deed_error *err)
{
	return text == NULL ? DEED_OK
			    : frame_write(fd, type, slice_str(text), err);
}

/* Lines end at the first NULL; the frames have no number, so that their order
 * is that of the lines. */
static enum deed_status send_texts(int fd, const struct draw_spec *spec,
				   struct deed_error *err)
{
	const struct {
		enum draw_frame type;
		const char *text;
	} texts[] = {
		{ DRAW_FRAME_NAME, spec->name },
		{ DRAW_FRAME_TITLE, spec->title },
		{ DRAW_FRAME_PURPOSE, spec->purpose },
		{ DRAW_FRAME_NUMBER, spec->number },
		{ DRAW_FRAME_FONT, spec->font },
	};
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < sizeof(texts) / sizeof(texts[0]);
	     i++)
		status = send_text(fd, texts[i].type, texts[i].text, err);
	for (i = 0; status == DEED_OK && i < DRAW_LINES; i++) {
		if (spec->lines[i] == NULL)
			break;
		status = send_text(fd, DRAW_FRAME_LINE, spec->lines[i], err);
	}
	return status;
}

/* Everything of one drawing is sent before the answer is read: the helper
 * paints at the last frame only, so that neither waits for the other with a
 * full pipe. */
static enum deed_status send_order(int fd, const struct draw_spec *spec,
				   struct deed_error *err)
{
	uint8_t head[DRAW_WIRE_SPEC];
	enum deed_status status;

	wire_put_spec(spec, head);
	status = frame_write(fd, DRAW_FRAME_SPEC, slice_of(head, sizeof(head)),
			     err);
	if (status == DEED_OK)
		status = send_texts(fd, spec, err);
	if (status == DEED_OK && spec->image.len > 0)
		status = frame_write(fd, DRAW_FRAME_IMAGE, spec->image, err);
	if (status == DEED_OK)
		status = frame_write(fd, DRAW_FRAME_PAINT, SLICE_NONE, err);
	return status;
}

/* A helper that cannot draw answers with an error instead, which frame_read
 * gives back as its own. */
static enum deed_status expect(int fd, enum draw_frame wanted, struct buf *body,
			       size_t max, struct deed_error *err)
{
	enum deed_status status;
	uint32_t type;

	status = frame_read(fd, &type, body, max, err);
	if (status == DEED_OK && type != (uint32_t)wanted)
		status =
			deed_error_set(err, DEED_SYSTEM,
				       "'%s' ended before its drawing", HELPER);
	return status;
}

enum deed_status artist_draw(struct artist *artist,
			     const struct draw_spec *spec, struct drawing *out,
			     struct deed_error *err)
{
	struct buf size = BUF_INIT;
	enum deed_status status;
	int answer = process_output(artist->helper);

	status = draw_spec_check(spec, err);
	if (status == DEED_OK)
		status = send_order(process_input(artist->helper), spec, err);
	if (status == DEED_OK)
		status = expect(answer, DRAW_FRAME_SIZE, &size, DRAW_WIRE_SIZE,
				err);
	if (status == DEED_OK)
		status = wire_get_size(buf_get(&size), out, err);
	if (status == DEED_OK)
		status = expect(answer, DRAW_FRAME_PDF, &out->pdf, DRAW_PDF_MAX,
				err);
	buf_clear(&size);
	return status;
}
