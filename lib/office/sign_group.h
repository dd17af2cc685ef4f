/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_SIGN_GROUP_H
#define DEED_OFFICE_SIGN_GROUP_H

#include <sys/stat.h>

#include "crypto/digest.h"
#include "office/certify.h"
#include "office/event.h"
#include "office/keys.h"
#include "office/sign.h"

/*
 * What the files behind office/sign.h share: sign_open.c opens the group,
 * sign.c makes documents, sign_asic.c containers, and sign_commit.c makes
 * them final.
 */
struct sign_group {
	const struct home *home;
	int64_t now;
	struct certify_answer *who;
	struct signing_key *key; /* NULL until unlocked */
	struct event_home *events;
	struct keys_public keys; /* the deposit key reads the openings */
	const struct augment_params *augment; /* NULL: B-B alone */
};

/* Of one result; its output is handed to the transaction. */
struct sign_pending {
	struct outfile *out;
	enum outfile_mode mode;
	bool seal;
	uint8_t document[SHA256_SIZE]; /* what is committed as "document" */
};

/* The file that is read. */
struct sign_source {
	const char *name; /* for messages */
	int fd;
	struct stat st;
};

/* close what is open also after a failure. */
enum deed_status sign_source_open(const char *path, const char *name,
				  struct sign_source *s,
				  struct deed_error *err) DEED_MUST_USE;
void sign_source_close(struct sign_source *s);

/* SHA-256 of all of a file. */
enum deed_status sign_hash_fd(int fd, const char *name,
			      uint8_t out[SHA256_SIZE],
			      struct deed_error *err) DEED_MUST_USE;

/* The temporary beside item->output. */
enum deed_status sign_output_open(const struct sign_item *item, mode_t mode,
				  struct sign_pending *p,
				  struct deed_error *err) DEED_MUST_USE;

/* One intact signature in item->output, by this certificate: content is a
 * detached signature's, or NULL. */
enum deed_status sign_one_intact(const struct sign_group *g, const char *output,
				 const char *content, bool *intact,
				 struct deed_error *err) DEED_MUST_USE;

/* SIGN_ASIC. */
enum deed_status sign_asic(const struct sign_group *g,
			   const struct sign_item *item, struct sign_pending *p,
			   struct sign_result *r,
			   struct deed_error *err) DEED_MUST_USE;
enum deed_status sign_asic_already(const struct sign_group *g,
				   const struct sign_item *item, bool *already,
				   struct deed_error *err) DEED_MUST_USE;

#endif
