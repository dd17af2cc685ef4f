/* SPDX-License-Identifier: Apache-2.0 */
#include "look/paint.h"

#include <math.h>
#include <poppler.h>
#include <stdlib.h>

#include "look/look.h"

struct look_paper {
	GBytes *bytes;
	PopplerDocument *document;
	uint32_t pages;
};

/* What poppler turns a password into, and fails badly where it cannot. */
#define PASSWORDS "ISO-8859-1"

/* What was converted is wiped, as it is the password once more. */
static bool takes_password(const char *password)
{
	char *turned;

	if (password == NULL)
		return true;
	turned = g_convert(password, -1, PASSWORDS, "UTF-8", NULL, NULL, NULL);
	if (turned == NULL)
		return false;
	explicit_bzero(turned, strlen(turned));
	g_free(turned);
	return true;
}

enum deed_status look_password_text(const struct secret *password, char **out,
				    struct deed_error *err)
{
	struct slice bytes;

	*out = NULL;
	if (password == NULL)
		return DEED_OK;
	bytes = secret_slice(password);
	*out = calloc(1, bytes.len + 1);
	if (*out == NULL)
		return deed_error_memory(err);
	memcpy(*out, bytes.data, bytes.len);
	return DEED_OK;
}

void look_password_forget(char *text)
{
	if (text != NULL)
		secret_wipe(text, strlen(text));
	free(text);
}

enum deed_status look_paper_open(struct slice bytes, const char *password,
				 struct look_paper **out,
				 struct deed_error *err)
{
	struct look_paper *p = calloc(1, sizeof(*p));
	GError *why = NULL;
	int pages;

	*out = NULL;
	if (p == NULL)
		return deed_error_memory(err);
	if (!takes_password(password)) {
		free(p);
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "poppler cannot use this password");
	}
	p->bytes = g_bytes_new_static(bytes.data, bytes.len);
	p->document = poppler_document_new_from_bytes(p->bytes, password, &why);
	if (p->document == NULL) {
		deed_error_set(err, DEED_MALFORMED, "poppler: %.120s",
			       why == NULL ? "it is not opened" : why->message);
		g_clear_error(&why);
		look_paper_close(p);
		return DEED_MALFORMED;
	}
	pages = poppler_document_get_n_pages(p->document);
	p->pages = pages < 0 ? 0 : (uint32_t)pages;
	*out = p;
	return DEED_OK;
}

void look_paper_close(struct look_paper *p)
{
	if (p == NULL)
		return;
	g_clear_object(&p->document);
	g_bytes_unref(p->bytes);
	free(p);
}

uint32_t look_paper_pages(const struct look_paper *p)
{
	return p->pages;
}

/* The number is held against the count before poppler is asked, as its own is
 * an int. */
static enum deed_status get_page(const struct look_paper *p, uint32_t page,
				 PopplerPage **out, struct deed_error *err)
{
	*out = page < p->pages
		       ? poppler_document_get_page(p->document, (int)page)
		       : NULL;
	if (*out == NULL)
		return deed_error_set(err, DEED_MALFORMED,
				      "page %u is not found", page + 1);
	return DEED_OK;
}

enum deed_status look_paper_size(const struct look_paper *p, uint32_t page,
				 double *width, double *height,
				 struct deed_error *err)
{
	enum deed_status status;
	PopplerPage *one;

	status = get_page(p, page, &one, err);
	if (status != DEED_OK)
		return status;
	poppler_page_get_size(one, width, height);
	g_object_unref(one);
	if (!isfinite(*width) || !isfinite(*height) || *width <= 0 ||
	    *height <= 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "page %u has no size", page + 1);
	return DEED_OK;
}

/* Marks of direction that poppler writes between letters have no place of
 * their own among its rectangles. */
static bool has_place(gunichar c)
{
	return c != 0x200e && c != 0x200f && (c < 0x202a || c > 0x202e);
}

/* Letters and places are counted along each other: a letter without a place of
 * its own takes none.  What lies outside the page is not seen, and is not
 * found; a line end is kept wherever it lies. */
static void take_letters(const char *text, const PopplerRectangle *places,
			 size_t count, const double size[2],
			 struct find_letter *out, size_t *made)
{
	size_t i = 0;

	for (; *text != '\0' && i < count; text = g_utf8_next_char(text)) {
		const PopplerRectangle *r = &places[i];
		gunichar c = g_utf8_get_char(text);

		if (!has_place(c))
			continue;
		i++;
		if (c != '\n' && (!(r->x2 > 0 && r->x1 < size[0]) ||
				  !(r->y2 > 0 && r->y1 < size[1])))
			continue;
		out[(*made)++] =
			(struct find_letter){ c, r->x1, r->y1, r->x2, r->y2 };
	}
}

enum deed_status look_paper_letters(const struct look_paper *p, uint32_t page,
				    struct find_letter **out, size_t *count,
				    struct deed_error *err)
{
	PopplerRectangle *places = NULL;
	enum deed_status status;
	char *text = NULL;
	double size[2];
	PopplerPage *one;
	guint n = 0;

	*out = NULL;
	*count = 0;
	status = get_page(p, page, &one, err);
	if (status != DEED_OK)
		return status;
	poppler_page_get_size(one, &size[0], &size[1]);
	text = poppler_page_get_text(one);
	if (text != NULL && !poppler_page_get_text_layout(one, &places, &n))
		n = 0;
	g_object_unref(one);
	if (n > FIND_LETTERS)
		status = deed_error_set(err, DEED_LIMIT,
					"page %u has more than %d letters",
					page + 1, FIND_LETTERS);
	if (status == DEED_OK)
		*out = calloc((size_t)n + 1, sizeof(**out));
	if (status == DEED_OK && *out == NULL)
		status = deed_error_memory(err);
	if (status == DEED_OK && text != NULL)
		take_letters(text, places, n, size, *out, count);
	g_free(places);
	g_free(text);
	return status;
}

enum deed_status look_paint_scale(double width, double height, double *scale,
				  uint32_t *columns, uint32_t *rows,
				  struct deed_error *err)
{
	/* Of a pixel that is begun on each side. */
	double room = (double)LOOK_PIXELS - 8 * sqrt(LOOK_PIXELS);

	*scale = LOOK_DPI / 72.0;
	if (width * height * *scale * *scale > room)
		*scale = sqrt(room / (width * height));
	if (*scale < LOOK_DPI_LEAST / 72.0 ||
	    fmax(width, height) * *scale > LOOK_PIXELS / 512)
		return deed_error_set(err, DEED_LIMIT,
				      "a page of %.0f by %.0f points is too "
				      "large",
				      width, height);
	*columns = (uint32_t)ceil(fmax(1, width * *scale));
	*rows = (uint32_t)ceil(fmax(1, height * *scale));
	return DEED_OK;
}

/* A page paints on white, as paper is.  A failure may show in the context or
 * in the surface only, so that both are asked. */
static enum deed_status render(PopplerPage *page, bool print, double scale,
			       cairo_surface_t *surface, struct deed_error *err)
{
	cairo_t *cairo = cairo_create(surface);
	cairo_status_t failed;

	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_paint(cairo);
	cairo_scale(cairo, scale, scale);
	if (print)
		poppler_page_render_for_printing(page, cairo);
	else
		poppler_page_render(page, cairo);
	failed = cairo_status(cairo);
	cairo_destroy(cairo);
	cairo_surface_flush(surface);
	if (failed == CAIRO_STATUS_SUCCESS)
		failed = cairo_surface_status(surface);
	if (failed == CAIRO_STATUS_NO_MEMORY)
		return deed_error_memory(err);
	if (failed != CAIRO_STATUS_SUCCESS)
		return deed_error_set(err, DEED_MALFORMED, "cairo: %s",
				      cairo_status_to_string(failed));
	return DEED_OK;
}

enum deed_status look_paint(const struct look_paper *p, uint32_t page,
			    bool print, double scale, struct look_canvas *out,
			    struct deed_error *err)
{
	cairo_surface_t *surface;
	uint32_t columns, rows;
	double width, height;
	enum deed_status status;
	PopplerPage *one;

	*out = (struct look_canvas){ NULL };
	status = get_page(p, page, &one, err);
	if (status != DEED_OK)
		return status;
	poppler_page_get_size(one, &width, &height);
	columns = (uint32_t)ceil(fmax(1, width * scale));
	rows = (uint32_t)ceil(fmax(1, height * scale));
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)columns,
					     (int)rows);
	out->surface = surface;
	status = render(one, print, scale, surface, err);
	g_object_unref(one);
	if (status != DEED_OK)
		return status;
	out->image.width = columns;
	out->image.height = rows;
	out->image.stride = (size_t)cairo_image_surface_get_stride(surface);
	out->image.pixels = cairo_image_surface_get_data(surface);
	return out->image.pixels == NULL ? deed_error_memory(err) : DEED_OK;
}

void look_canvas_clear(struct look_canvas *c)
{
	if (c->surface != NULL)
		cairo_surface_destroy(c->surface);
	*c = (struct look_canvas){ NULL };
}

/* A page of text in a font that it does not bring: fontconfig, FreeType and
 * the tables of encodings are loaded when one is looked for. */
static const char page[] =
	"%PDF-1.4\n"
	"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
	"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Contents 4 0 R"
	"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
	">>>>>>>>endobj\n"
	"4 0 obj<</Length 32>>stream\n"
	"BT /F 12 Tf 10 30 Td (deed) Tj ET\n"
	"endstream endobj\n"
	"trailer<</Root 1 0 R/Size 5>>\n"
	"startxref\n0\n%%EOF\n";

enum deed_status look_paint_warm_up(struct deed_error *err)
{
	struct look_canvas canvas = { NULL };
	struct look_paper *paper;
	enum deed_status status;
	int print;

	/* Never closed, so that what converts stays loaded. */
	(void)g_iconv_open(PASSWORDS, "UTF-8");
	status = look_paper_open(slice_of(page, sizeof(page) - 1), NULL, &paper,
				 err);
	for (print = 0; status == DEED_OK && print < 2; print++) {
		status = look_paint(paper, 0, print == 1, 1, &canvas, err);
		look_canvas_clear(&canvas);
	}
	look_paper_close(paper);
	return status;
}
