/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PARSER_WIRE_H
#define DEED_SIGN_PARSER_WIRE_H

/*
 * The orders of deed-parse.  Each comes with the document's descriptor, and
 *
 *	its name, for messages			wire_put_bytes
 *	1 if there is a password, else 0	wire_put_u8
 *	the password of an encrypted document	wire_put_bytes
 *	what else the order says, or nothing	wire_put_bytes
 *
 * and its answer has the order's number.
 */
enum parser_order {
	PARSER_SURVEY_PDF = 1, /* answer: pdf_survey_write */
	PARSER_OPEN_ZIP,       /* answer: zip_directory_write */
	PARSER_DRAFT_PDF,      /* answer: pades_draft_write */
};

#define PARSER_NAME_MAX 4096

#endif
