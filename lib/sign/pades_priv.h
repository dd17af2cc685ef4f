/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_PRIV_H
#define DEED_SIGN_PADES_PRIV_H

#include "pdf/survey.h"
#include "pdf/update.h"
#include "sign/despite.h"

/*
 * What the files behind sign/pades.h share.  A fault of the input names it:
 * what the pdf floor says of an object does not know whose it is.  Returns
 * status.
 */
enum deed_status pades_name_input(const struct pdf_input *in,
				  enum deed_status status,
				  struct deed_error *err);

/*
 * An update that signs nothing: the document is opened, change makes the
 * update's objects, and its bytes are appended to tail.  name tells the update
 * from others of the same document, for /ID.
 */
typedef enum deed_status pades_change_fn(const void *arg,
					 struct pdf_document *doc,
					 struct pdf_update *u,
					 struct deed_error *err);
enum deed_status pades_update_draft(const struct pdf_input *in,
				    pades_change_fn *change, const void *arg,
				    struct slice name, struct buf *tail,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * Do the signatures of a survey hold, whoever made them?  DEED_ALREADY_FAILED
 * as despite_failed has it; an unknown chain is no failure.  now is a time for
 * messages only.
 */
enum deed_status pades_earlier(const struct pdf_input *in,
			       const struct pdf_survey *survey, int64_t now,
			       const struct despite *despite,
			       struct despite_told *told,
			       struct deed_error *err) DEED_MUST_USE;

#endif
