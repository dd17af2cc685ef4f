/* SPDX-License-Identifier: Apache-2.0 */

/*
 * deed-parse without the rules of sight: what the comparison of revisions
 * finds is taken away on its way into the survey (linked with --wrap), so
 * that --look stands alone.  With PARSE_BOXES what was put on pages is still
 * named, and nothing is said of what it covers.
 */
#include <unistd.h>

#include "judge/parser_serve.h"
#include "pdf/changes.h"

enum deed_status __real_pdf_changes_after(struct pdf_document *doc, size_t i,
					  struct pdf_changes *out,
					  struct deed_error *err);
enum deed_status __wrap_pdf_changes_after(struct pdf_document *doc, size_t i,
					  struct pdf_changes *out,
					  struct deed_error *err);

enum deed_status __wrap_pdf_changes_after(struct pdf_document *doc, size_t i,
					  struct pdf_changes *out,
					  struct deed_error *err)
{
	enum deed_status status = __real_pdf_changes_after(doc, i, out, err);
#ifdef PARSE_BOXES
	size_t k;

	for (k = 0; k < PDF_CHANGE_BOXES; k++)
		out->boxes[k].covers = false;
#else
	out->box_count = 0;
#endif
	out->level = PDF_CHANGE_NONE;
	out->covers = out->covers_unlisted = false;
	return status;
}

int main(void)
{
	static const struct parser_order *const tables[] = { parser_orders,
							     NULL };

	_exit(deed_status_exit(parser_serve(STDIN_FILENO, tables, NULL)));
}
