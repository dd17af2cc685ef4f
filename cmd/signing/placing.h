/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SIGNING_PLACING_H
#define DEED_CMD_SIGNING_PLACING_H

#include <jansson.h>

#include "cmd/frame/option.h"
#include "office/document/seal.h"

/*
 * Where a seal or a box stands beyond --page and --position: on every page,
 * and over the edges of all.
 */
struct placing_args {
	bool every_page;
	bool seam;
	struct option_length seam_at;
};

#define PLACING_OPTIONS(a, f, what)                           \
	{                                                     \
		OPTION_FLAG(a, f.every_page),                 \
			.name = "every-page", .config = true, \
			.help = "show " what " on the other " \
				"pages too, at the "          \
				"same place"                  \
	}

#define SEAM_OPTIONS(a, f)                                                   \
	{ OPTION_FLAG(a, f.seam), .name = "seam", .config = true,            \
	  .help = "cut the seal over the right edges of all pages, too" },   \
	{                                                                    \
		OPTION_LENGTH(a, f.seam_at), .name = "seam-at",              \
					     .config = true,                 \
					     .help = "how far below the "    \
						     "top edge of the pages" \
						     " the seam begins"      \
	}

/* What of it a drawing has to know. */
void placing_design(const struct placing_args *p, bool placed,
		    struct seal_design *design);

struct sign_result;

/* Where it is to be seen, as the members of a document's report. */
void placing_json(const struct sign_result *r, json_t *json);

#endif
