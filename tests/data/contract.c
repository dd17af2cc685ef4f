/* SPDX-License-Identifier: Apache-2.0 */
/* Sets contract.txt (Pango markup, pages apart by a form feed) as a PDF:
 * contract TEXT PDF.  Not part of the build. */
#include <pango/pangocairo.h>
#include <cairo-pdf.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#define MM (72.0 / 25.4)
int main(int argc, char **argv)
{
	char *text = NULL;
	gsize len;
	g_file_get_contents(argv[1], &text, &len, NULL);
	cairo_surface_t *s =
		cairo_pdf_surface_create(argv[2], 210 * MM, 297 * MM);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE,
				       "Services Agreement 2026/117");
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE,
				       "2026-11-01T09:00:00Z");
	cairo_t *c = cairo_create(s);
	char **pages = g_strsplit(text, "\f\n", -1);
	for (int i = 0; pages[i]; i++) {
		PangoLayout *l = pango_cairo_create_layout(c);
		PangoFontDescription *d = pango_font_description_from_string(
			"DejaVu Serif, WenQuanYi Zen Hei 9.5");
		pango_layout_set_font_description(l, d);
		pango_layout_set_width(l, (int)(120 * MM * PANGO_SCALE));
		if (i > 0)
			pango_layout_set_width(l,
					       (int)(165 * MM * PANGO_SCALE));
		pango_layout_set_markup(l, pages[i], -1);
		pango_layout_set_spacing(l, 3 * PANGO_SCALE);
		int w, h;
		pango_layout_get_pixel_size(l, &w, &h);
		fprintf(stderr, "page %d height %.0f mm unknown %d\n", i + 1,
			h / MM, pango_layout_get_unknown_glyphs_count(l));
		cairo_move_to(c, 25 * MM, 22 * MM);
		pango_cairo_show_layout(c, l);
		cairo_show_page(c);
	}
	cairo_destroy(c);
	cairo_surface_destroy(s);
	return 0;
}
