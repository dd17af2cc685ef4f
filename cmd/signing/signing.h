/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SIGNING_SIGNING_H
#define DEED_CMD_SIGNING_SIGNING_H

#include "cmd/frame/command.h"
#include "cmd/signing/level.h"
#include "cmd/signing/placing.h"
#include "cmd/signing/signing_manifest.h"
#include "cmd/signing/signing_options.h"
#include "office/document/seal.h"
#include "office/document/sign.h"

/*
 * What deed sign and deed seal have in common: a group of documents for one
 * party, as a batch.
 *
 *	signing_ready(&w, page, &design, err)	may the party sign now?  What
 *						signatures show, if anything
 *	signing_unlock(&w, err)		asks for the passphrase
 *	signing_run(&w, err)		signs every operand
 *	signing_close(&w)		always
 */
struct signing {
	struct session *session;
	const struct signing_args *args;
	const char *signer; /* who acts for an organisation, or NULL */
	const struct level_args *level_args;
	bool detached;
	bool counter; /* counter-sign CAdES files */
	bool seal;
	bool name_seal; /* a person may have it, too */
	bool visible;	/* the signature shows something */
	bool placed;	/* an option says where */
	bool seam;	/* and a seam needs no place */
	const struct placing_args *placing;
	bool by_text;	/* of which its text counts */
	long text_page; /* on this page; 0: any */

	/* Its own. */
	struct home *home;
	struct sign_group *group;
	struct sealer *sealer;
	struct secret *document_password;
	struct look *look; /* NULL: no text is looked for */
	struct level level;
	char purposes[SIGN_PURPOSES_TEXT]; /* that do not fit; or "" */
	struct pades_appearance appearance;
	struct signing_manifest *manifest; /* NULL without --manifest */
};

enum deed_status signing_open(struct signing *w,
			      struct deed_error *err) DEED_MUST_USE;
/* Opened, and with its look on the page that --page names. */
enum deed_status signing_ready(struct signing *w, const char *page,
			       struct seal_design *design,
			       struct deed_error *err) DEED_MUST_USE;
enum deed_status signing_unlock(struct signing *w,
				struct deed_error *err) DEED_MUST_USE;
enum deed_status signing_run(struct signing *w,
			     struct deed_error *err) DEED_MUST_USE;

/* All operands into one container; --force overwrites it. */
enum deed_status signing_bundle(struct signing *w, const char *container,
				struct deed_error *err) DEED_MUST_USE;
void signing_close(struct signing *w);

/* Is what is known of a certificate from outside young enough
 * (office/document/sign_outside.h)?  After level_open, before a key is
 * touched. */
enum deed_status signing_check_outside(struct signing *w,
				       struct deed_error *err) DEED_MUST_USE;

/* Is what --despite says the id of a reason, by its looks?  DEED_USAGE. */
enum deed_status signing_check_despite(const struct signing_args *args,
				       struct deed_error *err) DEED_MUST_USE;

/* Which --despite would have gone on, if any. */
void signing_hint_despite(const struct despite_told *told,
			  struct deed_error *err);

/* --preview: may it be, and a copy of the one document that shows the
 * appearance and carries no signature; after signing_ready. */
enum deed_status signing_check_preview(const struct session *s,
				       const char *path,
				       struct deed_error *err) DEED_MUST_USE;
enum deed_status signing_preview(struct signing *w, const char *path,
				 struct deed_error *err) DEED_MUST_USE;

/* What the appearance lies on may be hidden, or make it hard to read: say so,
 * and put it into the "warnings" of json. */
void signing_warn_beneath(const struct signing *w,
			  const struct pades_beneath *beneath,
			  const char *input, json_t *json);

/* The PDF could be made to show something else (pdf/shadow.h): say so, and put
 * it into list. */
void signing_warn_shadow(struct session *s, const struct pdf_shadow *shadow,
			 const char *input, json_t *list);

/* Warns where the certificate's purposes are not for documents, and keeps them
 * for what is said of each. */
void signing_check_purposes(struct signing *w);

/* What became of a document: what is to say is appended to said, in JSON it is
 * put into json. */
void signing_describe(const struct signing *w, const struct sign_result *r,
		      const char *input, const char *output, json_t *json,
		      struct buf *said);

/* What is shown of the party and the time, but for the reason and the town. */
struct seal_text signing_text(const struct signing *w);

/* "1", "-1", "last".  DEED_USAGE. */
enum deed_status signing_page(const char *text, long *page,
			      struct deed_error *err) DEED_MUST_USE;

#endif
