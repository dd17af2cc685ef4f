/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_priv.h"

/* Percent of the page's side, and a little more around the place. */
#define AROUND 0.8

/* In hundredths of the picture, so that the marks lie right at every size. */
static void put_marks(const json_t *marks, struct buf *out)
{
	const json_t *one;
	double side[4];
	size_t i, k;

	json_array_foreach(marks, i, one)
	{
		for (k = 0; k < 4; k++)
			side[k] =
				100 * json_number_value(json_array_get(one, k));
		buf_printf(out,
			   "<i style=\"left:%.2f%%;top:%.2f%%;width:%.2f%%;"
			   "height:%.2f%%\"></i>",
			   side[0] - AROUND, side[1] - AROUND,
			   side[2] - side[0] + 2 * AROUND,
			   side[3] - side[1] + 2 * AROUND);
	}
}

/* The picture is appended as it is: base64 has nothing that would have to be
 * escaped. */
static void put_sheet(const json_t *picture, const char *key,
		      const char *caption, struct buf *out)
{
	const char *data = report_member(picture, key);

	buf_printf(out, "<figure><figcaption>%s</figcaption>", caption);
	if (data[0] != '\0') {
		buf_printf(out,
			   "<div><img alt=\"%s\" src=\""
			   "data:image/png;base64,",
			   caption);
		buf_str(out, data);
		buf_str(out, "\">");
		put_marks(json_object_get(picture, "marks"), out);
		buf_str(out, "</div>");
	}
	buf_str(out, "</figure>\n");
}

void report_html_look(const json_t *signature, struct buf *out)
{
	const json_t *look = json_object_get(signature, "look"), *one;
	bool print;
	size_t i;

	json_array_foreach(json_object_get(look, "pictures"), i, one)
	{
		print = strcmp(report_member(one, "view"), "print") == 0;
		buf_printf(out,
			   "<h4>Page %lld%s</h4>\n<div class=\"sheets\">\n",
			   (long long)json_integer_value(
				   json_object_get(one, "page")),
			   print ? ", when it is printed" : "");
		put_sheet(one, "signed", "as it was signed", out);
		put_sheet(one, "now", "as it is now", out);
		buf_str(out, "</div>\n");
	}
}
