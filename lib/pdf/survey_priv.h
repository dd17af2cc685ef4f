/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_SURVEY_PRIV_H
#define DEED_PDF_SURVEY_PRIV_H

#include "pdf/survey.h"

/* What the files of the survey share. */

/* A copy in the survey's arena; NULL without memory. */
const char *pdf_survey_keep(struct pdf_survey *s, const char *text);

/* The validation data of the document's security store, as its newest
 * revision has it (survey_values.c). */
enum deed_status pdf_survey_take_values(struct pdf_document *doc,
					struct pdf_survey *s,
					struct deed_error *err) DEED_MUST_USE;

/* /Cert of adbe.x509.rsa_sha1, one string or an array of them (ISO 32000-2
 * table 255): as the signed revision has it, as far as there is room. */
enum deed_status pdf_survey_take_certificates(
	struct pdf_document *doc, const struct pdf_signature *sig,
	struct pdf_survey *s, struct pdf_survey_signature *out,
	struct deed_error *err) DEED_MUST_USE;

/* What later revisions did to what a signature covers; and what its own
 * leaves to the reader (survey_changes.c). */
enum deed_status pdf_survey_take_changes(struct pdf_document *doc,
					 const struct pdf_signature *sig,
					 struct pdf_survey *s,
					 struct pdf_survey_signature *out,
					 struct deed_error *err) DEED_MUST_USE;
enum deed_status pdf_survey_take_looks(struct pdf_document *doc,
				       const struct pdf_signature *sig,
				       struct pdf_survey *s,
				       struct pdf_survey_signature *out,
				       struct deed_error *err) DEED_MUST_USE;

/* All signatures, with what is wrong with each (survey_signature.c): DEED_LIMIT
 * past PDF_SURVEY_SIGNATURES. */
enum deed_status pdf_survey_take_signatures(
	struct pdf_document *doc, const struct pdf_signatures *list,
	struct pdf_survey *s, struct deed_error *err) DEED_MUST_USE;

/* The signature's name, kind and value, and the key of its validation data. */
enum deed_status pdf_survey_take_value(struct pdf_survey *s,
				       const struct pdf_object *dict,
				       const char *field,
				       struct pdf_survey_signature *out,
				       struct deed_error *err) DEED_MUST_USE;

/* What is wrong with how the file is built, as this signature sees it
 * (survey_structure.c). */
enum deed_status
pdf_survey_tell_structure(struct pdf_document *doc,
			  const struct pdf_signature *sig, struct pdf_survey *s,
			  struct pdf_survey_signature *out,
			  struct deed_error *err) DEED_MUST_USE;

/*
 * The survey of a file that cannot be read, and why (survey_broken.c): the
 * signature dictionaries that its bytes hold, each with that as its failure.
 * None may be found.
 */
enum deed_status pdf_survey_broken(const struct pdf_input *in,
				   enum deed_status failed, const char *why,
				   struct pdf_survey *out,
				   struct deed_error *err) DEED_MUST_USE;

#endif
