/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_SIGN_GROUP_H
#define DEED_OFFICE_SIGN_GROUP_H

#include <sys/stat.h>

#include "asic/zip_write.h"
#include "crypto/digest.h"
#include "event/event.h"
#include "judge/parser.h"
#include "office/party/may_sign.h"
#include "office/keys.h"
#include "office/document/sign.h"
#include "sign/cades.h"

/*
 * What the files behind office/document/sign.h share: sign_open.c opens
 * the group, sign_ahead.c reads documents before their turn, sign.c makes them,
 * sign_asic.c containers, sign_level.c what is above B-B, sign_file.c opens
 * what they read and write, sign_done.c sees what is done already, and
 * sign_commit.c makes all of it final.
 */
struct sign_group {
	const struct home *home;
	int64_t now;
	struct may_sign_answer *who;
	struct signing_key *key; /* NULL until unlocked */
	struct event_home *events;
	struct keys_public keys; /* the deposit key reads the openings */
	const struct augment_params *augment; /* NULL: B-B alone */
	struct online *online;		      /* borrowed; may be NULL */
	struct parser *parser;		      /* of the documents */
};

/* Of one result; its output is handed to the transaction. */
struct sign_pending {
	struct outfile *out;
	struct sign_ahead *ahead; /* NULL: nothing was done ahead */
	enum outfile_mode mode;
	bool seal;
	uint8_t document[SHA256_SIZE]; /* what is committed as "document" */

	/* What was read, of a container with many files the first of them:
	 * committed as "input", where it is not the document, and "file". */
	struct sign_input {
		uint8_t sha256[SHA256_SIZE];
		const char *name; /* without folders; borrowed; or NULL */
	} * input;
	size_t inputs;
};
#define SIGN_INPUTS_MAX 64

/* Room for what item reads, with the names; the digests are the caller's. */
enum deed_status sign_inputs_new(struct sign_pending *p,
				 const struct sign_item *item,
				 struct deed_error *err) DEED_MUST_USE;

/* The file that is read. */
struct sign_source {
	const char *name; /* for messages */
	int fd;
	struct stat st;
};

/* A PDF that was opened and asked about ahead of its turn (sign_ahead.c). */
struct sign_ahead {
	struct sign_source source;
	struct pdf_input *in;
	struct pades_params params;
	struct pades_ahead said;
};
void sign_ahead_free(struct sign_ahead *a);

/* Open one. */
enum deed_status sign_ahead_open(const struct sign_group *g,
				 const struct sign_item *item,
				 struct sign_ahead **out,
				 struct deed_error *err) DEED_MUST_USE;

/* close what is open also after a failure. */
enum deed_status sign_source_open(const char *path, const char *name,
				  struct sign_source *s,
				  struct deed_error *err) DEED_MUST_USE;
void sign_source_close(struct sign_source *s);

/* A container is written into out; nowhere where that is NULL. */
struct zip_sink sign_zip_sink(struct outfile *out);

/* DEED_UNSUPPORTED where what is there is no PDF, as sign_not_pdf. */
enum deed_status sign_source_is_pdf(const struct sign_source *s,
				    struct deed_error *err) DEED_MUST_USE;

enum deed_status sign_input_is_pdf(const struct pdf_input *in,
				   struct deed_error *err) DEED_MUST_USE;

/* The temporary beside item->output. */
enum deed_status sign_output_open(const struct sign_item *item, mode_t mode,
				  struct sign_pending *p,
				  struct deed_error *err) DEED_MUST_USE;

/* One intact signature in item->output, by this certificate, at item's level
 * or a higher one: content is a detached signature's, or NULL. */
enum deed_status sign_one_intact(const struct sign_group *g,
				 const struct sign_item *item,
				 const char *content, bool *intact,
				 struct deed_error *err) DEED_MUST_USE;

/* What a PDF is to state. */
void sign_pades_params(const struct sign_group *g, const struct sign_item *item,
		       struct pades_params *p);
void sign_pades_signer(const struct sign_group *g, struct pades_signer *signer);

/* SIGN_ASIC. */
enum deed_status sign_asic(const struct sign_group *g,
			   const struct sign_item *item, struct sign_pending *p,
			   struct sign_result *r,
			   struct deed_error *err) DEED_MUST_USE;
enum deed_status sign_asic_already(const struct sign_group *g,
				   const struct sign_item *item, bool *already,
				   struct deed_error *err) DEED_MUST_USE;

/* ---- sign_level.c: levels above B-B, and one more signature ---- */

/* Is the item to be raised now?  A dry run asks no authority. */
bool sign_is_raised(const struct sign_group *g, const struct sign_item *item);
void sign_augment_params(const struct sign_group *g,
			 const struct sign_item *item,
			 struct augment_params *out);
void sign_cades_params(const struct sign_group *g, struct cades_params *p);

/* Raise the signed PDF in p->out to B-LT or B-LTA. */
enum deed_status sign_raise_pdf(const struct sign_group *g,
				const struct sign_item *item,
				struct sign_pending *p, struct sign_result *r,
				struct deed_error *err) DEED_MUST_USE;

/* Raise a detached CMS in place; sha256 is the content's. */
enum deed_status sign_raise_cms(const struct sign_group *g,
				const struct sign_item *item,
				uint8_t sha256[SHA256_SIZE], struct buf *cms,
				struct deed_error *err) DEED_MUST_USE;

/* Raise the container in p->out, whose signatures are B-LT, to B-LTA. */
enum deed_status sign_raise_asic(const struct sign_group *g,
				 const struct sign_item *item,
				 struct sign_pending *p,
				 struct deed_error *err) DEED_MUST_USE;

/* SIGN_COSIGN, SIGN_COUNTER. */
enum deed_status sign_cosign(const struct sign_group *g,
			     const struct sign_item *item,
			     const struct sign_source *s,
			     struct sign_pending *p, struct sign_result *r,
			     struct deed_error *err) DEED_MUST_USE;
enum deed_status sign_counter(const struct sign_group *g,
			      const struct sign_item *item,
			      const struct sign_source *s,
			      struct sign_pending *p, struct sign_result *r,
			      struct deed_error *err) DEED_MUST_USE;

/* A SignedData out of a file: DER, BER, PEM or base64.  DEED_UNSUPPORTED of an
 * S/MIME message and of a time-stamp response. */
enum deed_status sign_cms_read(const struct sign_source *s, struct buf *out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
