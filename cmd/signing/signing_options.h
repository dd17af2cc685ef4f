/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SIGNING_SIGNING_OPTIONS_H
#define DEED_CMD_SIGNING_SIGNING_OPTIONS_H

#include "cmd/frame/option.h"

/*
 * Options that several commands have in common, as rows of their tables: who
 * signs and what the document states, and where something stands on a page.
 *
 *	struct sign_args {
 *		struct signing_args signing;
 *		struct place_args place;
 *		...
 *	};
 *	static const struct option options[] = {
 *		SIGNING_OPTIONS(struct sign_args, signing, "sign", "signed",
 *				true),
 *		PLACE_OPTIONS(struct sign_args, place, "the box", NULL, "60"),
 *		...
 *		{ 0 },
 *	};
 */
struct signing_args {
	const char *as;
	const char *passphrase;
	const char *document_passphrase;
	bool rsa_pss;
	const char *field;
	const char *reason;
	const char *location;
	const char *manifest;
	int certify; /* index into signing_certify */
	bool final;
	bool refuse_shadow;
	bool again;
	struct option_list despite; /* ids of reasons */
};

/* "no", "form", "annotate": DocMDP none, 2 and 3. */
extern const char *const signing_certify[];

struct place_args {
	const char *page;
	struct option_point position;
	struct option_length width;
};

#define DOCUMENT_PASSPHRASE_OPTION(a, f)                           \
	{                                                          \
		OPTION_PASSPHRASE(a, f),                           \
			.name = "document-passphrase",             \
			.help = "where the password of encrypted " \
				"PDFs comes from"                  \
	}

#define SIGNING_OPTIONS(a, f, verb, done, must)                              \
	{ OPTION_TEXT(a, f.as), .name = "as",                                \
	  .argument = "PARTY",	.complete = COMPLETE_PARTY,                  \
	  .required = must,	.help = verb " as this party" },             \
		{ OPTION_PASSPHRASE(a, f.passphrase), .name = "passphrase",  \
		  .help = "where the party's passphrase comes from" },       \
		DOCUMENT_PASSPHRASE_OPTION(a, f.document_passphrase),        \
		{ OPTION_FLAG(a, f.rsa_pss), .name = "rsa-pss",              \
		  .config = true,                                            \
		  .help = "by RSA-PSS, where the key is an RSA key" },       \
		{ OPTION_TEXT(a, f.field), .name = "field",                  \
		  .argument = "NAME",                                        \
		  .help = "fill this signature field, or make it" },         \
		{ OPTION_TEXT(a, f.reason), .name = "reason",                \
		  .argument = "TEXT", .config = true,                        \
		  .help = "why it is " done ", as the PDF states it" },      \
		{ OPTION_CHOICE(a, f.certify), .name = "certify",            \
		  .words = signing_certify, .initial = "no",                 \
		  .help = "certify the document, as its first signature, "   \
			  "and let no more than this follow" },              \
		{ OPTION_FLAG(a, f.final), .name = "final",                  \
		  .excludes = "certify", .help = "let nothing follow" },     \
		{ OPTION_FLAG(a, f.refuse_shadow), .name = "refuse-shadow",  \
		  .config = true,                                            \
		  .help = "refuse a PDF that is prepared to show something " \
			  "else, instead of warning" },                      \
		{ OPTION_FLAG(a, f.again), .name = "again",                  \
		  .help = "once more, where this party has " done " it "     \
			  "in these words already" },                        \
		{ OPTION_LIST(a, f.despite), .name = "despite",              \
		  .argument = "REASON",                                      \
		  .help = "go on although this speaks against it, and log "  \
			  "that; repeatable" },                              \
		{ OPTION_TEXT(a, f.manifest),                                \
		  .name = "manifest",                                        \
		  .argument = "FILE",                                        \
		  .complete = COMPLETE_FILE,                                 \
		  .excludes = "output files-from",                           \
		  .help = "take documents, and what each is to state, from " \
			  "this file" },                                     \
	{                                                                    \
		OPTION_TEXT(a, f.location),                                  \
			.name = "location", .argument = "TEXT",              \
			.config = true,                                      \
			.help = "the town where it is " done                 \
				", as the PDF states it"                     \
	}

#define PLACE_OPTIONS(a, f, what, where, wide)                                 \
	{ OPTION_TEXT(a, f.page),                                              \
	  .name = "page",                                                      \
	  .argument = "N",                                                     \
	  .config = true,                                                      \
	  .initial = "last",                                                   \
	  .help = "the page of " what "; -1 and last are the last one" },      \
		{ OPTION_POINT(a, f.position), .name = "position",             \
		  .config = true, .initial = where,                            \
		  .help = "its top left corner, in millimetres from the left " \
			  "and top edge of the page" },                        \
	{                                                                      \
		OPTION_LENGTH(a, f.width), .name = "width", .config = true,    \
					   .initial = wide,                    \
					   .help = "its width in millimetres"  \
	}

#endif
