// SPDX-License-Identifier: Apache-2.0
/*
 * paint_poppler: what poppler shows of PDFs, one after the other in one
 * process.  A line "FILE<tab>OUT<tab>DPI" on standard input is a PDF to paint;
 * its pages go to OUT, four bytes a pixel, one page after the other.  The
 * answer is one line of JSON: "pages", an array of objects with "size" and
 * "text" (an array of x, y and character, in pixels), and "tree", what the
 * structure says to those who listen; or "error".
 */
#include <glib.h>
#include <poppler.h>
#include <stdio.h>
#include <string.h>

enum {
	PAGES_MAX = 20,
	CHARS_MAX = 20000,
	DEPTH_MAX = 40,
	ELEMENTS_MAX = 2000,
	SIDE_MAX = 3000,
};

static void add_string(GString *out, const char *text)
{
	char *valid = g_utf8_make_valid(text, -1);

	g_string_append_c(out, '"');
	for (const char *p = valid; *p; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_printf(out, "\\%c", *p);
		else if ((unsigned char)*p < 0x20)
			g_string_append_printf(out, "\\u%04x", *p);
		else
			g_string_append_c(out, *p);
	}
	g_string_append_c(out, '"');
	g_free(valid);
}

static void add_text(GString *out, PopplerPage *page, double scale)
{
	PopplerRectangle *at = NULL;
	guint count = 0;
	char *text = poppler_page_get_text(page);
	const char *p = text;
	const char *comma = "";

	if (text == NULL || !poppler_page_get_text_layout(page, &at, &count))
		count = 0;
	for (guint i = 0; i < count && i < CHARS_MAX && *p; i++) {
		char one[8] = "";
		const char *next = g_utf8_next_char(p);

		memcpy(one, p, (size_t)(next - p));
		p = next;
		if (g_ascii_isspace(one[0]))
			continue;
		g_string_append_printf(
			out, "%s[%d,%d,", comma,
			(int)((at[i].x1 + at[i].x2) / 2 * scale),
			(int)((at[i].y1 + at[i].y2) / 2 * scale));
		add_string(out, one);
		g_string_append_c(out, ']');
		comma = ",";
	}
	g_free(at);
	g_free(text);
}

static gboolean paint(PopplerPage *page, FILE *file, double scale, GString *out)
{
	double width, height;
	cairo_surface_t *surface;
	cairo_t *cairo;
	int w, h;

	poppler_page_get_size(page, &width, &height);
	w = CLAMP((int)(width * scale + 0.999), 1, SIDE_MAX);
	h = CLAMP((int)(height * scale + 0.999), 1, SIDE_MAX);
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
	cairo = cairo_create(surface);
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_paint(cairo);
	cairo_scale(cairo, scale, scale);
	poppler_page_render(page, cairo);
	cairo_destroy(cairo);
	cairo_surface_flush(surface);
	// The fourth byte of a pixel is not defined: it is made so.
	unsigned char *data = cairo_image_surface_get_data(surface);
	int stride = cairo_image_surface_get_stride(surface);
	for (int y = 0; data != NULL && y < h; y++) {
		unsigned char *row = data + (ptrdiff_t)y * stride;
		for (int x = 0; x < w; x++)
			row[4 * x + 3] = 0;
		fwrite(row, 4, (size_t)w, file);
	}
	cairo_surface_destroy(surface);
	g_string_append_printf(out, "{\"size\":[%d,%d],\"text\":[", w, h);
	add_text(out, page, scale);
	g_string_append(out, "]}");
	return data != NULL;
}

// What is said instead of the content, and an element without any is nothing.
static void add_elements(GString *out, PopplerStructureElementIter *iter,
			 int depth, int *left)
{
	do {
		PopplerStructureElement *element =
			poppler_structure_element_iter_get_element(iter);
		char *said[] = {
			poppler_structure_element_get_actual_text(element),
			poppler_structure_element_get_alt_text(element),
			poppler_structure_element_get_abbreviation(element),
			poppler_structure_element_get_title(element),
		};
		gboolean form = poppler_structure_element_get_kind(element) ==
				POPPLER_STRUCTURE_ELEMENT_FORM;

		for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
			if (said[i] != NULL && *said[i] && !(form && i == 1)) {
				if (out->str[out->len - 1] != '[')
					g_string_append_c(out, ',');
				add_string(out, said[i]);
			}
			g_free(said[i]);
		}
		g_object_unref(element);
		PopplerStructureElementIter *kids =
			poppler_structure_element_iter_get_child(iter);
		if (kids != NULL && depth < DEPTH_MAX)
			add_elements(out, kids, depth + 1, left);
		if (kids != NULL)
			poppler_structure_element_iter_free(kids);
	} while (--*left > 0 && poppler_structure_element_iter_next(iter));
}

static void add_tree(GString *out, PopplerDocument *document)
{
	PopplerStructureElementIter *iter =
		poppler_structure_element_iter_new(document);
	int left = ELEMENTS_MAX;

	g_string_append(out, "],\"tree\":[");
	if (iter != NULL)
		add_elements(out, iter, 0, &left);
	poppler_structure_element_iter_free(iter);
	g_string_append_c(out, ']');
}

static void show(const char *path, FILE *file, double scale, GString *out)
{
	GError *error = NULL;
	char *whole = g_canonicalize_filename(path, NULL);
	char *uri = g_filename_to_uri(whole, NULL, NULL);
	PopplerDocument *document =
		poppler_document_new_from_file(uri, NULL, &error);

	g_free(uri);
	g_free(whole);
	if (document == NULL) {
		g_string_append(out, "{\"error\":");
		add_string(out, error ? error->message : "cannot be opened");
		g_string_append_c(out, '}');
		g_clear_error(&error);
		return;
	}
	int count = poppler_document_get_n_pages(document);
	g_string_append_printf(out, "{\"count\":%d,\"pages\":[", count);
	for (int i = 0; i < count && i < PAGES_MAX; i++) {
		PopplerPage *page = poppler_document_get_page(document, i);

		if (i > 0)
			g_string_append_c(out, ',');
		if (page == NULL || !paint(page, file, scale, out))
			g_string_append(out, "{\"size\":[0,0],\"text\":[]}");
		g_clear_object(&page);
	}
	add_tree(out, document);
	g_string_append_c(out, '}');
	g_object_unref(document);
}

int main(void)
{
	char line[8192];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		char **word = g_strsplit(g_strchomp(line), "\t", 3);
		GString *out = g_string_new(NULL);
		FILE *file;

		if (g_strv_length(word) != 3)
			return 2;
		file = fopen(word[1], "wb");
		if (file == NULL)
			return 1;
		show(word[0], file, g_ascii_strtod(word[2], NULL) / 72, out);
		fclose(file);
		puts(out->str);
		fflush(stdout);
		g_string_free(out, TRUE);
		g_strfreev(word);
	}
	return 0;
}
