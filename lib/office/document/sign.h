/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_SIGN_H
#define DEED_OFFICE_SIGN_H

#include "base/file.h"
#include "office/home.h"
#include "pdf/shadow.h"
#include "sign/augment.h"
#include "sign/pades.h"

/*
 * Signing and sealing: the unit of work is a group.  The party is asked for
 * and its key opened once, documents are added, and a commit makes all of
 * them durable, logs them in one transaction and gives them their names:
 *
 *	sign_group_open(home, party, now, &g, err)	may it sign now?
 *	sign_group_unlock(g, passphrase, err)		opens the key
 *	sign_group_add(g, &item, &result)		each document
 *	sign_group_commit(g, results, count)		each, or why not
 *	sign_result_clear(&result)			always
 *	sign_group_close(g)				always
 *
 * sign_group_add may be called by several threads at a time, and while
 * another thread commits earlier ones; everything else by one.  Nothing is
 * locked but in the commit.  A document that was added and not committed
 * holds one open file: commit after SIGN_GROUP_MAX.
 */
struct sign_group;
struct sign_pending;

#define SIGN_GROUP_MAX 500

enum sign_format {
	SIGN_PDF,      /* PAdES, by incremental update */
	SIGN_DETACHED, /* CAdES beside the document, of any kind */
	SIGN_ASIC,     /* an ASiC-E container with the document, or several */
	SIGN_COSIGN,   /* a further signature in an ASiC-E container */
	SIGN_COUNTER,  /* a counter-signature in a CAdES file */
};

/* One document.  Strings are borrowed until sign_result_clear. */
struct sign_item {
	enum sign_format format;
	const char *input;  /* path */
	const char *name;   /* of the input, for messages; NULL: the path */
	const char *output; /* path; may be the input's (in place) */
	enum outfile_mode mode;
	bool seal;    /* the event is "seal" of an organisation */
	bool dry_run; /* reads, checks, signs, and writes nothing */
	const char *field, *reason, *location;
	const struct pades_appearance *appearance; /* NULL: invisible */
	/* LEVEL_NONE is B-B; any above needs sign_group_augment. */
	enum verdict_level level;
	int certify; /* PDF: see struct pades_params */
	bool final;
	bool refuse_shadow;	/* what shadow would tell is DEED_REFUSED */
	struct despite despite; /* what is gone on in spite of */
	const struct secret *document_password; /* of the PDF, or NULL */
	const struct slice *foreign; /* PDF that pades_prepare made: the CMS of
				      * the party's own key, which is
				      * elsewhere; no key is unlocked */

	/* SIGN_ASIC: the files, by path, that go into the container under
	 * the last part of their paths; none: input alone. */
	const char *const *files;
	size_t file_count;
};

/* What became of it.  The caller's; filled by add, and by commit. */
struct sign_result {
	enum deed_status status; /* DEED_OK: signed */
	struct deed_error error;
	uint64_t log_index; /* of its event; only if signed */
	char *field;	    /* PDF: the field; freed by sign_result_clear */
	struct pades_beneath beneath; /* PDF: what the appearance lies on */
	/* PDF: what prepares it for a shadow attack, to warn of; NULL where
	 * nothing was found. */
	struct pdf_shadow *shadow;
	struct pades_shown shown; /* PDF: what is to be seen, and where */
	struct despite_told told; /* what spoke against it */
	uint8_t sha256[32];	  /* of the output */
	uint64_t size;
	struct sign_pending *pending; /* what the commit has to do */
};

#define SIGN_RESULT_INIT          \
	{                         \
		.status = DEED_OK \
	}

/* Free it; a temporary that was not committed is removed. */
void sign_result_clear(struct sign_result *r);

/*
 * May this party sign now (office/party/may_sign.h)?  Needs no passphrase.
 * DEED_NOT_FOUND, DEED_NOT_VERIFIED, DEED_CERT_INVALID as may_sign.
 * Recovers an interrupted transaction first.  wait_seconds is for the log's
 * lock.  The home must outlive the group.
 */
enum deed_status sign_group_open(const struct home *home, const char *party,
				 int64_t now, unsigned wait_seconds,
				 struct sign_group **out,
				 struct deed_error *err) DEED_MUST_USE;

/* Is it a PDF by its first bytes?  False where it cannot be read. */
bool sign_is_pdf(const char *path);

/* Is output longer than input, and does it begin with its bytes? */
enum deed_status sign_begins_with(const char *output, const char *input,
				  bool *same,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * Why it is no PDF, by its first bytes, as the end of a sentence ("it is
 * empty"); NULL if it is one, or cannot be read: then whoever opens it says
 * so.
 */
const char *sign_not_pdf(const char *path);

/* Is it an ASiC-E container that is signed with CAdES? */
bool sign_is_container(const char *path);

/* DEED_REFUSED if the party is a person: those have no seal but that of their
 * name (SEAL_SQUARE). */
enum deed_status sign_group_may_seal(const struct sign_group *g,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * Would verify take the party's certificate for one that signs documents, by
 * the key purposes of the policy that is built in?  Where not, purposes has
 * those that it is for.  (Of a certificate of the house it always does.)
 */
#define SIGN_PURPOSES_TEXT 121
bool sign_group_fits(const struct sign_group *g,
		     char purposes[SIGN_PURPOSES_TEXT]);

/* The certified name; borrowed from the group. */
const char *sign_group_name(const struct sign_group *g);

/* Is the party an organisation, whose signature is a seal? */
bool sign_group_is_organisation(const struct sign_group *g);

/* The party's certificate; borrowed from the group. */
const struct cert *sign_group_certificate(const struct sign_group *g);

/* Must anyone be asked?  Not where the key is on a token whose PIN is in a
 * file. */
enum deed_status sign_group_asks(const struct sign_group *g, bool *asks,
				 struct deed_error *err) DEED_MUST_USE;

/* passphrase is borrowed for the call, and NULL where nobody was asked. */
enum deed_status sign_group_unlock(struct sign_group *g,
				   const struct secret *passphrase,
				   struct deed_error *err) DEED_MUST_USE;

/* Where time-stamps and revocation data come from, and what fetches the
 * latter (NULL: nothing does), within a budget of each document; both outlive
 * the group. */
struct online;
void sign_group_augment(struct sign_group *g,
			const struct augment_params *params,
			struct online *online);

/* By RSA-PSS, if the key is an RSA key; after sign_group_unlock. */
void sign_group_prefer_pss(struct sign_group *g);

/*
 * Sign one document into a temporary beside its output.  Its failure is in
 * *result, which the caller has initialised, and does not touch the others.
 */
void sign_group_add(struct sign_group *g, const struct sign_item *item,
		    struct sign_result *result);

/*
 * Before documents are added, at most SIGN_AHEAD: read those that are small
 * PDFs, and have them parsed at once, which is faster than one by one.
 * Whatever fails here is tried again, and told, by sign_group_add, which must
 * be called with the same item and result.  By any thread.
 */
#define SIGN_AHEAD 12
void sign_group_ahead(const struct sign_group *g,
		      const struct sign_item *const items[],
		      struct sign_result *const results[], size_t count);

/*
 * Does item->output hold what adding item would make (pades_done; for a
 * detached signature or a container: one intact signature of these files and
 * no others by this certificate)?  Needs no key.
 */
enum deed_status sign_group_already(const struct sign_group *g,
				    const struct sign_item *item, bool *already,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * Is the input itself what adding item would make: does it have a signature
 * by this certificate that says the same (pades_signed_already; of a
 * container any intact one, of a detached signature one of the file beside
 * it, whose name is the input's without its suffix)?  Needs no key.
 */
enum deed_status sign_group_signed(const struct sign_group *g,
				   const struct sign_item *item, bool *yes,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * Sync the temporaries, log, rename; those of a failed result and of a dry run
 * are passed over.  Results that were DEED_OK
 * get their log_index, or a failure with its reason; so does every one where
 * the whole transaction fails.
 */
void sign_group_commit(struct sign_group *g,
		       struct sign_result *const results[], size_t count);

void sign_group_close(struct sign_group *g);

#endif
