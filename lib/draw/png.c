/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/png.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/sandbox.h"
#include "draw/spec.h"

/* Of the child, with what it has of its parent: fonts and libraries. */
#define MEMORY ((size_t)2 << 30)
#define PIXEL 4 /* bytes, in cairo's ARGB32 and RGB24 */

/* Frames that the child writes: by the format of the pixels. */
enum {
	PIXELS_RGB = 1,
	PIXELS_ARGB,
};

/* Width and height of the header chunk (PNG specification 11.2.2). */
static bool read_size(struct slice png, uint64_t *width, uint64_t *height)
{
	static const uint8_t magic[16] = { 0x89, 'P', 'N', 'G', 13, 10,
					   26,	 10,  0,   0,	0,  13,
					   'I',	 'H', 'D', 'R' };
	const uint8_t *p;

	if (png.len < 33 || memcmp(png.data, magic, sizeof(magic)) != 0)
		return false;
	p = png.data + 16;
	*width = (uint64_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
	*height = (uint64_t)p[4] << 24 | p[5] << 16 | p[6] << 8 | p[7];
	return *width > 0 && *height > 0;
}

/* ---- the child ---- */

/* The PNG lies in memory that the child has of its parent; reading past it
 * ends the decoding. */
static cairo_status_t next_bytes(void *closure, unsigned char *data,
				 unsigned int len)
{
	struct slice *rest = closure;

	if (len > rest->len)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(data, rest->data, len);
	rest->data += len;
	rest->len -= len;
	return CAIRO_STATUS_SUCCESS;
}

/* Of more bits a channel than eight: as eight. */
static cairo_surface_t *as_argb(cairo_surface_t *s)
{
	cairo_surface_t *copy = cairo_image_surface_create(
		CAIRO_FORMAT_ARGB32, cairo_image_surface_get_width(s),
		cairo_image_surface_get_height(s));
	cairo_t *cr = cairo_create(copy);

	cairo_set_source_surface(cr, s, 0, 0);
	cairo_paint(cr);
	cairo_destroy(cr);
	return copy;
}

/* Never returns; what it cannot do it says by dying. */
static void decode(struct slice png, int out)
{
	const struct rlimit time = { PNG_SECONDS, PNG_SECONDS };
	cairo_surface_t *s;
	struct slice pixels;
	bool confined;

	(void)setrlimit(RLIMIT_CPU, &time);
	if (sandbox_enter(MEMORY, 0, &confined, NULL) != DEED_OK)
		_exit(1);
	s = cairo_image_surface_create_from_png_stream(next_bytes, &png);
	if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS)
		_exit(1);
	if (cairo_image_surface_get_format(s) != CAIRO_FORMAT_RGB24 &&
	    cairo_image_surface_get_format(s) != CAIRO_FORMAT_ARGB32)
		s = as_argb(s);
	if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS)
		_exit(1);
	pixels = slice_of(cairo_image_surface_get_data(s),
			  (size_t)cairo_image_surface_get_stride(s) *
				  (size_t)cairo_image_surface_get_height(s));
	_exit(frame_write(out,
			  cairo_image_surface_get_format(s) ==
					  CAIRO_FORMAT_RGB24
				  ? PIXELS_RGB
				  : PIXELS_ARGB,
			  pixels, NULL) == DEED_OK
		      ? 0
		      : 1);
}

/* ---- who asks ---- */

static const cairo_user_data_key_t pixels_key;

/* The surface lives on the bytes, and frees them. */
static enum deed_status take(struct buf *pixels, uint32_t type, uint64_t width,
			     uint64_t height, cairo_surface_t **out,
			     struct deed_error *err)
{
	uint8_t *data;

	if ((type != PIXELS_RGB && type != PIXELS_ARGB) ||
	    pixels->len != width * height * PIXEL)
		return deed_error_set(err, DEED_MALFORMED,
				      "the image is a damaged PNG");
	data = (uint8_t *)buf_take(pixels, NULL);
	if (data == NULL)
		return deed_error_memory(err);
	*out = cairo_image_surface_create_for_data(
		data,
		type == PIXELS_RGB ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32,
		(int)width, (int)height, (int)(width * PIXEL));
	if (cairo_surface_set_user_data(*out, &pixels_key, data, free) ==
	    CAIRO_STATUS_SUCCESS)
		return DEED_OK;
	cairo_surface_destroy(*out);
	*out = NULL;
	free(data);
	return deed_error_memory(err);
}

/* The parent closes the writing end at once, so that the pipe ends with the
 * child, whatever it dies of. */
static enum deed_status start(struct slice png, pid_t *child, int *answer,
			      struct deed_error *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0) {
		deed_error_errno(err, errno, "cannot make a pipe");
		return DEED_SYSTEM;
	}
	*child = fork();
	if (*child == 0)
		decode(png, ends[1]);
	(void)close(ends[1]);
	*answer = ends[0];
	if (*child > 0)
		return DEED_OK;
	deed_error_errno(err, errno, "cannot start who reads an image");
	(void)close(ends[0]);
	return DEED_SYSTEM;
}

enum deed_status png_load(struct slice png, cairo_surface_t **out,
			  struct deed_error *err)
{
	struct buf pixels = BUF_INIT;
	enum deed_status status;
	uint64_t width, height;
	uint32_t type = 0;
	pid_t child;
	int answer;

	*out = NULL;
	if (!read_size(png, &width, &height))
		return deed_error_set(err, DEED_MALFORMED,
				      "the image is no PNG");
	if (width > DRAW_PIXELS_MAX || height > DRAW_PIXELS_MAX ||
	    width * height > DRAW_PIXELS_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "the image has more than %d pixels",
				      DRAW_PIXELS_MAX);
	status = start(png, &child, &answer, err);
	if (status != DEED_OK)
		return status;
	status = frame_read(answer, &type, &pixels, width * height * PIXEL,
			    NULL);
	(void)close(answer);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	if (status == DEED_NO_MEMORY)
		(void)deed_error_memory(err);
	else if (status != DEED_OK)
		status = deed_error_set(err, DEED_MALFORMED,
					"the image is a damaged PNG");
	else
		status = take(&pixels, type, width, height, out, err);
	buf_clear(&pixels);
	return status;
}
