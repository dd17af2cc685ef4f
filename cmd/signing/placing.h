/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SIGNING_PLACING_H
#define DEED_CMD_SIGNING_PLACING_H

#include <jansson.h>

#include "cmd/frame/option.h"
#include "cmd/signing/signing_options.h"
#include "office/document/seal.h"

/*
 * Where a seal or a box stands beyond --page and --position: beside a text of
 * the document, on every page, and over the edges of all.
 */
struct placing_args {
	const char *at_text;
	long nth; /* 0: not given */
	struct option_point offset;
	bool every_page;
	bool seam;
	struct option_length seam_at;
};

#define PLACING_OPTIONS(a, f, what)                                            \
	{ OPTION_TEXT(a, f.at_text), .name = "at-text", .argument = "TEXT",    \
	  .config = true,                                                      \
	  .help = "put " what                                                  \
		  " beside this text of the document, or one that "            \
		  "/EXPRESSION/ matches" },                                    \
		{ OPTION_NUMBER(a, f.nth),                                     \
		  .name = "nth",                                               \
		  .argument = "N",                                             \
		  .config = true,                                              \
		  .min = 1,                                                    \
		  .max = 64,                                                   \
		  .help = "which of several such texts, from 1" },             \
		{ OPTION_POINT(a, f.offset), .name = "offset", .config = true, \
		  .help = "further right and down from the text, in "          \
			  "millimetres" },                                     \
	{                                                                      \
		OPTION_FLAG(a, f.every_page),                                  \
			.name = "every-page", .config = true,                  \
			.help = "show " what " on the other "                  \
				"pages too, at the "                           \
				"same place"                                   \
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

struct session;
struct signing;
struct sign_item;
struct sign_result;

/* Do they go together?  DEED_USAGE. */
enum deed_status placing_check(const struct session *s,
			       const struct placing_args *p,
			       const struct place_args *place,
			       struct deed_error *err) DEED_MUST_USE;

/* Is the text what counts, rather than --position?  What the command line says
 * goes before the configuration. */
bool placing_by_text(const struct session *s, const struct placing_args *p,
		     const struct place_args *place);

/* What a drawing has to know; placed: something says where it stands. */
void placing_design(const struct placing_args *p, bool placed,
		    struct seal_design *design);

/* A place by a text, of one document: found once. */
struct placing_found {
	bool asked;
	enum deed_status status;
	struct deed_error err;
	struct pades_appearance appearance;
};

/* Have the item's appearance stand beside the text, if there is one to be
 * looked for.  index is the document's in a manifest. */
enum deed_status placing_find(const struct signing *w, size_t index,
			      struct placing_found *found,
			      struct sign_item *item,
			      struct deed_error *err) DEED_MUST_USE;

/* Where it is to be seen, as the members of a document's report. */
void placing_json(const struct sign_result *r, json_t *json);

#endif
